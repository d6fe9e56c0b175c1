"""Reads of attendance: everything the rules need about a person, codes, corrections, when a register closes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, case, false, or_, select, true

from inleer import clock
from inleer.attendance.lateness import LATE_COUNTS
from inleer.attendance.models import Attendance, AttendanceCode, AttendanceCorrection
from inleer.attendance.rules import IMPORT_CODES, Mark
from inleer.calendars.rules import Period
from inleer.cohorts.models import Cohort, Enrolment, Partner, Pause, Session, SessionCohort
from inleer.db import db
from inleer.parameters.catalogue import BY_KEY
from inleer.parameters.models import Setting
from inleer.people.models import Candidate
from inleer.policy import unscoped

LOCK_DAYS = "register.lock_days"
FAR = date(9999, 12, 31)
_LOCK_SETTINGS = unscoped(
    select(SessionCohort.session_id, Cohort.agency_id, Setting.valid_from, Setting.value)
    .join(Cohort, Cohort.id == SessionCohort.cohort_id)
    .outerjoin(Setting, and_(Setting.organisation_id == Cohort.agency_id, Setting.key == LOCK_DAYS))
    .where(SessionCohort.session_id.in_(bindparam("session_ids", expanding=True))),
    "sessions loaded in scope",
)
# The school partner of a cohort: the latest one, also when its part has ended.
SCHOOL = (
    select(Partner.organisation_id)
    .where(Partner.cohort_id == Cohort.id, Partner.kind == "school")
    .order_by(Partner.since_on.desc())
    .limit(1)
    .scalar_subquery()
)
_ENROLMENTS = unscoped(
    select(Enrolment, Candidate, Cohort.region, Cohort.route_key, SCHOOL.label("school_id"))
    .join(Candidate, Candidate.id == Enrolment.candidate_id)
    .join(Cohort, Cohort.id == Enrolment.cohort_id)
    .where(Enrolment.candidate_id.in_(bindparam("ids", expanding=True)))
    .order_by(Enrolment.joined_on),
    "rules over candidates loaded in scope",
)
#: Whether a session is not past at the moment ``now``: :func:`inleer.attendance.rules.has_been`, inside a statement.
AHEAD: ColumnElement[bool] = case(
    (
        and_(
            Session.state.in_(("planned", "open")),
            Session.ends_at > bindparam("now", type_=Session.ends_at.type),
        ),
        true(),
    ),
    else_=false(),
)
_MARKS = unscoped(
    select(
        Enrolment.id,
        Session.id.label("session_id"),
        Session.on,
        Session.planned_minutes,
        Session.counts,
        Session.state,
        Attendance.status,
        Attendance.missed,
        LATE_COUNTS.label("late_counts"),
        AHEAD.label("ahead"),
    )
    .select_from(Enrolment)
    .join(SessionCohort, SessionCohort.cohort_id == Enrolment.cohort_id)
    .join(Session, Session.id == SessionCohort.session_id)
    .outerjoin(
        Attendance,
        and_(
            Attendance.enrolment_id == Enrolment.id,
            Attendance.session_id == Session.id,
            # Says nothing new, but PostgreSQL then finds these people's marks by their key instead of reading all.
            Attendance.enrolment_id.in_(bindparam("ids", expanding=True)),
        ),
    )
    .where(Enrolment.id.in_(bindparam("ids", expanding=True)))
    .order_by(Session.starts_at),
    "rules over candidates loaded in scope",
)
TOOK_PART = ("selected", "active", "paused", "completed", "dropped_out", "moved")


@dataclass(frozen=True)
class PersonMarks:
    """Everything the absence rules need about one candidate, over all cohorts."""

    candidate_id: UUID
    birth_date: date | None
    startkwalificatie: str
    agency_id: UUID
    coach_id: UUID | None
    enrolments: tuple[EnrolmentMarks, ...]


@dataclass(frozen=True)
class EnrolmentMarks:
    """One enrolment: its days, pauses and all sessions of its cohort with the marks there are."""

    enrolment_id: UUID
    cohort_id: UUID
    state: str
    region: str
    school_id: UUID | None
    joined_on: date | None
    left_on: date | None
    pauses: tuple[Period, ...] = ()
    marks: tuple[Mark, ...] = field(default=(), repr=False)
    route_key: str = ""


def enrolled_at() -> ColumnElement[bool]:
    """The condition that an enrolment takes part on the day of a session: joined, not left, not in a pause."""
    paused = (
        select(Pause.id)
        .where(
            Pause.enrolment_id == Enrolment.id,
            Pause.from_on <= Session.on,
            or_(Pause.ended_on.is_(None), Pause.ended_on >= Session.on),
        )
        .exists()
    )
    return and_(
        Enrolment.state.in_(TOOK_PART),
        Enrolment.joined_on <= Session.on,
        or_(Enrolment.left_on.is_(None), Enrolment.left_on >= Session.on),
        ~paused,
    )


def persons(candidate_ids: Iterable[UUID]) -> list[PersonMarks]:
    """Everything the absence rules need about these candidates. Internal: callers loaded them in scope."""
    enrolments = db.session.execute(_ENROLMENTS, {"ids": list(candidate_ids)}).all()
    enrolment_ids = [e.id for e, *_rest in enrolments]
    marks, pauses = _marks(enrolment_ids), _pauses(enrolment_ids)
    people: dict[UUID, tuple[Candidate, list[EnrolmentMarks]]] = {}
    for enrolment, candidate, region, route_key, school_id in enrolments:
        row = EnrolmentMarks(
            enrolment_id=enrolment.id,
            cohort_id=enrolment.cohort_id,
            state=enrolment.state,
            region=region,
            school_id=school_id,
            joined_on=enrolment.joined_on,
            left_on=enrolment.left_on,
            pauses=tuple(pauses.get(enrolment.id, ())),
            marks=tuple(marks.get(enrolment.id, ())),
            route_key=route_key,
        )
        people.setdefault(candidate.id, (candidate, []))[1].append(row)
    return [
        PersonMarks(c.id, c.birth_date, c.startkwalificatie, c.agency_id, c.coach_id, tuple(rows))
        for c, rows in people.values()
    ]


def _marks(enrolment_ids: Sequence[UUID]) -> Mapping[UUID, list[Mark]]:
    found: dict[UUID, list[Mark]] = {}
    for r in db.session.execute(_MARKS, {"ids": enrolment_ids, "now": clock.now()}):
        found.setdefault(r.id, []).append(
            Mark(
                r.session_id,
                r.on,
                r.planned_minutes,
                r.counts,
                r.status,
                r.missed or 0,
                r.state == "cancelled",
                r.late_counts,
                r.ahead,
            )
        )
    return found


def _pauses(enrolment_ids: Sequence[UUID]) -> Mapping[UUID, list[Period]]:
    found: dict[UUID, list[Period]] = {}
    for p in db.session.execute(select(Pause).where(Pause.enrolment_id.in_(enrolment_ids))).scalars():
        end = p.ended_on or FAR
        if end >= p.from_on:
            found.setdefault(p.enrolment_id, []).append(Period(p.from_on, end))
    return found


def codes_of(organisation_id: UUID | None) -> Mapping[str, str]:
    """The import codes of a school: its own, on top of the usual ones."""
    if organisation_id is None:
        return IMPORT_CODES
    rows = db.session.execute(select(AttendanceCode).where(AttendanceCode.organisation_id == organisation_id))
    return {**IMPORT_CODES, **{r.code.upper(): r.status for r in rows.scalars()}}


def corrections_of(session_id: UUID) -> Sequence[AttendanceCorrection]:
    """Corrections after the lock of a session that was loaded in scope, oldest first."""
    statement = (
        select(AttendanceCorrection)
        .where(AttendanceCorrection.session_id == session_id)
        .order_by(AttendanceCorrection.at)
    )
    return db.session.execute(statement).scalars().all()


def lock_days(session_ids: Sequence[UUID], on: date) -> dict[UUID, int]:
    """After how many days each finished register closes, by the setting of ``on``; of several agencies the longest."""
    if not session_ids:
        return {}
    rows = db.session.execute(_LOCK_SETTINGS, {"session_ids": session_ids}).all()
    own: dict[tuple[UUID, UUID], dict[date, int]] = {}
    for row in rows:
        values = own.setdefault((row.session_id, row.agency_id), dict(BY_KEY[LOCK_DAYS].official))
        if row.valid_from is not None:
            values[row.valid_from] = row.value
    found: dict[UUID, int] = {}
    for (session_id, _agency), values in own.items():
        days = values[max(day for day in values if day <= on)]
        found[session_id] = max(days, found.get(session_id, 0))
    return found
