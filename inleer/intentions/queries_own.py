"""Reads of an employer with an account: what its organisation was asked by mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from inleer.accounts.models import Organisation
from inleer.cohorts.models import Cohort
from inleer.intentions.models_requests import IntentionRequest, RequestItem
from inleer.policy import Actor, Perm, fetch, scope, scoped_select


@dataclass(frozen=True)
class OwnRequest:
    """A request that waits for an answer of the actor's own organisation."""

    id: UUID
    cohort: str
    agency: str
    asked_on: date
    answer_by: date
    waiting: int


def own_requests(actor: Actor) -> list[OwnRequest]:
    """What the actor's organisation was asked and did not answer, the first that ends first."""
    waiting = (
        select(func.count())
        .select_from(RequestItem)
        .where(RequestItem.request_id == IntentionRequest.id, RequestItem.outcome.is_(None))
        .scalar_subquery()
    )
    statement = (
        select(
            IntentionRequest.id,
            Cohort.name.label("cohort"),
            Organisation.name.label("agency"),
            IntentionRequest.asked_on,
            IntentionRequest.answer_by,
            waiting.label("waiting"),
        )
        .join(Cohort, Cohort.id == IntentionRequest.cohort_id)
        .join(Organisation, Organisation.id == IntentionRequest.agency_id)
        .where(
            IntentionRequest.state.in_(("open", "expired")),
            waiting > 0,
            scope(actor, IntentionRequest, Perm.INTENTION_ANSWER),
        )
        .order_by(IntentionRequest.answer_by)
    )
    return [OwnRequest(**r._mapping) for r in fetch(actor, scoped_select(statement))]
