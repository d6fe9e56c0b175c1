"""What the core asks about many people at once, for rules and signals. A constant number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from inleer.plugin import Cohort, CohortPhase, Enrolment, Placement, db, unscoped
from inleer_gemeente.lookups import period
from inleer_gemeente.models import Assignment, Stay, Workplace
from inleer_gemeente.routes import WORKPLACES
from inleer_gemeente.rules import Period

_ASKED: Final = "people whom the core chose"


@dataclass(slots=True)
class Facts:
    """What rules and signals look at of one person. ``rounds`` are the periods of the cohort: key and first day;
    ``states`` how far the placement of each period is."""

    cohort_id: UUID
    agency_id: UUID
    state: str
    starts_on: date
    first_assignment: date | None
    rounds: dict[str, date] = field(default_factory=dict)
    periods: list[Period] = field(default_factory=list)
    states: dict[UUID, str] = field(default_factory=dict)

    def within(self, *states: str) -> list[Period]:
        """The periods whose placement is in one of these states."""
        return [p for p in self.periods if p.placement_id and self.states[p.placement_id] in states]


def facts(enrolment_ids: Sequence[UUID]) -> dict[UUID, Facts]:
    """The workplaces of these people, with the dates of their cohort."""
    found: dict[UUID, Facts] = {}
    for row in db.session.execute(unscoped(_cohorts(enrolment_ids), _ASKED)):
        one = found.setdefault(
            row.id, Facts(row.cohort_id, row.agency_id, row.state, row.starts_on, row.first_assignment)
        )
        if row.key is not None:
            one.rounds[row.key] = row.begins
    statement = (
        select(Stay, Workplace)
        .join(Workplace, Workplace.id == Stay.workplace_id)
        .where(Stay.enrolment_id.in_(list(enrolment_ids)))
        .order_by(Stay.from_on)
    )
    for stay, workplace in db.session.execute(unscoped(statement, _ASKED)):
        found[stay.enrolment_id].periods.append(period(stay, workplace))
        found[stay.enrolment_id].states[stay.placement_id] = stay.state
    return found


@dataclass(slots=True)
class Crowd:
    """Who is where in a cohort, proposals left out: first and last days by directorate and by placement's workplace."""

    places: dict[UUID, int] = field(default_factory=dict)
    workplace: dict[UUID, UUID] = field(default_factory=dict)
    at: dict[UUID, list[tuple[date, date]]] = field(default_factory=dict)
    inside: dict[str, list[tuple[date, date]]] = field(default_factory=dict)


def crowds(cohort_ids: Iterable[UUID]) -> dict[UUID, Crowd]:
    """How full workplaces and directorates of these cohorts are, by cohort."""
    found = {one: Crowd() for one in cohort_ids}
    statement = (
        select(Stay, Workplace)
        .join(Workplace, Workplace.id == Stay.workplace_id)
        .where(Stay.cohort_id.in_(list(found)), Stay.state != "proposed")
    )
    for stay, workplace in db.session.execute(unscoped(statement, _ASKED)):
        crowd, days = found[stay.cohort_id], (stay.from_on, stay.until_on)
        crowd.places[workplace.id], crowd.workplace[stay.placement_id] = workplace.places, workplace.id
        crowd.at.setdefault(workplace.id, []).append(days)
        crowd.inside.setdefault(workplace.directorate, []).append(days)
    return found


def unlisted(enrolment_ids: Sequence[UUID]) -> dict[UUID, Placement]:
    """Of these people an agreed rotation that is at none of the workplaces, by enrolment."""
    statement = (
        select(Placement)
        .outerjoin(Stay, Stay.placement_id == Placement.id)
        .where(
            Placement.enrolment_id.in_(list(enrolment_ids)),
            Placement.kind == "rotation",
            Placement.state == "agreed",
            Stay.placement_id.is_(None),
        )
    )
    return {row.enrolment_id: row for row in db.session.scalars(unscoped(statement, _ASKED))}


def _cohorts(enrolment_ids: Sequence[UUID]) -> Any:
    assignment, phase = aliased(Assignment), aliased(CohortPhase)
    first = (
        select(func.min(assignment.from_on))
        .where(assignment.cohort_id == Enrolment.cohort_id, assignment.removed_at.is_(None))
        .scalar_subquery()
    )
    return (
        select(
            Enrolment.id,
            Enrolment.state,
            Enrolment.cohort_id,
            Cohort.agency_id,
            Cohort.starts_on,
            first.label("first_assignment"),
            phase.key,
            phase.starts_on.label("begins"),
        )
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .outerjoin(phase, and_(phase.cohort_id == Cohort.id, phase.key.in_(WORKPLACES)))
        .where(Enrolment.id.in_(list(enrolment_ids)))
        .order_by(Enrolment.id, phase.starts_on)
    )
