"""Roll-ups: totals and weeks per enrolment, in the transaction of each save; here made again from all marks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, bindparam, delete, select

from inleer import clock
from inleer.attendance.models import EnrolmentTotal, EnrolmentWeek
from inleer.attendance.queries import EnrolmentMarks, PersonMarks, persons
from inleer.attendance.rules import Figures, Mark, Reached, figures, sixteen_hours, unexcused_minutes, within
from inleer.calendars.queries import school_calendar
from inleer.calendars.rules import SchoolCalendar, monday
from inleer.cohorts.models import Enrolment
from inleer.db import db
from inleer.db.many import upsert
from inleer.parameters import Dated, dated_values
from inleer.people.models import Candidate
from inleer.policy import unscoped

WEEKS, TOTALS = cast(Table, EnrolmentWeek.__table__), cast(Table, EnrolmentTotal.__table__)


class CalendarCache:
    """School calendars and dated parameters for one computation: each is read once."""

    def __init__(self, first: date, last: date) -> None:
        self._span = (first, last)
        self._known: dict[tuple[str, UUID | None], SchoolCalendar] = {}
        self._settings: dict[UUID, Dated] = {}

    def of(self, person: PersonMarks) -> SchoolCalendar:
        """The calendar of the person's school partner (that of the latest enrolment)."""
        enrolment = person.enrolments[-1]
        key = (enrolment.region, enrolment.school_id)
        if key not in self._known:
            self._known[key] = school_calendar(*key, *self._span)
        return self._known[key]

    def settings(self, agency_id: UUID) -> Dated:
        """Every dated parameter of a work agency, by day."""
        if agency_id not in self._settings:
            self._settings[agency_id] = dated_values(agency_id)
        return self._settings[agency_id]


def claim(enrolment_ids: Iterable[UUID]) -> list[UUID]:
    """The candidates of these enrolments, once each, locked until the end of the transaction.

    On PostgreSQL two saves about one person wait for each other here, in the order of the ids so that they never
    wait in a circle: the second reads what the first wrote, and its roll-ups count both. SQLite has one writer.
    """
    return _held(
        Candidate.id.in_(select(Enrolment.candidate_id).where(Enrolment.id.in_(list(enrolment_ids))))
    )


def claim_people(candidate_ids: Iterable[UUID]) -> list[UUID]:
    """The same for who is known as a candidate."""
    return _held(Candidate.id.in_(list(candidate_ids)))


def _held(which: ColumnElement[bool]) -> list[UUID]:
    statement = select(Candidate.id).where(which).order_by(Candidate.id).with_for_update(key_share=True)
    return list(db.session.execute(unscoped(statement, "rules over enrolments loaded in scope")).scalars())


def hold(enrolment_ids: Iterable[UUID]) -> None:
    """Like :func:`claim`, for who needs no answer: nothing to do where there is one writer at a time."""
    if db.engine.dialect.name != "sqlite":
        claim(enrolment_ids)


def calendars_for(people: Sequence[PersonMarks]) -> CalendarCache:
    """Calendars that reach over all sessions of these people and today."""
    days = [m.on for p in people for e in p.enrolments for m in e.marks] + [clock.today()]
    return CalendarCache(min(days), max(days))


def counted(enrolment: EnrolmentMarks, until: date | None = None) -> list[Mark]:
    """The sessions of an enrolment on the days it took part."""
    return within(
        enrolment.marks,
        joined=enrolment.joined_on,
        left=enrolment.left_on,
        pauses=enrolment.pauses,
        until=until,
    )


def reached(
    person: PersonMarks,
    calendar: SchoolCalendar,
    until: date | None = None,
    settings: Dated | None = None,
) -> tuple[Reached, ...]:
    """Each time the person reached the norm for unexcused absence, over all cohorts, by the norm of the day itself.

    ``settings``: the parameters of the person's agency; read when not given.
    """
    on = settings or dated_values(person.agency_id)
    return sixteen_hours(
        [m for e in person.enrolments for m in counted(e)],
        calendar,
        threshold_minutes=lambda day: on(day)["sixteen_hours.threshold_minutes"],
        weeks=lambda day: on(day)["sixteen_hours.weeks"],
        until=until,
    )


def rebuild(people: Sequence[PersonMarks], calendars: CalendarCache) -> None:
    """Make the roll-ups of all enrolments of these people again; rows that stay the same are not written."""
    weeks, totals = expected(people, calendars)
    ids = [e.enrolment_id for p in people for e in p.enrolments]
    new_weeks, gone_weeks = _differing(WEEKS, weeks, ids)
    new_totals, gone_totals = _differing(TOTALS, totals, ids)
    write_rollups(new_weeks, new_totals, gone_weeks, gone_totals)


