"""Promise 37: nothing migrates at start, two upgrades at once migrate once, a wrong revision is refused; processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

from inleer.config import Settings
from inleer.db import unit_of_work
from inleer.jobs.outbox import enqueue
from inleer.ops.noting import database_app
from tests import plugin_logs
from tests.fixtures import SECRET

PATIENCE_SECONDS = 60


def environment(url: str, folder: Path, **more: str) -> dict[str, str]:
    kept = {n: v for n, v in os.environ.items() if not n.startswith("INLEER_")}
    return kept | {
        "INLEER_DATABASE_URL": url,
        "INLEER_SECRET_KEY": SECRET,
        "INLEER_VAR_DIR": str(folder),
        "PYTHONUNBUFFERED": "1",
        **more,
    }


def start(command: list[str], url: str, folder: Path, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", "from inleer.cli import main; main()", *command],
        env=environment(url, folder, **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def said(process: subprocess.Popen[str]) -> str:
    """What it wrote until its end; the plugin of the logs reads it too."""
    return plugin_logs.read_text(process.communicate(timeout=PATIENCE_SECONDS)[0])


def test_two_upgrades_at_once_migrate_once(bare_database: str, tmp_path: Path) -> None:
    both = [start(["db", "upgrade"], bare_database, tmp_path) for _ in range(2)]
    outputs = [said(process) for process in both]
    assert [process.returncode for process in both] == [0, 0], outputs
    migrated = [output for output in outputs if "core: leeg →" in output]
    assert len(migrated) == 1, outputs
    assert sum("Niets te doen." in output for output in outputs) == 1, outputs


def test_the_app_makes_no_tables(bare_database: str, tmp_path: Path) -> None:
    from inleer.app import create_app
    from inleer.db import db

    app = create_app(Settings(database_url=bare_database, secret_key=SECRET, var_dir=tmp_path, testing=True))
    with app.app_context():
        assert inspect(db.engine).get_table_names() == []
        db.engine.dispose()


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_without_tables_nothing_starts(bare_database: str, tmp_path: Path, command: str) -> None:
    engine = create_engine(bare_database)
    engine.connect().close()
    process = start([command], bare_database, tmp_path)
    output = said(process)
    assert process.returncode == 1
    assert "inleer db upgrade" in output or "inleer init" in output
    assert inspect(engine).get_table_names() == []
    engine.dispose()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[str]) -> int:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return int(answer.status)
        except OSError:
            time.sleep(0.3)
    process.kill()
    raise AssertionError(process.communicate()[0])


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_server_serves_and_stops(database: str, tmp_path: Path) -> None:
    port = free_port()
    more = {
        "INLEER_BIND": f"127.0.0.1:{port}",
        "INLEER_BASE_URL": f"http://127.0.0.1:{port}",
        "INLEER_WORKERS": "1",
    }
    process = start(["serve"], database, tmp_path, **more)
    assert wait_for(f"http://127.0.0.1:{port}/inloggen", process) == 200
    process.send_signal(signal.SIGHUP)  # new workers
    assert wait_for(f"http://127.0.0.1:{port}/inloggen", process) == 200
    process.send_signal(signal.SIGTERM)
    output = said(process)
    assert process.returncode == 0, output
    assert "/inloggen" not in output, "addresses can hold tokens: they are not logged"


def test_the_worker_empties_the_outbox_and_stops(database: str, tmp_path: Path) -> None:
    """A kind without handler: the attempt is noted, with which the worker was at work."""
    settings = Settings(database_url=database, secret_key=SECRET, var_dir=tmp_path)
    app = database_app(settings)
    with app.app_context(), unit_of_work():
        enqueue("nobody", {})
    process = start(["worker"], database, tmp_path)
    engine = create_engine(database)
    until, attempts, days = time.monotonic() + PATIENCE_SECONDS, 0, 0
    while attempts == 0 and time.monotonic() < until and process.poll() is None:
        time.sleep(0.5)
        with engine.connect() as connection:
            attempts = connection.exec_driver_sql("SELECT attempts FROM outbox").scalar_one()
            days = connection.exec_driver_sql("SELECT count(*) FROM daily_run").scalar_one()
    engine.dispose()
    process.send_signal(signal.SIGTERM)
    output = said(process)
    assert attempts == 1, output
    assert days >= 0
    assert process.returncode == 0, output
    with app.app_context():
        from inleer.db import db

        db.engine.dispose()
