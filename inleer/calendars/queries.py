"""The calendar of an institution: that of its region, with its own exceptions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import cast
from uuid import UUID

from sqlalchemy import select

from inleer.calendars.models import CalendarPeriod
from inleer.calendars.rules import Period, Region, SchoolCalendar, dutch_calendar
from inleer.db import db


def periods_of(organisation_id: UUID) -> Sequence[CalendarPeriod]:
    """The organisation's own calendar periods, by date."""
    statement = (
        select(CalendarPeriod)
        .where(CalendarPeriod.organisation_id == organisation_id)
        .order_by(CalendarPeriod.starts_on, CalendarPeriod.name)
    )
    return db.session.execute(statement).scalars().all()


def school_calendar(region: str, organisation_id: UUID | None, first: date, last: date) -> SchoolCalendar:
    """The calendar of an institution from ``first`` to ``last``; without one, that of the region.

    Raises UnknownVacations for years of which no vacations are published.
    """
    own = periods_of(organisation_id) if organisation_id else ()
    return _calendar(region, [(p.kind, Period(p.starts_on, p.ends_on, p.name)) for p in own], first, last)


def calendar_with(region: str, own: Iterable[Sequence[str]], first: date, last: date) -> SchoolCalendar:
    """Like :func:`school_calendar`, from the institution's periods as texts: kind, first and last day (no names)."""
    periods = [(kind, Period(date.fromisoformat(a), date.fromisoformat(b))) for kind, a, b in own]
    return _calendar(region, periods, first, last)


def _calendar(region: str, own: Sequence[tuple[str, Period]], first: date, last: date) -> SchoolCalendar:
    # From the first of January: people who started in one year share a calendar, and what it found out about weeks.
    return _built(region, tuple(own), date(first.year, 1, 1), last)


@lru_cache(maxsize=256)
def _built(region: str, own: tuple[tuple[str, Period], ...], first: date, last: date) -> SchoolCalendar:
    by_kind = {
        kind: [period for found, period in own if found == kind]
        for kind in ("vacation", "no_vacation", "closed")
    }
    return dutch_calendar(
        cast(Region, region),
        first,
        last,
        extra=by_kind["vacation"],
        removed=by_kind["no_vacation"],
        closed=by_kind["closed"],
    )
