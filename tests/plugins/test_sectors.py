"""With several sectors on: no page of one shows anything of another, its pages do not exist for cohorts of another, and
what a plugin costs a page of another does not grow with the number of people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import event
from werkzeug.routing import Rule

from inleer.app import create_app
from inleer.config import Settings
from inleer.db import db, unit_of_work
from inleer.extend import Registry
from inleer.policy import Role
from tests.client import Client
from tests.sectors import sectors, side_of
from tests.world import Side, World, browse, build, token_in

HOME = "zorg"  # the plugin whose route the test world runs
ROLES = (Role.COACH, Role.LEERHOME_COORDINATOR, Role.TEACHER, Role.PROGRAMME_MANAGER)


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=3, weeks=2)


def editions(world: World) -> dict[str, Side]:
    """The own half of the world in the edition of each plugin."""
    return {HOME: world.own, **{name: side_of(world.own, s) for name, s in sectors().items()}}


def pages(app: Flask, plugin: str, only_its_own: bool = False) -> Iterator[tuple[str, Rule]]:
    """(method, rule) of every page about a cohort, a person or a thing: of the core, or of one plugin."""
    others = {HOME, *sectors()} - {plugin}
    for rule in app.url_map.iter_rules():
        owner = rule.endpoint.partition(".")[0]
        if not rule.arguments or owner in others or rule.endpoint == "static":
            continue
        if only_its_own and owner != plugin:
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, rule


def address(app: Flask, rule: Rule, side: Side) -> str:
    """The page for this edition: its cohort, its first person, its rows; any other id is nobody's."""
    known: dict[str, Any] = {
        "cohort_id": side.cohort,
        "candidate_id": side.candidates[0],
        "enrolment_id": side.enrolments[0],
        **{f"{table.partition('_')[2]}_id": row for table, row in side.others.items()},
    }
    values = {}
    for name in rule.arguments:
        place = rule._converters[name]
        is_id = place.__class__.__name__ == "UUIDConverter"
        values[name] = known.get(name, uuid4() if is_id else min(getattr(place, "items", ["x"])))
    return str(app.url_map.bind("localhost").build(rule.endpoint, values))


def words_of(registry: Registry, plugin: str) -> set[str]:
    """What pages would show of a plugin: the names of what it brings, and links to its own pages."""
    titled = [o.value.title for kind in (registry.slots, registry.panels) for o in kind if o.plugin == plugin]
    kinds = (registry.rules, registry.signals, registry.fields)
    names = {*titled, *(o.value.name for kind in kinds for o in kind if o.plugin == plugin)}
    return names | {f'"/{plugin}/', f'"{plugin}.'}


@pytest.mark.parametrize("role", ROLES, ids=lambda r: r.value)
def test_no_page_of_one_sector_shows_anything_of_another(app: Flask, world: World, role: Role) -> None:
    registry: Registry = app.extensions["inleer"]
    client, told, leaks = browse(app, world.own.actors[role]), dict.fromkeys(editions(world), 0), []
    for plugin, side in editions(world).items():
        foreign = {word for other in editions(world) if other != plugin for word in words_of(registry, other)}
        for method, rule in pages(app, plugin):
            if method != "GET":
                continue
            answer = client.get(address(app, rule, side))
            assert answer.status_code < 500, rule.rule
            if answer.status_code == 200 and answer.mimetype == "text/html":
                leaks += [(rule.rule, word) for word in foreign if word in answer.text]
                told[plugin] += sum(word in answer.text for word in words_of(registry, plugin))
    assert leaks == []
    assert role is not Role.COACH or all(told.values()), f"a sector showed nothing of its own: {told}"


def test_the_crawl_finds_a_box_that_shows_everywhere(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: a registry that holds every plugin active for every cohort."""
    monkeypatch.setattr("inleer.extend.registry.is_active", lambda _plugin, _route_key: True)
    with pytest.raises(AssertionError):
        test_no_page_of_one_sector_shows_anything_of_another(app, world, Role.COACH)


@pytest.mark.parametrize("role", ROLES, ids=lambda r: r.value)
def test_pages_of_a_sector_do_not_exist_for_cohorts_of_another(app: Flask, world: World, role: Role) -> None:
    client = browse(app, world.own.actors[role])
    token, wrong, asked = token_in(client.get("/account").text), [], 0
    for plugin in editions(world):
        for other, side in editions(world).items():
            for method, rule in pages(app, plugin, only_its_own=True):
                if other == plugin:
                    continue
                data = {"csrf_token": token} if method == "POST" else None
                answer = client.open(address(app, rule, side), method=method, data=data)
                asked += 1
                if answer.status_code != 404:
                    wrong.append((method, rule.rule, other, answer.status_code))
    assert wrong == []
    assert asked


# --- what it costs ----------------------------------------------------------------------------------


@contextmanager
def running(settings: Settings, *plugins: str) -> Iterator[Flask]:
    """The application with these plugins only, on the database of the test."""
    app = create_app(replace(settings, plugins=plugins))
    app.test_client_class = Client
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def statements(app: Flask, side: Side, urls: list[str]) -> list[int]:
    """How many statements each of these pages takes for the coach, once everything is warm."""
    client, found = browse(app, side.actors[Role.COACH]), []
    for url in urls:
        client.get(url)
        sent: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_rest: Any, kept: list[str] = sent) -> None:
            if not statement.startswith("BEGIN"):
                kept.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        assert client.get(url).status_code == 200, url
        event.remove(db.engine, "before_cursor_execute", note)
        found.append(len(sent))
    return found


def more_people(world: World, count: int) -> None:
    """Further people in the edition of the test world."""
    from inleer.cohorts.enrolments import enrol
    from inleer.cohorts.models import Cohort
    from inleer.people.actions import create_candidate
    from tests.world import one

    side, manager = world.own, world.own.actors[Role.PROGRAMME_MANAGER]
    with unit_of_work():
        cohort = one(Cohort, side.cohort)
        for number in range(count):
            values = {"first_name": f"Meer{number}", "last_name": "Mensen"}
            coach = side.actors[Role.COACH].user_id
            made = create_candidate(manager, side.agency, values, f"M-{number}", coach)
            enrol(manager, cohort, made.id)


def test_a_further_plugin_costs_a_page_the_same_whatever_the_number_of_people(
    app: Flask, world: World, settings: Settings
) -> None:
    editions(world)  # there are people in every sector
    own = world.own
    urls = [
        "/vandaag",
        "/kandidaten",
        "/lichtingen",
        f"/lichtingen/{own.cohort}",
        f"/kandidaten/{own.candidates[0]}",
        f"/kandidaten/{own.candidates[0]}/intake",
    ]
    costs = []
    for people in (0, 20):
        more_people(world, people)
        with running(settings, HOME) as alone:
            before = statements(alone, own, urls)
        with running(settings, HOME, *sectors()) as together:
            after = statements(together, own, urls)
        costs.append([more - less for less, more in zip(before, after, strict=True)])
    assert costs[0] == costs[1]
    assert costs[0] == [0] * len(urls), "a plugin costs pages of another sector nothing"
