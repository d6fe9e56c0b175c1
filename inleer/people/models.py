"""Candidates, their numbers at organisations, their intake answers, and who covers for whom."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inleer.db import Base, Id, Versioned

QUALIFICATION = ("yes", "no", "unknown")


class Candidate(Versioned, Base):
    """A job seeker. No BSN and no medical data, ever. Belongs to one work agency, and to one coach's caseload.

    ``sort_name`` is the last name without tussenvoegsel, folded for sorting and searching.
    ``language_level`` is NT1, A0–C2 or 1F–4F; ``startkwalificatie`` yes, no or unknown.
    """

    __tablename__ = "candidate"
    __table_args__ = (
        CheckConstraint(f"startkwalificatie IN {QUALIFICATION!r}", name="startkwalificatie"),
        Index("ix_candidate_agency_coach", "agency_id", "coach_id"),
    )

    id: Mapped[Id]
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    coach_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    first_name: Mapped[str] = mapped_column(String(200), default="")
    tussenvoegsel: Mapped[str] = mapped_column(String(40), default="")
    last_name: Mapped[str] = mapped_column(String(200))
    sort_name: Mapped[str] = mapped_column(String(420), index=True)
    birth_date: Mapped[date | None]
    postcode: Mapped[str | None] = mapped_column(String(7))
    phone: Mapped[str | None] = mapped_column(String(20))
    email: Mapped[str | None] = mapped_column(String(254))
    language_level: Mapped[str | None] = mapped_column(String(4))
    driving_licence: Mapped[bool | None]
    benefit: Mapped[str | None] = mapped_column(String(60))
    children: Mapped[int | None]
    startkwalificatie: Mapped[str] = mapped_column(String(8), default="unknown")
    created_at: Mapped[datetime]

    @property
    def name(self) -> str:
        """First name, tussenvoegsel and last name, as one speaks it."""
        return " ".join(p for p in (self.first_name, self.tussenvoegsel, self.last_name) if p)


class Identifier(Base):
    """A number of the person at an organisation: client number at the agency, student number at the ROC."""

    __tablename__ = "identifier"
    __audited__ = False  # covered by the event on its candidate
    __table_args__ = (UniqueConstraint("organisation_id", "number"),)

    id: Mapped[Id]
    candidate_id: Mapped[UUID] = mapped_column(ForeignKey("candidate.id"), index=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    number: Mapped[str] = mapped_column(String(40))


class FieldValue(Versioned, Base):
    """The answers of one candidate to one field group (intake); the group is defined by core or plugin."""

    __tablename__ = "field_value"
    __table_args__ = (UniqueConstraint("candidate_id", "group_key"),)

    id: Mapped[Id]
    candidate_id: Mapped[UUID] = mapped_column(ForeignKey("candidate.id"))
    group_key: Mapped[str] = mapped_column(String(80))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    answered_on: Mapped[date]
    answered_by_id: Mapped[UUID]


class Cover(Versioned, Base):
    """A colleague stands in for a coach, from and until a date (both included)."""

    __tablename__ = "cover"
    __table_args__ = (CheckConstraint("until_on >= from_on", name="dates"),)

    id: Mapped[Id]
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    coach_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    substitute_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date]
