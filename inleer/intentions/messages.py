"""What an employer asks or proposes, until staff did something with it: a reply by mail, or another contact."""

from __future__ import annotations

from sqlalchemy import select

from inleer import audit, clock
from inleer.cohorts.models import Cohort
from inleer.db import db
from inleer.errors import DomainError, StaleEdit
from inleer.i18n import _
from inleer.intentions.asking import ask_other, checked_email
from inleer.intentions.models_requests import IntentionMessage, IntentionRequest
from inleer.intentions.queue import lock_address, queue_within_limit
from inleer.intentions.rules_requests import last_day
from inleer.intentions.settling import hold, locked_request
from inleer.policy import Actor, unscoped


def reply(actor: Actor, message: IntentionMessage, text: str, version: int) -> None:
    """Answer a question by mail with a fresh link; what waits for an answer gets 14 days anew.

    Who answered everything meanwhile gets the mail too. Raises DomainError, StaleEdit.
    """
    _check(message, "question", version)
    if not text.strip():
        raise DomainError(_("Schrijf een antwoord."), "reply")
    lock_address(_address_of(message))
    request = locked_request(message.request_id)
    if request.state == "revoked":
        raise DomainError(
            _(
                "Deze vraag is ingetrokken: een link werkt niet meer. Bel de werkgever en handel dit af zonder mail."
            )
        )
    _done(actor, message, "done")
    message.reply = text.strip()
    audit.record(actor, "intention.question_answered", message, covers=[request])
    if request.state in ("open", "expired"):
        _more_time(request)
    queue_within_limit("reply", request, about=message.id)


def _address_of(message: IntentionMessage) -> str:
    statement = select(IntentionRequest.email).where(IntentionRequest.id == message.request_id)
    return db.session.execute(unscoped(statement, "of a loaded message")).scalar_one()


def take_over(
    actor: Actor, message: IntentionMessage, name: str, email: str, version: int
) -> IntentionRequest:
    """Ask the proposed colleague instead: a new request with a mail of its own. Raises DomainError, StaleEdit."""
    _check(message, "contact", version)
    address = checked_email(email, "contact_email")
    row = hold([message.intention_id], [address])[message.intention_id]
    if row.state not in ("requested", "expired", "confirmed"):
        raise DomainError(_("Deze toezegging is al beantwoord; er is niets meer te vragen."))
    if not name.strip():
        raise DomainError(_("Vul de naam van de collega in."), "contact_name")
    cohort = db.session.execute(
        unscoped(select(Cohort).where(Cohort.id == row.cohort_id), "of a loaded message")
    ).scalar_one()
    _done(actor, message, "done")
    audit.record(actor, "intention.contact_taken_over", message)
    return ask_other(actor, row, cohort, name.strip(), address, message)


def leave(actor: Actor, message: IntentionMessage, version: int) -> None:
    """Do nothing with a proposal or a question, so that the employer is reminded as before. Raises StaleEdit."""
    _check(message, message.kind, version)
    _done(actor, message, "left")
    request = locked_request(message.request_id)
    audit.record(actor, "intention.message_left", message, covers=[request])
    if request.state == "open":
        _more_time(request)


def _check(message: IntentionMessage, kind: str, version: int) -> None:
    if message.version != version:
        raise StaleEdit(message, version)
    if message.kind != kind or message.state != "open":
        raise DomainError(_("Dit is al afgehandeld."))


def _done(actor: Actor, message: IntentionMessage, state: str) -> None:
    message.state, message.handled_at, message.handled_by = state, clock.now(), actor.name


def _more_time(request: IntentionRequest) -> None:
    """While we owed an answer the employer could not go on; the reminders begin anew too."""
    request.answer_by, request.stage = max(request.answer_by, last_day(clock.today())), 0
    request.state = "open"
