"""The demo: what it prints works, and a large file is read and saved by the process beside the web server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from uuid import UUID

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from inleer.accounts.models import Membership, User
from inleer.app import create_app
from inleer.cli import main
from inleer.cli.demo import demo_settings
from inleer.cohorts.models import Cohort
from inleer.db import db, unit_of_work
from inleer.demo import LOGINS
from inleer.demo.jobs import beside, work
from inleer.errors import DomainError
from inleer.exchange import preview, waiting
from inleer.exchange.models import ImportRun
from inleer.exchange.plan_common import Options
from inleer.exchange.queries import actor_of_membership
from inleer.exchange.waiting import is_waiting
from inleer.people.models import Candidate
from inleer.policy import Perm, Role, load, unscoped

ROWS = "Klantnr;Voornaam;Achternaam;Geboortedatum\nG1;Jan;Groot;01-02-1990\nG2;Piet;Groot;02-03-1991\n"


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """A demo that is filled and not served; what it printed is in ``app.printed``."""
    monkeypatch.setenv("INLEER_VAR_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("INLEER_BIND", "127.0.0.1:5079")
    for name in ("INLEER_DATABASE_URL", "INLEER_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    filled = CliRunner().invoke(main, ["demo", "--no-serve"])
    assert filled.exit_code == 0, filled.output
    app = create_app(demo_settings())
    app.config["PRINTED"] = filled.output
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def totp(name: str) -> str:
    return CliRunner().invoke(main, ["demo", "totp", name]).output.strip()


@pytest.mark.timeout(180)
def test_what_the_demo_prints_works(demo: Flask) -> None:
    printed = demo.config["PRINTED"]
    assert "http://127.0.0.1:5079" in printed
    for login in LOGINS:
        assert (
            login.email in printed and f"inleer demo totp {login.key}" in printed and login.label in printed
        )
        code = totp(login.key)
        assert len(code) == 6 and code.isdecimal()
    assert all(totp(name).isdecimal() for name in ("werkcoach", "docent ROC", "programme_manager"))
    assert "Kies uit: coach" in totp("niemand")
    agency = {Role.COACH, Role.PROGRAMME_MANAGER, Role.ADMINISTRATOR}
    pages = agency | {Role.LEERHOME_COORDINATOR, Role.TEACHER, Role.EMPLOYER}
    assert {login.role for login in LOGINS} == pages
    brought = {e.slug: e.weeks for owned in demo.extensions["inleer"].demo for e in owned.value.editions}
    made = dict(db.session.execute(unscoped(select(Cohort.slug, Cohort.state), "test")).all())
    assert {"zorg-nu", "zorg-straks", "logistiek-nu"} <= brought.keys()
    assert {slug: made.get(slug) == "running" for slug in brought} == {s: w <= 0 for s, w in brought.items()}


@pytest.mark.timeout(240)
def test_a_large_file_is_worked_on_beside_the_web_server(
    demo: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "INLINE_BYTES", 10)
    asked = select(Membership.id).where(Membership.role == Role.PROGRAMME_MANAGER.value)
    membership_id = db.session.execute(unscoped(asked, "test")).scalar_one()
    cohort_id = db.session.execute(unscoped(select(Cohort.id), "test")).scalars().first()
    actor = actor_of_membership(membership_id, "test")
    assert actor is not None and cohort_id is not None
    coach_id = db.session.execute(select(User.id).where(User.email == "coach@demo.example")).scalar_one()
    db.session.rollback()
    with beside(demo_settings()):
        with unit_of_work():
            cohort = load(actor, Perm.COHORT_IMPORT, Cohort, cohort_id)
            run = preview.start(actor, cohort, "candidates", ROWS.encode(), "groot.csv", Options(coach_id))
            run_id = run.id
        assert done(run_id) == ("preview", 2)
        with unit_of_work():
            preview.confirm(actor, load(actor, Perm.COHORT_IMPORT, ImportRun, run_id), skip_invalid=False)
        assert done(run_id) == ("done", 2)
    new = select(Candidate.coach_id).where(Candidate.last_name == "Groot")
    assert db.session.execute(unscoped(new, "test")).scalars().all() == [coach_id, coach_id]


def done(run_id: UUID) -> tuple[str, int]:
    """State and number of new rows once nobody works on it any more."""
    until = time.monotonic() + 90
    while time.monotonic() < until:
        db.session.rollback()
        asked = select(ImportRun).where(ImportRun.id == run_id).execution_options(populate_existing=True)
        run = db.session.execute(unscoped(asked, "test")).scalar_one()
        if not is_waiting(run):
            return run.state, run.counts["created"]
        time.sleep(0.2)
    raise AssertionError("the process beside the web server did nothing")


def test_a_demo_that_is_broken_off_is_made_again_from_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    var = tmp_path / "var"
    monkeypatch.setenv("INLEER_VAR_DIR", str(var))
    for name in ("INLEER_DATABASE_URL", "INLEER_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)

    def halfway(*_arguments: object) -> None:
        raise DomainError("geplant")

    with monkeypatch.context() as broken:
        broken.setattr("inleer.demo.editions.make", halfway)
        failed = CliRunner().invoke(main, ["demo", "--no-serve"])
    assert failed.exit_code != 0 and not (var / "demo.db").exists()
    assert CliRunner().invoke(main, ["demo", "--no-serve"]).exit_code == 0
    assert (var / "demo.db").stat().st_mode & 0o077 == 0
    assert [path.name for path in var.glob("demo.db*")] == ["demo.db"]
    app = create_app(demo_settings())
    with app.app_context():
        wanted = {e.slug for owned in app.extensions["inleer"].demo for e in owned.value.editions}
        assert set(db.session.execute(unscoped(select(Cohort.slug), "test")).scalars()) == wanted
        db.session.remove()
        db.engine.dispose()


def test_a_round_that_fails_does_not_end_the_background_work(
    demo: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = Event()
    rounds: list[int] = []

    def drain() -> None:
        rounds.append(len(rounds))
        if len(rounds) == 1:
            raise OperationalError("BEGIN IMMEDIATE", None, Exception("database is locked"))
        gone.set()

    monkeypatch.setattr("inleer.jobs.outbox.drain", drain)
    monkeypatch.setattr("inleer.demo.jobs.EVERY_SECONDS", 0.01)
    work(demo, gone)
    assert rounds == [0, 1]
