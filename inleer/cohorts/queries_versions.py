"""Reads about a cohort and the versions of its route: what its phases hold, and what happened since it moved.

Every cohort here was loaded in scope.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from inleer.audit import AuditEvent
from inleer.cohorts.models import CohortPhase, Enrolment, PhaseCompletion, Session, SessionCohort, VersionMove
from inleer.cohorts.queries import phases_of
from inleer.cohorts.version_rules import Held, days_inside
from inleer.db import db
from inleer.policy import unscoped

_WHY = "of a loaded cohort"
#: States of a session in which marks were made.
RECORDED = ("open", "recorded", "locked")


def held_phases(cohort_id: UUID) -> tuple[Sequence[CohortPhase], tuple[Held, ...]]:
    """The phases of a cohort in order: the rows, and what was recorded in each."""
    rows, days = phases_of(cohort_id), recorded_days(cohort_id)
    statement = (
        select(PhaseCompletion.phase_key, func.count(PhaseCompletion.id))
        .join(Enrolment, Enrolment.id == PhaseCompletion.enrolment_id)
        .where(Enrolment.cohort_id == cohort_id)
        .group_by(PhaseCompletion.phase_key)
    )
    completions = {row[0]: row[1] for row in db.session.execute(unscoped(statement, _WHY))}
    held = (
        Held(
            key=row.key,
            name=row.name,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            moved=row.moved,
            completions=completions.get(row.key, 0),
            sessions=days_inside(days, row.starts_on, row.ends_on),
        )
        for row in rows
    )
    return rows, tuple(held)


def recorded_days(cohort_id: UUID) -> list[date]:
    """The day of every session of the cohort in which marks were made."""
    statement = (
        select(Session.on)
        .join(SessionCohort, SessionCohort.session_id == Session.id)
        .where(SessionCohort.cohort_id == cohort_id, Session.state.in_(RECORDED))
    )
    return list(db.session.execute(unscoped(statement, _WHY)).scalars())


def finished_per_exit(cohort_id: UUID) -> Mapping[str, int]:
    """How many people finished, by the key of the exit."""
    statement = (
        select(Enrolment.exit_kind, func.count(Enrolment.id))
        .where(Enrolment.cohort_id == cohort_id, Enrolment.exit_kind.is_not(None))
        .group_by(Enrolment.exit_kind)
    )
    return {str(row[0]): row[1] for row in db.session.execute(unscoped(statement, _WHY))}


def completion_ids(cohort_id: UUID) -> set[UUID]:
    """The ids of all completed phases of the cohort's people."""
    statement = (
        select(PhaseCompletion.id)
        .join(Enrolment, Enrolment.id == PhaseCompletion.enrolment_id)
        .where(Enrolment.cohort_id == cohort_id)
    )
    return set(db.session.execute(unscoped(statement, _WHY)).scalars())


def times_planned(cohort_id: UUID, since: datetime) -> int:
    """How often sessions were planned from the route's strands after a moment."""
    statement = select(func.count()).where(
        AuditEvent.subject_kind == "cohort",
        AuditEvent.subject_id == str(cohort_id),
        AuditEvent.action == "cohort.sessions_generated",
        AuditEvent.at > since,
    )
    return db.session.execute(statement).scalar_one()


def last_move(cohort_id: UUID) -> VersionMove | None:
    """The latest move of the cohort that was not taken back, or None."""
    statement = (
        select(VersionMove)
        .where(VersionMove.cohort_id == cohort_id)
        .order_by(VersionMove.moved_at.desc(), VersionMove.id)
        .limit(1)
    )
    return db.session.execute(statement).scalar_one_or_none()


def lock_people(cohort_id: UUID) -> None:
    """Hold all enrolments until the transaction ends: nobody completes a phase meanwhile."""
    statement = select(Enrolment.id).where(Enrolment.cohort_id == cohort_id).order_by(Enrolment.id)
    db.session.execute(unscoped(statement.with_for_update(), _WHY)).all()


def held_since(days: Collection[date], phases: Sequence[CohortPhase], since: date) -> list[tuple[str, int]]:
    """(name, sessions with marks on or after a day) of these phases, those without any left out."""
    later = [day for day in days if day >= since]
    counted = ((p.name, days_inside(later, p.starts_on, p.ends_on)) for p in phases)
    return [(name, count) for name, count in counted if count]
