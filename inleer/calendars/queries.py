"""The calendar of an institution: that of its region, with its own exceptions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
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
    by_kind = {
        kind: [Period(p.starts_on, p.ends_on, p.name) for p in own if p.kind == kind]
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
