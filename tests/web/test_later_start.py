"""A later start has the same way back as every other step of an enrolment."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from inleer import clock
from inleer.attendance.models import EnrolmentTotal
from inleer.cohorts.models import Enrolment, EnrolmentEvent
from inleer.db import db
from inleer.policy import Role, unscoped
from tests.accounts.logins import change
from tests.phases import audited
from tests.web.test_phases import undo_in
from tests.world import World, browse, build, one, token_in

WHY = "Wacht op kinderopvang."


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=2)


@pytest.fixture
def coach(app: Flask, world: World) -> FlaskClient:
    return browse(app, world.own.actors[Role.COACH])


def row(world: World) -> Enrolment:
    db.session.rollback()
    return one(Enrolment, world.own.enrolments[0])


def planned(world: World) -> int:
    """Minutes of judged sessions between joining and leaving."""
    db.session.rollback()
    asked = select(EnrolmentTotal.planned).where(EnrolmentTotal.enrolment_id == world.own.enrolments[0])
    found = db.session.execute(unscoped(asked, "test")).scalar_one_or_none()
    return found or 0


def start(coach: FlaskClient, world: World, on: date) -> str:
    """Give the candidate another first day; returns the page that follows."""
    path = f"/deelnames/{world.own.enrolments[0]}/later"
    data: dict[str, Any] = {"csrf_token": token_in(coach.get(path).text), "version": row(world).version}
    answer = coach.post(path, data={**data, "on": on.isoformat(), "reason": WHY})
    assert answer.status_code == 303
    return coach.get(answer.location).text


def test_the_day_the_state_and_the_figures_return(coach: FlaskClient, world: World) -> None:
    before, counted = row(world).joined_on, planned(world)
    assert counted == 360  # one lesson from nine to three was judged
    page = start(coach, world, clock.today() + timedelta(days=2))
    assert planned(world) == 0
    assert WHY in page and "eerste dag was" in page
    assert "Laatste stap ongedaan maken" in page
    url, hidden = undo_in(page)
    assert url == f"/deelnames/{world.own.enrolments[0]}/ongedaan"
    answer = coach.post(url, data={"csrf_token": token_in(page), **hidden}, follow_redirects=True)
    name = world.own.actors[Role.COACH].name
    assert answer.status_code == 200 and WHY in answer.text  # the step stays, and says that it was taken back
    assert "teruggedraaid</span> door " + name in answer.text
    assert (row(world).joined_on, row(world).state) == (before, "active")
    assert planned(world) == counted
    (event,) = audited("enrolment.step_undone")
    assert event.details["joined_to"] == str(before)


def test_a_start_that_made_somebody_active_gives_the_day_back_too(coach: FlaskClient, world: World) -> None:
    first = clock.today() + timedelta(days=9)
    change(Enrolment, world.own.enrolments[0], state="selected", joined_on=first)
    page = start(coach, world, clock.today())
    assert row(world).state == "active"
    url, hidden = undo_in(page)
    assert coach.post(url, data={"csrf_token": token_in(page), **hidden}).status_code == 303
    assert (row(world).joined_on, row(world).state) == (first, "selected")


def test_a_pause_stays_when_the_first_day_returns(coach: FlaskClient, world: World) -> None:
    before = row(world).joined_on
    change(Enrolment, world.own.enrolments[0], state="paused")
    page = start(coach, world, clock.today())
    url, hidden = undo_in(page)
    assert coach.post(url, data={"csrf_token": token_in(page), **hidden}).status_code == 303
    assert (row(world).joined_on, row(world).state) == (before, "paused")


def test_an_older_version_is_a_conflict(coach: FlaskClient, world: World) -> None:
    page = start(coach, world, clock.today())
    url, hidden = undo_in(page)
    start(coach, world, clock.today() - timedelta(days=1))
    assert coach.post(url, data={"csrf_token": token_in(page), **hidden}).status_code == 409


def test_a_step_of_before_this_was_kept_says_so_and_has_no_button(coach: FlaskClient, world: World) -> None:
    start(coach, world, clock.today())
    asked = select(EnrolmentEvent.id).where(EnrolmentEvent.reason == WHY)
    change(EnrolmentEvent, db.session.execute(asked).scalar_one(), joined_before=None)
    page = coach.get(f"/kandidaten/{world.own.candidates[0]}").text
    assert "Laatste stap ongedaan maken" not in page
    data = {"csrf_token": token_in(page), "version": row(world).version}
    answer = coach.post(f"/deelnames/{world.own.enrolments[0]}/ongedaan", data=data)
    assert answer.status_code == 422 and "De vorige instapdatum is niet bewaard" in answer.text
