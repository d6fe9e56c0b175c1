"""Promise 43: a wheel is uninstalled, the core moves on and is used, the wheel comes back: nothing is lost."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from inleer import audit, clock
from inleer.accounts.sessions import start_session
from inleer.app import create_app
from inleer.config import Settings
from inleer.db import db, new_id, unit_of_work
from inleer.extend import manifests
from inleer.migrate import all_owners, core_owner, upgrade
from inleer.policy import Role, system_actor
from inleer.signals.models import Signal
from tests import plugin_logs, rows
from tests.fixtures import SECRET
from tests.sectors import sectors, side_of
from tests.wheels import BIN, Wheel
from tests.world import World, build

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel"), pytest.mark.timeout(600)]

GONE = ("logistiek", "zorg")
SCRIPT = Path(__file__).with_name("visits.py")
COMPLETIONS = "SELECT enrolment_id, phase_key FROM phase_completion ORDER BY 1, 2"
SIGNALS = "SELECT id, state FROM signal WHERE rule = 'zorg.no_visits' ORDER BY id"
NOT_AVAILABLE = "Deze regel is er niet"
REBUILD = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{before}"


def upgrade():
    for table, column, old, new in (("cohort", "name", 200, 300), ("enrolment", "state", 12, 20)):
        with op.batch_alter_table(table) as batch:
            batch.alter_column(
                column, existing_type=sa.String(old), type_=sa.String(new), existing_nullable=False
            )


def downgrade():
    raise NotImplementedError
"""


@dataclass
class House:
    """An environment of its own: the core's libraries, and the wheels that are installed in ``site``."""

    site: Path
    deps: Path
    url: str
    var: Path
    wheel: Wheel

    def uv(self, *words: str | Path) -> None:
        """Install or uninstall in ``site``, without asking any index."""
        command = [BIN / "uv", "pip", words[0], "--quiet", "--python", sys.executable, "--target", self.site]
        self._run([*command, *words[1:]], 0)

    def install(self, *names: str) -> None:
        """Install the wheels of the core ("core") or of plugins."""
        self.uv("install", "--no-deps", "--offline", *(self.wheel(name) for name in names))

    def uninstall(self, *names: str) -> None:
        """Take wheels of plugins away."""
        self.uv("uninstall", *(f"inleer-{name}" for name in names))

    def inleer(self, *words: str, code: int | None = 0) -> str:
        """Run a command of inleer there; returns what it printed. ``code`` None: any exit status will do."""
        return self._run([sys.executable, "-S", "-c", "from inleer.cli import main; main()", *words], code)

    def visit(self, token: str, *paths: str) -> dict[str, tuple[int, str]]:
        """Open pages there: path → status and text."""
        said = self._run([sys.executable, "-S", str(SCRIPT), token, *paths], 0)
        found: dict[str, tuple[int, str]] = json.loads(said.splitlines()[-1])
        return found

    def _run(self, command: list[Any], code: int | None) -> str:
        env = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.var),
            "LANG": "C.UTF-8",
            "PYTHONPATH": os.pathsep.join([str(self.site), str(self.deps)]),
            "PYTHONDONTWRITEBYTECODE": "1",
            "INLEER_DATABASE_URL": self.url,
            "INLEER_SECRET_KEY": SECRET,
            "INLEER_VAR_DIR": str(self.var),
            "INLEER_BASE_URL": "https://localhost",
        }
        words = [str(part) for part in command]
        done = subprocess.run(
            words, cwd=self.var, env=env, capture_output=True, check=False, text=True, timeout=240
        )
        # The log, not what is said to an operator: that may name an edition.
        plugin_logs.read_text("\n".join(line for line in done.stderr.splitlines() if line.startswith("{")))
        assert code in (None, done.returncode), f"{words}\n{done.stdout}\n{done.stderr}"
        return done.stdout if code == 0 else done.stdout + done.stderr


@pytest.fixture
def house(bare_database: str, tmp_path: Path, wheel: Wheel) -> House:
    """The core and both plugins installed from their wheels, on a database of the newest revisions."""
    deps = tmp_path / "deps"
    deps.mkdir()
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if "inleer" not in entry.name and not entry.name.endswith(".pth"):
            (deps / entry.name).symlink_to(entry)
    var = tmp_path / "var"
    var.mkdir()
    made = House(tmp_path / "site", deps, bare_database, var, wheel)
    made.install("core", *GONE)
    upgrade(bare_database, all_owners(manifests(GONE)))
    return made


@pytest.fixture
def app(house: House) -> Iterator[Flask]:
    """The application of this checkout, to fill the database with."""
    made = create_app(
        Settings(
            database_url=house.url,
            secret_key=SECRET,
            var_dir=house.var,
            base_url="https://localhost",
            argon2_memory_kib=64,
            argon2_time=1,
            testing=True,
        )
    )
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


