"""Signals, one enrolment, one candidate."""

from __future__ import annotations

from inleer.casework.models import Escalation, Note
from inleer.cohorts.models import Cohort, Enrolment
from inleer.db import unit_of_work
from inleer.merging.models import CandidateMerge
from inleer.people.actions import create_candidate
from inleer.people.models import CoachChange, Cover
from inleer.signals.models import Signal
from tests.accounts.logins import change
from tests.web.cases.common import (
    COACH,
    LEERHOME,
    MANAGER,
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


def _coach_change(s: Scene) -> Fields:
    made = first(CoachChange, CoachChange.candidate_id == s.own.candidates[7])
    return {"coach_change_id": made.id}


def _hand_over(s: Scene) -> Fields:
    coach = str(s.actor(COACH).user_id)
    return {"coach_id": coach, "reason": "met pensioen", "submit": "overdragen"}


def _handed_over(s: Scene) -> Fields:
    return {"coach_change_id": first(CoachChange, CoachChange.batch_id.is_not(None)).id}


def _view(s: Scene) -> Fields:
    return {"naam": "mijn signalen", "filters": "soort=signal"}


def _entered_twice(s: Scene) -> Fields:
    """Somebody whom the coach entered twice."""
    if "twice" not in s.kept:
        values = {"first_name": "Dubbel", "last_name": "Wandeling"}
        with unit_of_work():
            s.kept["twice"] = [
                create_candidate(s.actor(COACH), s.own.agency, values, None, s.actor(COACH).user_id).id
                for _time in range(2)
            ]
    return {"candidate_id": s.kept["twice"][0]}


def _and_the_other(s: Scene) -> Fields:
    _entered_twice(s)
    return {"met": str(s.kept["twice"][1])}


def _the_first(s: Scene) -> Fields:
    return {"keep": str(s.kept["twice"][0])}


def _merged(s: Scene) -> Fields:
    return {"candidate_merge_id": first(CandidateMerge, CandidateMerge.kept_id == s.kept["twice"][0]).id}


PEOPLE_CASES = [
    Case("enrolments.later", COACH, enrolment(0), lambda s: {"on": today(), "reason": "ziek"}, page=""),
    Case(
        "enrolments.pause",
        COACH,
        enrolment(1),
        lambda s: {"from_on": today(-3), "until_on": today(9), "reason": "verhuizing"},
        page="",
    ),
    Case("enrolments.prolong", COACH, enrolment(1), lambda s: {"until_on": today(20)}, page=""),
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
    Case("saved_views.keep", COACH, lambda s: {"name": "vandaag"}, _view),
    Case("saved_views.remove", COACH, lambda s: {"name": "vandaag"}, _view),
    Case("columns.choose", COACH, lambda s: {"name": "kandidaten"}, page="/kandidaten"),
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
    Case(
        "candidates.coach",
        MANAGER,
        lambda s: {"candidate_id": s.own.candidates[7]},
        lambda s: {"coach_id": str(s.actor(COACH).user_id), "reason": "verhuisd"},
        page="",
    ),
    Case("candidates.take_back_coach", MANAGER, _coach_change),
    Case(
        "handover.index",
        MANAGER,
        fields=_hand_over,
        page="",
        query=lambda s: {"van": str(s.own.other_coach.user_id)},  # type: ignore[union-attr]
    ),
    Case("handover.take_back", MANAGER, _handed_over),
    Case("merging.different", COACH, _entered_twice, query=_and_the_other),
    Case("merging.ask_again", COACH, _entered_twice, query=_and_the_other),
    Case("merging.merge", COACH, _entered_twice, _the_first, page="", query=_and_the_other),
    Case("merging.take_back", COACH, _merged),
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
