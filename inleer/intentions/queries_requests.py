"""Reads around requests to employers: what a link or an account shows, what a mail says, and what staff must do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from inleer.accounts.models import Organisation
from inleer.cohorts.models import Cohort, Enrolment
from inleer.db import db
from inleer.intentions.models import JobIntention
from inleer.intentions.models_requests import (
    MESSAGE_STATES,
    IntentionMail,
    IntentionMessage,
    IntentionRequest,
    IntentionStatement,
    RequestItem,
)
from inleer.intentions.statements import Terms, commitment, differences, sha256, terms_kept, terms_of
from inleer.policy import Actor, Perm, fetch, scope, scoped_select, unscoped

#: States in which somebody takes part in an edition, or is about to.
TAKING_PART = ("selected", "active", "paused")
_REASON = "of a request by its link, or loaded in scope"


@dataclass(frozen=True)
class Names:
    """Who and what a request is about, in words; ``people`` take part in the edition."""

    employer: str
    cohort: str
    agency: str
    phone: str | None
    people: int


def names_of(request: IntentionRequest) -> Names:
    """The names around a request that was loaded in scope or by its link."""
    return names_around(request.employer_id, request.cohort_id)


def names_around(employer_id: UUID, cohort_id: UUID) -> Names:
    """The names around an employer's commitments to an edition, both loaded in scope or by a link."""
    people = (
        select(func.count())
        .select_from(Enrolment)
        .where(Enrolment.cohort_id == cohort_id, Enrolment.state.in_(TAKING_PART))
        .scalar_subquery()
    )
    employer = select(Organisation.name).where(Organisation.id == employer_id).scalar_subquery()
    statement = (
        select(employer, Cohort.name, Organisation.name, Organisation.contact_phone, people)
        .select_from(Cohort)
        .join(Organisation, Organisation.id == Cohort.agency_id)
        .where(Cohort.id == cohort_id)
    )
    return Names(*db.session.execute(unscoped(statement, _REASON)).one())


@dataclass(frozen=True)
class ItemView:
    """An intention in a request as an employer sees it now.

    ``asked``: what it said then; ``changed``: what became different since, as (what, before, now). ``asks``: a
    question or a proposed colleague of the employer that waits for staff; ``reply`` the last answer to a question.
    """

    place: int
    intention_id: UUID
    terms: Terms
    asked: Terms
    state: str
    text: str
    shown: str
    outcome: str | None
    answered_by: str | None
    answered_on: date | None
    changed: Sequence[tuple[str, str, str]]
    asks: IntentionMessage | None
    replied: IntentionMessage | None


def items_shown(request: IntentionRequest, names: Names) -> list[ItemView]:
    """The items of a request with what their intentions say now."""
    statement = (
        select(RequestItem, JobIntention)
        .join(JobIntention, JobIntention.id == RequestItem.intention_id)
        .where(RequestItem.request_id == request.id)
        .order_by(RequestItem.place)
    )
    rows = db.session.execute(unscoped(statement, _REASON)).all()
    messages = _messages([r.JobIntention.id for r in rows])
    return [_view(r.RequestItem, r.JobIntention, names, messages.get(r.JobIntention.id, ())) for r in rows]


def _view(
    item: RequestItem, row: JobIntention, names: Names, messages: Sequence[IntentionMessage]
) -> ItemView:
    now, asked = terms_of(row), terms_kept(item.asked)
    text = commitment(now, names.employer, names.cohort, names.agency)
    return ItemView(
        place=item.place,
        intention_id=row.id,
        terms=now,
        asked=asked,
        state=row.state,
        text=text,
        shown=sha256(text),
        outcome=item.outcome,
        answered_by=item.answered_by,
        answered_on=item.answered_on,
        changed=differences(asked, now) if item.outcome is None else (),
        asks=next((m for m in messages if m.state == "open"), None),
        replied=next((m for m in messages if m.reply), None),
    )


def _messages(ids: Sequence[UUID]) -> Mapping[UUID, list[IntentionMessage]]:
    statement = (
        select(IntentionMessage)
        .where(IntentionMessage.intention_id.in_(ids))
        .order_by(IntentionMessage.at.desc())
    )
    found: dict[UUID, list[IntentionMessage]] = {}
    for message in db.session.execute(unscoped(statement, _REASON)).scalars():
        found.setdefault(message.intention_id, []).append(message)
    return found


def statements_of(request_id: UUID) -> Sequence[IntentionStatement]:
    """What was stated in answer to a request that was loaded in scope or by its link, the first first."""
    statement = select(IntentionStatement).where(IntentionStatement.request_id == request_id)
    return db.session.execute(statement.order_by(IntentionStatement.at)).scalars().all()


def statements_about(intention_id: UUID) -> Sequence[IntentionStatement]:
    """Everything that was stated about an intention that was loaded in scope, the last first."""
    statement = select(IntentionStatement).where(IntentionStatement.intention_id == intention_id)
    return db.session.execute(statement.order_by(IntentionStatement.at.desc())).scalars().all()


