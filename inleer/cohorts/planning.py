"""What the planning pages put together: drafts of an edition, its overview, and choices for the forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from inleer import clock
from inleer.accounts.models import Organisation
from inleer.calendars.rules import SchoolCalendar
from inleer.cohorts import actions, forms, sessions
from inleer.cohorts.free_days import in_words, laid_on, nearest
from inleer.cohorts.models import Cohort, CohortPhase, Session
from inleer.cohorts.planning_partners import CHOOSABLE
from inleer.cohorts.planning_steps import STEP_WORDS, steps_now
from inleer.cohorts.queries import (
    PARTNER_WORDS,
    FreeDays,
    enrolled_count,
    free_days_between,
    organisations_to_choose,
    partners_of,
    phases_of,
    sessions_page,
)
from inleer.cohorts.rules import COHORT_STEPS
from inleer.db import db
from inleer.errors import DomainError, NotVisible
from inleer.extend.types import RouteDefinition
from inleer.forms import SelectChoice, given
from inleer.i18n import _
from inleer.leerroutes.queries import PublishedRoute, definition_by_id, published_routes, route_version
from inleer.leerroutes.rules import PhaseDates
from inleer.policy import Actor, Perm, load


@dataclass(frozen=True)
class Lack:
    """What an edition still lacks. ``kind`` says what helps: a partner, sessions or people."""

    kind: str
    text: str
    rule: str


#: What is said of a partner that the route needs and that is not there: the sentence and its rule.
_PARTNERS = {
    "school": ("Er is nog geen school.", "Regel: docenten leggen de aanwezigheid vast."),
    "leerhome": ("Er is nog geen leerhome.", "Regel: het leerhome ontvangt de groep."),
    "employer": ("Er is nog geen werkgever.", "Regel: deze route heeft werkplekken of banen bij werkgevers."),
}


@dataclass(frozen=True)
class Draft:
    """An edition being made: the first step's answers with the route and its phases on the calendar."""

    route: PublishedRoute
    name: str
    starts_on: date
    region: str
    school_id: UUID | None
    leerhome_id: UUID | None
    employer_ids: tuple[UUID, ...]
    phases: tuple[PhaseDates, ...]
    free_days: Mapping[str, Sequence[FreeDays]]
    warnings: Mapping[str, str]


def new_form(actor: Actor, args: Mapping[str, Any] | None) -> forms.NewCohortForm:
    """The first step with its choices; ``args`` are the query parameters that came back."""
    form = forms.NewCohortForm(args, data={"region": _region_of(actor)})
    routes = published_routes(actor)
    form.route.choices = [
        SelectChoice(f"{r.key}:{r.version}", _("%(name)s, versie %(v)s", name=r.name, v=r.version))
        for r in routes
    ]
    organisations = organisations_to_choose(actor, CHOOSABLE)
    for field, kind in ((form.school, "school"), (form.leerhome, "leerhome")):
        rows = [o for o in organisations if o.kind == kind]
        field.choices = forms.organisation_choices(rows, _("nog niet bekend"))
    form.employers.choices = forms.organisation_choices(
        [o for o in organisations if o.kind == "employer"], None
    )
    return form


def _region_of(actor: Actor) -> str | None:
    """The vacation region of the actor's own organisation; None when that has none."""
    own = load(actor, Perm.ORGANISATION_LIST, Organisation, actor.organisation_id)
    return own.region


def draft_of(actor: Actor, form: forms.NewCohortForm) -> Draft:
    """Lay the chosen route on the calendar. Raises DomainError when vacations are unknown."""
    key, _sep, version = form.route.data.rpartition(":")
    route = next(r for r in published_routes(actor) if (r.key, str(r.version)) == (key, version))
    school_id = forms.chosen_id(form.school.data)
    start = given(form.starts_on.data)
    phases = actions.plan_phases(route.definition, start, form.region.data, school_id)
    calendar = actions.planning_calendar(form.region.data, school_id, start)
    return Draft(
        route=route,
        name=given(form.name.data).strip(),
        starts_on=start,
        region=form.region.data,
        school_id=school_id,
        leerhome_id=forms.chosen_id(form.leerhome.data),
        employer_ids=tuple(UUID(e) for e in form.employers.data or ()),
        phases=phases,
        free_days=(free := {p.key: _inside(calendar, p.start, p.end) for p in phases}),
        warnings={p.key: in_words(laid_on(free[p.key], p.start, p.end)) for p in phases},
    )


