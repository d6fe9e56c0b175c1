"""The one transaction in which migrations run: locked against a second run, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

# Any constant serves; it names "the migrations" among PostgreSQL's advisory locks.
_LOCK = 727_002
# A second `db upgrade` waits for the first one; no migration of ours takes ten minutes.
_PATIENCE_SECONDS = 600


class MigrationError(Exception):
    """The schema cannot be brought where it was asked; a Dutch sentence says why and what to do."""


def migration_engine(url: str) -> Engine:
    """An engine for migrations only: no pool, no statement time limit, and no foreign keys on SQLite.

    Rebuilding a SQLite table deletes the rows that refer to it when foreign keys are on, and the setting has no
    effect inside a transaction: so it is off from the start, and :func:`exclusive` checks the keys at the end.
    """
    if not url.startswith("sqlite"):
        return create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": 5})
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": _PATIENCE_SECONDS})

    _begin_ourselves(engine, "BEGIN IMMEDIATE")

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=OFF"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


@contextmanager
def exclusive(engine: Engine) -> Iterator[Connection]:
    """One transaction that no other migration shares; commits when every foreign key still holds.

    Raises MigrationError when a row refers to one that is gone, or when the database stays locked.
    """
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
                # From here on we wait for the application's own locks: not for ever, it waits for us as well.
                connection.execute(text("SET LOCAL lock_timeout = '30s'"))
            yield connection
            if connection.dialect.name == "sqlite":
                _check_keys(connection)
    except OperationalError as error:
        if "locked" in str(error.orig) or "lock timeout" in str(error.orig):
            raise MigrationError(
                "De database is in gebruik en komt niet vrij. Stop `inleer serve` en `inleer worker` en probeer het"
                " opnieuw."
            ) from error
        raise


def _check_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        tables = ", ".join(sorted({f"{row[0]} → {row[2]}" for row in broken}))
        raise MigrationError(
            f"Na de migratie verwijzen {len(broken)} rijen naar iets dat niet bestaat ({tables})."
            " Er is niets veranderd."
        )


def _demo_beside(database: str) -> str:
    """What to say when the demo has a database in the same folder; empty when it has none."""
    demo = Path(database).with_name("demo.db")
    if not demo.exists():
        return ""
    return f" De demo heeft er een: zet INLEER_DATABASE_URL=sqlite:///{demo} om een opdracht op de demo uit te voeren."


@contextmanager
def reading(url: str) -> Iterator[Connection]:
    """A connection that only looks: it sees one moment, and holds nobody up.

    Raises MigrationError when there is no such database.
    """
    made = make_url(url)
    if made.drivername != "sqlite":
        engine = create_engine(
            url, poolclass=NullPool, isolation_level="REPEATABLE READ", connect_args={"connect_timeout": 5}
        )
    else:
        if made.database and not Path(made.database).exists():
            raise MigrationError(
                f"Er is nog geen database: {made.database} bestaat niet. Voer uit: inleer init."
                f"{_demo_beside(made.database)}"
            )
        engine = create_engine(url, poolclass=NullPool)
        _begin_ourselves(engine, "BEGIN")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _begin_ourselves(engine: Engine, statement: str) -> None:
    """Python's sqlite3 opens no transaction for a SELECT, and one too late for a migration."""

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)
