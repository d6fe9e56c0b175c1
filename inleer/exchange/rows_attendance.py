"""Attendance as a school sends it: one line for one person at one lesson."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator
from dataclasses import dataclass
from datetime import date

from inleer.errors import ImportProblem
from inleer.exchange.cells import Cell, Table
from inleer.exchange.columns import ATTENDANCE
from inleer.exchange.moments import parse_planned_date
from inleer.exchange.names import parse_number
from inleer.exchange.rows_common import Parsed, RowReader, parse_rows
from inleer.exchange.values import clean, parse_hours, parse_minutes, parse_text, shown
from inleer.i18n import _

#: The default codes of design/domain.md; a school may have its own.
DEFAULT_CODES = ("A", "TL", "VV", "Z", "G", "O")

MAX_LESSON = 40


@dataclass(frozen=True, slots=True)
class AttendanceRow:
    """One mark. ``code`` is one of the allowed codes, as the school writes it; ``minutes`` missed, None when left
    empty; ``lesson`` tells sessions on one day apart. ``name`` is for reading only: never match on it."""

    number: str
    name: str
    on: date
    lesson: str | None
    code: str
    minutes: int | None


def parse(table: Table, codes: Collection[str] = DEFAULT_CODES) -> Parsed[AttendanceRow]:
    """All marks of a table with every problem. ``codes``: those that the school knows, in any case.

    A line that is repeated as a whole is refused. Whether two different lines are one cell of the register can
    only be told by the sessions: that, like the meaning of a code and its minutes, is not judged here.
    """
    known = {code.casefold(): code for code in codes}
    return parse_rows(table, ATTENDANCE, lambda reader: _mark(reader, known), _once)


def _once(row: AttendanceRow) -> Iterator[tuple[str, Hashable]]:
    yield "number", (row.number, row.on, row.lesson, row.code, row.minutes)


def _mark(reader: RowReader, known: dict[str, str]) -> AttendanceRow | None:
    number = reader.required("number", parse_number)
    on = reader.required("on", lambda cell: parse_planned_date(cell, reader.date1904))
    lesson = reader.optional("lesson", lambda cell: parse_text(cell, MAX_LESSON))
    code = reader.required("code", lambda cell: _code(cell, known))
    minutes = reader.optional("minutes", parse_minutes)
    if minutes is None:
        minutes = reader.optional("hours", parse_hours)
    if reader.failed or number is None or on is None or code is None:
        return None
    return AttendanceRow(number, shown(reader.cell("name") or "", 200), on, lesson, code, minutes)


def _code(cell: Cell, known: dict[str, str]) -> str:
    # No NFKC here: a wide letter or digit is no code of any school.
    written = clean(cell) if isinstance(cell, str) else shown(cell)
    code = known.get(written.casefold())
    if code is None:
        names = ", ".join(known.values())
        raise ImportProblem(
            _("Code “%(code)s” is onbekend. Bekend zijn: %(known)s.", code=shown(written), known=names)
        )
    return code
