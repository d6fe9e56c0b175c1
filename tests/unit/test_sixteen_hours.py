"""The 16-hour signal and four weeks of absence: near misses, restart, properties, and a brute-force check."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from inleer.attendance.rules import STATUSES, Mark, missed_minutes, sixteen_hours, within
from inleer.calendars.rules import Period, SchoolCalendar, dutch_calendar

ALWAYS_SCHOOL = SchoolCalendar(vacations=(), holidays={})
START = date(2021, 3, 1)  # a Monday
WEEK = timedelta(weeks=1)


def d(text: str) -> date:
    return date.fromisoformat(text)


def on(
    day: date,
    missed: int | None = None,
    *,
    status: str | None = "unexcused",
    planned: int = 240,
    counts: bool = True,
    cancelled: bool = False,
    session: str | None = None,
) -> Mark:
    lost = 0 if status is None else missed_minutes(STATUSES[status], planned, missed)
    return Mark(session or f"{day}", day, planned, counts, status, lost, cancelled)


def after(days: int, missed: int | None = None, **other: object) -> Mark:
    return on(START + timedelta(days), missed, **other)  # type: ignore[arg-type]


def reached(
    marks: list[Mark],
    calendar: SchoolCalendar = ALWAYS_SCHOOL,
    *,
    threshold_minutes: int = 960,
    weeks: int = 4,
    days_between: int = 7,
) -> list[date]:
    signals = sixteen_hours(
        marks, calendar, threshold_minutes=threshold_minutes, weeks=weeks, days_between=days_between
    )
    return [signal.on for signal in signals]


@pytest.fixture(scope="module")
def noord() -> SchoolCalendar:
    return dutch_calendar("noord", d("2020-10-19"), d("2021-03-23"))


# --- near misses of the edition in Lelystad -----------------------------------------------------


@pytest.mark.parametrize(
    ("absences", "expected"),
    [
        pytest.param("12-08 12-15 01-05", "2021-01-05", id="across Christmas"),
        pytest.param("11-17 11-24 12-15", None, id="a fifth week"),
        pytest.param("10-20 10-21 10-22 10-26", "2020-10-26", id="16:00"),
        pytest.param("10-19 10-26 11-02", None, id="12 hours"),
        pytest.param("10-21 10-28 11-04 11-11", "2020-11-11", id="one a week, the fourth week"),
        pytest.param("10-20 10-21 11-11 11-17 11-24", "2020-11-24", id="the window slides"),
        pytest.param("11-11 02-02 03-02", None, id="16 hours, months apart"),
        pytest.param("10-20 01-12 02-02 03-09 03-16", None, id="28 hours, never in four weeks"),
    ],
)
def test_absences_of_the_edition_in_lelystad(
    noord: SchoolCalendar, absences: str, expected: str | None
) -> None:
    marks = []
    for text in absences.split():
        day = d(("2020-" if text > "07" else "2021-") + text)
        # four introduction weeks of 4 hours, then 6 hours of lessons
        marks.append(on(day, planned=240 if day < d("2020-11-16") else 360))
    assert [day.isoformat() for day in reached(marks, noord)[:1]] == ([expected] if expected else [])


def test_one_minute_short_is_not_sixteen_hours() -> None:
    assert reached([after(0), after(1), after(2), after(3, 239)]) == []
    assert reached([after(0), after(1), after(2), after(3, 240)]) == [START + timedelta(3)]


def test_the_fourth_week_counts_and_the_fifth_does_not() -> None:
    three = [after(6), after(7), after(14)]  # from the Sunday of the first week
    assert reached([*three, after(27)]) == [START + timedelta(27)]  # to the Sunday of the fourth
    assert reached([*three, after(28)]) == []


def test_weeks_begin_on_monday_and_are_not_28_days() -> None:
    # 28 days from the first to the last, both included, but the days lie in five weeks
    assert reached([after(2), after(9), after(16), after(29)]) == []


# --- what counts --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "instead",
    [
        after(3, status="ill"),
        after(3, status="excused"),
        after(3, 239, status="late"),
        after(3, 239, status="left_early"),
        after(3, status=None),
        after(3, status="reported"),
        after(3, counts=False),
        after(3, cancelled=True),
    ],
)
def test_what_does_not_count(instead: Mark) -> None:
    before = [after(0), after(1), after(2)]
    assert reached([*before, after(3)]) == [START + timedelta(3)]
    assert reached([*before, instead]) == []


def test_lateness_counts_by_the_setting_of_the_school() -> None:
    marks = [after(0), after(1), after(2), after(3, 200, status="late"), after(4, 40, status="left_early")]
    assert sixteen_hours(marks, ALWAYS_SCHOOL) == ()
    signals = sixteen_hours([replace(mark, late_counts=True) for mark in marks], ALWAYS_SCHOOL)
    assert [signal.minutes for signal in signals] == [960]
    # The rule began a day too late for the first of them: 720 + 40 minutes, no signal.
    later = [replace(mark, late_counts=mark.on >= START + timedelta(4)) for mark in marks]
    assert sixteen_hours(later, ALWAYS_SCHOOL) == ()


def test_sessions_inside_a_vacation_week_do_not_count() -> None:
    calendar = SchoolCalendar((Period(START + timedelta(4), START + timedelta(4)),), {})  # only that Friday
    assert reached([after(0), after(7), after(8), after(9)], calendar) == []
    assert reached([after(0), after(7), after(8), after(9), after(10)], calendar) == [START + timedelta(10)]


def test_a_public_holiday_leaves_the_week_in_the_window() -> None:
    calendar = SchoolCalendar((), {START + timedelta(7): "Feestdag"})
    assert reached([after(0), after(8), after(15), after(22)], calendar) == [START + timedelta(22)]
    assert reached([after(0), after(8), after(15), after(29)], calendar) == []


def test_hours_of_several_cohorts_are_put_together_and_a_shared_session_counts_once() -> None:
    first = [after(0, session="a1"), after(1, session="a2")]
    second = [after(0, session="b1"), after(1, session="b2")]
    assert reached(first + second) == [START + timedelta(1)]
    shared = [after(0, session="a1"), after(1, session="a2"), after(2, session="b3")]
    assert reached(first + shared) == []


def test_of_two_marks_for_one_session_the_mildest_judged_one_holds() -> None:
    marks = [after(0), after(1), after(2), after(3, session="x")]
    assert reached(marks) == [START + timedelta(3)]
    assert reached([*marks, after(3, status="excused", session="x")]) == []
    assert reached([*marks, after(3, status=None, session="x")]) == [START + timedelta(3)]


def test_days_before_joining_and_in_a_pause_are_cut_off_first() -> None:
    marks = [after(day) for day in range(4)]
    assert reached(within(marks, joined=START + timedelta(1))) == []
    assert reached(within(marks, pauses=[Period(START, START)])) == []


def test_norms_are_settings() -> None:
    marks = [after(day) for day in range(4)]
    assert reached(marks, threshold_minutes=480) == [START + timedelta(1)]
    assert reached([after(0), after(7)], threshold_minutes=480, weeks=1) == []
    with pytest.raises(ValueError, match="at least 1"):
        reached(marks, threshold_minutes=0)
    with pytest.raises(ValueError, match="at least 1"):
        reached(marks, weeks=0)


def test_an_unknown_week_is_refused_instead_of_guessed(noord: SchoolCalendar) -> None:
    with pytest.raises(ValueError, match="valt daarbuiten"):
        reached([on(d("2035-01-08"))], noord)
    assert sixteen_hours([on(d("2035-01-08"))], noord, until=d("2021-03-01")) == ()


# --- what the signal holds ----------------------------------------------------------------------


def test_the_signal_holds_what_the_report_needs(noord: SchoolCalendar) -> None:
    days = ("2020-12-08", "2020-12-15", "2021-01-05")
    (signal,) = sixteen_hours([on(d(day), planned=360) for day in days], noord)
    assert (signal.begin, signal.on, signal.minutes) == (d("2020-12-08"), d("2021-01-05"), 1080)
    assert signal.by_week == ((d("2020-12-07"), 360), (d("2020-12-14"), 360), (d("2021-01-04"), 360))
    assert signal.sessions == days
    assert (signal.window_start, signal.window_end) == (d("2020-12-07"), d("2021-01-10"))
    assert signal.cause_key == "sixteen_hours:2021-01-05"


def test_the_window_starts_four_school_weeks_back(noord: SchoolCalendar) -> None:
    present = on(d("2020-11-03"), status="present")
    days = ("2020-12-08", "2020-12-15", "2021-01-05")
    (signal,) = sixteen_hours([present, *(on(d(day), planned=360) for day in days)], noord)
    assert signal.window_start == d("2020-11-30")
    assert signal.begin == d("2020-12-08")


# --- restart ------------------------------------------------------------------------------------


def present_after(days: int) -> Mark:
    return after(days, status="present", session=f"present {days}")


def test_counting_starts_again_the_day_after() -> None:
    first = [after(day) for day in (0, 1, 2, 3)]
    # a second lesson on the day it was reached belongs to the first signal
    same_day = after(3, session="afternoon")
    more = [present_after(4), after(7), after(8), after(9)]
    signals = sixteen_hours([*first, same_day, *more], ALWAYS_SCHOOL)
    assert [(signal.on, signal.minutes) for signal in signals] == [(START + timedelta(3), 1200)]
    signals = sixteen_hours([*first, *more, after(10)], ALWAYS_SCHOOL)
    assert [signal.on for signal in signals] == [START + timedelta(3), START + timedelta(10)]
    assert (signals[1].window_start, signals[1].begin) == (START + timedelta(4), START + timedelta(7))


def test_at_most_one_signal_in_seven_days_of_absence_on_end() -> None:
    full_days = [after(day, planned=480) for day in (0, 1, 2, 3, 4, 7, 8, 9)]
    # reached on Tuesday; Thursday and Friday are too soon, Tuesday a week later is not
    signals = sixteen_hours(full_days, ALWAYS_SCHOOL)
    assert [signal.on for signal in signals] == [START + timedelta(1), START + timedelta(8)]
    assert signals[1].minutes == 5 * 480
    assert reached(full_days, days_between=1) == [START + timedelta(n) for n in (1, 3, 7, 9)]


@pytest.mark.parametrize("status", ["present", "late", "ill", "excused"])
def test_absence_that_was_interrupted_may_be_signalled_within_seven_days(status: str) -> None:
    marks = [after(day, planned=480) for day in (0, 1, 3, 4)]
    between = after(2, 30 if status == "late" else None, status=status, planned=480)
    assert reached([*marks, between]) == [START + timedelta(1), START + timedelta(4)]
    assert reached([*marks, after(2, status=None)]) == [START + timedelta(1)]  # nobody knows about that day


def test_on_end_begins_after_the_day_of_the_signal_and_includes_the_day_itself() -> None:
    marks = [after(day, planned=480) for day in (0, 1, 2, 3)]
    assert reached(marks) == [START + timedelta(1)]
    # at school in the morning of the day it was reached: absent on end since then all the same
    assert reached([*marks, present_after(1)]) == [START + timedelta(1)]
    # at school in the morning of the later day: not on end any more
    assert reached([*marks, present_after(3)]) == [START + timedelta(1), START + timedelta(3)]
