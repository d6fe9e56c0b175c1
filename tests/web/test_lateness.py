"""The rule of a school about lateness: its page, and that the pages about attendance say which rule counts."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from inleer import clock
from inleer.attendance.actions import MarkInput, record_many
from inleer.attendance.lateness import rules_of
from inleer.cohorts.models import Session
from inleer.db import db, unit_of_work
from inleer.policy import Role
from tests.kit import assert_sound
from tests.web.walk import Fields, Forms
from tests.world import World, browse, build, one

OFF = "Te laat en eerder weg telt bij deze school niet als ongeoorloofd."


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=2)


@pytest.fixture
def desk(app: Flask, world: World) -> FlaskClient:
    return browse(app, world.own.actors[Role.ADMINISTRATOR])


def text_of(client: FlaskClient, path: str) -> str:
    page = html.unescape(client.get(path).text)
    assert_sound(page)
    return page


def form(client: FlaskClient, path: str, holding: str) -> Fields:
    found = Forms(client.get(path).text).found
    return dict(next(fields for _m, _action, fields in found if holding in fields))


def say(desk: FlaskClient, path: str, days: int, answer: str = "ja", **other: str) -> int:
    day = str(clock.today() + timedelta(days=days))
    fields = {**form(desk, path, "valid_from"), "counts": answer, "valid_from": day, **other}
    return desk.post(path, data=fields).status_code


def test_the_rule_is_set_and_the_pages_say_so(app: Flask, world: World, desk: FlaskClient) -> None:
    side = world.own
    path = f"/beheer/organisaties/{side.school}/te-laat"
    assert path in desk.get(f"/beheer/organisaties/{side.school}").text
    assert "telt niet als ongeoorloofd" in text_of(desk, path)
    coach, teacher = (browse(app, side.actors[role]) for role in (Role.COACH, Role.TEACHER))
    file, register = f"/kandidaten/{side.candidates[0]}", f"/lessen/{side.sessions[1]}"
    assert OFF in text_of(coach, file) and OFF in text_of(coach, f"{file}/aanwezigheid")
    assert "telt in deze les niet als ongeoorloofd" in text_of(teacher, register)
    with unit_of_work():
        held = one(Session, side.sessions[1])
        marks = [MarkInput(side.enrolments[0], "late", 45, 0)]
        record_many(side.actors[Role.TEACHER], held, marks, side.enrolments)
    assert ", telt als ongeoorloofd" not in text_of(coach, f"{file}/aanwezigheid")

    assert say(desk, path, -60) == 303
    page = text_of(desk, path)
    assert "Opgeslagen. De regel geldt voor lessen vanaf" in page and "telt als ongeoorloofd" in page
    for address in (file, f"{file}/aanwezigheid"):
        shown = text_of(coach, address)
        assert OFF not in shown and "telt bij deze school als ongeoorloofd" in shown
    assert ", telt als ongeoorloofd" in text_of(coach, f"{file}/aanwezigheid")
    assert "telt in deze les als ongeoorloofd" in text_of(teacher, register)
    other = browse(app, world.foreign.actors[Role.COACH])
    assert OFF in text_of(other, f"/kandidaten/{world.foreign.candidates[0]}")


def test_a_planned_rule_can_be_taken_away_and_put_back(world: World, desk: FlaskClient) -> None:
    path = f"/beheer/organisaties/{world.own.school}/te-laat"
    assert say(desk, path, 0) == 303
    assert say(desk, path, 30, "nee") == 303
    page = text_of(desk, path)
    assert page.count("/weg") == 1, "a rule that counts stays"
    _method, address, fields = next(f for f in Forms(page).found if f[1].endswith("/weg"))
    assert desk.post(address, data=fields).status_code == 303
    assert [rule.value for rule in rules_of(world.own.school)] == [1]
    back = form(desk, path, "counts")  # the way back is the first form of the page
    assert back["counts"] == "nee"
    assert desk.post(path, data=back).status_code == 303
    db.session.rollback()
    assert [rule.value for rule in rules_of(world.own.school)] == [1, 0]


def test_of_two_who_set_a_rule_the_second_looks_again(world: World, desk: FlaskClient) -> None:
    path = f"/beheer/organisaties/{world.own.school}/te-laat"
    opened = form(desk, path, "valid_from")
    assert say(desk, path, 5) == 303
    late = desk.post(path, data={**opened, "counts": "nee", "valid_from": str(clock.today())})
    assert late.status_code == 409 and "Iemand anders was eerder" in late.text
    assert 'value="nee" class="option__input" checked' in late.text, "what was typed is kept"
    db.session.rollback()
    assert [rule.value for rule in rules_of(world.own.school)] == [1]


@pytest.mark.parametrize("fields", [{"counts": ""}, {"valid_from": ""}, {"valid_from": "1-1-1999"}])
def test_refused_rules(world: World, desk: FlaskClient, fields: dict[str, str]) -> None:
    path = f"/beheer/organisaties/{world.own.school}/te-laat"
    assert say(desk, path, 0, **fields) == 422
    assert list(rules_of(world.own.school)) == []


def test_only_of_schools_that_one_manages(world: World, desk: FlaskClient) -> None:
    for organisation in (world.own.leerhome, world.own.agency, world.foreign.school):
        assert desk.get(f"/beheer/organisaties/{organisation}/te-laat").status_code == 404
