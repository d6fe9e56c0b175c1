"""Reads of lessons: those of some days, those that still wait, the days before and after, who could teach them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from inleer.accounts.models import Membership, User
from inleer.attendance.models import Attendance
from inleer.attendance.queries import enrolled_at
from inleer.cohorts.access import is_partner, of_agency
from inleer.cohorts.models import Cohort, Enrolment, Session, SessionCohort
from inleer.db import db
from inleer.policy import ACTOR_ORG, ACTOR_USER, Actor, Role, fetch, scope, scoped_select, unscoped

FIRST: ColumnElement[date] = bindparam("first", type_=Date())
LAST: ColumnElement[date] = bindparam("last", type_=Date())
WAITING_SHOWN = 25


class Window(StrEnum):
    """Which lessons: all of some days, the introduction of the own organisation, or what waits for the actor."""

    DAYS = "days"
    INTRODUCTION = "introduction"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class LessonRow:
    """A session in a list. ``total``: who takes part that day; ``filled``: of whom somebody recorded something.

    ``waived_by_name``: who said that nobody will record it, and why (``waived_note``).
    """

    id: UUID
    title: str
    kind: str
    on: date
    starts_at: datetime
    ends_at: datetime
    location: str | None
    organisation_id: UUID | None
    teacher_id: UUID | None
    substitute_id: UUID | None
    teacher_name: str | None
    substitute_name: str | None
    state: str
    recorded_at: datetime | None
    version: int
    waived_by_name: str | None = None
    waived_note: str | None = None
    cohorts: tuple[str, ...] = ()
    filled: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The nearest days with a lesson before and after a day, and the first after it with one of the actor's own."""

    previous: date | None
    next: date | None
    own_next: date | None


def own_lessons(role: Role) -> ColumnElement[bool]:
    """The lessons that this person must record: those they teach or take over, those that nobody teaches."""
    if role is not Role.TEACHER:
        return Session.organisation_id == ACTOR_ORG
    nobody_else = Session.substitute_id.is_(None)
    return and_(
        Session.organisation_id == ACTOR_ORG,
        or_(
            Session.substitute_id == ACTOR_USER,
            and_(Session.teacher_id == ACTOR_USER, nobody_else),
            and_(Session.teacher_id.is_(None), nobody_else),
        ),
    )


def _within(window: Window, role: Role) -> ColumnElement[bool]:
    days = Session.on.between(FIRST, LAST)
    if window is Window.DAYS:
        return days
    if window is Window.INTRODUCTION:
        return and_(days, Session.kind == "introduction", Session.organisation_id == ACTOR_ORG)
    # Aliases: the statements around this one read the same tables.
    link, cohort = aliased(SessionCohort), aliased(Cohort)
    edition = exists().where(
        link.session_id == Session.id, link.cohort_id == cohort.id, cohort.state != "cancelled"
    )
    waits = and_(Session.state.in_(("planned", "open")), Session.waived_by_name.is_(None))
    return and_(days, waits, own_lessons(role), edition)


@lru_cache(maxsize=64)
def _lessons(condition: ColumnElement[bool], window: Window, role: Role) -> Select[*tuple[Any, ...]]:
    teacher, substitute = aliased(User), aliased(User)
    statement = (
        select(
            Session.id,
            Session.title,
            Session.kind,
            Session.on,
            Session.starts_at,
            Session.ends_at,
            Session.location,
            Session.organisation_id,
            Session.teacher_id,
            Session.substitute_id,
            teacher.name.label("teacher_name"),
            substitute.name.label("substitute_name"),
            Session.state,
            Session.recorded_at,
            Session.version,
            Session.waived_by_name,
            Session.waived_note,
        )
        .outerjoin(teacher, teacher.id == Session.teacher_id)
        .outerjoin(substitute, substitute.id == Session.substitute_id)
        .where(condition, _within(window, role))
        .order_by(Session.starts_at, Session.title, Session.id)
    )
    return scoped_select(statement.limit(WAITING_SHOWN + 1) if window is Window.WAITING else statement)


@lru_cache(maxsize=64)
def _counts(condition: ColumnElement[bool], window: Window, role: Role) -> Select[*tuple[Any, ...]]:
    recorded = case((Attendance.status != "reported", 1))
    return scoped_select(
        select(Session.id, func.count(Enrolment.id).label("total"), func.count(recorded).label("filled"))
        .join(SessionCohort, SessionCohort.session_id == Session.id)
        .join(Enrolment, Enrolment.cohort_id == SessionCohort.cohort_id)
        .outerjoin(
            Attendance, and_(Attendance.enrolment_id == Enrolment.id, Attendance.session_id == Session.id)
        )
        .where(_within(window, role), enrolled_at(), condition)
        .group_by(Session.id)
    )


@lru_cache(maxsize=64)
def _names(window: Window, role: Role) -> Select[*tuple[Any, ...]]:
    """Names of the cohorts in which the actor's own organisation takes part."""
    cohort_id, named = SessionCohort.cohort_id, aliased(Cohort)
    ours = or_(of_agency(cohort_id), is_partner(cohort_id, "school"), is_partner(cohort_id, "leerhome"))
    return scoped_select(
        select(SessionCohort.session_id, named.name)
        .join(named, named.id == cohort_id)
        .join(Session, Session.id == SessionCohort.session_id)
        .where(ours, _within(window, role))
        .order_by(named.name)
    )


@lru_cache(maxsize=32)
def _neighbours(condition: ColumnElement[bool], role: Role) -> Select[*tuple[Any, ...]]:
    return scoped_select(
        select(
            func.max(Session.on).filter(Session.on < FIRST).label("previous"),
            func.min(Session.on).filter(Session.on > FIRST).label("next"),
            func.min(Session.on).filter(Session.on > FIRST, own_lessons(role)).label("own_next"),
        ).where(condition, Session.state != "cancelled")
    )


def lessons(actor: Actor, first: date, last: date, window: Window = Window.DAYS) -> list[LessonRow]:
    """The lessons from ``first`` to ``last`` (included) that the actor can see, by time."""
    days = {"first": first, "last": last}
    statement = _lessons(scope(actor, Session), window, actor.role)
    rows = fetch(actor, statement, **days).all()
    if not rows:
        return []
    counts = {r.id: r for r in fetch(actor, _counts(scope(actor, Enrolment), window, actor.role), **days)}
    names: dict[UUID, list[str]] = {}
    for r in fetch(actor, _names(window, actor.role), **days):
        names.setdefault(r.session_id, []).append(r.name)
    return [_row(r, counts, names) for r in rows]


def _row(row: Any, counts: Mapping[UUID, Any], names: Mapping[UUID, Sequence[str]]) -> LessonRow:
    count = counts.get(row.id)
    return LessonRow(
        **row._mapping,
        cohorts=tuple(names.get(row.id, ())),
        filled=count.filled if count else 0,
        total=count.total if count else 0,
    )


def neighbours(actor: Actor, day: date) -> Neighbours:
    """The days with lessons around a day, for an actor who can see lessons."""
    row = fetch(actor, _neighbours(scope(actor, Session), actor.role), first=day).one()
    return Neighbours(row.previous, row.next, row.own_next)


def colleagues(organisation_id: UUID) -> list[tuple[UUID, str]]:
    """Id and name of who can teach at an organisation whose session was loaded in scope, by name."""
    statement = (
        select(User.id, User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.role == Role.TEACHER.value,
            Membership.ended_at.is_(None),
            Membership.invited_as.is_(None),
            User.active,
        )
        .order_by(User.name)
    )
    return [(r.id, r.name) for r in db.session.execute(unscoped(statement, "who can teach this session"))]
