"""The rows behind the steps of an enrolment: writing one, and finding the last that still counts."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from inleer import clock
from inleer.cohorts.models import Cohort, Enrolment, EnrolmentEvent, Pause
from inleer.cohorts.step_words import happened
from inleer.db import db
from inleer.errors import StaleEdit
from inleer.policy import Actor, unscoped


def note_step(
    actor: Actor,
    enrolment: Enrolment,
    old: str | None,
    new: str,
    on: date,
    reason: str = "",
    joined_before: date | None = None,
    other_id: UUID | None = None,
) -> None:
    """Write down one step. ``other_id``: the other edition of a move."""
    db.session.add(
        EnrolmentEvent(
            enrolment_id=enrolment.id,
            at=clock.now(),
            on=on,
            from_state=old,
            to_state=new,
            reason=reason,
            joined_before=joined_before,
            other_id=other_id,
            by_id=actor.user_id,
            by_name=actor.name,
        )
    )


def take_back(actor: Actor, step: EnrolmentEvent) -> None:
    """Write down that a step was taken back: it stays in the history and counts no more."""
    step.undone_at, step.undone_by_id, step.undone_by_name = clock.now(), actor.user_id, actor.name


def steps_of(enrolment_id: UUID) -> list[EnrolmentEvent]:
    """The steps of an enrolment that count, the latest first."""
    statement = (
        select(EnrolmentEvent)
        .where(EnrolmentEvent.enrolment_id == enrolment_id, EnrolmentEvent.undone_at.is_(None))
        .order_by(EnrolmentEvent.at.desc())
    )
    return list(db.session.scalars(statement))


def latest(enrolment_id: UUID) -> EnrolmentEvent | None:
    """What happened last with an enrolment: a step, or that a step was taken back (then ``undone_at`` says when)."""
    statement = select(EnrolmentEvent).where(EnrolmentEvent.enrolment_id == enrolment_id)
    rows = list(db.session.scalars(statement))
    return max(rows, key=lambda e: e.undone_at or e.at, default=None)


def cohort_of(enrolment: Enrolment) -> Cohort:
    """The cohort of an enrolment that was loaded in scope."""
    statement = unscoped(
        select(Cohort).where(Cohort.id == enrolment.cohort_id), "cohort of a loaded enrolment"
    )
    return db.session.execute(statement).scalar_one()


def open_pause(enrolment_id: UUID) -> Pause | None:
    """The pause that has not ended, if any."""
    statement = select(Pause).where(Pause.enrolment_id == enrolment_id, Pause.ended_on.is_(None))
    return db.session.execute(statement.order_by(Pause.from_on.desc()).limit(1)).scalar_one_or_none()


def last_pause(enrolment_id: UUID) -> Pause | None:
    """The latest pause, ended or not."""
    statement = (
        select(Pause).where(Pause.enrolment_id == enrolment_id).order_by(Pause.from_on.desc()).limit(1)
    )
    return db.session.execute(statement).scalar_one_or_none()


def fresh(enrolment: Enrolment, version: int) -> None:
    """Raises StaleEdit when the enrolment changed since this version."""
    if version != enrolment.version:
        raise StaleEdit(enrolment, version, happened(latest(enrolment.id)))
