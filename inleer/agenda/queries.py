"""The sessions in somebody's agenda: one statement, without anybody's name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from inleer import clock
from inleer.attendance.queries_lessons import FIRST, LAST, own_lessons
from inleer.cohorts.access import is_partner, of_agency
from inleer.cohorts.models import Cohort, Enrolment, Session, SessionCohort
from inleer.people.access import in_caseload_of
from inleer.people.models import Candidate
from inleer.policy import Actor, Perm, Role, fetch, scope, scoped_select

#: How far an agenda reaches around today.
BACK, AHEAD = timedelta(days=31), timedelta(days=366)
#: Of every edition of the agency, for each of its coaches: who is chosen there is nobody's caseload yet.
FOR_ALL_COACHES = ("selection", "information")
#: Of a coach: the editions in which somebody of the caseload still has business.
_HERE = ("intake", "selected", "waitlisted", "active", "paused")


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """A session as an agenda shows it. ``sequence`` rises with every change; ``cohorts`` are names of own editions."""

    id: UUID
    title: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    location: str | None
    cancelled: bool
    sequence: int
    changed_at: datetime | None
    cohorts: tuple[str, ...]


def agenda_of(actor: Actor) -> list[AgendaRow]:
    """The actor's own sessions from a month ago to a year ahead, cancelled ones too, by time.

    Of a teacher those of "Mijn lessen"; of a coordinator those of the leerhome's editions; of a coach those of editions
    with somebody of the caseload, and every selection day and information meeting; of a programme manager all.
    """
    today = clock.today()
    statement = _statement(scope(actor, Session, Perm.SESSION_LIST), actor.role)
    rows = fetch(actor, statement, first=today - BACK, last=today + AHEAD)
    return [
        AgendaRow(
            id=r.id,
            title=r.title,
            kind=r.kind,
            starts_at=r.starts_at,
            ends_at=r.ends_at,
            location=r.location,
            cancelled=r.state == "cancelled",
            sequence=r.version,
            changed_at=r.changed_at,
            cohorts=tuple(sorted((r.cohorts or "").split("\n"))) if r.cohorts else (),
        )
        for r in rows
    ]


@lru_cache(maxsize=16)
def _statement(visible_here: ColumnElement[bool], role: Role) -> Select[*tuple[Any, ...]]:
    return scoped_select(
        select(
            Session.id,
            Session.title,
            Session.kind,
            Session.starts_at,
            Session.ends_at,
            Session.location,
            Session.state,
            Session.version,
            Session.changed_at,
            _names().label("cohorts"),
        )
        .where(visible_here, Session.on.between(FIRST, LAST), _in_edition(role), _own(role))
        .order_by(Session.starts_at, Session.id)
    )


def _own(role: Role) -> ColumnElement[bool]:
    return own_lessons(role) if role is Role.TEACHER else true()


def _in_edition(role: Role) -> ColumnElement[bool]:
    """Of an edition that goes on, and for a coach one that is the coach's business."""
    link, cohort = aliased(SessionCohort), aliased(Cohort)
    here = [link.session_id == Session.id, link.cohort_id == cohort.id, cohort.state != "cancelled"]
    if role is Role.COACH:
        enrolment, candidate = aliased(Enrolment), aliased(Candidate)
        caseload = select(candidate.id).where(in_caseload_of(candidate)).scalar_subquery()
        mine = exists().where(
            enrolment.cohort_id == cohort.id,
            enrolment.state.in_(_HERE),
            enrolment.taken_back.is_(False),
            enrolment.candidate_id.in_(caseload),
        )
        here.append(or_(mine, Session.kind.in_(FOR_ALL_COACHES)))
    return exists().where(and_(*here))


def _names() -> Any:
    """The names of the editions of this session in which the own organisation takes part."""
    link, cohort = aliased(SessionCohort), aliased(Cohort)
    ours = or_(of_agency(cohort.id), is_partner(cohort.id, "school"), is_partner(cohort.id, "leerhome"))
    return (
        select(func.aggregate_strings(cohort.name, "\n"))
        .where(link.session_id == Session.id, cohort.id == link.cohort_id, ours)
        .correlate(Session)
        .scalar_subquery()
    )
