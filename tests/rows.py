"""One row in every table of a database, whatever its revision: tables are read from the database itself.

Values come from the column's type; what a CHECK asks for is in ``CHOSEN``. Foreign keys point at the one row of the
table they refer to, so the rows can be made at any revision.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import Column, Connection, MetaData, Table, inspect, select

from tests.sectors import sectors

CHOSEN: dict[tuple[str, str], Any] = {
    ("organisation", "kind"): "work_agency",
    ("organisation", "region"): "midden",
    ("cohort", "state"): "running",
    ("partner", "kind"): "school",
    ("enrolment", "state"): "active",
    ("session", "state"): "planned",
    ("session", "kind"): "lesson",
    ("candidate", "startkwalificatie"): "unknown",
    ("coach_change", "from_id"): None,  # the first coach: the one user of these rows cannot be both
    ("calendar_period", "kind"): "closed",
    ("job_intention", "kind"): "intention",
    ("job_intention", "state"): "draft",
    ("note", "audience"): "coaches",
    ("escalation", "state"): "open",
    ("escalation", "category"): "money",
    ("escalation", "urgency"): "today",
    ("import_run", "kind"): "candidates",
    ("import_mapping", "kind"): "candidates",
    ("intention_request", "state"): "open",
    ("intention_request_item", "outcome"): "confirmed",
    ("intention_mail", "kind"): "request",
    ("intention_message", "kind"): "question",
    ("intention_message", "state"): "open",
    ("import_run", "state"): "done",
    ("placement", "kind"): "rotation",
    ("placement", "state"): "agreed",
    ("placement", "ended_on"): None,
    ("placement", "ended_by"): None,
    ("placement", "ended_reason"): "",
    ("outbox", "state"): "waiting",
    ("plugin_fault", "kind"): "fault",
    ("attendance", "status"): "present",
    ("zorg_help_request", "task"): "walking",
    ("zorg_help_request", "state"): "assigned",
}
CHOSEN |= {key: value for sector in sectors().values() for key, value in sector.chosen.items()}
DAY = date(2026, 1, 5)
NOW = datetime(2026, 1, 5, 9, 30, 15, 250_000)


def row_id(table: str) -> UUID:
    """The id of the one row in a table."""
    return uuid5(NAMESPACE_OID, table)


def tables_of(connection: Connection) -> list[Table]:
    """All tables but Alembic's, parents first."""
    metadata = MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if not table.name.startswith("alembic_version")]


def fill(connection: Connection, leave: Iterable[str] = ()) -> list[str]:
    """Put one row in every empty table but those in ``leave``; returns the names of the tables."""
    left, filled = set(leave), []
    for table in tables_of(connection):
        if table.name not in left and connection.execute(select(table).limit(1)).first() is None:
            connection.execute(table.insert().values(row_for(table)))
            filled.append(table.name)
    return filled


def row_for(table: Table) -> dict[str, Any]:
    """A row that the table accepts."""
    return {column.name: _value(table, column) for column in table.columns}


def dump(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables."""
    found = {}
    for table in tables_of(connection):
        found[table.name] = sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
    return found


def has_table(connection: Connection, name: str) -> bool:
    """Whether the table is there."""
    return inspect(connection).has_table(name)


def _value(table: Table, column: Column[Any]) -> Any:
    if (table.name, column.name) in CHOSEN:
        return CHOSEN[table.name, column.name]
    for key in column.foreign_keys:
        parent = key.column.table
        # a row that refers to its own table would have to be there before itself
        return None if parent is table else _of_type(key.column, parent.name)
    return _of_type(column, table.name)


def _of_type(column: Column[Any], table: str) -> Any:
    python = _python_type(column)
    if python is UUID:
        return row_id(table)
    if python is str:
        length = getattr(column.type, "length", None)
        # SQLite keeps a UUID as CHAR(32)
        if length == 32 and type(column.type).__name__ == "CHAR":
            return row_id(table if column.primary_key else f"{table}.{column.name}").hex
        return "é"[: length or 1]
    return {
        bool: True,
        int: 1,
        date: DAY,
        datetime: NOW,
        time: NOW.time(),
        bytes: b"\x00\xff",
        dict: {"a": ["é", 1]},
        float: 1.5,
    }[python]


def _python_type(column: Column[Any]) -> type[Any]:
    return dict if type(column.type).__name__ in ("JSON", "JSONB") else column.type.python_type
