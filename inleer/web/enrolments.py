"""Pages about one enrolment: each step with its date and reason, and the way back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for

from inleer import audit, clock
from inleer.cohorts import days
from inleer.cohorts import enrolments as actions
from inleer.cohorts import forms_enrolment as forms
from inleer.cohorts.day_rules import first_possible
from inleer.cohorts.models import Cohort, Enrolment
from inleer.cohorts.rules import ENROLMENT_STEPS, INITIATORS, STATE_WORDS
from inleer.cohorts.step_words import happened, stands
from inleer.cohorts.steps import latest, open_pause
from inleer.cohorts.undo import undo_step
from inleer.forms import posted_version, tell
from inleer.i18n import _, format_date
from inleer.policy import Perm, load
from inleer.policy.guard import guarded, parse_id, require_actor
from inleer.reports import enrolment as reads

blueprint = Blueprint("enrolments", __name__, url_prefix="/deelnames")
#: States that a step can be taken from, by what the form leads to; other forms say it by the state itself.
_FROM = {"later": ("selected", "active", "paused"), "prolong": ("paused",), "resume": ("paused",)}
_BEFORE_START = ("invited", "intake", "selected", "waitlisted", "rejected", "withdrawn", "active")


def _page(name: str, form: Any, enrolment: Enrolment, here: reads.Around, **known: Any) -> Any:
    audit.shown(require_actor(), "candidate", [here.candidate_id])
    state = STATE_WORDS[enrolment.state]
    page = render_template(
        f"cohorts/{name}.html", form=form, here=here, enrolment=enrolment, state=state, **known
    )
    return page, form.status


def _closed(name: str, wanted: str, form: Any, enrolment: Enrolment, here: reads.Around) -> Any:
    """The page of a step that cannot be taken from where somebody stands now; None when it can.

    It says what happened, and keeps what was sent: pressing back, or a colleague who was earlier, leads here.
    """
    possible = enrolment.state in _FROM[name] if name in _FROM else wanted in ENROLMENT_STEPS[enrolment.state]
    if possible:
        return None
    sent = form.is_submitted()
    typed = [(f.label.text, value) for f in form if (value := _typed(f))] if sent else []
    known = {"now": stands(here.name, enrolment.state, wanted), "happened": happened(latest(enrolment.id))}
    page, _status = _page("closed", form, enrolment, here, step=name, typed=typed, sent=sent, **known)
    return page, 422 if sent else 200


def _typed(field: Any) -> str:
    """What was filled in, in words; empty for what is not of the user."""
    if field.type in ("HiddenField", "CSRFTokenField") or not field.data:
        return ""
    labels = {str(c[0]): str(c[1]) for c in field.iter_choices()} if hasattr(field, "iter_choices") else {}
    return (
        format_date(field.data, "lang")
        if isinstance(field.data, date)
        else labels.get(field.data, field.data)
    )


def _done(enrolment: Enrolment, text: str, undo: bool = True) -> Any:
    way_back = url_for("enrolments.undo", enrolment_id=enrolment.id) if undo else ""
    tell(text, way_back, version=enrolment.version)
    return redirect(url_for("candidates.show", candidate_id=enrolment.candidate_id), 303)


def _start(enrolment: Enrolment, **fields: Any) -> dict[str, Any]:
    return {"version": str(enrolment.version), **fields}


def _day(value: date | None) -> date:
    return value or clock.today()


@blueprint.route("/<uuid:enrolment_id>/later", methods=["GET", "POST"])
@guarded(Perm.ENROLMENT_CHANGE, on=Enrolment)
def later(enrolment: Enrolment) -> Any:
    """Another first day."""
    actor, here = require_actor(), reads.around(enrolment)
    form = forms.LaterForm(data=_start(enrolment, on=enrolment.joined_on))
    if closed := _closed("later", "active", form, enrolment, here):
        return closed
    if form.done(
        lambda: actions.change_joined(
            actor, enrolment, _day(form.on.data), form.reason.data or "", form.opened_version
        ),
        lambda: days.of_start(enrolment, form.on.data),
    ):
        return _done(enrolment, _("De instapdatum is veranderd. De aanwezigheid is opnieuw geteld."))
    begun = enrolment.joined_on is not None and enrolment.joined_on <= clock.today()
    return _page("later", form, enrolment, here, begun=begun)


@blueprint.route("/<uuid:enrolment_id>/pauze", methods=["GET", "POST"])
@guarded(Perm.ENROLMENT_CHANGE, on=Enrolment)
def pause(enrolment: Enrolment) -> Any:
    """Pause, with a last day and an owner."""
    here = reads.around(enrolment)
    form = forms.PauseForm(data=_start(enrolment, from_on=clock.today(), owner_id=str(here.coach_id or "")))
    form.owner_id.choices = forms.choices(reads.colleagues(require_actor(), here.coach_id), _("Kies"))
    if closed := _closed("pause", "paused", form, enrolment, here):
        return closed
    if form.done(
        lambda: _pause(enrolment, form),
        lambda: days.of_pause(enrolment, form.from_on.data, form.until_on.data),
    ):
        return _done(enrolment, _("De deelname is gepauzeerd. Lessen in de pauze tellen niet mee."))
    return _page("pause", form, enrolment, here)


def _pause(enrolment: Enrolment, form: forms.PauseForm) -> None:
    actions.pause(
        require_actor(),
        enrolment,
        _day(form.from_on.data),
        _day(form.until_on.data),
        UUID(form.owner_id.data),
        form.reason.data or "",
        form.opened_version,
    )


@blueprint.route("/<uuid:enrolment_id>/pauze-verlengen", methods=["GET", "POST"])
@guarded(Perm.ENROLMENT_CHANGE, on=Enrolment)
def prolong(enrolment: Enrolment) -> Any:
    """The pause lasts longer."""
    actor, here = require_actor(), reads.around(enrolment)
    row = open_pause(enrolment.id)
    owner = str(row.owner_id) if row else ""
    form = forms.ProlongForm(data=_start(enrolment, until_on=row.until_on if row else None, owner_id=owner))
    form.owner_id.choices = forms.choices(reads.colleagues(actor, here.coach_id), _("Kies"))

    def save() -> None:
        until = _day(form.until_on.data)
        actions.prolong(actor, enrolment, until, UUID(form.owner_id.data), form.opened_version)

    if closed := _closed("prolong", "active", form, enrolment, here):
        return closed
    if form.done(save, lambda: days.of_longer_pause(enrolment, form.until_on.data)):
        day = format_date(_day(form.until_on.data))
        return _done(enrolment, _("De pauze duurt tot en met %(day)s.", day=day), undo=False)
    return _page("prolong", form, enrolment, here)


@blueprint.route("/<uuid:enrolment_id>/terug", methods=["GET", "POST"])
@guarded(Perm.ENROLMENT_CHANGE, on=Enrolment)
def resume(enrolment: Enrolment) -> Any:
    """The candidate is back."""
    actor, here = require_actor(), reads.around(enrolment)
    form = forms.ResumeForm(data=_start(enrolment, on=clock.today()))
    if closed := _closed("resume", "active", form, enrolment, here):
        return closed
    if form.done(
        lambda: actions.resume(actor, enrolment, _day(form.on.data), form.opened_version),
        lambda: days.of_return(enrolment, form.on.data),
    ):
        return _done(enrolment, _("%(name)s doet weer mee.", name=here.name))
    return _page("resume", form, enrolment, here)


@blueprint.route("/<uuid:enrolment_id>/stoppen", methods=["GET", "POST"])
@guarded(Perm.ENROLMENT_CHANGE, on=Enrolment)
def drop_out(enrolment: Enrolment) -> Any:
    """The candidate stops."""
    here = reads.around(enrolment)
    form = forms.DropOutForm(data=_start(enrolment, left_on=clock.today()))
    if closed := _closed("drop_out", "dropped_out", form, enrolment, here):
        return closed
    if form.done(lambda: _drop_out(enrolment, form), lambda: days.of_end(enrolment, form.left_on.data)):
        return _done(enrolment, _("Vastgelegd dat %(name)s is gestopt.", name=here.name))
    return _page("drop_out", form, enrolment, here, initiators=INITIATORS)


def _drop_out(enrolment: Enrolment, form: forms.DropOutForm) -> None:
    actions.drop_out(
        require_actor(),
        enrolment,
        _day(form.left_on.data),
        form.initiator.data,
        form.reason,
        form.would_return.data,
        form.opened_version,
        form.remark.data or "",
    )


@blueprint.route("/<uuid:enrolment_id>/afronden", methods=["GET", "POST"])
@guarded(Perm.ENROLMENT_CHANGE, on=Enrolment)
def complete(enrolment: Enrolment) -> Any:
    """The candidate finishes, with one of the route's exits."""
    actor, here = require_actor(), reads.around(enrolment)
    form = forms.CompleteForm(data=_start(enrolment, left_on=clock.today()))
    form.exit_kind.choices = forms.choices(reads.exits(here))
    if closed := _closed("complete", "completed", form, enrolment, here):
        return closed
    if form.done(
        lambda: actions.complete(
            actor, enrolment, _day(form.left_on.data), form.exit_kind.data, form.opened_version
        ),
        lambda: days.of_end(enrolment, form.left_on.data),
    ):
        return _done(enrolment, _("%(name)s heeft de route afgerond.", name=here.name))
    return _page("complete", form, enrolment, here)


