"""Mails about accounts, written when they leave: the link is minted then and stored nowhere in clear."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import select

from inleer.accounts import links, mail_texts
from inleer.accounts.models import Membership, Organisation, User
from inleer.accounts.people import INVITATION_MAIL, NOTICE_MAIL, RESET_MAIL
from inleer.accounts.unusual_reads import ACTION
from inleer.accounts.unusual_reads import MAIL as UNUSUAL_READS_MAIL
from inleer.config import Settings
from inleer.db import db
from inleer.i18n import _
from inleer.jobs import mail
from inleer.jobs.mail import Mail
from inleer.jobs.texts import Link, MailText, Value, fill
from inleer.policy import ROLE_LABELS, Role, unscoped

INVITATION_TEXT = MailText(
    key=INVITATION_MAIL,
    name="Uitnodiging voor een rol",
    subject="Uitnodiging voor inleer",
    body="Beste {naam},\n\nU bent uitgenodigd om in inleer te werken als {rol} bij {organisatie}.\n\nOpen deze link"
    " om de"
    " uitnodiging aan te nemen. De link werkt 7 dagen:\n\n{link}\n\nVerwachtte u deze mail niet? Dan hoeft u niets te"
    " doen.",
    places={
        "naam": "de naam van wie u uitnodigt",
        "rol": "de rol, zoals werkcoach",
        "organisatie": "de organisatie waar die rol bij hoort",
        "link": "de persoonlijke link",
    },
    needed=frozenset({"link"}),
    example={
        "naam": "Fatima Voorbeeld",
        "rol": "docent ROC",
        "organisatie": "ROC Voorbeeldstad",
        "link": Link("https://…", "Uitnodiging aannemen"),
    },
)
RESET = (
    "Nieuw wachtwoord voor inleer",
    "Beste {naam},\n\nOpen deze link om een nieuw wachtwoord te kiezen. De link werkt 1 uur:\n\n{link}\n\nHebt u"
    " hier niet om"
    " gevraagd? Dan hoeft u niets te doen; uw wachtwoord blijft zoals het is.",
)
NOTICE = (
    "Wijziging van uw account bij inleer",
    "Beste {naam},\n\n{wat}\n\nHebt u dat niet zelf gedaan of gevraagd? Bel dan meteen uw beheerder.",
)
UNUSUAL_READS = (
    "Ongewoon veel dossiers geopend",
    "Beste {naam},\n\nIemand opende op één dag ongewoon veel dossiers van kandidaten. In het logboek staat wie het"
    " was, op"
    " welke dag en hoeveel:\n\n{link}\n\nGa na of dat bij het werk hoorde. Zo niet, dan kan het een datalek zijn:"
    " meld het"
    " aan de functionaris gegevensbescherming.",
)
NOTICES = {
    "password": "Het wachtwoord van uw account bij inleer is zojuist gewijzigd.",
    "key_added": "Aan uw account bij inleer is zojuist een beveiligingssleutel toegevoegd.",
    "key_removed": "Van uw account bij inleer is zojuist een beveiligingssleutel verwijderd.",
    "second_factor": "De tweede factor van uw account bij inleer is gewist. Bij de volgende keer inloggen stelt u"
    " hem opnieuw in.",
}


def register() -> None:
    """Say how the mails of this feature are written; called once by create_app."""
    mail_texts.register(INVITATION_TEXT)
    mail.register(INVITATION_MAIL, invitation)
    mail.register(RESET_MAIL, reset)
    mail.register(NOTICE_MAIL, notice)
    mail.register(UNUSUAL_READS_MAIL, unusual_reads)


def invitation(payload: dict[str, Any]) -> Mail | None:
    """The mail with the link to accept a role; None when it was accepted or taken back meanwhile."""
    found = db.session.execute(
        unscoped(
            select(Membership, User, Organisation)
            .join(User, User.id == Membership.user_id)
            .join(Organisation, Organisation.id == Membership.organisation_id)
            .where(
                Membership.id == UUID(payload["membership_id"]),
                Membership.ended_at.is_(None),
                Membership.invited_as.is_not(None),
                User.active,
            ),
            "the mail goes to the person invited",
        )
    ).one_or_none()
    if found is None:
        return None
    member, user, organisation = found
    values: dict[str, Value] = {
        "naam": member.invited_as or user.name,
        "rol": _(ROLE_LABELS[Role(member.role)]),
        "organisatie": organisation.name,
        "link": Link(links.mint(links.INVITATION, user.id, member.id), _("Uitnodiging aannemen")),
    }
    agency = organisation.managed_by_id or organisation.id
    return mail.letter(user.email, mail_texts.written(agency, INVITATION_MAIL, values))


def reset(payload: dict[str, Any]) -> Mail | None:
    """The mail with the link for a new password; None when the address had no account."""
    user = _user(payload)
    if user is None or user.password_hash is None:
        return None
    return _letter(user, RESET, link=Link(links.mint(links.RESET, user.id), _("Nieuw wachtwoord kiezen")))


def notice(payload: dict[str, Any]) -> Mail | None:
    """The mail that tells of a change to the account, so that nobody else makes it unseen."""
    user = _user(payload)
    return _letter(user, NOTICE, wat=_(NOTICES[payload["what"]])) if user else None


def unusual_reads(payload: dict[str, Any]) -> Mail | None:
    """The mail to an administrator that somebody opened unusually many dossiers. Who it was stands in the log only."""
    user = _user(payload)
    if user is None:
        return None
    settings: Settings = current_app.config["INLEER"]
    page = f"{settings.base_url}/beheer/logboek?action={ACTION}"
    return _letter(user, UNUSUAL_READS, link=Link(page, _("Naar het logboek")))


def _letter(user: User, text: tuple[str, str], **values: Value) -> Mail:
    """A mail of which nobody changes the words, because it is about safety."""
    return mail.letter(user.email, fill(_(text[0]), _(text[1]), {"naam": user.name, **values}))


def _user(payload: dict[str, Any]) -> User | None:
    return db.session.execute(
        select(User).where(User.id == UUID(payload["user_id"]), User.active)
    ).scalar_one_or_none()
