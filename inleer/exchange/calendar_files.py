"""iCal (.ics) to session rows: time zones, recurrence with its exceptions, cancelled events."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any, TypeVar

from icalendar import Component, Event
from icalendar.prop import vBroken

from inleer.clock import AMSTERDAM
from inleer.errors import ImportProblem
from inleer.exchange.archive import MAX_BYTES, check_size
from inleer.exchange.calendar_series import (
    Stopwatch,
    has_open_end,
    is_recurring,
    occurrences,
    prepare,
)
from inleer.exchange.calendar_text import calendar_text, calendars_in, too_many
from inleer.exchange.calendar_zones import Zones, take_zones
from inleer.exchange.cells import Notice
from inleer.exchange.choices import guess_session_kind
from inleer.exchange.moments import LATEST, PLANNED_FROM
from inleer.exchange.names import no_bsn
from inleer.exchange.rows_common import Parsed
from inleer.exchange.rows_sessions import MAX_UID, SessionRow, check_span, code_in_title, parse_title
from inleer.exchange.values import parse_text, shown
from inleer.i18n import _

_T = TypeVar("_T")

MAX_RECURRING = 1_000
MAX_SESSIONS = 20_000

#: Our columns → the iCal property that problems name.
PROPERTIES = MappingProxyType(
    {
        "uid": "UID",
        "title": "SUMMARY",
        "start": "DTSTART",
        "end": "DTEND",
        "location": "LOCATION",
        "cancelled": "STATUS",
    }
)

_TEACHER = re.compile(r"^[ \t]*(?:docent|docenten|trainer|teacher)[ \t]*:(.+)$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A VEVENT that can be a session, with its place in the file. ``event`` is icalendar's own object."""

    row: int
    event: Any
    uid: str | None
    start: datetime
    end: datetime
    title: str
    location: str | None
    cancelled: bool


@dataclass(slots=True)
class _Reading:
    """What has been found so far, and the period that is asked for."""

    first: date | None
    last: date | None
    rows: list[tuple[int, SessionRow]] = field(default_factory=list)
    problems: list[ImportProblem] = field(default_factory=list)
    warnings: list[Notice] = field(default_factory=list)
    outside: int = 0

    def keep(self, row: int, column: str, read: Callable[[], _T]) -> _T | None:
        """What ``read`` returns; None after a problem, which is kept under the iCal property it is about."""
        try:
            return read()
        except ImportProblem as problem:
            self.problems.append(ImportProblem(problem.message, row, column))
            return None

    def add(self, entry: _Entry, start: datetime, end: datetime, uid: str | None) -> None:
        """Adds a session when it lies in the period that is asked for."""
        day = start.astimezone(AMSTERDAM).date()
        if (self.first and day < self.first) or (self.last and day > self.last):
            self.outside += 1
            return
        code = code_in_title(entry.title)
        session = SessionRow(
            _short(uid), entry.title, code, guess_session_kind(code, entry.title), start.astimezone(UTC),
            end.astimezone(UTC), entry.location, _teacher(entry.event), entry.cancelled,
        )  # fmt: skip
        self.rows.append((entry.row, session))


def read_calendar(
    data: bytes, filename: str, first: date | None = None, last: date | None = None, limit: int = MAX_BYTES
) -> Parsed[SessionRow]:
    """All sessions of an iCal file with every problem; a row number is the place of the VEVENT in the file (1 is
    the first), so the occurrences of one series share it.

    ``first``, ``last``: only sessions on these Amsterdam days and between. A session of a series has the key
    ``UID#moment in the series``, so that it stays the same session when it is moved. Events of whole days are no
    sessions: they are named in the warnings and left out. Raises ImportProblem, and nothing else, when the file
    cannot be read at all; ``limit`` is the allowed size in bytes.
    """
    check_size(data, limit)
    if not filename.lower().endswith((".ics", ".ical")):
        raise ImportProblem(_("Dit is geen agendabestand. Een rooster in iCal heet .ics."))
    text, definitions = take_zones(calendar_text(data))
    reading = _Reading(first, last)
    entries = list(_entries(calendars_in(text), Zones(definitions), reading))
    _read_entries(entries, reading)
    if not reading.rows and not reading.problems and not reading.outside:
        reading.problems.append(ImportProblem(_("In het agendabestand staan geen lessen.")))
    return _parsed(reading)


def _parsed(reading: _Reading) -> Parsed[SessionRow]:
    if reading.outside:
        reading.warnings.append(
            Notice(_("%(n)s lessen vallen buiten de periode en zijn niet gelezen.", n=reading.outside))
        )
    rows = sorted(reading.rows, key=lambda numbered: (numbered[1].starts_at, numbered[0]))
    problems = sorted(reading.problems, key=lambda problem: problem.row or 0)
    return Parsed(tuple(rows), tuple(problems), tuple(reading.warnings), PROPERTIES)


def _entries(calendars: Sequence[Component], zones: Zones, reading: _Reading) -> Iterator[_Entry]:
    """The events that can be sessions, in the order of the file; the others become problems or notices."""
    row = 0
    for calendar in calendars:
        cancels = _words(calendar, "METHOD").upper() == "CANCEL"
        for event in calendar.subcomponents:
            if isinstance(event, Event):
                row += 1
                found = len(reading.problems)
                entry = _entry(event, row, cancels, zones, reading)
                if entry and len(reading.problems) == found:
                    yield entry


