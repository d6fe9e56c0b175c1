"""Reads and bulk deletes for taking an import back. All for a run that was loaded with the right to undo it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, tuple_

from inleer import audit, clock
from inleer.attendance.closing import is_closed
from inleer.attendance.models import Attendance, EnrolmentTotal, EnrolmentWeek
from inleer.attendance.queries import lock_days
from inleer.cohorts.models import EnrolmentEvent, Session, SessionCohort
from inleer.db import db
from inleer.exchange.ledger import JOIN, key_columns, mappers, model_of, table_of
from inleer.exchange.models import ImportItem
from inleer.exchange.queries_known import CHUNK
from inleer.intentions.models import IntentionEvent
from inleer.policy import unscoped
from inleer.signals.models import Signal

WHY = "undo of a loaded import"
#: What only hangs on a created thing and goes with it: table of the thing → (model, column that refers to it).
DEPENDENTS: Mapping[str, Sequence[tuple[type[Any], str]]] = {
    "candidate": ((Signal, "candidate_id"),),
    "enrolment": (
        (EnrolmentEvent, "enrolment_id"),
        (EnrolmentWeek, "enrolment_id"),
        (EnrolmentTotal, "enrolment_id"),
    ),
    "session": ((SessionCohort, "session_id"), (Signal, "session_id")),
    "job_intention": ((IntentionEvent, "intention_id"),),
}


class Item(NamedTuple):
    """One thing that the import created or changed; see ImportItem. ``key`` is its primary key."""

    kind: str
    object_id: str
    change: str
    before: dict[str, Any] | None
    version: int | None

    @property
    def key(self) -> tuple[UUID, ...]:
        """The primary key; every table that imports write to has UUIDs."""
        return tuple(UUID(part) for part in self.object_id.split(JOIN))


class Stored(NamedTuple):
    """A thing as it is stored now; ``row`` only when the import changed it."""

    version: int | None
    row: Any


def items_of(import_id: UUID) -> list[Item]:
    """What an import did, in order."""
    columns = (
        ImportItem.kind,
        ImportItem.object_id,
        ImportItem.change,
        ImportItem.before,
        ImportItem.version,
    )
    statement = select(*columns).where(ImportItem.import_id == import_id).order_by(ImportItem.position)
    return [Item(*row) for row in db.session.execute(statement)]


def stored_things(items: Sequence[Item]) -> dict[tuple[str, tuple[UUID, ...]], Stored]:
    """Those things that still exist, held until the end of the transaction, by table and key."""
    found: dict[tuple[str, tuple[UUID, ...]], Stored] = {}
    for change in ("created", "updated"):
        for kind, keys in by_kind(items, change).items():
            found.update(_stored(kind, keys, whole=change == "updated"))
    return found


def by_kind(items: Iterable[Item], change: str) -> dict[str, list[tuple[UUID, ...]]]:
    """The keys of created or updated things by table."""
    found: dict[str, list[tuple[UUID, ...]]] = {}
    for item in items:
        if item.change == change:
            found.setdefault(item.kind, []).append(item.key)
    return found


def _stored(
    kind: str, keys: Sequence[tuple[UUID, ...]], whole: bool
) -> Iterator[tuple[tuple[str, tuple[UUID, ...]], Stored]]:
    model = model_of(kind)
    names = key_columns(model)
    columns = [getattr(model, name) for name in names]
    versioned = "version" in model.__table__.columns
    wanted = [model] if whole else [*columns, *([model.version] if versioned else [])]
    for some in _chunks(keys):
        # In one order for everybody, that of a register's save: nobody waits in a circle.
        order = [getattr(model, name) for name in reversed(names)]
        statement = select(*wanted).where(among(model, some)).order_by(*order).with_for_update()
        if whole:
            statement = statement.execution_options(populate_existing=True)
        for row in db.session.execute(unscoped(statement, WHY)):
            thing = row[0] if whole else None
            key = tuple(getattr(thing, name) for name in names) if whole else tuple(row[: len(names)])
            version = thing.version if thing is not None else (row[-1] if versioned else None)
            yield (kind, key), Stored(version, thing)


def among(model: type[Any], keys: Sequence[tuple[UUID, ...]]) -> ColumnElement[bool]:
    """The condition that a row is one of these."""
    columns = [getattr(model, name) for name in key_columns(model)]
    if len(columns) == 1:
        found: ColumnElement[bool] = columns[0].in_([key[0] for key in keys])
        return found
    return tuple_(*columns).in_(keys)


def _chunks(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]


def references(kind: str, ids: Sequence[UUID]) -> Iterator[tuple[type[Any], list[tuple[UUID, ...]]]]:
    """The rows of every table, the core's and the plugins', that refer to these things: (model, their keys)."""
    for mapper in mappers():
        model = mapper.class_
        for foreign in model.__table__.foreign_keys:
            if foreign.column.table.name != kind:
                continue
            own = [getattr(model, name) for name in key_columns(model)]
            found: list[tuple[UUID, ...]] = []
            for some in _chunks(ids):
                statement = select(*own).where(getattr(model, foreign.parent.key).in_(some))
                found += [tuple(row) for row in db.session.execute(unscoped(statement, WHY))]
            if found:
                yield model, found


def handled_signals(kind: str, ids: Sequence[UUID]) -> int:
    """How many signals about these candidates or sessions somebody handled."""
    column = Signal.candidate_id if kind == "candidate" else Signal.session_id
    return sum(
        db.session.execute(
            unscoped(
                select(func.count()).select_from(Signal).where(column.in_(some), Signal.state == "handled"),
                WHY,
            )
        ).scalar_one()
        for some in _chunks(ids)
    )


def in_other_cohorts(session_ids: Sequence[UUID], cohort_id: UUID) -> int:
    """How many of these sessions are also for another cohort."""
    return sum(
        db.session.execute(
            select(func.count(func.distinct(SessionCohort.session_id))).where(
                SessionCohort.session_id.in_(some), SessionCohort.cohort_id != cohort_id
            )
        ).scalar_one()
        for some in _chunks(session_ids)
    )


def closed_registers(session_ids: Sequence[UUID]) -> list[Session]:
    """Which of these sessions have a closed register: a change there is a correction with a reason."""
    today = clock.today()
    found: list[Session] = []
    for some in _chunks(session_ids):
        statement = select(Session).where(Session.id.in_(some), Session.state.in_(("recorded", "locked")))
        sessions = db.session.execute(unscoped(statement.order_by(Session.starts_at), WHY)).scalars().all()
        days = lock_days([s.id for s in sessions], today)
        found += [s for s in sessions if is_closed(s.state, s.on, s.recorded_at, days.get(s.id, 0), today)]
    return found


def delete_dependents(kind: str, ids: Sequence[UUID]) -> None:
    """Remove what only hangs on these things."""
    for model, column in DEPENDENTS.get(kind, ()):
        for some in _chunks(ids):
            _delete(model, getattr(model, column).in_(some))


def delete_things(kind: str, keys: Sequence[tuple[UUID, ...]]) -> None:
    """Remove these things themselves."""
    model = model_of(kind)
    for some in _chunks(keys):
        _delete(model, among(model, some))


def _delete(model: type[Any], condition: ColumnElement[bool]) -> None:
    statement = delete(model).where(condition).execution_options(synchronize_session=False)
    db.session.execute(audit.in_bulk(statement, "import.undone says what went"))


def marks_of(items: Sequence[Item]) -> list[tuple[UUID, ...]]:
    """The (enrolment, session) keys of the marks among the things of an import."""
    return [item.key for item in items if item.kind == table_of(Attendance)]
