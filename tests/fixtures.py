"""Fixtures for every test: a fresh migrated database of each kind, an app on it, a client, and people to act as.

A test that asks for ``app``, ``settings``, ``client`` or ``database`` runs twice, on SQLite and on PostgreSQL; a test
that works on one of them only says ``@pytest.mark.parametrize("database", ["sqlite"], indirect=True)``.
"""

from __future__ import annotations

import contextvars
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from flask import Flask
from flask.globals import _cv_app, _cv_request
from flask.testing import FlaskClient
from psycopg import sql
from sqlalchemy.engine import make_url
from werkzeug.test import TestResponse

from inleer.config import Settings
from inleer.extend import manifests
from inleer.migrate import all_owners, upgrade
from inleer.policy import Actor
from tests import dbserver
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


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty, migrated database."""
    if request.param == "sqlite":
        path = tmp_path / "inleer.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"
    url: str = request.getfixturevalue("postgres_url")
    empty(url)
    return url


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
def settings(database: str, tmp_path: Path) -> Settings:
    """Settings of a test installation: cheap hashes, its own var folder."""
    var = tmp_path / "var"
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
    from inleer.app import create_app
    from inleer.db import db

    made = create_app(settings)
    made.test_client_class = Client
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without scripts, over https. Its requests share no session with the test itself."""
    return app.test_client()


@pytest.fixture
def actor(app: Flask) -> Callable[..., Actor]:
    """``actor(Role.COACH, organisation_id=None, name=…)``: a stored user with that role, as actor."""
    return make_actor


class Client(FlaskClient):
    """A test client whose requests get an application context, a session and a ``g`` of their own.

    The test's own context is pushed all the time; without this a request would share its database session and
    who is logged in.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.environ_base.update({"wsgi.url_scheme": "https"})

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request, between two transactions of the test's own session."""
        from inleer.db import db

        db.session.rollback()
        kwargs.setdefault("base_url", "https://localhost")
        response: TestResponse = contextvars.copy_context().run(self._open_afresh, *args, **kwargs)
        db.session.rollback()  # whatever the test holds is read again
        return response

    def _open_afresh(self, *args: Any, **kwargs: Any) -> TestResponse:
        _cv_app.set(None)  # type: ignore[arg-type]
        _cv_request.set(None)  # type: ignore[arg-type]
        return super().open(*args, **kwargs)


def identifiers(count: int) -> list[UUID]:
    """The same ids in every run, for tests whose outcome must not depend on chance."""
    return [UUID(int=number + 1) for number in range(count)]
