"""What people mended put over a table, cells as texts, and the columns that somebody points out."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from inleer.exchange.cells import Cell, Row, Table
from inleer.exchange.columns import CANDIDATES
from inleer.exchange.grid import Mend, as_text, mended
from inleer.exchange.header_look import look, look_of
from inleer.exchange.headers import find_header, words_of
from inleer.exchange.rows_candidates import parse
from inleer.exchange.tables import read_table

TODAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        ("0123", "0123"),
        (45.0, "45"),
        (7.5, "7,5"),
        (True, "ja"),
        (datetime(1990, 2, 28), "28-02-1990"),
        (datetime(2026, 9, 7, 9, 5), "07-09-2026 09:05"),
        (date(1990, 2, 28), "28-02-1990"),
        (time(9, 5), "09:05"),
        (timedelta(hours=1, minutes=5), "1:05"),
    ],
)
def test_a_cell_as_a_person_types_it(cell: Cell, text: str) -> None:
    assert as_text(cell) == text


def test_mended_cells_rows_left_out_and_rows_made_empty() -> None:
    table = Table((Row(1, ("a", "b")), Row(2, ("x", 1.0)), Row(3, ("y", None)), Row(4, ("z",))), "csv")
    found = mended(table, {2: Mend({1: "7", 3: "ver"}), 3: Mend(left_out=True), 4: Mend({0: ""})})
    assert list(found.rows) == [Row(1, ("a", "b")), Row(2, ("x", "7", None, "ver"))]
    assert mended(table, {}) is table


def test_a_mended_file_is_judged_by_the_same_rules() -> None:
    data = b"Klantnr;Achternaam;Geb.datum\nK1;Berg;01-05-1998\nK1;Ander;01-05-1998\nK3;Fout;31-02-1990\n"
    table = read_table(data, "x.csv")
    assert {p.row for p in parse(table, TODAY).problems} == {3, 4}
    good = parse(mended(table, {2: Mend(left_out=True), 4: Mend({2: "28-02-1990"})}), TODAY)
    assert not good.problems and [number for number, _row in good.rows] == [3, 4]
    worse = parse(mended(table, {3: Mend({0: "K3"}), 4: Mend({2: "28-02-1990"})}), TODAY)
    assert [(p.row, p.message) for p in worse.problems] == [(4, "Dit staat al op rij 3.")]


def test_headers_are_remembered_by_their_letters() -> None:
    assert words_of(("Reg. nr", None, "Datum", "datum ", "???")) == {
        0: "regnr", 1: "@B", 2: "datum", 3: "datum#2", 4: "@E",
    }  # fmt: skip


def file(mapping: dict[str, str], head: str = "Reg;Achternaam;Geb.datum;;BSN") -> Table:
    table = read_table(f"{head}\nR1;Berg;01-05-1998;ines@voorbeeld.nl;123456782\n".encode(), "x.csv")
    return Table(table.rows, "csv", mapping=mapping)


def test_what_each_column_is_taken_for() -> None:
    seen = look(file({}), CANDIDATES)
    assert seen is not None and seen.missing == ("Klantnummer",) and seen.asks
    assert [(c.name, c.key, c.how, c.sample) for c in seen.columns] == [
        ("Reg", "", "unknown", "R1"),
        ("Achternaam", "last_name", "known", "Berg"),
        ("Geb.datum", "birth_date", "known", "01-05-1998"),
        ("D", "", "unknown", "ines@voorbeeld.nl"),
        ("BSN", "", "bsn", None),
    ]
    assert look_of(seen.as_json()) == seen


def test_what_somebody_said_goes_before_what_the_words_say() -> None:
    said = {"reg": "client_number", "@D": "email", "bsn": "phone"}
    seen = look(file(said), CANDIDATES)
    assert seen is not None and not seen.missing and not seen.asks
    header, problems = find_header(file(said), CANDIDATES)
    assert header is not None and not problems
    assert dict(header.places) == {"client_number": 0, "last_name": 1, "birth_date": 2, "email": 3}
    rows = parse(file(said), TODAY).rows
    assert (rows[0][1].client_number, rows[0][1].email, rows[0][1].phone) == ("R1", "ines@voorbeeld.nl", None)
    left_out = {"reg": "client_number", "gebdatum": "", "achternaam": "nergens"}
    seen = look(file(left_out), CANDIDATES)
    assert seen is not None and seen.missing == ("Geboortedatum",)


def test_a_header_of_which_nothing_is_known_is_the_row_with_the_most_texts() -> None:
    table = read_table(b"Lijst van maandag\nReg;Wie;Sinds\nR1;Berg;01-05-1998\n", "x.csv")
    seen = look(table, CANDIDATES)
    assert seen is not None and seen.row == 2 and [c.word for c in seen.columns] == ["reg", "wie", "sinds"]
    assert look(Table((), "csv"), CANDIDATES) is None
