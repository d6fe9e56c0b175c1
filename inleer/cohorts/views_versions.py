"""A cohort moves to another version of its route: choose the phases, see what happens, move, and take it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from inleer.cohorts import versions
from inleer.cohorts.forms_versions import PhaseMapForm, TakeMoveBackForm, phase_map_form
from inleer.cohorts.models import Cohort
from inleer.cohorts.version_rules import CLOSED
from inleer.cohorts.views import bp
from inleer.errors import DomainError, NotVisible
from inleer.extend.types import RouteDefinition
from inleer.forms import tell
from inleer.i18n import _
from inleer.leerroutes.queries import definition_by_id, published_routes
from inleer.policy import Actor, Perm
from inleer.policy.guard import guarded, require_actor

#: What the buttons ask for: SAVE with the seal of the preview, BACK to the choice; anything else is a preview.
SAVE, BACK = "overzetten:", "terug"


@bp.route("/<uuid:cohort_id>/routeversie", methods=["GET", "POST"])
@guarded(Perm.COHORT_PLAN, on=Cohort)
def route_version(cohort: Cohort) -> Any:
    """Choose a version and which phase becomes which, see what happens, move the cohort."""
    actor, now = require_actor(), definition_by_id(cohort.route_version_id)
    others = _others(actor, now)
    if not others or cohort.state in CLOSED:
        return _choosing(cohort, now, others, None, None)
    asked = request.args.get("naar", str(others[0]))
    if asked not in map(str, others):
        raise NotVisible
    try:
        suggested = versions.preview(cohort, int(asked), {})
    except DomainError as error:  # vacations that nobody knows
        return _choosing(cohort, now, others, None, None, error.message)
    chosen = {f"fase_{key}": to or "" for key, to in suggested.move.phase_map.items()}
    form = phase_map_form(suggested.held, suggested.new)(data={**chosen, "version": cohort.version})
    wanted = request.form.get("submit", "")
    if form.validate_on_submit() and wanted != BACK:
        return _sent(actor, cohort, now, others, form, suggested, wanted)
    return _choosing(cohort, now, others, form, suggested)


def _others(actor: Actor, now: RouteDefinition) -> list[int]:
    """The other published versions of the cohort's route, the newest first."""
    return [r.version for r in published_routes(actor) if r.key == now.key and r.version != now.version]


def _sent(
    actor: Actor,
    cohort: Cohort,
    now: RouteDefinition,
    others: Sequence[int],
    form: PhaseMapForm,
    suggested: versions.Preview,
    wanted: str,
) -> Any:
    """A phase map came in: refuse it, show what it does, or carry it out."""
    to = suggested.new.version
    if wanted.startswith(SAVE):
        try:
            seal = wanted.removeprefix(SAVE)
            versions.move_version(actor, cohort, to, form.chosen, form.opened_version, seal)
        except DomainError as error:
            form.refuse(error)
        else:
            tell(
                _("De lichting volgt nu versie %(v)s van de route.", v=to),
                url_for("planning.take_back_version", cohort_id=cohort.id),
                version=cohort.version,
            )
            return redirect(url_for("planning.show", cohort_id=cohort.id), 303)
    found = versions.preview(cohort, to, form.chosen)
    if found.move.refused:
        form.form_errors = []  # said once, beside the phase it is about
        form.refuse_phases(found.move.refused)
        return _choosing(cohort, now, others, form, found)
    page = render_template("planning/version_preview.html", cohort=cohort, form=form, found=found, save=SAVE)
    return page, form.status


def _choosing(
    cohort: Cohort,
    now: RouteDefinition,
    others: Sequence[int],
    form: PhaseMapForm | None,
    found: versions.Preview | None,
    problem: str = "",
) -> Any:
    last, in_the_way = versions.ways_back(cohort)
    page = render_template(
        "planning/version.html",
        cohort=cohort,
        now=now,
        others=others,
        form=form,
        found=found,
        problem=problem,
        closed=cohort.state in CLOSED,
        last=last,
        last_from=definition_by_id(last.from_version_id).version if last else None,
        in_the_way=in_the_way,
    )
    return page, form.status if form is not None else 200


@bp.post("/<uuid:cohort_id>/routeversie/ongedaan")
@guarded(Perm.COHORT_PLAN, on=Cohort)
def take_back_version(cohort: Cohort) -> Response:
    """Take the last move back."""
    form = TakeMoveBackForm()
    _had, has = versions.take_back(require_actor(), cohort, form.opened_version)
    flash(_("De lichting volgt weer versie %(v)s van de route.", v=has), "ok")
    return redirect(url_for("planning.show", cohort_id=cohort.id), 303)
