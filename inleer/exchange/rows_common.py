"""What the readers of all kinds share: a reader that collects every problem of a row, and repeated rows."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Generic, TypeVar

from inleer.errors import ImportProblem
from inleer.exchange.cells import NOTICES_SHOWN, Cell, Notice, Row, Table
from inleer.exchange.columns import Column
from inleer.exchange.headers import Header, find_header
from inleer.exchange.names import holds_bsn
from inleer.exchange.values import too_long
from inleer.i18n import _

#: No column takes a longer text. Parsers may look twice at a text of this length, not at one of a megabyte.
MAX_CELL = 2000

_T = TypeVar("_T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Parsed(Generic[R]):
    """What a file says. ``rows``: (row number as in the sheet, value) of every good row; ``problems``: all of
    them, a row may recur; ``warnings`` refuse nothing; ``columns``: column key → its header in the file."""

    rows: tuple[tuple[int, R], ...] = ()
    problems: tuple[ImportProblem, ...] = ()
    warnings: tuple[Notice, ...] = ()
    columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


class RowReader:
    """Reads the cells of one row by column key and keeps every problem; ``failed`` tells whether there was one."""

    def __init__(self, table: Table, header: Header, row: Row, problems: list[ImportProblem]) -> None:
        self.number = row.number
        self.date1904 = table.date1904
        self.failed = False
        self._table = table
        self._header = header
        self._cells = row.cells
        self._problems = problems

    def has(self, key: str) -> bool:
        """Whether the file has this column."""
        return key in self._header.places

    def cell(self, key: str) -> Cell:
        """The raw cell; None when it is empty or the file has no such column."""
        place = self._header.places.get(key)
        return self._cells[place] if place is not None and place < len(self._cells) else None

    def optional(self, key: str, parse: Callable[[Cell], _T]) -> _T | None:
        """The value, or None when the cell is empty or holds a problem."""
        cell = self.cell(key)
        if cell is None:
            return None
        if isinstance(cell, str) and len(cell) > MAX_CELL:
            self.refuse(key, too_long(len(cell), MAX_CELL))
            return None
        try:
            return parse(cell)
        except ImportProblem as problem:
            self.refuse(key, problem.message)
            return None

    def required(self, key: str, parse: Callable[[Cell], _T]) -> _T | None:
        """The value; an empty cell is a problem. None only after a problem."""
        if self.cell(key) is None:
            place = self._header.places.get(key, -1)
            why = self._table.why_empty(self.number, place)
            label = self._header.labels[key]
            self.refuse(key, why or _("%(label)s is niet ingevuld.", label=label))
            return None
        return self.optional(key, parse)

    def refuse(self, key: str, message: str) -> None:
        """Keep a problem of this row under the header that the sender gave the column."""
        self.refuse_at(self._header.name(key), message)

    def refuse_at(self, column: str, message: str) -> None:
        """Keep a problem of this row under a header as it stands in the file."""
        self.failed = True
        self._problems.append(ImportProblem(message, self.number, column))

    def check(self, key: str, rule: Callable[[], object]) -> None:
        """Keep the problem when ``rule`` raises one: for rules over several cells."""
        try:
            rule()
        except ImportProblem as problem:
            self.refuse(key, problem.message)


def parse_rows(
    table: Table,
    columns: tuple[Column, ...],
    read: Callable[[RowReader], R | None],
    repeated: Callable[[R], Iterable[tuple[str, Hashable]]],
) -> Parsed[R]:
    """Reads all rows under the header with ``read`` (None: the row had a problem).

    ``repeated`` gives (column key, value) pairs that may occur only once in the file; a row whose value occurred
    in an earlier good row is refused, and the message names that row.
    """
    header, problems = find_header(table, columns)
    if header is None:
        return Parsed(problems=tuple(problems))
    rows: list[tuple[int, R]] = []
    first: dict[tuple[str, Hashable], int] = {}
    for row in _below(table, header):
        reader = RowReader(table, header, row, problems)
        _check_width(reader, header, row)
        value = read(reader)
        if value is None or reader.failed:
            continue
        _check_repeated(reader, list(repeated(value)), first)
        if not reader.failed:
            rows.append((row.number, value))
    if not rows and not problems:
        problems.append(ImportProblem(_("Onder de kolomnamen staan geen regels."), header.row))
    names = MappingProxyType({key: header.seen[place] for key, place in header.places.items()})
    return Parsed(tuple(rows), tuple(problems), tuple(_warnings(table, header)), names)


def _below(table: Table, header: Header) -> Iterator[Row]:
    return (row for row in table.rows if row.number > header.row)


def _check_width(reader: RowReader, header: Header, row: Row) -> None:
    """A separator inside a text of a CSV, without quotes, would shift all that follows into a wrong column."""
    if any(cell is not None for cell in row.cells[header.width :]):
        reader.refuse_at(
            header.name_at(len(row.cells) - 1),
            _(
                "Deze regel heeft meer cellen dan er kolomnamen zijn. Staat er een scheidingsteken in een tekst?"
            ),
        )


def _check_repeated(
    reader: RowReader, keys: list[tuple[str, Hashable]], first: dict[tuple[str, Hashable], int]
) -> None:
    for key in keys:
        if key in first:
            reader.refuse(key[0], _("Dit staat al op rij %(row)s.", row=first[key]))
            return
    for key in keys:
        first[key] = reader.number


def _warnings(table: Table, header: Header) -> Iterator[Notice]:
    yield from table.warnings
    yield from header.warnings
    below = [notice for notice in table.emptied if notice.row > header.row]
    for notice in below[:NOTICES_SHOWN]:
        yield Notice(notice.message, notice.row, header.name_at(notice.place))
    if below[NOTICES_SHOWN:]:
        yield Notice(
            _(
                "Nog %(n)s cellen met een formule of foutwaarde zijn als leeg gelezen.",
                n=len(below) - NOTICES_SHOWN,
            )
        )
    yield from _not_stored(table, header)


def _not_stored(table: Table, header: Header) -> Iterator[Notice]:
    """Columns without a name that hold something, and columns where a BSN stands: stop sending those."""
    stored = set(header.places.values())
    nameless: dict[int, int] = {}
    bsn: dict[int, int] = {}
    for row in _below(table, header):
        for place, cell in enumerate(row.cells[: header.width]):
            if cell is None or place in stored:
                continue
            if place not in header.seen:
                nameless.setdefault(place, row.number)
            if isinstance(cell, (str, float)) and _may_hold_bsn(cell):
                bsn.setdefault(place, row.number)
    for place, first in nameless.items():
        letter = header.name_at(place)
        yield Notice(
            _("Kolom %(letter)s heeft geen naam; deze wordt niet opgeslagen.", letter=letter), first, letter
        )
    for place, first in bsn.items():
        name = header.name_at(place)
        text = _("Kolom %(name)s bevat mogelijk een BSN. Niet opgeslagen; stuur dit niet mee.", name=name)
        yield Notice(text, first, name)


def _may_hold_bsn(cell: str | float) -> bool:
    text = cell if isinstance(cell, str) else f"{cell:.0f}"
    return len(text) >= 9 and holds_bsn(text)
