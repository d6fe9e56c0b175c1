"""Personal tokens: 256 bit, hashed at rest, for one purpose and one role, with an end. Shown once, revocable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from flask import g
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import OperationalError

from inleer import audit, clock
from inleer.accounts.models import Membership, Organisation, User
from inleer.accounts.models_tokens import PersonalToken
from inleer.accounts.secrets import new_token, token_hash
from inleer.accounts.sessions import EFFECTIVE
from inleer.accounts.signing_in import locked_user
from inleer.db import db, new_id, rows_changed, unit_of_work
from inleer.errors import DomainError, NotVisible
from inleer.i18n import _
from inleer.policy import Actor, Role, unscoped

ICAL = "ical"
LIFETIME: Mapping[str, timedelta] = {ICAL: timedelta(days=400)}
#: Tokens of a purpose that a person can have at a time: somebody with more has lost sight of them.
MOST = 5
NOTED_EVERY = timedelta(hours=1)
log = structlog.get_logger("inleer.accounts")

_FIND = unscoped(
    select(
        PersonalToken.id,
        PersonalToken.last_used_at,
        User.id.label("user_id"),
        User.name,
        Membership.id.label("membership_id"),
        Membership.role,
        Membership.organisation_id,
        Organisation.name.label("organisation_name"),
    )
    .join(User, User.id == PersonalToken.user_id)
    .join(Membership, Membership.id == PersonalToken.membership_id)
    .join(Organisation, EFFECTIVE)
    .where(
        PersonalToken.token_hash == bindparam("token_hash"),
        PersonalToken.purpose == bindparam("purpose"),
        PersonalToken.revoked_at.is_(None),
        PersonalToken.expires_at > bindparam("now"),
        User.active,
    ),
    "the secret is the permission",
)


@dataclass(frozen=True)
class Holder:
    """Whose token this is, and in which role it acts."""

    token_id: UUID
    actor: Actor
    last_used_at: datetime | None


@dataclass(frozen=True)
class TokenRow:
    """One of one's own tokens that works, for the list of them."""

    id: UUID
    name: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    role: Role
    organisation_name: str


def mint(actor: Actor, purpose: str, name: str) -> str:
    """Make a token in the actor's present role and return it; it cannot be shown again. Raises DomainError."""
    locked_user(actor.user_id)  # of two that are made at once the second sees the first
    if len(working(actor.user_id, purpose)) >= MOST:
        raise DomainError(
            _("U hebt er al %(n)s. Trek er eerst een in die u niet meer gebruikt.", n=MOST), "name"
        )
    token, now = new_token(), clock.now()
    row = PersonalToken(
        id=new_id(),
        token_hash=token_hash(token),
        purpose=purpose,
        user_id=actor.user_id,
        membership_id=actor.membership_id,
        name=name,
        created_at=now,
        expires_at=now + LIFETIME[purpose],
    )
    db.session.add(row)
    audit.record(actor, "personal_token.made", row, details={"purpose": purpose})
    return token


def find(purpose: str, token: str) -> Holder | None:
    """Who a token acts for; None when it does not exist or has another purpose, was revoked or is too old, and when
    the role or the login ended."""
    asked = {"token_hash": token_hash(token), "purpose": purpose, "now": clock.now()}
    row = db.session.execute(_FIND, asked).one_or_none()
    if row is None:
        return None
    actor = Actor(
        user_id=row.user_id,
        organisation_id=row.organisation_id,
        role=Role(row.role),
        name=row.name,
        organisation_name=row.organisation_name,
        membership_id=row.membership_id,
        trace_id=g.get("trace_id", ""),
        origin="token",
    )
    return Holder(row.id, actor, row.last_used_at)


def note_use(holder: Holder) -> None:
    """Keep, at most once an hour, that a token was used, in a transaction of its own. A failure is logged: the agenda
    can be read all the same."""
    now = clock.now()
    if holder.last_used_at is not None and now < holder.last_used_at + NOTED_EVERY:
        return
    try:
        with unit_of_work():
            noting = update(PersonalToken).where(PersonalToken.id == holder.token_id)
            db.session.execute(noting.values(last_used_at=now))
    except OperationalError as error:
        log.warning("token_not_noted", token=str(holder.token_id), kind=type(error.orig).__name__)


def working(user_id: UUID, purpose: str) -> Sequence[TokenRow]:
    """The tokens of a person that still work, the newest first."""
    statement = (
        select(PersonalToken, Membership.role, Organisation.name)
        .join(Membership, Membership.id == PersonalToken.membership_id)
        .join(Organisation, EFFECTIVE)
        .where(
            PersonalToken.user_id == user_id,
            PersonalToken.purpose == purpose,
            PersonalToken.revoked_at.is_(None),
            PersonalToken.expires_at > clock.now(),
        )
        .order_by(PersonalToken.created_at.desc(), PersonalToken.id)
    )
    rows = db.session.execute(unscoped(statement, "one's own tokens"))
    return [
        TokenRow(t.id, t.name, t.created_at, t.expires_at, t.last_used_at, Role(role), organisation)
        for t, role, organisation in rows
    ]


def revoke(actor: Actor, token_id: UUID) -> None:
    """Make one of one's own tokens worthless. Raises NotVisible for another's, or one that ended before."""
    ended = end_tokens(user_id=actor.user_id, token_id=token_id)
    if not ended:
        raise NotVisible
    audit.record(actor, "personal_token.revoked", ("personal_token", token_id))


def end_tokens(
    *, user_id: UUID | None = None, membership_id: UUID | None = None, token_id: UUID | None = None
) -> int:
    """Make the tokens of a person, of a role, or one, worthless for good. Returns how many ended."""
    given = ((PersonalToken.user_id, user_id), (PersonalToken.membership_id, membership_id))
    conditions = [
        column == value for column, value in (*given, (PersonalToken.id, token_id)) if value is not None
    ]
    if not conditions:
        raise ValueError("whose tokens?")
    ending = update(PersonalToken).where(PersonalToken.revoked_at.is_(None), *conditions)
    return rows_changed(ending.values(revoked_at=clock.now()))
