"""Casework: notes (contact moments) with an audience, and escalations from the leerhome to the coach."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from inleer.db import Base, Id, Versioned

AUDIENCES = ("own_organisation", "coaches", "cohort", "candidate")
ESCALATION_STATES = ("open", "acknowledged", "resolved")
ESCALATION_CATEGORIES = (
    "money",
    "housing",
    "childcare",
    "transport",
    "language",
    "digital_skills",
    "family",
    "attendance",
    "other",
)


class Note(Versioned, Base):
    """A dated contact moment. ``audience`` says who may read it; the author always may."""

    __tablename__ = "note"
    __table_args__ = (CheckConstraint(f"audience IN {AUDIENCES!r}", name="audience"),)

    id: Mapped[Id]
    candidate_id: Mapped[UUID] = mapped_column(ForeignKey("candidate.id"), index=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    author_id: Mapped[UUID]
    author_name: Mapped[str] = mapped_column(String(200))
    on: Mapped[date]
    written_at: Mapped[datetime]
    channel: Mapped[str] = mapped_column(String(20))
    audience: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(String(10_000))
    removed_at: Mapped[datetime | None]


class Escalation(Versioned, Base):
    """The leerhome asks the coach to act. The coach must acknowledge it."""

    __tablename__ = "escalation"
    __table_args__ = (
        CheckConstraint(f"state IN {ESCALATION_STATES!r}", name="state"),
        CheckConstraint(f"category IN {ESCALATION_CATEGORIES!r}", name="category"),
        CheckConstraint("urgency IN ('today', 'this_week', 'normal')", name="urgency"),
    )

    id: Mapped[Id]
    candidate_id: Mapped[UUID] = mapped_column(ForeignKey("candidate.id"), index=True)
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"))
    category: Mapped[str] = mapped_column(String(20))
    urgency: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(String(2000))
    state: Mapped[str] = mapped_column(String(14), default="open")
    raised_by_id: Mapped[UUID]
    raised_by_name: Mapped[str] = mapped_column(String(200))
    raised_at: Mapped[datetime]
    acknowledged_by_name: Mapped[str | None] = mapped_column(String(200))
    acknowledged_at: Mapped[datetime | None]
    resolution: Mapped[str | None] = mapped_column(String(2000))
    resolved_at: Mapped[datetime | None]
