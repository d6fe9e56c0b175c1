"""Another coach for one candidate: by the own coach, or by the programme manager. It works at the next request."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, render_template, url_for

from inleer import clock
from inleer.cohorts.forms_enrolment import choices
from inleer.forms import tell
from inleer.i18n import _
from inleer.people.caseload import change_coach, take_back
from inleer.people.forms import CoachForm
from inleer.people.models import Candidate, CoachChange
from inleer.policy import Actor, Perm, Role
from inleer.policy.guard import guarded, require_actor
from inleer.reports.candidate import enrolments_of
from inleer.reports.enrolment import coach_name, coaches
from inleer.web.candidates import blueprint


@blueprint.route("/<uuid:candidate_id>/werkcoach", methods=["GET", "POST"])
@guarded(Perm.CANDIDATE_COACH, on=Candidate, reads=True)
def coach(candidate: Candidate) -> Any:
    """Choose another coach, since when and why."""
    actor = require_actor()
    known = coaches(actor)
    form = CoachForm(data={"version": str(candidate.version), "on": clock.today()})
    others = [pair for pair in known if pair[0] != candidate.coach_id]
    form.coach_id.choices = choices(others, _("Kies"))
    made: list[CoachChange] = []
    if form.done(lambda: made.append(_change(actor, candidate, form))):
        text = _(
            "%(coach)s is nu de werkcoach van %(name)s.",
            coach=dict(known)[made[0].to_id],
            name=candidate.name,
        )
        tell(text, url_for("candidates.take_back_coach", coach_change_id=made[0].id))
        return redirect(_next_page(actor, candidate), 303)
    page = render_template(
        "candidates/coach.html",
        form=form,
        candidate=candidate,
        now=coach_name(candidate.coach_id),
        others=others,
        is_coach=actor.role is Role.COACH,
        back=_next_page(actor, candidate),
    )
    return page, form.status


def _change(actor: Actor, candidate: Candidate, form: CoachForm) -> CoachChange:
    return change_coach(
        actor,
        candidate,
        UUID(form.coach_id.data),
        form.on.data or clock.today(),
        form.reason.data or "",
        form.opened_version,
    )


def _next_page(actor: Actor, candidate: Candidate) -> str:
    """The file for who may still read it, else the list of the coach or the board of the edition."""
    if actor.role is Role.COACH:
        mine = candidate.coach_id == actor.user_id
        return url_for("candidates.show", candidate_id=candidate.id) if mine else url_for("candidates.index")
    rows = enrolments_of(actor, candidate.id)
    return url_for("cohorts.board", cohort_id=rows[0].cohort_id) if rows else url_for("cohorts.index")


@blueprint.post("/werkcoach/<uuid:coach_change_id>/ongedaan")
@guarded(Perm.CANDIDATE_COACH, on=CoachChange)
def take_back_coach(coach_change: CoachChange) -> Any:
    """The candidate returns to the coach of before."""
    actor = require_actor()
    candidate = take_back(actor, coach_change)
    tell(_("De vorige werkcoach van %(name)s is teruggezet.", name=candidate.name))
    return redirect(_next_page(actor, candidate), 303)
