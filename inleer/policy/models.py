"""What the limits on logging in remember."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from inleer.db import Base, Id


class LoginTrace(Base):
    """One try to log in that was not right (yet), one mail that was asked for, or one place that somebody came from.

    ``kind``: ``place`` (a try from an internet address), ``account`` (a try on an account), ``mail`` (a mail to an
    address), ``known`` (an account was logged in to from an address). ``key``: of which address or account, as an HMAC.
    """

    __tablename__ = "login_trace"
    __audited__ = False  # logging in itself is audited
    __table_args__ = (Index("ix_login_trace_key_at", "key", "at"),)

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(10))
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(index=True)