def _entry(event: Any, row: int, cancels: bool, zones: Zones, reading: _Reading) -> _Entry | None:
    title = reading.keep(row, "SUMMARY", lambda: _title(event))
    location = reading.keep(row, "LOCATION", lambda: _location(event))
    start = reading.keep(row, "DTSTART", lambda: _start(event, zones))
    if start is None:
        return None
    if not isinstance(start, datetime):
        text = _("“%(title)s” duurt een hele dag en is geen les; niet gelezen.", title=shown(title or ""))
        reading.warnings.append(Notice(text, row, "DTSTART"))
        return None
    end = reading.keep(row, "DTEND", lambda: _end(event, start, zones))
    if end is None or title is None:
        return None
    reading.keep(row, "RRULE", lambda: prepare(event, row, start, end, zones))
    cancelled = cancels or _words(event, "STATUS").upper() == "CANCELLED"
    uid = _words(event, "UID") or None
    return _Entry(row, event, uid, start, end, title, location, cancelled)


def _words(event: Any, name: str) -> str:
    """The text of a property, empty when it is absent; the first when it is there twice."""
    value = event.get(name, "")
    return str(value[0] if isinstance(value, list) else value).strip()


def _title(event: Any) -> str:
    title = _words(event, "SUMMARY")
    if not title:
        raise ImportProblem(_("Deze afspraak heeft geen titel."))
    return parse_title(title)


def _location(event: Any) -> str | None:
    location = _words(event, "LOCATION")
    return no_bsn(parse_text(location)) if location else None


def _start(event: Any, zones: Zones) -> datetime | date:
    if "DTSTART" not in event:
        raise ImportProblem(_("Deze afspraak heeft geen begin."))
    start = zones.moment(event["DTSTART"])
    if not PLANNED_FROM.year <= start.year <= LATEST.year:
        raise ImportProblem(_("Het jaar %(year)s kan hier niet.", year=start.year))
    return start


def _end(event: Any, start: datetime, zones: Zones) -> datetime:
    if "DTEND" in event:
        end = zones.moment(event["DTEND"])
    else:
        length = event.get("DURATION")
        duration = None if length is None or isinstance(length, (vBroken, list)) else length.dt
        if not isinstance(duration, timedelta) or abs(duration) > timedelta(days=366):
            raise ImportProblem(_("Deze afspraak heeft geen einde."))
        end = (start.astimezone(UTC) + duration).astimezone(start.tzinfo)
    if not isinstance(end, datetime):
        raise ImportProblem(_("Het einde heeft geen tijd."))
    check_span(start.astimezone(UTC), end.astimezone(UTC))
    return end


def _read_entries(entries: Sequence[_Entry], reading: _Reading) -> None:
    if sum(is_recurring(entry.event) for entry in entries) > MAX_RECURRING:
        raise too_many()
    repeating = {entry.uid for entry in entries if is_recurring(entry.event)}
    series: dict[str, list[_Entry]] = {}
    for entry in _without_repeats(entries, reading):
        if is_recurring(entry.event) or (entry.uid and entry.uid in repeating):
            series.setdefault(entry.uid or f"\n{entry.row}", []).append(entry)
        else:
            reading.add(entry, entry.start, entry.end, entry.uid)
    watch = Stopwatch()
    for members in series.values():
        _read_series(members, reading)
        watch.check()
        if len(reading.rows) > MAX_SESSIONS:
            raise too_many()


def _without_repeats(entries: Sequence[_Entry], reading: _Reading) -> Iterator[_Entry]:
    seen: dict[tuple[str, datetime | None], int] = {}
    for entry in entries:
        replaced = entry.event["RECURRENCE-ID"].dt if "RECURRENCE-ID" in entry.event else None
        earlier = seen.setdefault((entry.uid, replaced), entry.row) if entry.uid else entry.row
        if earlier == entry.row:
            yield entry
        else:
            message = _("Dit staat al op rij %(row)s.", row=earlier)
            reading.problems.append(ImportProblem(message, entry.row, "UID"))


def _read_series(members: Sequence[_Entry], reading: _Reading) -> None:
    by_row = {entry.row: entry for entry in members}
    head = members[0]
    if reading.last is None and any(has_open_end(entry.event) for entry in members):
        text = _("Deze reeks heeft geen einde; gelezen zijn de eerste drie jaar.")
        reading.warnings.append(Notice(text, head.row, "RRULE"))
    try:
        for one in occurrences([entry.event for entry in members], reading.first, reading.last):
            uid = f"{head.uid}#{one.original.astimezone(UTC):%Y%m%dT%H%M%SZ}" if head.uid else None
            reading.add(by_row[one.row], one.start, one.end, uid)
    except ImportProblem as problem:
        reading.problems.append(ImportProblem(problem.message, head.row, "RRULE"))


def _short(uid: str | None) -> str | None:
    """A key that fits: a longer one is replaced by its fingerprint."""
    if uid is None or len(uid) <= MAX_UID:
        return uid
    return f"sha256:{hashlib.sha256(uid.encode()).hexdigest()}"


def _teacher(event: Any) -> str | None:
    """The teacher when the description has a line for it; an unreadable one is no reason to refuse a lesson."""
    found = _TEACHER.search(_words(event, "DESCRIPTION"))
    return " ".join(found.group(1).split())[:200] if found else None
