"""The one place that knows the product: its command line, called in this process, on a database of its own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from inleer import audit, clock
from inleer.accounts.models import Organisation
from inleer.app import create_app
from inleer.attendance.lateness import set_rule
from inleer.cli import main
from inleer.cli.base import Cli
from inleer.config import from_environment
from inleer.db import db, unit_of_work
from inleer.policy import system_actor
from tests import dbserver

from .facts import Kind

# Every edition lies in the past on this day, whenever the tests run.
NOW = datetime(2027, 10, 1, 10, tzinfo=UTC)
KINDS: tuple[Kind, ...] = ("candidates", "sessions", "attendance", "intentions")


def run_cli(args: list[str], env: Mapping[str, str], obj: Cli | None = None) -> tuple[int, str]:
    """Run `inleer ARGS`: exit code and standard output. An exception inside is not swallowed."""
    with clock.frozen(NOW):
        result = CliRunner().invoke(main, args, env=env, obj=obj)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout


@dataclass(frozen=True)
class World:
    """An initialised inleer with a database of its own.

    Its commands use one application, which the first of them makes from the environment: hundreds of commands in a
    process would make hundreds.
    """

    env: Mapping[str, str]
    folder: Path
    cli: Cli = field(default_factory=Cli)

    def run(self, *args: str) -> str:
        """Run a command that must succeed; its output."""
        code, output = run_cli(list(args), self.env, self.cli)
        assert code == 0, f"inleer {' '.join(args)} gave {code}: {output}"
        return output

    def make_school(self, slug: str, late_from: date) -> None:
        """A school at which being late is unexcused from a day on; the command line has no word for it."""
        app = create_app(from_environment(self.env))
        with app.app_context(), clock.frozen(NOW):
            with unit_of_work():
                school = Organisation(slug=slug, name=f"School {slug}", kind="school", region="midden")
                db.session.add(school)
                audit.record(system_actor(), "organisation.create", school)
                set_rule(system_actor(), school.id, late_from, True, 0)
            db.session.remove()
            db.engine.dispose()

    def create_cohort(self, slug: str, start: str, region: str, school: str = "") -> None:
        more = ["--school", school] if school else []
        self.run(
            "cohort", "create", "--slug", slug, "--route", "zorg.wijkleerbedrijf", "--version", "2",
            "--name", f"Lichting {slug}", "--start", start, "--region", region, *more,
        )  # fmt: skip

    def take_in(self, kind: Kind, path: Path, slug: str, *options: str, code: int = 0) -> dict[str, Any]:
        """Import one file and return what `--json` says; the exit code must be the given one."""
        args = ["import", kind, str(path), "--cohort", slug, "--json", *options]
        got, output = run_cli(args, self.env, self.cli)
        assert got == code, f"inleer {' '.join(args)} gave {got}, not {code}: {output}"
        answer: dict[str, Any] = json.loads(output)
        return answer

    def report(self, slug: str, at: str | None = None) -> dict[str, Any]:
        day = ["--at", at] if at else []
        figures: dict[str, Any] = json.loads(self.run("report", "cohort", slug, *day, "--json"))
        return figures


def rejected_rows(answer: Mapping[str, Any]) -> list[int]:
    """The rows that an import refused, each once, in order; every problem must be a sentence."""
    for problem in answer["rejected"]:
        assert set(problem) >= {"row", "column", "message"}
        assert len(problem["message"]) > 5
    return sorted({problem["row"] for problem in answer["rejected"]})


def new_world(folder: Path, database: str = "sqlite") -> World:
    """An empty folder and database after `inleer init`; skips the test when there is no PostgreSQL."""
    url = f"sqlite:///{folder / 'inleer.db'}"
    if database == "postgresql":
        if dbserver.server_url() is None:
            pytest.skip(dbserver.NONE_FOUND)
        url = dbserver.create_database("oracle")
    env = {
        "INLEER_DATABASE_URL": url,
        "INLEER_VAR_DIR": str(folder / "var"),
        "INLEER_SECRET_KEY": "oracle-0123456789-abcdefghijklmnopqrstuvwxyz",
        "INLEER_PLUGINS": "zorg",
    }
    code, said = run_cli(["init"], env)
    assert code == 0, said
    return World(env, folder)


def copied(world: World, folder: Path) -> World:
    """A copy of an idle world on SQLite: quicker than another `inleer init`."""
    shutil.copytree(world.folder, folder, dirs_exist_ok=True)
    url = f"sqlite:///{folder / 'inleer.db'}"
    return World({**world.env, "INLEER_DATABASE_URL": url, "INLEER_VAR_DIR": str(folder / "var")}, folder)
