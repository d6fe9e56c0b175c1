"""Tables of the plugin: what residents ask for, and the visits that participants pay them."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from inleer.plugin import Base, Id, Versioned
from inleer_zorg.rules import DAY_MINUTES, MOST_MINUTES, STATES, TASKS

_STILL_THERE = text("removed_at IS NULL")


class HelpRequest(Versioned, Base):
    """Help that a resident of the neighbourhood asks for, in one cohort.

    Of the resident it holds a first name or initials and the area, nothing else. ``weekday`` is 0 (Monday) to 6;
    ``weekday``, ``starts`` and ``agreed_minutes`` are what was agreed, as far as it was. ``enrolment_id`` is who
    does it; a request that is open has nobody.
    """

    __tablename__ = "zorg_help_request"
    __table_args__ = (
        CheckConstraint(f"task IN {tuple(TASKS)!r}", name="task"),
        CheckConstraint(f"state IN {tuple(STATES)!r}", name="state"),
        CheckConstraint("weekday IS NULL OR weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint(
            f"agreed_minutes IS NULL OR agreed_minutes BETWEEN 1 AND {MOST_MINUTES}", name="agreed_minutes"
        ),
        CheckConstraint("state <> 'open' OR enrolment_id IS NULL", name="open"),
        CheckConstraint("state NOT IN ('assigned', 'done') OR enrolment_id IS NOT NULL", name="assigned"),
        Index("ix_zorg_help_request_cohort_state", "cohort_id", "state"),
        Index("ix_zorg_help_request_enrolment", "enrolment_id"),
    )

    id: Mapped[Id]
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"))
    requester: Mapped[str] = mapped_column(String(40))
    task: Mapped[str] = mapped_column(String(20))
    description: Mapped[str] = mapped_column(String(200), default="")
    area: Mapped[str] = mapped_column(String(60))
    weekday: Mapped[int | None]
    starts: Mapped[time | None]
    agreed_minutes: Mapped[int | None]
    asked_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(10), default="open")
    enrolment_id: Mapped[UUID | None] = mapped_column(ForeignKey("enrolment.id"))


class Visit(Versioned, Base):
    """The time that one participant spent on one help request on one day. ``on`` is a day in Amsterdam.

    A visit that was taken back keeps its row with ``removed_at``, and counts nowhere.
    """

    __tablename__ = "zorg_visit"
    __table_args__ = (
        CheckConstraint(f"minutes BETWEEN 1 AND {DAY_MINUTES}", name="minutes"),
        Index(
            "uq_zorg_visit_request_enrolment_on",
            "help_request_id",
            "enrolment_id",
            "on",
            unique=True,
            sqlite_where=_STILL_THERE,
            postgresql_where=_STILL_THERE,
        ),
        Index("ix_zorg_visit_enrolment_on", "enrolment_id", "on"),
    )

    id: Mapped[Id]
    help_request_id: Mapped[UUID] = mapped_column(ForeignKey("zorg_help_request.id"))
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"))
    on: Mapped[date]
    minutes: Mapped[int]
    remark: Mapped[str] = mapped_column(String(300), default="")
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[UUID]
    recorded_by_name: Mapped[str] = mapped_column(String(200))
    removed_at: Mapped[datetime | None]
