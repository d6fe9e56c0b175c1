"""The whole schema of a database as plain data, to compare two databases or two moments."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, TextClause, inspect, text


def snapshot(connection: Connection) -> dict[str, Any]:
    """Tables (with columns, keys, checks and indexes) and triggers."""
    inspector = inspect(connection)
    # SQLAlchemy reads all tables at once: one by one takes seconds
    parts: dict[str, Any] = {
        "columns": inspector.get_multi_columns(),
        "primary": inspector.get_multi_pk_constraint(),
        "foreign": inspector.get_multi_foreign_keys(),
        "unique": inspector.get_multi_unique_constraints(),
        "checks": inspector.get_multi_check_constraints(),
        "indexes": inspector.get_multi_indexes(),
    }
    names = [n for n in inspector.get_table_names() if not n.startswith("alembic_version")]
    tables = {name: {part: _plain(found[(None, name)]) for part, found in parts.items()} for name in names}
    return {"tables": tables, "triggers": triggers(connection)}


def triggers(connection: Connection) -> list[tuple[str, str, str]]:
    """(table, name, definition) of every trigger."""
    if connection.dialect.name == "sqlite":
        found = connection.execute(
            text("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'")
        )
    else:
        found = connection.execute(
            text(
                "SELECT c.relname, t.tgname, pg_get_triggerdef(t.oid) || coalesce(p.prosrc, '')"
                " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
                " WHERE NOT t.tgisinternal"
            )
        )
    return sorted((row[0], row[1], row[2]) for row in found)


def _plain(found: Any) -> Any:
    return sorted(repr(_words(entry)) for entry in found) if isinstance(found, list) else repr(found)


def _words(entry: Any) -> Any:
    """The condition of a partial index is read as an SQL object, of which only the text can be compared."""
    options = entry.get("dialect_options", {})
    texts = {key: str(value) for key, value in options.items() if isinstance(value, TextClause)}
    return {**entry, "dialect_options": {**options, **texts}} if texts else entry
