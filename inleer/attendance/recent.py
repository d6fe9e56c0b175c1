"""The absence rules over the few marks that a save reads. Pure: from a standing to its roll-ups and findings.

What is here must equal the rules over all marks; where it cannot know that, ``suffices`` says no, and all marks are
read. tests/actions/test_following.py compares both over random histories. docs/decisions/0065-a-save-reads-little.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from inleer.attendance.rollups import total_row, week_rows
from inleer.attendance.rules import (
    Mark,
    Reached,
    is_judged,
    is_no_show,
    sixteen_hours,
    unexcused_minutes,
)
from inleer.attendance.standing import MINUTES, Standing
from inleer.calendars.rules import monday, school_weeks

#: Within so many days after a signal the next one waits for what happened in between: domain.md, "16-hour signal".
DAYS_BETWEEN = 7


def reached_by(standing: Standing) -> tuple[Reached, ...]:
    """Each time that the person reached the norm for unexcused absence."""
    if not any(unexcused_minutes(mark) for mark in standing.marks):
        return ()
    return sixteen_hours(
        standing.marks,
        standing.calendar,
        threshold_minutes=lambda day: standing.settings_on(day)["sixteen_hours.threshold_minutes"],
        weeks=lambda day: standing.settings_on(day)["sixteen_hours.weeks"],
        days_between=DAYS_BETWEEN,
    )


def follows(standing: Standing, week: Mapping[str, Any] | None, planned: int) -> bool:
    """Whether the week that changed differs by this one save from what the roll-up said: ``planned`` minutes.

    It does not when another lesson of that week became past meanwhile and nobody counted it yet.
    """
    before, after = (row["planned"] if row else 0 for row in (standing.week, week))
    return bool(after - before == planned)


def suffices(standing: Standing, times: Iterable[Reached], today: date) -> bool:
    """Whether the marks that were read tell as much about this person as all of them would."""
    if standing.others or standing.total is None:
        return False
    joined = standing.enrolment.joined_on
    if joined is not None and joined >= standing.since:
        return True
    marks = standing.marks
    return _run_ends(marks, standing.since, today) and not any(
        time.on < standing.since and _again(marks, time.on, _lowest_norm(standing, time.on)) for time in times
    )


def _lowest_norm(standing: Standing, after: date) -> int:
    """The norm within the days in which the next signal has to wait; it can change in between."""
    days = (after, after + timedelta(days=DAYS_BETWEEN))
    return min(standing.settings_on(day)["sixteen_hours.threshold_minutes"] for day in days)


def _run_ends(marks: Sequence[Mark], since: date, today: date) -> bool:
    """Whether a run of no-shows cannot go on into what was left out."""
    if not any(mark.on < since and mark.counts and not mark.cancelled and is_no_show(mark) for mark in marks):
        return True
    return any(
        since <= mark.on <= today
        and mark.counts
        and not mark.cancelled
        and is_judged(mark)
        and not is_no_show(mark)
        for mark in marks
    )


def _again(marks: Iterable[Mark], after: date, norm: int) -> bool:
    """Whether the norm was reached once more so soon that the sessions in between decide."""
    last = after + timedelta(days=DAYS_BETWEEN)
    return sum(unexcused_minutes(m) for m in marks if after < m.on < last and m.counts) >= norm


def week_now(standing: Standing) -> dict[str, Any] | None:
    """The roll-up of the week that changed; None when nothing was judged in it."""
    inside = [mark for mark in standing.marks if monday(mark.on) == standing.monday]
    return next(iter(week_rows(standing.enrolment.enrolment_id, inside, standing.calendar)), None)


def total_now(
    standing: Standing, week: Mapping[str, Any] | None, sessions: int, times: Sequence[Reached]
) -> dict[str, Any]:
    """The roll-up of the enrolment: as it was, with the changed week. ``sessions``: how many more are judged."""
    before, old, new = standing.total or {}, standing.week or {}, week or {}
    minutes = {name: before.get(name, 0) - old.get(name, 0) + new.get(name, 0) for name in MINUTES}
    judged = before.get("sessions", 0) + sessions
    return total_row(standing.enrolment.enrolment_id, judged, minutes, times)


def shares(standing: Standing, week: Mapping[str, Any] | None, today: date) -> list[Mark]:
    """What the attendance over the last weeks is computed from: recent marks, and each older week as one.

    Nothing when the last weeks are not too low: then no rule asks how long it has been so.
    """
    marks = [mark for mark in standing.marks if standing.since <= mark.on <= today]
    count = standing.settings["sixteen_hours.weeks"]
    window = school_weeks(standing.calendar, standing.since, today)[-count:]
    base = [m for m in marks if monday(m.on) in window and not m.cancelled and is_judged(m)]
    planned, lost = sum(m.planned for m in base), sum(m.lost for m in base)
    if (planned - lost) * 100 >= standing.settings["warning.attendance_percent"] * planned:
        return []
    older = {on: (planned, missed) for on, planned, missed in standing.weeks if on != standing.monday}
    if week is not None and standing.monday < standing.since:
        older[standing.monday] = week["planned"], week["missed"]
    return [*(Mark(str(on), on, p, False, "excused", missed) for on, (p, missed) in older.items()), *marks]
