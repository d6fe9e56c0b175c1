"""Exceptions to the official calendars: an institution's own vacations, closing days and extra lesson days."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from inleer.db import Base, Id, Versioned

PERIOD_KINDS = ("vacation", "no_vacation", "closed")


class CalendarPeriod(Versioned, Base):
    """A period of one organisation: its own ``vacation``, a ``no_vacation`` that overrides the region's, ``closed``."""

    __tablename__ = "calendar_period"
    __table_args__ = (
        CheckConstraint(f"kind IN {PERIOD_KINDS!r}", name="kind"),
        CheckConstraint("ends_on >= starts_on", name="dates"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(100))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
