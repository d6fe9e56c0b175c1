"""Properties of the 16-hour signal, and a brute-force check of it."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from inleer.attendance.rules import STATUSES, Mark, missed_minutes, sixteen_hours
from inleer.calendars.rules import Period, SchoolCalendar, monday

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


ABSENCES = st.builds(
    lambda day, planned, share, status, number: Mark(
        f"s{number}",
        START + timedelta(day),
        planned,
        True,
        status,
        0 if status in (None, "present") else max(1, planned * share // 100),
    ),
    st.integers(0, 150),
    st.sampled_from([120, 240, 360, 480]),
    st.sampled_from([50, 99, 100, 100, 100]),
    st.sampled_from(["unexcused", "unexcused", "unexcused", "present", "ill", None]),
    st.integers(0, 10**6),
)
MARK_LISTS = st.lists(ABSENCES, max_size=40, unique_by=lambda mark: mark.session_id)
VACATIONS = st.lists(
    st.builds(
        lambda day, length: Period(START + timedelta(day), START + timedelta(day + length)),
        st.integers(0, 150),
        st.integers(0, 16),
    ),
    max_size=4,
).map(tuple)
CALENDARS = st.builds(lambda vacations: SchoolCalendar(vacations, {}), VACATIONS)


def by_brute_force(marks: list[Mark], calendar: SchoolCalendar) -> list[date]:
    """Day by day, window by window; without the seven days (see days_between=0 in the test)."""
    end = START + timedelta(170)
    every = [monday(START) + n * WEEK for n in range((end - START).days // 7 + 1)]
    school = [
        week
        for week in every
        if not any(week + timedelta(n) in vacation for n in range(5) for vacation in calendar.vacations)
    ]
    found: list[date] = []
    for day in [START + timedelta(n) for n in range(171)]:
        for n in range(len(school)):
            window = school[n : n + 4]
            total = sum(
                mark.missed
                for mark in marks
                if mark.status == "unexcused"
                and any(week <= mark.on < week + WEEK for week in window)
                and mark.on <= day
                and (not found or mark.on > found[-1])
            )
            if total >= 960:
                found.append(day)
                break
    return found


@given(MARK_LISTS, CALENDARS)
@settings(max_examples=200, deadline=None)
def test_it_agrees_with_brute_force(marks: list[Mark], calendar: SchoolCalendar) -> None:
    assert reached(marks, calendar, days_between=0) == by_brute_force(marks, calendar)
    assert reached(marks, calendar)[:1] == by_brute_force(marks, calendar)[:1]


@given(MARK_LISTS, CALENDARS, st.integers(0, 10**6))
def test_the_order_of_marks_does_not_matter(marks: list[Mark], calendar: SchoolCalendar, seed: int) -> None:
    shuffled = list(marks)
    Random(seed).shuffle(shuffled)
    assert sixteen_hours(shuffled, calendar) == sixteen_hours(marks, calendar)


@given(MARK_LISTS, ABSENCES.filter(lambda mark: mark.status == "unexcused"), CALENDARS)
def test_more_absence_never_makes_it_later(marks: list[Mark], extra: Mark, calendar: SchoolCalendar) -> None:
    more = [*marks, Mark("extra", extra.on, extra.planned, True, "unexcused", extra.missed)]
    before, now = reached(marks, calendar), reached(more, calendar)
    assert not before or (now and now[0] <= before[0])


@given(MARK_LISTS, CALENDARS)
def test_every_signal_is_at_least_the_norm_and_no_minute_is_used_twice(
    marks: list[Mark], calendar: SchoolCalendar
) -> None:
    signals = sixteen_hours(marks, calendar)
    used = [session for signal in signals for session in signal.sessions]
    assert len(used) == len(set(used))
    for signal in signals:
        assert signal.minutes == sum(minutes for _week, minutes in signal.by_week) >= 960
        assert signal.window_start <= signal.begin <= signal.on <= signal.window_end
        assert len(signal.by_week) <= 4
        assert all(calendar.is_school_week(week) for week, _minutes in signal.by_week)


@given(MARK_LISTS, st.integers(0, 21), st.integers(1, 3))
def test_a_vacation_in_between_moves_everything_after_it_and_changes_nothing_else(
    marks: list[Mark], week: int, length: int
) -> None:
    """A vacation of whole weeks is put in; every later session is held that many weeks later."""
    border = START + week * WEEK
    shift = length * WEEK

    def moved(day: date) -> date:
        return day + shift if day >= border else day

    calendar = SchoolCalendar((Period(border, border + shift - timedelta(days=1)),), {})
    later = [Mark(m.session_id, moved(m.on), m.planned, m.counts, m.status, m.missed) for m in marks]
    # days_between counts days of the calendar, which a vacation does stretch
    expected = [moved(day) for day in reached(marks, days_between=0)]
    assert reached(later, calendar, days_between=0) == expected


@given(MARK_LISTS, CALENDARS, st.integers(0, 160))
def test_an_earlier_look_sees_the_same_signals_up_to_that_day(
    marks: list[Mark], calendar: SchoolCalendar, day: int
) -> None:
    until = START + timedelta(day)
    seen = [signal.on for signal in sixteen_hours(marks, calendar, until=until)]
    assert seen == [signal for signal in reached(marks, calendar) if signal <= until]


@given(MARK_LISTS, st.integers(-400, 3000))
def test_the_year_does_not_matter(marks: list[Mark], weeks: int) -> None:
    """Moved by whole weeks: across clock changes, leap days, new years and years of 53 weeks."""
    shift = weeks * WEEK
    moved = [Mark(m.session_id, m.on + shift, m.planned, m.counts, m.status, m.missed) for m in marks]
    assert reached(moved) == [day + shift for day in reached(marks)]


def test_the_turn_of_a_year_with_53_weeks() -> None:
    # weeks 52 and 53 of 2026, 1 and 2 of 2027, in an institution that goes on through Christmas
    days = [d("2026-12-22"), d("2026-12-29"), d("2027-01-05"), d("2027-01-12")]
    assert reached([on(day) for day in days]) == [d("2027-01-12")]
    assert reached([on(day) for day in [*days[:3], d("2027-01-19")]]) == []
