"""Asking employers by mail: several intentions of one contact in one request; its way back; ending it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import delete, select

from inleer import audit, clock
from inleer.accounts.models import Organisation
from inleer.cohorts.models import Cohort
from inleer.db import db
from inleer.errors import DomainError, StaleEdit
from inleer.events import intention_changed
from inleer.i18n import _
from inleer.intentions import links
from inleer.intentions.actions import note
from inleer.intentions.models import IntentionEvent, JobIntention
from inleer.intentions.models_requests import IntentionMail, IntentionMessage, IntentionRequest, RequestItem
from inleer.intentions.queries_requests import has_messages
from inleer.intentions.queue import has_left, is_waiting, lock_address, queue, queue_within_limit
from inleer.intentions.rules import check_step
from inleer.intentions.rules_requests import check_askable, check_chosen, grouped, last_day
from inleer.intentions.settling import hold, items_of, locked_request, open_items, reopen, settle
from inleer.intentions.statements import terms_of
from inleer.policy import Actor, unscoped


@dataclass(frozen=True)
class Chosen:
    """An intention that is asked, the version on the screen, and an e-mail address that was filled in there."""

    intention_id: UUID
    version: int
    email: str = ""


def checked_email(text: str, field: str | None = None) -> str:
    """An e-mail address as it is stored. Raises DomainError."""
    try:
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise DomainError(_("Vul een e-mailadres in, zoals naam@bedrijf.nl."), field) from None
    return str(found.normalized).lower()


def ask(actor: Actor, cohort: Cohort, chosen: Sequence[Chosen]) -> list[IntentionRequest]:
    """Ask these intentions of an edition by mail, one mail for each contact. Returns the requests.

    Raises DomainError for an edition that ended, an intention that cannot be asked, a missing or wrong address or too
    many mails to one address; StaleEdit when an intention changed since it was shown.
    """
    check_chosen(len(chosen))
    _check_edition(cohort)
    rows = _held(cohort, chosen)
    names = _names({r.employer_id for r in rows.values()})
    for one in chosen:
        _prepare(actor, rows.get(one.intention_id), one, names)
    asked = [rows[c.intention_id] for c in chosen]
    groups = grouped((row.employer_id, row.contact_email or "", row) for row in asked)
    made = [_request(actor, cohort, email, group) for (_employer, email), group in groups.items()]
    intention_changed.fire(actor, [row.id for row in asked])
    return made


def _check_edition(cohort: Cohort) -> None:
    if cohort.state in ("completed", "cancelled"):
        raise DomainError(_("Deze lichting is voorbij. Werkgevers worden niet meer gevraagd."))


def _held(cohort: Cohort, chosen: Sequence[Chosen]) -> dict[UUID, JobIntention]:
    """What was chosen of this edition, and every address that gets a mail, for us alone."""
    ids = {c.intention_id for c in chosen}
    known = select(JobIntention.contact_email).where(JobIntention.id.in_(ids))
    stored = db.session.execute(unscoped(known, "of a loaded cohort")).scalars()
    typed = [c.email for c in chosen]
    emails = {e.strip().lower() for e in (*stored, *typed) if e and e.strip()}
    return {i: row for i, row in hold(ids, emails).items() if row.cohort_id == cohort.id}


def _prepare(
    actor: Actor, row: JobIntention | None, chosen: Chosen, names: Mapping[UUID, str]
) -> JobIntention:
    if row is None:
        raise DomainError(_("Een van de intenties hoort niet bij deze lichting. Open de pagina opnieuw."))
    if row.version != chosen.version:
        raise StaleEdit(row, chosen.version)
    check_askable(row.state, names[row.employer_id])
    check_not_waiting(row.id, names[row.employer_id])
    if chosen.email.strip():
        row.contact_email = checked_email(chosen.email, f"email_{row.id.hex}")
        audit.record(actor, "intention.changed", row, fields=["contact_email"])
    if not row.contact_email:
        raise DomainError(_("Vul een e-mailadres in, of kies deze intentie niet."), f"email_{row.id.hex}")
    row.contact_email = checked_email(row.contact_email, f"email_{row.id.hex}")
    return row


def check_not_waiting(intention_id: UUID, employer: str) -> None:
    """Refuse to ask what is asked and can still be answered in time. Raises DomainError."""
    waiting = [locked_request(i.request_id) for i in open_items(intention_id)]
    if any(r.state == "open" for r in waiting):
        raise DomainError(
            _("%(name)s is al gevraagd. Stuur de link opnieuw als dat nodig is.", name=employer)
        )


def _request(actor: Actor, cohort: Cohort, email: str, rows: Sequence[JobIntention]) -> IntentionRequest:
    _check_edition(cohort)
    # One moment for what is asked and what it replaces: undo_ask finds the replaced by it.
    now, today = clock.now(), clock.today()
    earlier = [r for row in rows for r in settle(row.id, "replaced", actor.name, today, now)]
    request = IntentionRequest(
        agency_id=cohort.agency_id,
        cohort_id=cohort.id,
        employer_id=rows[0].employer_id,
        email=email,
        contact_name=next((r.contact_name for r in rows if r.contact_name), None),
        asked_at=now,
        asked_on=today,
        answer_by=last_day(today),
        sender_id=actor.user_id,
        sender_name=actor.name,
        state="open",
    )
    db.session.add(request)
    db.session.flush()
    for place, row in enumerate(rows):
        _add_item(actor, request, place, row)
    queue_within_limit("request", request)
    audit.record(
        actor,
        "intention.requested",
        request,
        details={"intentions": [str(r.id) for r in rows]},
        covers=[*rows, *earlier],
    )
    return request


def _add_item(actor: Actor, request: IntentionRequest, place: int, row: JobIntention) -> None:
    before = row.state
    after = before if before in ("confirmed", "requested") else "requested"
    if after != before:
        check_step(before, after)
        row.state = after
    note(actor, row, before, after, clock.today(), "request", None, row.positions)
    db.session.flush()  # the version that the mail is about
    db.session.add(
        RequestItem(
            request_id=request.id,
            intention_id=row.id,
            place=place,
            asked_version=row.version,
            asked=terms_of(row).kept(),
            before=before,
        )
    )


def undo_ask(actor: Actor, request: IntentionRequest, version: int) -> None:
    """Take a request back of which no mail has left: nobody was asked. Raises DomainError, StaleEdit."""
    rows = hold([i.intention_id for i in items_of(request.id)])
    request = _same(request, version)
    items = items_of(request.id)
    if has_left(request.id) or any(i.outcome for i in items):
        raise DomainError(_("De mail is al vertrokken. Trek de vraag in: dan werkt de link niet meer."))
    if has_messages(request.id):
        raise DomainError(
            _("De werkgever vroeg al iets over deze vraag. Antwoord daarop, of trek de vraag in.")
        )
    covered = [r for i in items for r in reopen(i.intention_id, "replaced", clock.today(), request.asked_at)]
    audit.record(
        actor,
        "intention.request_undone",
        request,
        details={"intentions": [str(i.intention_id) for i in items]},
        covers=[*rows.values(), *covered],
    )
    for item in items:
        rows[item.intention_id].state = item.before
        if item.replaced_contact:
            _restore_contact(actor, rows[item.intention_id], request, item.replaced_contact)
        _forget_step(item.intention_id)
        db.session.delete(item)
    db.session.execute(delete(IntentionMail).where(IntentionMail.request_id == request.id))
    db.session.flush()
    db.session.delete(request)
    intention_changed.fire(actor, list(rows))


def _restore_contact(
    actor: Actor, row: JobIntention, request: IntentionRequest, before: Mapping[str, str | None]
) -> None:
    """The contact of before is asked again, and the proposal to ask somebody else waits again.

    A contact that was changed by hand since stays.
    """
    if (row.contact_name, row.contact_email) == (request.contact_name, request.email):
        row.contact_name, row.contact_email = before["name"], before["email"]
        audit.record(actor, "intention.changed", row, fields=["contact_email", "contact_name"])
    statement = select(IntentionMessage).where(IntentionMessage.id == UUID(before["message_id"] or ""))
    message = db.session.execute(unscoped(statement, "of a loaded request")).scalar_one()
    message.state, message.handled_at, message.handled_by = "open", None, None
    audit.record(actor, "intention.contact_take_over_undone", message)


def _forget_step(intention_id: UUID) -> None:
    statement = select(IntentionEvent).where(
        IntentionEvent.intention_id == intention_id, IntentionEvent.channel == "request"
    )
    last = db.session.execute(statement.order_by(IntentionEvent.at.desc()).limit(1)).scalars().first()
    if last is not None:
        db.session.delete(last)


def end_request(actor: Actor, request: IntentionRequest, version: int) -> None:
    """Stop asking: the links work no more, and what waits can be asked again. Raises DomainError, StaleEdit."""
    rows = hold([i.intention_id for i in items_of(request.id)])
    request = _same(request, version)
    if request.state not in ("open", "expired"):
        raise DomainError(_("Deze vraag is al afgerond."))
    links.revoke(request.id)
    request.state = "revoked"
    ended = _end_items(actor, request, rows, "staff")
    audit.record(actor, "intention.request_revoked", request, covers=ended)
    intention_changed.fire(actor, [row.id for row in ended])


def _end_items(
    actor: Actor, request: IntentionRequest, rows: Mapping[UUID, JobIntention], channel: str
) -> list[JobIntention]:
    waiting = [i for i in items_of(request.id) if i.outcome is None]
    for item in waiting:
        row = rows[item.intention_id]
        item.outcome, item.answered_at, item.answered_by = "ended", clock.now(), actor.name
        if row.state == "requested":
            row.state = "expired"
            note(actor, row, "requested", "expired", clock.today(), channel, None, row.positions)
    return [rows[item.intention_id] for item in waiting]


def send_again(actor: Actor, request: IntentionRequest) -> None:
    """Send the contact a fresh link; earlier ones stay valid.

    Raises DomainError when it ended, when such a mail is still on its way, or at the fourth mail in a day.
    """
    lock_address(request.email)
    if request.state not in ("open", "expired"):
        raise DomainError(_("Deze vraag is al afgerond."))
    if is_waiting("resend", request.id):
        raise DomainError(_("Er is al een mail met een nieuwe link onderweg."))
    queue_within_limit("resend", request)
    audit.record(actor, "intention.link_sent_again", request)


def ask_other(
    actor: Actor, row: JobIntention, cohort: Cohort, name: str, email: str, message: IntentionMessage
) -> IntentionRequest:
    """Ask a colleague of the contact instead, as ``message`` proposed; the link of before says so. Raises DomainError.

    ``row`` is held, with the address (settling.hold).
    """
    _check_edition(cohort)
    fields = ["contact_email", "contact_name"]
    before = {"name": row.contact_name, "email": row.contact_email, "message_id": str(message.id)}
    row.contact_name, row.contact_email = name, checked_email(email, "contact_email")
    audit.record(actor, "intention.changed", row, fields=fields)
    request = _request(actor, cohort, row.contact_email, [row])
    db.session.flush()
    items_of(request.id)[0].replaced_contact = before
    intention_changed.fire(actor, [row.id])
    return request


def remind(actor: Actor, requests: Sequence[IntentionRequest]) -> None:
    """Queue one reminder with a link to each of these requests of one contact."""
    queue("reminder", requests)
    for request in requests:
        audit.record(actor, "intention.reminded", request)


def _same(request: IntentionRequest, version: int) -> IntentionRequest:
    locked = locked_request(request.id)
    if locked.version != version:
        raise StaleEdit(locked, version)
    return locked


def _names(ids: set[UUID]) -> dict[UUID, str]:
    statement = select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids))
    return {r[0]: r[1] for r in db.session.execute(unscoped(statement, "employers of loaded intentions"))}
