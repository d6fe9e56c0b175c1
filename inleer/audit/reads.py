"""The read log: who opened which dossiers. One row per page, written before the page leaves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from flask import g, has_request_context, request
from sqlalchemy import Table, insert

from inleer import clock
from inleer.audit.models import ReadLog
from inleer.db import db, new_id, unit_of_work

if TYPE_CHECKING:
    from inleer.policy.actor import Actor

_WRITE = insert(cast(Table, ReadLog.__table__))


def shown(actor: Actor, kind: str, ids: Iterable[Any]) -> None:
    """Note that the present page shows these dossiers (``kind`` is a table name)."""
    if not has_request_context():
        return
    reads = g.setdefault("reads", {})
    row = reads.setdefault((kind, actor.user_id), (actor, []))
    row[1].extend(str(i) for i in ids if str(i) not in row[1])


def write_reads() -> None:
    """Write what was shown, in a transaction of its own. When this fails there is no page."""
    if _rows_waiting():
        with unit_of_work():
            write_reads_in_transaction()


def write_reads_in_transaction() -> None:
    """Write what was shown, within the open unit of work."""
    for (kind, _user), (actor, ids) in g.pop("reads", {}).items():
        if ids:
            db.session.connection().execute(_WRITE, _row(kind, actor, ids))


def _rows_waiting() -> bool:
    return any(ids for _actor, ids in g.get("reads", {}).values())


def _row(kind: str, actor: Actor, ids: list[str]) -> dict[str, Any]:
    return {
        "id": new_id(),
        "at": clock.now(),
        "user_id": actor.user_id,
        "organisation_id": actor.organisation_id,
        "role": actor.role.value,
        "endpoint": request.endpoint or "",
        "subject_kind": kind,
        "subject_ids": ids,
        "trace_id": actor.trace_id,
    }
