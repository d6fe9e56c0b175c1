"""A lesson becomes past without anybody saving anything: its marks count from its end on.

docs/decisions/0067-when-a-lesson-is-past.md.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from inleer import clock
from inleer.cohorts.models import Session
from inleer.cohorts.sessions import figures_of
from inleer.db import db, unit_of_work
from inleer.jobs.outbox import Message
from inleer.policy import system_actor, unscoped


def count_past(message: Message) -> None:
    """Handler of the outbox: a session with marks has ended, and counts from now on.

    One that ends later by now has another message for that end (:func:`inleer.attendance.ends.wait_for_end`).
    """
    with unit_of_work():
        statement = select(Session).where(Session.id == UUID(message.payload["session_id"]))
        session = db.session.execute(unscoped(statement, "a session that ended")).scalar_one_or_none()
        if session is not None and session.state != "cancelled" and session.ends_at <= clock.now():
            figures_of(system_actor("worker"), session)
