"""Mails to employers, written when they leave: the links are minted then and stored nowhere in clear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from inleer import clock
from inleer.accounts import mail_texts
from inleer.accounts.models import User
from inleer.cohorts.models import Cohort
from inleer.db import db
from inleer.i18n import _, format_date
from inleer.intentions import links
from inleer.intentions.mail_words import TEXTS
from inleer.intentions.models import JobIntention
from inleer.intentions.models_requests import (
    IntentionMail,
    IntentionMessage,
    IntentionRequest,
    IntentionStatement,
)
from inleer.intentions.queries_requests import (
    ItemView,
    Names,
    items_shown,
    names_around,
    names_of,
    statements_of,
)
from inleer.intentions.queue import LINK_MAIL, RECEIPT_MAIL
from inleer.intentions.settling import locked_request
from inleer.intentions.statements import SHORT, TITLES, in_one_line
from inleer.jobs import mail
from inleer.jobs.mail import Mail
from inleer.jobs.texts import Block, Value
from inleer.policy import unscoped

#: A link is sent for a request in these states: an answer that comes late counts, and who answered can look back.
_STATES = {
    "request": ("open",),
    "reminder": ("open",),
    "reply": ("open", "expired", "closed"),
    "resend": ("open", "expired", "closed"),
}


@dataclass(frozen=True)
class Part:
    """A request in a mail: what is asked, until when, and where to answer."""

    names: Names
    items: Sequence[ItemView]
    answer_by: str
    url: str
    sender: str
    late: bool
    replies: Sequence[tuple[str, str]]
    agency_id: UUID


def register() -> None:
    """Say how the mails of this feature are written; called once by create_app."""
    for text in TEXTS:
        mail_texts.register(text)
    mail.register(LINK_MAIL, link_mail)
    mail.register(RECEIPT_MAIL, receipt)


def link_mail(payload: dict[str, Any]) -> Mail | None:
    """A mail with a link to each of its requests; None when none of them is asked any more."""
    message_id, about = UUID(payload["message_id"]), payload.get("about")
    mine = select(IntentionMail).where(IntentionMail.message_id == message_id)
    rows = db.session.execute(mine.order_by(IntentionMail.request_id)).scalars()
    parts, last = [], None
    for row in rows.all():
        request = locked_request(row.request_id)
        if request.state in _STATES[row.kind]:
            asked = UUID(about) if about else None
            parts.append(part_of(request, links.mint(request), row.kind, asked))
            row.left_at, last = clock.now(), (row.kind, request)
    if last is None:
        return None
    kind, request = last
    return compose(kind, request.email, request.contact_name, parts)


def part_of(request: IntentionRequest, url: str, kind: str, about: UUID | None = None) -> Part:
    """What a mail says of a request; only what waits for an answer is named. ``about``: the question in a reply."""
    names = names_of(request)
    items = items_shown(request, names)
    return Part(
        names=names,
        items=[i for i in items if i.outcome is None],
        answer_by=format_date(request.answer_by, "lang"),
        url=url,
        sender=request.sender_name,
        late=request.answer_by < clock.today(),
        replies=_replies(about) if kind == "reply" and about else (),
        agency_id=request.agency_id,
    )


def _replies(message_id: UUID) -> list[tuple[str, str]]:
    statement = select(IntentionMessage).where(IntentionMessage.id == message_id)
    found = db.session.execute(unscoped(statement, "the question that the mail is about")).scalars()
    return [(m.text, m.reply) for m in found]


def compose(kind: str, to: str, name: str | None, parts: Sequence[Part]) -> Mail:
    """The mail in the words of the agency, in plain text and in HTML. Nothing in it is about a candidate."""
    asked = Block(
        text="\n\n".join(part_text(kind, p) for p in parts),
        html=mail.part(
            "request",
            kind=kind,
            parts=parts,
            titles=TITLES,
            short=SHORT,
            in_one_line=in_one_line,
            opening=opening,
            until=until,
        ),
    )
    last = parts[0]
    values: dict[str, Value] = {
        "naam": name or _("lezer"),
        "lichting": ", ".join(dict.fromkeys(p.names.cohort for p in parts)),
        "vragen": asked,
        "afzender": last.sender,
        "werkbedrijf": last.names.agency,
        "telefoon": _phone(last.names),
    }
    return mail.letter(to, mail_texts.written(last.agency_id, f"{LINK_MAIL}.{kind}", values))


def _phone(names: Names) -> str:
    return _(" (%(phone)s)", phone=names.phone) if names.phone else ""


def opening(kind: str, part: Part) -> str:
    """The first sentence about a request."""
    known = {"employer": part.names.employer, "cohort": part.names.cohort}
    if kind == "reply":
        return _("U stelde een vraag over wat %(employer)s toezegde voor %(cohort)s.", **known)
    if kind == "resend":
        return _("Hier is de link over wat %(employer)s toezegde voor %(cohort)s.", **known)
    first = _("%(employer)s sprak uit mensen uit %(cohort)s een baan te willen bieden.", **known)
    return f"{first} {_('Wilt u laten weten of dit nog klopt?')}"


def part_text(kind: str, part: Part) -> str:
    """One request in plain text."""
    lines = [opening(kind, part)]
    for asked, replied in part.replies:
        lines += ["", _("Uw vraag: %(text)s", text=asked), _("Ons antwoord: %(text)s", text=replied)]
    for item in part.items:
        title = f"{_(TITLES[item.terms.kind])}: {item.terms.function}"
        lines += ["", f"- {title}", f"  {in_one_line(item.terms)}", f"  {_(SHORT[item.terms.kind])}"]
    lines += ["", until(part), "", part.url]
    return "\n".join(lines)


def until(part: Part) -> str:
    """Until when to answer."""
    if not part.items:
        return _("U hebt alles beantwoord. Met deze link ziet u wat u antwoordde:")
    if part.late:
        return _("De laatste dag om te antwoorden is voorbij. Uw antwoord is nog steeds welkom:")
    return _("Antwoorden kan tot en met %(on)s. U hebt geen account nodig:", on=part.answer_by)


def receipt(payload: dict[str, Any]) -> Mail | None:
    """What was stated, word for word, to who stated it: the account, else the address that was asked."""
    if "statement_id" in payload:
        statements = [_statement(UUID(payload["statement_id"]))]
        (names, agency_id), to, sender = _about(statements[0]), "", ""
    else:
        request = locked_request(UUID(payload["request_id"]))
        statements = list(statements_of(request.id))
        names, to, sender, agency_id = (
            names_of(request),
            request.email,
            request.sender_name,
            request.agency_id,
        )
    if "user_id" in payload:
        known = select(User.email).where(User.id == UUID(payload["user_id"]))
        to = db.session.execute(unscoped(known, "who stated it")).scalar_one_or_none() or ""
    return _receipt(names, agency_id, to, sender, statements) if statements and to else None


def _statement(statement_id: UUID) -> IntentionStatement:
    found = select(IntentionStatement).where(IntentionStatement.id == statement_id)
    return db.session.execute(found).scalar_one()


def _about(statement: IntentionStatement) -> tuple[Names, UUID]:
    """The names in a receipt, and the agency that words it."""
    found = (
        select(JobIntention, Cohort.agency_id)
        .join(Cohort, Cohort.id == JobIntention.cohort_id)
        .where(JobIntention.id == statement.intention_id)
    )
    row, agency_id = db.session.execute(unscoped(found, "what the receipt is about")).one()
    return names_around(row.employer_id, row.cohort_id), agency_id


def _receipt(
    names: Names, agency_id: UUID, to: str, sender: str, statements: Sequence[IntentionStatement]
) -> Mail:
    rule = "\n\n" + "-" * 40 + "\n\n"
    body = [f"{s.text}\n\n{_('Controlegetal (SHA-256) van deze tekst:')}\n{s.sha256}" for s in statements]
    values: dict[str, Value] = {
        "lichting": names.cohort,
        "verklaringen": Block(
            rule.join(["", *body, ""]).strip("\n"), mail.part("receipt", statements=statements)
        ),
        "afzender": f"{sender}, " if sender else "",
        "werkbedrijf": names.agency,
        "telefoon": _phone(names),
    }
    return mail.letter(to, mail_texts.written(agency_id, RECEIPT_MAIL, values))
