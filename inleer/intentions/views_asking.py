"""Pages on which staff ask employers, and handle what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for

from inleer import clock
from inleer.cohorts.models import Cohort
from inleer.db import db
from inleer.errors import DomainError
from inleer.forms import posted_version, read_version, tell
from inleer.i18n import _, ngettext
from inleer.intentions import asking, messages
from inleer.intentions.asking import Chosen, checked_email
from inleer.intentions.forms_requests import ReplyForm, TakeOverForm, ask_form
from inleer.intentions.models_requests import IntentionMessage, IntentionRequest
from inleer.intentions.queries_employers import AskRow, to_ask
from inleer.intentions.queries_requests import messages_of, requests_of
from inleer.intentions.rules import STATE_WORDS
from inleer.intentions.rules_requests import ASKABLE, REMIND_AFTER, grouped, last_day
from inleer.intentions.statements import SHORT, TITLES, in_one_line, terms_of
from inleer.jobs import bounces
from inleer.policy import Perm
from inleer.policy.guard import guarded, require_actor

blueprint = Blueprint("asking", __name__)


@blueprint.route("/lichtingen/<uuid:cohort_id>/vragen", methods=["GET", "POST"])
@guarded(Perm.INTENTION_ASK, on=Cohort)
def ask(cohort: Cohort) -> Any:
    """Choose what is asked, look at who gets what, send."""
    actor = require_actor()
    rows = to_ask(actor, cohort.id, ASKABLE)
    waiting = {r.employer_id for r in requests_of(actor, cohort_id=cohort.id) if r.state == "open"}
    form = ask_form(rows)
    preview: list[dict[str, Any]] = []
    if form.validate_on_submit():
        try:
            chosen = _chosen(form, rows)
            if form.step.data == "send":
                made = asking.ask(actor, cohort, chosen)
                db.session.flush()
                return _sent(made)
            preview = _preview(cohort, rows, chosen)
        except DomainError as error:
            form.refuse(error)
    elif not form.is_submitted():
        form.chosen.data = [str(r.id) for r in rows if r.state != "confirmed"]
    known = {"cohort": cohort, "rows": rows, "preview": preview, "waiting": waiting, **_words()}
    return render_template("intentions/ask.html", form=form, **known), form.status


def _chosen(form: Any, rows: Sequence[AskRow]) -> list[Chosen]:
    wanted = set(form.chosen.data or [])
    return [
        Chosen(r.id, read_version(form[f"version_{r.id.hex}"].data), form[f"email_{r.id.hex}"].data or "")
        for r in rows
        if str(r.id) in wanted
    ]


def _preview(cohort: Cohort, rows: Sequence[AskRow], chosen: Sequence[Chosen]) -> list[dict[str, Any]]:
    """Who gets which mail. Raises DomainError as sending would, for an address that is missing."""
    by_id = {r.id: r for r in rows}
    if not chosen:
        raise DomainError(_("Kies minstens één intentie om te vragen."), "chosen")
    pairs = []
    for one in chosen:
        row = by_id[one.intention_id]
        field = f"email_{row.id.hex}"
        if not (one.email.strip() or row.contact_email):
            raise DomainError(_("Vul een e-mailadres in, of kies deze intentie niet."), field)
        pairs.append((row.employer_id, checked_email(one.email or row.contact_email or "", field), row))
    return [
        {"email": email, "rows": group, "employer": group[0].employer, "cohort": cohort.name}
        for (_employer, email), group in grouped(pairs).items()
    ]


def _sent(made: Sequence[IntentionRequest]) -> Any:
    text = ngettext("%(n)s mail wordt verstuurd.", "%(n)s mails worden verstuurd.", len(made))
    if len(made) == 1:
        way_back = url_for("asking.undo", intention_request_id=made[0].id)
        tell(text, way_back, version=made[0].version)
    else:
        tell(_("%(text)s Zolang een mail niet weg is, kunt u hem bij de werkgever terugnemen.", text=text))
    return redirect(url_for("cohorts.board", cohort_id=made[0].cohort_id) + "#werkgevers", 303)


def _words() -> dict[str, Any]:
    return {
        "titles": TITLES,
        "short": SHORT,
        "state_words": STATE_WORDS,
        "in_one_line": in_one_line,
        "terms_of": terms_of,
        "today": clock.today(),
        "answer_by": last_day(clock.today()),
        "remind_after": REMIND_AFTER,
    }


def _back(employer_id: UUID) -> Any:
    return redirect(url_for("employers.show", organisation_id=employer_id), 303)


@blueprint.post("/vragen/<uuid:intention_request_id>/ongedaan")
@guarded(Perm.INTENTION_ASK, on=IntentionRequest)
def undo(intention_request: IntentionRequest) -> Any:
    """Take a question back of which no mail has left."""
    cohort_id = intention_request.cohort_id
    asking.undo_ask(require_actor(), intention_request, posted_version())
    tell(_("De mail is tegengehouden; er is niets gevraagd."))
    return redirect(url_for("cohorts.board", cohort_id=cohort_id) + "#werkgevers", 303)


@blueprint.post("/vragen/<uuid:intention_request_id>/intrekken")
@guarded(Perm.INTENTION_ASK, on=IntentionRequest)
def end(intention_request: IntentionRequest) -> Any:
    """Make the links of a question worthless."""
    asking.end_request(require_actor(), intention_request, posted_version())
    tell(_("De vraag is ingetrokken. De link in de mail werkt niet meer."))
    return _back(intention_request.employer_id)


@blueprint.post("/vragen/<uuid:intention_request_id>/opnieuw")
@guarded(Perm.INTENTION_ASK, on=IntentionRequest)
def send_again(intention_request: IntentionRequest) -> Any:
    """Send a fresh link."""
    asking.send_again(require_actor(), intention_request)
    tell(_("Een mail met een nieuwe link wordt verstuurd. Eerdere links blijven werken."))
    return _back(intention_request.employer_id)


@blueprint.post("/vragen/<uuid:intention_request_id>/adres-werkt")
@guarded(Perm.INTENTION_ASK, on=IntentionRequest)
def address_works(intention_request: IntentionRequest) -> Any:
    """Mail goes to this contact's address again."""
    bounces.mend(require_actor(), intention_request.email)
    tell(_("Mail gaat weer naar dit adres. Wat de laatste 14 dagen werd tegengehouden, gaat alsnog."))
    return _back(intention_request.employer_id)


