"""Reads of job intentions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, or_, select

from inleer import clock
from inleer.accounts.models import Organisation
from inleer.cohorts.models import Cohort, Partner
from inleer.db import db
from inleer.intentions.models import IntentionEvent, JobIntention
from inleer.policy import Actor, Role, fetch, scope, scoped_select, unscoped

_built: dict[Role, Any] = {}


@dataclass(frozen=True)
class IntentionRow:
    """One intention of a cohort with the employer's name."""

    id: UUID
    employer_id: UUID
    employer: str
    sector: str | None
    contact_name: str | None
    function: str
    kind: str
    positions: int | None
    hours_min: int | None
    hours_max: int | None
    from_on: date | None
    state: str
    confirmed_on: date | None
    version: int


def intentions_of(actor: Actor, cohort_id: UUID) -> list[IntentionRow]:
    """The intentions of a cohort that the actor may see, most places first, unknown numbers last."""
    if actor.role not in _built:  # scopes depend on the role alone
        _built[actor.role] = _intentions(actor)
    return [IntentionRow(**r._mapping) for r in fetch(actor, _built[actor.role], cohort_id=cohort_id)]


def _intentions(actor: Actor) -> Any:
    columns = (
        JobIntention.id,
        JobIntention.employer_id,
        Organisation.name.label("employer"),
        Organisation.sector,
        JobIntention.contact_name,
        JobIntention.function,
        JobIntention.kind,
        JobIntention.positions,
        JobIntention.hours_min,
        JobIntention.hours_max,
        JobIntention.from_on,
        JobIntention.state,
        JobIntention.confirmed_on,
        JobIntention.version,
    )
    return scoped_select(
        select(*columns)
        .join(Organisation, Organisation.id == JobIntention.employer_id)
        .where(JobIntention.cohort_id == bindparam("cohort_id"), scope(actor, JobIntention))
        .order_by(JobIntention.positions.is_(None), JobIntention.positions.desc(), Organisation.name)
    )


def events_of(intention_id: UUID) -> Sequence[IntentionEvent]:
    """The steps of an intention that was loaded in scope, latest first."""
    statement = select(IntentionEvent).where(IntentionEvent.intention_id == intention_id)
    latest = statement.order_by(IntentionEvent.at.desc(), IntentionEvent.id.desc())
    return db.session.execute(latest).scalars().all()


def last_event(intention_id: UUID) -> IntentionEvent | None:
    """The latest step of an intention that was loaded in scope."""
    return next(iter(events_of(intention_id)), None)


def is_undoable(last: IntentionEvent, intention: JobIntention) -> bool:
    """Whether the latest step is an answer by telephone on which nothing was built, and that says what was before."""
    return (
        last.channel == "telephone"
        and last.from_state is not None
        and last.before is not None
        and (last.to_state, last.new_positions) == (intention.state, intention.positions)
    )


@dataclass(frozen=True)
class Context:
    """Where an intention belongs: the cohort and the employer, by name."""

    cohort_id: UUID
    cohort: str
    employer: str


def context_of(intention: JobIntention) -> Context:
    """The cohort and employer of an intention that was loaded in scope."""
    statement = unscoped(
        select(Cohort.id, Cohort.name, Organisation.name)
        .select_from(Cohort)
        .join(Organisation, Organisation.id == intention.employer_id)
        .where(Cohort.id == intention.cohort_id),
        "around a loaded intention",
    )
    return Context(*db.session.execute(statement).one())


def employers_in(cohort_id: UUID) -> list[tuple[UUID, str]]:
    """Employers that take part today in a cohort that was loaded in scope, by name."""
    today = clock.today()
    statement = unscoped(
        select(Organisation.id, Organisation.name)
        .join(Partner, Partner.organisation_id == Organisation.id)
        .where(
            Partner.cohort_id == cohort_id,
            Partner.kind == "employer",
            Partner.since_on <= today,
            or_(Partner.ended_on.is_(None), Partner.ended_on >= today),
        )
        .order_by(Organisation.name),
        "partners of a loaded cohort",
    )
    return [(r[0], r[1]) for r in db.session.execute(statement)]
