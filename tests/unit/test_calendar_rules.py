"""School weeks, free days and the Dutch calendar."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inleer.calendars.rules import (
    Period,
    Region,
    SchoolCalendar,
    UnknownVacations,
    add_months,
    add_school_weeks,
    dutch_calendar,
    monday,
    school_weeks,
    week_index,
)

NO_VACATIONS = SchoolCalendar(vacations=(), holidays={})
ANY_DAY = st.dates(date(2016, 1, 1), date(2029, 12, 31))


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.fixture(scope="module")
def noord() -> SchoolCalendar:
    return dutch_calendar("noord", d("2020-09-01"), d("2021-08-31"))


# --- periods and free days ----------------------------------------------------------------------


def test_a_period_includes_both_ends_and_refuses_to_end_before_it_starts() -> None:
    period = Period(d("2021-02-20"), d("2021-02-28"))
    assert d("2021-02-20") in period
    assert d("2021-02-28") in period
    assert d("2021-03-01") not in period
    with pytest.raises(ValueError, match="ligt voor de begindatum"):
        Period(d("2021-02-28"), d("2021-02-27"))


def test_reason_names_the_holiday_before_the_vacation_and_the_closing_day_last(noord: SchoolCalendar) -> None:
    assert noord.reason(d("2020-12-25")) == "Eerste kerstdag"
    assert noord.reason(d("2020-12-24")) == "Kerstvakantie"
    assert noord.reason(d("2020-12-18")) is None
    own = SchoolCalendar((), {}, closed=(Period(d("2020-11-11"), d("2020-11-11")),))
    assert own.reason(d("2020-11-11")) == "Gesloten"
    assert own.is_free(d("2020-11-11"))
    assert not own.is_vacation(d("2020-11-11"))


def test_good_friday_is_an_ordinary_day_unless_the_institution_closes(noord: SchoolCalendar) -> None:
    good_friday = d("2021-04-02")
    assert not noord.is_free(good_friday)
    closed = dutch_calendar("noord", good_friday, good_friday, closed=[Period(good_friday, good_friday)])
    assert closed.is_free(good_friday)
    assert closed.is_school_week(good_friday)


def test_liberation_day_is_free_once_in_five_years() -> None:
    # outside the May vacation of their year
    assert dutch_calendar("noord", d("2025-05-05"), d("2025-05-05")).is_free(d("2025-05-05"))
    assert not dutch_calendar("noord", d("2022-05-12"), d("2022-05-12")).is_free(d("2022-05-12"))
    assert d("2026-05-05") not in dutch_calendar("noord", d("2026-05-05"), d("2026-05-05")).holidays


# --- school weeks -------------------------------------------------------------------------------


def test_the_vacations_of_the_edition_in_lelystad(noord: SchoolCalendar) -> None:
    weeks = school_weeks(noord, d("2020-10-05"), d("2021-03-14"))
    gone = set(map(monday, _days(d("2020-10-05"), d("2021-03-14")))) - set(weeks)
    assert gone == {d("2020-10-12"), d("2020-12-21"), d("2020-12-28"), d("2021-02-22")}


def test_a_holiday_or_closing_day_leaves_the_week_a_school_week(noord: SchoolCalendar) -> None:
    easter_monday = d("2021-04-05")
    assert noord.is_free(easter_monday)
    assert noord.is_school_week(easter_monday)


@pytest.mark.parametrize(
    ("first", "last", "school"),
    [
        ("2021-03-13", "2021-03-14", True),  # only the weekend
        ("2021-03-08", "2021-03-08", False),  # one Monday
        ("2021-03-12", "2021-03-14", False),  # from Friday on
        ("2021-03-15", "2021-03-19", True),  # the week after
    ],
)
def test_one_vacation_day_on_a_weekday_takes_the_week_away(first: str, last: str, school: bool) -> None:
    calendar = SchoolCalendar((Period(d(first), d(last)),), {})
    assert calendar.is_school_week(d("2021-03-08")) is school
    assert calendar.is_school_week(d("2021-03-14")) is school  # asked by its Sunday


@given(ANY_DAY, ANY_DAY)
def test_school_weeks_are_mondays_in_order_and_without_vacation_all_weeks(one: date, other: date) -> None:
    first, last = sorted((one, other))
    weeks = school_weeks(NO_VACATIONS, first, last)
    assert weeks[0] == monday(first)
    assert weeks[-1] == monday(last)
    assert all(b - a == timedelta(7) for a, b in pairwise(weeks))


def test_no_weeks_when_the_end_lies_before_the_start() -> None:
    assert school_weeks(NO_VACATIONS, d("2021-03-10"), d("2021-03-09")) == ()


def test_a_year_with_53_weeks_has_no_gap_and_no_double_week() -> None:
    weeks = school_weeks(NO_VACATIONS, d("2026-12-21"), d("2027-01-10"))
    assert weeks == (d("2026-12-21"), d("2026-12-28"), d("2027-01-04"))
    assert d("2026-12-28").isocalendar().week == 53


def test_week_index_counts_school_weeks_only(noord: SchoolCalendar) -> None:
    start = d("2020-12-08")
    assert week_index(noord, start, d("2020-12-07")) == 1
    assert week_index(noord, start, d("2020-12-20")) == 2
    assert week_index(noord, start, d("2020-12-23")) is None
    assert week_index(noord, start, d("2021-01-05")) == 3
    assert week_index(noord, start, d("2020-12-06")) is None


def test_adding_school_weeks_skips_christmas(noord: SchoolCalendar) -> None:
    assert add_school_weeks(noord, d("2020-10-19"), 4) == d("2020-11-15")
    assert add_school_weeks(noord, d("2020-12-08"), 3) == d("2021-01-10")
    # a start in a vacation begins with the first school week after it
    assert add_school_weeks(noord, d("2020-12-24"), 1) == d("2021-01-10")
    with pytest.raises(ValueError, match="minstens 1"):
        add_school_weeks(noord, d("2020-10-19"), 0)
    with pytest.raises(ValueError, match="valt daarbuiten"):
        add_school_weeks(noord, d("2020-10-19"), 200)


@given(ANY_DAY, st.integers(1, 60))
def test_adding_school_weeks_ends_on_the_sunday_of_that_school_week(start: date, count: int) -> None:
    vacation = Period(start + timedelta(30), start + timedelta(45))
    calendar = SchoolCalendar((vacation,), {})
    end = add_school_weeks(calendar, start, count)
    assert end.weekday() == 6
    assert len(school_weeks(calendar, start, end)) == count
    assert week_index(calendar, start, end) == count


def test_a_calendar_that_is_nothing_but_vacation_says_so() -> None:
    endless = SchoolCalendar((Period(d("9990-01-01"), date.max),), {})
    with pytest.raises(ValueError, match="niet zo veel schoolweken"):
        add_school_weeks(endless, d("9990-01-08"), 1)


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2021-11-30", 3, "2022-02-28"),
        ("2022-03-31", -1, "2022-02-28"),
        ("2022-01-15", -1, "2021-12-15"),
        ("2022-08-01", 22, "2024-06-01"),
        ("2022-08-01", 0, "2022-08-01"),
    ],
)
def test_months_end_on_a_day_that_exists(start: str, count: int, expected: str) -> None:
    assert add_months(d(start), count) == d(expected)


@given(ANY_DAY, st.integers(-60, 60))
def test_adding_months_never_leaves_the_month_asked_for(start: date, count: int) -> None:
    end = add_months(start, count)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == count
    assert end.day <= start.day


# --- the Dutch calendar -------------------------------------------------------------------------


@pytest.mark.parametrize("region", get_args(Region))
@pytest.mark.parametrize("year", range(2016, 2030))
def test_every_region_has_every_vacation_from_2016_to_2029(region: Region, year: int) -> None:
    calendar = dutch_calendar(region, date(year, 1, 1), date(year, 12, 31))
    names = {period.name for period in calendar.vacations}
    assert len(names) == 5
    # five vacations of 1, 1, 1, 2 and 6 weeks; at New Year one of the two weeks may lie in another year
    school = len(school_weeks(calendar, date(year, 1, 5), date(year, 12, 20)))
    assert 39 <= school <= 42


def test_christmas_is_one_vacation_across_the_new_year(noord: SchoolCalendar) -> None:
    christmas = [period for period in noord.vacations if d("2020-12-31") in period]
    assert christmas == [Period(d("2020-12-19"), d("2021-01-03"), "Kerstvakantie")]


def test_regions_differ(noord: SchoolCalendar) -> None:
    zuid = dutch_calendar("zuid", d("2020-09-01"), d("2021-08-31"))
    assert noord.is_vacation(d("2020-10-14"))
    assert not zuid.is_vacation(d("2020-10-14"))
    assert zuid.is_vacation(d("2020-10-21"))


def test_an_institution_adds_and_removes_vacations() -> None:
    second_may_week = Period(d("2021-05-10"), d("2021-05-16"), "Tweede week meivakantie")
    calendar = dutch_calendar(
        "noord",
        d("2020-09-01"),
        d("2021-08-31"),
        extra=[second_may_week],
        removed=[Period(d("2020-10-12"), d("2020-10-16"))],
    )
    assert not calendar.is_school_week(d("2021-05-10"))
    assert calendar.reason(d("2021-05-11")) == "Tweede week meivakantie"
    assert calendar.is_school_week(d("2020-10-12"))
    assert calendar.is_vacation(d("2020-10-11"))  # the weekends around it stay
    assert calendar.is_vacation(d("2020-10-17"))
    assert calendar.is_free(d("2021-04-05"))  # holidays are not vacations, nothing takes them away


@pytest.mark.parametrize(
    ("first", "last", "year"),
    [
        ("2010-01-01", "2020-01-01", 2010),
        ("2029-01-01", "2031-01-01", 2031),
        ("2030-08-01", "2030-10-01", 2030),
    ],
)
def test_a_year_without_data_is_refused_by_name(first: str, last: str, year: int) -> None:
    with pytest.raises(UnknownVacations, match=str(year)) as caught:
        dutch_calendar("noord", d(first), d(last))
    assert isinstance(caught.value, ValueError)
    assert caught.value.year == year


def test_far_years_are_refused_without_computing_them() -> None:
    with pytest.raises(UnknownVacations):
        dutch_calendar("noord", d("2026-01-01"), date.max)
    with pytest.raises(UnknownVacations):
        dutch_calendar("noord", date.min, d("2026-01-01"))


def test_2030_is_known_until_the_end_of_summer() -> None:
    calendar = dutch_calendar("noord", d("2029-09-01"), d("2030-07-19"))
    assert calendar.is_school_week(d("2030-07-15"))
    assert not calendar.is_school_week(d("2030-07-22"))
    with pytest.raises(ValueError, match="valt daarbuiten"):
        calendar.is_school_week(d("2030-10-14"))


@given(ANY_DAY, st.sampled_from(get_args(Region)))
def test_the_whole_week_of_every_day_asked_for_is_known(day: date, region: Region) -> None:
    calendar = dutch_calendar(region, day, day)
    assert calendar.covers(monday(day))
    assert calendar.covers(monday(day) + timedelta(6))
    assert calendar.is_free(day) == (calendar.reason(day) is not None)


def test_wrong_questions_are_refused() -> None:
    with pytest.raises(ValueError, match="Onbekende regio"):
        dutch_calendar("oost", d("2021-01-01"), d("2021-01-01"))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="ligt voor de begindatum"):
        dutch_calendar("noord", d("2021-01-02"), d("2021-01-01"))
    with pytest.raises(ValueError, match="valt daarbuiten"):
        dutch_calendar("noord", d("2021-01-01"), d("2021-12-31")).is_free(d("2035-01-01"))


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(n) for n in range((last - first).days + 1)]
