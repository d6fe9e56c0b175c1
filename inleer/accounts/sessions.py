"""Server-side sessions: the cookie holds a random token, the table its hash, and whoever ends the row ends the login.

Who is logged in, in which role, and between which roles one may switch comes from one statement per request, built
at import. So a role that was taken away or a login that was switched off is gone at the next request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from flask import g, session
from sqlalchemy import and_, bindparam, func, literal, select, update
from sqlalchemy.exc import OperationalError

from inleer import clock
from inleer.accounts import saved_views
from inleer.accounts.models import (
    ColumnChoice,
    Membership,
    Organisation,
    SavedView,
    SecurityKey,
    User,
    UserSession,
)
from inleer.accounts.secrets import new_token, token_hash
from inleer.db import db, new_id, rows_changed, unit_of_work
from inleer.policy import PROFESSIONAL_ROLES, ROLE_LABELS, Actor, Role, unscoped

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=10)
SEEN_EVERY = timedelta(minutes=1)
COOKIE_KEY = "_user_id"  # where Flask-Login keeps what get_id() gave
log = structlog.get_logger("inleer.accounts")

#: A role that works: not ended, accepted, in an organisation that is not archived.
EFFECTIVE = and_(
    Membership.ended_at.is_(None),
    Membership.invited_as.is_(None),
    Membership.organisation_id == Organisation.id,
    Organisation.archived_at.is_(None),
)
# The columns that the person chose, all lists in one text: "list/one two;other/three".
_CHOSEN = (
    select(func.aggregate_strings(ColumnChoice.list + literal("/") + ColumnChoice.columns, ";"))
    .where(ColumnChoice.user_id == User.id)
    .correlate(User)
    .scalar_subquery()
)
#: Whether a user has a security key.
HAS_KEY = select(SecurityKey.id).where(SecurityKey.user_id == User.id).correlate(User).exists()
# The views that the person keeps, all lists in one text.
_KEPT = select(saved_views.ALL_OF_ONE).where(SavedView.user_id == User.id).correlate(User).scalar_subquery()
_LOAD = unscoped(
    select(
        UserSession.id,
        UserSession.user_id,
        UserSession.membership_id.label("current_id"),
        UserSession.created_at,
        UserSession.last_seen_at,
        UserSession.expires_at,
        UserSession.second_factor_at,
        User.name,
        User.totp_secret,
        Membership.id.label("membership_id"),
        Membership.role,
        Membership.organisation_id,
        Organisation.name.label("organisation_name"),
        _CHOSEN.label("columns"),
        HAS_KEY.label("has_key"),
        _KEPT.label("views"),
    )
    .join(User, User.id == UserSession.user_id)
    .join(Membership, Membership.user_id == User.id)
    .join(Organisation, EFFECTIVE)
    .where(UserSession.token_hash == bindparam("token_hash"), UserSession.ended_at.is_(None), User.active)
    .order_by(Organisation.name, Membership.role),
    "who is logged in",
)
_SESSION_ID = select(UserSession.id).where(UserSession.token_hash == bindparam("token_hash"))
_OWNER = select(UserSession.user_id).where(UserSession.token_hash == bindparam("token_hash"))


@dataclass(frozen=True)
class MembershipChoice:
    """A role that the person can work in."""

    id: UUID
    role: Role
    organisation_id: UUID
    organisation_name: str

    @property
    def label(self) -> str:
        """Role and organisation in words."""
        return f"{ROLE_LABELS[self.role]} · {self.organisation_name}"


@dataclass(frozen=True)
class SessionUser:
    """Who is logged in, as Flask-Login and the policy gate want it.

    ``second_factor_done`` is false while a person who needs a second factor has not given it in this session;
    ``has_app`` and ``has_key`` whether there is one to give: an app with codes, a security key. ``columns``: list → the
    columns that the person chose to see.
    ``views``: list → the (name, filters) that the person keeps.
    """

    token: str
    session_id: UUID
    actor: Actor
    memberships: tuple[MembershipChoice, ...]
    second_factor_done: bool
    has_app: bool
    has_key: bool
    columns: Mapping[str, frozenset[str]] = field(default_factory=dict)
    views: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    @property
    def second_factor_set(self) -> bool:
        """Whether there is a second factor to give."""
        return self.has_app or self.has_key

    @property
    def second_factor_needed(self) -> bool:
        """Whether one of the roles cannot do without."""
        return needs_second_factor([c.role for c in self.memberships], False)

    def get_id(self) -> str:
        """The token that goes into the cookie."""
        return self.token


def load_user(token: str) -> SessionUser | None:
    """Who this session token belongs to, or None when the session, the login or the role has ended."""
    rows = db.session.execute(_LOAD, {"token_hash": token_hash(token)}).all()
    current = next((row for row in rows if row.membership_id == row.current_id), None)
    now = clock.now()
    if current is None or current.created_at > now + clock.SKEW:
        return None
    if current.expires_at <= now or current.last_seen_at + IDLE <= now:
        return None
    if current.last_seen_at + SEEN_EVERY <= now:
        g.session_seen = current.id
    choices = tuple(_choice(row) for row in rows)
    has_app, has_key = current.totp_secret is not None, bool(current.has_key)
    return SessionUser(
        token=token,
        session_id=current.id,
        actor=_actor(current),
        memberships=choices,
        second_factor_done=current.second_factor_at is not None
        or not needs_second_factor([c.role for c in choices], has_app or has_key),
        has_app=has_app,
        has_key=has_key,
        columns=_chosen(current.columns),
        views=saved_views.read(current.views),
    )


def _chosen(text: str | None) -> dict[str, frozenset[str]]:
    lists = (part.partition("/") for part in (text or "").split(";") if part)
    return {name: frozenset(columns.split()) for name, _sign, columns in lists}


def needs_second_factor(roles: list[Role], is_set: bool) -> bool:
    """Whether a person with these roles must give a second factor; who set one up is always asked for it."""
    return is_set or bool(PROFESSIONAL_ROLES & set(roles))


def _choice(row: Any) -> MembershipChoice:
    return MembershipChoice(row.membership_id, Role(row.role), row.organisation_id, row.organisation_name)


def _actor(row: Any) -> Actor:
    return Actor(
        user_id=row.user_id,
        organisation_id=row.organisation_id,
        role=Role(row.role),
        name=row.name,
        organisation_name=row.organisation_name,
        membership_id=row.membership_id,
        session_id=row.id,
        trace_id=g.get("trace_id", ""),
    )


def start_session(user_id: UUID, membership_id: UUID, user_agent: str, *, second_factor: bool) -> str:
    """Make a session within the open unit of work and return its token (256 bits; only the hash is stored)."""
    token, now = new_token(), clock.now()
    db.session.add(
        UserSession(
            id=new_id(),
            token_hash=token_hash(token),
            user_id=user_id,
            membership_id=membership_id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + ABSOLUTE,
            second_factor_at=now if second_factor else None,
            user_agent=user_agent[:200],
        )
    )
    db.session.flush()
    return token


def id_of(token: str) -> UUID:
    """The id of the session with this token, which stays when the token is renewed."""
    return db.session.execute(_SESSION_ID, {"token_hash": token_hash(token)}).scalar_one()


def renew_session(session_id: UUID, **changes: Any) -> str:
    """Give a session a new token (the old one is worthless from now on), with changed columns; return the token."""
    token = new_token()
    values = {"token_hash": token_hash(token), "last_seen_at": clock.now(), **changes}
    db.session.execute(update(UserSession).where(UserSession.id == session_id).values(**values))
    return token


def end_sessions(
    *,
    user_id: UUID | None = None,
    session_id: UUID | None = None,
    membership_id: UUID | None = None,
    but: UUID | None = None,
) -> int:
    """End the open sessions of a user, of a membership, or one; ``but`` is spared. Returns how many ended."""
    ending = update(UserSession).where(UserSession.ended_at.is_(None)).values(ended_at=clock.now())
    for column, value in (
        (UserSession.user_id, user_id),
        (UserSession.id, session_id),
        (UserSession.membership_id, membership_id),
    ):
        if value is not None:
            ending = ending.where(column == value)
    if but is not None:
        ending = ending.where(UserSession.id != but)
    if user_id is None and session_id is None and membership_id is None:
        raise ValueError("whose sessions?")
    return rows_changed(ending)


def keep_alive() -> None:
    """Note, at most once a minute, that the session was used. A failure costs nothing but is logged."""
    seen: UUID | None = g.pop("session_seen", None)
    if seen is None:
        return
    now = clock.now()
    try:
        with unit_of_work():
            db.session.execute(
                update(UserSession)
                .where(UserSession.id == seen, UserSession.last_seen_at <= now - SEEN_EVERY)
                .values(last_seen_at=now)
            )
    except OperationalError as error:
        log.warning("session_not_noted", session=str(seen), kind=type(error.orig).__name__)


def owner_of_cookie() -> UUID | None:
    """Whose session this browser's cookie names, ended or not; None when it names none."""
    token = session.get(COOKIE_KEY)
    if not isinstance(token, str):
        return None
    found: UUID | None = db.session.execute(_OWNER, {"token_hash": token_hash(token)}).scalar_one_or_none()
    return found