def _inside(calendar: SchoolCalendar, first: date, last: date | None) -> list[FreeDays]:
    end = min(last or first, calendar.last)
    return free_days_between(calendar, first, end) if first <= end else []


def calendar_form_for(draft: Draft) -> forms.CreateCohortForm:
    """The second step, filled with the dates that the route gives."""
    group = draft.route.definition.group
    low, high = group.bounds
    data: dict[str, Any] = {"slug": forms.slug_for(draft.name, draft.starts_on)}
    data |= {"group_min": low, "group_target": group.target, "group_max": high}
    for phase in draft.phases:
        data[f"start_{phase.key}"], data[f"end_{phase.key}"] = phase.start, phase.end
    return forms.calendar_form(draft.route.definition)(data=data)


def create(actor: Actor, draft: Draft, form: forms.CreateCohortForm) -> Cohort:
    """Make the edition with its moved phases, partners and, when asked, sessions. Raises DomainError."""
    phases = tuple(_moved(phase, form) for phase in draft.phases)
    row = route_version(draft.route.key, draft.route.version)
    if row is None:
        raise DomainError(_("Deze route is niet meer gepubliceerd."))
    new = actions.NewCohort(
        slug=given(form.slug.data).strip(),
        name=draft.name,
        starts_on=draft.starts_on,
        region=draft.region,
        group_min=form.group_min.data,
        group_target=form.group_target.data,
        group_max=form.group_max.data,
    )
    cohort = actions.create_cohort(actor, actor.organisation_id, row, new, phases)
    since = min(clock.today(), draft.starts_on)
    wanted = [(draft.school_id, "school"), (draft.leerhome_id, "leerhome")]
    wanted += [(employer, "employer") for employer in draft.employer_ids]
    for organisation_id, kind in wanted:
        if organisation_id is not None:
            actions.add_partner(actor, cohort, organisation_id, kind, since)
    if form.generate.data == "yes":
        generate(actor, cohort)
    return cohort


def _moved(phase: PhaseDates, form: forms.CreateCohortForm) -> PhaseDates:
    start, end = form[f"start_{phase.key}"].data, form[f"end_{phase.key}"].data
    if end is not None and end < start:
        raise DomainError(_("De laatste dag ligt voor de eerste dag."), f"end_{phase.key}")
    return PhaseDates(phase.key, phase.name, phase.kind, start, end, phase.checkpoints)


def hosts_of(cohort: Cohort) -> dict[str, UUID]:
    """The organisation per host of the route's strands: the running school and leerhome partner."""
    return {
        p.kind: p.organisation_id for p in actions.partners_now(cohort.id) if p.kind in ("school", "leerhome")
    }


def generate(actor: Actor, cohort: Cohort) -> int:
    """Plan the sessions of the weekly strands; returns how many are new."""
    hosts = hosts_of(cohort)
    calendar = actions.planning_calendar(cohort.region, hosts.get("school"), cohort.starts_on)
    definition = definition_by_id(cohort.route_version_id)
    return len(sessions.generate_sessions(actor, cohort, definition, calendar, hosts))


