"""Writes about cohorts: create an edition, lay and move its phases, add and end partners, change its state."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from inleer import audit, clock
from inleer.calendars.queries import school_calendar
from inleer.calendars.rules import SchoolCalendar, UnknownVacations
from inleer.cohorts.cancelling import leave_nobody
from inleer.cohorts.handing import hand_over_sessions, school_changed
from inleer.cohorts.models import PARTNER_KINDS, Cohort, CohortPhase, Partner
from inleer.cohorts.rules import COHORT_STEPS, STATE_WORDS, check_step
from inleer.db import db
from inleer.errors import DomainError, Forbidden, StaleEdit
from inleer.extend.types import RouteDefinition
from inleer.i18n import _
from inleer.leerroutes.models import RouteVersion
from inleer.leerroutes.queries import definition_of
from inleer.leerroutes.rules import PhaseDates, lay_phases
from inleer.policy import Actor, Perm, Role, can, unscoped

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Recruitment comes before the start. Vacations are published a few years ahead; the far end of a route has no
# lessons, so a shorter calendar serves too.
_BEFORE = timedelta(days=400)
_YEARS_AHEAD = (4, 3, 2, 1)


@dataclass(frozen=True)
class NewCohort:
    """What is asked to create an edition. ``slug`` is its name in URLs and on the command line."""

    slug: str
    name: str
    starts_on: date
    region: str
    group_min: int | None = None
    group_target: int | None = None
    group_max: int | None = None


def create_cohort(
    actor: Actor,
    agency_id: UUID,
    route: RouteVersion,
    new: NewCohort,
    phases: Sequence[PhaseDates] | None = None,
) -> Cohort:
    """Create an edition of a published route version and lay its phases on the calendar.

    ``phases`` are dates that the user moved beforehand. Raises DomainError for a slug that is taken or unusable,
    an impossible group size, or a start for which no vacations are known.
    """
    _require(actor, Perm.COHORT_CREATE)
    definition = definition_of(route)
    _check_slug(new.slug)
    group = _group(definition, new)
    laid = phases if phases is not None else plan_phases(definition, new.starts_on, new.region, None)
    cohort = Cohort(
        slug=new.slug,
        name=new.name.strip(),
        agency_id=agency_id,
        route_version_id=route.id,
        route_key=definition.key,
        region=new.region,
        starts_on=new.starts_on,
        state="running" if new.starts_on <= clock.today() else "recruiting",
        group_min=group[0],
        group_target=group[1],
        group_max=group[2],
    )
    db.session.add(cohort)
    db.session.flush()
    rows = [
        CohortPhase(
            cohort_id=cohort.id,
            key=p.key,
            name=p.name,
            kind=str(p.kind),
            position=n,
            starts_on=p.start,
            ends_on=p.end,
        )
        for n, p in enumerate(laid)
    ]
    lead = Partner(cohort_id=cohort.id, organisation_id=agency_id, kind="lead", since_on=clock.today())
    db.session.add_all([*rows, lead])
    db.session.flush()
    audit.record(
        actor,
        "cohort.created",
        cohort,
        details={"route": definition.key, "version": definition.version, "start": str(new.starts_on)},
        covers=[*rows, lead],
    )
    return cohort


def plan_phases(
    definition: RouteDefinition, start: date, region: str, school_id: UUID | None
) -> tuple[PhaseDates, ...]:
    """The route's phases on the calendar of a school or region. Raises DomainError when vacations are unknown."""
    calendar = planning_calendar(region, school_id, start)
    try:
        return lay_phases(definition, start, calendar)
    except ValueError as error:  # a phase in school weeks lies beyond the published vacations
        raise DomainError(str(error), "starts_on") from error


def planning_calendar(region: str, school_id: UUID | None, start: date) -> SchoolCalendar:
    """The calendar around an edition that starts on ``start``, as far ahead as vacations are published.

    Raises DomainError when they are unknown for the first year.
    """
    problem = ""
    for years in _YEARS_AHEAD:
        try:
            return school_calendar(region, school_id, start - _BEFORE, start + timedelta(days=366 * years))
        except UnknownVacations as error:
            problem = str(error)
    raise DomainError(problem, "starts_on")


def _check_slug(slug: str) -> None:
    if not SLUG.fullmatch(slug) or len(slug) > 80:
        raise DomainError(
            _("Gebruik kleine letters, cijfers en streepjes, bijvoorbeeld lelystad-2026."), "slug"
        )
    # Slugs are unique over all agencies: the sentence does not say whose it is.
    taken = db.session.execute(unscoped(select(Cohort.id).where(Cohort.slug == slug), "unique name")).first()
    if taken:
        raise DomainError(_("Deze korte naam is al in gebruik. Kies een andere."), "slug")


def _group(definition: RouteDefinition, new: NewCohort) -> tuple[int, int, int]:
    target = new.group_target or definition.group.target
    low = new.group_min or min(definition.group.min or 1, target)
    high = new.group_max or max(definition.group.max or target, target)
    if not 1 <= low <= target <= high:
        raise DomainError(
            _("De groepsgrootte klopt niet: minimum, streefgetal en maximum lopen op."), "group_target"
        )
    return low, target, high


