"""Taking the tables of a plugin away: exported first, in one transaction with what the audit trail keeps of it.

The plugin need not be installed: what is in the database is read from the database. Only tables with the plugin's name
in front go, and none that the core knows.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from sqlalchemy import Connection, MetaData, Table, inspect, select

from inleer import audit, clock
from inleer.db import Base, db
from inleer.errors import DomainError
from inleer.i18n import _
from inleer.migrate.context import marked_plugins
from inleer.migrate.drift import load_models
from inleer.migrate.owners import VERSION_TABLE, core_owner
from inleer.policy import Actor

ACTION = "plugin.purged"
_AT_A_TIME = 500


def tables_of(connection: Connection, name: str) -> list[Table]:
    """The tables of a plugin in this database, those that others refer to first, its version table last.

    Raises DomainError when the plugin has none, or when a table could be somebody else's.
    """
    marked = marked_plugins(connection)
    if name not in marked:
        known = ", ".join(marked) or _("geen")
        raise DomainError(
            _("Plugin %(name)s heeft hier geen tabellen. Die zijn er van: %(known)s.", name=name, known=known)
        )
    # The tables of "zorg_thuis" begin with "zorg_" too.
    longer = tuple(f"{other}_" for other in marked if other.startswith(f"{name}_"))
    found = [
        table
        for table in inspect(connection).get_table_names()
        if table.startswith(f"{name}_") and not (longer and table.startswith(longer))
    ]
    if taken := sorted(_core_tables() & set(found)):
        raise DomainError(
            _("Deze tabellen zijn van inleer zelf, niet van een plugin: %(names)s.", names=", ".join(taken))
        )
    reflected, version_table = MetaData(), f"{VERSION_TABLE}_{name}"
    reflected.reflect(connection, only=[*found, version_table])
    return [*(t for t in reflected.sorted_tables if t.name in found), reflected.tables[version_table]]


def purge(actor: Actor, name: str, folder: Path) -> tuple[Path, int]:
    """Write all rows of a plugin to a file and drop its tables, in the open unit of work; the file and its rows.

    The file has a line of JSON for each row: its table and its values; the first line says what it is. Only its owner
    can read it. Raises DomainError as :func:`tables_of`, and OSError when the file cannot be written: nothing is
    dropped then. When dropping fails the file stays, and nothing is lost.
    """
    connection = db.session.connection()
    tables = tables_of(connection, name)
    path = folder / f"{name}-{clock.now():%Y%m%d-%H%M%S}.jsonl"
    counts = _export(connection, name, tables, path)
    for table in reversed(tables):
        table.drop(connection)
    audit.record(actor, ACTION, ("plugin", name), details={"file": path.name, "rows": counts})
    return path, sum(counts.values())


def _core_tables() -> set[str]:
    load_models([core_owner()])
    return {str(m.local_table) for m in Base.registry.mappers if m.class_.__module__.startswith("inleer.")}


def _export(connection: Connection, name: str, tables: Sequence[Table], path: Path) -> dict[str, int]:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    counts = {}
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        _line(file, {"plugin": name, "exported_at": clock.now(), "tables": [table.name for table in tables]})
        for table in tables:
            counts[table.name] = 0
            for row in _rows(connection, table):
                _line(file, {"table": table.name, "row": row})
                counts[table.name] += 1
        file.flush()
        os.fsync(file.fileno())
    return counts


def _rows(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    found = connection.execute(select(table), execution_options={"yield_per": _AT_A_TIME})
    return (dict(row) for row in found.mappings())


def _line(file: IO[str], content: dict[str, Any]) -> None:
    file.write(json.dumps(content, ensure_ascii=False, default=_plain) + "\n")


def _plain(value: Any) -> Any:
    """A value that JSON does not know, as text; raises TypeError for one that nobody thought of."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode("ascii")
    raise TypeError(f"no text for {type(value).__name__}")
