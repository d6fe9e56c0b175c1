"""Pages of signals: handle one with a note, and open it again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for

from inleer import audit
from inleer.cohorts.models import Session
from inleer.db import db
from inleer.errors import NotVisible
from inleer.forms import posted_version, tell
from inleer.i18n import _
from inleer.policy import Perm, load_where
from inleer.policy.guard import guarded, require_actor
from inleer.signals import actions
from inleer.signals.forms import HandleForm
from inleer.signals.models import Signal
from inleer.signals.queries import done_about, owner_of, page_of, pages, report_facts, rule_names, subject_of

blueprint = Blueprint("signals", __name__, url_prefix="/signalen")


def _back(candidate_id: UUID | None) -> Any:
    """Back to where the user came from: the worklist, or the candidate's file."""
    if request.args.get("van") == "kandidaat" and candidate_id is not None:
        return redirect(url_for("candidates.show", candidate_id=candidate_id), 303)
    return redirect(url_for("today.index"), 303)


@blueprint.route("/<uuid:signal_id>/afhandelen", methods=["GET", "POST"])
@guarded(Perm.SIGNAL_HANDLE, on=Signal)
def handle(signal: Signal) -> Any:
    """Say what was done about a signal."""
    actor = require_actor()
    form = HandleForm(version=str(signal.version))
    if form.done(lambda: actions.handle(actor, signal, form.note.data or "", form.opened_version)):
        db.session.flush()
        undo = url_for("signals.reopen", signal_id=signal.id, van=request.args.get("van"))
        tell(_("Het signaal is afgehandeld."), undo, version=signal.version)
        return _back(signal.candidate_id)
    subject = subject_of(actor, signal)
    audit.shown(actor, "candidate", [subject.candidate_id] if subject.candidate_id else [])
    rule, facts = rule_names().get(signal.rule, signal.rule), report_facts(signal)
    answer = render_template(
        "signals/handle.html",
        form=form,
        signal=signal,
        subject=subject,
        rule=rule,
        facts=facts,
        owner=owner_of(signal),
        done=done_about(actor, signal) if facts else [],
        has_page=signal.rule in pages(actor),
    )
    return answer, form.status


@blueprint.get("/<uuid:signal_id>/pagina")
@guarded(Perm.SIGNAL_VIEW, on=Signal)
def page(signal: Signal) -> Any:
    """To the page of a plugin where something can be done about a signal; back where there is none (any more)."""
    address = page_of(require_actor(), signal)
    if address:
        return redirect(address, 303)
    tell(_("Bij dit signaal is er geen eigen pagina."))
    return _back(signal.candidate_id)


@blueprint.get("/les/<uuid:session_id>")
@guarded(Perm.ATTENDANCE_RECORD, on=Session)
def of_session(session: Session) -> Any:
    """The signal that nobody recorded a session that has been; back to the lessons while there is none."""
    unrecorded = (Signal.session_id == session.id) & (Signal.rule == "core.unrecorded")
    try:
        found = load_where(require_actor(), Perm.SIGNAL_HANDLE, Signal, unrecorded)
    except NotVisible:
        tell(_("Over deze les is er geen signaal, of het is van een collega."))
        return redirect(url_for("attendance.lessons", dag=session.on.isoformat()), 303)
    return redirect(url_for("signals.handle", signal_id=found.id), 303)


@blueprint.post("/<uuid:signal_id>/heropenen")
@guarded(Perm.SIGNAL_HANDLE, on=Signal)
def reopen(signal: Signal) -> Any:
    """Undo handling."""
    actions.reopen(require_actor(), signal, posted_version())
    tell(_("Het signaal staat weer open."))
    return _back(signal.candidate_id)
