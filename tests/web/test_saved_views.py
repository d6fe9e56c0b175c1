"""Views of a list: filters kept under a name, one's own only, as links above the list, without scripts."""

from __future__ import annotations

import html

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from inleer.accounts.models import SavedView
from inleer.accounts.saved_views import read
from inleer.db import db
from inleer.policy import Role
from tests.kit import assert_sound
from tests.phases import audited
from tests.web.test_phases import undo_in
from tests.web.walk import form_on
from tests.world import World, browse, build, token_in

LIST = "/kandidaten"


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=3, weeks=1)


@pytest.fixture
def coach(app: Flask, world: World) -> FlaskClient:
    return browse(app, world.own.actors[Role.COACH])


def kept() -> list[tuple[str, str, str]]:
    db.session.rollback()
    return [(v.list, v.name, v.query) for v in db.session.execute(select(SavedView)).scalars()]


def test_filters_are_kept_opened_and_removed(app: Flask, coach: FlaskClient, world: World) -> None:
    assert "Weergave bewaren" not in coach.get(LIST).text, "nothing is filtered: nothing to keep"
    page = coach.get(f"{LIST}?zoek=%C3%A9l&signaal=ja&page=1&format=")
    assert_sound(page.text)
    form = form_on(page, "/weergaven/kandidaten")
    answer = coach.post("/weergaven/kandidaten", data={**form, "naam": "  Mijn   <b>zorgen</b> "})
    assert answer.location == f"{LIST}?signaal=ja&zoek=%C3%A9l"
    assert kept() == [("kandidaten", "Mijn <b>zorgen</b>", "signaal=ja&zoek=%C3%A9l")]
    page = coach.get(LIST)
    assert_sound(page.text)
    assert f'href="{html.escape(answer.location)}">Mijn &lt;b&gt;zorgen&lt;/b&gt;</a>' in page.text
    assert 'aria-current="page">Mijn &lt;b' in coach.get(answer.location).text
    assert "zorgen" not in coach.get("/vandaag").text, "of another list"
    assert world.own.other_coach is not None
    assert "zorgen" not in browse(app, world.own.other_coach).get(LIST).text, "of another person"
    (event,) = audited("saved_view.kept")
    assert event.details == {"list": "kandidaten"}, "neither a name nor a filter, which can name somebody"

    form = form_on(page, "/weergaven/kandidaten/weg")
    assert coach.post("/weergaven/kandidaten/weg", data=form).status_code == 303
    assert kept() == []
    told = coach.get(LIST).text
    url, hidden = undo_in(told)
    coach.post(url, data={"csrf_token": token_in(told), **{k: html.unescape(v) for k, v in hidden.items()}})
    assert [row[1] for row in kept()] == ["Mijn <b>zorgen</b>"]


def test_the_worklist_has_its_own(coach: FlaskClient) -> None:
    form = form_on(coach.get("/vandaag?soort=signal"), "/weergaven/vandaag")
    coach.post("/weergaven/vandaag", data={**form, "naam": "Signalen"})
    assert 'href="/vandaag?soort=signal">Signalen</a>' in coach.get("/vandaag").text


def test_a_name_that_is_there_is_replaced_and_there_is_an_end_to_it(coach: FlaskClient) -> None:
    form = form_on(coach.get(f"{LIST}?signaal=ja"), "/weergaven/kandidaten")
    for number in range(12):
        coach.post("/weergaven/kandidaten", data={**form, "naam": f"Nummer {number}"})
    assert len(kept()) == 12
    answer = coach.post("/weergaven/kandidaten", data={**form, "naam": "Nog een"})
    assert answer.status_code == 422 and "U hebt al 12 weergaven." in answer.text
    coach.post("/weergaven/kandidaten", data={**form, "naam": "Nummer 3", "filters": "stand=alle"})
    assert ("kandidaten", "Nummer 3", "stand=alle") in kept()


@pytest.mark.parametrize(
    ("name", "filters"),
    [
        ("", "signaal=ja"),
        ("x" * 41, "signaal=ja"),
        ("a\u202eb", "signaal=ja"),
        ("Alles", ""),
        ("Alles", "next=//evil.example&page=2"),
        ("Lang", "zoek=" + "x" * 1000),
    ],
)
def test_what_cannot_be_kept(coach: FlaskClient, name: str, filters: str) -> None:
    form = form_on(coach.get(f"{LIST}?signaal=ja"), "/weergaven/kandidaten")
    answer = coach.post("/weergaven/kandidaten", data={**form, "naam": name, "filters": filters})
    assert answer.status_code == 422
    assert kept() == []


def test_one_text_holds_them_all() -> None:
    assert read(None) == {}
    text = "\x1e".join("\x1f".join(one) for one in [("a", "z", "p=1"), ("b", "n", "q=2"), ("a", "Y", "p=3")])
    assert read(text) == {"a": (("Y", "p=3"), ("z", "p=1")), "b": (("n", "q=2"),)}