def overview(actor: Actor, cohort: Cohort) -> dict[str, Any]:
    """Everything on the planning page of an edition."""
    definition: RouteDefinition = definition_by_id(cohort.route_version_id)
    rows = sessions_page(actor, cohort.id)
    today = clock.today()
    phases = phases_of(cohort.id)
    return {
        "cohort": cohort,
        "definition": definition,
        "phases": phases,
        "free_days": (free := {p.id: free_days(cohort, p) for p in phases}),
        "warnings": {p.id: warning_of(p, free[p.id]) for p in phases},
        "nearest": {p.id: nearest(free[p.id], today) for p in phases},
        "partners": partners_of(cohort.id),
        "partner_words": PARTNER_WORDS,
        "session_count": len(rows),
        "upcoming": [s for s in rows if s.on >= today and s.state != "cancelled"][:5],
        "people": enrolled_count(cohort.id),
        **steps_now(cohort, phases),
        "state_word": actions.state_word,
        "step_words": STEP_WORDS,
        "today": today,
        "missing": _missing(cohort, rows),
    }


def missing_of(actor: Actor, cohort: Cohort) -> list[Lack]:
    """What this edition still lacks; nothing once it has ended."""
    return _missing(cohort, sessions_page(actor, cohort.id)) if COHORT_STEPS[cohort.state] else []


def _missing(cohort: Cohort, rows: Sequence[Session]) -> list[Lack]:
    here = {partner.kind for partner in actions.partners_now(cohort.id)}
    needed = definition_by_id(cohort.route_version_id).partners
    lacks = [
        Lack("partner", _(text), _(rule))
        for kind, (text, rule) in _PARTNERS.items()
        if kind in needed and kind not in here
    ]
    if not rows:
        rule = _("Regel: zonder rooster is er geen aanwezigheid.")
        lacks.append(Lack("sessions", _("Er zijn nog geen bijeenkomsten."), rule))
    people = enrolled_count(cohort.id)
    if people < cohort.group_min:
        text = _("%(n)s van minimaal %(min)s deelnemers.", n=people, min=cohort.group_min)
        lacks.append(Lack("people", text, _("Regel: groepsgrootte van de route.")))
    return lacks


def free_days(cohort: Cohort, phase: CohortPhase) -> list[FreeDays]:
    """Vacations and public holidays inside a phase."""
    calendar = actions.planning_calendar(cohort.region, hosts_of(cohort).get("school"), cohort.starts_on)
    return _inside(calendar, phase.starts_on, phase.ends_on)


def warning_of(phase: CohortPhase, days: Sequence[FreeDays]) -> str:
    """That the first day of a phase is free, or all its days; empty when neither is so. ``days``: see above."""
    return in_words(laid_on(days, phase.starts_on, phase.ends_on))


def phase_in(cohort: Cohort, phase_id: UUID) -> CohortPhase:
    """A phase of this cohort. Raises NotVisible for any other id."""
    statement = select(CohortPhase).where(CohortPhase.id == phase_id, CohortPhase.cohort_id == cohort.id)
    found = db.session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotVisible
    return found


def plan_one(actor: Actor, cohort: Cohort, form: forms.SessionForm) -> Session:
    """Plan one session from the form. Raises DomainError for impossible times."""
    new = sessions.NewSession(
        title=given(form.title.data).strip(),
        kind=form.kind.data,
        starts_at=clock.at(given(form.on.data), given(form.starts.data)),
        ends_at=clock.at(given(form.on.data), given(form.ends.data)),
        location=form.location.data or None,
        organisation_id=forms.chosen_id(form.organisation_id.data),
    )
    try:
        return sessions.plan_session(actor, [cohort.id], new)
    except DomainError as error:
        raise DomainError(error.message, "ends" if error.field == "ends_at" else error.field) from error


def filtered(rows: Sequence[Session], args: Mapping[str, str]) -> list[Session]:
    """Sessions that pass the filters in the URL: ``soort`` (kind), ``staat`` (state), ``wanneer`` (past, coming)."""
    today = clock.today()
    kept = [s for s in rows if args.get("soort") in (None, "", s.kind)]
    kept = [s for s in kept if args.get("staat") in (None, "", s.state)]
    if args.get("wanneer") == "komend":
        kept = [s for s in kept if s.on >= today]
    if args.get("wanneer") == "geweest":
        kept = [s for s in kept if s.on < today]
    return kept
