"""What the actions look up before they write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from inleer.plugin import CohortPhase, DomainError, Enrolment, NotVisible, _, db, unscoped
from inleer_gemeente.models import AssignmentMember, Stay, Trainee, Workplace
from inleer_gemeente.rules import TAKING_PART, Period

_LOADED = "of a cohort that was loaded in scope"


def workplace_in(cohort_id: UUID, workplace_id: UUID) -> Workplace:
    """A workplace of this cohort that was not taken back, locked until the save. Raises NotVisible."""
    statement = (
        select(Workplace)
        .where(Workplace.id == workplace_id, Workplace.cohort_id == cohort_id, Workplace.removed_at.is_(None))
        .with_for_update()
    )
    found = db.session.execute(unscoped(statement, _LOADED)).scalar_one_or_none()
    if found is None:
        raise NotVisible
    return found


def stays_at(workplace_id: UUID) -> Sequence[Stay]:
    """Who is or will be at a workplace, or has been there."""
    return db.session.scalars(unscoped(select(Stay).where(Stay.workplace_id == workplace_id), _LOADED)).all()


def periods_of(enrolment_id: UUID) -> list[Period]:
    """The periods of one trainee at workplaces."""
    statement = (
        select(Stay, Workplace)
        .join(Workplace, Workplace.id == Stay.workplace_id)
        .where(Stay.enrolment_id == enrolment_id)
        .order_by(Stay.from_on)
    )
    return [period(stay, workplace) for stay, workplace in db.session.execute(unscoped(statement, _LOADED))]


def period(stay: Stay, workplace: Workplace) -> Period:
    """A stay at a workplace as the rules look at it."""
    return Period(
        stay.phase_key or "",
        workplace.function,
        workplace.directorate,
        workplace.supervisor_name,
        workplace.supervisor_trained_on,
        stay.from_on,
        stay.until_on,
        stay.placement_id,
    )


def phase_days(cohort_id: UUID, phase_key: str) -> tuple[date, date]:
    """The first and last day of a phase of the cohort. Raises DomainError when there is none, or it is open."""
    statement = select(CohortPhase.starts_on, CohortPhase.ends_on).where(
        CohortPhase.cohort_id == cohort_id, CohortPhase.key == phase_key
    )
    found = db.session.execute(statement).one_or_none()
    if found is None or found.ends_on is None:
        raise DomainError(_("Kies een periode van deze lichting."), "phase_key")
    return found.starts_on, found.ends_on


def check_members(cohort_id: UUID, enrolment_ids: Iterable[UUID]) -> None:
    """Refuse members who do not take part in this cohort. Raises DomainError."""
    wanted = set(enrolment_ids)
    statement = select(Enrolment.id).where(
        Enrolment.cohort_id == cohort_id, Enrolment.id.in_(wanted), Enrolment.state.in_(TAKING_PART)
    )
    if set(db.session.scalars(unscoped(statement, _LOADED))) != wanted:
        raise DomainError(_("Kies trainees die aan deze lichting meedoen."), "members")


def members_of(assignment_id: UUID) -> Sequence[AssignmentMember]:
    """Who works on a group assignment."""
    statement = select(AssignmentMember).where(AssignmentMember.assignment_id == assignment_id)
    return db.session.scalars(unscoped(statement, _LOADED)).all()


def trainee(enrolment_id: UUID) -> Trainee | None:
    """What is known of a trainee; None when that is nothing yet."""
    statement = select(Trainee).where(Trainee.enrolment_id == enrolment_id)
    return db.session.execute(unscoped(statement, _LOADED)).scalar_one_or_none()
