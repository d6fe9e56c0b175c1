"""Statuses, minutes and attendance figures."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inleer.attendance.rules import (
    IMPORT_CODES,
    STATUSES,
    Figures,
    Judgement,
    Mark,
    Status,
    check_minutes,
    figures,
    hours,
    is_no_show,
    missed_minutes,
    percent,
    session_minutes,
    status_for_code,
    within,
)
from inleer.calendars.rules import Period, SchoolCalendar
from inleer.errors import DomainError

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


# --- statuses and codes -------------------------------------------------------------------------


def test_the_catalogue_says_of_each_status_what_it_means() -> None:
    meaning = {k: (s.letter, s.judgement.value, s.excused, s.minutes, s.judged) for k, s in STATUSES.items()}
    assert meaning == {
        "present": ("A", "present", None, "none", True),
        "late": ("L", "present", None, "some", True),
        "left_early": ("V", "present", None, "some", True),
        "ill": ("Z", "absent", True, "all", True),
        "excused": ("G", "absent", True, "all", True),
        "unexcused": ("O", "absent", False, "all", True),
        "reported": ("M", "unknown", None, "none", False),
        "not_applicable": ("N", "unknown", None, "none", False),
    }


def test_a_status_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="excused"):
        Status("gone", "X", "Weg", Judgement.ABSENT, None, "all", judged=True)
    with pytest.raises(ValueError, match="present or absent"):
        Status("vague", "X", "Vaag", Judgement.UNKNOWN, None, "none", judged=True)


@pytest.mark.parametrize(("code", "key"), [*IMPORT_CODES.items(), ("tl", "late"), (" o ", "unexcused")])
def test_import_codes_in_upper_and_lower_case(code: str, key: str) -> None:
    assert status_for_code(code) == key


@pytest.mark.parametrize("code", ["Q", "", "AA", "4"])
def test_an_unknown_code_is_refused_with_a_sentence(code: str) -> None:
    with pytest.raises(DomainError, match=r"onbekend.*A, TL, VV, Z, G, O") as caught:
        status_for_code(code)
    assert caught.value.field == "status"


def test_a_school_may_use_codes_of_its_own() -> None:
    assert status_for_code("zk", {"ZK": "ill"}) == "ill"
    with pytest.raises(DomainError):
        status_for_code("Z", {"ZK": "ill"})


# --- minutes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "given_minutes", "missed"),
    [
        ("present", None, 0),
        ("present", 0, 0),
        ("late", 1, 1),
        ("late", 239, 239),
        ("left_early", 30, 30),
        ("ill", None, 240),
        ("excused", None, 240),
        ("unexcused", None, 240),
        ("unexcused", 239, 239),
        ("ill", 120, 120),
        ("reported", None, 0),
        ("not_applicable", None, 0),
    ],
)
def test_missed_minutes(key: str, given_minutes: int | None, missed: int) -> None:
    assert missed_minutes(STATUSES[key], 240, given_minutes) == missed


@pytest.mark.parametrize(
    ("key", "given_minutes", "sentence"),
    [
        ("late", None, "hoeveel minuten"),
        ("left_early", None, "hoeveel minuten"),
        ("late", 0, "minstens 1 minuut"),
        ("late", -5, "minstens 1 minuut"),
        ("late", 240, "kies afwezig"),
        ("left_early", 240, "kies afwezig"),
        ("late", 241, "meer dan de les duurt"),
        ("unexcused", 241, "meer dan de les duurt"),
        ("ill", 0, "Leeg betekent: de hele les"),
        ("present", 10, "horen geen minuten"),
        ("reported", 10, "horen geen minuten"),
    ],
)
def test_minutes_that_cannot_be_are_refused(key: str, given_minutes: int | None, sentence: str) -> None:
    with pytest.raises(DomainError, match=sentence) as caught:
        check_minutes(STATUSES[key], 240, given_minutes)
    assert caught.value.field == "minutes"


def test_a_session_without_minutes_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="at least one planned minute"):
        check_minutes(STATUSES["present"], 0, None)


@given(st.sampled_from(list(STATUSES.values())), st.integers(1, 600), st.none() | st.integers(-10, 700))
def test_what_is_accepted_lies_between_nothing_and_the_whole_session(
    status: Status, planned: int, minutes: int | None
) -> None:
    try:
        missed = missed_minutes(status, planned, minutes)
    except DomainError:
        assert minutes is not None or status.minutes == "some"
    else:
        assert 0 <= missed <= planned


def test_elapsed_minutes_across_the_clock_change() -> None:
    evening = datetime(2026, 10, 25, 1, 30, tzinfo=AMSTERDAM)
    assert session_minutes(evening, datetime(2026, 10, 25, 3, 30, tzinfo=AMSTERDAM)) == 180
    spring = datetime(2026, 3, 29, 1, 30, tzinfo=AMSTERDAM)
    assert session_minutes(spring, datetime(2026, 3, 29, 3, 30, tzinfo=AMSTERDAM)) == 60
    with pytest.raises(ValueError, match="naive"):
        session_minutes(datetime(2026, 1, 1, 9), datetime(2026, 1, 1, 10))
    with pytest.raises(ValueError, match="na het begin"):
        session_minutes(evening, evening)


@given(st.dates(date(2020, 1, 1), date(2029, 12, 31)))
def test_a_lesson_in_daytime_lasts_as_long_on_the_day_of_a_clock_change(day: date) -> None:
    start = datetime(day.year, day.month, day.day, 9, tzinfo=AMSTERDAM)
    assert session_minutes(start, start.replace(hour=15)) == 360


# --- figures ------------------------------------------------------------------------------------


def test_present_is_planned_minus_missed_and_lateness_illness_and_leave_are_missed() -> None:
    result = figures(
        [
            mark(0, "present"),
            mark(1, "late", 15),
            mark(2, "left_early", 25),
            mark(3, "ill"),
            mark(4, "excused", 60),
            mark(5, "unexcused"),
        ]
    )
    assert (result.sessions, result.planned, result.missed) == (6, 1440, 580)
    assert (result.late, result.left_early, result.ill, result.excused, result.unexcused) == (
        15,
        25,
        240,
        60,
        240,
    )
    assert result.present_pct == Decimal("59.7")


def test_sessions_without_a_judged_mark_are_apart_and_never_present() -> None:
    result = figures([mark(0, "present"), mark(1, None), mark(2, "reported"), mark(3, "not_applicable")])
    assert (result.planned, result.present_pct) == (240, Decimal("100.0"))
    assert (result.unrecorded, result.reported, result.unrecorded_minutes) == (2, 1, 480)
    assert result.scheduled == 720


def test_without_a_judged_session_there_is_no_percentage() -> None:
    assert figures([]).present_pct is None
    assert figures([mark(0, None), mark(1, "reported")]).present_pct is None


def test_only_past_sessions_between_joining_and_leaving_outside_pauses() -> None:
    marks = [mark(day, "unexcused") for day in range(10)]
    result = figures(
        marks,
        joined=START + timedelta(1),
        left=START + timedelta(8),
        until=START + timedelta(7),
        pauses=[Period(START + timedelta(3), START + timedelta(4))],
    )
    # days 1, 2, 5, 6, 7: the day of joining counts, so does the last day
    assert result.sessions == 5
    assert figures(marks, left=START + timedelta(8)).sessions == 9
    open_pause = Period(START + timedelta(2), date.max)
    assert [m.on for m in within(marks, pauses=[open_pause])] == [START, START + timedelta(1)]


def test_cancelled_sessions_count_for_nobody() -> None:
    assert figures([mark(0, "unexcused", cancelled=True), mark(1, None, cancelled=True)]) == Figures()


def test_sessions_that_do_not_count_for_16_hours_do_count_for_attendance() -> None:
    assert figures([mark(0, "unexcused", counts=False)]).unexcused == 240


def test_a_session_shortened_after_it_was_recorded_costs_no_more_than_it_lasts() -> None:
    shortened = Mark("s", START, planned=120, counts=True, status="unexcused", missed=240)
    assert figures([shortened]).missed == 120
    assert is_no_show(shortened)


def test_wrong_marks_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        Mark("s", START, planned=240, counts=True, status="late", missed=-1)
    with pytest.raises(ValueError, match="unknown attendance status"):
        figures([Mark("s", START, planned=240, counts=True, status="verdwenen")])


def test_a_status_of_the_school_itself_goes_by_what_it_means() -> None:
    own = {
        **STATUSES,
        "bpv": Status("bpv", "B", "Verlof voor bpv", Judgement.ABSENT, True, "all", judged=True),
    }
    result = figures([Mark("s", START, 240, True, "bpv", 240)], statuses=own)
    assert (result.excused, result.ill) == (240, 0)


@given(MARK_LISTS)
def test_the_parts_add_up(marks: list[Mark]) -> None:
    result = figures(marks)
    parts = result.late + result.left_early + result.ill + result.excused + result.unexcused
    assert parts == result.missed <= result.planned
    assert result.reported <= result.unrecorded
    held = [m for m in marks if not m.cancelled and m.status != "not_applicable"]
    assert result.sessions + result.unrecorded == len(held)
    assert result.scheduled == sum(m.planned for m in held)


@given(MARK_LISTS, st.randoms(use_true_random=False), st.integers(0, 40))
def test_figures_do_not_depend_on_the_order_and_can_be_added(
    marks: list[Mark], random: object, cut: int
) -> None:
    shuffled = list(marks)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert figures(shuffled) == figures(marks) == figures(marks[:cut]) + figures(marks[cut:])


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_percentages_round_a_half_up(part: int, whole: int) -> None:
    exact = Decimal(100 * part) / Decimal(whole)
    assert percent(part, whole) == exact.quantize(Decimal("0.1"), ROUND_HALF_UP)


def test_rounding_of_the_known_figures() -> None:
    assert percent(8520, 9600) == Decimal("88.8")  # 88.75 exactly
    assert percent(8865, 10000) == Decimal("88.7")  # 88.65: half to even would give 88.6
    assert percent(1, 0) is None
    assert hours(959) == Decimal("15.98")
    assert hours(7) == Decimal("0.12")  # 0.1166…
    assert hours(960) == Decimal("16.00")
    for wrong in [lambda: percent(-1, 5), lambda: hours(-1)]:
        with pytest.raises(ValueError, match="negative"):
            wrong()
