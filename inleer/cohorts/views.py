"""Planning pages: create an edition, move its phases, add and end partners, plan sessions."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from inleer import clock
from inleer.cohorts import actions, forms, planning, planning_partners
from inleer.cohorts.models import Cohort
from inleer.cohorts.planning_steps import STATE_DONE, STEP_WORDS
from inleer.cohorts.queries import partners_of, sessions_page
from inleer.cohorts.rules import COHORT_STEPS
from inleer.errors import DomainError
from inleer.forms import given, posted_version
from inleer.i18n import _
from inleer.policy import Perm
from inleer.policy.guard import guarded, require_actor

bp = Blueprint("planning", __name__, url_prefix="/lichtingen")


def _done(cohort: Cohort, text: str) -> Response:
    flash(text, "ok")
    return redirect(url_for("planning.show", cohort_id=cohort.id), 303)


@bp.get("/nieuw")
@guarded(Perm.COHORT_CREATE)
def new() -> str:
    """First step: which route, when, where, with whom."""
    form = planning.new_form(require_actor(), request.args if request.args else None)
    return render_template("planning/new.html", form=form)


@bp.route("/nieuw/kalender", methods=["GET", "POST"])
@guarded(Perm.COHORT_CREATE)
def calendar() -> Any:
    """Second step: the phases on the calendar, with vacations and public holidays, movable."""
    actor = require_actor()
    first = planning.new_form(actor, request.args)
    if not first.validate():
        return render_template("planning/new.html", form=first), 422
    try:
        draft = planning.draft_of(actor, first)
        form = planning.calendar_form_for(draft)
    except DomainError as error:
        first.refuse(error)
        return render_template("planning/new.html", form=first), 422
    if form.validate_on_submit():
        try:
            cohort = planning.create(actor, draft, form)
            return _done(cohort, _("De lichting is gemaakt."))
        except DomainError as error:
            form.refuse(error)
    status = 422 if request.method == "POST" else 200
    return render_template("planning/calendar.html", form=form, draft=draft), status


@bp.get("/<uuid:cohort_id>/planning")
@guarded(Perm.COHORT_PLAN, on=Cohort)
def show(cohort: Cohort) -> str:
    """The plan of an edition: phases, partners, sessions."""
    return render_template("planning/show.html", **planning.overview(require_actor(), cohort))


@bp.route("/<uuid:cohort_id>/fasen/<uuid:phase_id>", methods=["GET", "POST"])
@guarded(Perm.COHORT_PLAN, on=Cohort)
def phase(cohort: Cohort, phase_id: Any) -> Any:
    """Move one phase."""
    row = planning.phase_in(cohort, phase_id)
    form = forms.PhaseForm(obj=row)
    if form.validate_on_submit():
        try:
            actions.move_phase(
                require_actor(), row, given(form.starts_on.data), form.ends_on.data, form.opened_version
            )
            return _done(cohort, _("De fase “%(name)s” is verplaatst.", name=row.name))
        except DomainError as error:
            form.refuse(error)
    days = planning.free_days(cohort, row)
    status = 422 if request.method == "POST" else 200
    warning = planning.warning_of(row, days)
    page = {"cohort": cohort, "phase": row, "form": form, "free_days": days, "warning": warning}
    return render_template("planning/phase.html", **page), status


@bp.route("/<uuid:cohort_id>/partners/nieuw", methods=["GET", "POST"])
@guarded(Perm.COHORT_PLAN, on=Cohort)
def add_partner(cohort: Cohort) -> Any:
    """Let an organisation take part."""
    actor = require_actor()
    form = forms.PartnerForm(data={"since_on": max(clock.today(), cohort.starts_on)})
    form.organisation_id.choices = planning_partners.partner_choices(actor)
    if form.validate_on_submit():
        try:
            chosen = planning_partners.chosen_partner(form.organisation_id.data, form.named.data or "")
            actions.add_partner(actor, cohort, chosen, form.kind.data, form.since_on.data)
            return _done(cohort, _("De partner doet mee."))
        except DomainError as error:
            form.refuse(error)
    status = 422 if request.method == "POST" else 200
    return render_template("planning/partner.html", cohort=cohort, form=form), status


@bp.route("/<uuid:cohort_id>/partners/<uuid:partner_id>/einde", methods=["GET", "POST"])
@guarded(Perm.COHORT_PLAN, on=Cohort)
def end_partner(cohort: Cohort, partner_id: Any) -> Any:
    """End an organisation's part; asks with the consequence in words."""
    row = planning_partners.partner_in(cohort, partner_id)
    form = forms.EndPartnerForm(data={"ended_on": clock.today(), "version": str(row.version)})
    if form.validate_on_submit():
        try:
            actions.end_partner(require_actor(), row, given(form.ended_on.data), form.opened_version)
            return _done(cohort, _("De deelname van deze partner is beëindigd."))
        except DomainError as error:
            form.refuse(error)
    name = next(p.name for p in partners_of(cohort.id) if p.id == row.id)
    status = 422 if request.method == "POST" else 200
    return render_template("planning/end_partner.html", cohort=cohort, name=name, form=form), status


