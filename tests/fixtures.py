"""Fixtures for every test: a fresh migrated database of each kind, an app on it, a client, and people to act as.

A test that asks for ``app``, ``settings``, ``client`` or ``database`` runs twice, on SQLite and on PostgreSQL; a test
that works on one of them only says ``@pytest.mark.parametrize("database", ["sqlite"], indirect=True)``.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg import sql
from sqlalchemy.engine import make_url

from inleer.config import Settings
from inleer.extend import manifests
from inleer.migrate import all_owners, upgrade
from inleer.policy import Actor
from tests import apps, dbserver
from tests.actors import make_actor

SECRET = "test-0123456789-abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that each test copies."""
    path = tmp_path_factory.mktemp("template") / "inleer.db"
    upgrade(f"sqlite:///{path}", all_owners(manifests()))
    return path


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """This worker's migrated PostgreSQL database; skips when this run has no server."""
    if dbserver.server_url() is None:
        pytest.skip(dbserver.NONE_FOUND)
    url = dbserver.create_database(os.environ.get("PYTEST_XDIST_WORKER", "main"))
    upgrade(url, all_owners(manifests()))
    yield url
    dbserver.drop_database(url)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of this worker's embedded database and of its var folder; each test finds it as new."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, home: Path) -> str:
    """The URL of an empty, migrated database."""
    if request.param == "sqlite":
        return renew(home / "inleer.db", request.getfixturevalue("sqlite_template"))
    url: str = request.getfixturevalue("postgres_url")
    empty(url)
    return url


def renew(path: Path, template: Path) -> str:
    """Put a copy of a SQLite file where an earlier test had one; returns its URL."""
    for old in path.parent.glob(f"{path.name}*"):  # with its write-ahead log
        old.unlink()
    shutil.copy(template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'bare.db'}"
        return
    if dbserver.server_url() is None:
        pytest.skip(dbserver.NONE_FOUND)
    url = dbserver.create_database("bare")
    yield url
    dbserver.drop_database(url)


def empty(url: str) -> None:
    """Delete all rows of a PostgreSQL test database; as a replica, so that keys and append-only triggers rest."""
    made = make_url(url)
    with psycopg.connect(
        host=made.host, port=made.port, user=made.username, password=made.password, dbname=made.database
    ) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET lock_timeout = '5s'")
        tables = [
            row[0]
            for row in connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND NOT tablename LIKE 'alembic\\_%'"
            )
        ]
        questions = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(sql.Literal(t), sql.Identifier(t))
            for t in tables
        )
        for (table,) in connection.execute(questions).fetchall():
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))


@pytest.fixture
def settings(database: str, home: Path) -> Settings:
    """Settings of a test installation: cheap hashes, its own var folder."""
    var = home / "var"
    shutil.rmtree(var, ignore_errors=True)
    var.mkdir()
    return Settings(
        database_url=database,
        secret_key=SECRET,
        var_dir=var,
        base_url="https://localhost",
        argon2_memory_kib=64,
        argon2_time=1,
        testing=True,
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application on a fresh database, with its context pushed: ``db.session`` and actions work as they are."""
    from inleer.db import db

    made = apps.borrow(settings)
    before = apps.as_it_is(made)
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()
    apps.give_back(made, before)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without scripts, over https. Its requests share no session with the test itself."""
    return app.test_client()


@pytest.fixture
def actor(app: Flask) -> Callable[..., Actor]:
    """``actor(Role.COACH, organisation_id=None, name=…)``: a stored user with that role, as actor."""
    return make_actor


def identifiers(count: int) -> list[UUID]:
    """The same ids in every run, for tests whose outcome must not depend on chance."""
    return [UUID(int=number + 1) for number in range(count)]
