"""A programme manager moves an edition to another version of its route in the browser, and takes it back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from inleer.cohorts.actions import change_state
from inleer.cohorts.models import Cohort
from inleer.cohorts.queries import phases_of
from inleer.cohorts.versions import take_back
from inleer.db import db, unit_of_work
from inleer.leerroutes.queries import definition_by_id
from inleer.policy import Role
from tests.kit import assert_sound
from tests.phases import WEEKS
from tests.routes import publish_third
from tests.web.test_phases import undo_in
from tests.web.test_query_counts import statements
from tests.web.walk import form_on
from tests.world import World, browse, build, one, token_in

ADL = {"fase_adl": "verzorging"}


@pytest.fixture
def world(app: Flask) -> World:
    found = build(app, people=3, weeks=WEEKS)
    publish_third()
    return found


@pytest.fixture
def manager(app: Flask, world: World) -> FlaskClient:
    return browse(app, world.own.actors[Role.PROGRAMME_MANAGER])


def path(world: World) -> str:
    return f"/lichtingen/{world.own.cohort}/routeversie"


def version(world: World) -> int:
    db.session.expire_all()
    return definition_by_id(one(Cohort, world.own.cohort).route_version_id).version


def choose(client: FlaskClient, world: World, **changes: str) -> TestResponse:
    """Open the page for version 3, change some choices, and ask what happens."""
    shown = form_on(client.get(f"{path(world)}?naar=3"), path(world))
    return client.post(f"{path(world)}?naar=3", data={**shown, "submit": "bekijk", **changes})


def confirmed(page: TestResponse, world: World) -> dict[str, Any]:
    """What the button of the preview sends."""
    seal = re.search(r'value="(overzetten:\w+)"', page.text)
    assert seal is not None, page.text
    return {**form_on(page, path(world)), "submit": seal.group(1)}


def move(client: FlaskClient, world: World) -> TestResponse:
    data = confirmed(choose(client, world, **ADL), world)
    return client.post(f"{path(world)}?naar=3", data=data)


def test_from_the_planning_to_a_preview_to_the_move_and_back(world: World, manager: FlaskClient) -> None:
    plan = manager.get(f"/lichtingen/{world.own.cohort}/planning")
    assert f'href="{path(world)}"' in plan.text
    page = manager.get(f"{path(world)}?naar=3")
    assert_sound(page.text)
    for text in (
        "volgt WijkLeerbedrijf Zorg, versie 2",
        "duurt 6 in plaats van 5 maanden",
        "verdwijnt uit deze lichting",
    ):
        assert text in page.text
    assert form_on(page, path(world))["fase_wijk"] == "wijk"
    assert form_on(page, path(world))["fase_adl"] == ""

    shown = choose(manager, world, **ADL)
    assert shown.status_code == 200
    assert_sound(shown.text)
    for text in (
        "Er is nog niets veranderd.",
        "Jaar 1: praktijk verzorging",
        "is begonnen, alleen het einde verandert",
        "zoals de route haar legt",
        "er is niets in vastgelegd",
        "Intenties van werkgevers die er al zijn, blijven wat ze zijn.",
        "Overzetten naar versie 3",
    ):
        assert text in shown.text, text
    assert version(world) == 2

    answer = manager.post(f"{path(world)}?naar=3", data=confirmed(shown, world))
    assert answer.status_code == 303, answer.text
    assert version(world) == 3
    plan = manager.get(answer.location)
    assert "De lichting volgt nu versie 3 van de route." in plan.text
    address, fields = undo_in(plan.text)
    back = manager.post(address, data={**fields, "csrf_token": token_in(plan.text)})
    assert back.status_code == 303, back.text
    assert version(world) == 2
    assert "De lichting volgt weer versie 2 van de route." in manager.get(back.location).text


def test_the_choice_is_kept_when_somebody_goes_back_to_it(world: World, manager: FlaskClient) -> None:
    data = confirmed(choose(manager, world, **ADL), world)
    page = manager.post(f"{path(world)}?naar=3", data={**data, "submit": "terug"})
    assert page.status_code == 200
    assert form_on(page, path(world))["fase_adl"] == "verzorging"
    assert version(world) == 2


def test_a_phase_with_sessions_cannot_disappear_and_says_so_beside_itself(
    world: World, manager: FlaskClient
) -> None:
    page = choose(manager, world, fase_introductie="")
    assert page.status_code == 422
    assert_sound(page.text)
    assert page.text.count("kan niet verdwijnen; daarin is vastgelegd: 1 geregistreerde bijeenkomst.") == 2
    twice = choose(manager, world, fase_adl="wijk")
    assert twice.status_code == 422 and "kunnen niet allebei" in twice.text
    unknown = choose(manager, world, fase_adl="zee")
    assert unknown.status_code == 422
    assert version(world) == 2


def test_two_people_at_once(app: Flask, world: World, manager: FlaskClient) -> None:
    data = confirmed(choose(manager, world, **ADL), world)
    assert move(browse(app, world.own.actors[Role.PROGRAMME_MANAGER]), world).status_code == 303
    with unit_of_work():  # back by a third, so that the same move could be made again
        take_back(world.own.actors[Role.PROGRAMME_MANAGER], one(Cohort, world.own.cohort))
    late = manager.post(f"{path(world)}?naar=3", data=data)
    assert late.status_code == 409
    assert "Er is nog niets overschreven." in late.text and "Jaar 1: praktijk ADL" in late.text
    assert version(world) == 2


def test_a_preview_that_no_longer_holds_is_shown_again(world: World, manager: FlaskClient) -> None:
    data = confirmed(choose(manager, world, **ADL), world)
    later = next(p for p in phases_of(world.own.cohort) if p.key == "werk")
    page = manager.get(f"/lichtingen/{world.own.cohort}/fasen/{later.id}")
    moved = {
        "csrf_token": token_in(page.text),
        "version": str(later.version),
        "starts_on": "2030-01-07",
        "ends_on": "2030-12-31",
    }
    assert manager.post(f"/lichtingen/{world.own.cohort}/fasen/{later.id}", data=moved).status_code == 303
    again = manager.post(f"{path(world)}?naar=3", data=data)
    assert again.status_code == 422
    assert (
        "De lichting is intussen veranderd." in again.text and "met de hand verplaatst, blijft" in again.text
    )
    assert version(world) == 2
    assert manager.post(f"{path(world)}?naar=3", data=confirmed(again, world)).status_code == 303
    assert version(world) == 3


def test_what_stands_in_the_way_is_on_the_page(world: World, manager: FlaskClient) -> None:
    move(manager, world)
    page = manager.get(path(world))
    assert "Van versie 2 naar versie 3" in page.text and "Overgang terugdraaien" in page.text
    plan = f"/lichtingen/{world.own.cohort}/bijeenkomsten/inplannen"
    assert manager.post(plan, data={"csrf_token": token_in(page.text)}).status_code == 303
    page = manager.get(path(world))
    assert "Daarna zijn er bijeenkomsten ingepland uit de route." in page.text
    assert "Overgang terugdraaien" not in page.text
    data = {"csrf_token": token_in(page.text), "version": str(one(Cohort, world.own.cohort).version)}
    assert manager.post(f"{path(world)}/ongedaan", data=data).status_code == 422
    assert version(world) == 3


def test_a_closed_edition_and_a_version_that_is_not_there(world: World, manager: FlaskClient) -> None:
    for asked in ("9", "2", "x", ""):
        assert manager.get(f"{path(world)}?naar={asked}").status_code == 404
    with unit_of_work():
        change_state(world.own.actors[Role.PROGRAMME_MANAGER], one(Cohort, world.own.cohort), "completed")
    assert "afgesloten en houdt haar versie" in manager.get(path(world)).text


@pytest.mark.parametrize(("role", "code"), [(Role.COACH, 403), (Role.ADMINISTRATOR, 403)])
def test_others_move_nothing(app: Flask, world: World, role: Role, code: int) -> None:
    client = browse(app, world.own.actors[role])
    assert client.get(path(world)).status_code == code
    assert (
        client.post(path(world), data={"csrf_token": token_in(client.get("/account").text)}).status_code
        == code
    )
    stranger = browse(app, world.foreign.actors[Role.PROGRAMME_MANAGER])
    assert stranger.get(path(world)).status_code == 404


@pytest.mark.parametrize("people", [5, 20])
def test_the_page_takes_as_many_statements_for_any_group(
    app: Flask, people: int, seen: dict[str, int], database: str
) -> None:
    world = build(app, people=people, weeks=WEEKS)
    client = browse(app, world.own.actors[Role.PROGRAMME_MANAGER])
    sent = statements(client, path(world))
    assert len(sent) <= 16, "\n\n".join(sent)
    assert seen.setdefault(database.split(":")[0], len(sent)) == len(sent)


@pytest.fixture(scope="module")
def seen() -> dict[str, int]:
    """How many statements the page took, over the tests of this module, per database."""
    return {}