def fill(app: Flask) -> tuple[World, str]:
    """Editions of both plugins, an open signal of zorg, and a coach's session; the token of that."""
    world = build(app, people=2, weeks=8)
    side_of(world.own, sectors()["logistiek"])
    coach = world.own.actors[Role.COACH]
    with unit_of_work() as session:
        about = world.own.candidates[0]
        signal = Signal(
            id=new_id(), subject_id=about, candidate_id=about, cohort_id=world.own.cohort, rule="zorg.no_visits",
            cause="drie weken", tone="warn", on=clock.today(), text="Al drie weken geen bezoek.", facts={},
            owner_id=coach.user_id, state="open", raised_at=clock.now(),
        )  # fmt: skip
        session.add(signal)
        audit.record(system_actor(), "signal.raised", signal)
    with unit_of_work():
        assert coach.membership_id is not None
        token = start_session(coach.user_id, coach.membership_id, "test", second_factor=True)
    db.session.rollback()
    return world, token


def kept(url: str, prefixes: tuple[str, ...] = ("zorg_", "logistiek_")) -> dict[str, list[Any]]:
    """All rows of the tables of these plugins, and of the signals and routes that came of them."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = rows.dump(connection)
    engine.dispose()
    own = {name: content for name, content in found.items() if name.startswith(prefixes)}
    assert own and all(own.values()), "a table without a row proves nothing"
    return own


def sql(url: str, query: str) -> list[Any]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(query))]
    engine.dispose()
    return found


def orphans(house: House) -> list[str]:
    """The plugins that have tables and are not there."""
    found: list[str] = json.loads(house.inleer("db", "status", "--json"))["orphans"]
    return found


def test_a_wheel_goes_and_comes_back_and_nothing_is_lost(house: House, app: Flask) -> None:
    world, token = fill(app)
    side, before, completed = world.own, kept(house.url), sql(house.url, COMPLETIONS)
    signals = sql(house.url, SIGNALS)
    assert "open" in {state for _id, state in signals}
    candidate, cohort = f"/kandidaten/{side.candidates[0]}", f"/lichtingen/{side.cohort}"
    pages = (cohort, candidate, f"{candidate}/fasen", f"{candidate}/aanwezigheid")
    helps = f"/zorg/{side.cohort}/hulpvragen"
    present = house.visit(token, *pages, helps)
    assert [present[page][0] for page in (*pages, helps)] == [200] * 5
    assert NOT_AVAILABLE not in present[f"{candidate}/fasen"][1]

    house.uninstall(*GONE)
    assert not list(house.site.glob("*zorg*")) and not list(house.site.glob("*logistiek*"))
    planted = house.site / "inleer" / "migrations" / "versions" / "9999_rebuild.py"
    planted.write_text(REBUILD.format(before=core_owner().head))
    assert "9999" in house.inleer("db", "upgrade")
    assert kept(house.url) == before

    assert orphans(house) == ["logistiek", "zorg"]
    said = house.inleer("doctor", code=None)  # it has more to say about a test installation
    assert re.search(r"tabellen van plugins die uit staan: logistiek, zorg", said)
    absent = house.visit(token, *pages, helps)
    assert [absent[page][0] for page in pages] == [200] * 4 and absent[helps][0] == 404
    for page in (candidate, f"{candidate}/fasen"):
        assert side.canary in absent[page][1]
    phases = absent[f"{candidate}/fasen"][1]
    assert NOT_AVAILABLE in phases and "niet beschikbaar" in phases
    house.inleer("worker", "--once")
    assert sql(house.url, SIGNALS) == signals, "a plugin that cannot be asked ends none of its signals"
    assert sql(house.url, COMPLETIONS) == completed, "what cannot be asked completes nothing"

    house.install(*GONE)
    assert "Niets te doen" in house.inleer("db", "upgrade")
    assert kept(house.url) == before
    again = house.visit(token, *pages, helps)
    assert [again[page][0] for page in (*pages, helps)] == [200] * 5
    assert NOT_AVAILABLE not in again[f"{candidate}/fasen"][1]
    assert orphans(house) == []


def test_purge_of_a_plugin_that_is_not_installed_keeps_a_file(house: House, app: Flask) -> None:
    fill(app)
    mine, others = kept(house.url, ("logistiek_",)), kept(house.url, ("zorg_",))
    house.uninstall("logistiek")
    refused = house.inleer("plugin", "purge", "logistiek", "--yes", code=2)
    assert "lopen nog lichtingen" in refused and "--with-running" in refused
    assert kept(house.url, ("logistiek_",)) == mine
    said = house.inleer("plugin", "purge", "logistiek", "--yes", "--with-running")
    (path,) = (house.var / "plugins").glob("logistiek-*.jsonl")
    assert path.name in said and stat.S_IMODE(path.stat().st_mode) == 0o600
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert lines[0]["plugin"] == "logistiek"
    for table, content in mine.items():
        assert len([line for line in lines[1:] if line["table"] == table]) == len(content), table
    assert orphans(house) == [] and kept(house.url, ("zorg_",)) == others
    assert sql(
        house.url, "SELECT subject_id, user_id IS NOT NULL FROM audit_event WHERE action = 'plugin.purged'"
    )
    house.install("logistiek")
    assert "logistiek: leeg" in house.inleer("db", "upgrade")
