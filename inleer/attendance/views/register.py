"""The register of a lesson: see it, save a cell or the whole, undo, finish, open again, correct."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from inleer.attendance import actions, correcting, pages, saving
from inleer.attendance.forms import read_stamps
from inleer.attendance.queries_register import taking_part
from inleer.attendance.views.base import blueprint, go
from inleer.cohorts.models import Session
from inleer.forms import posted_form, tell
from inleer.i18n import _, ngettext
from inleer.policy import Perm
from inleer.policy.guard import guarded, require_actor


@blueprint.get("/<uuid:session_id>")
@guarded(Perm.ATTENDANCE_RECORD, on=Session)
def register(session: Session) -> str:
    """Who takes part, with what is recorded."""
    page = pages.register_page(require_actor(), session, request.args)
    return render_template("attendance/register.html", **page)


@blueprint.post("/<uuid:session_id>")
@guarded(Perm.ATTENDANCE_RECORD, on=Session)
def save(session: Session) -> Any:
    """Save the whole register, and do what the button says."""
    actor, form = require_actor(), posted_form()
    action = saving.read_action(form)
    sent = saving.save_register(actor, session, form)
    if sent.in_the_way:
        page = pages.sent_page(actor, session, sent)
        return render_template("attendance/register.html", **page), sent.status
    return go(saving.carry_out(actor, session, sent, action))


@blueprint.post("/<uuid:session_id>/cel/<uuid:enrolment_id>")
@guarded(Perm.ATTENDANCE_RECORD, on=Session)
def save_cell(session: Session, enrolment_id: UUID) -> Any:
    """Save one cell; answers the cell (200), both values (409) or what is wrong (422)."""
    cell, status = saving.save_cell(require_actor(), session, enrolment_id, posted_form())
    return render_template("attendance/_cell.html", cell=cell), status


@blueprint.post("/<uuid:session_id>/leegmaken")
@guarded(Perm.ATTENDANCE_RECORD, on=Session)
def undo_fill(session: Session) -> Response:
    """Undo "lege op aanwezig"; what somebody changed since stays."""
    actor = require_actor()
    allowed = taking_part(actor, session)
    stamps = read_stamps(posted_form(), allowed)
    cleared = actions.clear_marks(actor, session, stamps, allowed)
    stayed = len(stamps) - len(cleared)
    text = ngettext("%(n)s persoon is weer leeg.", "%(n)s personen zijn weer leeg.", len(cleared))
    if stayed:
        text += " " + _("Wat intussen is veranderd, bleef staan (%(n)s).", n=stayed)
    tell(text)
    return go(url_for("attendance.register", session_id=session.id))


@blueprint.post("/<uuid:session_id>/heropenen")
@guarded(Perm.ATTENDANCE_RECORD, on=Session)
def reopen(session: Session) -> Response:
    """Open a finished register again."""
    actions.reopen(require_actor(), session)
    tell(_("De lijst is weer open."))
    return go(url_for("attendance.register", session_id=session.id))


@blueprint.route("/<uuid:session_id>/verbeteren/<uuid:enrolment_id>", methods=["GET", "POST"])
@guarded(Perm.ATTENDANCE_CORRECT, on=Session)
def correct(session: Session, enrolment_id: UUID) -> Any:
    """Change a mark after the register closed, with a reason."""
    actor = require_actor()
    form, row = correcting.form_for(actor, session, enrolment_id)
    page = correcting.page(actor, session, row, form)
    try:
        if form.done(lambda: correcting.correct(actor, session, row, form)):
            tell(_("Verbeterd. De reden staat onder de lijst."))
            return go(page["cancel_url"])
    except actions.MarkConflict as conflict:
        return render_template("errors/409.html", **correcting.conflict_page(session, form, conflict)), 409
    return render_template("attendance/correct.html", **page), form.status
