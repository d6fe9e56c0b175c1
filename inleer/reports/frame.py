"""What surrounds people on a page: phases, partners, sessions, calendars and dated settings of cohorts. Pure.

Filled by :mod:`inleer.reports.frame_parts`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import cast
from uuid import UUID

from inleer.calendars.rules import Period, Region, UnknownVacations, dutch_calendar, monday, school_weeks
from inleer.parameters import CATALOGUE

WEEK = timedelta(weeks=1)
#: Weeks of which the window can be made up: four school weeks with the longest vacation between them, and some.
WINDOW_REACH = timedelta(weeks=16)


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """A phase of a cohort on the calendar, both days included; ``end`` None is open. ``kind``: a value of PhaseKind."""

    cohort_id: UUID
    name: str
    start: date
    end: date | None
    kind: str = ""

    def holds(self, day: date) -> bool:
        """Whether the day lies in this phase."""
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class PartnerRow:
    """An organisation that takes part in a cohort today. ``late_counts``: whether lateness is unexcused there now."""

    cohort_id: UUID
    organisation_id: UUID
    name: str
    kind: str
    late_counts: bool = False


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session of a cohort with its teacher (or the substitute) and the organisation that holds it."""

    cohort_id: UUID
    id: UUID
    title: str
    kind: str
    state: str
    location: str | None
    teacher: str | None
    organisation_id: UUID | None
    on: date
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything around the people of some cohorts. Mappings are by cohort id, ``dated`` by agency id."""

    phases: Mapping[UUID, Sequence[PhaseRow]]
    partners: Mapping[UUID, Sequence[PartnerRow]]
    sessions: Sequence[SessionRow]
    routes: Mapping[UUID, tuple[str, int]]
    regions: Mapping[UUID, str]
    closures: Mapping[UUID, tuple[tuple[str, date, date], ...]]
    agencies: Mapping[UUID, UUID]
    dated: Mapping[UUID, Mapping[str, Mapping[date, int]]]

    def settings(self, cohort_id: UUID, on: date) -> dict[str, int]:
        """Every parameter's value on a day, for the agency of a cohort."""
        own = self.dated.get(self.agencies.get(cohort_id, cohort_id), {})
        return _settings(on, own)

    def window_start(self, cohort_id: UUID, today: date, weeks: int) -> date:
        """The Monday of the first of the last ``weeks`` school weeks, on the calendar of the cohort's school."""
        region = self.regions.get(cohort_id, "midden")
        return _window_start(region, self.closures.get(cohort_id, ()), today, weeks)

    def phase_on(self, cohort_id: UUID, day: date) -> PhaseRow | None:
        """The phase of a cohort on a day; of two that overlap the later one."""
        inside = [p for p in self.phases.get(cohort_id, ()) if p.holds(day)]
        return inside[-1] if inside else None


def _settings(on: date, own: Mapping[str, Mapping[date, int]]) -> dict[str, int]:
    found = {}
    for parameter in CATALOGUE:
        values = {**dict(parameter.official), **own.get(parameter.key, {})}
        found[parameter.key] = values[max(day for day in values if day <= on)]
    return found


@lru_cache(maxsize=256)
def _window_start(region: str, closures: tuple[tuple[str, date, date], ...], today: date, weeks: int) -> date:
    periods = {
        kind: [Period(a, b) for k, a, b in closures if k == kind] for kind in ("vacation", "no_vacation")
    }
    first = today - WINDOW_REACH
    try:
        calendar = dutch_calendar(
            cast(Region, region), first, today, extra=periods["vacation"], removed=periods["no_vacation"]
        )
        found = school_weeks(calendar, first, today)
    except UnknownVacations:  # beyond the published years: count calendar weeks rather than show no figure
        found = ()
    return found[-weeks] if len(found) >= weeks else monday(today) - (weeks - 1) * WEEK