@bp.post("/<uuid:cohort_id>/partners/<uuid:partner_id>/herstel")
@guarded(Perm.COHORT_PLAN, on=Cohort)
def restore_partner(cohort: Cohort, partner_id: Any) -> Response:
    """Undo the end of a partner's part."""
    actions.restore_partner(
        require_actor(), planning_partners.partner_in(cohort, partner_id), posted_version()
    )
    return _done(cohort, _("De partner doet weer mee."))


@bp.route("/<uuid:cohort_id>/staat", methods=["GET", "POST"])
@guarded(Perm.COHORT_PLAN, on=Cohort)
def change_state(cohort: Cohort) -> Any:
    """Bring the edition to its next state; first asks, with what is still missing."""
    actor, form = require_actor(), forms.StateForm(data={"state": request.args.get("state", "")})
    state = form.state.data or ""
    if form.done(lambda: actions.change_state(actor, cohort, state)):
        return _done(cohort, STATE_DONE[state])
    if not form.is_submitted() and state not in COHORT_STEPS[cohort.state]:
        return redirect(url_for("planning.show", cohort_id=cohort.id), 303)
    page = {"cohort": cohort, "form": form, "state": state, "step_words": STEP_WORDS}
    missing = planning.missing_of(actor, cohort)
    return render_template("planning/state.html", missing=missing, **page), form.status


@bp.post("/<uuid:cohort_id>/bijeenkomsten/inplannen")
@guarded(Perm.COHORT_PLAN, on=Cohort)
def generate(cohort: Cohort) -> Response:
    """Plan sessions from the route's weekly strands."""
    made = planning.generate(require_actor(), cohort)
    return _done(cohort, _("%(n)s bijeenkomsten ingepland.", n=made))


@bp.get("/<uuid:cohort_id>/bijeenkomsten")
@guarded(Perm.COHORT_PLAN, on=Cohort)
def sessions(cohort: Cohort) -> str:
    """All sessions of an edition, with vacations between them."""
    rows = sessions_page(require_actor(), cohort.id)
    shown = planning.filtered(rows, request.args)
    return render_template("planning/sessions.html", cohort=cohort, rows=shown, total=len(rows))


@bp.route("/<uuid:cohort_id>/bijeenkomsten/nieuw", methods=["GET", "POST"])
@guarded(Perm.COHORT_PLAN, on=Cohort)
def new_session(cohort: Cohort) -> Any:
    """Plan one session by hand."""
    form = forms.SessionForm()
    form.organisation_id.choices = planning_partners.host_choices(cohort)
    if form.validate_on_submit():
        try:
            planning.plan_one(require_actor(), cohort, form)
            flash(_("De bijeenkomst is gepland."), "ok")
            return redirect(url_for("planning.sessions", cohort_id=cohort.id), 303)
        except DomainError as error:
            form.refuse(error)
    status = 422 if request.method == "POST" else 200
    return render_template("planning/session.html", cohort=cohort, form=form), status
