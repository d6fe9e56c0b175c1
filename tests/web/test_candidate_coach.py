"""One candidate goes to another coach: who may, what it changes at the next request, and the way back."""

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
from tests.world import World, browse, build, one, token_in

WHY = "Woont nu in de wijk van een collega."


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=4)


@pytest.fixture
def coach(app: Flask, world: World) -> FlaskClient:
    return browse(app, world.own.actors[Role.COACH])


@pytest.fixture
def manager(app: Flask, world: World) -> FlaskClient:
    return browse(app, world.own.actors[Role.PROGRAMME_MANAGER])


def colleague(world: World) -> Actor:
    assert world.own.other_coach is not None
    return world.own.other_coach


def file(world: World, number: int = 0) -> str:
    return f"/kandidaten/{world.own.candidates[number]}"


def fields(page: str, world: World, number: int = 0, **other: Any) -> dict[str, Any]:
    """What the form sends: the colleague, today, why."""
    candidate = one(Candidate, world.own.candidates[number])
    filled = {"coach_id": str(colleague(world).user_id), "on": clock.today().isoformat(), "reason": WHY}
    return {"csrf_token": token_in(page), "version": candidate.version, **filled, **other}


def coach_of(world: World, number: int = 0) -> Any:
    db.session.rollback()
    return one(Candidate, world.own.candidates[number]).coach_id


def changes() -> list[CoachChange]:
    """Those that the test made: the world has one of its own on each side."""
    found = unscoped(select(CoachChange).where(CoachChange.reason == WHY), "test")
    return list(db.session.execute(found).scalars())


def test_the_own_coach_gives_a_candidate_to_a_colleague_and_takes_it_back(
    app: Flask, coach: FlaskClient, world: World
) -> None:
    other = browse(app, colleague(world))
    assert f'href="{file(world)}/werkcoach"' in coach.get(file(world)).text
    form = coach.get(f"{file(world)}/werkcoach").text
    assert_sound(form)
    assert other.get(file(world)).status_code == 403
    answer = coach.post(f"{file(world)}/werkcoach", data=fields(form, world))
    assert answer.status_code == 303 and answer.location == "/kandidaten"
    told = coach.get(answer.location).text
    assert "tweede coach KANARIEA is nu de werkcoach van" in told

    # at the next request
    page = other.get(file(world)).text
    assert_sound(page)
    for text in ("Andere werkcoach: tweede coach KANARIEA", "Daarvoor: coach KANARIEA", WHY):
        assert text in page
    assert "Notitie coaches KANARIEA" in page
    assert coach.get(file(world)).status_code == 403
    assert coach.get(f"{file(world)}/werkcoach").status_code == 403

    url, hidden = undo_in(told)
    assert coach.post(url, data={"csrf_token": token_in(told), **hidden}).location == file(world)
    assert coach_of(world) == world.own.actors[Role.COACH].user_id
    assert coach.get(file(world)).status_code == 200
    assert other.get(file(world)).status_code == 403
    assert changes() == []
    assert coach.post(url, data={"csrf_token": token_in(told)}).status_code == 404


def test_what_is_written_down(coach: FlaskClient, world: World) -> None:
    me = world.own.actors[Role.COACH].user_id
    form = coach.get(f"{file(world)}/werkcoach").text
    day = clock.today().isoformat()
    coach.post(f"{file(world)}/werkcoach", data=fields(form, world))
    (event,) = audited("candidate.coach_changed")
    assert event.subject_id == str(world.own.candidates[0])
    assert event.details["from"] == str(me) and event.details["to"] == str(colleague(world).user_id)
    assert event.details["on"] == day and WHY not in str(event.details)
    (row,) = changes()
    assert (row.from_id, row.by_id, str(row.on)) == (me, me, day)


def test_open_signals_go_along_and_return(coach: FlaskClient, world: World) -> None:
    me, signal = world.own.actors[Role.COACH].user_id, world.own.others["signal"]
    form = coach.get(f"{file(world)}/werkcoach").text
    told = coach.post(f"{file(world)}/werkcoach", data=fields(form, world), follow_redirects=True).text
    db.session.rollback()
    assert one(Signal, signal).owner_id == colleague(world).user_id
    assert len(audited("signal.handed_over")) >= 1
    url, hidden = undo_in(told)
    coach.post(url, data={"csrf_token": token_in(told), **hidden})
    db.session.rollback()
    assert one(Signal, signal).owner_id == me


