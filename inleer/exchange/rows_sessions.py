"""Sessions as a school or leerhome sends its timetable: from a table here, from iCal in ``calendar_files``."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from inleer.calendars.rules import vacations_known
from inleer.errors import ImportProblem
from inleer.exchange.cells import Cell, Table
from inleer.exchange.choices import guess_session_kind, parse_cancelled
from inleer.exchange.columns import SESSIONS
from inleer.exchange.moments import in_amsterdam, parse_planned_date, parse_time, parse_time_range
from inleer.exchange.names import no_bsn
from inleer.exchange.rows_common import Parsed, RowReader, parse_rows
from inleer.exchange.values import fold, parse_text
from inleer.i18n import _

MAX_CODE = 40
MAX_UID = 250
LONGEST = timedelta(hours=24)

_CODE_IN_TITLE = re.compile(r"(?:^|[(\[])([A-Z][A-Z0-9]{1,9})(?:[)\]]|\s*:\s|\s+[-–]\s)")


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One planned meeting. Moments are aware and in UTC; ``uid`` is the sender's own key, None when there is none;
    ``kind`` is a guess by the words in title, code and type (see ``choices.guess_session_kind``)."""

    uid: str | None
    title: str
    code: str | None
    kind: str
    starts_at: datetime
    ends_at: datetime
    location: str | None
    teacher: str | None
    cancelled: bool


def parse(table: Table) -> Parsed[SessionRow]:
    """All sessions of a table with every problem. Times are Amsterdam times.

    Refused besides bad cells: an end that is not after the begin, more than 24 hours, a session that an earlier
    row has already (the same key of the sender, or equal in time, title, code and place).
    """
    return parse_rows(table, SESSIONS, _session, _once)


def _once(row: SessionRow) -> Iterator[tuple[str, Hashable]]:
    if row.uid:
        yield "uid", row.uid
    else:
        yield "title", (row.starts_at, row.ends_at, row.code, fold(row.title), row.location)


def _session(reader: RowReader) -> SessionRow | None:
    moments = _moments(reader)
    code = reader.optional("code", lambda cell: parse_text(cell, MAX_CODE))
    if reader.cell("title") is None and code is not None:
        title: str | None = code
    else:
        title = reader.required("title", parse_title)
    uid = reader.optional("uid", lambda cell: parse_text(cell, MAX_UID))
    kind = reader.optional("kind", parse_text)
    location = reader.optional("location", lambda cell: no_bsn(parse_text(cell)))
    teacher = reader.optional("teacher", lambda cell: no_bsn(parse_text(cell)))
    cancelled = reader.optional("cancelled", parse_cancelled)
    if reader.failed or moments is None or title is None:
        return None
    return SessionRow(
        uid, title, code or code_in_title(title), guess_session_kind(kind, code, title), *moments, location, teacher,
        bool(cancelled),
    )  # fmt: skip


def parse_title(value: Cell) -> str:
    """The title of a session, at most 200 characters."""
    return no_bsn(parse_text(value))


def code_in_title(title: str) -> str | None:
    """A lesson code in capitals at the head of a title or between brackets: "ZD2 - Zorg", "Zorg (ZD2)"."""
    found = _CODE_IN_TITLE.search(title)
    return found.group(1) if found else None


def check_span(starts_at: datetime, ends_at: datetime) -> None:
    """Refuses a session that does not end after it begins, or that takes more than 24 hours. Aware, in UTC."""
    if ends_at <= starts_at:
        raise ImportProblem(_("Het einde ligt niet na het begin."))
    if ends_at - starts_at > LONGEST:
        raise ImportProblem(_("Een bijeenkomst duurt hoogstens 24 uur. Maak van elke dag een eigen regel."))
    if not vacations_known(starts_at.date()):
        year = starts_at.year
        raise ImportProblem(_("Van %(year)s zijn geen schoolvakanties bekend. Kijk het jaar na.", year=year))


def _moments(reader: RowReader) -> tuple[datetime, datetime] | None:
    """Begin and end in UTC, from the columns day with begin and end, day with a period, or two whole moments."""
    day = reader.optional("on", lambda cell: parse_planned_date(cell, reader.date1904))
    start, end = _clocks(reader)
    first = day or _day_within(reader, "start")
    if first is None and not reader.failed:
        reader.required("on", parse_planned_date)
    if reader.failed or first is None or start is None or end is None:
        return None
    last = _day_within(reader, "end") or first
    try:
        starts_at, ends_at = in_amsterdam(first, start), in_amsterdam(last, end)
        check_span(starts_at, ends_at)
    except ImportProblem as problem:
        reader.refuse("end" if reader.has("end") else "period", problem.message)
        return None
    return starts_at, ends_at


def _clocks(reader: RowReader) -> tuple[time | None, time | None]:
    if reader.cell("start") is None and reader.cell("period") is not None:
        period = reader.optional("period", parse_time_range)
        return period or (None, None)
    if not reader.has("start"):
        reader.required("period", parse_time_range)
        return None, None
    return reader.required("start", _clock_of), reader.required("end", _clock_of)


_WITH_DAY = re.compile(r"\s*([0-9].{5,30})[T ]([0-9]{1,2}[:.][0-9]{2}.{0,12})", re.ASCII)


def _clock_of(cell: Cell) -> time:
    """The time in a cell that may hold a whole moment ("19-10-2020 09:00")."""
    whole = _WITH_DAY.fullmatch(cell) if isinstance(cell, str) else None
    return parse_time(whole.group(2) if whole else cell)


def _day_within(reader: RowReader, key: str) -> date | None:
    """The day in a cell that holds a whole moment; None when it holds a time alone."""
    cell = reader.cell(key)
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, str) and _WITH_DAY.fullmatch(cell):
        return reader.optional(key, lambda value: parse_planned_date(value, reader.date1904))
    return None
