"""Saving a list of candidates: people, numbers, enrolments."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from inleer import clock
from inleer.cohorts.models import Cohort, Enrolment, EnrolmentEvent
from inleer.cohorts.returning import come_back
from inleer.cohorts.steps import steps_of
from inleer.db import db, new_id
from inleer.events import enrolment_changed
from inleer.exchange.ledger import Ledger
from inleer.exchange.plan_candidates import CandidateWork, KnownCandidates, KnownPerson, new_values
from inleer.exchange.plan_common import Plan, Step
from inleer.exchange.queries_known import WHY, chunks
from inleer.exchange.rows_candidates import CandidateRow
from inleer.i18n import _
from inleer.people.actions import PERSONAL
from inleer.people.models import Candidate, Identifier
from inleer.people.rules import sort_name
from inleer.policy import Actor, unscoped
from inleer.signals.models import Signal

#: What fits in the column; letters like ß sort as two.
SORT_NAME = 420
#: A change of these can change what 16 hours of absence mean for somebody.
BEARS_ON_ABSENCE = ("birth_date", "startkwalificatie")


def apply(ledger: Ledger, actor: Actor, cohort: Cohort, plan: Plan[CandidateWork]) -> None:
    """Save the good rows. New people belong to the cohort's agency and to the caseload that the plan says."""
    people: list[dict[str, Any]] = []
    numbers: list[dict[str, Any]] = []
    enrolments: list[dict[str, Any]] = []
    rejoined: set[UUID] = set()
    known: KnownCandidates = plan.known
    for step in plan.steps:
        row, person = step.what.row, step.what.person
        candidate_id = person.candidate.id if person else new_id()
        if person is None:
            people.append(_person(candidate_id, cohort.agency_id, step.what.coach_id, row))
            numbers.append(_number(candidate_id, cohort.agency_id, row.client_number))
        else:
            _change(ledger, actor, step, person)
            if person.enrolment and step.what.joined_on is not None and not step.what.enrol:
                rejoined.add(person.enrolment.id)
        if step.what.enrol and person is not None and person.enrolment is not None:
            _return(ledger, actor, person.enrolment, step.what.joined_on or cohort.starts_on)
        elif step.what.enrol:
            enrolments.append(_enrolment(cohort, candidate_id, step.what))
        if step.what.add_student_number and known.school_id is not None:
            numbers.append(_number(candidate_id, known.school_id, row.student_number or ""))
    _hand_over(ledger, plan)
    ledger.create(Candidate, people)
    ledger.create(Identifier, numbers)
    ledger.create(Enrolment, enrolments)
    ledger.create(EnrolmentEvent, [_event(actor, e, None, e["state"]) for e in enrolments], note=False)
    ledger.figures.update(e["id"] for e in enrolments)  # whatever a rule finds about them is said at once
    enrolment_changed.fire(actor, {*rejoined, *(e["id"] for e in enrolments)})


def _change(ledger: Ledger, actor: Actor, step: Step[CandidateWork], person: KnownPerson) -> None:
    values = new_values(step)
    if values:
        merged = {
            name: values.get(name, getattr(person.candidate, name)) for name in ("last_name", "first_name")
        }
        ledger.change(person.candidate, {**values, "sort_name": sort_name(**merged)[:SORT_NAME]})
    enrolment = person.enrolment
    if enrolment is None:
        return
    if step.what.joined_on is not None and not step.what.enrol:
        old, new = enrolment.state, _state(step.what.joined_on, enrolment.state)
        ledger.change(enrolment, {"joined_on": step.what.joined_on, "state": new})
        changed = {"id": enrolment.id, "joined_on": step.what.joined_on, "state": new}
        ledger.create(EnrolmentEvent, [_event(actor, changed, old, new)])
        ledger.figures.add(enrolment.id)
    if set(values) & set(BEARS_ON_ABSENCE):
        ledger.figures.add(enrolment.id)


def _return(ledger: Ledger, actor: Actor, enrolment: Enrolment, joined: date) -> None:
    """Somebody whose enrolment was taken back takes part after all; there is one per person in a cohort."""
    ledger.keep(enrolment, ("joined_on", "left_on", "moved_to_id", "state", "taken_back"))
    come_back(actor, enrolment, joined, _state(joined, "selected"))
    ledger.created(steps_of(enrolment.id)[0])
    ledger.figures.add(enrolment.id)


def _hand_over(ledger: Ledger, plan: Plan[CandidateWork]) -> None:
    """The open signals of who gets another coach become that coach's."""
    coaches = {
        step.what.person.candidate.id: step.what.coach_id
        for step in plan.steps
        if step.what.person and any(change.field == "coach_id" for change in step.changes)
    }
    for ids in chunks(coaches):
        asked = select(Signal).where(Signal.candidate_id.in_(ids), Signal.state == "open")
        for signal in db.session.execute(unscoped(asked, WHY)).scalars():
            if signal.candidate_id is not None:
                signal.owner_id = coaches[signal.candidate_id]
                ledger.covers.append(signal)


def _person(candidate_id: UUID, agency_id: UUID, coach_id: UUID | None, row: CandidateRow) -> dict[str, Any]:
    given = asdict(row)
    return {
        "id": candidate_id,
        "agency_id": agency_id,
        "coach_id": coach_id,
        "sort_name": sort_name(row.last_name, row.first_name)[:SORT_NAME],
        "created_at": clock.now(),
        **{name: given[name] for name in PERSONAL},
    }


def _number(candidate_id: UUID, organisation_id: UUID, number: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "candidate_id": candidate_id,
        "organisation_id": organisation_id,
        "number": number,
    }


def _enrolment(cohort: Cohort, candidate_id: UUID, work: CandidateWork) -> dict[str, Any]:
    joined = work.joined_on or cohort.starts_on
    return {
        "id": new_id(),
        "cohort_id": cohort.id,
        "candidate_id": candidate_id,
        "state": _state(joined, "selected"),
        "joined_on": joined,
    }


def _state(joined: Any, before: str) -> str:
    """Active once the day of joining is there; a pause or a later state stays what it is."""
    if before not in ("selected", "active"):
        return before
    return "active" if joined <= clock.today() else "selected"


def _event(actor: Actor, enrolment: dict[str, Any], old: str | None, new: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "enrolment_id": enrolment["id"],
        "at": clock.now(),
        "on": enrolment["joined_on"],
        "from_state": old,
        "to_state": new,
        "reason": _("import") if old else "",
        "by_id": actor.user_id,
        "by_name": actor.name,
    }
