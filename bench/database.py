"""Databases of the measurement: one for each size, migrated, and gone afterwards."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from inleer.extend import manifests
from inleer.migrate import all_owners, upgrade
from tests import dbserver

PREFIX = "bench_"


@contextmanager
def server() -> Iterator[tuple[str, str]]:
    """A PostgreSQL server as (administrator's URL, what it is). Raises RuntimeError without one."""
    found, problems = dbserver.find_server()
    if found is None:
        raise RuntimeError("; ".join(["no PostgreSQL server found", *problems]))
    try:
        yield found.url, found.label
    finally:
        found.stop()


def connect(url: str, **options: Any) -> psycopg.Connection[Any]:
    """A connection of our own to a SQLAlchemy URL, that commits by itself."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True, **options)


@contextmanager
def fresh(admin: str) -> Iterator[str]:
    """The URL of an empty, migrated database that exists while the block runs."""
    name = f"{PREFIX}{secrets.token_hex(4)}"
    with connect(admin) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name))
        )
    url = make_url(admin).set(database=name).render_as_string(hide_password=False)
    try:
        upgrade(url, all_owners(manifests()))
        yield url
    finally:
        with connect(admin) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )


def backends(connection: psycopg.Connection[Any]) -> list[int]:
    """The processes of the server that work for this database, our own left out."""
    statement = """SELECT pid FROM pg_stat_activity WHERE datname = current_database()
        AND backend_type IN ('client backend', 'parallel worker') AND pid <> pg_backend_pid()"""
    return [row[0] for row in connection.execute(statement)]
