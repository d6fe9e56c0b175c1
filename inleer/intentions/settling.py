"""What becomes of an open question by mail when its intention is answered another way, asked anew or ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select

from inleer import clock
from inleer.db import db
from inleer.intentions.models import JobIntention
from inleer.intentions.models_requests import IntentionRequest, RequestItem
from inleer.policy import unscoped


def open_items(intention_id: UUID) -> Sequence[RequestItem]:
    """Items about this intention that wait for an answer."""
    statement = select(RequestItem).where(
        RequestItem.intention_id == intention_id, RequestItem.outcome.is_(None)
    )
    return db.session.execute(statement).scalars().all()


def items_of(request_id: UUID) -> Sequence[RequestItem]:
    """The items of a request in their order, as they are stored now."""
    statement = select(RequestItem).where(RequestItem.request_id == request_id).order_by(RequestItem.place)
    return db.session.execute(statement.execution_options(populate_existing=True)).scalars().all()


def locked_request(request_id: UUID) -> IntentionRequest:
    """A request as it is stored now, which nobody else changes until the end of this unit of work."""
    statement = select(IntentionRequest).where(IntentionRequest.id == request_id).with_for_update()
    marked = unscoped(statement.execution_options(populate_existing=True), "loaded in scope, or by its link")
    return db.session.execute(marked).scalar_one()


def hold(intention_ids: Iterable[UUID], emails: Iterable[str] = ()) -> Mapping[UUID, JobIntention]:
    """These intentions as they are stored now, which nobody else changes until the end of this unit of work.

    Whoever changes an intention that may be asked by mail begins here, so that everybody takes the locks in one order:
    all requests about these intentions or to these addresses by id, then the intentions by id.
    """
    ids = list(intention_ids)
    lock_requests(ids, emails)
    statement = select(JobIntention).where(JobIntention.id.in_(ids)).order_by(JobIntention.id)
    marked = unscoped(statement.with_for_update(), "of a request by its link, or loaded in scope")
    rows = db.session.execute(marked.execution_options(populate_existing=True)).scalars()
    return {row.id: row for row in rows}


def lock_requests(intention_ids: Iterable[UUID] = (), emails: Iterable[str] = ()) -> None:
    """Let nobody else change requests about these intentions or to these addresses (SQLite has one writer anyhow)."""
    about = select(RequestItem.request_id).where(RequestItem.intention_id.in_(list(intention_ids)))
    statement = (
        select(IntentionRequest)
        .where(or_(IntentionRequest.id.in_(about), IntentionRequest.email.in_(list(emails))))
        .order_by(IntentionRequest.id)
        .with_for_update()
    )
    db.session.execute(unscoped(statement.execution_options(populate_existing=True), "a lock")).all()


def settle(
    intention_id: UUID, outcome: str, by: str, on: date, at: datetime | None = None
) -> list[IntentionRequest]:
    """Close the open items about an intention; returns their requests, which the caller's event covers.

    ``at``: the moment of the act that settles them, for its way back.
    """
    found, moment = [], at or clock.now()
    for item in open_items(intention_id):
        item.outcome, item.answered_at, item.answered_on, item.answered_by = outcome, moment, on, by
        request = locked_request(item.request_id)
        close_when_done(request)
        found.append(request)
    return found


def close_when_done(request: IntentionRequest) -> None:
    """A request without open items is closed."""
    db.session.flush()
    if request.state in ("open", "expired") and all(i.outcome for i in items_of(request.id)):
        request.state = "closed"


def reopen(intention_id: UUID, outcome: str, today: date, since: datetime) -> list[IntentionRequest]:
    """Take the last settling with this outcome back, if it was not before ``since``.

    Returns the requests, which the caller's event covers.
    """
    statement = select(RequestItem).where(
        RequestItem.intention_id == intention_id,
        RequestItem.outcome == outcome,
        RequestItem.answered_at >= since,
    )
    latest = statement.order_by(RequestItem.answered_at.desc()).limit(1)
    item = db.session.execute(latest).scalars().first()
    if item is None:
        return []
    item.outcome = item.answered_at = item.answered_on = item.answered_by = None
    request = locked_request(item.request_id)
    if request.state == "closed":
        request.state = "open" if request.answer_by >= today else "expired"
    return [request]
