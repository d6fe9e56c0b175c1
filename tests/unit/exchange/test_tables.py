"""What a table says besides its cells: row numbers, notices, sheets, and names that lie about the content."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from inleer.errors import ImportProblem
from inleer.exchange.cells import column_letter, is_error_value
from inleer.exchange.reading import read_candidates
from inleer.exchange.tables import read_table
from tests.corpus import workbooks

TODAY = date(2021, 4, 1)


def test_row_numbers_are_those_of_the_sheet() -> None:
    table = read_table(workbooks.workbook([(), (), ("a", "b"), (), ("c", "d")]), "a.xlsx")
    assert [row.number for row in table.rows] == [3, 5]


def test_row_numbers_of_a_csv_count_records_and_not_lines() -> None:
    table = read_table(b'a;b\r\n"x\r\ny";1\r\n\r\nc;d\r\n', "a.csv")
    assert [(row.number, row.cells) for row in table.rows] == [
        (1, ("a", "b")),
        (2, ("x\r\ny", "1")),
        (4, ("c", "d")),
    ]
    assert (table.encoding, table.separator) == ("utf-8", ";")


def test_a_decimal_comma_is_no_separator() -> None:
    assert read_table(b"a;b;c\n1,5;2,5;3,5\n1,5;2,5;3,5\n", "a.csv").separator == ";"


def test_the_first_visible_sheet_is_read_and_the_others_are_named() -> None:
    def fill(book: Any, _sheet: Any) -> None:
        book.add_worksheet("Tweede")
        book.add_worksheet("Geheim").hide()

    table = read_table(workbooks.workbook([("a", "b")], fill), "a.xlsx")
    assert table.sheet == "Blad1"
    said = " ".join(notice.message for notice in table.warnings)
    assert "Tweede" in said and "Geheim" in said


def test_formulas_and_error_values_are_empty_and_named_by_row_and_column() -> None:
    parsed = read_candidates(workbooks.with_formulas(), "a.xlsx", TODAY)
    [(_number, row)] = parsed.rows
    assert (row.children, row.postcode, row.email, row.phone) == (None, None, None, None)
    found = [(notice.row, notice.column) for notice in parsed.warnings if "als leeg" in notice.message]
    assert found == [(2, "Kinderen"), (2, "Postcode"), (2, "E-mail"), (2, "Telefoon")]


def test_a_formula_in_a_required_cell_says_so() -> None:
    def fill(_book: Any, sheet: Any) -> None:
        sheet.write_formula(1, 3, "=TODAY()", None, 33000)

    parsed = read_candidates(
        workbooks.workbook([workbooks.CANDIDATE_HEADER, ("K1", "Jan", "Berg")], fill), "a.xlsx", TODAY
    )
    assert [(p.row, p.column) for p in parsed.problems] == [(2, "Geb.datum")]
    assert "formule" in parsed.problems[0].message


def test_the_same_letter_f_elsewhere_in_the_xml_is_no_formula() -> None:
    def sparkline(xml: bytes) -> bytes:
        return xml.replace(
            b"</worksheet>", b'<extLst><ext><x:f xmlns:x="urn:x">A1</x:f></ext></extLst></worksheet>'
        )

    assert not read_table(workbooks.with_sheet(sparkline), "a.xlsx").emptied


@pytest.mark.parametrize(
    ("number", "seen"),
    [
        (60, 60.0),
        (-1, -1.0),
        (3_000_000, 3_000_000.0),
        (1e300, 1e300),
        (61, date(1900, 3, 1)),
        (32905, date(1990, 2, 1)),
    ],
)
def test_days_that_calamine_gets_wrong_stay_the_number_they_are(number: float, seen: Any) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_number(1, 1, number, book.add_format({"num_format": "dd-mm-yyyy"}))

    table = read_table(workbooks.workbook([("a", "b"), ("x",)], fill), "a.xlsx")
    assert table.rows[1].cells == ("x", seen)


def test_a_workbook_that_counts_from_1904() -> None:
    rows = [
        workbooks.CANDIDATE_HEADER,
        ("K1", "Jan", "Berg", datetime(1990, 2, 1)),
        ("K2", "Piet", "Smit", 31443),
    ]
    parsed = read_candidates(workbooks.workbook(rows, date_1904=True), "a.xlsx", TODAY)
    assert [row.birth_date for _number, row in parsed.rows] == [date(1990, 2, 1)] * 2


def test_cells_merged_downwards_are_a_warning() -> None:
    parsed = read_candidates(workbooks.merged(), "a.xlsx", TODAY)
    assert [notice.row for notice in parsed.warnings if "Samengevoegde" in notice.message] == [3]
    assert [row.last_name for _number, row in parsed.rows] == ["Berg"]
    assert [(problem.row, problem.column) for problem in parsed.problems] == [(4, "Achternaam")]


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("a.xls", "Sla het op als .xlsx"),
        ("a.ods", "Sla het op als .xlsx"),
        ("a.pdf", "xlsx of .csv"),
        ("", "xlsx of .csv"),
    ],
)
def test_other_kinds_of_file_are_refused_by_name(name: str, part: str) -> None:
    with pytest.raises(ImportProblem, match=part):
        read_table(workbooks.candidates(), name)


def test_a_page_saved_as_csv_is_refused() -> None:
    with pytest.raises(ImportProblem, match="webpagina"):
        read_table(b"<html><table><tr><td>Klantnr;x", "a.csv")


def test_the_limit_is_the_callers() -> None:
    with pytest.raises(ImportProblem, match="te groot"):
        read_table(b"a;b\n" * 30, "a.csv", limit=100)


def test_too_many_columns_in_a_csv() -> None:
    with pytest.raises(ImportProblem, match="kolommen"):
        read_table(b";".join([b"a"] * 201), "a.csv")


def test_letters_above_columns() -> None:
    assert [column_letter(index) for index in (0, 25, 26, 16_383)] == ["A", "Z", "AA", "XFD"]


def test_error_values() -> None:
    assert is_error_value("#N/B") and is_error_value("#naam?") and is_error_value("#####")
    assert not is_error_value("#") and not is_error_value("#12")


def test_one_cell_named_a_million_times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inleer.exchange.sheet_scan.MAX_AREA", 100)
    cell = b'<c r="A1"><v>1</v></c>'
    with pytest.raises(ImportProblem, match="te veel gevulde cellen"):
        read_table(
            workbooks.with_sheet(lambda xml: xml.replace(b"</row>", cell * 101 + b"</row>", 1)), "a.xlsx"
        )


def test_a_sheet_full_of_formulas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inleer.exchange.sheet_scan.MAX_PATCHES", 2)

    def fill(_book: Any, sheet: Any) -> None:
        for row in range(3):
            sheet.write_formula(row, 0, "=1+1", None, 2)

    with pytest.raises(ImportProblem, match="formules"):
        read_table(workbooks.workbook([], fill), "a.xlsx")


def test_too_many_parts_in_one_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inleer.exchange.archive.MAX_ELEMENTS", 5)
    with pytest.raises(ImportProblem, match="te groot"):
        read_table(workbooks.candidates(), "a.xlsx")
