"""The plugin as a whole: what it brings, demo data, its boxes on the core's pages, and being switched off and on."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import inleer_zorg
import pytest
from flask import Flask
from inleer_zorg import demo, figures, rules, views
from inleer_zorg.access import MANAGE, VIEW
from inleer_zorg.models import HelpRequest, Visit
from inleer_zorg.routes import NEIGHBOURHOOD, WIJKLEERBEDRIJF
from sqlalchemy import func, select
from zorg_world import TODAY, Zorg

from inleer import clock, migrate
from inleer.app import create_app
from inleer.config import Settings
from inleer.db import Base, db, unit_of_work
from inleer.extend import Registry, load, manifests
from inleer.extend.types import FieldTarget
from inleer.leerroutes.rules import lay_phases
from inleer.people.models import Candidate
from inleer.policy import Role, can, system_actor, unscoped
from inleer.policy.scope import is_scoped, relations_of
from tests.client import Client
from tests.world import browse, one

D = date.fromisoformat


def test_it_brings_what_the_routes_refer_to() -> None:
    registry = load(["zorg"])
    for route in WIJKLEERBEDRIJF:
        assert [g.key for g in registry.field_groups(route)] == ["zorg.intake"]
        assert route.phase(NEIGHBOURHOOD).completion == ("zorg.neighbourhood_hours",)
        assert all(registry.rule(key) for phase in route.phases for key in phase.completion)
    (group,) = (owned.value for owned in registry.fields)
    assert group.target is FieldTarget.INTAKE
    assert [f.key for f in group.fields] == ["affiniteit", "ervaring", "vog", "vervoer", "dagen"]
    assert [s.key for s in registry.signals] == ["zorg.no_visits"]
    assert {p.value.perm for p in registry.permissions} == {VIEW, MANAGE}


def test_without_the_plugin_the_rule_is_missing_and_so_never_fulfilled() -> None:
    assert load([]).rule("zorg.neighbourhood_hours") is None
    assert load([]).field_groups(WIJKLEERBEDRIJF[0]) == ()


def test_its_tables_have_its_prefix_and_are_scoped() -> None:
    tables = {m.class_ for m in Base.registry.mappers if m.class_.__module__.startswith("inleer_zorg")}
    assert tables == {HelpRequest, Visit}
    for table in tables:
        assert str(table.__tablename__).startswith("zorg_")
        assert is_scoped(table)
        assert set(relations_of(table)) == {"agency", "leerhome"}


def test_the_manifest_says_the_same_as_the_distribution() -> None:
    assert inleer_zorg.manifest.distribution == "inleer-zorg"
    assert importlib.metadata.version("inleer-zorg")
    owner = migrate.plugin_owner(inleer_zorg.manifest)
    assert owner is not None and owner.head is not None
    assert migrate.core_owner().knows(str(owner.needs))


def test_the_grants(zorg: Zorg) -> None:
    for role, actor in zorg.world.own.actors.items():
        assert can(actor, VIEW, ["agency", "leerhome"]).allowed == (
            role in (Role.COACH, Role.LEERHOME_COORDINATOR, Role.PROGRAMME_MANAGER)
        )
        assert can(actor, MANAGE, ["agency", "leerhome"]).allowed == (
            role in (Role.COACH, Role.LEERHOME_COORDINATOR)
        )
    coordinator = zorg.actor()
    assert not can(coordinator, VIEW, ["agency"]).allowed


def test_codes_are_words_for_templates(app: Flask) -> None:
    assert views.words()["task"] is rules.TASKS
    assert all(rules.TASKS.values()) and len(set(rules.TASKS.values())) == len(rules.TASKS)


# --- demo -----------------------------------------------------------------------------------------


def rows() -> tuple[int, int]:
    requests = db.session.scalar(unscoped(select(func.count(HelpRequest.id)), "test"))
    visits = db.session.scalar(unscoped(select(func.count(Visit.id)), "test"))
    return requests or 0, visits or 0


def test_demo_data_is_made_once(zorg: Zorg) -> None:
    zorg.enlarge(20)
    for expected in (True, False):
        before = rows()
        with unit_of_work():
            added = demo.seed(system_actor(), zorg.cohort)
        after = rows()
        assert added == sum(after) - sum(before)
        assert bool(added) is expected
    requests, visits = after
    assert requests == len(demo.RESIDENTS)
    assert visits > 80
    found = figures.overview(zorg.actor(), zorg.cohort)
    assert found is not None and found.open_requests == demo.LEFT_OPEN


def test_demo_data_holds_the_rules(zorg: Zorg) -> None:
    zorg.enlarge(20)
    with unit_of_work():
        demo.seed(system_actor(), zorg.cohort)
    for request in zorg.all(HelpRequest):
        assert rules.check_requester(request.requester) == request.requester
        assert rules.check_text(request.description, "description") == request.description
    days = {v.on for v in zorg.all(Visit)}
    assert max(days) <= TODAY
    assert not any(D("2026-10-17") <= day <= D("2026-10-25") for day in days), "no visits in the vacation"


def test_an_edition_that_has_not_begun_gets_open_requests_only(zorg: Zorg) -> None:
    with clock.frozen(clock.at(D("2026-08-01"), clock.local(clock.now()).time())), unit_of_work():
        demo.seed(system_actor(), zorg.cohort)
    assert rows() == (demo.EARLY, 0)


# --- on the core's pages --------------------------------------------------------------------------


def test_the_panel_stands_on_the_board(zorg: Zorg) -> None:
    zorg.visit(zorg.given(), D("2026-11-05"), 90)
    zorg.ask(task="odd_job")
    for role in (Role.COACH, Role.LEERHOME_COORDINATOR, Role.PROGRAMME_MANAGER):
        page = zorg.browser(role).get(f"/lichtingen/{zorg.cohort}")
        assert page.status_code == 200
        assert "1 hulpvraag" in page.text and zorg.url("hulpvragen") in page.text


def test_the_box_stands_on_the_page_of_a_candidate(zorg: Zorg) -> None:
    zorg.visit(zorg.given(), D("2026-11-05"), 90)
    page = zorg.browser(Role.COACH).get(f"/kandidaten/{zorg.world.own.candidates[0]}")
    assert page.status_code == 200
    assert "Uren in de wijk" in page.text and "Boswijk" in page.text


# --- off and on -----------------------------------------------------------------------------------


@contextmanager
def running(settings: Settings, *plugins: str) -> Iterator[Flask]:
    app = create_app(replace(settings, plugins=plugins))
    app.test_client_class = Client
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_off_it_is_gone_from_sight_and_keeps_its_rows(zorg: Zorg, settings: Settings) -> None:
    request = zorg.given()
    zorg.visit(request, D("2026-11-05"))
    kept, cohort, coach = rows(), zorg.cohort, zorg.actor(Role.COACH)
    candidate = one(Candidate, zorg.world.own.candidates[0]).id
    with running(settings) as off:
        registry: Registry = off.extensions["inleer"]
        assert registry.plugins == ()
        client = browse(off, coach)
        assert client.get(f"/zorg/{cohort}/hulpvragen").status_code == 404
        for core_page in (f"/lichtingen/{cohort}", f"/kandidaten/{candidate}"):
            page = client.get(core_page)
            assert page.status_code == 200 and "hulpvragen" not in page.text
        assert not can(coach, VIEW, ["agency"]).allowed
        assert rows() == kept
        with db.engine.connect() as connection:
            owners = migrate.all_owners(manifests([]))
            assert "zorg" in migrate.orphans(connection, owners)
            assert migrate.schema_problems(connection, owners) == []
    with running(settings, "zorg") as on:
        client = browse(on, coach)
        assert client.get(f"/zorg/{cohort}/hulpvragen/{request.id}").status_code == 200
        assert rows() == kept


@pytest.mark.parametrize("weeks", [0, 3])
def test_the_routes_lay_their_phases_as_before(weeks: int) -> None:
    """Rules and fields change nothing about the calendar."""
    from inleer.calendars.rules import dutch_calendar

    start = D("2026-08-31") + timedelta(weeks=weeks)
    calendar = dutch_calendar("midden", start - timedelta(days=200), start + timedelta(days=400))
    first, second = (
        [(p.key, p.start, p.end) for p in lay_phases(r, start, calendar)] for r in WIJKLEERBEDRIJF
    )
    assert first == second
