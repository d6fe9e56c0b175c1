"""What an import did, thing by thing, so that the whole of it can be taken back: the rows of ``import_item``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import Date, Table, Uuid, insert
from sqlalchemy.orm import Mapper

from inleer.db import Base, UtcDateTime, db, new_id
from inleer.exchange.models import ImportItem

#: Between the parts of a key of more than one column.
JOIN = "/"
#: Rows per statement: memory stays flat with a file of 100,000 rows.
BATCH = 5_000
T = TypeVar("T")


class Ledger:
    """Does what a plan says and notes each thing under the import ``run_id``, whose row is there already.

    ``covers`` are changed rows that the event of the import accounts for; ``figures`` are enrolments whose figures
    must be made again. Rows are written in batches as they come, so that a large file takes little memory.
    """

    def __init__(self, run_id: UUID) -> None:
        self.covers: list[Any] = []
        self.figures: set[UUID] = set()
        self._run_id = run_id
        self._position = 0
        self._updated: list[tuple[Any, dict[str, Any]]] = []

    def create(self, model: type[Base], rows: Iterable[dict[str, Any]], note: bool = True) -> None:
        """Insert rows, keys included. ``note`` False: they come and go with another thing."""
        kind, keys = table_of(model), key_columns(model)
        version = 1 if "version" in model.__table__.columns else None
        for batch in batches(rows):
            _insert(model, batch)
            if note:
                ids = (JOIN.join(str(row[name]) for name in keys) for row in batch)
                self._note([_item(kind, object_id, "created", version) for object_id in ids])

    def change(self, thing: Any, values: Mapping[str, Any]) -> None:
        """Change a row that was read through the session; what it was before is kept."""
        self.keep(thing, values)
        for name, value in values.items():
            setattr(thing, name, value)

    def keep(self, thing: Any, names: Iterable[str]) -> None:
        """Keep what a row is, before something else changes these values of it."""
        before = {name: plain(getattr(thing, name)) for name in names}
        before["version"] = thing.version
        self._updated.append((thing, before))
        self.covers.append(thing)

    def created(self, thing: Any) -> None:
        """Note a row that something else made, and that was flushed."""
        key = JOIN.join(str(getattr(thing, name)) for name in key_columns(type(thing)))
        self._note([_item(table_of(type(thing)), key, "created", getattr(thing, "version", None))])

    def note_changes(
        self, model: type[Base], changes: Iterable[tuple[Sequence[Any], Mapping[str, Any]]]
    ) -> None:
        """Note changes that a statement made: (key, what it was before, with ``version``); one version later now."""
        kind = table_of(model)
        for batch in batches(changes):
            self._note(
                [
                    _item(
                        kind,
                        JOIN.join(map(str, key)),
                        "updated",
                        before["version"] + 1,
                        before={name: plain(value) for name, value in before.items()},
                    )
                    for key, before in batch
                ]
            )

    def close(self) -> None:
        """Note the changed rows, which have their new versions now."""
        db.session.flush()
        for batch in batches(self._updated):
            self._note(
                [
                    _item(
                        table_of(type(thing)),
                        JOIN.join(str(getattr(thing, name)) for name in key_columns(type(thing))),
                        "updated",
                        thing.version,
                        before=before,
                    )
                    for thing, before in batch
                ]
            )
        self._updated.clear()

    def _note(self, items: Sequence[dict[str, Any]]) -> None:
        rows = [
            {"id": new_id(), "import_id": self._run_id, "position": self._position + n, **item}
            for n, item in enumerate(items)
        ]
        self._position += len(rows)
        _insert(ImportItem, rows)


def batches(values: Iterable[T]) -> Iterator[list[T]]:
    """The values in lists that fit in one statement."""
    iterator = iter(values)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def _insert(model: type[Base], rows: list[dict[str, Any]]) -> None:
    """Insert without making objects of them: twice as fast for a large file."""
    db.session.connection().execute(insert(cast(Table, model.__table__)), rows)


def _item(kind: str, object_id: str, change: str, version: int | None, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "object_id": object_id, "change": change, "version": version, **more}


def table_of(model: type[Any]) -> str:
    """The name of a model's table."""
    return str(model.__table__.name)


def key_columns(model: type[Any]) -> list[str]:
    """The names of a model's primary key columns."""
    return [column.key for column in model.__table__.primary_key]


def model_of(kind: str) -> type[Any]:
    """The model of a table, the core's or a plugin's. Raises KeyError for a table that no model has."""
    for mapper in mappers():
        if table_of(mapper.class_) == kind:
            return mapper.class_
    raise KeyError(kind)


def mappers() -> list[Mapper[Any]]:
    """All models, by table name."""
    return sorted(Base.registry.mappers, key=lambda m: table_of(m.class_))


def plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def restored(model: type[Any], name: str, value: Any) -> Any:
    """The value that ``plain`` made text of, back in the type of its column."""
    if value is None:
        return None
    kind = model.__table__.columns[name].type
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return UUID(value) if isinstance(kind, Uuid) else value
