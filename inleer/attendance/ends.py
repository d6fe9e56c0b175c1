"""Marks in a session that will end at another moment than was known: they count from that end on."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from inleer import clock
from inleer.attendance.models import Attendance
from inleer.cohorts.ends import count_at_end
from inleer.cohorts.models import Session
from inleer.db import db
from inleer.policy import Actor, unscoped


def wait_for_end(actor: Actor, session_ids: frozenset[UUID]) -> None:
    """Listener: these sessions got other times, or go on after all; the worker counts their marks at their end."""
    db.session.flush()
    marked = select(Attendance.session_id).where(Attendance.session_id.in_(session_ids))
    statement = (
        select(Session)
        .where(Session.id.in_(marked), Session.state != "cancelled", Session.ends_at > clock.now())
        .order_by(Session.id)
    )
    for session in db.session.execute(unscoped(statement, "loaded sessions")).scalars():
        count_at_end(session)
