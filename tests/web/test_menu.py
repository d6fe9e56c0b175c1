"""Each line of the menu leads to a page that exists and opens for every role that is offered it."""

from __future__ import annotations

import pytest
from flask import Flask

from inleer.policy import Perm, Role, may_ever
from inleer.policy.startup import policy_of
from inleer.web.navigation import MENU, Item
from tests.kit import Page
from tests.world import World, browse, build

ROLES = [role for role in Role if role is not Role.SYSTEM]


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=2, weeks=1)


def faults(app: Flask, world: World, items: tuple[Item, ...]) -> list[str]:
    """What is wrong with a menu: a page that is not there, or that does not open for who sees the line."""
    wrong = [f"{item.endpoint} does not exist" for item in items if item.endpoint not in app.view_functions]
    there = [item for item in items if item.endpoint in app.view_functions]
    with app.test_request_context():
        paths = {item: app.url_map.bind("localhost").build(item.endpoint) for item in there}
    for role in ROLES:
        actor = world.own.actors[role]
        client = browse(app, actor)
        for item in there:
            if may_ever(actor, item.perm) and (code := client.get(paths[item]).status_code) != 200:
                wrong.append(f"{role.value}: {item.endpoint} answers {code}")
    return wrong


def test_every_line_opens_for_who_sees_it(app: Flask, world: World) -> None:
    assert faults(app, world, MENU) == []


def test_the_first_page_of_every_role_shows_its_menu(app: Flask, world: World) -> None:
    for role in ROLES:
        actor = world.own.actors[role]
        answer = browse(app, actor).get("/", follow_redirects=True)
        assert answer.status_code == 200, role
        links = {a.get("href") for a in Page(answer.text).all("a")}
        with app.test_request_context():
            urls = app.url_map.bind("localhost")
            offered = {urls.build(item.endpoint) for item in MENU if may_ever(actor, item.perm)}
        assert offered <= links, role


def test_a_line_asks_for_the_permission_of_its_page(app: Flask) -> None:
    for item in MENU:
        policy = policy_of(app, item.endpoint)
        assert policy is not None and policy.perm == item.perm, item.endpoint


def test_a_line_without_a_page_and_one_that_is_closed_are_found(app: Flask, world: World) -> None:
    """The planted faults."""
    planted = (
        Item("Weg", "nergens.index", Perm.ACCOUNT_OWN),
        Item("Dicht", "admin.settings", Perm.CANDIDATE_LIST),
    )
    found = faults(app, world, planted)
    assert "nergens.index does not exist" in found
    assert "coach: admin.settings answers 403" in found
