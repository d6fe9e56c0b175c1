"""Signals: what needs someone, which rule says so, who owns it, and how it was handled."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inleer.db import Base, Id, Versioned


class Signal(Versioned, Base):
    """One cause found by one rule, for a candidate or for a session. Unique per cause: it returns only for a new one.

    ``state`` is open, handled or over (the cause went away before anybody handled it).
    """

    __tablename__ = "signal"
    __table_args__ = (
        UniqueConstraint("subject_id", "rule", "cause"),
        Index("ix_signal_candidate_state", "candidate_id", "state"),
        Index("ix_signal_cohort_state", "cohort_id", "state"),
    )

    id: Mapped[Id]
    subject_id: Mapped[UUID]
    candidate_id: Mapped[UUID | None] = mapped_column(ForeignKey("candidate.id"))
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("session.id"))
    cohort_id: Mapped[UUID | None] = mapped_column(ForeignKey("cohort.id"))
    rule: Mapped[str] = mapped_column(String(80))
    cause: Mapped[str] = mapped_column(String(120))
    tone: Mapped[str] = mapped_column(String(6))
    on: Mapped[date]
    text: Mapped[str] = mapped_column(String(500))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    state: Mapped[str] = mapped_column(String(8), default="open")
    raised_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]
    handled_by_name: Mapped[str | None] = mapped_column(String(200))
    handled_note: Mapped[str | None] = mapped_column(String(1000))
