"""Reads of one register: who takes part that day, with the mark there is and those of the last three sessions.

The statements are built once per kind of scope: the page is opened often, by phone, in a hurry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select

from inleer.attendance.lateness import rule_on
from inleer.attendance.models import Attendance
from inleer.attendance.queries import enrolled_at
from inleer.cohorts.models import Enrolment, Session, SessionCohort
from inleer.db import db
from inleer.people.models import Candidate
from inleer.policy import Actor, fetch, scope, scoped_select, unscoped

RECENT = 3
#: Of a session for more cohorts than this, fewer marks are shown: the nearest of each cohort first.
MOST_COHORTS = 6


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One person in the register of a session, with the mark if there is one (``version`` 0: none).

    ``recent``: statuses of the last three sessions of their cohort before this one, oldest first; None where nobody
    recorded, "" on a day on which this person did not take part. ``late_counts``: whether lateness is
    unexcused in this session.
    """

    enrolment_id: UUID
    candidate_id: UUID
    agency_id: UUID
    first_name: str
    tussenvoegsel: str
    last_name: str
    status: str | None
    minutes: int | None
    missed: int
    note: str | None
    version: int
    recorded_by_name: str | None
    recorded_at: datetime | None
    recorded_by_id: UUID | None = None
    recent: tuple[str | None, ...] = ()
    late_counts: bool = False


@lru_cache(maxsize=32)
def _register(condition: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """The register under one scope; the scopes themselves are built once per role."""
    return scoped_select(
        select(
            Enrolment.id,
            Candidate.id.label("candidate_id"),
            Candidate.agency_id,
            Candidate.first_name,
            Candidate.tussenvoegsel,
            Candidate.last_name,
            Attendance.status,
            Attendance.minutes,
            Attendance.missed,
            Attendance.note,
            Attendance.version,
            Attendance.recorded_by_name,
            Attendance.recorded_at,
            Attendance.recorded_by_id,
            rule_on(Session.organisation_id, Session.on, Session).label("late_counts"),
        )
        .select_from(Enrolment)
        .join(SessionCohort, SessionCohort.cohort_id == Enrolment.cohort_id)
        .join(Session, Session.id == SessionCohort.session_id)
        .join(Candidate, Candidate.id == Enrolment.candidate_id)
        .outerjoin(
            Attendance, and_(Attendance.enrolment_id == Enrolment.id, Attendance.session_id == Session.id)
        )
        .where(Session.id == bindparam("session_id"), enrolled_at(), condition)
        .order_by(Candidate.sort_name, Candidate.id)
    )


@lru_cache(maxsize=32)
def _taking_part(condition: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return scoped_select(
        select(Enrolment.id)
        .join(SessionCohort, SessionCohort.cohort_id == Enrolment.cohort_id)
        .join(Session, Session.id == SessionCohort.session_id)
        .where(Session.id == bindparam("session_id"), enrolled_at(), condition)
    )


def _recent_statement() -> Select[*tuple[Any, ...]]:
    here = select(SessionCohort.cohort_id).where(SessionCohort.session_id == bindparam("session_id"))
    order = func.row_number().over(
        partition_by=SessionCohort.cohort_id, order_by=(Session.starts_at.desc(), Session.id)
    )
    numbered = (
        select(SessionCohort.cohort_id, Session.id, order.label("back"))
        .join(Session, Session.id == SessionCohort.session_id)
        .where(
            SessionCohort.cohort_id.in_(here.scalar_subquery()),
            Session.starts_at < bindparam("before"),
            Session.state != "cancelled",
        )
        .subquery()
    )
    # The limit tells PostgreSQL that few sessions are meant; without it, it reads all marks there are.
    before = (
        select(numbered)
        .where(numbered.c.back <= RECENT)
        .order_by(numbered.c.back)
        .limit(RECENT * MOST_COHORTS)
        .subquery()
    )
    statement = (
        select(Enrolment.id, before.c.back, Attendance.status, enrolled_at().label("takes_part"))
        .select_from(before)
        .join(Session, Session.id == before.c.id)
        .join(Enrolment, Enrolment.cohort_id == before.c.cohort_id)
        .outerjoin(
            Attendance, and_(Attendance.session_id == before.c.id, Attendance.enrolment_id == Enrolment.id)
        )
        .order_by(before.c.back.desc())
    )
    return unscoped(statement, "marks of enrolments that are loaded in scope beside it")


_RECENT = _recent_statement()


def register_rows(actor: Actor, session: Session, *, recent: bool = True) -> list[RegisterRow]:
    """The register of a session that was loaded in scope: who takes part that day, by last name.

    Only the people that the actor may see: a session of two cohorts can have people of another work agency.
    ``recent`` False leaves the last three sessions out.
    """
    rows = fetch(actor, _register(scope(actor, Enrolment)), session_id=session.id).all()
    before = _recent(session) if rows and recent else {}
    return [
        RegisterRow(
            enrolment_id=r.id,
            candidate_id=r.candidate_id,
            agency_id=r.agency_id,
            first_name=r.first_name,
            tussenvoegsel=r.tussenvoegsel,
            last_name=r.last_name,
            status=r.status,
            minutes=r.minutes,
            missed=r.missed or 0,
            note=r.note,
            version=r.version or 0,
            recorded_by_name=r.recorded_by_name,
            recorded_at=r.recorded_at,
            recorded_by_id=r.recorded_by_id,
            recent=before.get(r.id, ()),
            late_counts=r.late_counts,
        )
        for r in rows
    ]


def taking_part(actor: Actor, session: Session) -> list[UUID]:
    """The enrolments in the register of a session that was loaded in scope."""
    statement = _taking_part(scope(actor, Enrolment))
    return list(fetch(actor, statement, session_id=session.id).scalars())


def _recent(session: Session) -> Mapping[UUID, tuple[str | None, ...]]:
    found: dict[UUID, list[str | None]] = {}
    parameters = {"session_id": session.id, "before": session.starts_at}
    for row in db.session.execute(_RECENT, parameters):
        found.setdefault(row.id, []).append(row.status if row.takes_part else "")
    return {enrolment_id: tuple(statuses) for enrolment_id, statuses in found.items()}
