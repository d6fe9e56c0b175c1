"""``inleer plugin purge``: exported first, asked for, refused while cohorts run, and only what is the plugin's own."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import create_engine, inspect

from inleer.audit import in_bulk
from inleer.cli import main
from inleer.cli.base import Cli
from inleer.cohorts.models import Cohort
from inleer.config import Settings
from inleer.db import db, unit_of_work
from inleer.errors import DomainError
from inleer.extend import manifests
from inleer.migrate import all_owners, upgrade
from inleer.ops import purging
from tests import rows
from tests.world import build


@pytest.fixture
def filled(bare_database: str, tmp_path: Path) -> Settings:
    """A database of its own, with one row in each table of the plugins."""
    upgrade(bare_database, all_owners(manifests()))
    engine = create_engine(bare_database)
    with engine.begin() as connection:
        rows.fill(connection, leave=["audit_event"])
    engine.dispose()
    var = tmp_path / "var"
    var.mkdir()
    return Settings(database_url=bare_database, secret_key="s" * 40, var_dir=var, testing=True)


def purge(settings: Settings, *words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(main, ["plugin", "purge", *words], obj=Cli(settings), input=typed)


def contents(url: str) -> dict[str, list[tuple[object, ...]]]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = rows.dump(connection)
    engine.dispose()
    return found


def tables(url: str) -> set[str]:
    engine = create_engine(url)
    found = set(inspect(engine).get_table_names())
    engine.dispose()
    return found


def test_it_exports_asks_and_takes_away_the_plugins_own_tables_only(filled: Settings) -> None:
    before = contents(filled.database_url)
    own = {name for name in before if name.startswith("zorg_")}
    said = purge(filled, "zorg", typed="n\n")
    assert said.exit_code == 1 and f"{len(own) + 1} tabellen van zorg" in said.output
    assert contents(filled.database_url) == before and not (filled.var_dir / "plugins").exists()

    said = purge(filled, "zorg", typed="y\n")
    assert said.exit_code == 0, said.output
    (path,) = (filled.var_dir / "plugins").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and str(path) in said.output.replace("\n", "")
    head, *lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert head["plugin"] == "zorg" and set(head["tables"]) == {*own, "alembic_version_zorg"}
    assert {line["table"] for line in lines} == set(head["tables"])
    for line in lines:
        if line["table"] in own:
            assert len(line["row"]) == len(before[line["table"]][0])
    after = contents(filled.database_url)
    untouched = {name: content for name, content in before.items() if name not in {*own, "audit_event"}}
    assert {name: content for name, content in after.items() if name != "audit_event"} == untouched
    assert "alembic_version_zorg" not in tables(filled.database_url)
    told = sorted(after["audit_event"], key=repr)
    assert len(told) == 1 and "plugin.purged" in told[0]
    assert purge(filled, "zorg", "--yes").exit_code == 2, "there is nothing any more"


def test_a_file_that_cannot_be_written_takes_nothing_away(filled: Settings) -> None:
    before = contents(filled.database_url)
    (filled.var_dir / "plugins").write_text("in the way")
    assert purge(filled, "zorg", "--yes").exit_code != 0
    assert contents(filled.database_url) == before


def test_not_while_cohorts_of_its_routes_run(app: Flask, settings: Settings) -> None:
    world = build(app, people=1, weeks=1)
    db.session.rollback()
    said = purge(settings, "zorg", "--yes")
    assert (
        said.exit_code == 2
        and f"Lichting {world.own.canary}" in said.output
        and "--with-running" in said.output
    )
    ended = db.update(Cohort).values(state="completed")
    with unit_of_work():
        db.session.execute(in_bulk(ended, "test"), execution_options={"synchronize_session": False})
    said = purge(settings, "zorg", typed="n\n")
    assert "Er lopen" not in said.output and "weghalen?" in said.output


@pytest.mark.parametrize("name", ["bestaat_niet", "core", "", "zor", "zorg_"])
def test_only_what_is_known_as_a_plugin(app: Flask, settings: Settings, name: str) -> None:
    said = purge(settings, name, "--yes")
    assert said.exit_code == 2 and "heeft hier geen tabellen" in said.output and "zorg" in said.output


def test_never_a_table_of_the_core_or_of_a_longer_name(bare_database: str) -> None:
    upgrade(bare_database, all_owners(manifests()))
    engine = create_engine(bare_database)
    with engine.begin() as connection:
        for name in ("cohort", "zorg_thuis"):
            connection.exec_driver_sql(f"CREATE TABLE alembic_version_{name} (version_num VARCHAR(32))")
        connection.exec_driver_sql("CREATE TABLE zorg_thuis_visit (id INTEGER)")
    with engine.connect() as connection:
        with pytest.raises(DomainError, match="cohort_phase"):
            purging.tables_of(connection, "cohort")
        names = {table.name for table in purging.tables_of(connection, "zorg")}
        assert "zorg_visit" in names and "zorg_thuis_visit" not in names
        assert [t.name for t in purging.tables_of(connection, "zorg_thuis")] == [
            "zorg_thuis_visit",
            "alembic_version_zorg_thuis",
        ]
    engine.dispose()
