"""The columns of a file as the page shows them: what each is taken for, and a sample of what stands in it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from inleer.exchange.cells import Cell, Row, Table, column_letter
from inleer.exchange.columns import Column
from inleer.exchange.grid import as_text
from inleer.exchange.headers import HEADER_WITHIN, LEFT_OUT, find_header, is_bsn_header, words_of
from inleer.exchange.names import holds_bsn
from inleer.exchange.values import fold, shown

#: Rows that are looked at for a sample.
SAMPLE_WITHIN = 200
SAMPLES = 2


@dataclass(frozen=True, slots=True)
class Seen:
    """One column of a file. ``word``: by what it is remembered; ``key``: the column it is taken for, empty for one
    that is not stored; ``how``: "known" by its words, "said" by somebody, "unknown", or "bsn" (never stored).
    ``sample``: what stands in it, None when that may be a BSN."""

    place: int
    name: str
    word: str
    key: str
    how: str
    sample: str | None


@dataclass(frozen=True, slots=True)
class Look:
    """The header row of a file, how many cells it has, and its columns. ``missing``: labels of required columns that
    are not there."""

    row: int
    width: int
    columns: tuple[Seen, ...]
    missing: tuple[str, ...]

    @property
    def asks(self) -> bool:
        """Whether somebody has to say what a column means."""
        keys = [column.key for column in self.columns if column.key]
        unknown = any(column.how == "unknown" for column in self.columns)
        return bool(self.missing) or unknown or len(set(keys)) < len(keys)

    def as_json(self) -> dict[str, Any]:
        """As plain values, to wait with the file."""
        columns = [[c.place, c.name, c.word, c.key, c.how, c.sample] for c in self.columns]
        return {"row": self.row, "width": self.width, "columns": columns, "missing": list(self.missing)}


def look_of(stored: Mapping[str, Any]) -> Look:
    """What ``Look.as_json`` made plain."""
    columns = tuple(Seen(*entry) for entry in stored["columns"])
    return Look(stored["row"], stored["width"], columns, tuple(stored["missing"]))


def look(table: Table, columns: tuple[Column, ...]) -> Look | None:
    """The columns of a table that is read by these columns; None when it has no rows."""
    head = _head(table, columns)
    if head is None:
        return None
    spellings = {fold(word): column.key for column in columns for word in column.headers}
    below = [row for row in table.rows if row.number > head.number][:SAMPLE_WITHIN]
    cells, found = head.cells, []
    for place, word in words_of(cells).items():
        held = [row.cells[place] for row in below if place < len(row.cells) and row.cells[place] is not None]
        if cells[place] is not None or held:
            found.append(_seen(place, word, cells[place], held, spellings, table.mapping))
    keys = {column.key for column in found}
    return Look(head.number, len(head.cells), tuple(found), missing(keys, columns))


def missing(keys: set[str], columns: Sequence[Column]) -> tuple[str, ...]:
    """The labels of required columns that none of these keys fulfils."""
    return tuple(c.label for c in columns if c.required and not keys & {c.key, *c.instead})


def _head(table: Table, columns: tuple[Column, ...]) -> Row | None:
    """The row that is read as the header, else the one among the first with the most words that we know or that
    somebody said, and of those the one with the most texts."""
    if not table.rows:
        return None
    number = _header_row(table, columns)
    within = [r for r in table.rows[: HEADER_WITHIN + 1] if r.number <= table.rows[0].number + HEADER_WITHIN]
    for row in within:
        if row.number == number:
            return row
    words = {fold(word) for column in columns for word in column.headers} | set(table.mapping)
    return max(within, key=lambda row: _likely(row, words))


def _likely(row: Row, words: set[str]) -> tuple[int, int]:
    texts = [place for place, cell in enumerate(row.cells) if isinstance(cell, str)]
    said = words_of(row.cells)
    return sum(said[place] in words for place in texts), len(texts)


def _header_row(table: Table, columns: tuple[Column, ...]) -> int | None:
    """The number of the header row when enough headers are known, also when a required one is missing."""
    header, _problems = find_header(table, tuple(replace(column, required=False) for column in columns))
    return header.row if header else None


def _seen(
    place: int,
    word: str,
    cell: Cell,
    held: Sequence[Cell],
    spellings: Mapping[str, str],
    mapping: Mapping[str, str],
) -> Seen:
    name = shown(str(cell).strip()) if cell is not None else column_letter(place)
    if is_bsn_header(name):
        return Seen(place, name, word, LEFT_OUT, "bsn", None)
    known = spellings.get(fold(str(cell))) if cell is not None else None
    said = mapping.get(word)
    if said is not None and said in {LEFT_OUT, *spellings.values()}:
        return Seen(place, name, word, said, "known" if said == known else "said", _sample(held))
    return Seen(place, name, word, known or LEFT_OUT, "known" if known else "unknown", _sample(held))


def _sample(held: Sequence[Cell]) -> str | None:
    texts = list(dict.fromkeys(as_text(cell) for cell in held))
    if any(len(text) >= 9 and holds_bsn(text) for text in texts):
        return None
    return ", ".join(shown(text, 30) for text in texts[:SAMPLES])
