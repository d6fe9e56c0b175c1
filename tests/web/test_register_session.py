"""A cell that is saved after the session ended: said in Dutch with a link, and the page keeps what was typed."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from inleer import clock
from inleer.accounts.models import UserSession
from inleer.db import db
from inleer.policy import Role
from tests.accounts.logins import change
from tests.web.cases import CASES
from tests.web.walk import Scene, Step, differences, rows, steps
from tests.world import World, build

PART = {"HX-Request": "true"}


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=8, weeks=1)


@pytest.fixture
def cell(app: Flask, world: World) -> Step:
    """A cell that a teacher filled in and is about to save."""
    case = next(c for c in CASES if c.endpoint == "attendance.save_cell")
    return next(steps(Scene(app, world), [case]))


def end_sessions() -> None:
    """Everybody's session ended a moment ago."""
    for row in db.session.execute(select(UserSession.id)).scalars().all():
        change(UserSession, row, ended_at=clock.now())


def save(cell: Step, client: FlaskClient) -> tuple[int, str, dict[str, str]]:
    answer = client.post(cell.path, data=cell.fields, headers=PART)
    return answer.status_code, answer.text, dict(answer.headers)


def test_a_cell_says_that_one_is_logged_out_and_leads_nowhere(cell: Step, world: World) -> None:
    end_sessions()
    before = rows()
    status, text, headers = save(cell, cell.client)
    assert status == 401
    assert "Er is nog niets opgeslagen" in text
    assert 'href="/inloggen"' in text and 'target="_blank"' in text
    assert "<html" not in text, "a part of a page is answered by a part of a page"
    assert not {"HX-Redirect", "HX-Refresh", "Location"} & set(headers)
    assert differences(before, rows()) == []


def test_a_part_that_is_only_read_goes_to_the_login_page(app: Flask) -> None:
    answer = app.test_client().get("/vandaag", headers=PART)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/inloggen")


def test_after_logging_in_elsewhere_the_same_cell_is_saved_with_the_new_token(
    app: Flask, cell: Step, world: World
) -> None:
    """What register.js does: the old token is refused (400), a fresh copy of the page has the new one."""
    end_sessions()
    scene = Scene(app, world)
    again = next(steps(scene, [cell.case]))
    assert scene.actor(Role.TEACHER) == world.own.actors[Role.TEACHER]
    old = {**cell.fields, "csrf_token": cell.shown["csrf_token"]}
    assert again.client.post(cell.path, data=old, headers=PART).status_code == 400
    answer = again.client.post(cell.path, data={**old, "csrf_token": again.shown["csrf_token"]}, headers=PART)
    assert answer.status_code == 200
    assert "bus" in answer.text
