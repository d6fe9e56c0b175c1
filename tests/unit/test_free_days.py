"""When a phase begins on a free day, or has no other: with numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from inleer.cohorts.free_days import in_words, laid_on, nearest


@dataclass(frozen=True)
class Days:
    start: date
    end: date
    name: str


AUTUMN = Days(date(2026, 10, 10), date(2026, 10, 18), "Herfstvakantie")
DAY = Days(date(2026, 12, 25), date(2026, 12, 25), "Eerste kerstdag")


def test_the_first_day_is_free() -> None:
    laid = laid_on([AUTUMN], date(2026, 10, 12), date(2026, 11, 12))
    assert laid is not None and not laid.whole
    assert in_words(laid) == "De eerste dag is vrij: Herfstvakantie, 10 oktober 2026 t/m 18 oktober 2026."
    assert (
        in_words(laid_on([DAY], date(2026, 12, 25), None))
        == "De eerste dag is vrij: Eerste kerstdag, 25 december 2026."
    )


def test_all_days_are_free_and_a_weekend_after_them_changes_nothing() -> None:
    laid = laid_on([AUTUMN], date(2026, 10, 12), date(2026, 10, 16))
    assert laid is not None and laid.whole
    assert "Alle dagen van deze fase zijn vrij: Herfstvakantie" in in_words(laid)
    assert laid_on([DAY], date(2026, 12, 25), date(2026, 12, 27)) == laid_on(
        [DAY], date(2026, 12, 25), date(2026, 12, 25)
    )


def test_a_phase_that_begins_on_an_ordinary_day() -> None:
    assert laid_on([AUTUMN], date(2026, 10, 9), date(2026, 10, 16)) is None
    assert laid_on([], date(2026, 10, 12), None) is None
    assert in_words(None) == ""


def test_the_nearest_is_the_first_that_is_not_over() -> None:
    assert nearest([AUTUMN, DAY], date(2026, 10, 19)) == DAY
    assert nearest([AUTUMN, DAY], date(2026, 10, 18)) == AUTUMN
    assert nearest([AUTUMN], date(2027, 1, 1)) == AUTUMN
    assert nearest([], date(2027, 1, 1)) is None
