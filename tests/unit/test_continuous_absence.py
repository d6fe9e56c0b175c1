"""Four weeks of absence on end, the legal trigger for the Doorstroompunt."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from inleer.attendance.rules import STATUSES, Mark, continuous_absence, missed_minutes
from inleer.calendars.rules import Period, SchoolCalendar

ALWAYS_SCHOOL = SchoolCalendar(vacations=(), holidays={})
START = date(2021, 3, 1)  # a Monday
WEEK = timedelta(weeks=1)


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


def tuesdays(statuses: str) -> list[Mark]:
    """One letter a week: O missed, A present, Z ill, - not recorded."""
    keys = {"O": "unexcused", "A": "present", "Z": "ill", "-": None}
    return [after(7 * n + 1, status=keys[letter], planned=360) for n, letter in enumerate(statuses)]


def test_four_weeks_are_complete_on_the_day_before_the_fifth_lesson() -> None:
    marks = tuesdays("OOOO-")
    assert continuous_absence(marks, ALWAYS_SCHOOL, as_of=START + timedelta(27)) is None
    found = continuous_absence(marks, ALWAYS_SCHOOL, as_of=START + timedelta(28))
    assert found is not None
    assert (found.since, found.last_missed, found.on, found.days) == (
        START + timedelta(1),
        START + timedelta(22),
        START + timedelta(28),
        28,
    )
    assert found.cause_key == "continuous_absence:2021-03-02"


def test_the_absence_stays_one_cause_however_long_it_lasts() -> None:
    found = continuous_absence(tuesdays("AOOOOOOO"), ALWAYS_SCHOOL, as_of=START + timedelta(55))
    assert found is not None
    assert (found.since, found.on) == (START + timedelta(8), START + timedelta(35))


@pytest.mark.parametrize("statuses", ["OOAOO", "OOZOO", "OOOOA", "OOO--", "----O", "O----"])
def test_a_valid_reason_or_presence_ends_it_and_silence_does_not_fill_it(statuses: str) -> None:
    assert continuous_absence(tuesdays(statuses), ALWAYS_SCHOOL, as_of=START + timedelta(34)) is None


def test_silence_between_does_not_end_it() -> None:
    assert continuous_absence(tuesdays("OO-OO-"), ALWAYS_SCHOOL, as_of=START + timedelta(41)) is not None


def test_a_vacation_does_not_lengthen_the_absence() -> None:
    calendar = SchoolCalendar((Period(START + timedelta(14), START + timedelta(27)),), {})
    marks = [after(7 * n + 1, planned=360) for n in (0, 1, 4, 5)]
    assert continuous_absence(marks, calendar, as_of=START + timedelta(40)) is None
    marks.append(after(43, planned=360))
    found = continuous_absence(marks, calendar, as_of=START + timedelta(43))
    assert found is not None
    assert found.on == START + timedelta(42)


def test_a_week_without_a_lesson_does_not_exist_and_one_missed_lesson_is_no_four_weeks() -> None:
    assert continuous_absence([after(1)], ALWAYS_SCHOOL, as_of=START + timedelta(90)) is None
    gap = [after(7 * n + 1) for n in (0, 1, 5, 6)]
    assert continuous_absence(gap, ALWAYS_SCHOOL, as_of=START + timedelta(48)) is None
    with pytest.raises(ValueError, match="at least 1"):
        continuous_absence(gap, ALWAYS_SCHOOL, as_of=START, weeks=0)
