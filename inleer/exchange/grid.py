"""The rows of a file as a person mends them: each cell a text, and what was mended put in its place. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from inleer.exchange.cells import Cell, Row, Table


@dataclass(frozen=True, slots=True)
class Mend:
    """What people did to one row. ``cells``: place → text (empty: nothing stands there); or the row is left out."""

    cells: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    left_out: bool = False


def mended(table: Table, mends: Mapping[int, Mend]) -> Table:
    """The table as people mended it. ``mends`` by row number; a row that is left out is gone."""
    if not mends:
        return table
    rows = []
    for row in table.rows:
        mend = mends.get(row.number)
        if mend is None:
            rows.append(row)
        elif not mend.left_out:
            cells = put(row.cells, mend.cells)
            if any(cell is not None for cell in cells):
                rows.append(Row(row.number, cells))
    emptied = tuple(n for n in table.emptied if not _is_mended(n.row, n.place, mends))
    return replace(table, rows=rows, emptied=emptied, _why={})


def _is_mended(row: int, place: int, mends: Mapping[int, Mend]) -> bool:
    mend = mends.get(row)
    return mend is not None and (mend.left_out or place in mend.cells)


def put(cells: tuple[Cell, ...], texts: Mapping[int, str]) -> tuple[Cell, ...]:
    """A row with these texts in their places."""
    found = [*cells, *[None] * (max((*texts, -1)) + 1 - len(cells))]
    for place, text in texts.items():
        found[place] = text or None
    return tuple(found)


def texts_of(
    table: Table, places: Collection[int], width: int, rows: Iterable[int]
) -> dict[int, dict[int, str]]:
    """What stands in these rows by row and place: in the places that are stored, and beyond the header."""
    wanted = set(rows)
    found = {}
    for row in table.rows:
        if row.number in wanted:
            cells = enumerate(row.cells)
            found[row.number] = {
                place: as_text(cell)
                for place, cell in cells
                if place in places or (place >= width and cell is not None)
            }
    return found


def as_text(cell: Cell) -> str:
    """A cell as a person types it; what is typed so is read as the same value."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "ja" if cell else "nee"
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() else repr(cell).replace(".", ",")
    if isinstance(cell, datetime):
        return f"{cell:%d-%m-%Y}" if cell.time() == time() else f"{cell:%d-%m-%Y %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%d-%m-%Y}"
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    if isinstance(cell, timedelta):
        minutes = int(cell.total_seconds() // 60)
        return f"{minutes // 60}:{minutes % 60:02d}"
    return str(cell)
