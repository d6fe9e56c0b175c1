"""Candidates, their numbers at organisations, their intake answers, and who covers for whom."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from inleer.db import Base, Id, Versioned
from inleer.db.texts import FILLED
from inleer.people.rules import search_key

QUALIFICATION = ("yes", "no", "unknown")


def _key_of_row(context: Any) -> str:
    """The search key of a row that is inserted without an object, as imports do."""
    row = context.get_current_parameters()
    return search_key(row.get("first_name"), row.get("tussenvoegsel"), row["last_name"])


class Candidate(Versioned, Base):
    """A job seeker. No BSN and no medical data, ever. Belongs to one work agency, and to one coach's caseload.

    ``sort_name`` is the last name without tussenvoegsel, folded for sorting; ``search_key`` the whole name, folded
    for searching, kept by the model itself on whatever way a row is written.
    ``language_level`` is NT1, A0–C2 or 1F–4F; ``startkwalificatie`` yes, no or unknown. ``merged_into_id``: this
    person was entered twice; what it had is the other's, and the row only leads there (inleer.merging).
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
    last_name: Mapped[str] = mapped_column(String(200), info=FILLED)
    sort_name: Mapped[str] = mapped_column(String(420), index=True)
    search_key: Mapped[str] = mapped_column(Text, default=_key_of_row, server_default="")
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
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("candidate.id"))

    @property
    def name(self) -> str:
        """First name, tussenvoegsel and last name, as one speaks it."""
        return " ".join(p for p in (self.first_name, self.tussenvoegsel, self.last_name) if p)


@event.listens_for(Candidate, "before_insert")
@event.listens_for(Candidate, "before_update")
def _keep_search_key(_mapper: object, _connection: object, candidate: Candidate) -> None:
    candidate.search_key = search_key(candidate.first_name, candidate.tussenvoegsel, candidate.last_name)


class CoachChange(Base):
    """That a candidate got another coach: from whom (nobody: empty) to whom, from which day, why, recorded by whom.

    It works from the moment it is recorded. ``batch_id`` joins those of one hand-over of a caseload. One that was taken
    back has no row; the audit trail keeps both.
    """

    __tablename__ = "coach_change"
    __audited__ = False  # covered by the event on its candidate
    __table_args__ = (
        CheckConstraint("from_id IS NULL OR from_id <> to_id", name="other"),
        Index("ix_coach_change_candidate", "candidate_id"),
        Index("ix_coach_change_batch", "batch_id"),
    )

    id: Mapped[Id]
    candidate_id: Mapped[UUID] = mapped_column(ForeignKey("candidate.id"))
    from_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    to_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(500))
    recorded_on: Mapped[date]
    recorded_at: Mapped[datetime]
    by_id: Mapped[UUID]
    by_name: Mapped[str] = mapped_column(String(200))
    batch_id: Mapped[UUID | None]


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
