"""Cohorts (lichtingen): partners, phases on the calendar, enrolments, pauses and sessions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from inleer import clock
from inleer.db import Base, Id, Versioned
from inleer.db.texts import FILLED

COHORT_STATES = ("draft", "recruiting", "running", "completed", "cancelled")
PARTNER_KINDS = ("lead", "employer", "school", "leerhome", "funder", "sending_employer")
ENROLMENT_STATES = (
    "lead",
    "invited",
    "intake",
    "selected",
    "waitlisted",
    "rejected",
    "withdrawn",
    "active",
    "paused",
    "completed",
    "dropped_out",
    "moved",
)
SESSION_STATES = ("planned", "open", "recorded", "locked", "cancelled")
SESSION_KINDS = (
    "introduction",
    "lesson",
    "nt2",
    "intervision",
    "practice",
    "information",
    "selection",
    "other",
)


class Cohort(Versioned, Base):
    """One edition of a route. It points at a published route version and keeps its rules."""

    __tablename__ = "cohort"
    __table_args__ = (
        CheckConstraint(f"state IN {COHORT_STATES!r}", name="state"),
        CheckConstraint("group_min <= group_target AND group_target <= group_max", name="group"),
    )

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200), info=FILLED)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    route_version_id: Mapped[UUID] = mapped_column(ForeignKey("route_version.id"))
    route_key: Mapped[str] = mapped_column(String(80))
    region: Mapped[str] = mapped_column(String(10))
    starts_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(12), default="draft")
    group_min: Mapped[int]
    group_target: Mapped[int]
    group_max: Mapped[int]


class Partner(Versioned, Base):
    """An organisation's part in a cohort, until it ends (``ended_on`` is the last day)."""

    __tablename__ = "partner"
    __table_args__ = (
        CheckConstraint(f"kind IN {PARTNER_KINDS!r}", name="kind"),
        Index("ix_partner_organisation_cohort", "organisation_id", "cohort_id"),
        Index("ix_partner_cohort", "cohort_id"),
    )

    id: Mapped[Id]
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str] = mapped_column(String(20))
    since_on: Mapped[date]
    ended_on: Mapped[date | None]


class CohortPhase(Versioned, Base):
    """A phase of the route on the calendar of this cohort. ``ends_on`` is included; empty when open."""

    __tablename__ = "cohort_phase"
    __table_args__ = (
        UniqueConstraint("cohort_id", "key"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates"),
    )

    id: Mapped[Id]
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"), index=True)
    key: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    position: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    moved: Mapped[bool] = mapped_column(Boolean, default=False)


class VersionMove(Base):
    """That a cohort moved to another version of its route, as a fact: which phase became which, how its phases lay.

    ``phase_map`` is old key → new key (None: the phase disappeared). ``before`` has the phases by id: key, name, kind,
    position, first and last day, moved by hand; ``after`` has them too ("phases"), with the ids of what was completed
    ("completions"). A move that was taken back has no row; the audit trail keeps both.
    """

    __tablename__ = "cohort_version_move"
    __table_args__ = (Index("ix_cohort_version_move_cohort", "cohort_id"),)

    id: Mapped[Id]
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"))
    from_version_id: Mapped[UUID] = mapped_column(ForeignKey("route_version.id"))
    to_version_id: Mapped[UUID] = mapped_column(ForeignKey("route_version.id"))
    phase_map: Mapped[dict[str, Any]] = mapped_column(JSON)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    moved_at: Mapped[datetime]
    by_id: Mapped[UUID]
    by_name: Mapped[str] = mapped_column(String(200))


class PhaseCompletion(Base):
    """That an enrolment completed a phase, as a fact: the day, who recorded it, and what the rules said then.

    ``verdicts`` is rule → {name, state, text} as they were at ``recorded_at`` (inleer.cohorts.completion_rules);
    ``fulfilled`` says whether all rules were; without that there is a ``reason``. ``batch_id`` joins what was
    recorded in one go. A completion that was taken back has no row; the audit trail keeps both.
    """

    __tablename__ = "phase_completion"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "phase_key"),
        CheckConstraint("fulfilled OR reason <> ''", name="reason"),
        Index("ix_phase_completion_batch", "batch_id"),
    )

    id: Mapped[Id]
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"))
    phase_key: Mapped[str] = mapped_column(String(80))
    phase_name: Mapped[str] = mapped_column(String(200))
    completed_on: Mapped[date]
    verdicts: Mapped[dict[str, Any]] = mapped_column(JSON)
    fulfilled: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(500))
    batch_id: Mapped[UUID]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[UUID]
    recorded_by_name: Mapped[str] = mapped_column(String(200))


