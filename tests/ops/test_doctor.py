"""The doctor (promise 64): sound is healthy, every planted fault is found, what was not looked at is never green."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import socket
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import create_engine, text

from inleer import clock
from inleer.cli import main
from inleer.cli.base import Cli
from inleer.config import SECRET_FILE, ConfigError, Settings
from inleer.ops import checks_host, install
from inleer.ops.checkup import CHECKS, FAIL, OK, WARN, Patient, perform
from inleer.ops.doctor import examine, healthy
from tests import rows
from tests.fixtures import SECRET
from tests.world import build

sqlite_only = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def sound(settings: Settings) -> Settings:
    """An installation as it should be."""
    settings.var_dir.chmod(0o700)
    return dataclasses.replace(settings, testing=False)


def test_a_fresh_installation_is_healthy(
    bare_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """init, then doctor: nothing fails, nothing is skipped; twice changes nothing."""
    from inleer.ops import checks_database

    # the server of the tests may run without durability
    monkeypatch.setattr(
        checks_database,
        "text",
        lambda sql: text(
            sql.replace("SHOW fsync", "SELECT 'on'")
            .replace("SHOW full_page_writes", "SELECT 'on'")
            .replace("SHOW synchronous_commit", "SELECT 'on'")
        ),
    )
    settings = Settings(database_url=bare_database, secret_key=SECRET, var_dir=tmp_path / "var")
    first = CliRunner().invoke(main, ["init"], obj=Cli(settings))
    assert first.exit_code == 0, first.output
    assert "Organisatie Werkbedrijf gemaakt (werkbedrijf)" in first.output
    second = CliRunner().invoke(main, ["init"], obj=Cli(settings))
    assert (second.exit_code, second.output) == (0, "Niets te doen.\n")
    result = CliRunner().invoke(main, ["doctor", "--json"], obj=Cli(settings))
    findings = json.loads(result.output)
    assert len(findings) >= 25
    assert {f["state"] for f in findings} <= {OK, WARN}, result.output
    assert result.exit_code == 0
    assert all(f["sentence"].endswith(".") or "inleer " in f["sentence"] for f in findings)


def test_every_check_has_a_name_and_says_something(sound: Settings) -> None:
    findings = examine(lambda: sound)
    assert [f.check for f in findings] == sorted(
        {f.check for f in findings}, key=[f.check for f in findings].index
    )
    assert all(f.sentence and not f.sentence.startswith("None") for f in findings)


def state_of(name: str, settings: Settings) -> str:
    patient = Patient(lambda: settings)
    try:
        finding = perform(CHECKS[name], patient)
    finally:
        patient.close()
    if name != "database":  # of which an error is the answer
        assert "nakijken mislukt" not in finding.sentence, "an error in a check is not what it looks for"
    return finding.state


def test_the_figures_of_people_with_marks_are_counted_again(app: Flask, sound: Settings) -> None:
    build(app)
    assert state_of("figures", sound) == OK
    statements("UPDATE enrolment_total SET planned = planned + 60")(sound)
    assert state_of("figures", sound) == FAIL


SETTINGS = [
    ("base_url", {"base_url": "http://inleer.example.nl"}, FAIL),
    ("base_url", {"base_url": "https://inleer.example.nl/map"}, FAIL),
    ("base_url", {"base_url": "inleer.example.nl"}, FAIL),
    ("base_url", {"base_url": "https://inleer.example.nl"}, OK),
    ("base_url", {"demo": True, "base_url": "http://127.0.0.1:5000"}, OK),
    ("base_url", {"demo": True, "base_url": "http://127.0.0.1:5000", "bind": "127.0.0.1:5001"}, WARN),
    ("base_url", {"demo": True, "bind": "127.0.0.1:5001", "base_url": "http://127.0.0.1:5001"}, OK),
    ("proxies", {"base_url": "https://inleer.example.nl", "proxy_count": 0}, WARN),
    ("proxies", {"base_url": "https://inleer.example.nl", "proxy_count": 1}, OK),
    ("proxies", {"base_url": "https://inleer.example.nl", "proxy_count": 1, "bind": "0.0.0.0:80"}, WARN),
    ("proxies", {"proxy_count": 3}, WARN),
    ("demo_is_local", {"demo": True, "base_url": "https://inleer.example.nl"}, FAIL),
    ("web_workers", {"workers": 0}, FAIL),
    ("web_workers", {"workers": 1}, WARN),
    ("mail_server", {"smtp_url": None}, WARN),
    ("mail_server", {"smtp_url": "http://mail.example.nl"}, FAIL),
    ("mail_sender", {"mail_from": "inleer"}, FAIL),
    ("mail_sender", {"mail_from": "a@localhost", "smtp_url": "smtp://127.0.0.1"}, FAIL),
    ("secret", {"secret_key": "geheim"}, FAIL),
    ("former_keys", {"secret_key_fallbacks": (SECRET,)}, WARN),
    ("plugins_missing", {"plugins": ("zorg", "weg")}, FAIL),
    ("var_folder", {"var_dir": Path("/nergens")}, FAIL),
    ("database", {"database_url": "sqlite:////nergens/inleer.db"}, FAIL),
]


@sqlite_only
@pytest.mark.parametrize(("name", "change", "expected"), SETTINGS)
def test_settings_that_are_wrong_or_unwise(
    sound: Settings, name: str, change: dict[str, Any], expected: str
) -> None:
    assert state_of(name, dataclasses.replace(sound, **change)) == expected


@sqlite_only
def test_a_mail_server_that_does_not_answer(sound: Settings) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        url = f"smtp://127.0.0.1:{listener.getsockname()[1]}"
        assert state_of("mail_server", dataclasses.replace(sound, smtp_url=url)) == FAIL
        listener.listen()
        assert state_of("mail_server", dataclasses.replace(sound, smtp_url=url)) == OK


Plant = Callable[[Settings], None]


def statements(*sql: str) -> Plant:
    def run(settings: Settings) -> None:
        engine = create_engine(settings.database_url)
        with engine.begin() as connection:
            if not settings.is_sqlite:
                connection.execute(text("SET session_replication_role = replica"))
            for statement in sql:
                connection.execute(text(statement))
        engine.dispose()

    return run


def filled(settings: Settings) -> None:
    engine = create_engine(settings.database_url)
    with engine.begin() as connection:
        rows.fill(connection)
    engine.dispose()


def filled_and(sql: str) -> Plant:
    def run(settings: Settings) -> None:
        filled(settings)
        statements(sql)(settings)

    return run


def drop_triggers(settings: Settings) -> None:
    if settings.is_sqlite:
        statements("DROP TRIGGER audit_event_no_update")(settings)
    else:
        statements("ALTER TABLE audit_event DISABLE TRIGGER audit_event_append_only")(settings)


def restore_triggers(settings: Settings) -> None:
    if not settings.is_sqlite:
        statements("ALTER TABLE audit_event ENABLE TRIGGER audit_event_append_only")(settings)


def late_message(settings: Settings) -> None:
    filled(settings)
    then = (clock.now() - timedelta(hours=2)).strftime("%Y-%m-%d %H:%M:%S")
    statements(f"UPDATE outbox SET due_at = '{then}'")(settings)


PLANTED: list[tuple[str, Plant, str]] = [
    ("core_schema", statements("UPDATE alembic_version SET version_num = '0001'"), FAIL),
    ("core_schema", statements("UPDATE alembic_version SET version_num = 'x'"), FAIL),
    ("core_schema", statements("DELETE FROM alembic_version"), FAIL),
    ("orphaned_tables", statements("CREATE TABLE alembic_version_old (version_num VARCHAR(32))"), WARN),
    ("unknown_tables", statements("CREATE TABLE spreadsheet (a INTEGER)"), WARN),
    ("triggers", drop_triggers, FAIL),
    ("references", filled_and("DELETE FROM candidate"), FAIL),
    ("audit_chain", filled, FAIL),  # a row with a made-up hash
    ("routes_unchanged", filled, FAIL),  # the same
    ("routes_published", lambda _s: None, WARN),
    ("work_agency", lambda _s: None, FAIL),
    ("administrator", lambda _s: None, WARN),
    ("outbox_flows", late_message, FAIL),
    ("dead_letters", filled_and("UPDATE outbox SET state = 'failed'"), FAIL),
    ("daily_jobs", lambda _s: None, WARN),
    ("daily_jobs", filled, FAIL),  # last done in January 2026
    ("backups", lambda _s: None, WARN),
]


@pytest.mark.parametrize(
    ("name", "plant", "expected"), PLANTED, ids=[f"{p[0]}{n}" for n, p in enumerate(PLANTED)]
)
def test_planted_faults_are_found(sound: Settings, name: str, plant: Plant, expected: str) -> None:
    if name == "references" and not sound.is_sqlite:
        pytest.skip(
            "PostgreSQL checks references itself; the doctor sees constraints that were never validated"
        )
    healthy_before = name in (
        "core_schema",
        "orphaned_tables",
        "unknown_tables",
        "triggers",
        "references",
        "audit_chain",
        "routes_unchanged",
        "outbox_flows",
        "dead_letters",
    )
    if healthy_before:
        assert state_of(name, sound) == OK
    try:
        plant(sound)
        assert state_of(name, sound) == expected
    finally:
        restore_triggers(sound)
        if not sound.is_sqlite:
            head = CHECKS and Patient(lambda: sound).owners[0].head
            statements(
                "DROP TABLE IF EXISTS alembic_version_old",
                "DROP TABLE IF EXISTS spreadsheet",
                "DELETE FROM alembic_version",
                f"INSERT INTO alembic_version VALUES ('{head}')",
            )(sound)


@sqlite_only
def test_what_cannot_be_checked_is_never_green(sound: Settings) -> None:
    broken = dataclasses.replace(sound, database_url="sqlite:////nergens/inleer.db")
    findings = examine(lambda: broken)
    by_name = {f.check: f.state for f in findings}
    assert by_name["database"] == FAIL
    assert {by_name[n] for n in ("durability", "audit_chain", "figures", "outbox_flows")} == {"skip"}
    assert not healthy(findings)


def test_without_settings_the_rest_is_still_examined() -> None:
    def unreadable() -> Settings:
        raise ConfigError("INLEER_SECRET_KEY ontbreekt.")

    by_name = {f.check: f.state for f in examine(unreadable)}
    assert by_name["settings"] == FAIL
    assert by_name["python"] == OK
    assert by_name["durability"] == "skip"


@sqlite_only
def test_disk_and_clock(sound: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = SimpleNamespace(free=100 * 1024**2)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    assert state_of("disk_space", sound) == FAIL
    usage.free = 500 * 1024**2
    assert state_of("disk_space", sound) == WARN
    monkeypatch.setattr(checks_host, "VENDORED", ("not/there.js",))
    assert state_of("files_for_pages", sound) == FAIL
    with_other_mode = sound.var_dir
    with_other_mode.chmod(0o755)
    assert state_of("var_folder", sound) == WARN


@sqlite_only
def test_an_old_backup_is_named(sound: Settings) -> None:
    folder = sound.var_dir / "backups"
    folder.mkdir()
    path = folder / "inleer-x.inleer-backup"
    path.write_bytes(b"")
    assert state_of("backups", sound) == OK
    old = time.time() - 30 * 3600
    os.utime(path, (old, old))
    assert state_of("backups", sound) == WARN


@sqlite_only
def test_the_secret_file_is_looked_at(sound: Settings) -> None:
    made = install.make_secret(sound.var_dir)
    assert made == sound.var_dir / SECRET_FILE
    assert state_of("secret", sound) == OK
    made.chmod(0o644)
    assert state_of("secret", sound) == FAIL


@sqlite_only
def test_the_exit_status(app: Flask, sound: Settings) -> None:
    """An installation without a work agency fails; the sentence says what to do."""
    result = CliRunner().invoke(main, ["doctor"], obj=Cli(sound, app))
    assert result.exit_code == 1
    assert "[FOUT]   Er is geen werkbedrijf. Voer uit: inleer init" in result.output


@sqlite_only
def test_a_rotation_of_the_key_reaches_the_second_factors(app: Flask, sound: Settings) -> None:
    """Old key → both keys (a code still works, the job encrypts anew) → new key alone."""
    from inleer.accounts.models import User
    from inleer.accounts.secrets import Unreadable, decrypt, encrypt
    from inleer.accounts.signing_in import TOTP
    from inleer.db import db, unit_of_work
    from inleer.ops.rotation import rotate
    from inleer.policy import Role, system_actor
    from tests.actors import make_actor

    user = db.session.get_one(User, make_actor(Role.COACH).user_id)
    with unit_of_work():
        from inleer import audit

        user.totp_secret = encrypt(TOTP, "JBSWY3DPEHPK3PXP")
        audit.record(system_actor(), "test.made", user)
    new = "new-9876543210-zyxwvutsrqponmlkjihgfedcba"
    both = dataclasses.replace(sound, secret_key=new, secret_key_fallbacks=(SECRET,))
    alone = dataclasses.replace(both, secret_key_fallbacks=())
    assert state_of("former_keys", sound) == OK
    assert state_of("former_keys", both) == WARN
    assert state_of("former_keys", alone) == FAIL, "the former key went too early"
    app.config["INLEER"] = both
    with unit_of_work():
        assert rotate(system_actor()) == 1
    with unit_of_work():
        assert rotate(system_actor()) == 0
    app.config["INLEER"] = alone
    assert user.totp_secret is not None
    assert decrypt(TOTP, user.totp_secret) == "JBSWY3DPEHPK3PXP"
    assert state_of("former_keys", alone) == OK
    app.config["INLEER"] = sound
    with pytest.raises(Unreadable):
        decrypt(TOTP, user.totp_secret)
