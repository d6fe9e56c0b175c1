"""Pages of casework: write a note and take it back; tell the coach, acknowledge and resolve."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for

from inleer import audit, clock
from inleer.casework import actions
from inleer.casework.forms import EscalationForm, NoteForm, ResolveForm
from inleer.casework.models import Escalation, Note
from inleer.casework.queries import candidate_of, current_cohort_of
from inleer.casework.words import AUDIENCE_HELP
from inleer.db import db
from inleer.forms import posted, posted_version, tell
from inleer.i18n import _
from inleer.people.models import Candidate
from inleer.policy import Perm
from inleer.policy.guard import guarded, require_actor

blueprint = Blueprint("casework", __name__)


def _back(candidate_id: UUID) -> Any:
    return redirect(url_for("candidates.show", candidate_id=candidate_id), 303)


@blueprint.route("/kandidaten/<uuid:candidate_id>/notities", methods=["GET", "POST"])
@guarded(Perm.NOTE_WRITE, on=Candidate)
def add_note(candidate: Candidate) -> Any:
    """Write down a contact moment."""
    form = NoteForm(on=clock.today())
    actor, made = require_actor(), list[Note]()

    def write() -> None:
        on = form.on.data or clock.today()
        text = form.text.data or ""
        made.append(actions.write_note(actor, candidate, text, form.audience.data, form.channel.data, on))

    if form.done(write):
        undo = url_for("casework.remove_note", note_id=made[0].id)
        tell(_("De notitie is opgeslagen."), undo, version=made[0].version)
        return _back(candidate.id)
    page = render_template("casework/note.html", form=form, candidate=candidate, audience_help=AUDIENCE_HELP)
    return page, form.status


@blueprint.post("/notities/<uuid:note_id>/weghalen")
@guarded(Perm.NOTE_READ, on=Note)
def remove_note(note: Note) -> Any:
    """The author takes a note back."""
    actions.remove_note(require_actor(), note, posted_version())
    db.session.flush()
    undo = url_for("casework.restore_note", note_id=note.id)
    tell(_("De notitie is weggehaald."), undo, version=note.version)
    return _back(note.candidate_id)


@blueprint.post("/notities/<uuid:note_id>/terugzetten")
@guarded(Perm.NOTE_READ, on=Note)
def restore_note(note: Note) -> Any:
    """Undo the removal of an own note."""
    actions.restore_note(require_actor(), note, posted_version())
    tell(_("De notitie staat er weer."))
    return _back(note.candidate_id)


@blueprint.route("/kandidaten/<uuid:candidate_id>/melding", methods=["GET", "POST"])
@guarded(Perm.ESCALATION_RAISE, on=Candidate)
def escalate(candidate: Candidate) -> Any:
    """The leerhome asks the coach to act."""
    form, actor = EscalationForm(), require_actor()

    def send() -> None:
        cohort_id = current_cohort_of(actor, candidate.id)
        text = form.text.data or ""
        actions.escalate(actor, candidate, cohort_id, form.category.data, form.urgency.data, text)

    if form.done(send):
        tell(_("De werkcoach ziet de melding bij Vandaag."))
        return _back(candidate.id)
    return render_template("casework/escalate.html", form=form, candidate=candidate), form.status


@blueprint.post("/meldingen/<uuid:escalation_id>/gezien")
@guarded(Perm.ESCALATION_ACKNOWLEDGE, on=Escalation)
def acknowledge(escalation: Escalation) -> Any:
    """The coach has seen a message."""
    back = posted("back")
    actions.acknowledge(require_actor(), escalation, posted_version())
    tell(_("De leerhome ziet dat de melding gezien is. Rond de melding af als het geregeld is."))
    if back == "vandaag":
        return redirect(url_for("today.index"), 303)
    return _back(escalation.candidate_id)


@blueprint.route("/meldingen/<uuid:escalation_id>/afronden", methods=["GET", "POST"])
@guarded(Perm.ESCALATION_ACKNOWLEDGE, on=Escalation)
def resolve(escalation: Escalation) -> Any:
    """The coach says what was done."""
    actor = require_actor()
    form = ResolveForm(version=str(escalation.version))
    if form.done(lambda: actions.resolve(actor, escalation, form.resolution.data or "", form.opened_version)):
        tell(_("De melding is afgerond."))
        return _back(escalation.candidate_id)
    audit.shown(actor, "candidate", [escalation.candidate_id])
    candidate = candidate_of(actor, escalation.candidate_id)
    page = render_template("casework/resolve.html", form=form, escalation=escalation, candidate=candidate)
    return page, form.status
