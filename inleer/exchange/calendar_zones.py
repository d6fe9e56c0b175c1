"""Moments in an iCal file: which time zone a property is in.

Zones that a file defines itself are taken out of the text before icalendar sees it: it would remember them for the
whole process, and use one sender's zone for the next sender's file that has one of the same name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from io import StringIO
from typing import Any

from dateutil.tz import tzical

from inleer.clock import AMSTERDAM
from inleer.errors import ImportProblem
from inleer.exchange.values import shown
from inleer.i18n import _

MAX_ZONES = 50

_BEGIN, _END = "BEGIN:VTIMEZONE", "END:VTIMEZONE"
_LEFT = re.compile(r"^(?:BEGIN|END)\b[^\n]*VTIMEZONE", re.IGNORECASE | re.MULTILINE)
_TZID = re.compile(r"^TZID[^:\n]*:([^\n]+)$", re.IGNORECASE | re.MULTILINE)
_RULE = re.compile(r"^RRULE[^:\n]*:([^\n]+)$", re.IGNORECASE | re.MULTILINE)
# What can go wrong inside dateutil on a zone that is none.
_FAULTS = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


def take_zones(text: str) -> tuple[str, dict[str, str]]:
    """The text without its time zone definitions, and those definitions by name. ``text``: unfolded, lines end
    in \\n. Raises ImportProblem for a definition that does not end, and for an unlikely number of them."""
    found: dict[str, str] = {}
    kept: list[str] = []
    block: list[str] | None = None
    for line in text.split("\n"):
        word = line.strip().upper()
        if block is None and word == _BEGIN:
            block = [line]
        elif block is None:
            kept.append(line)
        else:
            block.append(line)
            if word == _END:
                _keep("\n".join(block), found)
                block = None
    rest = "\n".join(kept)
    if block is not None or _LEFT.search(rest) or len(found) > MAX_ZONES:
        raise ImportProblem(
            _("De tijdzones in het agendabestand zijn niet te lezen. Exporteer de agenda opnieuw.")
        )
    return rest, found


def _keep(block: str, found: dict[str, str]) -> None:
    name = _TZID.search(block)
    if name:
        found.setdefault(name.group(1).strip(), block)


class Zones:
    """The time zones that one file defines, each worked out when it is first asked for."""

    def __init__(self, definitions: Mapping[str, str]) -> None:
        self._definitions = definitions
        self._made: dict[str, tzinfo] = {}

    def moment(self, prop: Any) -> datetime | date:
        """The aware moment of a property, or its date for a whole day. A time without zone is Amsterdam time.

        Raises ImportProblem for what is no moment, occurs twice, or is in a zone that nobody defined.
        """
        value = getattr(prop, "dt", None) if not isinstance(prop, str) else None
        if not isinstance(value, date):
            raise ImportProblem(_("“%(value)s” is geen datum met tijd.", value=shown(str(prop))))
        moment: datetime | date = self.aware(value, prop.params.get("TZID"))
        return moment

    def aware(self, value: Any, name: str | None) -> Any:
        """A moment with its zone; whole days and aware moments stay as they are."""
        if not isinstance(value, datetime) or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=self._zone(str(name)) if name else AMSTERDAM)

    def _zone(self, name: str) -> tzinfo:
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def _make(self, name: str) -> tzinfo:
        definition = self._definitions.get(name)
        rules = _RULE.findall(definition or "")
        # A zone changes once a year; a rule for every second would keep us busy for hours.
        if definition is not None and all("FREQ=YEARLY" in rule.upper() for rule in rules):
            try:
                zone = tzical(StringIO(f"BEGIN:VCALENDAR\n{definition.strip()}\nEND:VCALENDAR\n")).get(name)
                if zone is not None:
                    datetime(2024, 7, 1, tzinfo=zone).utcoffset()
                    return zone
            except _FAULTS as fault:
                raise _unknown(name) from fault
        raise _unknown(name)


def _unknown(name: str) -> ImportProblem:
    text = _("Tijdzone “%(name)s” is onbekend. Exporteer de agenda in Europe/Amsterdam.", name=shown(name))
    return ImportProblem(text)