class Enrolment(Versioned, Base):
    """A candidate in a cohort. Figures count sessions from ``joined_on`` up to and including ``left_on``.

    ``taken_back``: it came by a move that was taken back. It is kept for its history and stands in no list.
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("cohort_id", "candidate_id"),
        CheckConstraint(f"state IN {ENROLMENT_STATES!r}", name="state"),
        CheckConstraint("left_on IS NULL OR joined_on IS NULL OR left_on >= joined_on", name="dates"),
        Index("ix_enrolment_candidate", "candidate_id"),
    )

    id: Mapped[Id]
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"))
    candidate_id: Mapped[UUID] = mapped_column(ForeignKey("candidate.id"))
    state: Mapped[str] = mapped_column(String(12))
    joined_on: Mapped[date | None]
    left_on: Mapped[date | None]
    dropout_initiator: Mapped[str | None] = mapped_column(String(20))
    dropout_reason: Mapped[str | None] = mapped_column(String(40))
    would_return: Mapped[str | None] = mapped_column(String(10))
    exit_kind: Mapped[str | None] = mapped_column(String(20))
    moved_to_id: Mapped[UUID | None] = mapped_column(ForeignKey("cohort.id"))
    taken_back: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())


class EnrolmentEvent(Base):
    """One step in the life of an enrolment: from which state to which, on which day, why, by whom.

    ``joined_before`` is the first day that a later start replaced; empty for every other step. ``other_id`` is the
    other edition of a move: where somebody went to, or came from. A step that was taken back stays, with who did that
    and when (``undone_at``); it counts nowhere.
    """

    __tablename__ = "enrolment_event"
    __audited__ = False  # covered by the event on its enrolment

    id: Mapped[Id]
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), index=True)
    at: Mapped[datetime]
    on: Mapped[date]
    from_state: Mapped[str | None] = mapped_column(String(12))
    to_state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(500), default="")
    joined_before: Mapped[date | None]
    by_id: Mapped[UUID]
    by_name: Mapped[str] = mapped_column(String(200))
    other_id: Mapped[UUID | None] = mapped_column(ForeignKey("cohort.id"))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[UUID | None]
    undone_by_name: Mapped[str | None] = mapped_column(String(200))


class Pause(Versioned, Base):
    """A pause of an enrolment: it has an end date and an owner. Sessions inside it do not count.

    ``until_on`` is the planned last day; ``ended_on`` the real one, once the candidate is back.
    """

    __tablename__ = "pause"
    __table_args__ = (CheckConstraint("until_on >= from_on", name="dates"),)

    id: Mapped[Id]
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date]
    ended_on: Mapped[date | None]
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(String(500))


class Session(Versioned, Base):
    """A planned meeting of one or more cohorts. ``on`` is the Amsterdam day; ``planned_minutes`` real minutes.

    ``organisation_id`` is the organiser (school, leerhome or agency) whose people record attendance.
    ``file_cancelled``: whether the last timetable that spoke of it said that it is cancelled. ``filled_at``: when
    who was still empty was last marked as present all at once. ``waived_by_name``, ``waived_note``: who said that
    nobody will record it, and why. ``changed_at``: when any of it last changed, whatever changed it; agendas ask.
    """

    __tablename__ = "session"
    __table_args__ = (
        CheckConstraint(f"state IN {SESSION_STATES!r}", name="state"),
        CheckConstraint(f"kind IN {SESSION_KINDS!r}", name="kind"),
        CheckConstraint("planned_minutes > 0 AND planned_minutes <= 1440", name="minutes"),
        Index("ix_session_organisation_on", "organisation_id", "on"),
        Index("ix_session_on", "on"),
    )

    id: Mapped[Id]
    title: Mapped[str] = mapped_column(String(200), info=FILLED)
    code: Mapped[str | None] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    on: Mapped[date]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    planned_minutes: Mapped[int] = mapped_column(Integer)
    counts: Mapped[bool] = mapped_column(Boolean, default=True)
    location: Mapped[str | None] = mapped_column(String(200))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    teacher_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    substitute_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default="planned")
    external_uid: Mapped[str | None] = mapped_column(String(250), index=True)
    file_cancelled: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    recorded_at: Mapped[datetime | None]
    locked_at: Mapped[datetime | None]
    filled_at: Mapped[datetime | None]
    waived_by_name: Mapped[str | None] = mapped_column(String(200))
    waived_note: Mapped[str | None] = mapped_column(String(1000))
    changed_at: Mapped[datetime | None] = mapped_column(default=clock.now, onupdate=clock.now)


class SessionCohort(Base):
    """Which cohorts a session is for."""

    __tablename__ = "session_cohort"
    __audited__ = False  # covered by the event on its session
    __table_args__ = (Index("ix_session_cohort_session", "session_id"),)

    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"), primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("session.id"), primary_key=True)
