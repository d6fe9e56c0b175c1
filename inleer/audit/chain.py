"""Audit events are collected during a unit of work and chained as its last act, under a lock: no forks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Select, Table, bindparam, func, insert, select, true
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from inleer import clock
from inleer.audit.models import AuditEvent
from inleer.db import add_commit_hook, db, in_write
from inleer.db.many import as_json, given_rows

if TYPE_CHECKING:
    from inleer.policy.actor import Actor

PENDING = "inleer_audit_pending"
COVERED = "inleer_audit_covered"
# Any constant serves; it names "the audit chain" among PostgreSQL's advisory locks.
_CHAIN_LOCK = 727_001
# How many events a check of the chain holds in memory.
_AT_A_TIME = 500
_TABLE = cast(Table, AuditEvent.__table__)
_LAST = select(AuditEvent.sequence, AuditEvent.hash).order_by(AuditEvent.sequence.desc()).limit(1)
_NAMES = sorted(c.key for c in _TABLE.columns if c.key != "hash")


def _last_and_lock() -> Select[Any]:
    last = _LAST.subquery("last")
    lock = select(func.pg_advisory_xact_lock(_CHAIN_LOCK).label("locked")).subquery("lock")
    return select(last.c.sequence, last.c.hash, lock.c.locked).select_from(lock.outerjoin(last, true()))


_LAST_AND_LOCK = _last_and_lock()


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
    # On PostgreSQL the end is read as it was before the lock was waited for. So nothing is written when it turns out
    # not to be the end, and what is read the second time, under the lock, is.
    while events and not _chained(session, events):
        pass


def _chained(session: Session, events: Sequence[Mapping[str, Any]]) -> bool:
    """Write the events after the last there is; False, and nothing written, when that was not the last."""
    connection = session.connection()
    locks = connection.dialect.name == "postgresql"
    last = connection.execute(_LAST_AND_LOCK if locks else _LAST).one_or_none()
    sequence, previous = (last.sequence, last.hash) if last and last.sequence else (0, "")
    rows = []
    for event in events:
        sequence += 1
        row = {**event, "sequence": sequence, "previous_hash": previous}
        row["hash"] = previous = digest(row)
        rows.append(row)
    text = as_json(connection.dialect, list(_TABLE.columns), rows)
    written = connection.execute(
        _appending(connection.dialect.name), {"events": text, "first": rows[0]["sequence"]}
    ).all()
    return len(written) == len(rows)


@lru_cache(maxsize=2)
def _appending(dialect: str) -> ReturningInsert[tuple[int]]:
    given = given_rows(dialect, list(_TABLE.columns), "events")
    later = select(_TABLE.c.sequence).where(_TABLE.c.sequence >= bindparam("first"))
    rows = select(*given.c).where(~later.exists())
    return insert(_TABLE).from_select([c.key for c in _TABLE.columns], rows).returning(_TABLE.c.sequence)


def digest(row: Mapping[Any, Any]) -> str:
    """The hash of one event over all its columns and the hash before it."""
    body = json.dumps([_plain(row[n]) for n in _NAMES], ensure_ascii=False, sort_keys=True)
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
