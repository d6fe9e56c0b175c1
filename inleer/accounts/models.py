"""Organisations, logins, roles in organisations, and server-side sessions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from inleer.db import Base, Id, Versioned
from inleer.db.texts import FILLED

ORGANISATION_KINDS = ("work_agency", "employer", "school", "leerhome", "partner")
REGIONS = ("noord", "midden", "zuid")


class Organisation(Versioned, Base):
    """A work agency, employer, school, leerhome or other partner.

    ``managed_by_id`` is the work agency whose administrator keeps this organisation's details and people; it is
    empty for a work agency itself. ``region`` is the school vacation region (noord, midden, zuid).
    """

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint(f"kind IN {ORGANISATION_KINDS!r}", name="kind"),
        CheckConstraint(f"region IS NULL OR region IN {REGIONS!r}", name="region"),
    )

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200), info=FILLED)
    kind: Mapped[str] = mapped_column(String(20))
    sector: Mapped[str | None] = mapped_column(String(100))
    region: Mapped[str | None] = mapped_column(String(10))
    brin: Mapped[str | None] = mapped_column(String(6))
    managed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    contact_name: Mapped[str | None] = mapped_column(String(200))
    contact_email: Mapped[str | None] = mapped_column(String(254))
    contact_phone: Mapped[str | None] = mapped_column(String(30))
    archived_at: Mapped[datetime | None]


class User(Versioned, Base):
    """A login. The e-mail address is kept in lower case; secrets are kept hashed or encrypted."""

    __tablename__ = "user_account"

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200), info=FILLED)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    totp_secret: Mapped[str | None] = mapped_column(String(400))
    # A new secret until its first code was typed; the old one keeps working meanwhile.
    totp_pending: Mapped[str | None] = mapped_column(String(400))
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int | None] = mapped_column(Integer)
    recovery_hashes: Mapped[list[str] | None]
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime]


class Membership(Versioned, Base):
    """A role of a user in an organisation, until it is ended.

    ``invited_as`` is the name that the inviter typed; while it is set the person has not accepted, and the role
    gives nothing. It is shown instead of the user's name, so that an invitation does not tell who has an account.
    """

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("user_id", "organisation_id", "role"),)

    id: Mapped[Id]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    invited_as: Mapped[str | None] = mapped_column(String(200))


class UserSession(Base):
    """A server-side session. Only the SHA-256 of its random id is stored; the id itself is in the cookie."""

    __tablename__ = "user_session"
    __audited__ = False  # log-in and log-out are audited; every page view is not
    __table_args__ = (Index("ix_user_session_user", "user_id"),)

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    membership_id: Mapped[UUID | None] = mapped_column(ForeignKey("membership.id"))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    second_factor_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    user_agent: Mapped[str] = mapped_column(String(200), default="")
    # What the next answer of a security key must sign (base64url), for what, and until when; taken once.
    key_challenge: Mapped[str | None] = mapped_column(String(100))
    key_purpose: Mapped[str | None] = mapped_column(String(10))
    key_until: Mapped[datetime | None]


class SecurityKey(Base):
    """A security key or passkey of a user (WebAuthn): what it signs can be checked, nothing of it is secret.

    ``credential_id`` and ``public_key`` are base64url; ``sign_count`` rises with its use, where the key counts.
    """

    __tablename__ = "security_key"

    id: Mapped[Id]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    name: Mapped[str] = mapped_column(String(60), info=FILLED)
    # 1023 bytes at most (WebAuthn level 3)
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[str] = mapped_column(String(2000))
    sign_count: Mapped[int] = mapped_column(BigInteger)
    transports: Mapped[list[str]]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ColumnChoice(Base):
    """Which columns of a list a person chose to see, in every role; no row: the usual ones.

    ``list`` is the key of the list, ``columns`` the keys of its columns with a space between them.
    """

    __tablename__ = "column_choice"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    list: Mapped[str] = mapped_column(String(40), primary_key=True)
    columns: Mapped[str] = mapped_column(String(400))


class NotificationChoice(Base):
    """Whether a person wants a kind of mail that one may do without, in every role; no row: the usual."""

    __tablename__ = "notification_choice"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    notice: Mapped[str] = mapped_column(String(40), primary_key=True)
    wanted: Mapped[bool] = mapped_column(Boolean)


class OwnMailText(Versioned, Base):
    """How a work agency words a mail; without a row the mail has the text of inleer."""

    __tablename__ = "own_mail_text"
    __table_args__ = (UniqueConstraint("organisation_id", "key"),)

    id: Mapped[Id]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    key: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(String(4000))


class SavedView(Base):
    """The filters of a list that a person kept under a name, in every role.

    ``list`` is the key of the list, ``query`` what stands behind the ? of its address.
    """

    __tablename__ = "saved_view"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    list: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True, info=FILLED)
    query: Mapped[str] = mapped_column(String(1000))


class AccountToken(Base):
    """A link for an invitation (to the role ``membership_id``) or a password reset: hashed, single use, ends."""

    __tablename__ = "account_token"
    __audited__ = False  # the invitation and the reset are audited, with this row's user

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    membership_id: Mapped[UUID | None] = mapped_column(ForeignKey("membership.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
