"""The header row: found under titles, in any order and by many words; what is missing or twice is said."""

from __future__ import annotations

import pytest

from inleer.exchange.cells import Row, Table
from inleer.exchange.columns import ATTENDANCE, CANDIDATES, INTENTIONS, SESSIONS, Column
from inleer.exchange.headers import find_header
from inleer.exchange.values import fold


def table(*rows: tuple[str | None, ...]) -> Table:
    return Table([Row(number, row) for number, row in enumerate(rows, 1) if any(row)], "csv")


@pytest.mark.parametrize("columns", [CANDIDATES, SESSIONS, ATTENDANCE, INTENTIONS])
def test_no_spelling_means_two_columns(columns: tuple[Column, ...]) -> None:
    words = [fold(word) for column in columns for word in column.headers]
    assert len(words) == len(set(words))


def test_titles_are_skipped_and_words_recognised() -> None:
    header, problems = find_header(
        table(("Export kandidaten", None), (None, None), ("GEB. DATUM", "cliënt-nr.", "Achternaam")),
        CANDIDATES,
    )
    assert not problems and header is not None
    assert header.row == 3 and dict(header.places) == {"birth_date": 0, "client_number": 1, "last_name": 2}
    assert header.name("client_number") == "cliënt-nr." and header.name("email") == "E-mail"


def test_each_missing_column_is_one_problem_that_names_what_was_seen() -> None:
    header, problems = find_header(table(("Datum", "Les", "Minuten")), ATTENDANCE)
    assert header is None
    assert [problem.column for problem in problems] == ["Studentnummer", "Code"]
    assert all("Datum, Les, Minuten" in problem.message for problem in problems)


def test_a_column_twice_names_both() -> None:
    _header, problems = find_header(table(("Studentnr", "Datum", "Code", "Leerlingnr")), ATTENDANCE)
    assert len(problems) == 1
    assert "Studentnr (A)" in problems[0].message and "Leerlingnr (D)" in problems[0].message


def test_unknown_columns_are_named_and_a_bsn_column_gets_its_own_words() -> None:
    header, _problems = find_header(
        table(("Klantnr", "Naam", "Geboren", "BSN", "Hobby", "Hobby")), CANDIDATES
    )
    assert header is not None
    assert [notice.column for notice in header.warnings] == ["BSN", "Hobby", "Hobby"]
    assert "nooit opgeslagen" in header.warnings[0].message


def test_without_any_known_word_the_first_row_is_shown() -> None:
    _header, problems = find_header(table(("foo", "bar")), CANDIDATES)
    assert "foo, bar" in problems[0].message and "Klantnummer" in problems[0].message


def test_a_header_far_down_is_not_looked_for() -> None:
    filler = [("tekst", None)] * 30
    header, _problems = find_header(table(*filler, ("Klantnr", "Naam"), ("K1", "Jan")), CANDIDATES)
    assert header is None
