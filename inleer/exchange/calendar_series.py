"""Recurring events of an iCal file: their occurrences within a period.

recurring-ical-events does the counting. What would make it count for hours is refused before: a rule for every
hour or second, a step of zero, and files whose rules together take longer than some seconds.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import recurring_ical_events
from icalendar import Calendar
from icalendar.error import BrokenCalendarProperty
from icalendar.prop import vBroken, vDDDTypes

from inleer.clock import AMSTERDAM
from inleer.errors import ImportProblem
from inleer.exchange.calendar_zones import Zones
from inleer.i18n import _

#: A rule without end is followed for this long when the caller names no last day.
OPEN_END = timedelta(days=3 * 366)
MAX_PERIOD = timedelta(days=10 * 366)
MAX_SECONDS = 15.0

_ROW = "X-INLEER-ROW"
_FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_CLOCK_PARTS = ("BYHOUR", "BYMINUTE", "BYSECOND")
# What can go wrong inside icalendar, dateutil and recurring-ical-events on a rule that contradicts itself.
FAULTS = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


class Occurrence(NamedTuple):
    """One meeting of a series: ``row`` is the event that describes it, ``original`` its place in the series."""

    row: int
    start: datetime
    end: datetime
    original: datetime


class Stopwatch:
    """The time that the rules of one file may take together."""

    def __init__(self, seconds: float = MAX_SECONDS) -> None:
        self._until = time.monotonic() + seconds

    def check(self) -> None:
        """Raises ImportProblem when the time is over."""
        if time.monotonic() > self._until:
            raise ImportProblem(_("De herhalingen zijn te ingewikkeld. Zet losse lessen in het bestand."))


def is_recurring(event: Any) -> bool:
    """Whether an event stands for more than itself, or for one occurrence of a series."""
    return any(name in event for name in ("RRULE", "RDATE", "RECURRENCE-ID"))


def has_open_end(event: Any) -> bool:
    """Whether a rule of the event goes on for ever."""
    return any("UNTIL" not in rule and "COUNT" not in rule for rule in _rules(event))


def prepare(event: Any, row: int, start: datetime, end: datetime, zones: Zones) -> None:
    """Puts every moment of an event in its time zone, and checks its rules if it has any.

    Raises ImportProblem for rules that are broken, too fast, or of a kind that is not supported.
    """
    event[_ROW] = str(row)
    event["DTSTART"], event["DTEND"] = vDDDTypes(start), vDDDTypes(end)
    event.pop("DURATION", None)
    if "RECURRENCE-ID" in event:
        if isinstance(event["RECURRENCE-ID"], list):  # an event stands for one occurrence, not for two
            raise _bad_rule()
        reach = event["RECURRENCE-ID"].params.get("RANGE")
        place = zones.moment(event["RECURRENCE-ID"])
        if not isinstance(place, datetime):  # of a series of lessons, every place has a time
            raise _bad_rule()
        event["RECURRENCE-ID"] = vDDDTypes(place)
        if reach:
            event["RECURRENCE-ID"].params["RANGE"] = reach
    for name in ("RDATE", "EXDATE"):
        for dates in _listed(event.get(name)):
            _put_in_zone(dates, zones)
    if any(
        not isinstance(item.dt, (datetime, tuple))
        for dates in _listed(event.get("RDATE"))
        for item in dates.dts
    ):
        raise _bad_rule()  # an extra lesson has a time; a day that is left out needs none
    if "EXRULE" in event:
        raise _bad_rule()
    for rule in _rules(event):
        _check_rule(rule)


def _put_in_zone(dates: Any, zones: Zones) -> None:
    if isinstance(dates, vBroken):
        raise _bad_rule()
    name = dates.params.get("TZID")
    for item in dates.dts:
        if isinstance(item.dt, tuple):
            item.dt = tuple(zones.aware(part, name) for part in item.dt)
        else:
            item.dt = zones.aware(item.dt, name)


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _rules(event: Any) -> list[Any]:
    rules = _listed(event.get("RRULE"))
    if any(isinstance(rule, vBroken) for rule in rules):
        raise _bad_rule()
    return rules


def _check_rule(rule: Any) -> None:
    if not set(rule.get("FREQ", ())) <= _FREQUENCIES or "FREQ" not in rule:
        raise ImportProblem(
            _("Deze herhaling is te vaak voor een les; gebruik per dag, week, maand of jaar.")
        )
    if any(step < 1 for step in rule.get("INTERVAL", ())) or any(
        len(rule.get(part, ())) > 1 for part in _CLOCK_PARTS
    ):
        raise _bad_rule()


def _bad_rule() -> ImportProblem:
    return ImportProblem(
        _("De herhaling van deze afspraak is niet te lezen. Zet losse lessen in het bestand.")
    )


def occurrences(events: Sequence[Any], first: date | None, last: date | None) -> Iterator[Occurrence]:
    """The occurrences of one series (an event and its exceptions, all prepared) from ``first`` to ``last``.

    Without ``first`` from its beginning; without ``last`` to its end, or three years on when it has none.
    Raises ImportProblem for rules that contradict themselves.
    """
    calendar = Calendar()
    for event in events:
        calendar.add_component(event)
    try:
        begin = min(_day(event["DTSTART"].dt) for event in events)
        start = max(first or begin, begin - OPEN_END)
        stop = last or _last_day(events, begin)
        if stop < start:
            return
        found = recurring_ical_events.of(calendar).between(
            start, min(stop, start + MAX_PERIOD) + timedelta(days=1)
        )
        made = list(_numbered(found))
    except (*FAULTS, BrokenCalendarProperty) as fault:
        raise _bad_rule() from fault
    yield from (one for one in made if start <= _day(one.start) <= stop)


def _last_day(events: Sequence[Any], begin: date) -> date:
    """The last day on which something can happen: exceptions and extra dates may lie after the rule's end."""
    if any(has_open_end(event) for event in events):
        return begin + OPEN_END
    return begin + MAX_PERIOD


def _numbered(found: Iterable[Any]) -> Iterator[Occurrence]:
    """Occurrences with their place in the series. All that follow an exception "from here on" come with its place,
    so from the second on their own moment takes over. Raises ImportProblem when one lasts a whole day."""
    taken: set[datetime] = set()
    for event in found:
        start, place = event["DTSTART"].dt, event["RECURRENCE-ID"].dt
        if not (isinstance(start, datetime) and isinstance(place, datetime)):
            raise _bad_rule()
        place = start if place in taken else place
        taken.add(place)
        yield Occurrence(int(event[_ROW]), start, event["DTEND"].dt, place)


def _day(moment: datetime | date) -> date:
    return moment.astimezone(AMSTERDAM).date() if isinstance(moment, datetime) else moment