def test_the_programme_manager_chooses_from_the_board_and_sees_no_file(
    manager: FlaskClient, world: World
) -> None:
    change(Candidate, world.own.candidates[1], coach_id=None)
    board = f"/lichtingen/{world.own.cohort}"
    assert f'href="{file(world, 1)}/werkcoach"' in manager.get(f"{board}?toon=zonder-coach").text
    form = manager.get(f"{file(world, 1)}/werkcoach").text
    assert_sound(form)
    assert "Nu nog zonder werkcoach" in form and "+3161234" not in form
    answer = manager.post(f"{file(world, 1)}/werkcoach", data=fields(form, world, 1))
    assert answer.location == board
    assert coach_of(world, 1) == colleague(world).user_id
    told = manager.get(board).text
    assert manager.get(file(world, 1)).status_code == 403
    url, hidden = undo_in(told)
    assert manager.post(url, data={"csrf_token": token_in(told), **hidden}).location == board
    assert coach_of(world, 1) is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"coach_id": ""}, "coach_id"),
        ({"on": ""}, "on"),
        ({"on": "2999-01-01"}, "on"),
        ({"on": "2001-01-01"}, "on"),
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 501}, "reason"),
    ],
)
def test_an_error_stands_at_its_field_and_input_is_kept(
    coach: FlaskClient, world: World, wrong: dict[str, str], field: str
) -> None:
    page = coach.get(f"{file(world)}/werkcoach").text
    answer = coach.post(f"{file(world)}/werkcoach", data=fields(page, world) | wrong)
    assert answer.status_code == 422 and f'id="{field}-fout"' in answer.text
    assert_sound(answer.text)
    if field != "reason":
        assert WHY in answer.text
    assert changes() == [] and coach_of(world) == world.own.actors[Role.COACH].user_id


def test_only_coaches_of_the_own_agency_are_offered(coach: FlaskClient, world: World) -> None:
    page = coach.get(f"{file(world)}/werkcoach").text
    strangers = [
        world.foreign.actors[Role.COACH],
        world.own.actors[Role.TEACHER],
        world.own.actors[Role.PROGRAMME_MANAGER],
        world.own.actors[Role.COACH],
    ]
    for stranger in strangers:
        data = fields(page, world, coach_id=str(stranger.user_id))
        assert coach.post(f"{file(world)}/werkcoach", data=data).status_code == 422, stranger.role
    assert changes() == []


def test_an_older_version_is_a_conflict(coach: FlaskClient, world: World) -> None:
    data = fields(coach.get(f"{file(world)}/werkcoach").text, world)
    change(Candidate, world.own.candidates[0], children=3)
    assert coach.post(f"{file(world)}/werkcoach", data=data).status_code == 409
    assert changes() == []


def test_whose_candidate_it_is(app: Flask, world: World) -> None:
    refused = {
        Role.LEERHOME_COORDINATOR: 403,
        Role.TEACHER: 403,
        Role.ADMINISTRATOR: 403,
        Role.EMPLOYER: 404,
    }
    path = f"{file(world)}/werkcoach"
    back = f"/kandidaten/werkcoach/{world.own.others['coach_change']}/ongedaan"
    for role, code in refused.items():
        client = browse(app, world.own.actors[role])
        token = token_in(client.get("/account").text)
        # a change of coach is a matter of the agency: to a partner it does not exist
        of_change = 403 if role is Role.ADMINISTRATOR else 404
        data = fields(f'<input name="csrf_token" value="{token}">', world)
        assert client.get(path).status_code == code, role
        assert client.post(path, data=data).status_code == code
        assert client.post(back, data={"csrf_token": token}).status_code == of_change
    assert browse(app, colleague(world)).get(path).status_code == 403
    assert browse(app, world.foreign.actors[Role.COACH]).get(path).status_code == 404
    assert browse(app, world.foreign.actors[Role.PROGRAMME_MANAGER]).get(path).status_code == 404


def test_the_right_to_take_back_ends_with_the_day(coach: FlaskClient, world: World) -> None:
    """Who gave a candidate away does not get the file back next week."""
    form = coach.get(f"{file(world)}/werkcoach").text
    told = coach.post(f"{file(world)}/werkcoach", data=fields(form, world), follow_redirects=True).text
    url, hidden = undo_in(told)
    change(CoachChange, changes()[0].id, recorded_on=clock.today() - timedelta(days=1))
    assert coach.post(url, data={"csrf_token": token_in(told), **hidden}).status_code == 403
    assert coach_of(world) == colleague(world).user_id


def test_what_was_changed_again_is_not_taken_back(
    app: Flask, coach: FlaskClient, manager: FlaskClient, world: World
) -> None:
    form = coach.get(f"{file(world)}/werkcoach").text
    told = coach.post(f"{file(world)}/werkcoach", data=fields(form, world), follow_redirects=True).text
    third = make_actor(Role.COACH, world.own.agency, "derde coach")
    data = fields(manager.get(f"{file(world)}/werkcoach").text, world, coach_id=str(third.user_id))
    assert manager.post(f"{file(world)}/werkcoach", data=data).status_code == 303
    url, hidden = undo_in(told)
    answer = coach.post(url, data={"csrf_token": token_in(told), **hidden})
    assert answer.status_code == 422 and "intussen weer een andere werkcoach" in answer.text
    assert coach_of(world) == third.user_id
    # only the last one has a button in the file
    page = browse(app, third).get(file(world)).text
    assert page.count("/ongedaan") >= 1 and url not in page
