"""Reads of placements: of one candidate, and of the people of a cohort."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import aliased

from inleer import clock
from inleer.accounts.models import Organisation
from inleer.cohorts.models import Cohort, CohortPhase, Enrolment
from inleer.cohorts.queries import partners_of
from inleer.db import db
from inleer.people.models import Candidate
from inleer.placements.models import Placement
from inleer.policy import Actor, Perm, Role, fetch, scope, scoped_select, unscoped

_built: dict[tuple[str, Role], Any] = {}
_Contract = aliased(Organisation)
#: Columns of a placement itself.
_OWN = (
    "id",
    "enrolment_id",
    "cohort_id",
    "phase_key",
    "kind",
    "host_id",
    "function",
    "department",
    "supervisor_name",
    "from_on",
    "until_on",
    "ended_on",
    "ended_by",
    "ended_reason",
    "weekdays",
    "hours",
    "state",
    "version",
)


@dataclass(frozen=True, slots=True)
class PlacementRow:
    """A placement with the names of what it refers to. ``phase`` is empty when it belongs to none."""

    id: UUID
    enrolment_id: UUID
    cohort_id: UUID
    cohort: str
    phase_key: str | None
    phase: str | None
    kind: str
    host_id: UUID
    host: str
    contract_partner: str | None
    function: str
    department: str | None
    supervisor_name: str | None
    from_on: date
    until_on: date
    ended_on: date | None
    ended_by: str | None
    ended_reason: str
    weekdays: int
    hours: int
    state: str
    version: int

    @property
    def last_on(self) -> date:
        """The last day: the real one when it ended early, else the planned one."""
        return self.ended_on or self.until_on

    @property
    def began(self) -> bool:
        """Whether it has a day at all: one that fell through has none."""
        return self.last_on >= self.from_on


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a cohort whose placements the actor may see."""

    enrolment_id: UUID
    candidate_id: UUID
    name: str
    sort_name: str
    state: str


@dataclass(frozen=True, slots=True)
class Around:
    """The person and the edition of an enrolment."""

    candidate_id: UUID
    name: str
    cohort_id: UUID
    cohort: str


def placements_of(actor: Actor, candidate_id: UUID) -> list[PlacementRow]:
    """The placements of a candidate that the actor may see, in every edition, the latest first."""
    statement = _rows("candidate", actor)
    return [PlacementRow(**row._mapping) for row in fetch(actor, statement, wanted=candidate_id)]


def placements_in(actor: Actor, cohort_id: UUID) -> list[PlacementRow]:
    """The placements in a cohort that the actor may see, the latest first."""
    statement = _rows("cohort", actor)
    return [PlacementRow(**row._mapping) for row in fetch(actor, statement, wanted=cohort_id)]


def people_in(actor: Actor, cohort_id: UUID) -> list[Person]:
    """The people of a cohort whose placements the actor may see, by last name."""
    statement = scoped_select(
        select(Enrolment.id, Enrolment.state, Candidate)
        .join(Candidate, Candidate.id == Enrolment.candidate_id)
        .where(Enrolment.cohort_id == cohort_id, scope(actor, Enrolment, Perm.PLACEMENT_VIEW))
        .order_by(Candidate.sort_name, Enrolment.id)
    )
    rows = fetch(actor, statement)
    return [Person(id_, person.id, person.name, person.sort_name, state) for id_, state, person in rows]


def around(enrolment_id: UUID) -> Around:
    """The person and the edition of an enrolment that was loaded in scope."""
    statement = unscoped(
        select(Candidate, Cohort)
        .join(Enrolment, Enrolment.candidate_id == Candidate.id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.id == enrolment_id),
        "around a loaded enrolment",
    )
    candidate, cohort = db.session.execute(statement).one()
    return Around(candidate.id, candidate.name, cohort.id, cohort.name)


def hosts_in(cohort_id: UUID, also: Iterable[UUID | None] = ()) -> list[tuple[UUID, str]]:
    """Organisations that take part now in a cohort that was loaded in scope, by name; and those in ``also``."""
    today, kept = clock.today(), set(also)
    rows = partners_of(cohort_id)
    known = {
        r.organisation_id: r.name
        for r in rows
        if r.ended_on is None or r.ended_on >= today or r.organisation_id in kept
    }
    return sorted(known.items(), key=lambda pair: pair[1].casefold())


def _rows(by: str, actor: Actor) -> Any:
    """Built once per role: the scope of a role is always the same."""
    if (by, actor.role) not in _built:
        _built[by, actor.role] = _statement(by, actor)
    return _built[by, actor.role]


def _statement(by: str, actor: Actor) -> Any:
    wanted = Placement.candidate_id if by == "candidate" else Placement.cohort_id
    same_phase = and_(CohortPhase.cohort_id == Placement.cohort_id, CohortPhase.key == Placement.phase_key)
    return scoped_select(
        select(
            *(getattr(Placement, name) for name in _OWN),
            Cohort.name.label("cohort"),
            CohortPhase.name.label("phase"),
            Organisation.name.label("host"),
            _Contract.name.label("contract_partner"),
        )
        .join(Cohort, Cohort.id == Placement.cohort_id)
        .join(Organisation, Organisation.id == Placement.host_id)
        .outerjoin(_Contract, _Contract.id == Placement.contract_partner_id)
        .outerjoin(CohortPhase, same_phase)
        .where(wanted == bindparam("wanted"), scope(actor, Placement))
        .order_by(Placement.from_on.desc(), Placement.id)
    )
