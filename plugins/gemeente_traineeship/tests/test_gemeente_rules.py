"""The rules for placing trainees. No database."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inleer_gemeente import rules
from inleer_gemeente.declared import SETTINGS
from inleer_gemeente.rules import Limits, Period

from inleer.plugin import DomainError

D = date.fromisoformat
BEGIN, END = D("2026-12-01"), D("2027-06-30")
DAYS = st.dates(D("2026-01-01"), D("2026-03-31"))


def period(function: str = "Adviseur", trained: str | None = "2026-11-30", begin: date = BEGIN) -> Period:
    day = D(trained) if trained else None
    return Period("werkplek_1", function, "Wonen", "T. Begeleider", day, begin, END, uuid4())


@pytest.mark.parametrize("other", ["Adviseur", "adviseur", "  ADVISEUR "])
def test_a_function_of_another_period_blocks(other: str) -> None:
    first, second = period(other), period()
    found = rules.repeated(second, [first, second])
    assert found is not None and found.blocks and found.code == "function"
    assert rules.repeated(second, [second]) is None, "not against itself"
    assert rules.repeated(second, [period("Planner")]) is None


def test_a_new_period_is_compared_although_it_is_no_placement_yet() -> None:
    new = Period("werkplek_2", "Adviseur", "Wonen", "", None, BEGIN, END)
    assert rules.repeated(new, [period()]) is not None
    assert rules.repeated(new, [Period("werkplek_1", "Adviseur", "Wonen", "", None, BEGIN, END)]) is not None


@pytest.mark.parametrize(
    ("trained", "words"),
    [
        ("2026-11-30", ""),
        ("2026-12-01", "pas op 1 dec 2026"),
        ("2027-01-04", "pas op"),
        (None, "staat er nog niet"),
    ],
)
def test_the_supervisor_is_trained_before_the_first_day(trained: str | None, words: str) -> None:
    found = rules.untrained(period(trained=trained))
    if not words:
        assert found is None
    else:
        assert found is not None and found.blocks
        assert words in found.text.replace("\N{NO-BREAK SPACE}", " ")
        assert "T. Begeleider" in found.text


def test_both_problems_are_told() -> None:
    assert [p.code for p in rules.problems_of(period(trained=None), [period()])] == ["function", "supervisor"]
    assert rules.problems_of(period(), []) == []


@pytest.mark.parametrize(("people", "wrong"), [(11, True), (12, False), (14, False), (16, False), (17, True)])
def test_the_group_is_12_to_16_with_14_as_target(people: int, wrong: bool) -> None:
    found = rules.group_problem(people, Limits())
    assert (found is not None) is wrong
    if found is not None:
        assert not found.blocks and "12 tot en met 16, met 14" in found.text


@pytest.mark.parametrize(("people", "wrong"), [(2, True), (3, False), (4, False), (5, True)])
def test_three_or_four_per_directorate(people: int, wrong: bool) -> None:
    found = rules.directorate_problems(["Wonen"] * people + ["Sport"] * 3, Limits())
    assert [p.code for p in found] == (["directorate"] if wrong else [])
    if wrong:
        assert found[0].text == f"Wonen: {people}, afgesproken is 3 of 4."


def test_other_numbers_are_told_as_they_are() -> None:
    (found,) = rules.directorate_problems(["Wonen"], Limits(directorate_min=2, directorate_max=6))
    assert found.text == "Wonen: 1, afgesproken is 2 tot en met 6."


@pytest.mark.parametrize(("days", "wrong"), [(31, False), (30, True), (0, True), (-5, True)])
def test_the_first_workplace_is_known_before_the_start(days: int, wrong: bool) -> None:
    start = D("2026-12-20")
    found = rules.without_first([], start, start - timedelta(days=days), Limits())
    assert (found is not None) is wrong
    assert rules.without_first([period()], start, start, Limits()) is None


def test_the_limits_are_the_settings() -> None:
    official = {p.key.partition(".")[2]: p.official[0][1] for p in SETTINGS}
    assert Limits(**official) == Limits()
    assert (official["group_min"], official["group_target"], official["group_max"]) == (12, 14, 16)
    assert (official["directorate_min"], official["directorate_max"]) == (3, 4)


@given(st.lists(st.tuples(DAYS, DAYS).map(lambda d: (min(d), max(d))), max_size=8), DAYS, DAYS)
def test_taken_is_the_fullest_day(stays: list[tuple[date, date]], one: date, other: date) -> None:
    first, last = min(one, other), max(one, other)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert rules.taken(stays, first, last) == max(sum(a <= day <= b for a, b in stays) for day in days)


def test_a_citizen_service_number_is_refused() -> None:
    assert rules.check_text("  Directie   Wonen ", "directorate") == "Directie Wonen"
    with pytest.raises(DomainError, match="burgerservicenummer"):
        rules.check_text("111222333", "client")