@blueprint.route("/<uuid:enrolment_id>/verplaatsen", methods=["GET", "POST"])
@guarded(Perm.ENROLMENT_CHANGE, on=Enrolment)
def move(enrolment: Enrolment) -> Any:
    """To another edition."""
    here = reads.around(enrolment)
    form = forms.MoveForm(data=_start(enrolment, last_day=clock.today()))
    cohorts = reads.other_cohorts(require_actor(), here)
    form.cohort_id.choices = forms.choices(((c.id, _edition(c)) for c in cohorts), _("Kies"))
    if closed := _closed("move", "moved", form, enrolment, here):
        return closed
    target = next((c for c in cohorts if str(c.id) == form.cohort_id.data), None)
    if form.done(
        lambda: _move(enrolment, form),
        lambda: days.of_move(enrolment, target, form.last_day.data, form.first_day.data),
    ):
        there = _first_day(form, target)
        text = _(
            "%(name)s is verplaatst. Eerste dag daar: %(day)s.",
            name=here.name,
            day=format_date(there, "lang"),
        )
        return _done(enrolment, text)
    return _page("move", form, enrolment, here, cohorts=cohorts)


def _edition(cohort: Cohort) -> str:
    """An edition to choose, with its start while that is still to come."""
    if cohort.starts_on <= clock.today():
        return cohort.name
    return _("%(name)s (begint %(day)s)", name=cohort.name, day=format_date(cohort.starts_on))


