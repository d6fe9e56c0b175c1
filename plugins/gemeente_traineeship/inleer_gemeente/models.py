"""The tables of the plugin: workplaces of directorates, who is planned there, group assignments, trainees."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from inleer.plugin import Base, Id, Versioned
from inleer_gemeente.words import PROFILES

_PROFILE = f"profile IN {tuple(PROFILES)!r}"


class Workplace(Versioned, Base):
    """Places for trainees in one function of a directorate, from and until a day (both included).

    ``host_id`` is the partner of the cohort that the directorate belongs to. ``supervisor_trained_on`` is the day on
    which the supervisor was trained; None: not yet. One that was taken back keeps its row with ``removed_at``.
    """

    __tablename__ = "gemeente_workplace"
    __table_args__ = (
        CheckConstraint(_PROFILE, name="profile"),
        CheckConstraint("places BETWEEN 1 AND 20", name="places"),
        CheckConstraint("until_on >= from_on", name="dates"),
        Index("ix_gemeente_workplace_cohort", "cohort_id"),
    )

    id: Mapped[Id]
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"))
    host_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    directorate: Mapped[str] = mapped_column(String(120))
    function: Mapped[str] = mapped_column(String(120))
    profile: Mapped[str] = mapped_column(String(20))
    supervisor_name: Mapped[str] = mapped_column(String(120), default="")
    supervisor_trained_on: Mapped[date | None]
    places: Mapped[int]
    from_on: Mapped[date]
    until_on: Mapped[date]
    removed_at: Mapped[datetime | None]


class Stay(Base):
    """That a placement takes a place of a workplace. Derived from placements, so that a place is free again by itself.

    ``phase_key`` and ``state`` are those of the placement; ``until_on`` is its last day, also when it ended early.
    """

    __tablename__ = "gemeente_stay"
    __table_args__ = (
        Index("ix_gemeente_stay_workplace", "workplace_id"),
        Index("ix_gemeente_stay_enrolment", "enrolment_id"),
    )

    placement_id: Mapped[UUID] = mapped_column(
        ForeignKey("placement.id", ondelete="CASCADE"), primary_key=True
    )
    workplace_id: Mapped[UUID] = mapped_column(ForeignKey("gemeente_workplace.id"))
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"))
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"))
    phase_key: Mapped[str | None] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(12))
    from_on: Mapped[date]
    until_on: Mapped[date]


class Assignment(Versioned, Base):
    """A group assignment: a question of a client at the municipality that trainees answer together."""

    __tablename__ = "gemeente_assignment"
    __table_args__ = (
        CheckConstraint("until_on >= from_on", name="dates"),
        Index("ix_gemeente_assignment_cohort", "cohort_id"),
    )

    id: Mapped[Id]
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"))
    title: Mapped[str] = mapped_column(String(120))
    client: Mapped[str] = mapped_column(String(120))
    from_on: Mapped[date]
    until_on: Mapped[date]
    removed_at: Mapped[datetime | None]


class AssignmentMember(Base):
    """Who works on a group assignment."""

    __tablename__ = "gemeente_assignment_member"
    __audited__ = False  # covered by the event on the assignment
    __table_args__ = (Index("ix_gemeente_assignment_member_enrolment", "enrolment_id"),)

    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("gemeente_assignment.id"), primary_key=True)
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"))


class Trainee(Versioned, Base):
    """The profile of a trainee."""

    __tablename__ = "gemeente_trainee"
    __table_args__ = (
        CheckConstraint(_PROFILE, name="profile"),
        Index("ix_gemeente_trainee_cohort", "cohort_id"),
    )

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"))
    profile: Mapped[str] = mapped_column(String(20))


class Guarantee(Base):
    """Roll-up: for how many people of a cohort a job afterwards is guaranteed, and since when it is that number."""

    __tablename__ = "gemeente_guarantee"
    __audited__ = False  # derived from the intentions of employers
    __table_args__ = (CheckConstraint("places >= 0", name="places"),)

    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"), primary_key=True)
    places: Mapped[int]
    since_on: Mapped[date]


class GroupDays(Base):
    """Roll-up: on how many group days a trainee was there, of how many that were judged. For the certificate."""

    __tablename__ = "gemeente_group_days"
    __audited__ = False  # derived from attendance
    __table_args__ = (CheckConstraint("attended >= 0 AND attended <= held", name="days"),)

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"))
    attended: Mapped[int]
    held: Mapped[int]
