"""The sessions of a person that still work, as the person sees them: which device, since when, in which role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from inleer import clock
from inleer.accounts.models import Membership, Organisation, UserSession
from inleer.accounts.sessions import EFFECTIVE, IDLE
from inleer.db import db
from inleer.i18n import _
from inleer.policy import Role, unscoped


@dataclass(frozen=True)
class SessionRow:
    """One open session, for the list of one's own."""

    id: UUID
    device: str
    created_at: datetime
    last_seen_at: datetime
    role: Role
    organisation_name: str


def open_sessions(user_id: UUID) -> tuple[SessionRow, ...]:
    """The sessions of a user that still work, the last used first."""
    now = clock.now()
    statement = unscoped(
        select(UserSession, Membership.role, Organisation.name)
        .join(Membership, Membership.id == UserSession.membership_id)
        .join(Organisation, EFFECTIVE)
        .where(
            UserSession.user_id == user_id,
            UserSession.ended_at.is_(None),
            UserSession.expires_at > now,
            UserSession.last_seen_at > now - IDLE,
        )
        .order_by(UserSession.last_seen_at.desc()),
        "one's own sessions",
    )
    return tuple(
        SessionRow(row.id, device_name(row.user_agent), row.created_at, row.last_seen_at, Role(role), name)
        for row, role, name in db.session.execute(statement)
    )


_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def device_name(user_agent: str) -> str:
    """A browser and a system in words, as far as the browser says so: "Firefox op Windows"; else empty."""
    names = [
        next((name for mark, name in marks if mark in user_agent), "") for marks in (_BROWSERS, _SYSTEMS)
    ]
    if all(names):
        return _("%(browser)s op %(system)s", browser=names[0], system=names[1])
    return "".join(names)
