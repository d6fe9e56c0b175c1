"""Links for invitations and password resets: random, hashed at rest, single use, with an end. GET shows, POST does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import current_app
from sqlalchemy import bindparam, select, update

from inleer import audit, clock
from inleer.accounts.models import AccountToken, Membership, Organisation, User
from inleer.accounts.passwords import check_password, hash_password, verify_password
from inleer.accounts.secrets import new_token, token_hash
from inleer.accounts.sessions import MembershipChoice, end_sessions
from inleer.accounts.signing_in import actor_as, choices_of, locked_user
from inleer.config import Settings
from inleer.db import db, new_id
from inleer.errors import DomainError, WrongSecret
from inleer.i18n import _
from inleer.policy import Actor, Role, limits, system_actor, unscoped

INVITATION = "invitation"
RESET = "reset"
LIFETIME = {INVITATION: timedelta(days=7), RESET: timedelta(hours=1)}
PATHS = {INVITATION: "/uitnodiging/", RESET: "/wachtwoord/"}

_FIND = unscoped(
    select(AccountToken, User, Membership, Organisation.name.label("organisation_name"))
    .join(User, User.id == AccountToken.user_id)
    .outerjoin(Membership, Membership.id == AccountToken.membership_id)
    .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
    .where(
        AccountToken.token_hash == bindparam("token_hash"),
        AccountToken.purpose == bindparam("purpose"),
        AccountToken.used_at.is_(None),
        AccountToken.expires_at > bindparam("now"),
        AccountToken.created_at <= bindparam("latest"),
        User.active,
    ),
    "the link is the permission",
)


@dataclass(frozen=True)
class Link:
    """A link that works: for whom, and for an invitation to which role. ``new`` when a password must be chosen."""

    token_id: UUID
    user_id: UUID
    email: str
    name: str
    new: bool
    role: Role | None
    organisation_name: str


def mint(purpose: str, user_id: UUID, membership_id: UUID | None = None) -> str:
    """Make a link within the open unit of work and return its address. Links sent earlier stay valid."""
    token, now = new_token(), clock.now()
    db.session.add(
        AccountToken(
            id=new_id(),
            token_hash=token_hash(token),
            purpose=purpose,
            user_id=user_id,
            membership_id=membership_id,
            created_at=now,
            expires_at=now + LIFETIME[purpose],
        )
    )
    settings: Settings = current_app.config["INLEER"]
    return settings.base_url + PATHS[purpose] + token


def find(purpose: str, token: str) -> Link | None:
    """The link with this token, or None when it does not exist, was used, is too old or no longer applies."""
    now = clock.now()
    known = {"token_hash": token_hash(token), "purpose": purpose, "now": now, "latest": now + clock.SKEW}
    found = db.session.execute(_FIND, known).one_or_none()
    if found is None:
        return None
    row, user = found.AccountToken, found.User
    member: Membership | None = found.Membership
    invited_as = None if member is None or member.ended_at is not None else member.invited_as
    if purpose == INVITATION and invited_as is None:
        return None
    return Link(
        token_id=row.id,
        user_id=user.id,
        email=user.email,
        name=invited_as or user.name,
        new=user.password_hash is None,
        role=Role(member.role) if member is not None else None,
        organisation_name=found.organisation_name or "",
    )


def accept_invitation(link: Link, name: str, password: str, trace_id: str) -> None:
    """Take the role: with a name and a new password, or with the password that the person has already.

    Raises DomainError for a refused or wrong password.
    """
    user, token = _use(link)
    member = db.session.execute(
        unscoped(select(Membership).where(Membership.id == token.membership_id), "the link is the permission")
    ).scalar_one()
    if user.password_hash is None:
        check_password(password, (name, user.email, link.organisation_name))
        user.name, user.password_hash = name, hash_password(password)
    elif not verify_password(user.password_hash, password):
        raise WrongSecret(_("Dit wachtwoord hoort niet bij uw account."), "password")
    member.invited_as = None
    choice = MembershipChoice(member.id, Role(member.role), member.organisation_id, link.organisation_name)
    audit.record(actor_as(user, choice, trace_id), "membership.accepted", member, covers=[user])


def reset_password(link: Link, password: str, trace_id: str) -> None:
    """Choose a new password with a reset link; every session ends, the second factor stays. Raises DomainError."""
    user, _token = _use(link)
    check_password(password, (user.name, user.email))
    user.password_hash = hash_password(password)
    end_sessions(user_id=user.id)
    limits.remember_place(user.email)  # who reads the mail is let in, whatever others tried meanwhile
    retire(RESET, user.id)
    audit.record(_self(user, trace_id), "password.reset", user)


def retire(purpose: str, user_id: UUID, membership_id: UUID | None = None) -> None:
    """Make the links of a user (to one role) worthless."""
    ending = update(AccountToken).where(
        AccountToken.purpose == purpose, AccountToken.user_id == user_id, AccountToken.used_at.is_(None)
    )
    if membership_id is not None:
        ending = ending.where(AccountToken.membership_id == membership_id)
    db.session.execute(ending.values(used_at=clock.now()))


def _use(link: Link) -> tuple[User, AccountToken]:
    """Lock the user, then take the token; of two at the same time one gets it. Raises DomainError for the other."""
    user = locked_user(link.user_id)
    token = db.session.execute(
        select(AccountToken).where(AccountToken.id == link.token_id).execution_options(populate_existing=True)
    ).scalar_one()
    if token.used_at is not None:
        raise DomainError(_("Deze link is al gebruikt."))
    token.used_at = clock.now()
    return user, token


def _self(user: User, trace_id: str) -> Actor:
    choices = choices_of(user.id)
    return actor_as(user, choices[0], trace_id) if choices else system_actor("web")
