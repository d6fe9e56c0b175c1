"""What a plugin reads of the core: people and phases to join with, calendars, links, and the cohort of the page.

The tables are for reading and joining only; a plugin changes its own tables. A scoped table (Candidate, Cohort,
Enrolment) is read through ``visible()`` or ``scope()``, or through ``unscoped()`` with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from flask import current_app, g, url_for
from sqlalchemy import select

from inleer.calendars.queries import school_calendar
from inleer.calendars.rules import SchoolCalendar
from inleer.cohorts.models import Cohort, Partner
from inleer.db import db
from inleer.errors import NotVisible
from inleer.events import figures_changed
from inleer.policy import Actor, unscoped


def put_cohort(cohort: Cohort) -> None:
    """Keep the cohort of this request; called by the gate before a plugin's pages, not by plugins."""
    g.inleer_plugin_cohort = cohort


def current_cohort() -> Cohort:
    """The cohort that this page of a plugin is about: in the actor's scope, and of one of the plugin's routes.

    Raises NotVisible outside a plugin's page.
    """
    cohort: Cohort | None = g.get("inleer_plugin_cohort")
    if cohort is None:
        raise NotVisible
    return cohort


def people_changed(actor: Actor, enrolment_ids: Iterable[UUID]) -> None:
    """Tell the core that something changed on which signals about these people depend; call it in the action."""
    figures_changed.fire(actor, enrolment_ids)


def school_calendars(cohort_ids: Iterable[UUID], first: date, last: date) -> Mapping[UUID, SchoolCalendar]:
    """The calendar of each cohort's school (without one: of its region), known from ``first`` to ``last``.

    Raises UnknownVacations (a ValueError) for years of which no vacations are published.
    """
    partner = (
        select(Partner.organisation_id)
        .where(Partner.cohort_id == Cohort.id, Partner.kind == "school")
        .order_by(Partner.since_on.desc())
        .limit(1)
        .scalar_subquery()
    )
    statement = select(Cohort.id, Cohort.region, partner.label("school")).where(
        Cohort.id.in_(set(cohort_ids))
    )
    rows = db.session.execute(unscoped(statement, "calendars of cohorts that the caller loaded")).all()
    known = {key: school_calendar(*key, first, last) for key in {(r.region, r.school) for r in rows}}
    return {row.id: known[row.region, row.school] for row in rows}


def cohort_url(cohort_id: UUID) -> str:
    """The address of the core's page about a cohort; empty when this installation has none."""
    known = "cohorts.board" in current_app.view_functions
    return url_for("cohorts.board", cohort_id=cohort_id) if known else ""
