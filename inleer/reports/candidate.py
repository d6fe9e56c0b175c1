"""A candidate's file: the enrolments with their figures, the coach, the next session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, Uuid, bindparam, exists, func, null, or_, select
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import aliased

from inleer import clock
from inleer.accounts.models import User
from inleer.attendance.models import EnrolmentTotal
from inleer.cohorts.models import (
    Cohort,
    CohortPhase,
    Enrolment,
    Pause,
    PhaseCompletion,
    Session,
    SessionCohort,
)
from inleer.db import UtcDateTime
from inleer.people.models import Candidate, Cover, Identifier
from inleer.policy import ACTOR_TODAY, Actor, Perm, Role, fetch, may_ever, scope, scoped_select
from inleer.reports.frame import WINDOW_REACH
from inleer.reports.people_columns import unexcused_column, weeks_column
from inleer.reports.people_rows import CURRENT, WeekRow, parse_minutes, parse_weeks

_built: dict[tuple[str, Role], Any] = {}
_Substitute = aliased(User)
_CANDIDATE = bindparam("candidate_id", type_=Uuid())


@dataclass(frozen=True, slots=True)
class EnrolmentRow:
    """One enrolment of a candidate. Figures are in minutes; ``paused_until`` is the planned end of an open pause."""

    id: UUID
    cohort_id: UUID
    cohort: str
    route_key: str
    state: str
    joined_on: date | None
    left_on: date | None
    dropout_initiator: str | None
    dropout_reason: str | None
    would_return: str | None
    exit_kind: str | None
    version: int
    number: str | None
    coach: str | None
    coach_email: str | None
    substitute: str | None
    planned: int
    missed: int
    late: int
    ill: int
    excused: int
    unexcused: int
    reached_on: date | None
    weeks: tuple[WeekRow, ...]
    window: tuple[tuple[date, int], ...]
    next_title: str | None
    next_at: datetime | None
    next_place: str | None
    paused_until: date | None
    completed: str | None

    @property
    def completed_phases(self) -> frozenset[str]:
        """The names of the phases that were recorded as completed, as far as the actor may see that."""
        return frozenset((self.completed or "").split("\n"))

    def begins_after(self, today: date) -> bool:
        """Whether the first day is still to come."""
        return self.joined_on is not None and self.joined_on > today

    @property
    def present(self) -> int:
        """Minutes present in judged sessions."""
        return self.planned - self.missed

    @property
    def is_current(self) -> bool:
        """Whether the candidate takes part, or is about to."""
        return self.state in CURRENT

    def unexcused_since(self, first: date) -> int:
        """Unexcused minutes that count for the window that begins on the Monday ``first``."""
        return sum(minutes for week, minutes in self.window if week >= first)


def enrolments_of(actor: Actor, candidate_id: UUID) -> list[EnrolmentRow]:
    """The enrolments that the actor may see of a candidate that was loaded in scope: current first."""
    key = ("enrolments", actor.role)
    if key not in _built:
        _built[key] = _enrolments(actor)
    now = clock.now()
    reach = clock.today() - WINDOW_REACH
    rows = fetch(actor, _built[key], candidate_id=candidate_id, now=now, reach=reach).all()
    found = [
        EnrolmentRow(
            **{
                **row._mapping,
                **{
                    k: row._mapping[k] or 0
                    for k in ("planned", "missed", "late", "ill", "excused", "unexcused")
                },
                "weeks": parse_weeks(row.weeks),
                "window": parse_minutes(row.window),
            }
        )
        for row in rows
    ]
    return sorted(found, key=lambda e: (e.is_current, e.joined_on or date.min), reverse=True)


def _next_session() -> Any:
    """The first session to come that is not in a pause and not before the first day."""
    later = aliased(Session)
    link = aliased(SessionCohort)
    paused = exists().where(
        Pause.enrolment_id == Enrolment.id,
        Pause.from_on <= later.on,
        func.coalesce(Pause.ended_on, Pause.until_on) >= later.on,
    )
    return (
        select(later.id)
        .join(link, link.session_id == later.id)
        .where(
            link.cohort_id == Enrolment.cohort_id,
            later.starts_at > bindparam("now", type_=UtcDateTime()),
            # Says nothing new, but by the day there is an index: else all sessions are read.
            later.on >= ACTOR_TODAY,
            later.state.in_(("planned", "open")),
            ~paused,
            or_(Enrolment.joined_on.is_(None), later.on >= Enrolment.joined_on),
        )
        .order_by(later.starts_at)
        .limit(1)
        .correlate(Enrolment)
        .scalar_subquery()
    )


def _substitute_of() -> Any:
    return (
        select(Cover.substitute_id)
        .where(
            Cover.coach_id == Candidate.coach_id,
            Cover.agency_id == Candidate.agency_id,
            Cover.from_on <= ACTOR_TODAY,
            Cover.until_on >= ACTOR_TODAY,
        )
        .order_by(Cover.from_on.desc())
        .limit(1)
        .correlate(Candidate)
        .scalar_subquery()
    )


def _number() -> Any:
    return (
        select(func.min(Identifier.number))
        .where(Identifier.candidate_id == Candidate.id, Identifier.organisation_id == Candidate.agency_id)
        .correlate(Candidate)
        .scalar_subquery()
    )


def _paused_until() -> Any:
    return (
        select(func.max(Pause.until_on))
        .where(Pause.enrolment_id == Enrolment.id, Pause.ended_on.is_(None))
        .correlate(Enrolment)
        .scalar_subquery()
    )


def _completed(actor: Actor) -> Any:
    if not may_ever(actor, Perm.PHASE_VIEW):
        return sql_cast(null(), String())
    return (
        select(func.aggregate_strings(CohortPhase.name, "\n"))
        .join(PhaseCompletion, PhaseCompletion.phase_key == CohortPhase.key)
        .where(
            CohortPhase.cohort_id == Enrolment.cohort_id,
            PhaseCompletion.enrolment_id == Enrolment.id,
            scope(actor, PhaseCompletion, Perm.PHASE_VIEW),
        )
        .correlate(Enrolment)
        .scalar_subquery()
    )


def _enrolments(actor: Actor) -> Any:
    total = EnrolmentTotal
    return scoped_select(
        select(
            Enrolment.id,
            Enrolment.cohort_id,
            Cohort.name.label("cohort"),
            Cohort.route_key,
            Enrolment.state,
            Enrolment.joined_on,
            Enrolment.left_on,
            Enrolment.dropout_initiator,
            Enrolment.dropout_reason,
            Enrolment.would_return,
            Enrolment.exit_kind,
            Enrolment.version,
            _number().label("number"),
            User.name.label("coach"),
            User.email.label("coach_email"),
            _Substitute.name.label("substitute"),
            *(getattr(total, k) for k in ("planned", "missed", "late", "ill", "excused", "unexcused")),
            total.reached_on,
            weeks_column().label("weeks"),
            unexcused_column().label("window"),
            Session.title.label("next_title"),
            Session.starts_at.label("next_at"),
            Session.location.label("next_place"),
            _paused_until().label("paused_until"),
            _completed(actor).label("completed"),
        )
        .select_from(Enrolment)
        .join(Candidate, Candidate.id == Enrolment.candidate_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .outerjoin(total, total.enrolment_id == Enrolment.id)
        .outerjoin(User, User.id == Candidate.coach_id)
        .outerjoin(_Substitute, _Substitute.id == _substitute_of())
        .outerjoin(Session, Session.id == _next_session())
        .where(
            Enrolment.candidate_id == _CANDIDATE,
            Enrolment.taken_back.is_(False),
            scope(actor, Enrolment, Perm.ENROLMENT_VIEW),
        )
    )
