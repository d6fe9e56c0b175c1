"""Pages of an employer with an account: its commitments, its contact persons, and what became of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, url_for

from inleer import clock
from inleer.forms import tell
from inleer.i18n import _
from inleer.intentions import own
from inleer.intentions.forms_requests import OwnContactForm, OwnForm
from inleer.intentions.models import JobIntention
from inleer.intentions.models_requests import IntentionRequest
from inleer.intentions.pages_answer import answer_page
from inleer.intentions.queries import context_of
from inleer.intentions.queries_employers import commitments_of, history_of
from inleer.intentions.queries_own import own_requests
from inleer.intentions.queries_requests import statements_about
from inleer.intentions.rules import STATE_WORDS, is_stale
from inleer.intentions.statements import BINDS, SHORT, TITLES, in_one_line, terms_of
from inleer.intentions.views_employers import CHANNELS, STALE
from inleer.parameters.values import parameter
from inleer.policy import Perm
from inleer.policy.guard import guarded, require_actor

blueprint = Blueprint("own_intentions", __name__, url_prefix="/mijn-intenties")


@blueprint.get("")
@guarded(Perm.INTENTION_ANSWER)
def index() -> Any:
    """What waits for an answer, what was confirmed and how fresh it is, whom we ask, and what ended."""
    actor, today = require_actor(), clock.today()
    rows = commitments_of(actor, Perm.INTENTION_ANSWER, actor.organisation_id)
    days = {a: parameter(STALE, today, a) for a in {r.agency_id for r in rows}}
    return render_template(
        "intentions/own.html",
        actor=actor,
        requests=own_requests(actor),
        confirmed=[r for r in rows if r.state == "confirmed"],
        others=[r for r in rows if r.state != "confirmed"],
        contacts=[r for r in rows if r.state in ("requested", "confirmed", "expired")],
        stale={r.id for r in rows if is_stale(r, today, days[r.agency_id])},
        stale_days=sorted(set(days.values())),
        **_words(),
    )


def _words() -> dict[str, Any]:
    return {
        "today": clock.today(),
        "titles": TITLES,
        "short": SHORT,
        "binds": BINDS,
        "state_words": STATE_WORDS,
        "in_one_line": in_one_line,
        "terms_of": terms_of,
        "channels": CHANNELS,
    }


@blueprint.route("/vraag/<uuid:intention_request_id>", methods=["GET", "POST"])
@guarded(Perm.INTENTION_ANSWER, on=IntentionRequest)
def answer(intention_request: IntentionRequest) -> Any:
    """The same screen as behind the link in the mail."""
    actor = require_actor()
    own_url = url_for("own_intentions.answer", intention_request_id=intention_request.id)
    template = "intentions/own_answer.html"
    return answer_page(actor, intention_request, "account", own_url, template, name=actor.name)


@blueprint.route("/<uuid:intention_id>", methods=["GET", "POST"])
@guarded(Perm.INTENTION_ANSWER, on=JobIntention, arg="intention_id")
def change(intention: JobIntention) -> Any:
    """Confirm anew, change, withdraw; and what happened until now."""
    actor, now = require_actor(), terms_of(intention)
    numbers = ("positions", "hours_min", "hours_max", "from_on")
    form = OwnForm(data={"version": str(intention.version), **{n: getattr(now, n) for n in numbers}})

    def act() -> None:
        terms = replace(now, **{n: form[n].data for n in numbers})
        own.renew(actor, intention, form.answer.data, terms, form.opened_version)

    if form.done(act):
        tell(_("Uw antwoord is vastgelegd."))
        return redirect(url_for("own_intentions.index"), 303)
    return render_template(
        "intentions/own_change.html",
        form=form,
        intention=intention,
        around=context_of(intention),
        history=history_of(actor, Perm.INTENTION_ANSWER, intention.employer_id, [intention.id]),
        statements=statements_about(intention.id),
        **_words(),
    ), form.status


@blueprint.route("/<uuid:intention_id>/contact", methods=["GET", "POST"])
@guarded(Perm.INTENTION_ANSWER, on=JobIntention, arg="intention_id")
def contact(intention: JobIntention) -> Any:
    """Whom the agency asks about this commitment."""
    actor = require_actor()
    known = {n: getattr(intention, n) for n in ("contact_name", "contact_email")}
    form = OwnContactForm(data={**known, "version": str(intention.version)})

    def act() -> None:
        name, email = form.contact_name.data or "", form.contact_email.data or ""
        own.name_contact(actor, intention, name, email, form.opened_version)

    if form.done(act):
        tell(_("De contactpersoon is opgeslagen."))
        return redirect(url_for("own_intentions.index"), 303)
    known = {"intention": intention, "around": context_of(intention)}
    return render_template("intentions/own_contact.html", form=form, **known), form.status
