"""The route catalogue: every version drawn as a line, and which editions use it."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from inleer.leerroutes.queries import route_version
from inleer.policy import Role
from tests.kit import assert_sound
from tests.routes import publish_third
from tests.web.test_query_counts import statements
from tests.world import browse, build


def test_versions_are_drawn_as_lines_with_the_editions_that_use_them(app: Flask) -> None:
    world = build(app, people=2, weeks=1)
    client = browse(app, world.own.actors[Role.ADMINISTRATOR])
    page = client.get("/leerroutes")
    assert page.status_code == 200
    assert page.text.count('aria-label="Fasen van WijkLeerbedrijf Zorg') == 2
    assert "1 lichting" in page.text
    assert "0 lichtingen" in page.text
    row = route_version("zorg.wijkleerbedrijf", 1)
    assert row is not None
    detail = client.get(f"/leerroutes/{row.id}")
    assert "4 schoolweken" in detail.text
    assert "verandert nooit" in detail.text


def test_an_unknown_version_is_not_found_and_a_teacher_has_no_catalogue(app: Flask) -> None:
    world = build(app, people=2, weeks=1)
    coach = browse(app, world.own.actors[Role.COACH])
    assert coach.get(f"/leerroutes/{world.own.cohort}").status_code == 404
    assert browse(app, world.own.actors[Role.TEACHER]).get("/leerroutes").status_code == 403


def compared(client: FlaskClient, query: str = "") -> TestResponse:
    return client.get(f"/leerroutes/zorg.wijkleerbedrijf/vergelijken{query}")


def test_two_versions_stand_under_each_other_with_what_differs_marked_and_in_words(app: Flask) -> None:
    world = build(app, people=2, weeks=1)
    publish_third()
    client = browse(app, world.own.actors[Role.PROGRAMME_MANAGER])
    catalogue = client.get("/leerroutes").text
    assert "/leerroutes/zorg.wijkleerbedrijf/vergelijken?van=2&amp;naar=3" in catalogue
    page = compared(client, "?van=2&naar=3")
    assert page.status_code == 200
    assert_sound(page.text)
    assert page.text.count('<ol class="phases"') == 2
    marks = re.findall(r'class="phase__mark">.*?</svg>\s*(\w+)</span>', page.text, re.DOTALL)
    assert sorted(marks) == ["anders", "anders", "nieuw", "nieuw", "vervalt", "vervalt"]
    for sentence in (
        "Werkgevers geven een garantie in plaats van een intentie.",
        "Fase “Jaar 1: praktijk in de wijk” duurt 6 in plaats van 5 maanden.",
        "Fase “Jaar 1: praktijk in de wijk” vraagt de regel “Uren in de wijk” niet meer.",
        "Telt niet meer als geslaagd: “Baan” (een baan).",
        "Vervallen fase: Selectiedag: 1 schoolweek.",
        "De intake heeft de vragen van “Zorg in de wijk” niet meer.",
    ):
        assert sentence in page.text, sentence


def test_without_a_question_the_newest_version_is_compared_with_the_one_before(app: Flask) -> None:
    world = build(app, people=2, weeks=1)
    client = browse(app, world.own.actors[Role.ADMINISTRATOR])
    page = compared(client)
    assert "Versie 1 en versie 2" in page.text
    assert "Werkgevers geven een intentie in plaats van een garantie." in page.text
    assert "phase__mark" not in page.text and "De fasen zijn gelijk." in page.text
    assert "Niets: beide versies hebben dezelfde inhoud." in compared(client, "?van=2&naar=2").text


@pytest.mark.parametrize("query", ["?van=1&naar=9", "?van=0&naar=2", "?van=&naar=2", "?van=1e0&naar=2"])
def test_a_version_that_is_not_published_is_not_found(app: Flask, query: str) -> None:
    world = build(app, people=2, weeks=1)
    client = browse(app, world.own.actors[Role.ADMINISTRATOR])
    assert compared(client, query).status_code == 404
    assert client.get("/leerroutes/zorg.anders/vergelijken").status_code == 404


def test_a_teacher_compares_nothing(app: Flask) -> None:
    world = build(app, people=2, weeks=1)
    assert compared(browse(app, world.own.actors[Role.TEACHER])).status_code == 403


def test_comparing_takes_as_many_statements_for_any_number_of_versions(app: Flask) -> None:
    world = build(app, people=2, weeks=1)
    client = browse(app, world.own.actors[Role.PROGRAMME_MANAGER])
    path = "/leerroutes/zorg.wijkleerbedrijf/vergelijken?van=1&naar=2"
    before = statements(client, path)
    publish_third()
    assert len(statements(client, path)) == len(before) <= 4
