"""The signals that are known of people, as rows, and writing many changed ones at once: one statement, not one each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import JSON, Column, Integer, String, Table, Uuid, bindparam, func, select, update
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.orm.util import identity_key
from sqlalchemy.sql.dml import ReturningUpdate

from inleer.attendance.packing import Listed
from inleer.db import db
from inleer.db.many import as_json, given_rows
from inleer.policy import unscoped
from inleer.signals.models import Signal

_TABLE = cast(Table, Signal.__table__)
_READ = (Signal.id, Signal.version, Signal.rule, Signal.cause, Signal.state, Signal.tone, Signal.text)
_KNOWN = unscoped(
    select(Signal.candidate_id, *_READ).where(
        Signal.candidate_id.in_(bindparam("ids", expanding=True)), Signal.session_id.is_(None)
    ),
    "rules over people loaded in scope",
)
_WRITTEN: tuple[Column[Any], ...] = (
    Column("id", Uuid()),
    Column("version", Integer()),
    *(Column(name, String()) for name in ("state", "tone", "text")),
    Column("facts", JSON(none_as_null=True)),
)


@dataclass(slots=True)
class Known:
    """A signal about a person as it is stored, or as it becomes. ``facts``: the new ones, None when they stay."""

    id: UUID
    version: int
    rule: str
    cause: str
    state: str
    tone: str
    text: str
    facts: Mapping[str, Any] | None = None


def signals_of(candidate: Any) -> Any:
    """A column with the signals of a candidate, for :func:`known_in`."""
    about = select(Listed(*_READ)).where(Signal.candidate_id == candidate, Signal.session_id.is_(None))
    return about.correlate(candidate.table).scalar_subquery()


def known_in(column: Sequence[Sequence[Any]] | None) -> list[Known]:
    """The signals in a column of :func:`signals_of`."""
    return [Known(UUID(signal_id), *rest) for signal_id, *rest in column or ()]


def known_of(candidate_ids: Iterable[UUID]) -> dict[UUID, list[Known]]:
    """The signals of these people."""
    found: dict[UUID, list[Known]] = {}
    for row in db.session.execute(_KNOWN, {"ids": list(candidate_ids)}):
        candidate_id, *signal = tuple[Any, ...](row)
        found.setdefault(candidate_id, []).append(Known(*signal))
    return found


def write_changed(signals: Sequence[Known]) -> None:
    """Write the state, tone, text and facts of signals that were changed here.

    Each must have been recorded in the audit trail. Raises StaleDataError when somebody else changed one meanwhile.
    """
    if not signals:
        return
    connection = db.session.connection()
    rows = [{c.key: getattr(signal, c.key) for c in _WRITTEN} for signal in signals]
    text = as_json(connection.dialect, _WRITTEN, rows)
    if len(connection.execute(_changing(connection.dialect.name), {"signals": text}).all()) != len(rows):
        raise StaleDataError("a signal was changed by somebody else")
    for signal in signals:
        loaded = db.session.identity_map.get(identity_key(Signal, signal.id))
        if loaded is not None:  # the write went past the ORM
            db.session.expire(loaded)


@lru_cache(maxsize=2)
def _changing(dialect: str) -> ReturningUpdate[tuple[UUID]]:
    new = given_rows(dialect, _WRITTEN, "signals").c
    return (
        update(_TABLE)
        .where(_TABLE.c.id == new.id, _TABLE.c.version == new.version)
        .values(
            state=new.state,
            tone=new.tone,
            text=new.text,
            facts=func.coalesce(new.facts, _TABLE.c.facts),
            version=new.version + 1,
        )
        .returning(_TABLE.c.id)
    )
