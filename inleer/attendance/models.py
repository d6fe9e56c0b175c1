"""Attendance marks, corrections after the lock, codes per school, and the weekly roll-up that lists read."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inleer.db import Base, Id, Versioned


class Attendance(Versioned, Base):
    """One mark per enrolment per session. ``missed`` is in minutes; a reason for illness is never stored.

    ``status`` is a key of :data:`inleer.attendance.rules.STATUSES`; ``note`` is for the coaches only.
    """

    __tablename__ = "attendance"
    __table_args__ = (
        CheckConstraint("missed >= 0 AND missed <= 1440", name="missed"),
        Index("ix_attendance_session", "session_id"),
    )

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("session.id"), primary_key=True)
    status: Mapped[str] = mapped_column(String(20))
    minutes: Mapped[int | None]
    missed: Mapped[int]
    note: Mapped[str | None] = mapped_column(String(500))
    recorded_by_id: Mapped[UUID]
    recorded_by_name: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime]


class AttendanceCorrection(Base):
    """A change of a mark after the lock: what it was, what it became, why, by whom. Stays visible."""

    __tablename__ = "attendance_correction"
    __audited__ = False  # covered by the event on the mark

    id: Mapped[Id]
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), index=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("session.id"), index=True)
    old_status: Mapped[str | None] = mapped_column(String(20))
    old_missed: Mapped[int | None]
    new_status: Mapped[str] = mapped_column(String(20))
    new_missed: Mapped[int]
    reason: Mapped[str] = mapped_column(String(500))
    by_id: Mapped[UUID]
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]


class AttendanceCode(Versioned, Base):
    """What a school's own code in an import file means."""

    __tablename__ = "attendance_code"
    __table_args__ = (UniqueConstraint("organisation_id", "code"),)

    id: Mapped[Id]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    code: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(20))


class EnrolmentWeek(Base):
    """Roll-up: minutes of one enrolment in one week (``monday``), kept in the transaction of the save.

    All minutes are over judged marks of not cancelled sessions while enrolled. ``window_unexcused`` counts only
    sessions that count for the 16-hour rule, and is 0 in a week that is no school week.
    """

    __tablename__ = "enrolment_week"
    __audited__ = False  # derived

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    monday: Mapped[date] = mapped_column(primary_key=True)
    planned: Mapped[int]
    missed: Mapped[int]
    late: Mapped[int]
    ill: Mapped[int]
    excused: Mapped[int]
    unexcused: Mapped[int]
    window_unexcused: Mapped[int]


class EnrolmentTotal(Base):
    """Roll-up: totals of one enrolment over all its judged marks, in minutes."""

    __tablename__ = "enrolment_total"
    __audited__ = False  # derived

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    planned: Mapped[int]
    missed: Mapped[int]
    late: Mapped[int]
    ill: Mapped[int]
    excused: Mapped[int]
    unexcused: Mapped[int]
    sessions: Mapped[int]
    reached_on: Mapped[date | None]
    reached_last_on: Mapped[date | None]
