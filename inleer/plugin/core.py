"""What a plugin reads of the core: people and phases to join with, calendars, links, and the cohort of the page.

The tables are for reading and joining only; a plugin changes its own tables. A scoped table (Candidate, Cohort,
Enrolment) is read through ``visible()`` or ``scope()``, or through ``unscoped()`` with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import current_app, g, url_for
from sqlalchemy import select

from inleer import audit
from inleer.calendars.queries import school_calendar
from inleer.calendars.rules import SchoolCalendar
from inleer.cohorts.models import Cohort, Partner
from inleer.db import db
from inleer.errors import DomainError, NotVisible
from inleer.events import figures_changed
from inleer.i18n import _
from inleer.parameters import all_values
from inleer.policy import Actor, Perm, load_where, may_ever, unscoped


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


def record(
    actor: Actor,
    action: str,
    subject: Any,
    fields: Sequence[str] = (),
    details: dict[str, Any] | None = None,
    covers: Iterable[Any] = (),
) -> None:
    """Record in the audit trail that ``actor`` did ``action`` on ``subject``, within the open unit of work.

    ``action`` is one that the plugin registered with ``inleer_register_audit_actions``; ``fields`` names what changed;
    ``details`` holds ids, codes and dates, never personal values; ``covers`` lists further rows that this one entry
    accounts for. Raises LookupError for an action that is not registered, RuntimeError outside a unit of work.
    """
    if current_app.extensions["inleer"].audit_action(action) is None:
        raise LookupError(f"{action} is not registered with inleer_register_audit_actions")
    audit.record(actor, action, subject, fields, details, covers)


def setting(key: str, agency_id: UUID, on: date) -> int:
    """The value of a setting on a day for a work agency (``Cohort.agency_id``). Raises KeyError for an unknown one."""
    return all_values(on, agency_id)[key]


def settings(agency_id: UUID, on: date) -> Mapping[str, int]:
    """The values of all settings on a day for a work agency, by key, in one statement."""
    return all_values(on, agency_id)


def cohort_named(actor: Actor, slug: str) -> Cohort:
    """The cohort with this short name, for commands. Raises DomainError when there is none."""
    try:
        return load_where(actor, Perm.COHORT_VIEW, Cohort, Cohort.slug == slug)
    except NotVisible as error:
        raise DomainError(_("Er is geen lichting %(slug)s.", slug=slug), "cohort") from error


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


def placements_url(cohort_id: UUID, phase_key: str = "") -> str:
    """The address of the core's page about the placements of a cohort, where each is agreed, started, ended and taken
    back: those of one phase, or all. Empty when this installation has no such page."""
    if "cohorts.placements" not in current_app.view_functions:
        return ""
    return url_for("cohorts.placements", cohort_id=cohort_id, periode=phase_key or "alles")


def candidate_url(actor: Actor, candidate_id: UUID) -> str:
    """The address of the core's page about a candidate; empty when this installation has none, or when the actor's
    role reads no dossiers."""
    known = "candidates.show" in current_app.view_functions and may_ever(actor, Perm.CANDIDATE_VIEW)
    return url_for("candidates.show", candidate_id=candidate_id) if known else ""


def cohort_url(cohort_id: UUID) -> str:
    """The address of the core's page about a cohort; empty when this installation has none."""
    known = "cohorts.board" in current_app.view_functions
    return url_for("cohorts.board", cohort_id=cohort_id) if known else ""
