"""An employer's answer to a request, through a link or an account: each intention once, and exactly what was shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import select

from inleer import audit, clock
from inleer.db import db, new_id
from inleer.errors import DomainError, InleerError
from inleer.events import intention_changed
from inleer.i18n import _
from inleer.intentions.actions import ask_again, before_of, check_places, note
from inleer.intentions.asking import checked_email
from inleer.intentions.models import JobIntention
from inleer.intentions.models_requests import (
    IntentionMessage,
    IntentionRequest,
    IntentionStatement,
    RequestItem,
)
from inleer.intentions.queries_requests import Names, names_of
from inleer.intentions.queue import RECEIPT_MAIL
from inleer.intentions.rules import check_step, check_values
from inleer.intentions.rules_requests import ANSWERABLE
from inleer.intentions.settling import close_when_done, hold, items_of, locked_request, settle
from inleer.intentions.statements import Terms, commitment, in_one_line, sha256, stated, terms_of
from inleer.jobs import outbox
from inleer.policy import SYSTEM_USER_ID, Actor, Role, unscoped

ANSWERS = ("confirm", "change", "decline", "question", "contact")


class AlreadyAnswered(InleerError):
    """Somebody answered before: nothing is changed, and the page shows what was answered."""


class ChangedMeanwhile(InleerError):
    """What was shown is not what is stored now: nothing is changed, and the page shows both."""


@dataclass(frozen=True)
class Given:
    """What was chosen for the item in this place. ``shown``: the SHA-256 of the text that was on the screen."""

    place: int
    answer: str
    shown: str
    positions: int | None = None
    hours_min: int | None = None
    hours_max: int | None = None
    from_on: date | None = None
    question: str = ""
    contact_name: str = ""
    contact_email: str = ""


def link_actor(request: IntentionRequest, trace_id: str) -> Actor:
    """Who acts through a link: nobody with an account, in the log of the agency that asked."""
    return Actor(
        user_id=SYSTEM_USER_ID,
        organisation_id=request.agency_id,
        role=Role.SYSTEM,
        name=_("werkgever, via de link"),
        organisation_name="",
        trace_id=trace_id,
        origin="web",
    )


def answer(
    actor: Actor, request: IntentionRequest, given: Sequence[Given], name: str, channel: str = "link"
) -> None:
    """Carry out what an employer answered, all of it or nothing; a receipt follows by mail.

    Raises DomainError (with the field), AlreadyAnswered, ChangedMeanwhile.
    """
    if not given:
        raise DomainError(_("Kies bij minstens één toezegging wat klopt."), "answer_0")
    if not name.strip():
        raise DomainError(_("Vul uw naam in."), "name")
    rows = hold([i.intention_id for i in items_of(request.id)])
    request = locked_request(request.id)
    items = {i.place: i for i in items_of(request.id)}
    names = names_of(request)
    for one in given:
        item = items.get(one.place)
        if item is None:
            raise DomainError(_("Open deze pagina opnieuw: het formulier is niet compleet."))
        if item.outcome is not None:
            raise AlreadyAnswered
        try:
            _one(actor, Context(request, names, name.strip(), channel), item, rows[item.intention_id], one)
        except DomainError as error:
            raise DomainError(error.message, f"{error.field or 'answer'}_{one.place}") from None
    close_when_done(request)
    audit.record(
        actor,
        "intention.request_answered",
        request,
        details={"channel": channel, "answers": [g.answer for g in given]},
        covers=[rows[items[g.place].intention_id] for g in given],
    )
    intention_changed.fire(actor, [items[g.place].intention_id for g in given])
    if any(g.answer in ("confirm", "change", "decline") for g in given):
        receipt_to(actor, channel, request_id=request.id)


def receipt_to(actor: Actor, channel: str, **about: UUID) -> None:
    """Queue a receipt: to who answered with an account, else to the address that was asked."""
    to = {"user_id": str(actor.user_id)} if channel == "account" else {}
    outbox.enqueue(RECEIPT_MAIL, {**{name: str(value) for name, value in about.items()}, **to})


@dataclass(frozen=True)
class Context:
    """Around one answer: the request, its names, who answers and how."""

    request: IntentionRequest
    names: Names
    name: str
    channel: str


def _one(actor: Actor, around: Context, item: RequestItem, row: JobIntention, given: Given) -> None:
    if row.state not in ANSWERABLE or text_of(terms_of(row), around.names, sha=True) != given.shown:
        raise ChangedMeanwhile
    if given.answer in ("question", "contact"):
        _message(actor, around, item, row, given)
        return
    terms = _checked(row, given)
    at = clock.now()
    ask_again(actor, row, clock.today(), around.channel, around.name, at)
    state = _state(row, given)
    words = _words(row, given)
    commit(actor, row, state, terms, around.channel, around.name)
    keep_statement(row, text_of(terms, around.names), words, around.name, around.request.id)
    outcome = {"confirm": "confirmed", "change": "changed", "decline": "declined"}[given.answer]
    settle(row.id, outcome, around.name, clock.today())
    audit.record(
        actor,
        f"intention.{state}",
        row,
        details={"channel": around.channel, "to": row.positions},
        covers=[around.request],
    )


def text_of(terms: Terms, names: Names, sha: bool = False) -> str:
    """The whole text of a commitment as it is shown, or the SHA-256 of it."""
    text = commitment(terms, names.employer, names.cohort, names.agency)
    return sha256(text) if sha else text


def _state(row: JobIntention, given: Given) -> str:
    if given.answer != "decline":
        return "confirmed"
    return "withdrawn" if row.state == "confirmed" else "declined"


def _words(row: JobIntention, given: Given) -> str:
    if given.answer == "confirm":
        return _("ja, dit klopt")
    if given.answer == "decline":
        return _("nee, dit kan niet meer") if row.state == "confirmed" else _("nee, dit kan niet")
    return _("ja, met een wijziging (eerst: %(before)s)", before=in_one_line(terms_of(row)))


def _checked(row: JobIntention, given: Given) -> Terms:
    """What the commitment says with this answer. Raises DomainError with the field of this place."""
    now = terms_of(row)
    if given.answer != "change":
        return now
    new = replace(
        now,
        positions=given.positions,
        hours_min=given.hours_min,
        hours_max=given.hours_max,
        from_on=given.from_on,
    )
    if new == now:
        raise DomainError(
            _("Verander het aantal, de uren of de datum, of kies “Ja, dit klopt”."), "positions"
        )
    check_values(new.kind, new.positions, new.hours_min, new.hours_max)
    check_places(row, new.positions)
    return new


def commit(actor: Actor, row: JobIntention, state: str, terms: Terms, channel: str, name: str) -> None:
    """Bring an intention to the state and terms that the employer answered. Raises DomainError."""
    check_step(row.state, state)
    old, positions, before = row.state, row.positions, before_of(row)
    row.state = state
    if state == "confirmed":
        row.positions, row.from_on = terms.positions, terms.from_on
        row.hours_min, row.hours_max = terms.hours_min, terms.hours_max
        row.confirmed_on = clock.today()
    note(actor, row, old, state, clock.today(), channel, name, positions, before=before)


def keep_statement(row: JobIntention, text: str, words: str, name: str, request_id: UUID | None) -> UUID:
    """Keep the exact text that was stated, and its hash. Returns its id."""
    kept = stated(text, words, name, clock.today())
    statement = IntentionStatement(
        id=new_id(),
        intention_id=row.id,
        request_id=request_id,
        at=clock.now(),
        stated_by=name,
        text=kept,
        sha256=sha256(kept),
    )
    db.session.add(statement)
    return statement.id


def _message(actor: Actor, around: Context, item: RequestItem, row: JobIntention, given: Given) -> None:
    waiting = select(IntentionMessage.id).where(
        IntentionMessage.intention_id == row.id,
        IntentionMessage.kind == given.answer,
        IntentionMessage.state == "open",
    )
    if db.session.execute(unscoped(waiting, "of a request by its link")).first() is not None:
        raise AlreadyAnswered
    asks = given.answer == "question"
    if asks and not given.question.strip():
        raise DomainError(_("Schrijf uw vraag op."), "question")
    if not asks and not given.contact_name.strip():
        raise DomainError(_("Vul de naam van uw collega in."), "contact_name")
    message = IntentionMessage(
        intention_id=row.id,
        request_id=item.request_id,
        kind=given.answer,
        text=given.question.strip(),
        contact_name=None if asks else given.contact_name.strip(),
        contact_email=None if asks else checked_email(given.contact_email, "contact_email"),
        asked_by=around.name,
        at=clock.now(),
    )
    db.session.add(message)
    remark = given.question.strip() if asks else _("vraag %(name)s", name=given.contact_name.strip())
    note(
        actor,
        row,
        row.state,
        row.state,
        clock.today(),
        around.channel,
        around.name,
        row.positions,
        remark[:500],
    )
    audit.record(actor, f"intention.{given.answer}", message, covers=[around.request])
