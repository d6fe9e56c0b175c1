"""Reads about completed phases: of one enrolment, and of the people of a cohort for one phase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from inleer import clock
from inleer.cohorts.completion_rules import Judged, from_store
from inleer.cohorts.models import Cohort, CohortPhase, Enrolment, PhaseCompletion
from inleer.db import db
from inleer.errors import NotVisible
from inleer.leerroutes.queries import definition_by_id
from inleer.people.models import Candidate
from inleer.policy import Actor, Perm, fetch, scope, scoped_select, unscoped, visible

#: Whose phases are still to be completed; of all others only what was completed is shown.
OPEN_STATES = ("lead", "invited", "intake", "waitlisted", "selected", "active", "paused", "completed")


@dataclass(frozen=True, slots=True)
class Done:
    """A completed phase: the day, by whom it was recorded, and what the rules said when that was done.

    ``judged_on``: the day of the recording, where that is another one and there were rules.
    """

    id: UUID
    phase_key: str
    on: date
    by: str
    fulfilled: bool
    reason: str
    verdicts: tuple[Judged, ...]
    judged_on: date | None = None


@dataclass(frozen=True, slots=True)
class PhasePerson:
    """Somebody of a cohort and one phase; ``done`` when it is completed."""

    enrolment_id: UUID
    candidate_id: UUID
    name: str
    state: str
    done: Done | None


def route_version_of(cohort_id: UUID) -> UUID:
    """The route version by whose rules a cohort runs; the cohort, or somebody in it, was loaded in scope."""
    statement = unscoped(select(Cohort.route_version_id).where(Cohort.id == cohort_id), "of a loaded cohort")
    return db.session.execute(statement).scalar_one()


def phase_of(cohort_id: UUID, phase_id: UUID) -> CohortPhase:
    """A phase of a cohort that was loaded in scope. Raises NotVisible when it is another's."""
    statement = select(CohortPhase).where(CohortPhase.id == phase_id, CohortPhase.cohort_id == cohort_id)
    found = db.session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotVisible
    return found


def done_of(actor: Actor, enrolment_id: UUID) -> Mapping[str, Done]:
    """The completed phases of an enrolment that was loaded in scope, by the key of the phase."""
    statement = visible(actor, PhaseCompletion, Perm.PHASE_VIEW).where(
        PhaseCompletion.enrolment_id == enrolment_id
    )
    return {row.phase_key: _done(row) for row in fetch(actor, statement).scalars()}


def people_of_phase(actor: Actor, cohort_id: UUID, phase_key: str) -> list[PhasePerson]:
    """The people of a cohort whose phases the actor may complete, by last name, with this phase when it is done."""
    statement = scoped_select(
        select(Enrolment.id, Enrolment.state, Candidate, PhaseCompletion)
        .join(Candidate, Candidate.id == Enrolment.candidate_id)
        .outerjoin(
            PhaseCompletion,
            and_(PhaseCompletion.enrolment_id == Enrolment.id, PhaseCompletion.phase_key == phase_key),
        )
        .where(
            Enrolment.cohort_id == cohort_id,
            scope(actor, Enrolment, Perm.PHASE_COMPLETE),
            or_(Enrolment.state.in_(OPEN_STATES), PhaseCompletion.id.is_not(None)),
        )
        .order_by(Candidate.sort_name, Enrolment.id)
    )
    return [
        PhasePerson(id_, person.id, person.name, state, _done(row) if row is not None else None)
        for id_, state, person, row in fetch(actor, statement)
    ]


def counts_per_phase(actor: Actor, cohort_id: UUID) -> Mapping[str, int]:
    """How many of the people whose phases the actor may complete have completed each phase."""
    statement = scoped_select(
        select(PhaseCompletion.phase_key, func.count(PhaseCompletion.id))
        .join(Enrolment, Enrolment.id == PhaseCompletion.enrolment_id)
        .where(Enrolment.cohort_id == cohort_id, scope(actor, Enrolment, Perm.PHASE_COMPLETE))
        .group_by(PhaseCompletion.phase_key)
    )
    return {row[0]: row[1] for row in fetch(actor, statement)}


def others_in_cohort(actor: Actor, cohort_id: UUID, perm: str = Perm.PHASE_COMPLETE) -> int:
    """How many people take part on whom the actor lacks a permission: they have another coach."""
    statement = unscoped(
        select(func.count(Enrolment.id)).where(
            Enrolment.cohort_id == cohort_id,
            Enrolment.state.in_(("selected", "active", "paused")),
            ~scope(actor, Enrolment, perm),
        ),
        "a count of a loaded cohort",
    )
    found: int = fetch(actor, statement).scalar_one()
    return found


def batch_of(actor: Actor, cohort_id: UUID, batch_id: UUID) -> Sequence[PhaseCompletion]:
    """What was recorded in one go in a cohort, as far as the actor may take it back."""
    within = select(Enrolment.id).where(Enrolment.cohort_id == cohort_id).scalar_subquery()
    statement = visible(actor, PhaseCompletion, Perm.PHASE_COMPLETE).where(
        PhaseCompletion.batch_id == batch_id, PhaseCompletion.enrolment_id.in_(within)
    )
    return fetch(actor, statement).scalars().all()


def around_completion(row: PhaseCompletion) -> tuple[UUID, UUID, UUID]:
    """The candidate, the cohort and the cohort's phase of a completion that was loaded in scope."""
    statement = unscoped(
        select(Enrolment.candidate_id, Enrolment.cohort_id, CohortPhase.id)
        .join(CohortPhase, CohortPhase.cohort_id == Enrolment.cohort_id)
        .where(Enrolment.id == row.enrolment_id, CohortPhase.key == row.phase_key),
        "around a loaded completion",
    )
    candidate_id, cohort_id, phase_id = db.session.execute(statement).one()
    return candidate_id, cohort_id, phase_id


def has_rules(cohort_id: UUID, phase_key: str) -> bool:
    """Whether the route of a cohort loaded in scope names rules for this phase. Raises KeyError for another phase."""
    return bool(definition_by_id(route_version_of(cohort_id)).phase(phase_key).completion)


def _done(row: PhaseCompletion) -> Done:
    judged_on = clock.local(row.recorded_at).date()
    return Done(
        id=row.id,
        phase_key=row.phase_key,
        on=row.completed_on,
        by=row.recorded_by_name,
        fulfilled=row.fulfilled,
        reason=row.reason,
        verdicts=from_store(row.verdicts),
        judged_on=judged_on if row.verdicts and judged_on != row.completed_on else None,
    )
