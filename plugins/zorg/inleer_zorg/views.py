"""Pages of the plugin, below /zorg/COHORT: help requests, visits, hours per participant.

The core's gate has loaded the cohort in the actor's scope before any of these runs; what else the address names
must lie in that cohort.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from inleer.plugin import (
    EXPORTS,
    Cohort,
    NotVisible,
    VersionedForm,
    _,
    clock,
    current_cohort,
    download,
    format_date,
    guarded,
    load,
    posted,
    posted_version,
    require_actor,
    tell,
)
from inleer_zorg import actions, files, forms, rules, screens
from inleer_zorg.access import MANAGE, VIEW
from inleer_zorg.models import HelpRequest, Visit

blueprint: Final = Blueprint("zorg", __name__, template_folder="templates")
View = Callable[..., Any]


@blueprint.app_template_global("zorg_words")
def words() -> dict[str, Any]:
    """The Dutch words for tasks, states and days, for the templates of this plugin."""
    return {"task": rules.TASKS, "state": rules.STATES, "day": rules.WEEKDAYS, "needed": rules.NEEDED_MINUTES}


def about_request(perm: str) -> Callable[[View], View]:
    """Guard a view about one help request, and refuse one of another cohort than the address names."""

    def decorate(view: View) -> View:
        @guarded(perm, on=HelpRequest)
        @wraps(view)
        def run(cohort_id: UUID, help_request: HelpRequest) -> Any:
            if help_request.cohort_id != cohort_id:
                raise NotVisible
            return view(help_request)

        return run

    return decorate


def about_visit(view: View) -> View:
    """Guard a view that changes one visit, and hand it the visit with its help request."""

    @guarded(MANAGE, on=Visit)
    @wraps(view)
    def run(cohort_id: UUID, visit: Visit) -> Any:
        help_request = load(require_actor(), MANAGE, HelpRequest, visit.help_request_id)
        if help_request.cohort_id != cohort_id:
            raise NotVisible
        return view(help_request, visit)

    return run


def _show(template: str, form: VersionedForm, **context: Any) -> tuple[str, int]:
    page = screens.form_page(require_actor(), current_cohort(), form=form, **context)
    return render_template(template, **page), form.status


def _done(help_request: HelpRequest, text: str, undo_url: str = "", **fields: Any) -> Response:
    """Back to the help request, saying what was done and offering the way back."""
    tell(text, undo_url, **fields)
    return redirect(_address(help_request), 303)


def _address(help_request: HelpRequest, endpoint: str = "zorg.show") -> str:
    return url_for(endpoint, cohort_id=help_request.cohort_id, help_request_id=help_request.id)


@blueprint.get("/<uuid:cohort_id>/hulpvragen")
@guarded(VIEW)
def index(cohort_id: UUID) -> Any:
    """The help requests of a cohort: what needs somebody, then the list; with ``format`` that list as a file."""
    cohort = current_cohort()
    page = screens.listing(require_actor(), cohort, request.args)
    if (kind := request.args.get("format", "")) in EXPORTS:
        return _file("hulpvragen", cohort, files.REQUEST_COLUMNS, files.request_rows(page["all_rows"]), kind)
    return render_template("zorg/index.html", **page)


@blueprint.get("/<uuid:cohort_id>/uren")
@guarded(VIEW)
def hours(cohort_id: UUID) -> Any:
    """The hours in the neighbourhood, per participant; with ``format`` in the address as a file."""
    cohort = current_cohort()
    page = screens.hours(require_actor(), cohort, request.args)
    if (kind := request.args.get("format", "")) in EXPORTS:
        return _file("uren-in-de-wijk", cohort, files.HOURS_COLUMNS, files.hours_rows(page["rows"]), kind)
    return render_template("zorg/hours.html", **page)


def _file(name: str, cohort: Cohort, columns: Sequence[str], rows: Sequence[Sequence[Any]], kind: str) -> Any:
    return download(f"{name}-{cohort.slug}-{clock.today().isoformat()}", [_(c) for c in columns], rows, kind)


@blueprint.route("/<uuid:cohort_id>/hulpvragen/nieuw", methods=["GET", "POST"])
@guarded(MANAGE)
def new(cohort_id: UUID) -> Any:
    """Write down what a resident asks."""
    form, made = forms.new_request_form(), []
    if form.done(lambda: made.append(actions.create(require_actor(), cohort_id, form.values()))):
        return _done(made[0], _("De hulpvraag staat erbij. Geef hem nu aan een deelnemer."))
    return _show("zorg/request_form.html", form, help_request=None)


@blueprint.get("/<uuid:cohort_id>/hulpvragen/<uuid:help_request_id>")
@about_request(VIEW)
def show(help_request: HelpRequest) -> str:
    """One help request with its visits."""
    return render_template(
        "zorg/show.html", **screens.details(require_actor(), current_cohort(), help_request)
    )


@blueprint.route("/<uuid:cohort_id>/hulpvragen/<uuid:help_request_id>/wijzigen", methods=["GET", "POST"])
@about_request(MANAGE)
def change(help_request: HelpRequest) -> Any:
    """Change what was asked or agreed."""
    form, actor = forms.request_form(help_request), require_actor()
    if form.done(lambda: actions.change(actor, help_request, form.values(), form.opened_version)):
        return _done(help_request, _("De hulpvraag is gewijzigd."))
    return _show("zorg/request_form.html", form, help_request=help_request)


@blueprint.route("/<uuid:cohort_id>/hulpvragen/<uuid:help_request_id>/toewijzen", methods=["GET", "POST"])
@about_request(MANAGE)
def assign(help_request: HelpRequest) -> Any:
    """Give the help request to a participant."""
    actor, back = require_actor(), _way_back(help_request)
    people = screens.choosable(actor, help_request.cohort_id)
    form = forms.assign_form(help_request, people)
    if form.done(
        lambda: actions.assign(actor, help_request, UUID(form.enrolment_id.data), form.opened_version)
    ):
        return _done(help_request, _("De hulpvraag is toegewezen."), **back(help_request))
    return _show("zorg/assign.html", form, help_request=help_request)


@blueprint.post("/<uuid:cohort_id>/hulpvragen/<uuid:help_request_id>/staat")
@about_request(MANAGE)
def set_state(help_request: HelpRequest) -> Response:
    """Finish, withdraw or take back a help request, or let it run again."""
    back = _way_back(help_request)
    actions.set_state(require_actor(), help_request, posted("state"), posted_version())
    text = _("De hulpvraag is nu: %(state)s.", state=rules.STATES[help_request.state])
    return _done(help_request, text, **back(help_request))


def _way_back(help_request: HelpRequest) -> Callable[[HelpRequest], dict[str, Any]]:
    """Remember how a help request is, to offer the way back to that after a step."""
    state, person = help_request.state, help_request.enrolment_id

    def back(now: HelpRequest) -> dict[str, Any]:
        if state == "assigned" and now.enrolment_id != person:
            url = _address(now, "zorg.assign")
            return {"undo_url": url, "version": now.version, "enrolment_id": person}
        return {"undo_url": _address(now, "zorg.set_state"), "version": now.version, "state": state}

    return back


@blueprint.route("/<uuid:cohort_id>/hulpvragen/<uuid:help_request_id>/bezoek", methods=["GET", "POST"])
@about_request(MANAGE)
def new_visit(help_request: HelpRequest) -> Any:
    """Record a visit."""
    actor, made = require_actor(), []
    form = forms.visit_form(help_request, screens.choosable(actor, help_request.cohort_id))
    if form.done(lambda: made.append(actions.record_visit(actor, help_request, form.visit()))):
        visit, is_new = made[0]
        if not is_new:  # no way back: that would remove what somebody recorded before
            day = format_date(visit.on, "dag_lang")
            return _done(
                help_request, _("Het bezoek van %(day)s stond er al. Er is niets toegevoegd.", day=day)
            )
        return _visit_done(help_request, visit, _("Het bezoek is vastgelegd."), "zorg.remove_visit")
    if request.method == "GET":
        form.on.data = forms.agreed_day(help_request, screens.visit_days(actor, help_request))
    return _show("zorg/visit_form.html", form, help_request=help_request, visit=None)


@blueprint.route("/<uuid:cohort_id>/bezoeken/<uuid:visit_id>", methods=["GET", "POST"])
@about_visit
def change_visit(help_request: HelpRequest, visit: Visit) -> Any:
    """Change a visit."""
    actor = require_actor()
    form = forms.visit_form(help_request, screens.choosable(actor, help_request.cohort_id), visit)
    if form.done(lambda: actions.change_visit(actor, help_request, visit, form.visit(), form.opened_version)):
        return _done(help_request, _("Het bezoek is gewijzigd."))
    return _show("zorg/visit_form.html", form, help_request=help_request, visit=visit)


@blueprint.post("/<uuid:cohort_id>/bezoeken/<uuid:visit_id>/verwijderen")
@about_visit
def remove_visit(help_request: HelpRequest, visit: Visit) -> Response:
    """Take a visit back; it can be put back."""
    actions.remove_visit(require_actor(), help_request, visit, posted_version())
    return _visit_done(help_request, visit, _("Het bezoek is verwijderd."), "zorg.restore_visit")


@blueprint.post("/<uuid:cohort_id>/bezoeken/<uuid:visit_id>/terugzetten")
@about_visit
def restore_visit(help_request: HelpRequest, visit: Visit) -> Response:
    """Put a visit back."""
    actions.restore_visit(require_actor(), help_request, visit, posted_version())
    return _visit_done(help_request, visit, _("Het bezoek staat er weer."), "zorg.remove_visit")


def _visit_done(help_request: HelpRequest, visit: Visit, text: str, undo: str) -> Response:
    url = url_for(undo, cohort_id=help_request.cohort_id, visit_id=visit.id)
    return _done(help_request, text, url, version=visit.version)
