"""Job intentions: what an employer commits to a cohort, before a person is chosen."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from inleer.db import Base, Id, Versioned

INTENTION_KINDS = ("intention", "guarantee", "conditional_contract")
INTENTION_STATES = ("draft", "requested", "confirmed", "declined", "expired", "withdrawn", "closed")


class JobIntention(Versioned, Base):
    """An employer's commitment to a cohort. ``positions`` may be unknown (None); hours are per week."""

    __tablename__ = "job_intention"
    __table_args__ = (
        CheckConstraint(f"kind IN {INTENTION_KINDS!r}", name="kind"),
        CheckConstraint(f"state IN {INTENTION_STATES!r}", name="state"),
        CheckConstraint("positions IS NULL OR positions > 0", name="positions"),
        CheckConstraint("hours_min IS NULL OR hours_max IS NULL OR hours_min <= hours_max", name="hours"),
    )

    id: Mapped[Id]
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"), index=True)
    employer_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    contact_name: Mapped[str | None] = mapped_column(String(200))
    contact_email: Mapped[str | None] = mapped_column(String(254))
    function: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(24))
    positions: Mapped[int | None]
    hours_min: Mapped[int | None]
    hours_max: Mapped[int | None]
    from_on: Mapped[date | None]
    conditions: Mapped[str | None] = mapped_column(String(1000))
    state: Mapped[str] = mapped_column(String(12), default="draft")
    confirmed_on: Mapped[date | None]


class IntentionEvent(Base):
    """One step of an intention: request, answer (by whom, how), change of number or hours.

    ``before``: hours and day of confirmation that an answer by telephone replaced, for the way back.
    """

    __tablename__ = "intention_event"
    __audited__ = False  # covered by the event on its intention

    id: Mapped[Id]
    intention_id: Mapped[UUID] = mapped_column(ForeignKey("job_intention.id"), index=True)
    at: Mapped[datetime]
    on: Mapped[date]
    from_state: Mapped[str | None] = mapped_column(String(12))
    to_state: Mapped[str] = mapped_column(String(12))
    channel: Mapped[str] = mapped_column(String(20))
    answered_by: Mapped[str | None] = mapped_column(String(200))
    old_positions: Mapped[int | None]
    new_positions: Mapped[int | None]
    remark: Mapped[str] = mapped_column(String(500), default="")
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    by_id: Mapped[UUID]
    by_name: Mapped[str] = mapped_column(String(200))
