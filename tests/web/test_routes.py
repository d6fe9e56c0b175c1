"""The route catalogue: every version drawn as a line, and which editions use it."""

from __future__ import annotations

from flask import Flask

from inleer.leerroutes.queries import route_version
from inleer.policy import Role
from tests.world import browse, build


def test_versions_are_drawn_as_lines_with_the_editions_that_use_them(app: Flask) -> None:
    world = build(app, people=2, weeks=1)
    client = browse(app, world.own.actors[Role.ADMINISTRATOR])
    page = client.get("/leerroutes")
    assert page.status_code == 200
    assert page.text.count('class="phases"') == 2
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
