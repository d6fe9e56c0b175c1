"""Sessions as an iCalendar file (RFC 5545). Pure: no database, no web."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from inleer import clock
from inleer.i18n import _

if TYPE_CHECKING:
    from icalendar import Component, Event

    from inleer.agenda.queries import AgendaRow

KIND_WORDS = {
    "introduction": "introductie",
    "lesson": "les",
    "nt2": "NT2-les",
    "intervision": "intervisie",
    "practice": "praktijk",
    "information": "informatiebijeenkomst",
    "selection": "selectiedag",
    "other": "bijeenkomst",
}
#: Raised when what :func:`as_ical` writes for the same sessions becomes something else.
FORM = 1
_REFRESH = timedelta(hours=4)
# Amsterdam time since 1996. Written out: icalendar's own summary of a zone begins summer time an hour late.
_AMSTERDAM = """BEGIN:VTIMEZONE
TZID:Europe/Amsterdam
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""


def etag(rows: Sequence[AgendaRow], name: str) -> str:
    """A mark that changes whenever the file would; it costs no file to be made."""
    return hashlib.sha256(repr((FORM, name, rows)).encode()).hexdigest()[:32]


def as_ical(rows: Sequence[AgendaRow], name: str) -> bytes:
    """The file: an event per session, in Amsterdam time, with the same UID as long as the session exists."""
    from icalendar import Calendar  # here: slow to import, and only feeds need it

    calendar = Calendar()
    calendar.add("prodid", "-//inleer//agenda//NL")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", clock.AMSTERDAM.key)
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add_component(_zone())
    for row in rows:
        calendar.add_component(_event(row))
    return bytes(calendar.to_ical())


@lru_cache(maxsize=1)
def _zone() -> Component:
    from icalendar import Timezone

    return Timezone.from_ical(_AMSTERDAM)


def _event(row: AgendaRow) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", f"{row.id}@inleer")
    # Of a published event: when this version of it was made (RFC 5545, 3.8.7.2).
    made = row.changed_at or datetime.fromtimestamp(0, tz=row.starts_at.tzinfo)
    event.add("dtstamp", made)
    event.add("last-modified", made)
    event.add("sequence", row.sequence)
    event.add("dtstart", clock.local(row.starts_at))
    event.add("dtend", clock.local(row.ends_at))
    event.add("status", "CANCELLED" if row.cancelled else "CONFIRMED")
    title = " · ".join((row.title, *row.cohorts))
    event.add("summary", _("Vervalt: %(title)s", title=title) if row.cancelled else title)
    event.add("description", _(KIND_WORDS[row.kind]))
    event.add("transp", "TRANSPARENT" if row.cancelled else "OPAQUE")
    if row.location:
        event.add("location", row.location)
    return event
