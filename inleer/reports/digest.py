"""The mail of the day for coaches and coordinators: how much waits for them, by kind. Never a name of anybody.

It is queued at five on a working day and counted when it leaves. A day on which nothing waits has no mail, and neither
has a day that was missed: what waited then is in the mail of today.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import current_app
from markupsafe import Markup
from sqlalchemy import select

from inleer import clock
from inleer.accounts import mail_texts
from inleer.accounts.models import Membership, User
from inleer.accounts.notifications import DIGEST, choices_of
from inleer.config import Settings
from inleer.db import db
from inleer.exchange.queries import actor_of_membership
from inleer.i18n import _
from inleer.jobs import daily, mail
from inleer.jobs.mail import Mail
from inleer.jobs.outbox import enqueue
from inleer.jobs.texts import Block, Link, MailText, Value
from inleer.policy import Actor, Role, unscoped
from inleer.reports.todo import KINDS, counted
from inleer.reports.worklist import worklist_of

MAIL = "today.digest"
ROLES = (Role.COACH, Role.LEERHOME_COORDINATOR)
FRIDAY = 4
TEXT = MailText(
    key=MAIL,
    name="Overzicht van de dag",
    subject="Wat vandaag uw aandacht vraagt",
    body="Beste {naam},\n\nDit vraagt vandaag uw aandacht als {rol}:\n\n{overzicht}\n\nWie en wat het is, leest u in"
    " inleer:\n\n{link}\n\nU krijgt deze mail op werkdagen als er iets te doen is. Wilt u hem niet meer? Kies dat hier:"
    "\n\n{uitzetten}",
    places={
        "naam": "de naam van de lezer",
        "rol": "de rol van de lezer",
        "overzicht": "hoeveel er wacht, per soort",
        "link": "de link naar Vandaag",
        "uitzetten": "de link om de mail uit te zetten",
    },
    needed=frozenset({"overzicht", "uitzetten"}),
    example={
        "naam": "Mirjam Voorbeeld",
        "rol": "werkcoach",
        "overzicht": Block(
            "- Signalen: 2\n- Niet geregistreerd: 1",
            Markup("<ul><li>Signalen: 2</li><li>Niet geregistreerd: 1</li></ul>"),
        ),
        "link": Link("https://…", "Naar Vandaag"),
        "uitzetten": Link("https://…", "Meldingen kiezen"),
    },
)


def register() -> None:
    """Let it be sent each day; called once by create_app."""
    mail_texts.register(TEXT)
    mail.register(MAIL, compose)
    daily.register(queue_digests)


def queue_digests(_actor: Actor, day: date) -> int:
    """Queue the mail of ``day`` for everybody who wants it; returns how many. A daily job."""
    if day != clock.today() or day.weekday() > FRIDAY:
        return 0
    at_work = (Membership.ended_at.is_(None), Membership.invited_as.is_(None), User.active)
    members = (
        select(Membership.id)
        .join(User, User.id == Membership.user_id)
        .where(Membership.role.in_([role.value for role in ROLES]), *at_work)
        .order_by(Membership.id)
    )
    found = db.session.scalars(unscoped(members, "who gets a mail")).all()
    for membership_id in found:
        enqueue(MAIL, {"membership_id": str(membership_id), "day": day.isoformat()})
    return len(found)


def compose(payload: dict[str, Any]) -> Mail | None:
    """The mail; None for another day, for who left or wants none, and when nothing waits."""
    actor = actor_of_membership(UUID(payload["membership_id"]), "")
    late = payload["day"] != clock.today().isoformat()
    if late or actor is None or not choices_of(actor.user_id)[DIGEST]:
        return None
    numbers = counted(worklist_of(actor))
    lines = [f"{_(name)}: {numbers[kind]}" for kind, name in KINDS.items() if numbers[kind]]
    if not lines:
        return None
    address = db.session.execute(select(User.email).where(User.id == actor.user_id)).scalar_one()
    values = _values(actor, lines)
    return mail.letter(address, mail_texts.written(mail_texts.agency_of(actor.organisation_id), MAIL, values))


def _values(actor: Actor, lines: list[str]) -> dict[str, Value]:
    settings: Settings = current_app.config["INLEER"]
    return {
        "naam": actor.name,
        "rol": _(actor.role_label),
        "overzicht": Block("\n".join(f"- {line}" for line in lines), mail.part("todo", lines=lines)),
        "link": Link(f"{settings.base_url}/vandaag", _("Naar Vandaag")),
        "uitzetten": Link(f"{settings.base_url}/account/meldingen", _("Meldingen kiezen")),
    }
