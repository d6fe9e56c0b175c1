"""Mails about accounts, written when they leave: the link is minted then and stored nowhere in clear."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from inleer.accounts import links
from inleer.accounts.models import Membership, Organisation, User
from inleer.accounts.people import INVITATION_MAIL, NOTICE_MAIL, RESET_MAIL
from inleer.db import db
from inleer.i18n import _
from inleer.jobs import mail
from inleer.jobs.mail import Mail
from inleer.policy import ROLE_LABELS, Role, unscoped

NOTICES = {
    "password": "Het wachtwoord van uw account bij inleer is zojuist gewijzigd.",
    "second_factor": "De tweede factor van uw account bij inleer is gewist. Bij de volgende keer inloggen stelt u"
    " hem opnieuw in.",
}


def register() -> None:
    """Say how the mails of this feature are written; called once by create_app."""
    mail.register(INVITATION_MAIL, invitation)
    mail.register(RESET_MAIL, reset)
    mail.register(NOTICE_MAIL, notice)


def invitation(payload: dict[str, Any]) -> Mail | None:
    """The mail with the link to accept a role; None when it was accepted or taken back meanwhile."""
    found = db.session.execute(
        unscoped(
            select(Membership, User, Organisation.name)
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
    text = _(
        "Beste %(name)s,\n\nU bent uitgenodigd om in inleer te werken als %(role)s bij %(organisation)s.\n\n"
        "Open deze link om de uitnodiging aan te nemen. De link werkt 7 dagen:\n\n%(link)s\n\n"
        "Verwachtte u deze mail niet? Dan hoeft u niets te doen.\n",
        name=member.invited_as,
        role=ROLE_LABELS[Role(member.role)],
        organisation=organisation,
        link=links.mint(links.INVITATION, user.id, member.id),
    )
    return Mail(user.email, _("Uitnodiging voor inleer"), text)


def reset(payload: dict[str, Any]) -> Mail | None:
    """The mail with the link for a new password; None when the address had no account."""
    user = _user(payload)
    if user is None or user.password_hash is None:
        return None
    text = _(
        "Beste %(name)s,\n\nOpen deze link om een nieuw wachtwoord te kiezen. De link werkt 1 uur:\n\n%(link)s\n\n"
        "Hebt u hier niet om gevraagd? Dan hoeft u niets te doen; uw wachtwoord blijft zoals het is.\n",
        name=user.name,
        link=links.mint(links.RESET, user.id),
    )
    return Mail(user.email, _("Nieuw wachtwoord voor inleer"), text)


def notice(payload: dict[str, Any]) -> Mail | None:
    """The mail that tells of a change to the account, so that nobody else makes it unseen."""
    user = _user(payload)
    if user is None:
        return None
    text = _(
        "Beste %(name)s,\n\n%(what)s\n\nHebt u dat niet zelf gedaan of gevraagd? Bel dan meteen uw beheerder.\n",
        name=user.name,
        what=_(NOTICES[payload["what"]]),
    )
    return Mail(user.email, _("Wijziging van uw account bij inleer"), text)


def _user(payload: dict[str, Any]) -> User | None:
    return db.session.execute(
        select(User).where(User.id == UUID(payload["user_id"]), User.active)
    ).scalar_one_or_none()