def change_state(actor: Actor, cohort: Cohort, state: str) -> None:
    """Bring a cohort to another state. Raises DomainError for a step that does not exist, or to cancel it while
    people take part."""
    check_step(COHORT_STEPS, cohort.state, state)
    if state == "cancelled":
        leave_nobody(actor, cohort)
    audit.record(actor, "cohort.state_changed", cohort, details={"from": cohort.state, "to": state})
    cohort.state = state


def move_phase(
    actor: Actor, phase: CohortPhase, starts_on: date, ends_on: date | None, version: int
) -> CohortPhase:
    """Give a phase other dates. Raises DomainError for an impossible period, StaleEdit for an older version."""
    if version != phase.version:
        raise StaleEdit(phase, version)
    if ends_on is not None and ends_on < starts_on:
        raise DomainError(_("De laatste dag ligt voor de eerste dag."), "ends_on")
    if ends_on is None and phase.ends_on is not None:
        raise DomainError(_("Vul een laatste dag in."), "ends_on")
    audit.record(
        actor,
        "cohort.phase_moved",
        phase,
        details={"from": [str(phase.starts_on), str(phase.ends_on)], "to": [str(starts_on), str(ends_on)]},
    )
    phase.starts_on, phase.ends_on, phase.moved = starts_on, ends_on, True
    return phase


def add_partner(
    actor: Actor, cohort: Cohort, organisation_id: UUID, kind: str, since_on: date | None = None
) -> Partner:
    """Let an organisation take part in a cohort. Raises DomainError when it already does in this role."""
    if kind not in PARTNER_KINDS:
        raise DomainError(_("Kies de rol van deze partner."), "kind")
    since = since_on or clock.today()
    for partner in partners_now(cohort.id):
        if partner.ended_on is not None and partner.ended_on < since:
            continue  # the next one may be known before the last day of this one
        if partner.organisation_id == organisation_id and partner.kind == kind:
            raise DomainError(_("Deze organisatie doet al mee in deze rol."), "organisation_id")
        if kind in ("school", "leerhome") and partner.kind == kind:
            raise DomainError(_("Er is al een partner met deze rol. Beëindig die eerst."), "kind")
    partner = Partner(cohort_id=cohort.id, organisation_id=organisation_id, kind=kind, since_on=since)
    db.session.add(partner)
    audit.record(
        actor,
        "cohort.partner_added",
        partner,
        details={"cohort": str(cohort.id), "organisation": str(organisation_id), "kind": kind},
    )
    hand_over_sessions(actor, cohort.id, kind, organisation_id, partner.since_on)
    school_changed(actor, cohort.id, kind)
    return partner


def end_partner(actor: Actor, partner: Partner, last_day: date, version: int | None = None) -> None:
    """End an organisation's part in a cohort; after ``last_day`` its people see nothing of it any more.

    Raises DomainError for an impossible day, StaleEdit for an older version.
    """
    if version is not None and version != partner.version:
        raise StaleEdit(partner, version)
    if partner.kind == "lead":
        raise DomainError(_("De trekker van de lichting kan niet worden beëindigd."))
    if last_day < partner.since_on:
        raise DomainError(_("De laatste dag ligt voor de eerste dag."), "ended_on")
    audit.record(
        actor,
        "cohort.partner_ended",
        partner,
        details={"cohort": str(partner.cohort_id), "last_day": str(last_day)},
    )
    partner.ended_on = last_day
    school_changed(actor, partner.cohort_id, partner.kind)


def restore_partner(actor: Actor, partner: Partner, version: int | None = None) -> None:
    """Undo the end of a partner's part. Raises DomainError when another school or leerhome took over, StaleEdit."""
    if version is not None and version != partner.version:
        raise StaleEdit(partner, version)
    others = [p for p in partners_now(partner.cohort_id) if p.id != partner.id and p.kind == partner.kind]
    if others and partner.kind in ("school", "leerhome"):
        raise DomainError(_("Er is al een andere partner met deze rol. Beëindig die eerst."), "kind")
    audit.record(actor, "cohort.partner_restored", partner, details={"cohort": str(partner.cohort_id)})
    partner.ended_on = None
    school_changed(actor, partner.cohort_id, partner.kind)


def partners_now(cohort_id: UUID) -> Sequence[Partner]:
    """Partners of a cohort that was loaded in scope, that have not ended; who comes next stands last."""
    today = clock.today()
    statement = select(Partner).where(Partner.cohort_id == cohort_id).order_by(Partner.since_on, Partner.id)
    rows = db.session.execute(statement).scalars()
    return [p for p in rows if p.ended_on is None or p.ended_on >= today]


def state_word(state: str) -> str:
    """The Dutch word for a state."""
    return _(STATE_WORDS[state])


def _require(actor: Actor, perm: str) -> None:
    if actor.role is Role.SYSTEM:
        return
    decision = can(actor, perm)
    if not decision.allowed:
        raise Forbidden(decision.reason)
