"""Pages of the plugin, below /gemeente/COHORT: who is where, workplaces, group assignments, placing a trainee.

The core's gate has loaded the cohort in the actor's scope before any of these runs; what else the address names
must lie in that cohort.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from inleer.plugin import (
    BaseForm,
    Enrolment,
    NotVisible,
    Placement,
    _,
    current_cohort,
    guarded,
    load,
    partners_of,
    posted_version,
    require_actor,
    tell,
    undo_placement,
)
from inleer_gemeente import actions, assignments, forms, lookups, queries, screens
from inleer_gemeente.access import MANAGE, PLAN, VIEW
from inleer_gemeente.models import Assignment, Workplace
from inleer_gemeente.words import PROFILES, STATES

blueprint: Final = Blueprint("gemeente", __name__, template_folder="templates")
View = Callable[..., Any]


@blueprint.app_template_global("gemeente_words")
def words() -> dict[str, Any]:
    """The Dutch words for profiles and states, for the templates of this plugin."""
    return {"profile": PROFILES, "state": STATES}


def about(model: type[Any], name: str) -> Callable[[View], View]:
    """Guard a view that changes a row of this model, and refuse one of another cohort than the address names."""

    def decorate(view: View) -> View:
        @guarded(MANAGE, on=model)
        @wraps(view)
        def run(cohort_id: UUID, **loaded: Any) -> Any:
            if loaded[name].cohort_id != cohort_id:
                raise NotVisible
            return view(loaded[name])

        return run

    return decorate


def _overview(cohort_id: UUID) -> str:
    return url_for("gemeente.index", cohort_id=cohort_id)


def _done(row: Workplace | Assignment, text: str, undo: str = "") -> Response:
    """Back to the overview, saying what was done and offering the way back."""
    name = "workplace_id" if isinstance(row, Workplace) else "assignment_id"
    ids: dict[str, Any] = {"cohort_id": row.cohort_id, name: row.id}
    tell(text, url_for(undo, **ids) if undo else "", version=row.version)
    return redirect(_overview(row.cohort_id), 303)


def _show(template: str, form: BaseForm, back: str, **context: Any) -> tuple[str, int]:
    page = screens.frame(require_actor(), current_cohort(), **context)
    return render_template(f"gemeente/{template}.html", **page, form=form, back=back), form.status


def _hosts(cohort_id: UUID) -> list[tuple[str, str]]:
    return [(str(row.organisation_id), row.name) for row in partners_of(cohort_id) if row.ended_on is None]


@blueprint.get("/<uuid:cohort_id>/werkplekken")
@guarded(VIEW)
def index(cohort_id: UUID) -> str:
    """Who is where per period, what is missing, workplaces and group assignments."""
    return render_template("gemeente/index.html", **screens.overview(require_actor(), current_cohort()))


@blueprint.route("/<uuid:cohort_id>/werkplek/nieuw", methods=["GET", "POST"])
@guarded(MANAGE)
def new_workplace(cohort_id: UUID) -> Any:
    """Add a workplace."""
    actor, made = require_actor(), []
    form = forms.workplace_form(_hosts(cohort_id))
    if form.done(lambda: made.append(actions.add_workplace(actor, cohort_id, form.values()))):
        return _done(made[0], _("De werkplek staat erbij."), "gemeente.remove_workplace")
    return _show("workplace_form", form, _overview(cohort_id), workplace=None)


@blueprint.route("/<uuid:cohort_id>/werkplek/<uuid:workplace_id>", methods=["GET", "POST"])
@about(Workplace, "workplace")
def change_workplace(workplace: Workplace) -> Any:
    """Change a workplace."""
    actor, form = require_actor(), forms.workplace_form(_hosts(workplace.cohort_id), workplace)
    if form.done(lambda: actions.change_workplace(actor, workplace, form.values(), form.opened_version)):
        return _done(workplace, _("De werkplek is gewijzigd."))
    return _show("workplace_form", form, _overview(workplace.cohort_id), workplace=workplace)


@blueprint.post("/<uuid:cohort_id>/werkplek/<uuid:workplace_id>/verwijderen")
@about(Workplace, "workplace")
def remove_workplace(workplace: Workplace) -> Response:
    """Take a workplace back; it can be put back."""
    actions.remove_workplace(require_actor(), workplace, posted_version())
    return _done(workplace, _("De werkplek is verwijderd."), "gemeente.restore_workplace")


@blueprint.post("/<uuid:cohort_id>/werkplek/<uuid:workplace_id>/terugzetten")
@about(Workplace, "workplace")
def restore_workplace(workplace: Workplace) -> Response:
    """Put a workplace back."""
    actions.restore_workplace(require_actor(), workplace, posted_version())
    return _done(workplace, _("De werkplek staat er weer."), "gemeente.remove_workplace")


def _people(kept: frozenset[UUID] = frozenset()) -> list[tuple[str, str]]:
    """Who can work on a group assignment: who takes part, and who is on it already."""
    rows = screens.group(require_actor(), current_cohort())
    return [(str(r.enrolment_id), r.name) for r in rows if r.takes_part or r.enrolment_id in kept]


@blueprint.route("/<uuid:cohort_id>/opdracht/nieuw", methods=["GET", "POST"])
@guarded(MANAGE)
def new_assignment(cohort_id: UUID) -> Any:
    """Add a group assignment."""
    actor, made = require_actor(), []
    form = forms.assignment_form(_people())
    if form.done(lambda: made.append(assignments.add(actor, cohort_id, form.values()))):
        return _done(made[0], _("De groepsopdracht staat erbij."), "gemeente.remove_assignment")
    return _show("assignment_form", form, _overview(cohort_id), assignment=None)


@blueprint.route("/<uuid:cohort_id>/opdracht/<uuid:assignment_id>", methods=["GET", "POST"])
@about(Assignment, "assignment")
def change_assignment(assignment: Assignment) -> Any:
    """Change a group assignment."""
    actor = require_actor()
    members = frozenset(m.enrolment_id for m in lookups.members_of(assignment.id))
    form = forms.assignment_form(_people(members), assignment, members)
    if form.done(lambda: assignments.change(actor, assignment, form.values(), form.opened_version)):
        return _done(assignment, _("De groepsopdracht is gewijzigd."))
    return _show("assignment_form", form, _overview(assignment.cohort_id), assignment=assignment)


@blueprint.post("/<uuid:cohort_id>/opdracht/<uuid:assignment_id>/verwijderen")
@about(Assignment, "assignment")
def remove_assignment(assignment: Assignment) -> Response:
    """Take a group assignment back; it can be put back."""
    assignments.remove(require_actor(), assignment, posted_version())
    return _done(assignment, _("De groepsopdracht is verwijderd."), "gemeente.restore_assignment")


@blueprint.post("/<uuid:cohort_id>/opdracht/<uuid:assignment_id>/terugzetten")
@about(Assignment, "assignment")
def restore_assignment(assignment: Assignment) -> Response:
    """Put a group assignment back."""
    assignments.restore(require_actor(), assignment, posted_version())
    return _done(assignment, _("De groepsopdracht staat er weer."), "gemeente.remove_assignment")


@blueprint.route("/<uuid:cohort_id>/trainee/<uuid:enrolment_id>/profiel", methods=["GET", "POST"])
@guarded(PLAN, on=Enrolment)
def profile(cohort_id: UUID, enrolment: Enrolment) -> Any:
    """Record the profile of a trainee."""
    actor = require_actor()
    page = screens.person(actor, current_cohort(), enrolment.id)
    form = forms.ProfileForm(data={"profile": page["row"].profile or ""})
    if form.done(lambda: actions.set_profile(actor, enrolment.id, form.profile.data)):
        tell(_("Het profiel is vastgelegd."))
        return redirect(_overview(cohort_id), 303)
    return _show("profile_form", form, _overview(cohort_id), row=page["row"])


@blueprint.route("/<uuid:cohort_id>/trainee/<uuid:enrolment_id>/plaatsen", methods=["GET", "POST"])
@guarded(PLAN, on=Enrolment)
def place(cohort_id: UUID, enrolment: Enrolment) -> Any:
    """Choose a workplace for a trainee; ``periode`` in the address is the one that was chosen already."""
    actor, made = require_actor(), []
    page = screens.person(actor, current_cohort(), enrolment.id)
    form = forms.PlaceForm(data={"phase_key": request.args.get("periode", ""), "hours": 28})
    sites = queries.sites(actor, cohort_id)
    form.phase_key.choices = forms.options(((r.key, r.name) for r in page["rounds"]), _("Kies"))
    form.workplace_id.choices = forms.options(screens.site_options(sites), _("Kies"))
    if form.done(lambda: made.append(actions.place_trainee(actor, enrolment.id, form.values()))):
        ids: dict[str, Any] = {
            "cohort_id": cohort_id,
            "enrolment_id": enrolment.id,
            "placement_id": made[0].id,
        }
        tell(_("De plaatsing staat erbij."), url_for("gemeente.undo_place", **ids), version=made[0].version)
        return redirect(_overview(cohort_id), 303)
    return _show("place_form", form, _overview(cohort_id), row=page["row"], rounds=page["rounds"])


@blueprint.post("/<uuid:cohort_id>/trainee/<uuid:enrolment_id>/plaatsing/<uuid:placement_id>/terug")
@guarded(PLAN, on=Enrolment)
def undo_place(cohort_id: UUID, enrolment: Enrolment, placement_id: UUID) -> Response:
    """Take the last step of a placement back; a proposal is gone then."""
    actor = require_actor()
    if load(actor, PLAN, Placement, placement_id).enrolment_id != enrolment.id:
        raise NotVisible
    undo_placement(actor, placement_id, posted_version())
    tell(_("De laatste stap van de plaatsing is ongedaan gemaakt."))
    return redirect(_overview(cohort_id), 303)
