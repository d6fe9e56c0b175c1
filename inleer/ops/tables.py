"""Tables as lines of JSON, the same for both databases, and what a set of rows adds up to.

Tables are read from the database itself and not from the models, so that the rows of a plugin that is off go along.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Date,
    DateTime,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Text,
    Time,
    Uuid,
    cast,
    select,
)
from sqlalchemy.types import UserDefinedType

from inleer.migrate.owners import VERSION_TABLE

BATCH = 500
_MODULUS = 2**256


class _RawJson(UserDefinedType[str]):
    """JSON as the text that is stored: parsing and writing it again could change it."""

    cache_ok = True

    def get_col_spec(self, **_kw: Any) -> str:
        return "JSON"


@dataclass
class Sum:
    """What rows add up to: their number, and the sum of their hashes, whatever their order.

    Two databases sort text differently, so the order of rows cannot be compared.
    """

    rows: int = 0
    total: int = 0

    def add(self, line: str) -> None:
        """Count a row."""
        self.rows += 1
        self.total = (self.total + int.from_bytes(hashlib.sha256(line.encode()).digest(), "big")) % _MODULUS

    def as_dict(self) -> dict[str, Any]:
        """For the manifest."""
        return {"rows": self.rows, "sha256": f"{self.total:064x}"}


def read_tables(connection: Connection) -> list[Table]:
    """All tables but Alembic's, parents first, with columns that read and write stored values."""
    metadata = MetaData()
    metadata.reflect(connection)
    for table in metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, JSON):
                column.type = _RawJson()
    return [table for table in metadata.sorted_tables if not table.name.startswith(VERSION_TABLE)]


def lines(connection: Connection, table: Table) -> Iterator[str]:
    """The rows of a table, each as a JSON array in the order of :func:`ordered`."""
    columns = ordered(table)
    raw = [isinstance(column.type, _RawJson) for column in columns]
    selected = [cast(c, Text) if is_json else c for c, is_json in zip(columns, raw, strict=True)]
    result = connection.execution_options(yield_per=BATCH).execute(select(*selected))
    for row in result:
        values = [_number(v) if is_json else _plain(v) for v, is_json in zip(row, raw, strict=True)]
        yield json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def load(connection: Connection, table: Table, rows: Iterable[str]) -> None:
    """Put rows of :func:`lines` into an empty table."""
    columns = ordered(table)
    batch: list[dict[str, Any]] = []
    for row in rows:
        values = json.loads(row)
        batch.append({c.name: _stored(connection, c, v) for c, v in zip(columns, values, strict=True)})
        if len(batch) == BATCH:
            connection.execute(table.insert(), batch)
            batch = []
    if batch:
        connection.execute(table.insert(), batch)


def ordered(table: Table) -> list[Column[Any]]:
    """The columns by name: their order in the database depends on its history of migrations."""
    return sorted(table.columns, key=lambda column: column.name)


def _number(stored: str | None) -> str | None:
    """JSON text as it is, but a bare number in its shortest form: SQLite stores 16.0 in a JSON column as 16."""
    if stored is None or stored[0] not in "-0123456789":
        return stored
    number = json.loads(stored)
    return str(int(number)) if number == int(number) else repr(number)


def _plain(value: Any) -> Any:
    """A stored value as JSON knows it, the same on both databases."""
    match value:
        case UUID():
            return value.hex
        case datetime():
            moment = value if value.tzinfo else value.replace(tzinfo=UTC)
            return moment.astimezone(UTC).isoformat(timespec="microseconds")
        case date() | time():
            return value.isoformat()
        case bytes() | memoryview():
            return base64.b64encode(value).decode()
        case Decimal():
            return str(value)
        case _:
            return value


def _stored(connection: Connection, column: Column[Any], value: Any) -> Any:
    """What the column of this database takes for a value of :func:`_plain`."""
    if value is None:
        return None
    match column.type:
        case Uuid():
            return UUID(value)
        case DateTime():
            moment = datetime.fromisoformat(value)
            return moment.replace(tzinfo=None) if connection.dialect.name == "sqlite" else moment
        case Date():
            return date.fromisoformat(value)
        case Time():
            return time.fromisoformat(value)
        case LargeBinary():
            return base64.b64decode(value)
        case Numeric() if isinstance(value, str):
            return Decimal(value)
        case _:
            return value
