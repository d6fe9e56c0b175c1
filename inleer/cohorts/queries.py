"""Reads about cohorts for planning: the edition with its route, phases, partners and sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import bindparam, func, or_, select

from inleer.accounts.models import Organisation
from inleer.calendars.rules import Period, SchoolCalendar
from inleer.cohorts.models import CohortPhase, Enrolment, Partner, Session, SessionCohort
from inleer.db import db
from inleer.policy import Actor, fetch, scope, scoped_select, unscoped, visible

PARTNER_WORDS = {
    "lead": "trekker",
    "employer": "werkgever",
    "school": "school (ROC)",
    "leerhome": "leerhome",
    "funder": "financier",
    "sending_employer": "afgevende werkgever",
}
REGION_WORDS = {"noord": "Noord", "midden": "Midden", "zuid": "Zuid"}


@dataclass(frozen=True)
class PartnerRow:
    """A partner of a cohort with the organisation's name."""

    id: UUID
    organisation_id: UUID
    name: str
    kind: str
    since_on: date
    ended_on: date | None
    version: int


@dataclass(frozen=True)
class FreeDays:
    """A vacation, public holiday or closing day that falls inside a phase."""

    start: date
    end: date
    name: str
    kind: str


def phases_of(cohort_id: UUID) -> Sequence[CohortPhase]:
    """The phases of a cohort that was loaded in scope, in the route's order."""
    statement = select(CohortPhase).where(CohortPhase.cohort_id == cohort_id).order_by(CohortPhase.position)
    return db.session.execute(statement).scalars().all()


def partners_of(cohort_id: UUID) -> list[PartnerRow]:
    """All partners of a cohort that was loaded in scope, running ones first."""
    statement = unscoped(
        select(
            Partner.id,
            Partner.organisation_id,
            Organisation.name,
            Partner.kind,
            Partner.since_on,
            Partner.ended_on,
            Partner.version,
        )
        .join(Organisation, Organisation.id == Partner.organisation_id)
        .where(Partner.cohort_id == cohort_id)
        .order_by(Partner.ended_on.is_not(None), Partner.kind, Organisation.name),
        "partners of a loaded cohort",
    )
    return [PartnerRow(**r._mapping) for r in db.session.execute(statement)]


def organisations_to_choose(actor: Actor, kinds: Sequence[str]) -> Sequence[Organisation]:
    """Organisations of these kinds that the actor may let take part, by name."""
    statement = (
        visible(actor, Organisation)
        .where(Organisation.kind.in_(list(kinds)), Organisation.archived_at.is_(None))
        .order_by(Organisation.name)
    )
    return fetch(actor, statement).scalars().all()


def institutions_named(name: str) -> Sequence[UUID]:
    """Schools and leerhomes with exactly this name or short name, of whichever work agency: none is listed."""
    folded = name.lower()
    statement = select(Organisation.id).where(
        Organisation.kind.in_(("school", "leerhome")),
        Organisation.archived_at.is_(None),
        or_(Organisation.slug == folded, Organisation.name == name, func.lower(Organisation.name) == folded),
    )
    why = "a school or leerhome that somebody knows by name; docs/access.md"
    return db.session.execute(unscoped(statement, why)).scalars().all()


def sessions_page(
    actor: Actor, cohort_id: UUID, first: date | None = None, last: date | None = None
) -> list[Session]:
    """Sessions of a cohort that the actor may see, by time."""
    statement = (
        select(Session)
        .join(SessionCohort, SessionCohort.session_id == Session.id)
        .where(SessionCohort.cohort_id == bindparam("cohort_id"), scope(actor, Session))
        .order_by(Session.starts_at)
    )
    if first is not None:
        statement = statement.where(Session.on >= first)
    if last is not None:
        statement = statement.where(Session.on <= last)
    return list(fetch(actor, scoped_select(statement), cohort_id=cohort_id).scalars())


def enrolled_count(cohort_id: UUID) -> int:
    """How many people take part or are about to, in a cohort that was loaded in scope."""
    statement = select(func.count(Enrolment.id)).where(
        Enrolment.cohort_id == cohort_id, Enrolment.state.in_(("selected", "active", "paused"))
    )
    return db.session.execute(unscoped(statement, "count of a loaded cohort")).scalar_one()


def free_days_between(calendar: SchoolCalendar, first: date, last: date) -> list[FreeDays]:
    """Vacations, closing days and public holidays on weekdays from ``first`` to ``last``, by date."""
    found = [
        *(_clipped(p, first, last, "vacation") for p in calendar.vacations if p.overlaps(first, last)),
        *(_clipped(p, first, last, "closed") for p in calendar.closed if p.overlaps(first, last)),
    ]
    day = first
    while day <= last:
        if day.weekday() < 5 and day in calendar.holidays and not calendar.is_vacation(day):
            found.append(FreeDays(day, day, calendar.holidays[day], "holiday"))
        day += timedelta(days=1)
    return sorted(found, key=lambda f: (f.start, f.end))


def _clipped(period: Period, first: date, last: date, kind: str) -> FreeDays:
    return FreeDays(max(period.start, first), min(period.end, last), period.name, kind)
