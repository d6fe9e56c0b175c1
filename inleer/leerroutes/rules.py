"""Laying a route on the calendar. Pure: a definition, a start and a calendar in; dates and sessions out.

How a duration is counted is explained in docs/decisions/0023-phases-on-the-calendar.md.
"""

from __future__ import annotations

import calendar as month_lengths
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from inleer import clock
from inleer.errors import DomainError
from inleer.extend.types import (
    Duration,
    DurationUnit,
    Host,
    PhaseDef,
    PhaseKind,
    RouteDefinition,
    SessionKind,
)
from inleer.extend.types import Strand as StrandDef

DAY = timedelta(days=1)
# No vacation lasts this long: a calendar without a school week in it is wrong, and counting would never end.
_PATIENCE_DAYS = 26 * 7


class Calendar(Protocol):
    """What a planning asks of an institution's calendar (``inleer.calendars.rules.SchoolCalendar`` answers
    it)."""

    def is_free(self, day: date, /) -> bool:
        """Whether the day is a public holiday, a vacation day or a closing day."""

    def is_school_week(self, day: date, /) -> bool:
        """Whether the week of ``day`` has no vacation on Monday to Friday."""


@dataclass(frozen=True, slots=True)
class PhaseDates:
    """A phase on the calendar, both days included. ``end`` is None when the duration is open."""

    key: str
    name: str
    kind: PhaseKind
    start: date
    end: date | None
    checkpoints: tuple[date, ...] = ()


class DatedPhase(Protocol):
    """Anything that says when a phase of a route is: PhaseDates, or the phase of a cohort that was moved."""

    @property
    def key(self) -> str:
        """The phase's key in the route."""

    @property
    def start(self) -> date:
        """The first day."""

    @property
    def end(self) -> date | None:
        """The last day; None when open."""


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """A session as the route's weekly strand asks for it; ``start`` and ``end`` are Amsterdam clock times."""

    on: date
    start: time
    end: time
    title: str
    kind: SessionKind
    host: Host
    counts: bool
    strand: str
    phase: str

    @property
    def starts_at(self) -> datetime:
        """The moment it starts, in UTC."""
        return clock.at(self.on, self.start)

    @property
    def ends_at(self) -> datetime:
        """The moment it ends, in UTC."""
        return clock.at(self.on, self.end)


def lay_phases(definition: RouteDefinition, start: date, calendar: Calendar) -> tuple[PhaseDates, ...]:
    """The dates of each phase when the edition starts on ``start``: contiguous, in the route's order.

    Phases before the start are counted backwards from the day before it. A range is planned at its longest.
    Raises DomainError when the calendar has no school week for half a year, ValueError when it does not reach
    far enough.
    """
    before = [p for p in definition.phases if p.before_start]
    after = definition.phases[len(before) :]
    laid: list[PhaseDates] = []
    end = start - DAY
    for phase in reversed(before):
        begin = _first_day(phase.duration, end, calendar)
        laid.insert(0, _dates(phase, begin, end))
        end = begin - DAY
    begin = start
    for phase in after:
        last = _last_day(phase.duration, begin, calendar)
        laid.append(_dates(phase, begin, last))
        if last is not None:
            begin = last + DAY
    return tuple(laid)


def plan_sessions(
    definition: RouteDefinition, phases: Sequence[DatedPhase], calendar: Calendar
) -> tuple[PlannedSession, ...]:
    """The sessions of the weekly strands, in order of time, without free days.

    ``phases`` are the edition's own dates (they may have been moved, and may overlap: the same strand on the
    same moment is planned once). Phases that the route does not have, or that have no sessions, are passed
    over. Raises DomainError when a phase with sessions has no end.
    """
    by_key = {p.key: p for p in definition.phases}
    planned: dict[tuple[str, date, str], PlannedSession] = {}
    for dated in phases:
        phase = by_key.get(dated.key)
        strands = [s for s in phase.strands if s.makes_sessions] if phase else []
        if phase is None or not strands:
            continue
        if dated.end is None:
            raise DomainError(f"Fase “{phase.name}” heeft geen einddatum: er kunnen geen bijeenkomsten in.")
        for strand in strands:
            for day in _days(dated.start, dated.end, strand.weekdays):
                if not calendar.is_free(day):
                    planned.setdefault((strand.key, day, strand.start or ""), _session(strand, phase, day))
    return tuple(sorted(planned.values(), key=lambda s: (s.on, s.start, s.strand)))


def add_months(day: date, count: int) -> date:
    """``count`` months later (negative: earlier) on the same day of the month, or on the month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, month_lengths.monthrange(year, month + 1)[1]))


def _dates(phase: PhaseDef, begin: date, end: date | None) -> PhaseDates:
    checkpoints = tuple(add_months(begin, months) for months in phase.checkpoints)
    return PhaseDates(phase.key, phase.name, phase.kind, begin, end, checkpoints)


def _last_day(duration: Duration, begin: date, calendar: Calendar) -> date | None:
    amount = duration.longest
    if amount is None:
        return None
    match duration.unit:
        case DurationUnit.MONTHS:
            return add_months(begin, amount) - DAY
        case DurationUnit.SCHOOL_WEEKS:
            return _walk_school_days(begin, amount * 7, DAY, calendar)
        case DurationUnit.WEEKS:
            return begin + (amount * 7 - 1) * DAY
        case _:
            return begin + (amount - 1) * DAY


def _first_day(duration: Duration, end: date, calendar: Calendar) -> date:
    amount = duration.longest
    if amount is None:
        raise DomainError("Een fase voor de start heeft altijd een duur.")
    match duration.unit:
        case DurationUnit.MONTHS:
            return add_months(end + DAY, -amount)
        case DurationUnit.SCHOOL_WEEKS:
            return _walk_school_days(end, amount * 7, -DAY, calendar)
        case DurationUnit.WEEKS:
            return end - (amount * 7 - 1) * DAY
        case _:
            return end - (amount - 1) * DAY


def _walk_school_days(day: date, count: int, step: timedelta, calendar: Calendar) -> date:
    """The day on which the ``count``-th day inside school weeks falls, walking from ``day`` (itself
    included)."""
    idle = 0
    while True:
        if calendar.is_school_week(day):
            count, idle = count - 1, 0
        else:
            idle += 1
        if count == 0:
            return day
        if idle > _PATIENCE_DAYS:
            raise DomainError(
                "De kalender heeft een half jaar lang geen schoolweek. Controleer de vakanties."
            )
        day += step


def _days(first: date, last: date, weekdays: Sequence[int]) -> list[date]:
    span = (last - first).days + 1
    return [day for day in (first + n * DAY for n in range(span)) if day.weekday() in weekdays]


def _session(strand: StrandDef, phase: PhaseDef, day: date) -> PlannedSession:
    begin, end = strand.times
    return PlannedSession(
        on=day,
        start=begin,
        end=end,
        title=strand.name,
        kind=strand.session_kind,
        host=strand.host,
        counts=strand.counts,
        strand=strand.key,
        phase=phase.key,
    )
