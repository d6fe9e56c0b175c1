"""Rows as they are kept in a merge, so that taking it back restores them exactly; and which rows refer to a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Select, UniqueConstraint, Uuid, inspect, select, update

from inleer import clock
from inleer.audit.guard import in_bulk
from inleer.db import UtcDateTime, db, rows_changed
from inleer.exchange.ledger import key_columns, model_of, table_of
from inleer.exchange.queries_undo import among, references
from inleer.policy import unscoped
from inleer.signals.models import Signal

WHY = "two people loaded in scope"
#: What is about the two themselves, or is moved with more than its person (signals).
_OWN = frozenset({"candidate_merge", "not_the_same", "signal"})
Keys = list[tuple[UUID, ...]]


def hanging(candidate_id: UUID) -> Iterator[tuple[type[Any], Keys]]:
    """The rows of every table, of the core and of plugins, that refer to a person: (model, keys)."""
    for model, keys in references("candidate", [candidate_id]):
        if table_of(model) not in _OWN:
            yield model, keys


def column_of(model: type[Any]) -> str:
    """The column with which a model refers to a person."""
    return next(str(k.parent.key) for k in model.__table__.foreign_keys if k.column.table.name == "candidate")


def twice(model: type[Any], keys: Keys, kept_id: UUID) -> Keys:
    """Those of these rows for which the other person has one already: the database keeps one of both."""
    column, found = column_of(model), []
    for constraint in model.__table__.constraints:
        names = [c.key for c in getattr(constraint, "columns", ())]
        if not isinstance(constraint, UniqueConstraint) or column not in names:
            continue
        others = [getattr(model, name) for name in names if name != column]
        theirs = select(*others).where(getattr(model, column) == kept_id)
        taken = {tuple(r) for r in db.session.execute(unscoped(theirs, WHY))}
        own = [getattr(model, name) for name in key_columns(model)]
        mine = select(*own, *others).where(among(model, keys))
        for row in db.session.execute(unscoped(mine, WHY)):
            if tuple(row[len(own) :]) in taken:
                found.append(tuple(row[: len(own)]))
    return found


def give(model: type[Any], keys: Sequence[Sequence[Any]], candidate_id: UUID) -> None:
    """Let these rows refer to this person; nothing else of them changes, their version neither."""
    if keys:
        wanted = [tuple(UUID(str(part)) for part in key) for key in keys]
        change(update(model).where(among(model, wanted)).values({column_of(model): candidate_id}))


def change(statement: Any) -> int:
    """Carry out a change in bulk; how many rows it changed."""
    marked = in_bulk(statement, "the merge, or its way back, is recorded on both people")
    return rows_changed(marked.execution_options(synchronize_session=False))


def signals_of(*candidate_ids: UUID) -> dict[str, dict[str, Any]]:
    """All signals about these people as they are stored, by id."""
    statement = select(*_columns()).where(Signal.candidate_id.in_(candidate_ids), Signal.session_id.is_(None))
    rows = db.session.execute(unscoped(statement, WHY)).mappings()
    return {str(row["id"]): {k: _plain(v) for k, v in row.items()} for row in rows}


def _columns() -> list[Any]:
    return [getattr(Signal, c.key) for c in inspect(Signal).column_attrs]


def restore_signal(before: Mapping[str, Any]) -> None:
    """Write a signal as :func:`signals_of` read it."""
    values = {c.key: _read(c.columns[0].type, before[c.key]) for c in inspect(Signal).column_attrs}
    change(update(Signal).where(Signal.id == values["id"]).values(values))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return clock.local(value).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, UUID) else value


def _read(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return UUID(value) if isinstance(kind, Uuid) else value


def model_named(table: str) -> type[Any]:
    """The model of a table."""
    return model_of(table)


def held(statement: Select[Any]) -> Any:
    """What a statement about the two reads, and keeps from changing until the end of this unit of work."""
    return db.session.execute(
        unscoped(statement.with_for_update().execution_options(populate_existing=True), WHY)
    )
