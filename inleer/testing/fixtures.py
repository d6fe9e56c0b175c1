"""Fixtures for tests of plugins, registered with pytest by inleer itself.

``inleer_plugin`` is the name of the plugin under test: the contract gives it, other tests set it with a fixture of
their own. Each test has a fresh SQLite database; with INLEER_TEST_DATABASE_URL a PostgreSQL server is used beside it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from inleer.testing.builders import PluginWorld

SECRET = "test-0123456789-abcdefghijklmnopqrstuvwxyz"  # nosec B105 - of databases that live as long as a test


@pytest.fixture(scope="session")
def inleer_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that each test copies."""
    from inleer.extend import manifests
    from inleer.migrate import all_owners, upgrade

    path = tmp_path_factory.mktemp("inleer") / "inleer.db"
    upgrade(f"sqlite:///{path}", all_owners(manifests()))
    return path


@pytest.fixture
def inleer_plugin(request: pytest.FixtureRequest) -> str:
    """The name of the plugin under test."""
    name: str = getattr(request.cls, "plugin", "")
    if not name:
        pytest.fail("say which plugin is tested: class TestContract(PluginContract): plugin = NAME")
    return name


@pytest.fixture
def inleer_database(inleer_template: Path, tmp_path: Path) -> str:
    """The URL of an empty, migrated database with the tables of every installed plugin."""
    url = os.environ.get("INLEER_TEST_DATABASE_URL", "")
    if url:
        from inleer.extend import manifests
        from inleer.migrate import all_owners, upgrade

        upgrade(url, all_owners(manifests()))
        return url
    path = tmp_path / "inleer.db"
    shutil.copy(inleer_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def inleer_app(inleer_database: str, tmp_path: Path) -> Iterator[Flask]:
    """The application with every installed plugin, its context pushed: actions and ``db.session`` work as they are."""
    from inleer.app import create_app
    from inleer.config import Settings
    from inleer.db import db

    var = tmp_path / "var"
    var.mkdir(exist_ok=True)
    settings: Any = Settings(
        database_url=inleer_database,
        secret_key=SECRET,
        var_dir=var,
        base_url="https://localhost",
        argon2_memory_kib=64,
        argon2_time=1,
        testing=True,
    )
    app = create_app(settings)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def inleer_world(inleer_app: Flask, inleer_plugin: str) -> PluginWorld:
    """An agency, partners and a cohort on the plugin's first route, eight weeks ago begun, with three people."""
    from inleer.testing.builders import build_world

    registry = inleer_app.extensions["inleer"]
    routes = [owned.value.key for owned in registry.routes if owned.plugin == inleer_plugin]
    if not routes:
        pytest.skip(f"plugin {inleer_plugin} brings no route")
    return build_world(inleer_app, routes[0])
