"""The bytes of an iCal file to calendars that can be read, with guards on size."""

from __future__ import annotations

import re

from icalendar import Calendar, Component

from inleer.errors import ImportProblem
from inleer.exchange.calendar_series import FAULTS
from inleer.exchange.csv_files import decode
from inleer.i18n import _

MAX_EVENTS = 20_000

_FOLDED = re.compile(rb"\r?\n[ \t]")
_BEGIN_EVENT = re.compile(r"^BEGIN:VEVENT\s*$", re.IGNORECASE | re.MULTILINE)
_END_EVENT = re.compile(r"^END:VEVENT\s*$", re.IGNORECASE | re.MULTILINE)


def calendar_text(data: bytes) -> str:
    """The text with long lines joined. A line may be cut in the middle of a letter, so that comes before decoding."""
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    text, _encoding = decode(data if utf16 else _FOLDED.sub(b"", data))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = re.sub(r"\n[ \t]", "", text) if utf16 else text
    if not re.match(r"\s*BEGIN:VCALENDAR\s*\n", text, re.IGNORECASE):
        raise ImportProblem(_("Dit is geen agendabestand. Een rooster in iCal begint met BEGIN:VCALENDAR."))
    begun, ended = len(_BEGIN_EVENT.findall(text)), len(_END_EVENT.findall(text))
    if begun != ended or not re.search(r"^END:VCALENDAR\s*\Z", text, re.IGNORECASE | re.MULTILINE):
        raise _damaged()
    if begun > MAX_EVENTS:
        raise too_many()
    return text.strip() + "\n"


def _damaged() -> ImportProblem:
    return ImportProblem(
        _("Het agendabestand is beschadigd of breekt halverwege af. Exporteer de agenda opnieuw.")
    )


def too_many() -> ImportProblem:
    """The refusal of a calendar with more appointments than an edition can have."""
    return ImportProblem(_("Het agendabestand is te groot. Exporteer alleen de periode van deze lichting."))


def calendars_in(text: str) -> list[Component]:
    """The calendars in a text. Raises ImportProblem when it cannot be read."""
    try:
        return list(Calendar.from_ical(text, multiple=True))
    except OSError as fault:
        # A zone is looked up as a file: its name may be that of a folder ("Europe"), or too long.
        text = _("Een tijdzone in het agendabestand bestaat niet. Exporteer de agenda in Europe/Amsterdam.")
        raise ImportProblem(text) from fault
    except FAULTS as fault:
        raise _damaged() from fault
