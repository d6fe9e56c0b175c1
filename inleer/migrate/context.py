"""Alembic's context for one owner on an open connection: its version table, and no other owner's tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, DateTime, MetaData, inspect
from sqlalchemy.types import TypeDecorator

from inleer.migrate.owners import VERSION_TABLE, Owner

Steps = Callable[[Any, MigrationContext], Iterable[Any]]


def current(connection: Connection, owner: Owner) -> str | None:
    """The owner's revision in this database, None when it has no tables here."""
    options = {"version_table": owner.version_table}
    return MigrationContext.configure(connection, opts=options).get_current_revision()


def run_steps(connection: Connection, owner: Owner, steps: Steps) -> None:
    """Run the revisions that ``steps`` yields, within the connection's open transaction."""
    with EnvironmentContext(Config(), owner.script, fn=steps) as environment:
        environment.configure(
            connection=connection, version_table=owner.version_table, transactional_ddl=True
        )
        environment.run_migrations()


def marked_plugins(connection: Connection) -> list[str]:
    """Names of the plugins that have a version table in this database, on or off."""
    names = inspect(connection).get_table_names()
    return sorted(n.removeprefix(f"{VERSION_TABLE}_") for n in names if n.startswith(f"{VERSION_TABLE}_"))


def compare_context(
    connection: Connection, owner: Owner, owners: Sequence[Owner], metadata: MetaData
) -> MigrationContext:
    """A context that compares the owner's part of the models with its part of the database.

    ``owners`` are all that are loaded. A plugin that is off leaves its version table behind; without looking at
    that, the core would take its tables for its own and propose to drop them.
    """
    loaded = {other.prefix for other in owners if other.prefix}
    foreign = tuple({*loaded, *(f"{name}_" for name in marked_plugins(connection))})

    def ours(name: str | None) -> bool:
        if name is None or name.startswith(VERSION_TABLE):
            return False
        return not name.startswith(foreign) if owner.is_core else name.startswith(owner.prefix)

    return MigrationContext.configure(
        connection,
        opts={
            "version_table": owner.version_table,
            "target_metadata": metadata,
            "compare_type": True,
            "include_name": lambda name, kind, _parents: kind != "table" or ours(name),
            "include_object": lambda _object, name, kind, _reflected, _other: kind != "table" or ours(name),
        },
    )


def render_item(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """Write our own column types as plain SQLAlchemy: a revision must not change when inleer does."""
    if kind == "type" and isinstance(item, TypeDecorator) and isinstance(item.impl, DateTime):
        return "sa.DateTime(timezone=True)"
    return False
