"""The worklist of today, and where each role starts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from inleer import clock
from inleer.audit import ReadLog
from inleer.cohorts import enrolments as actions
from inleer.cohorts.models import Enrolment
from inleer.db import db, unit_of_work
from inleer.people.actions import arrange_cover, end_cover
from inleer.people.models import Cover
from inleer.policy import Role, unscoped
from inleer.signals.models import Signal
from tests.world import World, browse, build, one, token_in


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=4)


def open_signal(world: World) -> Signal:
    """The signal that the world's unexcused lesson raised for the first candidate."""
    statement = select(Signal).where(Signal.candidate_id == world.own.candidates[0], Signal.state == "open")
    return db.session.execute(unscoped(statement, "test")).scalars().first()  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("role", "start"),
    [
        (Role.COACH, "/vandaag"),
        (Role.LEERHOME_COORDINATOR, "/vandaag"),
        (Role.TEACHER, "/lessen"),
        (Role.PROGRAMME_MANAGER, "/lichtingen"),
        (Role.ADMINISTRATOR, "/beheer"),
    ],
)
def test_each_role_starts_on_its_own_page(app: Flask, world: World, role: Role, start: str) -> None:
    client = browse(app, world.own.actors[role])
    response = client.get("/")
    assert response.status_code == 303
    assert response.location.startswith(start)
    assert client.get(response.location).status_code == 200


@pytest.mark.parametrize("role", [Role.CANDIDATE, Role.STEERING_GROUP, Role.WORKPLACE_SUPERVISOR])
def test_a_role_without_pages_is_told_what_comes_later(app: Flask, world: World, role: Role) -> None:
    response = browse(app, world.own.actors[role]).get("/")
    assert response.status_code == 200
    assert "komen later" in response.text


def test_every_item_names_its_rule_and_offers_a_next_step(app: Flask, world: World) -> None:
    page = browse(app, world.own.actors[Role.COACH]).get("/vandaag").text
    signal = open_signal(world)
    assert f"/signalen/{signal.id}/afhandelen" in page
    assert "Regel: aanwezigheid onder 80 % over 4 schoolweken" in page
    assert f"/meldingen/{world.own.escalation}/gezien" in page
    assert "geweest, maar nog niet geregistreerd" in page
    assert f"/intenties/{world.own.intention}/antwoord" in page
    assert "Regel: langer dan 30 dagen geen contact" in page
    assert world.foreign.canary not in page


def test_a_signal_is_handled_with_a_note_and_can_be_opened_again(app: Flask, world: World) -> None:
    client = browse(app, world.own.actors[Role.COACH])
    signal = open_signal(world)
    path = f"/signalen/{signal.id}/afhandelen"
    token = token_in(client.get(path).text)
    empty = client.post(path, data={"csrf_token": token, "version": "1", "note": " "})
    assert empty.status_code == 422
    assert open_signal(world).state == "open"
    done = client.post(
        path, data={"csrf_token": token, "version": "1", "note": "Moeder gebeld, komt dinsdag."}
    )
    assert done.status_code == 303
    page = client.get("/vandaag").text
    assert f"/signalen/{signal.id}/afhandelen" not in page
    assert "Moeder gebeld, komt dinsdag." in page
    undo = client.post(
        f"/signalen/{signal.id}/heropenen", data={"csrf_token": token_in(page), "version": "2"}
    )
    assert undo.status_code == 303
    assert f"/signalen/{signal.id}/afhandelen" in client.get("/vandaag").text


def test_handling_what_a_colleague_handled_first_shows_a_conflict_with_the_input(
    app: Flask, world: World
) -> None:
    coach = world.own.actors[Role.COACH]
    first, second = browse(app, coach), browse(app, coach)
    path = f"/signalen/{open_signal(world).id}/afhandelen"
    tokens = [token_in(client.get(path).text) for client in (first, second)]
    saved = first.post(path, data={"csrf_token": tokens[0], "version": "1", "note": "De eerste."})
    late = second.post(path, data={"csrf_token": tokens[1], "version": "1", "note": "De tweede, met moeite."})
    assert saved.status_code == 303
    assert late.status_code == 409
    assert "De tweede, met moeite." in late.text


