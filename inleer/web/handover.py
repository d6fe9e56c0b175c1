"""Handing over a caseload: candidates of one coach go to a colleague, seen before it happens, and taken back as one."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for

from inleer import audit, clock
from inleer.cohorts.forms_enrolment import choices
from inleer.forms import given, tell
from inleer.i18n import _, ngettext
from inleer.people.caseload import check_change, hand_over, take_back_batch
from inleer.people.forms import HandOverForm
from inleer.people.models import Candidate, CoachChange
from inleer.policy import Actor, Perm, may_ever
from inleer.policy.guard import guarded, parse_id, require_actor
from inleer.reports import handover as reads
from inleer.reports.enrolment import coaches

blueprint = Blueprint("handover", __name__, url_prefix="/overdracht")
#: In the address: the caseload of nobody. What the buttons of the preview ask for.
NOBODY, LOOK, SAVE, BACK = "geen", "bekijken", "overdragen", "terug"


@blueprint.route("", methods=["GET", "POST"])
@guarded(Perm.CANDIDATE_COACH)
def index() -> Any:
    """Choose a coach, who goes to whom, since when and why; see what happens; hand over."""
    actor = require_actor()
    held = reads.caseloads(actor)
    asked = _asked(actor, held)
    people = reads.caseload(actor, None if asked == NOBODY else parse_id(asked)) if asked else []
    others = [pair for pair in coaches(actor) if str(pair[0]) != asked]
    form = _form(people, others)
    wanted = request.form.get("submit", "")
    made: list[CoachChange] = []
    if wanted == SAVE and form.done(lambda: made.extend(_save(actor, people, form))):
        return _done(made, dict(others)[made[0].to_id])
    audit.shown(actor, "candidate", [one.id for one in people])
    shown = reads.handed(actor, None if asked == NOBODY else parse_id(asked), people) if asked else []
    words = {"actor": actor, "asked": asked, "held": held, "others": others, "form": form, "nobody": NOBODY}
    if wanted == LOOK and form.done(lambda: check_change(*_choice(people, form))):
        return _preview(shown, words, dict(others)[UUID(form.coach_id.data)])
    page = render_template("candidates/handover.html", shown=shown, recent=reads.hand_overs(actor), **words)
    return page, 200 if wanted == BACK else form.status


def _asked(actor: Actor, held: list[tuple[UUID | None, str | None, int]]) -> str:
    """Whose caseload the address asks for; without one the own, or the only one."""
    known = [str(coach_id) if coach_id else NOBODY for coach_id, _name, _n in held]
    asked = request.args.get("van", "")
    if asked in known:
        return asked
    if str(actor.user_id) in known:
        return str(actor.user_id)
    return known[0] if len(known) == 1 else ""


def _form(people: list[Candidate], others: list[tuple[UUID, str]]) -> HandOverForm:
    everybody = [str(one.id) for one in people]
    form = HandOverForm(data={"on": clock.today(), "candidates": everybody})
    form.candidates.choices = [(str(one.id), one.name) for one in people]
    form.coach_id.choices = choices(others, _("Kies"))
    return form


def _preview(shown: list[reads.Handed], words: dict[str, Any], to: str) -> str:
    chosen = set(words["form"].candidates.data)
    going = [row for row in shown if str(row.id) in chosen]
    names = {str(coach_id) if coach_id else NOBODY: name for coach_id, name, _n in words["held"]}
    return render_template(
        "candidates/handover_preview.html",
        going=going,
        staying=len(shown) - len(going),
        signals=sum(row.signals for row in going) if may_ever(words["actor"], Perm.SIGNAL_VIEW) else None,
        before=names[words["asked"]],
        to=to,
        save=SAVE,
        again=BACK,
        **words,
    )


def _choice(people: list[Candidate], form: HandOverForm) -> tuple[list[Candidate], UUID, date]:
    """Who goes to whom from which day: the choices hold nobody outside the caseload, and no foreign coach."""
    chosen = [one for one in people if str(one.id) in given(form.candidates.data)]
    return chosen, UUID(form.coach_id.data), given(form.on.data)


def _save(actor: Actor, people: list[Candidate], form: HandOverForm) -> list[CoachChange]:
    return hand_over(actor, *_choice(people, form), form.reason.data or "")


def _done(made: list[CoachChange], to: str) -> Any:
    text = ngettext(
        "%(n)s kandidaat is overgedragen aan %(to)s.",
        "%(n)s kandidaten zijn overgedragen aan %(to)s.",
        len(made),
        to=to,
    )
    tell(text, url_for("handover.take_back", coach_change_id=made[0].id))
    return redirect(url_for("handover.index"), 303)


@blueprint.post("/<uuid:coach_change_id>/ongedaan")
@guarded(Perm.CANDIDATE_COACH, on=CoachChange)
def take_back(coach_change: CoachChange) -> Any:
    """Everybody of this hand-over returns, but those who went on to another coach since."""
    actor = require_actor()
    returned, stay = take_back_batch(actor, reads.batch_of(actor, coach_change))
    text = ngettext(
        "%(n)s kandidaat is terug bij de vorige werkcoach.",
        "%(n)s kandidaten zijn terug bij de vorige werkcoach.",
        len(returned),
    )
    if stay:
        text += " " + ngettext(
            "%(n)s kandidaat heeft intussen weer een andere werkcoach en blijft daar.",
            "%(n)s kandidaten hebben intussen weer een andere werkcoach en blijven daar.",
            stay,
        )
    tell(text)
    return redirect(url_for("handover.index"), 303)
