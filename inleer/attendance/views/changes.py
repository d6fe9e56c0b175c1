"""Change a lesson: place, time, who teaches; take it over and give it back; cancel it and undo that."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import render_template, url_for

from inleer.attendance import changing
from inleer.attendance.views.base import blueprint, go
from inleer.cohorts.models import Session
from inleer.cohorts.sessions import cancel_session, reinstate_session
from inleer.db import db
from inleer.errors import StaleEdit
from inleer.forms import VersionedForm, tell
from inleer.i18n import _
from inleer.policy import Perm
from inleer.policy.guard import guarded, require_actor


def _carried_out(session: Session, step: Callable[[int], None], text: str, undo: str) -> Any:
    """Carry out a button with the version on the page, say what was done and offer the way back; 409 when stale."""
    form = VersionedForm()
    form.is_submitted()  # refuses fields that a button does not have
    try:
        step(form.opened_version)
    except StaleEdit:
        return render_template("errors/409.html", **changing.stale_page(session)), 409
    db.session.flush()  # the undo carries the version that this change leaves
    tell(text, url_for(undo, session_id=session.id), version=session.version)
    return go(changing.lessons_url(session))


@blueprint.route("/<uuid:session_id>/wijzigen", methods=["GET", "POST"])
@guarded(Perm.SESSION_CHANGE, on=Session)
def change(session: Session) -> Any:
    """Another place or time, or somebody else who teaches."""
    actor, form = require_actor(), changing.form_for(session)
    try:
        if form.done(lambda: changing.change(actor, session, form)):
            tell(_("De les is gewijzigd."))
            return go(changing.lessons_url(session))
    except StaleEdit:
        return render_template("errors/409.html", **changing.conflict_page(session, form)), 409
    return render_template("attendance/change.html", **changing.page(actor, session, form)), form.status


@blueprint.post("/<uuid:session_id>/overnemen")
@guarded(Perm.SESSION_CHANGE, on=Session)
def take_over(session: Session) -> Any:
    """Teach a colleague's lesson."""
    step = partial(changing.take_over, require_actor(), session)
    return _carried_out(
        session, step, _("“%(title)s” is overgenomen.", title=session.title), "attendance.give_back"
    )


@blueprint.post("/<uuid:session_id>/teruggeven")
@guarded(Perm.SESSION_CHANGE, on=Session)
def give_back(session: Session) -> Any:
    """The lesson is the own teacher's again."""
    step = partial(changing.give_back, require_actor(), session)
    text = _("“%(title)s” is weer van de eigen docent.", title=session.title)
    return _carried_out(session, step, text, "attendance.take_over")


@blueprint.post("/<uuid:session_id>/annuleren")
@guarded(Perm.SESSION_CHANGE, on=Session)
def cancel(session: Session) -> Any:
    """The lesson does not take place: it counts for nobody."""
    step = partial(cancel_session, require_actor(), session)
    text = _("“%(title)s” is geannuleerd.", title=session.title)
    return _carried_out(session, step, text, "attendance.reinstate")


@blueprint.post("/<uuid:session_id>/herstellen")
@guarded(Perm.SESSION_CHANGE, on=Session)
def reinstate(session: Session) -> Any:
    """The lesson takes place after all."""
    step = partial(reinstate_session, require_actor(), session)
    return _carried_out(session, step, _("“%(title)s” gaat door.", title=session.title), "attendance.cancel")