@blueprint.route("/vragen/berichten/<uuid:intention_message_id>", methods=["GET", "POST"])
@guarded(Perm.INTENTION_ASK, on=IntentionMessage)
def message(intention_message: IntentionMessage) -> Any:
    """Answer an employer's question, or ask the colleague that it named."""
    actor, asks = require_actor(), intention_message.kind == "question"
    known = {"version": str(intention_message.version)}
    form: Any = (
        ReplyForm(data=known)
        if asks
        else TakeOverForm(
            data={
                **known,
                "contact_name": intention_message.contact_name,
                "contact_email": intention_message.contact_email,
            }
        )
    )
    about = next((m for m in messages_of(actor) if m.id == intention_message.id), None)

    def act() -> None:
        with db.session.begin_nested():
            if asks:
                messages.reply(actor, intention_message, form.reply.data or "", form.opened_version)
            else:
                name, email = form.contact_name.data or "", form.contact_email.data or ""
                messages.take_over(actor, intention_message, name, email, form.opened_version)

    if form.done(act):
        tell(_("De werkgever krijgt een mail met een link."))
        return redirect(url_for("employers.index"), 303)
    return render_template(
        "intentions/message.html", form=form, message=intention_message, about=about
    ), form.status


@blueprint.post("/vragen/berichten/<uuid:intention_message_id>/laten")
@guarded(Perm.INTENTION_ASK, on=IntentionMessage)
def leave(intention_message: IntentionMessage) -> Any:
    """Do nothing with it: it was handled in another way."""
    messages.leave(require_actor(), intention_message, posted_version())
    tell(_("Het bericht is afgehandeld."))
    return redirect(url_for("employers.index"), 303)
