"""The worklist of today: what is read beside the list of candidates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Uuid, bindparam, select
from sqlalchemy.orm import aliased

from inleer import clock
from inleer.accounts.models import Organisation, User
from inleer.casework.models import Escalation
from inleer.cohorts.models import Cohort, Enrolment, Pause
from inleer.db import UtcDateTime
from inleer.intentions.models import JobIntention
from inleer.people.models import Candidate
from inleer.policy import Actor, Perm, Role, fetch, scope, scoped_select
from inleer.reports.todo_rows import EmployerRow, EscalationRow, PauseRow
from inleer.signals.models import Signal

_built: dict[tuple[str, Role], Any] = {}
_COHORTS = bindparam("cohort_ids", expanding=True, type_=Uuid())


@dataclass(frozen=True, slots=True)
class HandledRow:
    """A signal that was handled, with the note and the way back."""

    id: UUID
    candidate_id: UUID | None
    name: str
    text: str
    note: str
    by: str
    at: datetime
    version: int


def _name(row: Any) -> str:
    return " ".join(p for p in (row.first_name, row.tussenvoegsel, row.last_name) if p)


def _once(what: str, actor: Actor, build: Any) -> Any:
    key = (what, actor.role)
    if key not in _built:
        _built[key] = build(actor)
    return _built[key]


def escalations_of(actor: Actor) -> list[EscalationRow]:
    """Messages from the leerhome that nobody resolved, the oldest first."""
    rows = fetch(actor, _once("escalations", actor, _escalations)).all()
    return [
        EscalationRow(
            id=r.id,
            candidate_id=r.candidate_id,
            name=_name(r),
            cohort_id=r.cohort_id,
            cohort=r.cohort,
            coach_id=r.coach_id,
            coach=r.coach,
            category=r.category,
            urgency=r.urgency,
            text=r.text,
            state=r.state,
            raised_at=r.raised_at,
            raised_by=r.raised_by,
            version=r.version,
            seen_by=r.acknowledged_by_name,
            seen_at=r.acknowledged_at,
        )
        for r in rows
    ]


def _escalations(actor: Actor) -> Any:
    return scoped_select(
        select(
            Escalation.id,
            Escalation.candidate_id,
            Candidate.first_name,
            Candidate.tussenvoegsel,
            Candidate.last_name,
            Candidate.coach_id,
            User.name.label("coach"),
            Escalation.cohort_id,
            Cohort.name.label("cohort"),
            Escalation.category,
            Escalation.urgency,
            Escalation.text,
            Escalation.state,
            Escalation.raised_at,
            Escalation.raised_by_name.label("raised_by"),
            Escalation.version,
            Escalation.acknowledged_by_name,
            Escalation.acknowledged_at,
        )
        .join(Candidate, Candidate.id == Escalation.candidate_id)
        .join(Cohort, Cohort.id == Escalation.cohort_id)
        .outerjoin(User, User.id == Candidate.coach_id)
        .where(Escalation.state != "resolved", scope(actor, Escalation, Perm.ESCALATION_VIEW))
        .order_by(Escalation.raised_at)
    )


def overdue_pauses(actor: Actor) -> list[PauseRow]:
    """Pauses past their planned end, of people whose enrolment the actor may change."""
    rows = fetch(actor, _once("pauses", actor, _pauses), today=clock.today()).all()
    return [
        PauseRow(
            enrolment_id=r.enrolment_id,
            candidate_id=r.candidate_id,
            name=_name(r),
            cohort_id=r.cohort_id,
            cohort=r.cohort,
            coach_id=r.coach_id,
            coach=r.coach,
            until_on=r.until_on,
            owner=r.owner,
        )
        for r in rows
    ]


def _pauses(actor: Actor) -> Any:
    owner = aliased(User)
    return scoped_select(
        select(
            Pause.enrolment_id,
            Enrolment.candidate_id,
            Candidate.first_name,
            Candidate.tussenvoegsel,
            Candidate.last_name,
            Candidate.coach_id,
            User.name.label("coach"),
            Enrolment.cohort_id,
            Cohort.name.label("cohort"),
            Pause.until_on,
            owner.name.label("owner"),
        )
        .select_from(Pause)
        .join(Enrolment, Enrolment.id == Pause.enrolment_id)
        .join(Candidate, Candidate.id == Enrolment.candidate_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(owner, owner.id == Pause.owner_id)
        .outerjoin(User, User.id == Candidate.coach_id)
        .where(
            Enrolment.state == "paused",
            Pause.ended_on.is_(None),
            Pause.until_on < bindparam("today", type_=Date()),
            scope(actor, Enrolment, Perm.ENROLMENT_CHANGE),
        )
        .order_by(Pause.until_on)
    )


def employers_of(actor: Actor, cohort_ids: Iterable[UUID]) -> list[EmployerRow]:
    """The intentions of cohorts, as far as the actor may see them."""
    ids = list(cohort_ids)
    if not ids:
        return []
    rows = fetch(actor, _once("employers", actor, _employers), cohort_ids=ids).all()
    return [EmployerRow(**r._mapping) for r in rows]


def _employers(actor: Actor) -> Any:
    return scoped_select(
        select(
            JobIntention.id,
            JobIntention.cohort_id,
            Cohort.name.label("cohort"),
            Organisation.name.label("employer"),
            JobIntention.function,
            JobIntention.state,
            JobIntention.positions,
            JobIntention.hours_min,
            JobIntention.hours_max,
            JobIntention.confirmed_on,
        )
        .join(Cohort, Cohort.id == JobIntention.cohort_id)
        .join(Organisation, Organisation.id == JobIntention.employer_id)
        .where(
            JobIntention.cohort_id.in_(_COHORTS),
            Cohort.state.in_(("recruiting", "running")),
            scope(actor, JobIntention, Perm.INTENTION_VIEW),
        )
        .order_by(Organisation.name)
    )


def handled_since(actor: Actor, moment: datetime | None = None) -> list[HandledRow]:
    """Signals that were handled since a moment (the last day), the latest first."""
    since = moment or clock.now() - timedelta(days=1)
    rows = fetch(actor, _once("handled", actor, _handled), since=since).all()
    return [
        HandledRow(
            r.id, r.candidate_id, _name(r), r.text, r.handled_note or "", r.by or "", r.handled_at, r.version
        )
        for r in rows
    ]


def _handled(actor: Actor) -> Any:
    return scoped_select(
        select(
            Signal.id,
            Signal.candidate_id,
            Candidate.first_name,
            Candidate.tussenvoegsel,
            Candidate.last_name,
            Signal.text,
            Signal.handled_note,
            Signal.handled_by_name.label("by"),
            Signal.handled_at,
            Signal.version,
        )
        .join(Candidate, Candidate.id == Signal.candidate_id)
        .where(
            Signal.state == "handled",
            Signal.handled_at >= bindparam("since", type_=UtcDateTime()),
            scope(actor, Signal, Perm.SIGNAL_HANDLE),
        )
        .order_by(Signal.handled_at.desc())
    )
