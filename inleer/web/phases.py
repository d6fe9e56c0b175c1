"""The phases of one candidate: what the rules say, completing a phase, and taking that back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import redirect, render_template, url_for

from inleer import audit, clock
from inleer.cohorts.completion import complete, take_back, verdicts_of, verdicts_per_phase
from inleer.cohorts.completion_rules import VERDICT_WORDS, Judged, is_fulfilled, likely_day
from inleer.cohorts.forms_completion import PhaseForm, TakeBackForm
from inleer.cohorts.models import CohortPhase, Enrolment, PhaseCompletion
from inleer.cohorts.queries import phases_of
from inleer.cohorts.queries_completion import (
    OPEN_STATES,
    Done,
    around_completion,
    done_of,
    has_rules,
    phase_of,
)
from inleer.cohorts.rules import STATE_WORDS
from inleer.forms import tell
from inleer.i18n import _
from inleer.people.models import Candidate
from inleer.policy import Actor, Perm, may_ever
from inleer.policy.guard import guarded, require_actor
from inleer.reports import enrolment as reads
from inleer.reports.candidate import EnrolmentRow, enrolments_of
from inleer.web.candidate_page import head_of
from inleer.web.candidates import blueprint as candidates
from inleer.web.enrolments import blueprint as enrolments


@dataclass(frozen=True, slots=True)
class PhaseLine:
    """A phase of one person: completed, to be completed (with what the rules say now), or still to begin."""

    id: UUID
    name: str
    starts_on: date
    ends_on: date | None
    begun: bool
    done: Done | None
    verdicts: tuple[Judged, ...]


@candidates.get("/<uuid:candidate_id>/fasen")
@guarded(Perm.PHASE_VIEW, on=Candidate, reads=True)
def phases(candidate: Candidate) -> str:
    """Every phase of the present edition: completed by whom and why, or what its rules say today."""
    actor = require_actor()
    rows = enrolments_of(actor, candidate.id)
    lines = _lines(actor, rows[0]) if rows else []
    return render_template(
        "candidates/phases.html",
        **head_of(actor, candidate, rows),
        lines=lines,
        verdict_words=VERDICT_WORDS,
        completes=may_ever(actor, Perm.PHASE_COMPLETE) and bool(rows) and rows[0].state in OPEN_STATES,
        takes_back=may_ever(actor, Perm.PHASE_COMPLETE),
    )


def _lines(actor: Actor, current: EnrolmentRow) -> list[PhaseLine]:
    today = clock.today()
    done = done_of(actor, current.id)
    laid = phases_of(current.cohort_id)
    asked = [p.key for p in laid if p.starts_on <= today and p.key not in done]
    said = verdicts_per_phase(current.cohort_id, asked, [current.id], today)
    return [_line(phase, today, done, said.get(phase.key, {}).get(current.id, ())) for phase in laid]


def _line(
    phase: CohortPhase, today: date, done: Mapping[str, Done], verdicts: tuple[Judged, ...]
) -> PhaseLine:
    found = done.get(phase.key)
    return PhaseLine(
        id=phase.id,
        name=phase.name,
        starts_on=phase.starts_on,
        ends_on=phase.ends_on,
        begun=phase.starts_on <= today,
        done=found,
        verdicts=found.verdicts if found else verdicts,
    )


@enrolments.route("/<uuid:enrolment_id>/fasen/<uuid:phase_id>", methods=["GET", "POST"])
@guarded(Perm.PHASE_COMPLETE, on=Enrolment)
def complete_phase(enrolment: Enrolment, phase_id: UUID) -> Any:
    """Complete a phase: what the rules say, the day, and a reason when a rule is not fulfilled."""
    actor, here = require_actor(), reads.around(enrolment)
    phase = phase_of(enrolment.cohort_id, phase_id)
    ruled = has_rules(enrolment.cohort_id, phase.key)
    form = PhaseForm(data={"on": likely_day(clock.today(), phase.ends_on, ruled)})
    made: list[PhaseCompletion] = []
    if form.done(
        lambda: made.extend(
            complete(actor, phase, [enrolment.id], form.on.data or clock.today(), form.reason.data or "")
        )
    ):
        way_back = url_for("enrolments.take_back_phase", phase_completion_id=made[0].id)
        tell(_("%(name)s heeft de fase “%(phase)s” afgerond.", name=here.name, phase=phase.name), way_back)
        return redirect(url_for("candidates.phases", candidate_id=here.candidate_id), 303)
    audit.shown(actor, "candidate", [here.candidate_id])
    verdicts = verdicts_of(enrolment.cohort_id, phase.key, [enrolment.id], clock.today())[enrolment.id]
    refused = any(one.refuses for one in verdicts)
    page = render_template(
        "cohorts/complete_phase.html",
        form=form,
        here=here,
        enrolment=enrolment,
        state=STATE_WORDS[enrolment.state],
        phase=phase,
        verdicts=verdicts,
        verdict_words=VERDICT_WORDS,
        fulfilled=is_fulfilled(verdicts),
        refused=refused,
        ruled=ruled,
        closed=refused and not form.errors,
    )
    return page, form.status


@enrolments.post("/fasen/<uuid:phase_completion_id>/ongedaan")
@guarded(Perm.PHASE_COMPLETE, on=PhaseCompletion)
def take_back_phase(phase_completion: PhaseCompletion) -> Any:
    """Take back that a phase was completed."""
    form = TakeBackForm()
    candidate_id, cohort_id, phase_id = around_completion(phase_completion)
    take_back(require_actor(), [phase_completion])
    tell(_("De fase “%(phase)s” staat weer open.", phase=phase_completion.phase_name))
    if form.back.data == "lichting":
        return redirect(url_for("cohorts.phase", cohort_id=cohort_id, phase_id=phase_id), 303)
    return redirect(url_for("candidates.phases", candidate_id=candidate_id), 303)
