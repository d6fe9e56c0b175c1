"""Where people stand when a mark of theirs was saved: their roll-ups, and the few marks that the rules still ask for.

Reading all marks of a group at every save costs most of a second. What is read here gives the same answers, and says of
whom it cannot (``whole``): docs/decisions/0065-a-save-reads-little.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Uuid, and_, bindparam, func, or_, select, union_all
from sqlalchemy.orm import aliased

from inleer import clock
from inleer.attendance.lateness import LATE_COUNTS
from inleer.attendance.models import Attendance, EnrolmentTotal, EnrolmentWeek
from inleer.attendance.packing import days, first_day, packed, parts
from inleer.attendance.queries import AHEAD, FAR, SCHOOL, EnrolmentMarks, PersonMarks
from inleer.attendance.rollups import counted
from inleer.attendance.rules import STATUSES, Mark
from inleer.calendars.models import CalendarPeriod
from inleer.calendars.queries import calendar_with
from inleer.calendars.rules import WEEK, Period, SchoolCalendar, monday, school_weeks
from inleer.cohorts.models import Cohort, Enrolment, Pause, Session, SessionCohort
from inleer.db import db
from inleer.parameters import Dated, Setting, dated_texts
from inleer.people.models import Candidate
from inleer.policy import unscoped

#: So far back there are always enough school weeks for the longest window that a setting allows.
REACH = timedelta(weeks=30)
MINUTES = ("planned", "missed", "late", "ill", "excused", "unexcused")
_UNEXCUSED = tuple(key for key, status in STATUSES.items() if status.judged and status.excused is False)
_Other = aliased(Enrolment)


@dataclass(frozen=True)
class Standing:
    """One enrolment whose mark in the week of ``monday`` changed; roll-ups are as they were before that.

    ``person`` has this enrolment only, with its marks since ``since`` and of that week, and older ones without an
    excuse. ``others``: whether the person has more enrolments. ``total`` None: there is no roll-up yet. ``beside``:
    what the caller asked for with it.
    """

    person: PersonMarks
    others: bool
    since: date
    monday: date
    calendar: SchoolCalendar
    settings_on: Dated
    total: Mapping[str, int] | None
    week: Mapping[str, int] | None
    packed_weeks: str | None
    beside: Any = None

    @cached_property
    def weeks(self) -> tuple[tuple[date, int, int], ...]:
        """(Monday, planned, missed) of the weeks before ``since``, by week; asked for few people."""
        return tuple(week for week in days(self.packed_weeks) if week[0] < self.since)

    @cached_property
    def marks(self) -> list[Mark]:
        """The marks that were read, of the days on which the person took part."""
        return counted(self.enrolment)

    @cached_property
    def settings(self) -> Mapping[str, int]:
        """The parameters of today."""
        return self.settings_on(clock.today())

    @property
    def enrolment(self) -> EnrolmentMarks:
        """The enrolment that this is about."""
        return self.person.enrolments[0]


def _of_enrolment(model: Any, *columns: Any) -> Any:
    return (
        select(packed(*columns))
        .where(model.enrolment_id == Enrolment.id)
        .correlate(Enrolment)
        .scalar_subquery()
    )


def people_with(beside: ColumnElement[Any]) -> Any:
    """The statement for :func:`standings`, with a column ``beside`` about the candidate."""
    week, total = EnrolmentWeek, EnrolmentTotal
    periods = (
        select(packed(CalendarPeriod.kind, CalendarPeriod.starts_on, CalendarPeriod.ends_on))
        .where(CalendarPeriod.organisation_id == SCHOOL)
        .correlate(Cohort)
    )
    settings = select(packed(Setting.key, Setting.valid_from, Setting.value)).where(
        Setting.organisation_id == Candidate.agency_id
    )
    others = select(func.count(_Other.id)).where(
        _Other.candidate_id == Candidate.id, _Other.id != Enrolment.id
    )
    statement = (
        select(
            Enrolment.id,
            Enrolment.cohort_id,
            Enrolment.state,
            Enrolment.joined_on,
            Enrolment.left_on,
            Candidate.id.label("candidate_id"),
            Candidate.birth_date,
            Candidate.startkwalificatie,
            Candidate.agency_id,
            Candidate.coach_id,
            Cohort.region,
            Cohort.route_key,
            SCHOOL.label("school_id"),
            others.correlate(Candidate, Enrolment).scalar_subquery().label("others"),
            periods.scalar_subquery().label("periods"),
            settings.correlate(Candidate).scalar_subquery().label("settings"),
            _of_enrolment(Pause, Pause.from_on, func.coalesce(Pause.ended_on, FAR)).label("pauses"),
            _of_enrolment(week, week.monday, week.planned, week.missed).label("weeks"),
            beside.label("beside"),
            total.sessions,
            *(getattr(total, name) for name in MINUTES),
            *(getattr(week, name).label(f"week_{name}") for name in (*MINUTES, "window_unexcused")),
        )
        .join(Candidate, Candidate.id == Enrolment.candidate_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .outerjoin(total, total.enrolment_id == Enrolment.id)
        .outerjoin(
            week, and_(week.enrolment_id == Enrolment.id, week.monday == bindparam("monday", type_=Date()))
        )
        .where(Enrolment.id.in_(bindparam("ids", expanding=True, type_=Uuid())))
    )
    return unscoped(statement, "rules over enrolments loaded in scope")


def _marks() -> Any:
    ids = bindparam("ids", expanding=True, type_=Uuid())
    since, first, last = (bindparam(name, type_=Date()) for name in ("since", "monday", "sunday"))
    columns = (
        Attendance.enrolment_id,
        Session.id,
        Session.on,
        Session.planned_minutes,
        Session.counts,
        Session.state,
        Attendance.status,
        Attendance.missed,
        LATE_COUNTS.label("late_counts"),
        AHEAD.label("ahead"),
    )
    cohorts = select(_Other.cohort_id).where(_Other.id.in_(ids))
    recent = (
        select(*columns)
        .select_from(SessionCohort)
        .join(Session, Session.id == SessionCohort.session_id)
        .join(Attendance, Attendance.session_id == Session.id)
        .where(
            SessionCohort.cohort_id.in_(cohorts),
            or_(Session.on >= since, and_(Session.on >= first, Session.on <= last)),
            Attendance.enrolment_id.in_(ids),
        )
    )
    older = (
        select(*columns)
        .join(Session, Session.id == Attendance.session_id)
        .where(
            Attendance.enrolment_id.in_(ids),
            or_(Attendance.status.in_(_UNEXCUSED), LATE_COUNTS),
            Session.on < since,
            or_(Session.on < first, Session.on > last),
        )
    )
    return unscoped(union_all(recent, older), "rules over enrolments loaded in scope")


_MARKS = _marks()


def standings(people: Any, enrolment_ids: Iterable[UUID], day: date) -> list[Standing]:
    """Where these people stand; something about a session on ``day`` changed. Callers loaded them in scope.

    ``people``: a statement of :func:`people_with`.
    """
    ids, week, today = list(enrolment_ids), monday(day), clock.today()
    rows = db.session.execute(people, {"ids": ids, "monday": week}).all()
    if not rows:
        return []
    first = min([week, today - REACH, *(found for row in rows if (found := first_day(row.weeks)))])
    calendars: dict[tuple[str, UUID | None], SchoolCalendar] = {}
    settings: dict[UUID, Dated] = {}
    since = monday(today)
    for row in rows:
        key = (row.region, row.school_id)
        if key not in calendars:
            calendars[key] = calendar_with(row.region, parts(row.periods), first, max(day, today))
        if row.agency_id not in settings:
            settings[row.agency_id] = dated_texts(parts(row.settings))
        weeks = school_weeks(calendars[key], today - REACH, today)
        since = min([since, *weeks[-settings[row.agency_id](today)["sixteen_hours.weeks"] :][:1]])
    marks = _read_marks(ids, since, week)
    return [
        _standing(
            row,
            marks.get(row.id, ()),
            since=since,
            monday=week,
            calendar=calendars[row.region, row.school_id],
            settings_on=settings[row.agency_id],
            packed_weeks=row.weeks,
            beside=row.beside,
        )
        for row in rows
    ]


def _read_marks(ids: Sequence[UUID], since: date, week: date) -> Mapping[UUID, list[Mark]]:
    found: dict[UUID, list[Mark]] = {}
    span = {"since": since, "monday": week, "sunday": week + WEEK - timedelta(days=1)}
    rows = db.session.execute(
        _MARKS, {"ids": ids, "now": clock.now(), **span}
    ).all()  # at once: hundreds, and one by one is slower
    for enrolment_id, session_id, on, planned, counts, state, status, missed, late, ahead in rows:
        mark = Mark(session_id, on, planned, counts, status, missed, state == "cancelled", late, ahead)
        found.setdefault(enrolment_id, []).append(mark)
    return found


def _standing(row: Any, marks: Iterable[Mark], **more: Any) -> Standing:
    pauses = (Period(date.fromisoformat(a), date.fromisoformat(b)) for a, b in parts(row.pauses) if a <= b)
    enrolment = EnrolmentMarks(
        enrolment_id=row.id,
        cohort_id=row.cohort_id,
        state=row.state,
        region=row.region,
        school_id=row.school_id,
        joined_on=row.joined_on,
        left_on=row.left_on,
        pauses=tuple(pauses),
        marks=tuple(marks),
        route_key=row.route_key,
    )
    person = PersonMarks(
        row.candidate_id, row.birth_date, row.startkwalificatie, row.agency_id, row.coach_id, (enrolment,)
    )
    total = {name: getattr(row, name) for name in ("sessions", *MINUTES)}
    week = {name: getattr(row, f"week_{name}") for name in (*MINUTES, "window_unexcused")}
    return Standing(
        person,
        others=row.others > 0,
        total=None if row.sessions is None else total,
        week=None if row.week_planned is None else week,
        **more,
    )
