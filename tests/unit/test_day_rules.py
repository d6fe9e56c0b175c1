"""Days of steps: inside the edition, in order, and all problems at once."""

from __future__ import annotations

from datetime import date

import pytest

from inleer.cohorts.day_rules import (
    Span,
    back_day,
    first_day,
    first_possible,
    last_day,
    pause_days,
    pause_end,
)
from inleer.errors import DomainError

TODAY = date(2026, 11, 17)
SPAN = Span("Zorg 2027", date(2027, 1, 18), date(2027, 7, 2))
OPEN = Span("Open", date(2026, 1, 12), None)
LONG = Span("Met nazorg", date(2026, 1, 12), date(2029, 9, 5))


def told(problems: list[DomainError]) -> list[tuple[str | None, str]]:
    return [(p.field, p.message) for p in problems]


@pytest.mark.parametrize(
    ("last", "possible"),
    [
        (date(2026, 11, 17), date(2027, 1, 18)),
        (date(2027, 1, 17), date(2027, 1, 18)),
        (date(2027, 3, 1), date(2027, 3, 2)),
    ],
)
def test_the_first_possible_day_is_that_of_the_edition_or_the_day_after(last: date, possible: date) -> None:
    assert first_possible(SPAN, last) == possible


@pytest.mark.parametrize(
    ("on", "text"),
    [
        (date(2026, 11, 18), "Zorg 2027 begint op 18 jan 2027. Kies die dag of een latere."),
        (date(2027, 1, 17), "Zorg 2027 begint op 18 jan 2027. Kies die dag of een latere."),
        (date(2027, 1, 18), None),
        (date(2027, 7, 2), None),
        (date(2027, 7, 3), "Zorg 2027 eindigt op 2 jul 2027. Kies een eerdere dag."),
        (None, None),
    ],
)
def test_a_first_day_lies_in_the_edition(on: date | None, text: str | None) -> None:
    assert told(first_day(on, SPAN, TODAY)) == ([("on", text)] if text else [])


@pytest.mark.parametrize("span", [OPEN, LONG])
def test_a_first_day_lies_within_a_year(span: Span) -> None:
    assert first_day(date(2027, 11, 18), span, TODAY) == []
    assert told(first_day(date(2027, 11, 19), span, TODAY, field="first_day")) == [
        ("first_day", "Deze dag ligt meer dan een jaar vooruit. Kies een eerdere dag.")
    ]


def test_a_first_day_is_not_after_the_last() -> None:
    assert len(first_day(date(2026, 5, 2), OPEN, TODAY, left=date(2026, 5, 1))) == 1
    assert first_day(date(2026, 5, 1), OPEN, TODAY, left=date(2026, 5, 1)) == []


@pytest.mark.parametrize(
    ("on", "wrong"),
    [
        (date(2026, 1, 11), "voor de instapdatum"),
        (date(2026, 1, 12), ""),
        (TODAY, ""),
        (date(2026, 11, 18), "toekomst"),
    ],
)
def test_a_last_day_is_between_joining_and_today(on: date, wrong: str) -> None:
    found = last_day(on, date(2026, 1, 12), TODAY, "last_day")
    assert bool(found) == bool(wrong)
    assert all(wrong in p.message and p.field == "last_day" for p in found)


def test_all_problems_of_a_pause_show_at_once() -> None:
    found = pause_days(date(2027, 1, 4), date(2027, 1, 1), date(2027, 1, 18), SPAN, None)
    assert [p.field for p in found] == ["from_on", "until_on"]


@pytest.mark.parametrize(
    ("until", "span", "right"),
    [
        (date(2027, 7, 1), SPAN, True),
        (date(2027, 7, 2), SPAN, False),
        (date(2036, 1, 1), SPAN, False),
        (date(2028, 2, 2), OPEN, True),
        (date(2028, 2, 3), OPEN, False),
        (date(2028, 2, 2), LONG, True),
        (date(2028, 2, 3), LONG, False),
        (None, SPAN, True),
    ],
)
def test_a_pause_ends_before_the_edition_and_within_a_year(
    until: date | None, span: Span, right: bool
) -> None:
    assert (pause_end(until, date(2027, 2, 1), span) == []) is right


def test_a_pause_is_not_over_a_former_one() -> None:
    (found,) = pause_days(date(2027, 2, 1), date(2027, 2, 9), date(2027, 1, 18), SPAN, date(2027, 2, 1))
    assert found.field == "from_on" and "was er al een pauze" in found.message
    assert pause_days(date(2027, 2, 2), date(2027, 2, 9), date(2027, 1, 18), SPAN, date(2027, 2, 1)) == []


def test_coming_back_is_after_the_pause_began_and_in_the_edition() -> None:
    began = date(2027, 2, 1)
    assert [
        len(back_day(d, began, SPAN, TODAY)) for d in (date(2027, 1, 31), began, date(2027, 7, 3), None)
    ] == [1, 0, 1, 0]
