"""Pages that change placements: plan, change, the next step, an early end, and the way back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for

from inleer import audit, clock
from inleer.cohorts.models import Enrolment
from inleer.cohorts.queries import phases_of
from inleer.errors import DomainError
from inleer.forms import posted, posted_version, tell
from inleer.i18n import _
from inleer.placements import actions
from inleer.placements.forms import ChangePlanForm, EndForm, NewPlanForm, PlanForm, filled
from inleer.placements.models import Placement
from inleer.placements.queries import Around, around, hosts_in
from inleer.placements.rules import STATE_WORDS, fell_through
from inleer.policy import Perm, may_ever
from inleer.policy.guard import guarded, require_actor

blueprint = Blueprint("placements", __name__)
#: What a button on a list can ask for, and what is said afterwards.
_DONE = {
    "agreed": "De plaatsing is afgesproken.",
    "running": "De plaatsing loopt.",
    "completed": "De plaatsing is afgerond.",
}


def _list_of(here: Around) -> str:
    """Where the actor sees the placement: in the dossier, or in the edition for who sees no dossiers."""
    if may_ever(require_actor(), Perm.CANDIDATE_VIEW):
        return url_for("candidates.placements", candidate_id=here.candidate_id)
    return url_for("cohorts.placements", cohort_id=here.cohort_id, periode="alles")


def _page(name: str, form: Any, here: Around, **known: Any) -> Any:
    audit.shown(require_actor(), "candidate", [here.candidate_id])
    page = render_template(f"placements/{name}.html", form=form, here=here, list_url=_list_of(here), **known)
    return page, form.status


def _done(placement: Placement, here: Around, text: str) -> Any:
    tell(text, url_for("placements.undo", placement_id=placement.id), version=placement.version)
    return redirect(_list_of(here), 303)


def _offer(form: PlanForm, here: Around, *also: UUID | None) -> None:
    phases = [(p.key, p.name) for p in phases_of(here.cohort_id)]
    form.offer(hosts_in(here.cohort_id, also), phases)


@blueprint.route("/deelnames/<uuid:enrolment_id>/plaatsingen/nieuw", methods=["GET", "POST"])
@guarded(Perm.PLACEMENT_PLAN, on=Enrolment)
def new(enrolment: Enrolment) -> Any:
    """Plan a placement for somebody; ``?fase=`` fills in a phase and its dates."""
    actor, here = require_actor(), around(enrolment.id)
    form = NewPlanForm(data=_of_phase(here))
    _offer(form, here)
    made: list[Placement] = []
    if form.done(lambda: made.append(actions.propose(actor, enrolment, form.plan(), form.agreed.data))):
        return _done(made[0], here, _("De plaatsing van %(name)s is opgeslagen.", name=here.name))
    return _page("new", form, here)


def _of_phase(here: Around) -> dict[str, Any]:
    wanted = request.args.get("fase", "")
    phase = next((p for p in phases_of(here.cohort_id) if p.key == wanted), None) if wanted else None
    if phase is None:
        return {}
    return {"phase_key": phase.key, "from_on": phase.starts_on, "until_on": phase.ends_on}


@blueprint.route("/plaatsingen/<uuid:placement_id>/wijzigen", methods=["GET", "POST"])
@guarded(Perm.PLACEMENT_PLAN, on=Placement)
def change(placement: Placement) -> Any:
    """Change where, when and on which days."""
    actor, here = require_actor(), around(placement.enrolment_id)
    form = ChangePlanForm(data=filled(placement))
    _offer(form, here, placement.host_id, placement.contract_partner_id)
    if form.done(lambda: actions.change(actor, placement, form.plan(), form.opened_version)):
        return _done(placement, here, _("De plaatsing is gewijzigd."))
    return _page("change", form, here, placement=placement, state=_(STATE_WORDS[placement.state]))


@blueprint.route("/plaatsingen/<uuid:placement_id>/stoppen", methods=["GET", "POST"])
@guarded(Perm.PLACEMENT_PLAN, on=Placement)
def end(placement: Placement) -> Any:
    """Stop before the planned last day: who took the initiative, and why."""
    actor, here = require_actor(), around(placement.enrolment_id)
    today = clock.today()
    never = placement.from_on > today or fell_through(placement.state, placement.until_on, today)
    form = EndForm(data={"version": str(placement.version), "never_began": never})
    if form.done(lambda: _end(actor, placement, form)):
        return _done(placement, here, _("Vastgelegd dat de plaatsing eerder stopt."))
    return _page("end", form, here, placement=placement)


def _end(actor: Any, placement: Placement, form: EndForm) -> None:
    reason = form.reason.data or ""
    actions.end_early(actor, placement, form.ended_on.data, form.by.data, reason, form.opened_version)


@blueprint.post("/plaatsingen/<uuid:placement_id>/stap")
@guarded(Perm.PLACEMENT_PLAN, on=Placement)
def step(placement: Placement) -> Any:
    """The next step: agreed, running or completed."""
    state = posted("state")
    if state not in _DONE:
        raise DomainError(_("Kies een stap."), "state")
    actions.step(require_actor(), placement, state, posted_version())
    return _done(placement, around(placement.enrolment_id), _(_DONE[state]))


@blueprint.post("/plaatsingen/<uuid:placement_id>/terug")
@guarded(Perm.PLACEMENT_PLAN, on=Placement)
def undo(placement: Placement) -> Any:
    """Take back the last step; the first one takes the placement away."""
    here = around(placement.enrolment_id)
    if actions.undo(require_actor(), placement, posted_version()):
        tell(_("De laatste stap is teruggedraaid."))
    else:
        tell(_("Het voorstel is weggehaald."))
    return redirect(_list_of(here), 303)
