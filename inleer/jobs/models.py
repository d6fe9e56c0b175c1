"""The outbox: what must leave after the commit, written in the same transaction as its cause; and daily runs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from inleer.db import Base, Id


class Outbox(Base):
    """One message that must leave once. ``payload`` holds the template and ids; secrets are minted when it leaves."""

    __tablename__ = "outbox"
    __audited__ = False  # the action that wrote it is audited
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sent', 'failed')", name="state"),
        Index("ix_outbox_state_due", "state", "due_at"),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(500))


class MailBounce(Base):
    """An address to which a mail could not be delivered, as its mail server says.

    ``code`` is that of RFC 3463 (5.1.1: no such mailbox); those that begin with 5 are permanent. ``message_id`` is the
    outbox message that came back last; ``mended_at`` is when somebody said that the address works again.
    """

    __tablename__ = "mail_bounce"

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    code: Mapped[str] = mapped_column(String(12))
    permanent: Mapped[bool]
    bounced_at: Mapped[datetime]
    message_id: Mapped[UUID]
    mended_at: Mapped[datetime | None]


class DailyRun(Base):
    """That a daily job was done for a day; days without a row are caught up."""

    __tablename__ = "daily_run"
    __audited__ = False

    job: Mapped[str] = mapped_column(String(120), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    done_at: Mapped[datetime]
