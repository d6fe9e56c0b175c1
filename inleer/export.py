"""A list as a file: CSV or XLSX, exactly what is on the screen. A cell is never a formula (trust promise 48).

Rows are written one by one to a file that stays in memory while it is small, so that a long list takes no more memory
than a short one. The file is complete before its first byte leaves: what goes wrong on the way is a page, not half a
file. Folders with parts of it are removed whatever happens.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import IO, Any

from flask import Response

from inleer.i18n import _

Cell = str | int | float | Decimal | date | None
# What a spreadsheet program would read as the beginning of a formula.
_FORMULA = ("=", "+", "-", "−", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_FORBIDDEN_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
_LONGEST = 32_000  # a cell of a workbook holds no more
_WIDEST, _DAY_WIDTH = 60, 10  # letters, in a column of a workbook
_PIECE, _IN_MEMORY = 64 * 1024, 1024 * 1024
# Each row goes to a file as soon as the next begins.
_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


@dataclass(frozen=True)
class Table:
    """A list to export. ``name`` becomes the file name (without extension) and the sheet's name.

    ``rows`` are asked for once, one at a time.
    """

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]


@dataclass(frozen=True)
class ExportFile:
    """A finished file with its name, content type and size in bytes."""

    name: str
    content_type: str
    size: int
    file: IO[bytes]

    def chunks(self) -> Iterator[bytes]:
        """The content piece by piece, once; the file is gone after it."""
        with self.file as file:
            file.seek(0)
            while piece := file.read(_PIECE):
                yield piece

    @property
    def data(self) -> bytes:
        """The whole content, of a small file."""
        self.file.seek(0)
        return self.file.read()


def safe_text(value: str) -> str:
    """A text without control characters; in a CSV one that looks like a formula gets an apostrophe before it."""
    plain = _CONTROL.sub("", value)
    return f"'{plain}" if plain.lstrip(" \u00a0").startswith(_FORMULA) else plain


def as_csv(table: Table) -> ExportFile:
    """UTF-8 with BOM and semicolons, as Dutch spreadsheet programs open it."""
    out = _new_file()
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([safe_text(c) for c in table.columns])
    writer.writerows([_csv_cell(cell) for cell in row] for row in table.rows)
    text.detach()
    return ExportFile(f"{table.name}.csv", "text/csv; charset=utf-8", out.tell(), out)


def as_xlsx(table: Table) -> ExportFile:
    """A workbook with one sheet. Texts are always written as texts, never as formulas or links."""
    import xlsxwriter  # here: only exports need it

    out = _new_file()
    with (
        tempfile.TemporaryDirectory(prefix="inleer-") as folder,
        xlsxwriter.Workbook(out, {**_OPTIONS, "tmpdir": folder}) as book,
    ):
        _fill(book, table)
    out.seek(0, io.SEEK_END)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return ExportFile(f"{table.name}.xlsx", kind, out.tell(), out)


def _fill(book: Any, table: Table) -> None:
    sheet = book.add_worksheet(_FORBIDDEN_IN_SHEET_NAME.sub(" ", table.name)[:31])
    bold, days = book.add_format({"bold": True}), book.add_format({"num_format": "dd-mm-yyyy"})
    widths = [len(title) for title in table.columns]
    for place, title in enumerate(table.columns):
        sheet.write_string(0, place, _CONTROL.sub("", title), bold)
    for number, row in enumerate(table.rows, 1):
        for place, cell in enumerate(row):
            _write(sheet, number, place, cell, days)
            widths[place] = max(widths[place], _DAY_WIDTH if isinstance(cell, date) else len(str(cell)))
    for place, width in enumerate(widths):
        sheet.set_column(place, place, min(width, _WIDEST) + 2)
    sheet.freeze_panes(1, 0)


def _new_file() -> IO[bytes]:
    return tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)


FORMATS: Mapping[str, Callable[[Table], ExportFile]] = {"csv": as_csv, "xlsx": as_xlsx}


def export(table: Table, kind: str) -> ExportFile:
    """The table as "csv" or "xlsx". Raises KeyError for another kind."""
    return FORMATS[kind](table)


def sent(file: ExportFile) -> Response:
    """A file as the answer to a request: a download, sent piece by piece."""
    response = Response(file.chunks(), content_type=file.content_type)
    response.headers["Content-Length"] = str(file.size)
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response.call_on_close(file.file.close)
    return response


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