def _differing(
    table: Table, rows: Sequence[Mapping[str, Any]], enrolment_ids: Sequence[UUID]
) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """Of the rows as they must be those that are not stored so; and the keys of those that must go."""
    keys = [c.key for c in table.primary_key]
    columns = [c.key for c in table.columns]
    stored = {
        tuple(getattr(row, key) for key in keys): tuple(row)
        for row in db.session.execute(select(table).where(table.c.enrolment_id.in_(enrolment_ids)))
    }
    now = {tuple(row[key] for key in keys): row for row in rows}
    changed = [row for key, row in now.items() if stored.get(key) != tuple(row[c] for c in columns)]
    return changed, [dict(zip(keys, key, strict=True)) for key in stored.keys() - now.keys()]


def write_rollups(
    weeks: Sequence[Mapping[str, Any]],
    totals: Sequence[Mapping[str, Any]],
    gone_weeks: Sequence[Mapping[str, Any]] = (),
    gone_totals: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Write roll-ups, new or over the old, and take away those of these keys."""
    connection = db.session.connection()
    upsert(connection, {WEEKS: weeks, TOTALS: totals})
    for table, gone in ((WEEKS, gone_weeks), (TOTALS, gone_totals)):
        if gone:
            keys = [c.key for c in table.primary_key]
            which = and_(*(table.c[key] == bindparam(f"old_{key}") for key in keys))
            connection.execute(
                delete(table).where(which), [{f"old_{key}": row[key] for key in keys} for row in gone]
            )


def expected(
    people: Sequence[PersonMarks], calendars: CalendarCache
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The roll-up rows (weeks, totals) as they should be."""
    weeks: list[dict[str, Any]] = []
    totals: list[dict[str, Any]] = []
    for person in people:
        calendar = calendars.of(person)
        times = reached(person, calendar, settings=calendars.settings(person.agency_id))
        for enrolment in person.enrolments:
            marks = counted(enrolment)
            weeks.extend(week_rows(enrolment.enrolment_id, marks, calendar))
            found = figures(marks)
            totals.append(total_row(enrolment.enrolment_id, found.sessions, _minutes(found), times))
    return weeks, totals


def week_rows(enrolment_id: UUID, marks: Sequence[Mark], calendar: SchoolCalendar) -> list[dict[str, Any]]:
    """The weeks of an enrolment in which something was judged, from its marks on the days it took part."""
    by_week: dict[date, list[Mark]] = {}
    for mark in marks:
        by_week.setdefault(monday(mark.on), []).append(mark)
    rows = []
    for week, inside in sorted(by_week.items()):
        found = figures(inside)
        if not found.sessions:
            continue
        counts = sum(unexcused_minutes(m) for m in inside if m.counts) if calendar.is_school_week(week) else 0
        rows.append(
            {"enrolment_id": enrolment_id, "monday": week, "window_unexcused": counts, **_minutes(found)}
        )
    return rows


def total_row(
    enrolment_id: UUID, sessions: int, minutes: Mapping[str, int], times: Sequence[Reached]
) -> dict[str, Any]:
    """The total of an enrolment, with the first and last time the person reached the norm."""
    return {
        "enrolment_id": enrolment_id,
        "sessions": sessions,
        "reached_on": times[0].on if times else None,
        "reached_last_on": times[-1].on if times else None,
        **minutes,
    }


def _minutes(found: Figures) -> dict[str, int]:
    return {
        "planned": found.planned,
        "missed": found.missed,
        "late": found.late + found.left_early,
        "ill": found.ill,
        "excused": found.excused,
        "unexcused": found.unexcused,
    }


def verify(candidate_ids: Iterable[UUID]) -> list[UUID]:
    """Enrolments whose stored roll-ups differ from a recount; empty when all is right."""
    people = persons(candidate_ids)
    if not people:
        return []
    weeks, totals = expected(people, calendars_for(people))
    ids = [e.enrolment_id for p in people for e in p.enrolments]
    wrong: set[UUID] = set()
    for model, rows in ((EnrolmentWeek, weeks), (EnrolmentTotal, totals)):
        columns = [c.key for c in model.__table__.columns]
        statement = select(*model.__table__.columns).where(model.__table__.c.enrolment_id.in_(ids))
        stored = {tuple(r) for r in db.session.execute(statement)}
        right = {tuple(row[c] for c in columns) for row in rows}
        wrong.update(r[0] for r in stored ^ right)
    return sorted(wrong)