def test_filters_live_in_the_url(app: Flask, world: World) -> None:
    client = browse(app, world.own.actors[Role.COACH])
    page = client.get("/vandaag?soort=intention").text
    assert f"/intenties/{world.own.intention}/antwoord" in page
    assert "/afhandelen" not in page
    assert "Niets past bij dit filter" in client.get("/vandaag?soort=pause").text


def test_a_pause_past_its_end_is_on_the_list(app: Flask, world: World) -> None:
    coach = world.own.actors[Role.COACH]
    today = clock.today()
    with unit_of_work():
        enrolment = one(Enrolment, world.own.enrolments[0])
        days = (today - timedelta(days=9), today - timedelta(days=2))
        actions.pause(coach, enrolment, *days, coach.user_id, "op adem komen", enrolment.version)
    page = browse(app, coach).get("/vandaag?soort=pause").text
    assert "pauze voorbij de einddatum" in page
    assert f"eigenaar: {coach.name}" in page


def test_covering_works_at_the_next_request_and_ends_as_fast(app: Flask, world: World) -> None:
    other, coach = world.own.other_coach, world.own.actors[Role.COACH]
    assert other is not None
    client = browse(app, coach)
    last = f"/kandidaten/{world.own.candidates[-1]}"
    assert client.get(last).status_code == 403
    with unit_of_work():
        cover = arrange_cover(coach, other.user_id, coach.user_id, clock.today(), clock.today())
    assert client.get(last).status_code == 200
    assert last in client.get("/vandaag").text
    with unit_of_work():
        end_cover(coach, one(Cover, cover.id))
    assert client.get(last).status_code == 403
    assert last not in client.get("/kandidaten").text


def test_cover_is_arranged_and_ended_in_the_browser(app: Flask, world: World) -> None:
    other, coach = world.own.other_coach, world.own.actors[Role.COACH]
    assert other is not None
    client, colleague = browse(app, coach), browse(app, other)
    first = f"/kandidaten/{world.own.candidates[0]}"
    assert colleague.get(first).status_code == 403
    token = token_in(client.get("/waarneming").text)
    day = clock.today().isoformat()
    fields = {"coach_id": coach.user_id, "substitute_id": other.user_id, "from_on": day, "until_on": day}
    assert client.post("/waarneming", data={"csrf_token": token, **fields}).status_code == 303
    assert colleague.get(first).status_code == 200
    arranged = select(Cover).where(Cover.coach_id == coach.user_id, Cover.from_on == clock.today())
    cover = db.session.execute(unscoped(arranged, "test")).scalar_one()
    ended = client.post(
        f"/waarneming/{cover.id}/beeindigen", data={"csrf_token": token, "version": cover.version}
    )
    assert ended.status_code == 303
    assert colleague.get(first).status_code == 403


def test_cover_by_somebody_of_another_agency_is_refused(app: Flask, world: World) -> None:
    client = browse(app, world.own.actors[Role.COACH])
    token = token_in(client.get("/waarneming").text)
    day = clock.today().isoformat()
    fields = {
        "coach_id": world.own.actors[Role.COACH].user_id,
        "substitute_id": world.foreign.actors[Role.COACH].user_id,
        "from_on": day,
        "until_on": day,
    }
    assert client.post("/waarneming", data={"csrf_token": token, **fields}).status_code == 422


def test_the_coordinator_sees_signals_and_messages_but_handles_none(app: Flask, world: World) -> None:
    page = browse(app, world.own.actors[Role.LEERHOME_COORDINATOR]).get("/vandaag").text
    assert f"Melding {world.own.canary}" in page
    assert f"Vandaag {world.own.canary}" in page
    assert "/afhandelen" not in page
    assert "/gezien" not in page
    assert world.foreign.canary not in page


def test_the_worklist_is_in_the_read_log(app: Flask, world: World) -> None:
    browse(app, world.own.actors[Role.COACH]).get("/vandaag")
    rows = db.session.execute(select(ReadLog).where(ReadLog.endpoint == "today.worklist")).scalars().all()
    assert len(rows) == 1
    assert str(world.own.candidates[0]) in rows[0].subject_ids
