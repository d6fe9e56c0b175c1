"""Promise 64: no default secret, weak ones refused, rotation with former keys, and a doctor that sees what is wrong."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from inleer.cli import main
from inleer.cli.base import Cli
from inleer.config import ConfigError, Settings, check_secret, from_environment
from inleer.ops import install
from inleer.ops.doctor import examine, healthy
from inleer.policy import Role
from tests.accounts.logins import make_login, sign_in
from tests.fixtures import SECRET

sqlite_only = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


# --- secrets ------------------------------------------------------------------------------------------------------


def test_there_is_no_default_secret(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="INLEER_SECRET_KEY ontbreekt"):
        from_environment({"INLEER_VAR_DIR": str(tmp_path)})


@pytest.mark.parametrize(
    "weak", ["secret", "changeme", "a" * 64, "abcabcabc" * 8, "x" * 31, "", "1234567890"]
)
@pytest.mark.parametrize("name", ["INLEER_SECRET_KEY", "INLEER_SECRET_KEY_FALLBACKS"])
def test_a_weak_secret_stops_the_start(tmp_path: Path, weak: str, name: str) -> None:
    if name.endswith("FALLBACKS") and not weak:
        return
    environment = {"INLEER_VAR_DIR": str(tmp_path), "INLEER_SECRET_KEY": SECRET, name: weak}
    with pytest.raises(ConfigError):
        from_environment(environment)


@given(st.text(max_size=31) | st.sampled_from("abcdefghi").map(lambda letter: letter * 100))
def test_short_or_monotonous_is_weak(secret: str) -> None:
    with pytest.raises(ConfigError):
        check_secret(secret)


def test_an_unknown_setting_stops_the_start(tmp_path: Path) -> None:
    environment = {"INLEER_VAR_DIR": str(tmp_path), "INLEER_SECRET_KEY": SECRET, "INLEER_SECRETKEY": "x"}
    with pytest.raises(ConfigError, match="INLEER_SECRETKEY"):
        from_environment(environment)


def test_init_makes_a_strong_secret_that_only_we_can_read(tmp_path: Path) -> None:
    made = install.make_secret(tmp_path)
    assert made is not None
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    content = made.read_text().strip()
    check_secret(content)
    assert install.make_secret(tmp_path) is None, "a second time keeps the first"
    assert made.read_text().strip() == content
    assert from_environment({"INLEER_VAR_DIR": str(tmp_path)}).secret_key == content


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o777])
def test_a_secret_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    made = install.make_secret(tmp_path)
    assert made is not None
    made.chmod(mode)
    with pytest.raises(ConfigError, match="leesbaar voor anderen"):
        from_environment({"INLEER_VAR_DIR": str(tmp_path)})


@sqlite_only
@pytest.mark.parametrize("command", [["serve"], ["worker"], ["worker", "--once"]])
def test_serve_and_worker_refuse_the_schema_of_another_version(
    database: str, settings: Settings, command: list[str]
) -> None:
    engine = create_engine(database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    engine.dispose()
    result = CliRunner().invoke(main, command, obj=Cli(settings))
    assert result.exit_code == 1
    assert "ouder dan deze versie" in result.output
    assert "inleer db upgrade" in result.output


@pytest.mark.parametrize("command", ["serve", "worker", "doctor"])
def test_commands_refuse_weak_and_unknown_settings(
    tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [n for n in os.environ if n.startswith("INLEER_") and not n.startswith("INLEER_TEST_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("INLEER_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("INLEER_SECRET_KEY", "geheim")
    result = CliRunner().invoke(main, [command])
    assert (result.exit_code, "te zwak" in result.output) == (1, True)
    monkeypatch.setenv("INLEER_SECRET_KEY", SECRET)
    monkeypatch.setenv("INLEER_DATABSE_URL", "sqlite:///x.db")
    result = CliRunner().invoke(main, [command])
    assert (result.exit_code, "INLEER_DATABSE_URL" in result.output) == (1, True)


# --- rotation -----------------------------------------------------------------------------------------------------

NEXT = "next-9876543210-zyxwvutsrqponmlkjihgfedcba"


def _key(app: Flask, *keys: str) -> None:
    """Let the application sign with the first key, and still know the others."""
    known = replace(app.config["INLEER"], secret_key=keys[0], secret_key_fallbacks=keys[1:])
    app.config.update(INLEER=known, SECRET_KEY=keys[0], SECRET_KEY_FALLBACKS=list(keys[1:]))


def test_who_is_logged_in_stays_so_while_the_key_is_rotated(app: Flask) -> None:
    """The former key opens the cookie as long as it is on the list; without it the cookie is nobody's."""
    here, away = app.test_client(), app.test_client()
    for client in (here, away):
        sign_in(client, make_login(Role.COACH))
    _key(app, NEXT, SECRET)
    assert here.get("/account").status_code == 200
    _key(app, NEXT)
    assert away.get("/account").status_code == 303, "the control: this cookie was signed with the former key"


def test_a_cookie_written_during_the_rotation_outlives_it(app: Flask, client: FlaskClient) -> None:
    login = make_login(Role.COACH)
    _key(app, NEXT, SECRET)
    sign_in(client, login)
    _key(app, NEXT)
    assert client.get("/account").status_code == 200


def test_the_doctor_has_25_checks_and_one_that_fails_is_its_exit_status(tmp_path: Path) -> None:
    """Without a database most are skipped, some fail, and the status says so to who watches it."""
    url = f"sqlite:///{tmp_path / 'nowhere' / 'inleer.db'}"
    found = examine(lambda: Settings(database_url=url, secret_key=SECRET, var_dir=tmp_path))
    assert len(found) >= 25
    assert not healthy(found)
    result = CliRunner().invoke(
        main, ["doctor"], obj=Cli(Settings(database_url=url, secret_key=SECRET, var_dir=tmp_path))
    )
    assert result.exit_code == 1
