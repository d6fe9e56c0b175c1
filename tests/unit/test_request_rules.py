"""Asking employers: stages, response, statements; with numbers, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from inleer.errors import DomainError
from inleer.intentions.rules_requests import (
    Asked,
    check_askable,
    check_limit,
    grouped,
    last_day,
    response,
    stage_on,
)
from inleer.intentions.statements import (
    BINDS,
    SHORT,
    TITLES,
    Terms,
    commitment,
    differences,
    in_one_line,
    sha256,
    stated,
    terms_kept,
)

DAY = date(2026, 11, 2)
TERMS = Terms("Helpende", "intention", 5, 20, 28, date(2027, 9, 1), None)


@pytest.mark.parametrize(
    ("days", "stage"), [(0, 0), (2, 0), (3, 1), (6, 1), (7, 2), (11, 2), (12, 3), (14, 3), (60, 3)]
)
def test_reminders_are_due_after_3_7_and_12_days(days: int, stage: int) -> None:
    assert stage_on(last_day(DAY), DAY + timedelta(days=days)) == stage


def test_the_last_day_is_the_fourteenth() -> None:
    assert last_day(DAY) == date(2026, 11, 16)


def test_one_mail_for_each_contact_of_an_employer() -> None:
    one, other = uuid4(), uuid4()
    found = grouped([(one, "A@b.nl", 1), (other, "a@b.nl", 2), (one, "a@b.nl ", 3), (one, "c@b.nl", 4)])
    assert list(found.values()) == [[1, 3], [2], [4]]


def test_response_is_answered_within_14_days_of_all_that_was_asked() -> None:
    rows = [
        Asked(DAY, DAY),
        Asked(DAY, DAY + timedelta(days=14)),
        Asked(DAY, DAY + timedelta(days=15)),
        Asked(DAY, None),
        Asked(DAY + timedelta(days=10), None),
    ]
    found = response(rows, DAY + timedelta(days=16))
    assert (found.in_time, found.asked, found.waiting) == (2, 5, 1)
    assert response([], DAY).asked == 0


def test_what_ended_or_waits_is_not_asked() -> None:
    for state in ("requested", "declined", "withdrawn", "closed"):
        with pytest.raises(DomainError, match=r"Het Baken|afgezegd"):
            check_askable(state, "Het Baken")
    for state in ("draft", "expired", "confirmed"):
        check_askable(state, "Het Baken")


def test_the_fourth_mail_of_a_day_is_refused() -> None:
    check_limit(2, "a@b.nl")
    with pytest.raises(DomainError, match="24 uur"):
        check_limit(3, "a@b.nl")


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({}, "5 plekken, 20 tot 28 uur per week, vanaf 1 september 2027"),
        ({"positions": 1, "hours_max": 20}, "1 plek, 20 uur per week, vanaf 1 september 2027"),
        ({"positions": None, "from_on": None}, "nog geen aantal plekken genoemd, 20 tot 28 uur per week"),
        ({"hours_min": None, "hours_max": None, "from_on": None}, "5 plekken, uren nog onbekend"),
    ],
)
def test_in_one_line(changes: dict[str, Any], line: str) -> None:
    assert in_one_line(replace(TERMS, **changes)) == line


def test_each_kind_reads_differently_and_says_what_it_binds_to() -> None:
    for words in (TITLES, SHORT, BINDS):
        assert len(set(words.values())) == 3
    assert "inspanning" in SHORT["intention"] and "resultaat" in SHORT["guarantee"]
    assert "objectief" in BINDS["conditional_contract"]


def test_a_statement_holds_all_that_was_shown_and_its_hash_is_of_the_text() -> None:
    text = commitment(TERMS, "Het Baken", "Lichting 2026", "Werkbedrijf")
    for part in ("Het Baken", "Lichting 2026", "Werkbedrijf", "Helpende", "5 plekken", BINDS["intention"]):
        assert part in text
    kept = stated(text, "ja, dit klopt", "R. de Wit", DAY)
    assert kept.startswith(text) and "R. de Wit" in kept and "2 november 2026" in kept
    assert sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_terms_come_back_as_they_were_kept_and_differences_are_said() -> None:
    assert terms_kept(TERMS.kept()) == TERMS
    now = Terms("Helpende", "guarantee", 3, 20, None, None, None)
    assert differences(TERMS, now) == [
        ("Soort toezegging", "Intentie", "Baangarantie"),
        ("Plekken", "5", "3"),
        ("Uren per week, hoogstens", "28", "onbekend"),
        ("Vanaf", "1 september 2027", "onbekend"),
    ]
    assert differences(TERMS, TERMS) == []
