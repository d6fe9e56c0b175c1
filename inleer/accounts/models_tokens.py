"""Secrets that give a person something without logging in: as yet the addresses of agenda feeds."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from inleer.db import Base, Id


class PersonalToken(Base):
    """A secret that a person made for a ``purpose``, in the role ``membership_id``. Only its SHA-256 is stored.

    It works until ``expires_at``, until it is revoked, and as long as the role and the login work. ``name`` is the
    person's own word for where it is used.
    """

    __tablename__ = "personal_token"
    __audited__ = False  # made and revoked are audited; that it was used is not

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    membership_id: Mapped[UUID] = mapped_column(ForeignKey("membership.id"))
    name: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
