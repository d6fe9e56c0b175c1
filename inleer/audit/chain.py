"""Audit events are collected during a unit of work and chained as its last act, under a lock: no forks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from inleer import clock
from inleer.audit.models import AuditEvent
from inleer.db import add_commit_hook, db, in_write

if TYPE_CHECKING:
    from inleer.policy.actor import Actor

PENDING = "inleer_audit_pending"
COVERED = "inleer_audit_covered"
# Any constant serves; it names "the audit chain" among PostgreSQL's advisory locks.
_CHAIN_LOCK = 727_001
# How many events a check of the chain holds in memory.
_AT_A_TIME = 500
_LAST = select(AuditEvent.sequence, AuditEvent.hash).order_by(AuditEvent.sequence.desc()).limit(1)


def identity(subject: Any) -> tuple[str, str]:
    """Kind and id of a model instance or of a (kind, id) pair, as the audit trail names it."""
    if isinstance(subject, tuple):
        return str(subject[0]), str(subject[1])
    table = subject.__table__
    return str(table.name), "/".join(str(getattr(subject, c.key)) for c in table.primary_key)


def record(
    actor: Actor,
    action: str,
    subject: Any,
    fields: Sequence[str] = (),
    details: dict[str, Any] | None = None,
    covers: Iterable[Any] = (),
    outcome: str = "ok",
) -> None:
    """Record that ``actor`` did ``action`` ("resource.verb") on ``subject``, within the open unit of work.

    ``fields`` names what changed; ``details`` holds ids, codes and dates, never personal values; ``covers`` lists
    further rows that this one event accounts for. Raises RuntimeError outside a unit of work.
    """
    if not in_write():
        raise RuntimeError("audit.record outside a unit of work")
    session = db.session()
    if subject is not None and not isinstance(subject, tuple):
        session.flush()  # gives a new row its id
    kind, subject_id = identity(subject)
    body: dict[str, Any] = dict(details or {})
    if fields:
        body["fields"] = sorted(fields)
    event = {
        "at": clock.now(),
        "user_id": actor.user_id,
        "organisation_id": actor.organisation_id,
        "role": actor.role.value,
        "origin": actor.origin,
        "action": action,
        "subject_kind": kind,
        "subject_id": subject_id,
        "outcome": outcome,
        "details": body,
        "trace_id": actor.trace_id,
    }
    session.info.setdefault(PENDING, []).append(event)
    covered = session.info.setdefault(COVERED, set())
    covered.add((kind, subject_id))
    covered.update(identity(other) for other in covers)


@add_commit_hook
def close_chain(session: Session) -> None:
    """Write the collected events, each with the hash of the one before. The lock is taken last and held shortly."""
    events = session.info.pop(PENDING, [])
    if not events:
        return
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
    last = session.execute(_LAST).one_or_none()
    sequence, previous = (last.sequence, last.hash) if last else (0, "")
    rows = []
    for event in events:
        sequence += 1
        row = {**event, "sequence": sequence, "previous_hash": previous}
        row["hash"] = previous = digest(row)
        rows.append(row)
    session.execute(insert(AuditEvent), rows)


def digest(row: Mapping[Any, Any]) -> str:
    """The hash of one event over all its columns and the hash before it."""
    names = sorted(c.key for c in AuditEvent.__table__.columns if c.key != "hash")
    body = json.dumps([_plain(row[n]) for n in names], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(body.encode()).hexdigest()


def _plain(value: Any) -> Any:
    return (
        value.isoformat() if hasattr(value, "isoformat") else value if isinstance(value, dict) else str(value)
    )


def verify_chain(session: Session) -> list[str]:
    """Sentences about each place where the chain is broken; empty when nobody touched it.

    The events are read a piece at a time, so that a trail of years takes no more memory than one of a day.
    """
    problems = []
    expected, previous = 1, ""
    # Columns, not objects: the session would keep each object until the end.
    events = select(*AuditEvent.__table__.columns).order_by(AuditEvent.sequence)
    for row in session.execute(events.execution_options(yield_per=_AT_A_TIME)).mappings():
        if row["sequence"] != expected:
            problems.append(f"regel {expected} ontbreekt")
        if row["previous_hash"] != previous:
            problems.append(f"regel {row['sequence']} sluit niet aan op de vorige")
        if digest(row) != row["hash"]:
            problems.append(f"regel {row['sequence']} is veranderd")
        expected, previous = row["sequence"] + 1, row["hash"]
    return problems
