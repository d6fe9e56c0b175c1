"""Reads of the employers of an agency: what they confirmed, how fresh it is, how often they answer in time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, or_, select, union_all
from sqlalchemy.orm import aliased

from inleer import clock
from inleer.accounts.models import Organisation
from inleer.cohorts.models import Cohort
from inleer.intentions.models import IntentionEvent, JobIntention
from inleer.intentions.models_requests import IntentionRequest, RequestItem
from inleer.intentions.rules_requests import Asked, Response, response
from inleer.policy import Actor, Perm, fetch, scope, scoped_select

#: Items that were never really asked do not count in the response: asked anew elsewhere, or ended by staff.
_NOT_COUNTED = ("replaced", "ended")
#: Channels through which an employer itself wrote.
OWN_CHANNELS = ("link", "account")


@dataclass(frozen=True)
class EmployerLine:
    """An employer of the agency over all its editions. ``without_number``: confirmed, but no number was named."""

    id: UUID
    name: str
    sector: str | None
    open_requests: int
    confirmed: int
    without_number: int
    confirmed_on: date | None
    answered_on: date | None
    response: Response


def asked_of(
    actor: Actor, employer_id: UUID | None = None, cohort_id: UUID | None = None
) -> Mapping[UUID, list[Asked]]:
    """Each time that an intention was asked, by employer: by mail, or by a call that was question and answer."""
    by_mail = (
        select(
            IntentionRequest.employer_id, IntentionRequest.asked_on.label("asked_on"), RequestItem.answered_on
        )
        .join(IntentionRequest, IntentionRequest.id == RequestItem.request_id)
        .where(
            scope(actor, IntentionRequest, Perm.INTENTION_ASK),
            or_(RequestItem.outcome.is_(None), RequestItem.outcome.not_in(_NOT_COUNTED)),
        )
    )
    by_telephone = (
        select(JobIntention.employer_id, IntentionEvent.on, IntentionEvent.on)
        .join(JobIntention, JobIntention.id == IntentionEvent.intention_id)
        .where(
            IntentionEvent.channel == "telephone",
            or_(
                IntentionEvent.from_state == "draft",
                and_(IntentionEvent.from_state == "expired", ~_settled_a_mail()),
            ),
            scope(actor, JobIntention, Perm.INTENTION_VIEW),
        )
    )
    if employer_id is not None:
        by_mail = by_mail.where(IntentionRequest.employer_id == employer_id)
        by_telephone = by_telephone.where(JobIntention.employer_id == employer_id)
    if cohort_id is not None:
        by_mail = by_mail.where(IntentionRequest.cohort_id == cohort_id)
        by_telephone = by_telephone.where(JobIntention.cohort_id == cohort_id)
    found: dict[UUID, list[Asked]] = {}
    both = union_all(by_mail, by_telephone).subquery()
    for row in fetch(actor, scoped_select(select(both))):
        found.setdefault(row.employer_id, []).append(Asked(row.asked_on, row.answered_on))
    return found


def _settled_a_mail() -> Any:
    """Whether a late answer by telephone stands for a mail, which counts already (settling.py: one moment)."""
    return exists().where(
        RequestItem.intention_id == IntentionEvent.intention_id,
        RequestItem.outcome == "telephone",
        RequestItem.answered_at == IntentionEvent.at,
    )


def response_of(actor: Actor, cohort_id: UUID) -> Response:
    """The response in one edition that was loaded in scope."""
    rows = [a for each in asked_of(actor, cohort_id=cohort_id).values() for a in each]
    return response(rows, clock.today())


def employers_of(actor: Actor) -> list[EmployerLine]:
    """The employers that take part in an edition of the actor's agency, or did, by name."""
    statement = (
        select(Organisation.id, Organisation.name, Organisation.sector)
        .where(scope(actor, Organisation, Perm.EMPLOYER_VIEW))
        .order_by(Organisation.name)
    )
    employers = fetch(actor, scoped_select(statement)).all()
    intentions, asked = _intentions(actor), asked_of(actor)
    return [_line(r, intentions.get(r.id, []), asked.get(r.id, [])) for r in employers]


def _intentions(actor: Actor) -> Mapping[UUID, list[Any]]:
    statement = (
        select(
            JobIntention.employer_id,
            JobIntention.state,
            JobIntention.positions,
            JobIntention.confirmed_on,
        )
        .join(Cohort, Cohort.id == JobIntention.cohort_id)
        .where(
            scope(actor, JobIntention, Perm.INTENTION_VIEW), Cohort.state.not_in(("completed", "cancelled"))
        )
    )
    found: dict[UUID, list[Any]] = {}
    for row in fetch(actor, scoped_select(statement)):
        found.setdefault(row.employer_id, []).append(row)
    return found


