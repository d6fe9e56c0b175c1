"""Messages that did not leave at once: those that are tried again, and dead letters, which somebody revives by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from inleer import audit, clock
from inleer.db import db, rows_changed
from inleer.errors import NotVisible
from inleer.jobs.models import Outbox
from inleer.jobs.outbox import FAILED, RETRY_AFTER, WAITING
from inleer.jobs.words import cause, kind_name
from inleer.policy import Actor

ACTION = "outbox.retried"
#: A message leaves at the first attempt, or at one of those after the waits of RETRY_AFTER.
MOST_ATTEMPTS = len(RETRY_AFTER) + 1


@dataclass(frozen=True)
class Stuck:
    """A message that failed at least once: what it is and why it failed in words, never for whom or about whom.

    ``again_at``: when it is tried next; None for a dead letter, which only a person revives.
    """

    id: UUID
    what: str
    created_at: datetime
    attempts: int
    why: str
    again_at: datetime | None


def dead_letters(most: int) -> list[Stuck]:
    """The messages that were given up, oldest first, at most so many."""
    return _found(most, Outbox.state == FAILED)


def tried_again(most: int) -> list[Stuck]:
    """The messages that failed and are tried again by themselves, the first to leave first, at most so many."""
    return _found(most, Outbox.state == WAITING, Outbox.error.is_not(None))


def retry(actor: Actor, message_id: UUID) -> None:
    """Make a dead letter due again, as at its first attempt. Raises NotVisible when it is none (any more)."""
    if not revive(Outbox.id == message_id):
        raise NotVisible
    audit.record(actor, ACTION, ("outbox", message_id))


def retry_all(actor: Actor) -> int:
    """Make every dead letter due again. Returns how many."""
    revived = revive()
    if revived:
        audit.record(actor, ACTION, ("outbox", FAILED), details={"number": revived})
    return revived


def revive(*which: Any) -> int:
    """Make the dead letters that meet these conditions due again; returns how many. Whoever calls it audits it."""
    again = update(Outbox).where(Outbox.state == FAILED, *which)
    return rows_changed(again.values(state=WAITING, attempts=0, error=None, due_at=clock.now()))


def _found(most: int, *which: Any) -> list[Stuck]:
    rows = select(Outbox).where(*which).order_by(Outbox.due_at, Outbox.id).limit(most)
    return [
        Stuck(
            id=row.id,
            what=kind_name(row.kind),
            created_at=row.created_at,
            attempts=row.attempts,
            why=cause(row.error or ""),
            again_at=row.due_at if row.state == WAITING else None,
        )
        for row in db.session.execute(rows).scalars()
    ]


def oldest_due() -> datetime | None:
    """Since when the message waits that should have left first; None when nothing is due."""
    due = select(func.min(Outbox.due_at)).where(Outbox.state == WAITING, Outbox.due_at <= clock.now())
    return db.session.execute(due).scalar_one()
