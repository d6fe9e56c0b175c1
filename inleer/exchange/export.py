"""A list as a file: CSV or XLSX, exactly what is on the screen. A cell is never a formula (trust promise 48)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from inleer.i18n import _

Cell = str | int | float | Decimal | date | None
# What a spreadsheet program would read as the beginning of a formula.
_FORMULA = ("=", "+", "-", "−", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_FORBIDDEN_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
_LONGEST = 32_000  # a cell of a workbook holds no more


@dataclass(frozen=True)
class Table:
    """A list to export. ``name`` becomes the file name (without extension) and the sheet's name."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class ExportFile:
    """A finished file with its name and content type."""

    name: str
    content_type: str
    data: bytes


def safe_text(value: str) -> str:
    """A text without control characters; in a CSV one that looks like a formula gets an apostrophe before it."""
    plain = _CONTROL.sub("", value)
    return f"'{plain}" if plain.lstrip(" \u00a0").startswith(_FORMULA) else plain


def as_csv(table: Table) -> ExportFile:
    """UTF-8 with BOM and semicolons, as Dutch spreadsheet programs open it."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([safe_text(c) for c in table.columns])
    writer.writerows([_csv_cell(cell) for cell in row] for row in table.rows)
    return ExportFile(f"{table.name}.csv", "text/csv; charset=utf-8", out.getvalue().encode("utf-8-sig"))


def as_xlsx(table: Table) -> ExportFile:
    """A workbook with one sheet. Texts are always written as texts, never as formulas or links."""
    import xlsxwriter  # here: only exports need it

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(_FORBIDDEN_IN_SHEET_NAME.sub(" ", table.name)[:31])
        bold = book.add_format({"bold": True})
        days = book.add_format({"num_format": "dd-mm-yyyy"})
        for place, title in enumerate(table.columns):
            sheet.write_string(0, place, _CONTROL.sub("", title), bold)
        for number, row in enumerate(table.rows, 1):
            for place, cell in enumerate(row):
                _write(sheet, number, place, cell, days)
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return ExportFile(f"{table.name}.xlsx", kind, out.getvalue())


FORMATS: Mapping[str, Callable[[Table], ExportFile]] = {"csv": as_csv, "xlsx": as_xlsx}


def export(table: Table, kind: str) -> ExportFile:
    """The table as "csv" or "xlsx". Raises KeyError for another kind."""
    return FORMATS[kind](table)


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return _("onbekend")
    if isinstance(cell, str):
        return safe_text(cell)
    if isinstance(cell, date):
        return cell.strftime("%d-%m-%Y")
    return str(cell).replace(".", ",")


def _write(sheet: Any, row: int, column: int, cell: Cell, days: Any) -> None:
    if cell is None:
        sheet.write_string(row, column, _("onbekend"))
    elif isinstance(cell, str):
        sheet.write_string(row, column, _CONTROL.sub("", cell)[:_LONGEST])
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, days)
    else:
        sheet.write_number(row, column, float(cell))
