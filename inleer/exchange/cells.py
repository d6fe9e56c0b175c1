"""What a table from a file is made of: raw cells in numbered rows, and notices about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from inleer.i18n import _

#: What a cell can hold. Whole numbers from XLSX come as float; cells of a CSV are text; empty is None.
Cell = str | float | int | bool | date | datetime | time | timedelta | None

MAX_ROWS = 200_000
MAX_COLUMNS = 200
#: More notices of one kind than this are not shown one by one.
NOTICES_SHOWN = 50


class Row(NamedTuple):
    """One row; ``number`` is 1-based as the sheet shows it (in a CSV: which record it is)."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the sender should know that refuses nothing: a Dutch sentence, and where it is."""

    message: str
    row: int | None = None
    column: str | None = None


class CellNotice(NamedTuple):
    """A notice about one cell, by the 0-based place of its column; its header is not known yet."""

    message: str
    row: int
    place: int


@dataclass(frozen=True, slots=True)
class Table:
    """The rows that hold anything, in order. ``source`` is "xlsx" or "csv"; ``date1904``: Excel counts from 1904.

    ``emptied``: cells that were read as empty although something stands there (a formula, an error value).
    ``mapping``: what somebody said that headers mean (see ``headers.words_of``).
    """

    rows: Sequence[Row]
    source: str
    warnings: tuple[Notice, ...] = ()
    emptied: tuple[CellNotice, ...] = ()
    sheet: str | None = None
    encoding: str | None = None
    separator: str | None = None
    date1904: bool = False
    mapping: Mapping[str, str] = field(default_factory=dict)
    _why: dict[tuple[int, int], str] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        for notice in self.emptied:
            self._why[notice.row, notice.place] = notice.message

    def why_empty(self, row: int, index: int) -> str | None:
        """Why a cell was read as empty although something stands there; None when it is simply empty."""
        return self._why.get((row, index))


#: What Excel and LibreOffice show for a failed formula, in Dutch and in English.
ERROR_VALUES = frozenset({
    "#N/B", "#VERW!", "#WAARDE!", "#DEEL/0!", "#NAAM?", "#LEEG!", "#GETAL!", "#OVERLOOP!", "#BEREKENEN!",
    "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUL!", "#NUM!", "#SPILL!", "#CALC!",
})  # fmt: skip


def error_notice(text: str, row: int, index: int) -> CellNotice | None:
    """A notice when a cell shows an error value, None for any other text."""
    if text[0] != "#" or not is_error_value(text):
        return None
    return CellNotice(
        _("Hier staat een foutwaarde (%(value)s); gelezen als leeg.", value=text.strip()), row, index
    )


def is_error_value(text: str) -> bool:
    """Whether a cell shows what a failed formula leaves (#N/B), or the ##### of a column that is too narrow."""
    return text.strip().upper() in ERROR_VALUES or (len(text) > 2 and not text.strip().strip("#"))


def column_letter(index: int) -> str:
    """The letters above a column: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
