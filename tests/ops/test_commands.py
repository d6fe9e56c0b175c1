"""The commands of operations as others script them: names, exit statuses, JSON, and what they audit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, text

from inleer.cli import main
from inleer.cli.base import Cli
from inleer.config import Settings
from inleer.extend import manifests
from inleer.migrate import all_owners
from tests import rows
from tests.fixtures import SECRET


def run(settings: Settings, *words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(main, list(words), obj=Cli(settings), input=typed)


def settings_for(url: str, folder: Path) -> Settings:
    return Settings(database_url=url, secret_key=SECRET, var_dir=folder)


def test_db_from_nothing_to_head_and_back(bare_database: str, tmp_path: Path) -> None:
    settings = settings_for(bare_database, tmp_path)
    owners = all_owners(manifests())
    assert run(settings, "db", "check").exit_code == 1
    upgraded = run(settings, "db", "upgrade")
    assert upgraded.exit_code == 0
    assert [line.split(":")[0] for line in upgraded.output.splitlines()] == [owner.name for owner in owners]
    assert run(settings, "db", "upgrade").output == "Niets te doen.\n"
    shown = json.loads(run(settings, "db", "status", "--json").output)
    assert shown == {
        "owners": [
            {"owner": owner.name, "current": owner.head, "head": owner.head, "state": "current"}
            for owner in owners
        ],
        "orphans": [],
    }
    assert run(settings, "db", "check").output == "De tabellen kloppen.\n"
    assert run(settings, "db", "downgrade", "base", typed="n\n").exit_code == 1, "it asks"
    for owner in reversed(owners):
        assert run(settings, "db", "downgrade", "base", "--owner", owner.name, "--yes").exit_code == 0
    assert "nog niet gemaakt" in run(settings, "db", "check").output


def test_db_check_names_what_differs(database: str, tmp_path: Path) -> None:
    settings = settings_for(database, tmp_path)
    engine = create_engine(database)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE organisation ADD COLUMN planted INTEGER"))
    result = run(settings, "db", "check")
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE organisation DROP COLUMN planted"))
    engine.dispose()
    assert result.exit_code == 1
    assert "planted" in result.output


def test_an_unknown_owner_or_revision_is_refused(database: str, tmp_path: Path) -> None:
    settings = settings_for(database, tmp_path)
    for words in (("base", "--owner", "weg"), ("9999",)):
        result = run(settings, "db", "downgrade", *words, "--yes")
        assert result.exit_code == 1
        assert result.output.startswith("Fout: ")


def test_backup_create_verify_restore(database: str, tmp_path: Path) -> None:
    settings = settings_for(database, tmp_path)
    engine = create_engine(database)
    with engine.begin() as connection:
        rows.fill(connection, leave=["audit_event"])
    made = run(settings, "backup", "create", "--verify", "--keep-days", "35", "--json")
    assert made.exit_code == 0, made.output
    content = json.loads(made.output)
    path = content["file"]
    assert content["tables"]["candidate"]["rows"] == 1
    assert json.loads(run(settings, "backup", "verify", path, "--json").output)["rows"] == content["rows"]
    assert run(settings, "backup", "restore", path).exit_code == 1
    assert run(settings, "backup", "restore", path, "--force").exit_code == 0
    with engine.connect() as connection:
        recorded = connection.execute(
            text("SELECT action, subject_id, role FROM audit_event ORDER BY sequence")
        ).all()
    engine.dispose()
    # the first act came after the copy was made, so the copy does not hold it
    assert [tuple(row) for row in recorded] == [("backup.restore", Path(path).name, "system")]


def test_a_backup_that_is_none_is_refused(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("hallo")
    for words in (
        ("verify", str(tmp_path / "x")),
        ("verify", str(tmp_path / "y")),
        ("restore", str(tmp_path / "x"), "--force"),
    ):
        result = run(settings, "backup", *words)
        assert result.exit_code == 1
        assert "Traceback" not in result.output


def test_one_round_of_the_worker(settings: Settings) -> None:
    assert run(settings, "worker", "--once").output == "Verstuurd: 0, later opnieuw: 0, mislukt: 0.\n"
    assert (settings.var_dir / "audit-heads.txt").exists() is False, "an empty trail has no head"
    assert run(settings, "worker", "--retry-failed").exit_code == 0


def test_all_commands_of_the_contract_are_there(settings: Settings) -> None:
    """Importing each: a command whose module is broken shows here, and not when somebody needs it."""
    for words in (["init"], ["serve"], ["worker"], ["doctor"], ["db"], ["backup"]):
        result = run(settings, *words, "--help")
        assert result.exit_code == 0, words


def test_nobody_is_invited_without_a_name(settings: Settings) -> None:
    for name in ([], ["--name", " "]):
        refused = run(settings, "user", "invite", "noor@example.nl", "--role", "coach", *name)
        assert refused.exit_code == 2
        assert "--name" in refused.output


def test_the_worker_beside_a_demo_says_where_the_demo_is(tmp_path: Path) -> None:
    settings = settings_for(f"sqlite:///{tmp_path / 'inleer.db'}", tmp_path)
    assert "De demo" not in run(settings, "worker", "--once").output
    (tmp_path / "demo.db").touch()
    told = run(settings, "worker", "--once")
    assert told.exit_code == 1
    assert f"zet INLEER_DATABASE_URL=sqlite:///{tmp_path / 'demo.db'}" in told.output


def test_plugins_are_listed_before_there_is_an_installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INLEER_VAR_DIR", str(tmp_path / "var"))
    monkeypatch.delenv("INLEER_SECRET_KEY", raising=False)
    monkeypatch.setenv("INLEER_PLUGINS", "zorg")
    listed = CliRunner().invoke(main, ["plugins", "--json"])
    assert listed.exit_code == 0, listed.output
    found = {plugin["name"]: plugin["on"] for plugin in json.loads(listed.stdout)["plugins"]}
    assert (found["zorg"], found["logistiek"]) == (True, False)
    assert not (tmp_path / "var").exists()
    monkeypatch.setenv("INLEER_PLUGIN", "zorg")
    assert "Onbekende instelling: INLEER_PLUGIN." in CliRunner().invoke(main, ["plugins"]).output
