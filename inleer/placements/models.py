"""Placements: an enrolment at a workplace, from and until a day, on fixed days of the week."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    DDL,
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    event,
    literal_column,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inleer.db import Base, Id, Versioned
from inleer.placements.rules import WEEKDAYS_SHORT, days_of

PLACEMENT_KINDS = ("neighbourhood", "adl", "shadowing", "orientation_job", "rotation", "on_site")
PLACEMENT_STATES = ("proposed", "agreed", "running", "completed", "ended_early")
ENDED_BY = ("candidate", "employer", "school", "leerhome", "agency")
_DAYS = " + ".join(f"((weekdays >> {day}) & 1)" for day in range(7))

# A range of one person and ranges of weekdays: PostgreSQL can then compare all three parts with "overlaps" in one
# index, without an extension that an administrator has to install.
PERSON_RANGE = "CREATE TYPE inleer_uuidrange AS RANGE (subtype = uuid)"
WEEKDAY_RANGES = """
CREATE FUNCTION inleer_weekdays(days integer) RETURNS int4multirange LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS 'SELECT range_agg(int4range(day, day + 1)) FROM generate_series(0, 6) AS day WHERE (days >> day) & 1 = 1'
"""


class Placement(Versioned, Base):
    """An enrolment at a workplace. Two of one person overlap only when their weekly days do not; the database says so.

    ``weekdays`` is a sum of 1 (Monday), 2, 4 … 64 (Sunday); ``hours`` are per week. ``until_on`` is the planned last
    day, ``ended_on`` the real one when it ended early: the day before ``from_on`` means that it never began.
    ``candidate_id`` and ``cohort_id`` are those of the enrolment, for the constraint and for lists. The host is the
    organisation where the person works; ``contract_partner_id`` the one that signs, when that is another.
    """

    __tablename__ = "placement"
    __table_args__ = (
        CheckConstraint(f"kind IN {PLACEMENT_KINDS!r}", name="kind"),
        CheckConstraint(f"state IN {PLACEMENT_STATES!r}", name="state"),
        CheckConstraint("until_on >= from_on", name="dates"),
        CheckConstraint("weekdays BETWEEN 1 AND 127", name="weekdays"),
        CheckConstraint(f"hours >= 1 AND hours <= 24 * ({_DAYS})", name="hours"),
        CheckConstraint(f"ended_by IS NULL OR ended_by IN {ENDED_BY!r}", name="ended_by"),
        CheckConstraint(
            "(state = 'ended_early' AND ended_on IS NOT NULL AND ended_by IS NOT NULL AND ended_reason <> '')"
            " OR (state <> 'ended_early' AND ended_on IS NULL AND ended_by IS NULL AND ended_reason = '')",
            name="ended",
        ),
        # On SQLite a trigger of the migration says the same.
        ExcludeConstraint(
            (literal_column("inleer_uuidrange(candidate_id, candidate_id, '[]')"), "&&"),
            (literal_column("daterange(from_on, coalesce(ended_on, until_on) + 1)"), "&&"),
            (literal_column("inleer_weekdays(weekdays)"), "&&"),
            name="ex_placement_overlap",
        ).ddl_if(dialect="postgresql"),
        Index("ix_placement_candidate", "candidate_id", "from_on"),
        Index("ix_placement_cohort", "cohort_id"),
    )

    id: Mapped[Id]
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), index=True)
    candidate_id: Mapped[UUID] = mapped_column(ForeignKey("candidate.id"))
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"))
    phase_key: Mapped[str | None] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20))
    host_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    contract_partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    function: Mapped[str] = mapped_column(String(200))
    department: Mapped[str | None] = mapped_column(String(200))
    supervisor_name: Mapped[str | None] = mapped_column(String(200))
    from_on: Mapped[date]
    until_on: Mapped[date]
    weekdays: Mapped[int]
    hours: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default="proposed")
    ended_on: Mapped[date | None]
    ended_by: Mapped[str | None] = mapped_column(String(20))
    ended_reason: Mapped[str] = mapped_column(String(500), default="")

    @property
    def last_on(self) -> date:
        """The last day: the real one when it ended early, else the planned one."""
        return self.ended_on or self.until_on

    @property
    def days(self) -> list[str]:
        """The days of the week as a form about a placement calls them."""
        return [WEEKDAYS_SHORT[day] for day in days_of(self.weekdays)]


class PlacementEvent(Base):
    """One step of a placement, in order of ``number`` from 1. ``before`` holds what it replaced, for the way back."""

    __tablename__ = "placement_event"
    __audited__ = False  # covered by the event on its placement
    __table_args__ = (UniqueConstraint("placement_id", "number"),)

    id: Mapped[Id]
    placement_id: Mapped[UUID] = mapped_column(ForeignKey("placement.id"))
    number: Mapped[int]
    at: Mapped[datetime]
    on: Mapped[date]
    from_state: Mapped[str | None] = mapped_column(String(12))
    to_state: Mapped[str] = mapped_column(String(12))
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    by_id: Mapped[UUID]
    by_name: Mapped[str] = mapped_column(String(200))


for _statement in (PERSON_RANGE, WEEKDAY_RANGES):
    _ddl = DDL(_statement).execute_if(dialect="postgresql")  # type: ignore[no-untyped-call]  # of SQLAlchemy
    event.listen(Placement.__table__, "before_create", _ddl)
