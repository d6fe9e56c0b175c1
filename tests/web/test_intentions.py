"""An employer's answer by telephone, drafts, and who may record them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from inleer import clock
from inleer.db import db
from inleer.intentions.models import IntentionEvent, JobIntention
from inleer.policy import Role
from tests.world import World, browse, build, one, token_in


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=4)


@pytest.fixture
def coach(app: Flask, world: World) -> FlaskClient:
    return browse(app, world.own.actors[Role.COACH])


def answer(page: str, **changes: object) -> dict[str, object]:
    return {
        "csrf_token": token_in(page),
        "version": "1",
        "answer": "yes",
        "answered_by": "mw. De Boer",
        "on": clock.today().isoformat(),
        "positions": "2",
        "hours_min": "24",
        "hours_max": "32",
        "remark": "",
        **changes,
    }


def test_nothing_is_chosen_beforehand(coach: FlaskClient, world: World) -> None:
    page = coach.get(f"/intenties/{world.own.intention}/antwoord").text
    assert 'value="yes"' in page
    assert "checked" not in page


def test_a_yes_with_other_numbers_is_kept_with_who_and_when(coach: FlaskClient, world: World) -> None:
    path = f"/intenties/{world.own.intention}/antwoord"
    page = coach.get(path).text
    future = (clock.today() + timedelta(days=1)).isoformat()
    refused = (
        {"answer": ""},
        {"answered_by": " "},
        {"on": future},
        {"positions": "0"},
        {"hours_min": "41"},
        {"hours_min": "36"},
    )
    for change in refused:
        assert coach.post(path, data=answer(page, **change)).status_code == 422, change
    assert coach.post(path, data=answer(page)).status_code == 303
    stored = one(JobIntention, world.own.intention)
    assert (stored.state, stored.positions, stored.hours_min) == ("confirmed", 2, 24)
    events = select(IntentionEvent).where(IntentionEvent.intention_id == stored.id)
    last = max(db.session.execute(events).scalars(), key=lambda e: e.at)
    assert (last.answered_by, last.channel) == ("mw. De Boer", "telephone")
    assert (last.old_positions, last.new_positions) == (3, 2)
    assert coach.post(path, data=answer(page)).status_code == 409


def test_an_unknown_number_stays_unknown(coach: FlaskClient, world: World) -> None:
    path = f"/intenties/{world.own.intention}/antwoord"
    assert coach.post(path, data=answer(coach.get(path).text, positions="")).status_code == 303
    assert one(JobIntention, world.own.intention).positions is None
    assert "onbekend" in coach.get(f"/lichtingen/{world.own.cohort}").text


def test_a_no_is_declined_and_after_a_yes_withdrawn(coach: FlaskClient, world: World) -> None:
    path = f"/intenties/{world.own.intention}/antwoord"
    page = coach.get(path).text
    coach.post(path, data=answer(page))
    version = one(JobIntention, world.own.intention).version
    assert coach.post(path, data=answer(page, answer="no", version=version)).status_code == 303
    assert one(JobIntention, world.own.intention).state == "withdrawn"


def test_a_draft_is_changed_and_a_new_one_written_down(coach: FlaskClient, world: World) -> None:
    path = f"/intenties/{world.own.intention}/wijzigen"
    fields = {
        "csrf_token": token_in(coach.get(path).text),
        "function": "Helpende",
        "kind": "intention",
        "positions": "5",
    }
    assert coach.post(path, data={**fields, "version": "1", "state": "confirmed"}).status_code == 422
    assert coach.post(path, data={**fields, "version": "1"}).status_code == 303
    assert one(JobIntention, world.own.intention).positions == 5
    new = f"/lichtingen/{world.own.cohort}/intenties/nieuw"
    draft = {**fields, "employer_id": str(world.own.employer)}
    assert coach.post(new, data={**draft, "employer_id": str(world.foreign.employer)}).status_code == 422
    assert coach.post(new, data={**draft, "kind": "guarantee", "positions": ""}).status_code == 422
    assert coach.post(new, data=draft).status_code == 303


def test_others_record_nothing(app: Flask, coach: FlaskClient, world: World) -> None:
    assert coach.get(f"/intenties/{world.foreign.intention}/antwoord").status_code == 404
    for role in (Role.LEERHOME_COORDINATOR, Role.TEACHER, Role.ADMINISTRATOR, Role.EMPLOYER):
        client = browse(app, world.own.actors[role])
        assert client.get(f"/intenties/{world.own.intention}/antwoord").status_code in (403, 404)