def _line(employer: Any, intentions: Sequence[Any], asked: Sequence[Asked]) -> EmployerLine:
    confirmed = [i for i in intentions if i.state == "confirmed"]
    return EmployerLine(
        id=employer.id,
        name=employer.name,
        sector=employer.sector,
        open_requests=sum(1 for i in intentions if i.state == "requested"),
        confirmed=sum(i.positions or 0 for i in confirmed),
        without_number=sum(1 for i in confirmed if i.positions is None),
        confirmed_on=min((i.confirmed_on for i in confirmed if i.confirmed_on), default=None),
        answered_on=max((a.answered_on for a in asked if a.answered_on), default=None),
        response=response(asked, clock.today()),
    )


@dataclass(frozen=True)
class OwnRow:
    """A commitment of an employer in its edition; ``request_id`` when it waits for an answer by mail."""

    id: UUID
    cohort_id: UUID
    cohort: str
    cohort_state: str
    agency_id: UUID
    agency: str
    function: str
    kind: str
    positions: int | None
    hours_min: int | None
    hours_max: int | None
    from_on: date | None
    conditions: str | None
    state: str
    confirmed_on: date | None
    contact_name: str | None
    contact_email: str | None
    version: int


def commitments_of(actor: Actor, perm: str, employer_id: UUID) -> list[OwnRow]:
    """The commitments of one employer that the actor may see, the latest edition first."""
    agency = aliased(Organisation)
    columns = [getattr(JobIntention, n) for n in OwnRow.__annotations__ if hasattr(JobIntention, n)]
    statement = (
        select(
            *columns,
            Cohort.name.label("cohort"),
            Cohort.state.label("cohort_state"),
            Cohort.agency_id,
            agency.name.label("agency"),
        )
        .join(Cohort, Cohort.id == JobIntention.cohort_id)
        .join(agency, agency.id == Cohort.agency_id)
        .where(JobIntention.employer_id == employer_id, scope(actor, JobIntention, perm))
        .order_by(Cohort.starts_on.desc(), JobIntention.function)
    )
    return [OwnRow(**r._mapping) for r in fetch(actor, scoped_select(statement))]


@dataclass(frozen=True)
class EventRow:
    """A step in the history of an employer's commitments."""

    intention_id: UUID
    function: str
    cohort: str
    on: date
    from_state: str | None
    to_state: str
    channel: str
    answered_by: str | None
    old_positions: int | None
    new_positions: int | None
    remark: str
    by_name: str


def history_of(actor: Actor, perm: str, employer_id: UUID, ids: Iterable[UUID] = ()) -> list[EventRow]:
    """All steps of the commitments of one employer, over editions, the last first; ``ids``: of these only."""
    names = [n for n in EventRow.__annotations__ if hasattr(IntentionEvent, n)]
    statement = (
        select(
            *(getattr(IntentionEvent, n) for n in names),
            JobIntention.function,
            Cohort.name.label("cohort"),
        )
        .join(JobIntention, JobIntention.id == IntentionEvent.intention_id)
        .join(Cohort, Cohort.id == JobIntention.cohort_id)
        .where(JobIntention.employer_id == employer_id, scope(actor, JobIntention, perm))
        .order_by(IntentionEvent.at.desc())
    )
    chosen = tuple(ids)
    if chosen:
        statement = statement.where(JobIntention.id.in_(chosen))
    rows = [EventRow(**r._mapping) for r in fetch(actor, scoped_select(statement))]
    if perm != Perm.INTENTION_ANSWER:
        return rows
    # What staff wrote down about a call is their own; an employer reads back what it wrote itself (promise 4).
    return [row if row.channel in OWN_CHANNELS else replace(row, remark="") for row in rows]


@dataclass(frozen=True)
class AskRow:
    """An intention of an edition on the page where employers are asked."""

    id: UUID
    employer_id: UUID
    employer: str
    contact_name: str | None
    contact_email: str | None
    function: str
    kind: str
    positions: int | None
    hours_min: int | None
    hours_max: int | None
    from_on: date | None
    conditions: str | None
    state: str
    confirmed_on: date | None
    version: int


def to_ask(actor: Actor, cohort_id: UUID, states: Sequence[str]) -> list[AskRow]:
    """The intentions of an edition in these states, by employer."""
    columns = [getattr(JobIntention, n) for n in AskRow.__annotations__ if hasattr(JobIntention, n)]
    statement = (
        select(*columns, Organisation.name.label("employer"))
        .join(Organisation, Organisation.id == JobIntention.employer_id)
        .where(
            JobIntention.cohort_id == cohort_id,
            JobIntention.state.in_(states),
            scope(actor, JobIntention, Perm.INTENTION_ASK),
        )
        .order_by(Organisation.name, JobIntention.function)
    )
    return [AskRow(**r._mapping) for r in fetch(actor, scoped_select(statement))]
