"""The plugin as a whole: what it brings, its demo data, its boxes on the core, and being switched off and on."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import inleer_logistiek
from flask import Flask
from inleer_logistiek import demo, demo_editions, rules
from inleer_logistiek.access import MANAGE, VIEW
from inleer_logistiek.models import Certificate
from logistiek_world import Logistiek

from inleer import clock, migrate
from inleer.app import create_app
from inleer.config import Settings
from inleer.db import Base, db, unit_of_work
from inleer.extend import manifests
from inleer.policy import Role, can, system_actor
from inleer.policy.scope import is_scoped, relations_of
from tests.client import Client
from tests.world import browse

D = date.fromisoformat


def test_its_table_has_its_prefix_and_is_scoped() -> None:
    tables = {m.class_ for m in Base.registry.mappers if m.class_.__module__.startswith("inleer_logistiek")}
    assert tables == {Certificate}
    assert Certificate.__tablename__.startswith(inleer_logistiek.manifest.table_prefix)
    assert is_scoped(Certificate)
    assert set(relations_of(Certificate)) == {"agency", "school", "leerhome"}


def test_the_manifest_says_the_same_as_the_distribution() -> None:
    assert importlib.metadata.version(inleer_logistiek.manifest.distribution)
    owner = migrate.plugin_owner(inleer_logistiek.manifest)
    assert owner is not None and owner.head is not None
    assert migrate.core_owner().knows(str(owner.needs))


def test_the_grants(logistiek: Logistiek) -> None:
    everything = ["agency", "school", "leerhome"]
    sees = {Role.COACH, Role.LEERHOME_COORDINATOR, Role.PROGRAMME_MANAGER, Role.TEACHER}
    for role, actor in logistiek.own.actors.items():
        assert can(actor, VIEW, everything).allowed == (role in sees)
        assert can(actor, MANAGE, everything).allowed == (role in (Role.COACH, Role.LEERHOME_COORDINATOR))
    assert not can(logistiek.actor(Role.TEACHER), VIEW, ["agency"]).allowed


# --- demo ------------------------------------------------------------------------------------------


def test_demo_data_is_made_once_and_holds_the_rules(logistiek: Logistiek) -> None:
    (edition,) = demo_editions.EDITIONS
    logistiek.enlarge(len(edition.people))
    for expected in (len(demo.CERTIFICATES), 0):
        with unit_of_work():
            assert demo.seed(system_actor(), logistiek.cohort) == expected
        assert len(logistiek.all()) == len(demo.CERTIFICATES)
    for made in logistiek.all():
        rules.check_days(made.obtained_on, made.valid_until, clock.today())
        assert rules.check_text(made.number, "number") == made.number
    states = {rules.state_of(made.valid_until, clock.today()) for made in logistiek.all()}
    assert states == set(rules.STATES)


def test_an_edition_that_has_not_begun_has_no_certificates(logistiek: Logistiek) -> None:
    with clock.frozen(clock.at(D("2026-08-01"), clock.local(clock.now()).time())), unit_of_work():
        assert demo.seed(system_actor(), logistiek.cohort) == 0
    assert logistiek.all() == []


# --- on the core's pages ---------------------------------------------------------------------------


def test_the_panel_stands_on_the_board(logistiek: Logistiek) -> None:
    logistiek.give()
    for role in (Role.COACH, Role.LEERHOME_COORDINATOR, Role.PROGRAMME_MANAGER):
        page = logistiek.browser(role).get(f"/lichtingen/{logistiek.cohort}")
        assert page.status_code == 200
        assert "Zonder truckcertificaat" in page.text and logistiek.url("certificaten") in page.text


def test_the_box_stands_on_the_page_of_a_candidate(logistiek: Logistiek) -> None:
    logistiek.give()
    page = logistiek.browser().get(f"/kandidaten/{logistiek.own.candidates[0]}").text
    assert "Heftruck" in page and logistiek.url(f"certificaten/{logistiek.people[0]}") in page
    empty = logistiek.browser().get(f"/kandidaten/{logistiek.own.candidates[1]}").text
    assert "Nog geen certificaten vastgelegd." in empty


def test_the_intake_asks_for_shift_times(logistiek: Logistiek) -> None:
    page = logistiek.browser().get(f"/kandidaten/{logistiek.own.candidates[0]}/intake/logistiek.intake").text
    for words in ("Vroegste begintijd", "Laatste eindtijd", "Werken in het weekend", "Langste reistijd"):
        assert words in page


# --- off and on ------------------------------------------------------------------------------------


@contextmanager
def running(settings: Settings, *plugins: str) -> Iterator[Flask]:
    app = create_app(replace(settings, plugins=plugins))
    app.test_client_class = Client
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_off_it_is_gone_from_sight_and_keeps_its_rows(logistiek: Logistiek, settings: Settings) -> None:
    made, coach = logistiek.give(), logistiek.actor()
    index = logistiek.url("certificaten")
    with running(settings, "zorg") as off:
        client = browse(off, coach)
        assert client.get(index).status_code == 404
        for page in (f"/lichtingen/{logistiek.cohort}", f"/kandidaten/{logistiek.own.candidates[0]}"):
            answer = client.get(page)
            assert answer.status_code == 200 and "ruckcertificaat" not in answer.text
        assert not can(coach, VIEW, ["agency"]).allowed
        with db.engine.connect() as connection:
            owners = migrate.all_owners(manifests(["zorg"]))
            assert "logistiek" in migrate.orphans(connection, owners)
    with running(settings, "logistiek") as on:
        assert browse(on, coach).get(index).status_code == 200
        assert [c.id for c in logistiek.all()] == [made.id]
