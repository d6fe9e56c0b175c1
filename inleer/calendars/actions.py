"""Exceptions to the official calendar, per institution."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from inleer import audit
from inleer.calendars.models import PERIOD_KINDS, CalendarPeriod
from inleer.db import db
from inleer.errors import DomainError
from inleer.i18n import _
from inleer.policy import Actor


def add_period(
    actor: Actor, organisation_id: UUID, kind: str, name: str, starts_on: date, ends_on: date
) -> CalendarPeriod:
    """Add a period to an organisation's calendar; the caller loaded the organisation with the right to manage it.

    Raises DomainError when the end lies before the start or the kind is not one of PERIOD_KINDS.
    """
    if kind not in PERIOD_KINDS:
        raise DomainError(_("Kies wat voor periode dit is."), "kind")
    if ends_on < starts_on:
        raise DomainError(_("De laatste dag ligt voor de eerste dag."), "ends_on")
    period = CalendarPeriod(
        organisation_id=organisation_id, kind=kind, name=name, starts_on=starts_on, ends_on=ends_on
    )
    db.session.add(period)
    audit.record(
        actor,
        "calendar.period_added",
        period,
        details={
            "organisation": str(organisation_id),
            "kind": kind,
            "from": str(starts_on),
            "to": str(ends_on),
        },
    )
    return period


def remove_period(actor: Actor, period: CalendarPeriod) -> None:
    """Take a period out of the calendar."""
    audit.record(
        actor, "calendar.period_removed", period, details={"organisation": str(period.organisation_id)}
    )
    db.session.delete(period)
