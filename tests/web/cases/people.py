"""Signals, one enrolment, one candidate."""

from __future__ import annotations

from inleer.casework.models import Escalation, Note
from inleer.cohorts.models import Cohort, Enrolment
from inleer.people.models import Cover
from inleer.signals.models import Signal
from tests.accounts.logins import change
from tests.web.cases.common import (
    COACH,
    LEERHOME,
    candidate,
    enrolment,
    first,
    other,
    today,
    version_of,
)
from tests.web.walk import Case, Fields, Scene


def _move(s: Scene) -> Fields:
    return {"cohort_id": str(s.kept["target"]), "reason": "andere dag"}


def _ready_to_move(s: Scene) -> str:
    if "target" not in s.kept:
        made = first(Cohort, Cohort.slug == "wandeling").id
        change(Cohort, made, state="recruiting")
        s.kept["target"] = made
    return f"/deelnames/{s.own.enrolments[4]}/verplaatsen"


def _before_the_start(s: Scene) -> str:
    change(Enrolment, s.own.enrolments[5], state="intake")
    return f"/deelnames/{s.own.enrolments[5]}/stap"


def _note(s: Scene) -> Fields:
    return {"note_id": s.own.notes["cohort"]}


def _escalation(s: Scene) -> Fields:
    return {"escalation_id": s.own.escalation}


PEOPLE_CASES = [
    Case("enrolments.later", COACH, enrolment(0), lambda s: {"on": today(), "reason": "ziek"}, page=""),
    Case(
        "enrolments.pause",
        COACH,
        enrolment(1),
        lambda s: {"from_on": today(-3), "until_on": today(9), "reason": "verhuizing"},
        page="",
    ),
    Case("enrolments.resume", COACH, enrolment(1), lambda s: {"on": today()}, page=""),
    Case("enrolments.undo", COACH, enrolment(1), version_of(Enrolment, enrolment(1))),
    Case(
        "enrolments.drop_out",
        COACH,
        enrolment(2),
        lambda s: {
            "initiator": "candidate",
            "reason_candidate": "no_motivation",
            "would_return": "maybe",
            "remark": "later",
        },
        page="",
    ),
    Case("enrolments.complete", COACH, enrolment(3), lambda s: {"exit_kind": "baan"}, page=""),
    Case("enrolments.move", COACH, enrolment(4), _move, page=_ready_to_move),
    Case(
        "enrolments.step",
        COACH,
        enrolment(5),
        lambda s: {"state": "selected", "reason": "past"},
        page=_before_the_start,
    ),
    Case(
        "people.details", COACH, candidate, lambda s: {"phone": "06 87654321", "postcode": "8232 AB"}, page=""
    ),
    Case(
        "candidates.intake_group",
        COACH,
        lambda s: {**candidate(s), "group_key": "zorg.intake"},
        lambda s: {
            "affiniteit": "veel",
            "vog": "heeft",
            "ervaring": "betaald",
            "vervoer": "fiets",
            "dagen": "ma",
        },
        page="",
    ),
    Case(
        "casework.add_note",
        COACH,
        candidate,
        lambda s: {"text": "Gesprek over de wandeling", "audience": "coaches"},
        page="",
    ),
    Case(
        "casework.escalate",
        LEERHOME,
        candidate,
        lambda s: {"category": "money", "urgency": "today", "text": "Geen reisgeld"},
        page="",
    ),
    Case(
        "casework.acknowledge",
        COACH,
        _escalation,
        lambda s: {**s.version(Escalation, s.own.escalation), "back": "vandaag"},
    ),
    Case("casework.resolve", COACH, _escalation, lambda s: {"resolution": "geregeld"}, page=""),
    Case("casework.remove_note", COACH, _note, version_of(Note, _note)),
    Case("casework.restore_note", COACH, _note, version_of(Note, _note)),
    Case(
        "cover.index",
        COACH,
        fields=lambda s: {
            "substitute_id": str(s.own.other_coach.user_id if s.own.other_coach else ""),
            "from_on": today(60),
            "until_on": today(61),
        },
        page="",
    ),
    Case("cover.end", COACH, other("cover", "cover_id"), version_of(Cover, other("cover", "cover_id"))),
]

# Before anything about an enrolment changes: then the rules look again, and the signal of the world is over.
SIGNALS = [
    Case("signals.handle", COACH, other("signal", "signal_id"), lambda s: {"note": "gebeld"}, page=""),
    Case(
        "signals.reopen",
        COACH,
        other("signal", "signal_id"),
        version_of(Signal, other("signal", "signal_id")),
    ),
]
