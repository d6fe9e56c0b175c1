"""The early warnings: no-shows in a row, 8 hours in 4 weeks, under 80 %."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inleer.attendance.rules import (
    STATUSES,
    Mark,
    below_percentage,
    missed_minutes,
    no_shows_in_a_row,
    unexcused_in_window,
)
from inleer.calendars.rules import Period, SchoolCalendar
from inleer.i18n import format_date

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
ALWAYS_SCHOOL = SchoolCalendar(vacations=(), holidays={})
START = date(2021, 3, 1)  # a Monday


def mark(
    day: int, status: str | None, missed: int | None = None, *, planned: int = 240, **other: object
) -> Mark:
    """A mark ``day`` days after START; blank minutes as a school would leave them blank."""
    lost = 0 if status is None else missed_minutes(STATUSES[status], planned, missed)
    return Mark(
        session_id=str(other.get("session", f"s{day:03}")),
        on=START + timedelta(day),
        planned=planned,
        counts=bool(other.get("counts", True)),
        status=status,
        missed=lost,
        cancelled=bool(other.get("cancelled", False)),
    )


def week(number: int, status: str | None, missed: int | None = None, **other: object) -> Mark:
    """The Tuesday of week ``number`` (0 is the first), 6 hours unless told otherwise."""
    planned = other.pop("planned", 360)
    assert isinstance(planned, int)
    return mark(7 * number + 1, status, missed, planned=planned, **other)


MARKS = st.builds(
    lambda day, key, planned, share, cancelled, counts, number: Mark(
        session_id=number,
        on=START + timedelta(day),
        planned=planned,
        counts=counts,
        status=key,
        missed=0 if key is None or STATUSES[key].minutes == "none" else max(1, planned * share // 100),
        cancelled=cancelled,
    ),
    st.integers(0, 120),
    st.sampled_from([None, *STATUSES]),
    st.integers(1, 600),
    st.integers(0, 100),
    st.booleans(),
    st.booleans(),
    st.integers(0, 10**6),
)
MARK_LISTS = st.lists(MARKS, max_size=40, unique_by=lambda one: one.session_id)


# --- two no-shows in a row ----------------------------------------------------------------------


def test_two_no_shows_in_a_row() -> None:
    found = no_shows_in_a_row([mark(0, "present"), mark(1, "unexcused"), mark(3, "unexcused")])
    assert found is not None
    assert (found.value, found.on, found.cause_key) == (2, START + timedelta(3), "no_shows:s001")
    assert no_shows_in_a_row([mark(1, "unexcused")]) is None


@pytest.mark.parametrize(
    "between",
    [
        mark(2, "present"),
        mark(2, "ill"),
        mark(2, "excused"),
        mark(2, "late", 200),
        mark(2, "unexcused", 239),
    ],
)
def test_any_other_judged_session_between_ends_the_run(between: Mark) -> None:
    assert no_shows_in_a_row([mark(1, "unexcused"), between, mark(3, "unexcused")]) is None


@pytest.mark.parametrize(
    "between",
    [
        mark(2, None),
        mark(2, "reported"),
        mark(2, "not_applicable"),
        mark(2, "present", cancelled=True),
        mark(2, "present", counts=False),
    ],
)
def test_a_session_that_says_nothing_does_not_end_the_run(between: Mark) -> None:
    assert no_shows_in_a_row([mark(1, "unexcused"), between, mark(3, "unexcused")]) is not None


def test_a_longer_run_is_the_same_cause_and_a_new_run_another() -> None:
    run = [mark(day, "unexcused") for day in (1, 2, 3)]
    keys = {found.cause_key for n in (2, 3) if (found := no_shows_in_a_row(run[:n]))}
    assert keys == {"no_shows:s001"}
    later = [*run, mark(4, "present"), mark(5, "unexcused"), mark(6, "unexcused")]
    assert no_shows_in_a_row(later[:4]) is None
    again = no_shows_in_a_row(later)
    assert again is not None
    assert again.cause_key == "no_shows:s005"
    before = no_shows_in_a_row(later, as_of=START + timedelta(3))
    assert before is not None
    assert before.value == 3


# --- 8 hours in 4 weeks -------------------------------------------------------------------------


def test_eight_hours_in_four_weeks_to_the_minute() -> None:
    marks = [week(0, "unexcused", 240), week(3, "unexcused", 239)]
    assert unexcused_in_window(marks, ALWAYS_SCHOOL, as_of=START + timedelta(27)) is None
    marks = [week(0, "unexcused", 240), week(3, "unexcused", 240)]
    found = unexcused_in_window(marks, ALWAYS_SCHOOL, as_of=START + timedelta(27))
    assert found is not None
    assert (found.value, found.on) == (480, marks[1].on)
    last = format_date(marks[1].on)
    assert found.text_nl == f"Nu 8 uur ongeoorloofd afwezig in 4 schoolweken (laatst op {last})."
    assert unexcused_in_window(marks, ALWAYS_SCHOOL, as_of=START + timedelta(28)) is None  # the fifth week


def test_more_hours_are_the_same_cause_until_the_sum_was_below() -> None:
    marks = [week(n, "unexcused", 240) for n in (0, 1, 2)] + [week(n, "unexcused", 240) for n in (8, 9)]
    as_of = [START + timedelta(n) for n in (13, 20, 69)]
    keys = [f.cause_key for day in as_of if (f := unexcused_in_window(marks, ALWAYS_SCHOOL, as_of=day))]
    assert keys == [f"unexcused_in_window:{START + timedelta(n)}" for n in (8, 8, 64)]


def test_hours_that_left_the_window_do_not_hide_a_new_cause() -> None:
    marks = [week(0, "unexcused", 480, planned=480), week(4, "unexcused", 480, planned=480)]
    found = unexcused_in_window(marks, ALWAYS_SCHOOL, as_of=START + timedelta(34))
    assert found is not None
    assert (found.on, found.value) == (marks[1].on, 480)


def test_hours_of_a_16_hour_signal_are_not_warned_about_again() -> None:
    marks = [week(n, "unexcused") for n in (0, 1, 2)]  # 18 hours: the signal
    assert unexcused_in_window(marks, ALWAYS_SCHOOL, as_of=START + timedelta(20)) is None
    marks += [week(3, "unexcused"), week(4, "unexcused", 150)]
    found = unexcused_in_window(marks, ALWAYS_SCHOOL, as_of=START + timedelta(34))
    assert found is not None
    assert (found.value, found.on) == (510, marks[4].on)
    assert found.text_nl.startswith("Nu 8 uur en 30 minuten")


def test_a_vacation_does_not_age_the_hours() -> None:
    calendar = SchoolCalendar((Period(START + timedelta(14), START + timedelta(27)),), {})
    marks = [week(0, "unexcused", 240), week(1, "unexcused", 240), week(2, "unexcused", counts=True)]
    found = unexcused_in_window(marks, calendar, as_of=START + timedelta(41))
    assert found is not None
    assert found.value == 480  # what was missed in the vacation does not count
    assert unexcused_in_window(marks, calendar, as_of=START + timedelta(42)) is None


def test_nothing_to_warn_about() -> None:
    assert unexcused_in_window([], ALWAYS_SCHOOL, as_of=START) is None
    assert unexcused_in_window([week(1, "unexcused")], ALWAYS_SCHOOL, as_of=START) is None
    assert below_percentage([], ALWAYS_SCHOOL, as_of=START) is None


@given(MARK_LISTS, st.integers(0, 150))
def test_the_value_of_the_warning_is_what_it_says(marks: list[Mark], day: int) -> None:
    as_of = START + timedelta(day)
    found = unexcused_in_window(marks, ALWAYS_SCHOOL, as_of=as_of, signal_minutes=10**9)
    first = as_of - timedelta(as_of.weekday() + 21)
    absent = [
        m.lost
        for m in marks
        if m.status == "unexcused" and m.counts and not m.cancelled and first <= m.on <= as_of
    ]
    assert (found.value if found else None) == (sum(absent) if sum(absent) >= 480 else None)
    assert found is None or first <= found.on <= as_of


# --- under 80 % over 4 weeks --------------------------------------------------------------------


def test_exactly_80_per_cent_is_not_under_80() -> None:
    at_80 = [week(n, "present", planned=300) for n in range(3)] + [week(3, "excused", 240, planned=300)]
    assert below_percentage(at_80, ALWAYS_SCHOOL, as_of=START + timedelta(27)) is None
    under = [*at_80[:3], week(3, "excused", 241, planned=300)]
    found = below_percentage(under, ALWAYS_SCHOOL, as_of=START + timedelta(27))
    assert found is not None
    assert found.value == Decimal("79.9")
    last = format_date(under[3].on)
    assert found.text_nl == f"Nu 79,9 % aanwezig · 15,98 van 20 u over 4 schoolweken (tot en met {last})."
    assert found.on == under[3].on


def test_no_finding_in_the_first_three_weeks() -> None:
    marks = [week(n, "ill") for n in range(4)]
    assert below_percentage(marks, ALWAYS_SCHOOL, as_of=START + timedelta(20)) is None
    assert below_percentage(marks, ALWAYS_SCHOOL, as_of=START + timedelta(21)) is not None


def test_an_unbroken_series_of_low_weeks_is_one_cause() -> None:
    marks = [week(n, "ill" if n in (3, 4, 12) else "present") for n in range(14)]
    keys = [
        found.cause_key
        if (found := below_percentage(marks, ALWAYS_SCHOOL, as_of=START + timedelta(7 * n + 6)))
        else ""
        for n in range(14)
    ]
    first, second = (f"below_percentage:{START + timedelta(7 * n)}" for n in (3, 12))
    assert keys == ["", "", "", first, first, first, first, first, "", "", "", "", second, second]


def test_only_judged_sessions_in_school_weeks_count() -> None:
    calendar = SchoolCalendar((Period(START + timedelta(21), START + timedelta(27)),), {})
    marks = [week(0, "present"), week(1, "present"), week(2, None), week(3, "ill"), week(4, "present")]
    assert below_percentage(marks, calendar, as_of=START + timedelta(34)) is None
    assert below_percentage(marks, ALWAYS_SCHOOL, as_of=START + timedelta(34)) is not None
