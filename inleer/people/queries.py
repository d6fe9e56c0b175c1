"""Reads about people: their intake answers, and who covers for whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from inleer import clock
from inleer.db import db
from inleer.people.models import Cover, FieldValue
from inleer.policy import Actor, fetch, visible


def answers_by_group(candidate_id: UUID) -> Mapping[str, FieldValue]:
    """The intake answers of a candidate that was loaded in scope, by field group."""
    rows = db.session.execute(select(FieldValue).where(FieldValue.candidate_id == candidate_id)).scalars()
    return {row.group_key: row for row in rows}


def covers_now(actor: Actor) -> Sequence[Cover]:
    """Cover within the own agency that has not ended yet, the first day first."""
    statement = visible(actor, Cover).where(Cover.until_on >= clock.today())
    return fetch(actor, statement.order_by(Cover.from_on, Cover.until_on)).scalars().all()
