"""Promise 28: what was confirmed survives a power cut; the doctor says so and sees when it would not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from inleer.config import Settings
from inleer.db import db, unit_of_work
from inleer.ops import checks_database
from inleer.ops.checkup import CHECKS, FAIL, OK, Patient, perform
from inleer.ops.doctor import examine
from tests import plugin_logs


def result(name: str, settings: Settings) -> str:
    patient = Patient(lambda: settings)
    try:
        return perform(CHECKS[name], patient).state
    finally:
        patient.close()


def test_the_settings_of_the_app_itself(app: Flask) -> None:
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        pragmas = ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        found = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in pragmas]
        assert found == ["wal", 2, 5000, 1]
    else:
        for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
            assert connection.execute(text(f"SHOW {name}")).scalar() != "0"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_reader_takes_no_write_lock_and_a_writer_does(app: Flask) -> None:
    def can_write() -> bool:
        engine = create_engine(db.engine.url, connect_args={"timeout": 0})
        try:
            with engine.connect() as connection:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            return True
        except Exception:
            return False
        finally:
            engine.dispose()

    db.session.execute(text("SELECT 1 FROM organisation"))
    assert can_write()
    with unit_of_work() as session:
        session.execute(text("SELECT 1 FROM organisation"))
        assert not can_write()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_doctor_is_content(settings: Settings) -> None:
    for name in ("durability", "foreign_keys_on", "waiting_for_locks", "writing_starts_at_once"):
        assert result(name, settings) == OK, name


PRAGMAS = [
    ("durability", "synchronous=NORMAL"),
    ("foreign_keys_on", "foreign_keys=OFF"),
    ("waiting_for_locks", "busy_timeout=100"),
]


@pytest.mark.parametrize(("name", "pragma"), PRAGMAS)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_doctor_sees_a_weaker_setting(
    settings: Settings, name: str, pragma: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: an app whose engine is set up less carefully."""
    from sqlalchemy import event

    from inleer.db.core import prepare_engine
    from inleer.ops import noting

    careful = prepare_engine

    def careless(engine: object) -> None:
        careful(engine)  # type: ignore[arg-type]

        @event.listens_for(engine, "connect")
        def _weaken(connection: object, _record: object) -> None:
            connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]

    monkeypatch.setattr(noting, "prepare_engine", careless)
    assert result(name, settings) == FAIL


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_doctor_sees_deferred_transactions(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from inleer.ops import noting

    monkeypatch.setattr(noting, "prepare_engine", lambda _engine: None)
    assert result("writing_starts_at_once", settings) == FAIL


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_doctor_reads_the_settings_of_postgresql(
    database: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server of the tests may be set up without durability: the check must agree with what the server says."""
    engine = create_engine(database)
    with engine.connect() as connection:
        names = ("fsync", "full_page_writes", "synchronous_commit")
        durable = all(connection.execute(text(f"SHOW {name}")).scalar() != "off" for name in names)
        connection.rollback()
    engine.dispose()
    assert result("durability", settings) == (OK if durable else FAIL)
    monkeypatch.setattr(checks_database, "text", lambda sql: text(sql.replace("SHOW fsync", "SELECT 'off'")))
    assert result("durability", settings) == FAIL


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_every_commit_reaches_the_disk(settings: Settings, tmp_path: Path) -> None:
    """Counted by the kernel: at least one fsync for each of twenty saves."""
    script = tmp_path / "saves.py"
    script.write_text(
        "import sys\n"
        "from pathlib import Path\n"
        "from inleer.config import Settings\n"
        "from inleer.db import unit_of_work\n"
        "from inleer.jobs.outbox import enqueue\n"
        "from inleer.ops.noting import database_app\n"
        "app = database_app(Settings(database_url=sys.argv[1], secret_key='x' * 40, var_dir=Path('.')))\n"
        "with app.app_context():\n"
        "    for number in range(20):\n"
        "        with unit_of_work():\n"
        "            enqueue('test', {'n': number})\n"
    )
    trace = tmp_path / "trace"
    command = [
        "strace",
        "-f",
        "-e",
        "trace=fsync,fdatasync",
        "-o",
        trace,
        sys.executable,
        script,
        settings.database_url,
    ]
    done = subprocess.run(
        [str(part) for part in command], check=True, capture_output=True, timeout=120, text=True
    )
    plugin_logs.read_text(done.stdout + done.stderr)
    assert trace.read_text().count("sync(") >= 20


def test_all_checks_run_on_this_database(settings: Settings) -> None:
    findings = examine(lambda: settings)
    assert len(findings) >= 25
    assert not [f for f in findings if f.state == "skip"]
    assert not [f for f in findings if "nakijken mislukt" in f.sentence]
