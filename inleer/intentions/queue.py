"""Mails with a link that wait to leave: queued with the act that causes them, at most three a day to an address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from inleer import clock
from inleer.db import db, new_id
from inleer.intentions.models_requests import IntentionMail, IntentionRequest
from inleer.intentions.rules_requests import MAILS_PER_DAY, check_limit
from inleer.intentions.settling import lock_requests
from inleer.jobs import outbox

LINK_MAIL = "intentions.link"
RECEIPT_MAIL = "intentions.receipt"
DAY = timedelta(days=1)


def queue(kind: str, requests: Sequence[IntentionRequest], about: UUID | None = None) -> UUID:
    """Queue one mail with a link to each of these requests of one contact. Returns what joins its rows.

    ``about``: the question that a reply answers.
    """
    message_id, now = new_id(), clock.now()
    for request in requests:
        db.session.add(
            IntentionMail(
                message_id=message_id, request_id=request.id, email=request.email, kind=kind, queued_at=now
            )
        )
    more = {"about": str(about)} if about else {}
    outbox.enqueue(LINK_MAIL, {"message_id": str(message_id), **more})
    return message_id


def mails_lately(email: str) -> int:
    """Mails with a link that were queued for this address in the last 24 hours."""
    statement = select(func.count(func.distinct(IntentionMail.message_id))).where(
        IntentionMail.email == email, IntentionMail.queued_at > clock.now() - DAY
    )
    return int(db.session.execute(statement).scalar_one())


def mailed_since(email: str, moment: datetime) -> set[UUID]:
    """The requests about which a mail with a link was queued for this address after this moment."""
    statement = select(IntentionMail.request_id).where(
        IntentionMail.email == email, IntentionMail.queued_at > moment
    )
    return set(db.session.execute(statement).scalars())


def is_waiting(kind: str, request_id: UUID) -> bool:
    """Whether a mail of this kind about a request was queued in the last 24 hours and did not leave yet."""
    statement = select(IntentionMail.id).where(
        IntentionMail.request_id == request_id,
        IntentionMail.kind == kind,
        IntentionMail.left_at.is_(None),
        IntentionMail.queued_at > clock.now() - DAY,
    )
    return db.session.execute(statement.limit(1)).first() is not None


def lock_address(email: str) -> None:
    """Let mails to one address be counted and queued one after the other (SQLite has one writer anyhow)."""
    lock_requests(emails=[email])


def queue_within_limit(kind: str, request: IntentionRequest, about: UUID | None = None) -> None:
    """Queue a mail. Raises DomainError when this address got three in 24 hours."""
    lock_address(request.email)
    check_limit(mails_lately(request.email), request.email)
    queue(kind, [request], about)


def has_room(email: str) -> bool:
    """Whether another mail to this address stays within the limit; the address is locked meanwhile."""
    lock_address(email)
    return mails_lately(email) < MAILS_PER_DAY


def has_left(request_id: UUID) -> bool:
    """Whether a mail about this request has left."""
    statement = select(IntentionMail.id).where(
        IntentionMail.request_id == request_id, IntentionMail.left_at.is_not(None)
    )
    return db.session.execute(statement.limit(1)).first() is not None
