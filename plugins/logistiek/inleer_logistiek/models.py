"""The table of the plugin: certificates that participants have."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from inleer.plugin import Base, Id, Versioned
from inleer_logistiek.rules import KINDS

_STILL_THERE = text("removed_at IS NULL")


class Certificate(Versioned, Base):
    """A certificate of a participant: of which kind, obtained when, valid until which day (None: no last day).

    A renewed certificate is a row of its own. One that was taken back keeps its row with ``removed_at``, and counts
    nowhere. ``cohort_id`` is the cohort of the enrolment.
    """

    __tablename__ = "logistiek_certificate"
    __table_args__ = (
        CheckConstraint(f"kind IN {tuple(KINDS)!r}", name="kind"),
        CheckConstraint("valid_until IS NULL OR valid_until >= obtained_on", name="valid_until"),
        Index(
            "uq_logistiek_certificate_enrolment_kind_obtained",
            "enrolment_id",
            "kind",
            "obtained_on",
            unique=True,
            sqlite_where=_STILL_THERE,
            postgresql_where=_STILL_THERE,
        ),
        Index("ix_logistiek_certificate_cohort", "cohort_id"),
    )

    id: Mapped[Id]
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"))
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"))
    kind: Mapped[str] = mapped_column(String(20))
    obtained_on: Mapped[date]
    valid_until: Mapped[date | None]
    issuer: Mapped[str] = mapped_column(String(80), default="")
    number: Mapped[str] = mapped_column(String(40), default="")
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[UUID]
    recorded_by_name: Mapped[str] = mapped_column(String(200))
    removed_at: Mapped[datetime | None]
