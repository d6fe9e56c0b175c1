"""Unexcused absence over school weeks: the 16-hour signal and four weeks on end. Pure.

Definition: domain.md, "16-hour signal"; source of the restart and of the 7 days: DUO, "Soorten verzuim".
Interpretations: docs/decisions/0012-sixteen-hours.md. The norms (minutes, weeks, days) are dated settings;
the defaults here are those of 2020 to 2026.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from inleer.attendance.statuses import (
    STATUSES,
    Mark,
    SessionId,
    Status,
    countable,
    is_judged,
    is_no_show,
    unexcused_minutes,
)
from inleer.calendars.rules import DAY, WEEK, SchoolCalendar, monday, school_weeks

#: A number, or the number that holds on a day.
Norm = int | Callable[[date], int]


@dataclass(frozen=True, slots=True)
class Reached:
    """The norm was reached on day ``on`` with ``minutes`` unexcused, in the window that ends with that
    day's week.

    ``window_start`` is the first day that the window counts (the Monday of its first school week, the
    Monday of the person's first session, or the day after the signal before), ``window_end`` the Sunday of
    its last week. ``begin`` is the first day of absence that counted: begin and ``on`` are the begin and
    end date of the school's report. ``by_week``: (Monday, minutes); ``sessions``: the sessions that
    counted.
    """

    on: date
    minutes: int
    window_start: date
    window_end: date
    begin: date
    by_week: tuple[tuple[date, int], ...]
    sessions: tuple[SessionId, ...]

    @property
    def cause_key(self) -> str:
        """Identifies this signal: the same absence never gives a second one."""
        return f"sixteen_hours:{self.on.isoformat()}"


@dataclass(frozen=True, slots=True)
class ContinuousAbsence:
    """Absence on end, not excused: from ``since``, ``days`` long (vacations left out), the norm complete
    ``on``.
    """

    since: date
    last_missed: date
    on: date
    days: int

    @property
    def cause_key(self) -> str:
        """Identifies the absence by the day it began: it stays one cause however long it lasts."""
        return f"continuous_absence:{self.since.isoformat()}"


def sixteen_hours(
    marks: Iterable[Mark],
    calendar: SchoolCalendar,
    *,
    threshold_minutes: Norm = 960,
    weeks: Norm = 4,
    days_between: int = 7,
    until: date | None = None,
    statuses: Mapping[str, Status] = STATUSES,
) -> tuple[Reached, ...]:
    """Every time that unexcused minutes within ``weeks`` consecutive school weeks reached the threshold,
    oldest first.

    ``marks`` are those of one person over all cohorts, each enrolment already cut to its own days
    (``within``); ``calendar`` is that of the person's school; marks after ``until`` are left out. Sessions
    in a week that is no school week do not count. The day on which the threshold is reached ends the
    signal, with all of that day's minutes; counting starts again the day after. As long as the person has
    missed every session since, the next signal comes ``days_between`` days later at the earliest. A norm that
    changes is given as a function of the day: each day is judged by the norm of that day. Raises ValueError
    for a norm that is not positive and for days that the calendar does not know.
    """
    looked_at = _in_school_weeks(marks, calendar, until, statuses)
    absent = [(mark, minutes) for mark in looked_at if (minutes := unexcused_minutes(mark, statuses))]
    if not absent:
        return ()
    index = {week: n for n, week in enumerate(school_weeks(calendar, looked_at[0].on, looked_at[-1].on))}
    known_weeks = tuple(index)
    found: list[Reached] = []
    for day in sorted({mark.on for mark, _minutes in absent}):
        first_week = known_weeks[max(0, index[monday(day)] - _norm(weeks, day) + 1)]
        start = max(first_week, found[-1].on + DAY) if found else first_week
        counted = [(mark, minutes) for mark, minutes in absent if start <= mark.on <= day]
        if sum(minutes for _mark, minutes in counted) < _norm(threshold_minutes, day):
            continue
        too_soon = bool(found) and (day - found[-1].on).days < days_between
        if too_soon and _on_end(looked_at, found[-1].on, day, statuses):
            continue
        found.append(_reached(day, start, counted))
    return tuple(found)


def _norm(norm: Norm, day: date) -> int:
    value = norm(day) if callable(norm) else norm
    if value < 1:
        raise ValueError("the norm and the number of weeks are at least 1")
    return value


def _in_school_weeks(
    marks: Iterable[Mark], calendar: SchoolCalendar, until: date | None, statuses: Mapping[str, Status]
) -> list[Mark]:
    known: dict[date, bool] = {}
    found = []
    for mark in countable(marks, statuses):
        if until is not None and mark.on > until:
            continue
        week = monday(mark.on)
        if week not in known:
            known[week] = calendar.is_school_week(week)
        if known[week]:
            found.append(mark)
    return found


def _on_end(marks: Iterable[Mark], after: date, to: date, statuses: Mapping[str, Status]) -> bool:
    """Whether every judged session after one day, up to another, was missed whole and without an excuse."""
    return all(
        is_no_show(mark, statuses) for mark in marks if after < mark.on <= to and is_judged(mark, statuses)
    )


def _reached(day: date, start: date, counted: Sequence[tuple[Mark, int]]) -> Reached:
    by_week: dict[date, int] = defaultdict(int)
    for mark, minutes in counted:
        by_week[monday(mark.on)] += minutes
    return Reached(
        on=day,
        minutes=sum(minutes for _mark, minutes in counted),
        window_start=start,
        window_end=monday(day) + WEEK - DAY,
        begin=min(mark.on for mark, _minutes in counted),
        by_week=tuple(sorted(by_week.items())),
        sessions=tuple(mark.session_id for mark, _minutes in counted),
    )


def continuous_absence(
    marks: Iterable[Mark],
    calendar: SchoolCalendar,
    *,
    as_of: date,
    weeks: int = 4,
    statuses: Mapping[str, Status] = STATUSES,
) -> ContinuousAbsence | None:
    """The unexcused absence that still lasts on ``as_of``, when it has lasted at least ``weeks`` weeks;
    else None.

    This is the legal trigger for the Doorstroompunt (18 and older). Every session since was missed whole
    and without an excuse. Each missed day counts as absent until the day before the next planned one, so
    give the planned sessions after ``as_of`` too. Days in weeks that are no school week, or without a
    session, do not exist; sessions that nobody recorded neither lengthen nor end the absence. Raises
    ValueError when ``weeks`` < 1.
    """
    if weeks < 1:
        raise ValueError("the number of weeks is at least 1")
    by_day: dict[date, list[Mark]] = defaultdict(list)
    for mark in _in_school_weeks(marks, calendar, None, statuses):
        by_day[mark.on].append(mark)
    planned = sorted(by_day)
    missed = _missed_days(by_day, as_of, statuses)
    absent = [day for start in missed for day in _days_away(start, planned, as_of)]
    needed = weeks * 7
    if len(absent) < needed:
        return None
    return ContinuousAbsence(since=missed[0], last_missed=missed[-1], on=absent[needed - 1], days=len(absent))


def _missed_days(
    by_day: Mapping[date, list[Mark]], as_of: date, statuses: Mapping[str, Status]
) -> list[date]:
    """The days of the last run of missed days up to ``as_of``, oldest first; days without a judged mark are
    skipped.
    """
    run: list[date] = []
    for day in sorted((day for day in by_day if day <= as_of), reverse=True):
        judged = [mark for mark in by_day[day] if is_judged(mark, statuses)]
        if not all(is_no_show(mark, statuses) for mark in judged):
            break
        if judged:
            run.append(day)
    return run[::-1]


def _days_away(start: date, planned: list[date], as_of: date) -> list[date]:
    """The days from a missed day to the day before the next planned one, in weeks that have a planned day."""
    after = bisect_right(planned, start)
    last = min(as_of, planned[after] - DAY if after < len(planned) else monday(start) + WEEK - DAY)
    weeks = {monday(start)}
    if after < len(planned):
        weeks.add(monday(planned[after]))
    days = (start + timedelta(days=n) for n in range((last - start).days + 1))
    return [day for day in days if monday(day) in weeks]
