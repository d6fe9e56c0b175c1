"""Filling a database with the lines of a back-up, in one transaction: everything, or nothing changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text

from inleer.migrate import MigrationError, Owner, orphans
from inleer.migrate.connect import exclusive
from inleer.migrate.run import bring, remove
from inleer.ops.sealed import Unreadable
from inleer.ops.tables import load, ordered, read_tables


def fill(engine: Engine, owners: Sequence[Owner], lines: Iterable[str]) -> dict[str, Any]:
    """Replace all that is in the database by a back-up, at the back-up's revisions; returns its manifest.

    Raises MigrationError when a plugin that has rows in it is not installed, Unreadable when the lines end early.
    """
    found = iter(lines)
    header = json.loads(next(found))
    _check(header, owners)
    with exclusive(engine) as connection:
        _clear(connection, owners)
        for owner in owners:
            if owner.name in header["revisions"]:
                bring(connection, owner, header["revisions"][owner.name])
        keys = _without_keys(connection)
        manifest = _load(connection, found)
        for statement in keys:
            connection.exec_driver_sql(statement)
    return manifest


def _check(header: dict[str, Any], owners: Sequence[Owner]) -> None:
    if header["format"] != 1:
        raise Unreadable(
            "Deze back-up is gemaakt door een nieuwere versie van inleer. Installeer die versie."
        )
    known = {owner.name: owner for owner in owners}
    for name, revision in header["revisions"].items():
        if name not in known:
            raise MigrationError(f"In deze back-up zitten gegevens van plugin {name}. Installeer die eerst.")
        if not known[name].knows(revision):
            raise MigrationError(
                f"Deze back-up is van een nieuwere versie ({name} {revision}). Installeer die versie."
            )


def _clear(connection: Connection, owners: Sequence[Owner]) -> None:
    left = orphans(connection, owners)
    if left:
        raise MigrationError(
            f"Er staan tabellen van plugins die niet geïnstalleerd zijn: {', '.join(left)}. Kies een lege database."
        )
    for owner in reversed(owners):
        remove(connection, owner)
    others = inspect(connection).get_table_names()
    if others:
        raise MigrationError(
            f"In deze database staan tabellen die niet van inleer zijn: {', '.join(sorted(others))}."
        )


def _without_keys(connection: Connection) -> list[str]:
    """Take the foreign keys of PostgreSQL off while rows come in; returns the statements that put them back.

    Rows can refer to later rows of their own table. On SQLite keys are off in migrations, and checked at the end.
    """
    if connection.dialect.name != "postgresql":
        return []
    rows = connection.execute(
        text(
            "SELECT conrelid::regclass::text AS tab, quote_ident(conname) AS con, pg_get_constraintdef(oid) AS meaning"
            " FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
        )
    ).all()
    for row in rows:
        connection.exec_driver_sql(f"ALTER TABLE {row.tab} DROP CONSTRAINT {row.con}")
    return [f"ALTER TABLE {row.tab} ADD CONSTRAINT {row.con} {row.meaning}" for row in rows]


def _load(connection: Connection, lines: Iterator[str]) -> dict[str, Any]:
    tables = {table.name: table for table in read_tables(connection)}
    line = next(lines, None)
    while line is not None and not line.startswith('{"manifest"'):
        head = json.loads(line)
        table = tables.get(head["table"])
        if table is None or head["columns"] != [column.name for column in ordered(table)]:
            raise Unreadable(f"Tabel {head['table']} past niet bij deze versie van inleer.")
        rows = _Rows(lines)
        load(connection, table, rows)
        line = rows.next_head
    if line is None:
        raise Unreadable("Deze back-up is niet compleet.")
    manifest: dict[str, Any] = json.loads(line)["manifest"]
    return manifest


class _Rows:
    """The lines up to the next head (a row is an array, a head an object), which it keeps."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.next_head: str | None = None
        self._lines = lines

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            if line.startswith("{"):
                self.next_head = line
                return
            yield line
