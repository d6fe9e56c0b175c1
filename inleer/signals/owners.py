"""Whose open signals are: those of a candidate belong to the candidate's coach."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from inleer import audit
from inleer.db import db
from inleer.people.models import Candidate
from inleer.policy import Actor, unscoped
from inleer.signals.models import Signal


def hand_over(actor: Actor, candidate_ids: frozenset[UUID]) -> None:
    """Listener: the open signals of these candidates become their present coach's."""
    statement = select(Signal, Candidate.coach_id).join(Candidate, Candidate.id == Signal.candidate_id)
    mine = statement.where(Signal.candidate_id.in_(candidate_ids), Signal.state == "open")
    for signal, coach_id in db.session.execute(unscoped(mine, "candidates changed in scope")).all():
        details = {"from": str(signal.owner_id or ""), "to": str(coach_id or "")}
        audit.record(actor, "signal.handed_over", ("signal", signal.id), details=details)
        signal.owner_id = coach_id
    db.session.flush()
