"""From an uploaded file to rows of one kind: what the web and the command line call.

Each reader raises ImportProblem, and nothing else, when the file cannot be read at all; problems of single rows
are in what it returns. Values of persons stand in the messages: show them to the sender, never log them.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from inleer.exchange import rows_attendance, rows_candidates, rows_intentions, rows_sessions
from inleer.exchange.archive import MAX_BYTES
from inleer.exchange.rows_attendance import DEFAULT_CODES, AttendanceRow
from inleer.exchange.rows_candidates import CandidateRow
from inleer.exchange.rows_common import Parsed
from inleer.exchange.rows_intentions import IntentionRow
from inleer.exchange.rows_sessions import SessionRow
from inleer.exchange.tables import extension_of, read_table


def read_candidates(
    data: bytes, filename: str, today: date | None = None, limit: int = MAX_BYTES
) -> Parsed[CandidateRow]:
    """Candidates from .xlsx or .csv. ``today`` (default: the clock) judges ages; ``limit``: size in bytes."""
    return rows_candidates.parse(read_table(data, filename, limit), today)


def read_sessions(
    data: bytes, filename: str, first: date | None = None, last: date | None = None, limit: int = MAX_BYTES
) -> Parsed[SessionRow]:
    """Sessions from .ics, .xlsx or .csv. ``first`` and ``last`` bound an iCal file, whose series may be endless;
    a table is read whole."""
    if extension_of(filename) in ("ics", "ical"):
        from inleer.exchange.calendar_files import read_calendar  # here: icalendar is slow to import

        return read_calendar(data, filename, first, last, limit)
    return rows_sessions.parse(read_table(data, filename, limit))


def read_attendance(
    data: bytes, filename: str, codes: Collection[str] = DEFAULT_CODES, limit: int = MAX_BYTES
) -> Parsed[AttendanceRow]:
    """Marks from .xlsx or .csv. ``codes``: the codes that the school knows, in any case."""
    return rows_attendance.parse(read_table(data, filename, limit), codes)


def read_intentions(data: bytes, filename: str, limit: int = MAX_BYTES) -> Parsed[IntentionRow]:
    """Job intentions from .xlsx or .csv."""
    return rows_intentions.parse(read_table(data, filename, limit))
