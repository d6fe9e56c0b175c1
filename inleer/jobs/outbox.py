"""The outbox: written in the transaction that causes it, emptied by the worker, nothing lost when either is killed.

A kind of message has one handler, registered by the feature that knows it. The worker claims one row at a time by
moving its due moment (a lease), hands it to the handler outside any transaction, and notes the outcome. A worker that
is killed in between leaves the row due again when the lease ends: a message can leave twice, never not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import func, select

from inleer import clock
from inleer.db import db, in_write, new_id, unit_of_work
from inleer.jobs.models import Outbox

# How long to wait after the 1st, 2nd, … failure; after the last one the message is a dead letter.
RETRY_AFTER = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60))
# Longer than any handler takes; a killed worker's message waits this long.
LEASE = timedelta(minutes=10)
WAITING, SENT, FAILED = "waiting", "sent", "failed"

_log = structlog.get_logger()


@dataclass(frozen=True)
class Message:
    """A claimed message. ``id`` stays the same over all attempts; ``attempt`` is 1 at the first."""

    id: UUID
    kind: str
    payload: dict[str, Any]
    created_at: datetime
    attempt: int


@dataclass(frozen=True)
class Drained:
    """What one round did."""

    sent: int = 0
    retried: int = 0
    failed: int = 0


class GiveUp(Exception):
    """A handler says that trying again makes no sense: the message is a dead letter at once."""


Handler = Callable[[Message], None]
_handlers: dict[str, Handler] = {}


def register(kind: str, handler: Handler) -> None:
    """Say who delivers a kind of message. The handler runs in an app context; an exception means: later again."""
    _handlers[kind] = handler


def enqueue(kind: str, payload: dict[str, Any], due_at: datetime | None = None) -> UUID:
    """Write a message in the open unit of work; it leaves after the commit, never when that rolls back.

    ``payload`` holds ids and codes; names are looked up and links minted when it leaves. ``due_at``: not before that
    moment. Returns the message's id. Raises RuntimeError outside a unit of work.
    """
    if not in_write():
        raise RuntimeError("outbox.enqueue outside a unit of work")
    now = clock.now()
    row = Outbox(
        id=new_id(),
        kind=kind,
        payload=payload,
        state=WAITING,
        created_at=now,
        due_at=due_at or now,
        attempts=0,
    )
    db.session.add(row)
    return row.id


def drain(limit: int = 1000) -> Drained:
    """Deliver what is due, one message after the other, at most ``limit``. Call it in an app context."""
    outcomes: list[str] = []
    while len(outcomes) < limit and (message := _claim()) is not None:
        outcomes.append(_deliver(message))
    return Drained(*(outcomes.count(outcome) for outcome in (SENT, WAITING, FAILED)))


def backlog() -> dict[str, int]:
    """Numbers of messages: "waiting", "late" (due for over an hour) and "failed" (dead letters)."""
    hour_ago = clock.now() - timedelta(hours=1)
    rows = db.session.execute(select(Outbox.state, func.count()).group_by(Outbox.state)).all()
    counts = {row[0]: row[1] for row in rows}
    late = select(func.count()).where(Outbox.state == WAITING, Outbox.due_at < hour_ago)
    return {
        "waiting": counts.get(WAITING, 0),
        "late": db.session.execute(late).scalar_one(),
        "failed": counts.get(FAILED, 0),
    }


def _claim() -> Message | None:
    with unit_of_work() as session:
        due = select(Outbox).where(Outbox.state == WAITING, Outbox.due_at <= clock.now())
        # SKIP LOCKED: a second worker takes the next one. SQLite has one writer at a time and ignores it.
        row = session.execute(
            due.order_by(Outbox.due_at, Outbox.id).limit(1).with_for_update(skip_locked=True)
        ).scalar_one_or_none()
        if row is None:
            return None
        row.attempts += 1
        row.due_at = clock.now() + LEASE
        return Message(row.id, row.kind, dict(row.payload), row.created_at, row.attempts)


def _deliver(message: Message) -> str:
    try:
        handler = _handlers.get(message.kind)
        if handler is None:
            raise LookupError(f"no handler for {message.kind}")
        handler(message)
    except Exception as error:
        # Only the kind of error: its text can hold an address.
        reason = f"{type(error).__name__}{_code(error)}"
        _log.warning(
            "outbox_not_sent", id=str(message.id), kind=message.kind, attempt=message.attempt, error=reason
        )
        return _note(message, reason, give_up=isinstance(error, GiveUp))
    return _note(message, None)


def _code(error: Exception) -> str:
    code = getattr(error, "smtp_code", None)
    return f" {code}" if isinstance(code, int) else ""


def _note(message: Message, error: str | None, give_up: bool = False) -> str:
    with unit_of_work() as session:
        row = session.get(Outbox, message.id, with_for_update=True)
        if row is None:
            raise LookupError(f"outbox row {message.id} is gone")
        if error is None:
            row.state, row.sent_at, row.error = SENT, clock.now(), None
        elif give_up or message.attempt > len(RETRY_AFTER):
            row.state, row.error = FAILED, error
        else:
            row.due_at, row.error = clock.now() + RETRY_AFTER[message.attempt - 1], error
        return str(row.state)
