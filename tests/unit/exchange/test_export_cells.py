"""Promise 48: whatever a text holds, in no export is it a formula, a link or a control character."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inleer import export
from inleer.export import Table, as_csv, as_xlsx

STARTS = (
    "=",
    "+",
    "-",
    "−",
    "@",
    "\t",
    "\r",
    "\n",
    " =",
    "\u00a0=",
    "\x00=",
    "\x0b@",
    "=HYPERLINK(",
    "http://",
    "'=",
)
TEXTS = st.builds(
    str.__add__,
    st.sampled_from(("", *STARTS)),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
)
# What a spreadsheet program takes for the start of a formula, and what none of them can show.
FORMULA = ("=", "+", "-", "−", "@", "\t", "\r")
CONTROL = {chr(n) for n in range(32)} - {"\t", "\n", "\r"} | {"\x7f"}


def of_csv(text: str) -> str:
    data = as_csv(Table("lijst", ["A"], [[text]])).data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(data, newline=""), delimiter=";"))[1][0]


def wrong_csv(text: str) -> list[str]:
    """What is wrong with a text in a CSV."""
    cell = of_csv(text)
    found = ["formula"] if cell.lstrip(" \u00a0").startswith(FORMULA) else []
    return found + (["control"] if CONTROL & set(cell) else [])


@settings(max_examples=500, deadline=None)
@given(TEXTS)
def test_no_cell_of_a_csv_is_a_formula(text: str) -> None:
    # A row with one empty cell is an empty line, and no row at all.
    assert not text or wrong_csv(text) == []


@settings(max_examples=40, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=12))
def test_no_cell_of_a_workbook_is_a_formula_or_a_link(texts: list[str]) -> None:
    data = as_xlsx(Table("lijst", texts, [texts, texts])).data
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    for row in sheet.iter_rows():
        for cell in row:
            assert cell.data_type in ("s", "n") and cell.hyperlink is None
            assert cell.value is None or not CONTROL & set(str(cell.value))


def test_an_export_that_forgets_the_apostrophe_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault."""
    monkeypatch.setattr(export, "safe_text", lambda value: value)
    assert wrong_csv("=1+1") == ["formula"] and "control" in wrong_csv("a\x0bb")
