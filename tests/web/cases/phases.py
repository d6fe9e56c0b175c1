"""Completing a phase: for one person, for several at once, and taking both back."""

from __future__ import annotations

from typing import Any

from inleer.cohorts.models import CohortPhase, PhaseCompletion
from tests.web.cases.common import COACH, first, today
from tests.web.walk import Case, Fields, Scene

_NUMBER = 6  # whose enrolment no other case changes


def _phase(s: Scene, key: str) -> Any:
    return first(CohortPhase, CohortPhase.cohort_id == s.own.cohort, CohortPhase.key == key).id


def _one(s: Scene) -> Fields:
    return {"enrolment_id": s.own.enrolments[_NUMBER], "phase_id": _phase(s, "intake")}


def _done(s: Scene) -> Fields:
    mine = PhaseCompletion.enrolment_id == s.own.enrolments[_NUMBER]
    return {"phase_completion_id": first(PhaseCompletion, mine, PhaseCompletion.phase_key == "intake").id}


def _group(s: Scene) -> Fields:
    return {"cohort_id": s.own.cohort, "phase_id": _phase(s, "introductie")}


def _chosen(s: Scene) -> Fields:
    return {"people": str(s.own.enrolments[_NUMBER]), "on": today(), "submit": "afronden"}


def _batch(s: Scene) -> Fields:
    return {"batch": str(first(PhaseCompletion, PhaseCompletion.phase_key == "introductie").batch_id)}


PHASES = [
    Case("enrolments.complete_phase", COACH, _one, page="", optional=("reason",)),
    Case("enrolments.take_back_phase", COACH, _done, lambda s: {"back": "lichting"}),
    Case("cohorts.phase", COACH, _group, _chosen, page=""),
    Case("cohorts.take_back_phases", COACH, _group, _batch),
]