@dataclass(frozen=True)
class RequestRow:
    """A request in a list of staff. ``waiting`` of ``asked`` intentions have no answer; ``left_at``: its last mail.

    ``messages``: what the employer asked or proposed about it.
    """

    id: UUID
    employer_id: UUID
    employer: str
    cohort_id: UUID
    cohort: str
    email: str
    asked_on: date
    answer_by: date
    sender_id: UUID
    sender: str
    state: str
    version: int
    asked: int
    waiting: int
    stage: int
    left_at: datetime | None
    messages: int


def requests_of(
    actor: Actor, employer_id: UUID | None = None, cohort_id: UUID | None = None, unanswered: bool = False
) -> list[RequestRow]:
    """Requests of the actor's agency, the last first; ``unanswered``: that wait, or waited in vain."""
    items = select(func.count()).select_from(RequestItem).where(RequestItem.request_id == IntentionRequest.id)
    left = select(func.max(IntentionMail.left_at)).where(IntentionMail.request_id == IntentionRequest.id)
    said = select(func.count()).select_from(IntentionMessage)
    said = said.where(IntentionMessage.request_id == IntentionRequest.id)
    statement = (
        select(
            IntentionRequest.id,
            IntentionRequest.employer_id,
            Organisation.name.label("employer"),
            IntentionRequest.cohort_id,
            Cohort.name.label("cohort"),
            IntentionRequest.email,
            IntentionRequest.asked_on,
            IntentionRequest.answer_by,
            IntentionRequest.sender_id,
            IntentionRequest.sender_name.label("sender"),
            IntentionRequest.state,
            IntentionRequest.version,
            items.scalar_subquery().label("asked"),
            items.where(RequestItem.outcome.is_(None)).scalar_subquery().label("waiting"),
            IntentionRequest.stage,
            left.scalar_subquery().label("left_at"),
            said.scalar_subquery().label("messages"),
        )
        .join(Organisation, Organisation.id == IntentionRequest.employer_id)
        .join(Cohort, Cohort.id == IntentionRequest.cohort_id)
        .where(scope(actor, IntentionRequest, Perm.INTENTION_ASK))
        .order_by(IntentionRequest.asked_at.desc())
    )
    if employer_id is not None:
        statement = statement.where(IntentionRequest.employer_id == employer_id)
    if cohort_id is not None:
        statement = statement.where(IntentionRequest.cohort_id == cohort_id)
    if unanswered:
        statement = statement.where(IntentionRequest.state.in_(("open", "expired")))
    rows: Any = fetch(actor, scoped_select(statement))
    return [RequestRow(**r._mapping) for r in rows]


@dataclass(frozen=True)
class MessageRow:
    """A question or a proposed colleague that waits for staff."""

    id: UUID
    kind: str
    text: str
    contact_name: str | None
    contact_email: str | None
    asked_by: str
    at: datetime
    version: int
    employer_id: UUID
    employer: str
    cohort_id: UUID
    cohort: str
    function: str
    sender_id: UUID


def messages_of(actor: Actor) -> list[MessageRow]:
    """What employers asked or proposed and nobody handled, the oldest first."""
    statement = (
        select(
            IntentionMessage.id,
            IntentionMessage.kind,
            IntentionMessage.text,
            IntentionMessage.contact_name,
            IntentionMessage.contact_email,
            IntentionMessage.asked_by,
            IntentionMessage.at,
            IntentionMessage.version,
            IntentionRequest.employer_id,
            Organisation.name.label("employer"),
            IntentionRequest.cohort_id,
            Cohort.name.label("cohort"),
            JobIntention.function,
            IntentionRequest.sender_id,
        )
        .join(IntentionRequest, IntentionRequest.id == IntentionMessage.request_id)
        .join(JobIntention, JobIntention.id == IntentionMessage.intention_id)
        .join(Organisation, Organisation.id == IntentionRequest.employer_id)
        .join(Cohort, Cohort.id == IntentionRequest.cohort_id)
        .where(IntentionMessage.state == "open", scope(actor, IntentionMessage, Perm.INTENTION_ASK))
        .order_by(IntentionMessage.at)
    )
    return [MessageRow(**r._mapping) for r in fetch(actor, scoped_select(statement))]


def has_messages(request_id: UUID, states: Sequence[str] = MESSAGE_STATES) -> bool:
    """Whether the employer asked or proposed something about this request, in one of these states."""
    statement = select(IntentionMessage.id).where(
        IntentionMessage.request_id == request_id, IntentionMessage.state.in_(states)
    )
    return db.session.execute(unscoped(statement.limit(1), _REASON)).first() is not None


def waits_for_staff(request_id: UUID) -> bool:
    """Whether the employer asked something about this request that nobody handled."""
    return has_messages(request_id, ("open",))
