"""A caseload goes to a colleague: who may, what it shows before it happens, what goes along, and the way back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from inleer import clock
from inleer.db import db
from inleer.people.models import Candidate, CoachChange
from inleer.policy import Actor, Role, unscoped
from inleer.signals.models import Signal
from tests.accounts.logins import change
from tests.actors import make_actor
from tests.kit import assert_sound
from tests.phases import audited
from tests.web.test_phases import undo_in
from tests.web.test_query_counts import counted
from tests.web.walk import differences, rows
from tests.world import World, browse, build, one, token_in

WHY = "Gaat met pensioen KANARIEA"


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=5, weeks=1)


@pytest.fixture
def manager(app: Flask, world: World) -> FlaskClient:
    return browse(app, world.own.actors[Role.PROGRAMME_MANAGER])


def colleague(world: World) -> Actor:
    assert world.own.other_coach is not None
    return world.own.other_coach


def coaches(world: World) -> list[Any]:
    """The coach of each candidate, in order."""
    db.session.rollback()
    db.session.expire_all()
    return [one(Candidate, candidate_id).coach_id for candidate_id in world.own.candidates]


def page_of(world: World) -> str:
    return f"/overdracht?van={world.own.actors[Role.COACH].user_id}"


def fields(page: str, world: World, *numbers: int, **other: Any) -> dict[str, Any]:
    """What the form sends: these candidates, the colleague, today, why."""
    return {
        "csrf_token": token_in(page),
        "candidates": [str(world.own.candidates[n]) for n in numbers],
        "coach_id": str(colleague(world).user_id),
        "on": clock.today().isoformat(),
        "reason": WHY,
        "submit": "overdragen",
        **other,
    }


def test_the_manager_looks_first_and_then_hands_everybody_over(
    app: Flask, world: World, manager: FlaskClient
) -> None:
    me, other = world.own.actors[Role.COACH].user_id, colleague(world).user_id
    assert 'href="/overdracht"' in manager.get("/lichtingen").text
    page = manager.get(page_of(world)).text
    assert_sound(page)
    assert page.count('name="candidates"') == 4 and page.count("checked") == 4, (
        "everybody, unless one says so"
    )
    before = rows()
    looked = manager.post(page_of(world), data=fields(page, world, 0, 1, 2, 3, submit="bekijken"))
    assert looked.status_code == 200
    assert_sound(looked.text)
    for words in ("Er is nog niets veranderd.", "4 kandidaten gaan naar tweede coach KANARIEA", WHY):
        assert words in looked.text
    assert differences(before, rows()) == [], "looking changes nothing"
    assert manager.post(page_of(world), data=fields(page, world, 0, 1, 2, 3)).status_code == 303
    assert coaches(world) == [other] * 5
    told = manager.get("/overdracht").text
    assert "4 kandidaten zijn overgedragen aan tweede coach KANARIEA." in told
    assert len(audited("candidate.coach_changed")) == 4
    db.session.rollback()
    assert one(Signal, world.own.others["signal"]).owner_id == other
    mine = browse(app, world.own.actors[Role.COACH])
    assert mine.get(f"/kandidaten/{world.own.candidates[0]}").status_code == 403
    assert WHY in browse(app, colleague(world)).get(f"/kandidaten/{world.own.candidates[0]}").text

    url, hidden = undo_in(told)
    assert manager.post(url, data={"csrf_token": token_in(told), **hidden}).status_code == 303
    assert coaches(world) == [me] * 4 + [other]
    db.session.rollback()
    assert one(Signal, world.own.others["signal"]).owner_id == me
    made = select(CoachChange).where(CoachChange.batch_id.is_not(None))
    assert db.session.execute(unscoped(made, "test")).first() is None


def test_a_coach_chooses_who_goes_and_who_went_on_stays(app: Flask, world: World) -> None:
    me, other = world.own.actors[Role.COACH], colleague(world).user_id
    third = make_actor(Role.COACH, world.own.agency, "derde coach KANARIEA")
    coach = browse(app, me)
    assert 'href="/overdracht"' in coach.get("/kandidaten").text
    page = coach.get("/overdracht").text
    assert page.count('name="candidates"') == 4, "the own caseload, without asking"
    assert coach.post("/overdracht", data=fields(page, world, 1, 2)).status_code == 303
    assert coaches(world) == [me.user_id, other, other, me.user_id, other]
    change(Candidate, world.own.candidates[2], coach_id=third.user_id)
    told = coach.get("/overdracht").text
    url, hidden = undo_in(told)
    answer = coach.post(url, data={"csrf_token": token_in(told), **hidden}, follow_redirects=True)
    assert "1 kandidaat is terug bij de vorige werkcoach." in answer.text
    assert "1 kandidaat heeft intussen weer een andere werkcoach en blijft daar." in answer.text
    assert coaches(world) == [me.user_id, me.user_id, third.user_id, me.user_id, other]


def test_who_may_not_and_what_cannot(app: Flask, world: World, manager: FlaskClient) -> None:
    for role in (Role.TEACHER, Role.LEERHOME_COORDINATOR, Role.ADMINISTRATOR, Role.EMPLOYER):
        assert browse(app, world.own.actors[role]).get("/overdracht").status_code == 403
    page = manager.get(page_of(world)).text
    foreign = str(world.foreign.candidates[0])
    stranger = str(world.foreign.actors[Role.COACH].user_id)
    wrongs: list[dict[str, Any]] = [
        {"candidates": [foreign]},
        {"candidates": []},
        {"candidates": [str(world.own.candidates[4])]},  # of another coach than was asked for
        {"coach_id": stranger},
        {"coach_id": str(world.own.actors[Role.COACH].user_id)},
        {"reason": " "},
        {"on": str(clock.today() + timedelta(days=1))},
        {"on": str(clock.today() - timedelta(days=900))},
    ]
    for wrong in wrongs:
        before = rows()
        answer = manager.post(page_of(world), data=fields(page, world, 0, **wrong))
        assert answer.status_code == 422, wrong
        assert WHY in answer.text or "reason" in wrong, "what was typed stays"
        assert differences(before, rows()) == []
    assert "KANARIEB" not in manager.get(f"/overdracht?van={stranger}").text


def test_those_without_a_coach_and_of_a_coach_who_left(
    app: Flask, world: World, manager: FlaskClient
) -> None:
    change(Candidate, world.own.candidates[0], coach_id=None)
    page = manager.get("/overdracht?van=geen").text
    assert "zonder werkcoach (1)" in page and page.count('name="candidates"') == 1
    assert manager.post("/overdracht?van=geen", data=fields(page, world, 0)).status_code == 303
    assert coaches(world)[0] == colleague(world).user_id
    from inleer.accounts.models import Membership

    gone = world.own.actors[Role.COACH].membership_id
    assert gone is not None
    change(Membership, gone, ended_at=clock.now())
    assert manager.get(page_of(world)).text.count('name="candidates"') == 3


def test_a_manager_sees_no_signals_and_a_coach_does(app: Flask, world: World, manager: FlaskClient) -> None:
    assert "open signa" not in manager.get(page_of(world)).text
    assert "open signa" in browse(app, world.own.actors[Role.COACH]).get("/overdracht").text


@pytest.mark.parametrize("people", [5, 20])
def test_the_page_and_the_step_send_as_many_statements_for_many(app: Flask, people: int) -> None:
    world = build(app, people=people, weeks=1)
    client = browse(app, world.own.actors[Role.PROGRAMME_MANAGER])
    page = client.get(page_of(world)).text
    with counted() as looking:
        client.get(page_of(world))
    with counted() as saving:
        numbers = range(people - 1)
        assert client.post(page_of(world), data=fields(page, world, *numbers)).status_code == 303
    assert len(looking) <= 10, "\n".join(looking)
    # one statement a row is written, each with the version that was read; reading is done at once
    others = [one for one in saving if not one.startswith(("UPDATE candidate", "UPDATE signal"))]
    assert len(others) <= 16, "\n".join(others)
