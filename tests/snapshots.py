"""A database as an earlier test made it, put back in a moment instead of made again.

``remembered(key, make)`` is for what many tests start from. What ``make`` gives is copied, so that a test may change
it. A snapshot holds for an hour of the clock that the test sees: later it is made again.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Hashable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from flask import current_app
from psycopg import sql
from sqlalchemy.engine import URL

from inleer import clock
from inleer.db import db
from inleer.web import plugin_events

T = TypeVar("T")
_FOLDER = tempfile.TemporaryDirectory(prefix="inleer-snapshots-")
_kept: dict[Hashable, tuple[Any, Any, dict[Any, Any]]] = {}
#: What is there before a test does anything.
_MADE_BY_MIGRATIONS = "alembic"


@dataclass(frozen=True)
class _Rows:
    """What is in a PostgreSQL database: the rows of each table that has some, and where its sequences are."""

    tables: dict[str, bytes]
    sequences: dict[str, int]


def remembered(key: Hashable, make: Callable[[], T]) -> T:
    """What ``make`` gives, with the database as it leaves it; for an app whose database is still empty."""
    db.session.rollback()
    if not _is_empty():
        return make()
    url = db.engine.url
    plugins = tuple(plugin.name for plugin in current_app.extensions["inleer"].plugins)
    whole = (key, url.get_backend_name(), plugins, clock.now().replace(minute=0, second=0, microsecond=0))
    if whole in _kept:
        _put_back(url, _kept[whole][0])
        _remember(_kept[whole][2])
        copied: T = deepcopy(_kept[whole][1])
        return copied
    made = make()
    _kept[whole] = (_take(url), deepcopy(made), dict(plugin_events._known))
    return made


def _remember(known: dict[Any, Any]) -> None:
    """What the process knew of the rows when they were made: a test before this one may have changed them since."""
    plugin_events._known.clear()
    plugin_events._known.update(known)


def _is_empty() -> bool:
    with db.engine.connect() as connection:
        return connection.exec_driver_sql("SELECT 1 FROM organisation LIMIT 1").first() is None


def _take(url: URL) -> Path | _Rows:
    if url.get_backend_name() == "sqlite":
        db.engine.dispose()  # all of it is in the file now
        path = Path(_FOLDER.name, f"{len(_kept)}.db")
        shutil.copy(str(url.database), path)
        return path
    with _connect(url) as connection:
        return _Rows(
            {t: rows for t in _tables(connection) if (rows := _read(connection, t))}, _sequences(connection)
        )


def _put_back(url: URL, snapshot: Path | _Rows) -> None:
    db.session.remove()
    db.engine.dispose()
    if isinstance(snapshot, Path):
        shutil.copy(snapshot, str(url.database))
        return
    with _connect(url) as connection:
        connection.execute("SET session_replication_role = replica")  # keys and append-only triggers rest
        for table in snapshot.tables:
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        for table, rows in snapshot.tables.items():
            statement = sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(sql.Identifier(table))
            with connection.cursor().copy(statement) as copy:
                copy.write(rows)
        for name, value in snapshot.sequences.items():
            connection.execute("SELECT setval(%s, %s)", (name, value))


def _connect(url: URL) -> psycopg.Connection[Any]:
    return psycopg.connect(
        host=url.host, port=url.port, user=url.username, password=url.password, dbname=url.database
    )


def _tables(connection: psycopg.Connection[Any]) -> list[str]:
    found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    return [name for (name,) in found if not name.startswith(_MADE_BY_MIGRATIONS)]


def _read(connection: psycopg.Connection[Any], table: str) -> bytes:
    """The rows of a table in PostgreSQL's own binary form; nothing when it has none."""
    name = sql.Identifier(table)
    if connection.execute(sql.SQL("SELECT FROM {} LIMIT 1").format(name)).fetchone() is None:
        return b""
    with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(name)) as copy:
        return b"".join(bytes(part) for part in copy)


def _sequences(connection: psycopg.Connection[Any]) -> dict[str, int]:
    found = connection.execute(
        "SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"
    )
    return dict(found.fetchall())