def _first_day(form: forms.MoveForm, target: Cohort | None) -> date:
    """The first day that was filled in; left empty, the first that the chosen edition allows."""
    last = _day(form.last_day.data)
    if form.first_day.data is not None or target is None:
        return form.first_day.data or last + timedelta(days=1)
    return first_possible(days.span_of(target), last)


def _move(enrolment: Enrolment, form: forms.MoveForm) -> None:
    actor = require_actor()
    target = load(actor, Perm.COHORT_VIEW, Cohort, parse_id(form.cohort_id.data))
    last, first = _day(form.last_day.data), _first_day(form, target)
    actions.move(actor, enrolment, target, last, first, form.reason.data or "", form.opened_version)


@blueprint.route("/<uuid:enrolment_id>/stap", methods=["GET", "POST"])
@guarded(Perm.ENROLMENT_CHANGE, on=Enrolment)
def step(enrolment: Enrolment) -> Any:
    """A step before the start: invite, intake, select, wait, refuse, withdraw, begin."""
    actor, here = require_actor(), reads.around(enrolment)
    possible = [s for s in _BEFORE_START if s in ENROLMENT_STEPS[enrolment.state]]
    form = forms.StepForm(data=_start(enrolment, on=clock.today()))
    form.state.choices = forms.choices((s, _(STATE_WORDS[s])) for s in possible)
    if not possible and (closed := _closed("step", "", form, enrolment, here)):
        return closed
    if form.done(
        lambda: actions.step(
            actor, enrolment, form.state.data, _day(form.on.data), form.reason.data or "", form.opened_version
        )
    ):
        return _done(enrolment, _("De stap is vastgelegd."))
    return _page("step", form, enrolment, here)


@blueprint.post("/<uuid:enrolment_id>/ongedaan")
@guarded(Perm.ENROLMENT_CHANGE, on=Enrolment)
def undo(enrolment: Enrolment) -> Any:
    """Take back the last step."""
    enrolment = undo_step(require_actor(), enrolment, posted_version())
    return _done(enrolment, _("De laatste stap is teruggedraaid."), undo=False)
