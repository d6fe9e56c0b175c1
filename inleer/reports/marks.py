"""Every session of a candidate with its mark, and the weeks they add up to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, and_, bindparam, or_, select

from inleer import clock
from inleer.attendance.lateness import LATE_COUNTS
from inleer.attendance.models import Attendance
from inleer.attendance.rules import Figures, Mark, figures, has_been
from inleer.calendars.rules import monday
from inleer.cohorts.models import Cohort, Enrolment, Pause, Session, SessionCohort
from inleer.policy import Actor, Perm, Role, fetch, scope, scoped_select

_built: dict[tuple[str, Role], Any] = {}
_CANDIDATE = bindparam("candidate_id", type_=Uuid())


@dataclass(frozen=True, slots=True)
class MarkRow:
    """One session of a candidate's cohort with the mark there is. ``note`` is for coaches only."""

    enrolment_id: UUID
    cohort: str
    session_id: UUID
    title: str
    on: date
    starts_at: datetime
    ends_at: datetime
    planned: int
    counts: bool
    state: str
    status: str | None
    missed: int
    note: str | None
    by: str | None
    late_counts: bool


@dataclass(frozen=True, slots=True)
class MarkWeek:
    """One week of an enrolment: its sessions and what they add up to."""

    monday: date
    figures: Figures
    rows: tuple[MarkRow, ...]


def marks_of(actor: Actor, candidate_id: UUID) -> list[MarkRow]:
    """Past sessions of the candidate's enrolments on days they took part, latest first, with their marks."""
    key = ("marks", actor.role)
    if key not in _built:
        _built[key] = _marks(actor)
    rows = fetch(actor, _built[key], candidate_id=candidate_id, today=clock.today()).all()
    return [MarkRow(**{**row._mapping, "missed": row.missed or 0}) for row in rows]


def _marks(actor: Actor) -> Any:
    paused = select(Pause.id).where(
        Pause.enrolment_id == Enrolment.id,
        Pause.from_on <= Session.on,
        or_(Pause.ended_on.is_(None), Pause.ended_on >= Session.on),
    )
    return scoped_select(
        select(
            Enrolment.id.label("enrolment_id"),
            Cohort.name.label("cohort"),
            Session.id.label("session_id"),
            Session.title,
            Session.on,
            Session.starts_at,
            Session.ends_at,
            Session.planned_minutes.label("planned"),
            Session.counts,
            Session.state,
            Attendance.status,
            Attendance.missed,
            Attendance.note,
            Attendance.recorded_by_name.label("by"),
            LATE_COUNTS.label("late_counts"),
        )
        .select_from(Enrolment)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(SessionCohort, SessionCohort.cohort_id == Enrolment.cohort_id)
        .join(Session, Session.id == SessionCohort.session_id)
        .outerjoin(
            Attendance, and_(Attendance.enrolment_id == Enrolment.id, Attendance.session_id == Session.id)
        )
        .where(
            Enrolment.candidate_id == _CANDIDATE,
            Session.on <= bindparam("today", type_=Session.on.type),
            Session.on >= Enrolment.joined_on,
            or_(Enrolment.left_on.is_(None), Session.on <= Enrolment.left_on),
            ~paused.exists(),
            scope(actor, Enrolment, Perm.ATTENDANCE_VIEW),
        )
        .order_by(Session.starts_at.desc())
    )


def by_week(rows: list[MarkRow], now: datetime) -> list[MarkWeek]:
    """Marks put together per week, latest first. Sessions that are not past at ``now`` are shown and do not count."""
    grouped: dict[date, list[MarkRow]] = {}
    for row in rows:
        grouped.setdefault(monday(row.on), []).append(row)
    return [
        MarkWeek(week, _figures(found, now), tuple(found))
        for week, found in sorted(grouped.items(), reverse=True)
    ]


def _figures(rows: list[MarkRow], now: datetime) -> Figures:
    return figures(
        Mark(
            r.session_id, r.on, r.planned, r.counts, r.status, r.missed, r.state == "cancelled", r.late_counts
        )
        for r in rows
        if has_been(r.state, r.ends_at, now)
    )
