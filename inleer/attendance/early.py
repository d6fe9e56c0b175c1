"""Early warnings before 16 hours: no-shows in a row, 8 hours in 4 weeks, attendance under 80 %. Pure.

Each gives None or one Finding about the situation on a day. ``cause_key`` stays the same as long as the
cause does, so that a handled signal returns only for a new cause. Interpretations:
docs/decisions/0013-early-warnings.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from inleer.attendance.figures import hours, percent
from inleer.attendance.sixteen import Reached, sixteen_hours
from inleer.attendance.statuses import (
    STATUSES,
    Mark,
    Status,
    countable,
    is_judged,
    is_no_show,
    unexcused_minutes,
)
from inleer.calendars.rules import SchoolCalendar, monday, school_weeks
from inleer.i18n import format_date


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found. ``on``: the day that completed it. ``value``: a number of sessions, minutes or per
    cent. The text gives the value of now with the day up to which it holds; a signal keeps the day on which it began.
    """

    rule: str
    cause_key: str
    on: date
    value: int | Decimal
    text_nl: str


def no_shows_in_a_row(
    marks: Iterable[Mark],
    *,
    needed: int = 2,
    as_of: date | None = None,
    statuses: Mapping[str, Status] = STATUSES,
) -> Finding | None:
    """The run of no-shows that is still going on, when it is ``needed`` long or longer.

    Only sessions that count; a no-show is unexcused for the whole session. Any other judged mark ends the
    run, sessions without one are skipped. The cause is the run: it begins with its first session.
    """
    run: list[Mark] = []
    for mark in reversed(countable(marks, statuses)):
        if (as_of is not None and mark.on > as_of) or not is_judged(mark, statuses):
            continue
        if not is_no_show(mark, statuses):
            break
        run.append(mark)
    if len(run) < max(needed, 1):
        return None
    last = format_date(run[0].on)
    text = f"{len(run)} keer achter elkaar niet gekomen zonder geldige reden (laatst op {last})."
    return Finding("no_shows_in_a_row", f"no_shows:{run[-1].session_id}", run[0].on, len(run), text)


def unexcused_in_window(
    marks: Iterable[Mark],
    calendar: SchoolCalendar,
    *,
    as_of: date,
    threshold_minutes: int = 480,
    weeks: int = 4,
    signal_minutes: int = 960,
    statuses: Mapping[str, Status] = STATUSES,
    times: Iterable[Reached] | None = None,
) -> Finding | None:
    """Unexcused minutes in the last ``weeks`` school weeks up to ``as_of``, when they reach the threshold.

    Minutes that already led to a 16-hour signal (``signal_minutes``) are not warned about again; ``times`` are those
    signals, where they are known already. The cause
    is the day on which the threshold was crossed; it is new after the sum has been below it, or after a
    signal.
    """
    kept = [mark for mark in countable(marks, statuses) if mark.on <= as_of]
    if not kept:
        return None
    if times is None:
        times = sixteen_hours(
            kept,
            calendar,
            threshold_minutes=signal_minutes,
            weeks=weeks,
            statuses=statuses,
        )
    after = max((time.on for time in times if time.on <= as_of), default=date.min)
    by_day: dict[date, int] = defaultdict(int)
    for mark in kept:
        if mark.on > after:
            by_day[mark.on] += unexcused_minutes(mark, statuses)
    known_weeks = school_weeks(calendar, kept[0].on, as_of)
    value = _sum(by_day, known_weeks[-weeks:])
    if value < threshold_minutes:
        return None
    crossed = _crossed(by_day, known_weeks, weeks, threshold_minutes)
    last = max((day for day, minutes in by_day.items() if minutes), default=crossed)
    text = (
        f"Nu {_as_text(value)} ongeoorloofd afwezig in {weeks} schoolweken (laatst op {format_date(last)})."
    )
    return Finding("unexcused_in_window", f"unexcused_in_window:{crossed.isoformat()}", crossed, value, text)


def _sum(by_day: Mapping[date, int], weeks: tuple[date, ...], last: date = date.max) -> int:
    return sum(minutes for day, minutes in by_day.items() if day <= last and monday(day) in weeks)


def _crossed(by_day: Mapping[date, int], known_weeks: tuple[date, ...], weeks: int, threshold: int) -> date:
    """The last day on which the sum rose from below the threshold to it; the sum is known to be there now."""
    crossed = date.min
    for day in sorted(day for day, minutes in by_day.items() if minutes and monday(day) in known_weeks):
        place = known_weeks.index(monday(day))
        total = _sum(by_day, known_weeks[max(0, place - weeks + 1) : place + 1], day)
        if total - by_day[day] < threshold <= total:
            crossed = day
    return crossed


def _as_text(minutes: int) -> str:
    whole, rest = divmod(minutes, 60)
    return f"{whole} uur" if not rest else f"{whole} uur en {rest} minuten"


def _as_number(minutes: int) -> str:
    """Hours with at most two decimals: 12, 6,5."""
    return f"{hours(minutes).normalize():f}".replace(".", ",")


def below_percentage(
    marks: Iterable[Mark],
    calendar: SchoolCalendar,
    *,
    as_of: date,
    percentage: int = 80,
    weeks: int = 4,
    statuses: Mapping[str, Status] = STATUSES,
) -> Finding | None:
    """Attendance over the last ``weeks`` school weeks up to ``as_of``, when it is under ``percentage`` per
    cent.

    The base is that of the attendance figure: judged, not cancelled sessions of every type. There is no
    finding before the person's first judged session lies ``weeks`` school weeks back (the running week
    included). The cause is the first school week of the unbroken series of weeks in which the figure was
    too low.
    """
    judged = [mark for mark in marks if mark.on <= as_of and not mark.cancelled and is_judged(mark, statuses)]
    if not judged:
        return None
    planned: dict[date, int] = defaultdict(int)
    missed: dict[date, int] = defaultdict(int)
    for mark in judged:
        planned[monday(mark.on)] += mark.planned
        missed[monday(mark.on)] += mark.lost
    known_weeks = school_weeks(calendar, min(planned), as_of)
    cause: date | None = None
    for place in range(len(known_weeks), weeks - 1, -1):
        base, present = _base(planned, missed, known_weeks[place - weeks : place])
        if present * 100 >= percentage * base:  # also without any judged session: 0 >= 0
            break
        cause = known_weeks[place - 1]
    window = known_weeks[-weeks:]
    base, present = _base(planned, missed, window)
    value = percent(present, base)
    if cause is None or value is None:
        return None
    last = max(mark.on for mark in judged if monday(mark.on) in window)
    share = str(value).replace(".", ",")
    text = (
        f"Nu {share} % aanwezig · {_as_number(present)} van {_as_number(base)} u over {weeks} schoolweken "
        f"(tot en met {format_date(last)})."
    )
    return Finding("below_percentage", f"below_percentage:{cause.isoformat()}", last, value, text)


def _base(
    planned: Mapping[date, int], missed: Mapping[date, int], weeks: tuple[date, ...]
) -> tuple[int, int]:
    """(planned, present) minutes of the given weeks."""
    base = sum(planned.get(week, 0) for week in weeks)
    return base, base - sum(missed.get(week, 0) for week in weeks)
