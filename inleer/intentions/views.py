"""Pages of job intentions: an answer by telephone, a change, a new one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for

from inleer import clock
from inleer.cohorts.models import Cohort
from inleer.db import db
from inleer.forms import SelectChoice, posted_version, tell
from inleer.i18n import _
from inleer.intentions import actions
from inleer.intentions.forms import AnswerForm, ChangeForm, ContactForm, DraftForm
from inleer.intentions.models import JobIntention
from inleer.intentions.queries import context_of, employers_in, events_of, is_undoable
from inleer.intentions.rules import KIND_WORDS, STATE_WORDS, STEPS
from inleer.policy import Perm
from inleer.policy.guard import guarded, require_actor

blueprint = Blueprint("intentions", __name__)
_FIELDS = ("contact_name", "positions", "hours_min", "hours_max")


def _back(cohort_id: UUID) -> Any:
    return redirect(url_for("cohorts.board", cohort_id=cohort_id) + "#werkgevers", 303)


def _page(template: str, form: Any, **known: Any) -> Any:
    words = {"state_words": STATE_WORDS, "kind_words": KIND_WORDS}
    return render_template(f"intentions/{template}.html", form=form, **words, **known), form.status


@blueprint.route("/intenties/<uuid:intention_id>/antwoord", methods=["GET", "POST"])
@guarded(Perm.INTENTION_RECORD, on=JobIntention, arg="intention_id")
def answer(intention: JobIntention) -> Any:
    """Write down what an employer said by telephone."""
    actor = require_actor()
    now = {name: getattr(intention, name) for name in _FIELDS[1:]}
    form = AnswerForm(
        data={
            **now,
            "version": str(intention.version),
            "on": clock.today(),
            "answered_by": intention.contact_name,
        }
    )
    if form.done(lambda: _carry_out(actor, intention, form)):
        db.session.flush()  # the version that the way back needs
        way_back = url_for("intentions.undo_answer", intention_id=intention.id)
        tell(_("Het antwoord is vastgelegd."), way_back, version=intention.version)
        return _back(intention.cohort_id)
    events = events_of(intention.id)
    undoable = bool(events) and is_undoable(events[0], intention)
    known = {"around": context_of(intention), "events": events, "undoable": undoable}
    can_answer = intention.state == "expired" or "confirmed" in STEPS[intention.state]  # late counts too
    return _page("answer", form, intention=intention, can_answer=can_answer, **known)


@blueprint.post("/intenties/<uuid:intention_id>/antwoord-ongedaan")
@guarded(Perm.INTENTION_RECORD, on=JobIntention, arg="intention_id")
def undo_answer(intention: JobIntention) -> Any:
    """Take the last answer by telephone back."""
    actions.undo_answer(require_actor(), intention, posted_version())
    tell(_("Het antwoord is teruggedraaid."))
    return _back(intention.cohort_id)


def _carry_out(actor: Any, intention: JobIntention, form: AnswerForm) -> None:
    given = actions.Answer(
        on=form.on.data or clock.today(),
        answered_by=form.answered_by.data or "",
        positions=form.positions.data,
        hours_min=form.hours_min.data,
        hours_max=form.hours_max.data,
        remark=form.remark.data or "",
    )
    act = actions.confirm_by_telephone if form.answer.data == "yes" else actions.decline_by_telephone
    act(actor, intention, given, form.opened_version)


@blueprint.route("/intenties/<uuid:intention_id>/wijzigen", methods=["GET", "POST"])
@guarded(Perm.INTENTION_RECORD, on=JobIntention, arg="intention_id")
def change(intention: JobIntention) -> Any:
    """Change what was written down of an intention."""
    actor = require_actor()
    now = {name: getattr(intention, name) for name in actions.EDITABLE}
    kind = ContactForm if intention.state == "confirmed" else ChangeForm
    form = kind(data={**now, "version": str(intention.version)})
    if form.done(lambda: actions.change(actor, intention, form.values(), form.opened_version)):
        tell(_("De intentie is opgeslagen."))
        return _back(intention.cohort_id)
    return _page("change", form, intention=intention, around=context_of(intention))


@blueprint.route("/lichtingen/<uuid:cohort_id>/intenties/nieuw", methods=["GET", "POST"])
@guarded(Perm.INTENTION_RECORD, on=Cohort)
def new(cohort: Cohort) -> Any:
    """Write down a new intention of an employer in this cohort."""
    actor, form = require_actor(), DraftForm()
    employers = employers_in(cohort.id)
    form.employer_id.choices = [
        SelectChoice("", _("Kies")),
        *(SelectChoice(str(i), name) for i, name in employers),
    ]
    if form.done(lambda: actions.draft(actor, cohort, UUID(form.employer_id.data), form.values())):
        tell(_("De intentie is opgeslagen. Ze telt mee als de werkgever bevestigt."))
        return _back(cohort.id)
    return _page("new", form, cohort=cohort, employers=employers)
