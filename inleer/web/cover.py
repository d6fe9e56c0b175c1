"""Cover for a colleague: arrange it, see it, end it. It works at the next request."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for

from inleer import clock
from inleer.cohorts.forms_enrolment import choices
from inleer.errors import DomainError
from inleer.forms import posted_version, tell
from inleer.i18n import _
from inleer.people import actions
from inleer.people.forms import CoverForm
from inleer.people.models import Cover
from inleer.people.queries import covers_now
from inleer.policy import Perm
from inleer.policy.guard import guarded, require_actor
from inleer.reports.enrolment import coaches

blueprint = Blueprint("cover", __name__, url_prefix="/waarneming")


@blueprint.route("", methods=["GET", "POST"])
@guarded(Perm.COVER_ARRANGE)
def index() -> Any:
    """Who covers for whom, and a form to arrange it."""
    actor = require_actor()
    known = coaches(actor)
    form = CoverForm(data={"coach_id": str(actor.user_id), "from_on": clock.today()})
    form.coach_id.choices = form.substitute_id.choices = choices(known, _("Kies"))
    if form.done(lambda: _arrange(form), lambda: _problems(form)):
        tell(_("De waarneming is geregeld en geldt vanaf de eerste dag."))
        return redirect(url_for("cover.index"), 303)
    page = render_template(
        "candidates/cover.html",
        form=form,
        covers=covers_now(actor),
        names=dict(known),
        today=clock.today(),
        me=actor.user_id,
    )
    return page, form.status


def _problems(form: CoverForm) -> list[DomainError]:
    days = form.from_on.data, form.until_on.data
    return actions.cover_problems(form.coach_id.data, form.substitute_id.data, *days)


def _arrange(form: CoverForm) -> None:
    """Only between coaches of the own agency: the choices hold no others."""
    if form.from_on.data is None or form.until_on.data is None:
        raise DomainError(_("Vul beide dagen in."))
    coach, substitute = UUID(form.coach_id.data), UUID(form.substitute_id.data)
    actions.arrange_cover(require_actor(), coach, substitute, form.from_on.data, form.until_on.data)


@blueprint.post("/<uuid:cover_id>/beeindigen")
@guarded(Perm.COVER_ARRANGE, on=Cover)
def end(cover: Cover) -> Any:
    """End a cover now."""
    if posted_version() != cover.version:
        raise DomainError(_("Deze waarneming is intussen veranderd. Laad de bladzijde opnieuw."))
    actions.end_cover(require_actor(), cover)
    tell(_("De waarneming is beëindigd."))
    return redirect(url_for("cover.index"), 303)
