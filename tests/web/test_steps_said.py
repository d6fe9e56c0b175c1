"""What forms about an enrolment say: all problems at once, what happened meanwhile, and why a step cannot be taken."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from inleer import clock
from inleer.cohorts import enrolments as actions
from inleer.cohorts.actions import NewCohort, create_cohort
from inleer.cohorts.models import Cohort, CohortPhase, Enrolment
from inleer.db import db, unit_of_work
from inleer.i18n import format_date
from inleer.leerroutes.queries import route_version
from inleer.policy import Role, unscoped
from tests.world import World, browse, build, one, token_in

DAY = timedelta(days=1)


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=2)


@pytest.fixture
def coach(app: Flask, world: World) -> FlaskClient:
    return browse(app, world.own.actors[Role.COACH])


@pytest.fixture
def target(world: World) -> Cohort:
    """An edition of the agency that begins in forty days."""
    manager = world.own.actors[Role.PROGRAMME_MANAGER]
    with unit_of_work():
        start = clock.today() + 40 * DAY
        route = route_version("zorg.wijkleerbedrijf", 2)
        assert route is not None
        new = NewCohort(slug="volgende", name="Volgende", starts_on=start, region="noord")
        return create_cohort(manager, world.own.agency, route, new)


def row(world: World) -> Enrolment:
    db.session.rollback()
    return one(Enrolment, world.own.enrolments[0])


def form(coach: FlaskClient, world: World, step: str, **fields: Any) -> tuple[str, dict[str, Any]]:
    path = f"/deelnames/{world.own.enrolments[0]}/{step}"
    page = coach.get(path).text
    if step.startswith("pauze"):
        fields.setdefault("owner_id", str(world.own.actors[Role.COACH].user_id))
    return path, {"csrf_token": token_in(page), "version": row(world).version, **fields}


def on(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def ends(cohort_id: Any) -> Any:
    asked = select(CohortPhase.ends_on).where(CohortPhase.cohort_id == cohort_id)
    return max(day for day in db.session.scalars(unscoped(asked, "test")) if day is not None)


def test_an_empty_reason_hides_no_other_problem(coach: FlaskClient, world: World) -> None:
    path, data = form(coach, world, "pauze", from_on=on(3), until_on=on(1), reason="")
    answer = coach.post(path, data=data)
    assert answer.status_code == 422
    assert (
        "Schrijf kort op waarom." in answer.text and "De laatste dag ligt voor de eerste dag." in answer.text
    )
    path, data = form(coach, world, "stoppen", left_on=on(2), initiator="", would_return="")
    text = coach.post(path, data=data).text
    assert "ligt in de toekomst" in text and "Kies wie het initiatief nam." in text


def test_a_cover_shows_all_its_problems_at_once(coach: FlaskClient, world: World) -> None:
    page = coach.get("/waarneming").text
    me = str(world.own.actors[Role.COACH].user_id)
    data = {"coach_id": me, "substitute_id": me, "from_on": on(5), "until_on": on(1)}
    answer = coach.post("/waarneming", data={"csrf_token": token_in(page), **data})
    assert answer.status_code == 422
    assert "Kies een collega, niet uzelf." in answer.text
    assert "De laatste dag ligt voor de eerste dag." in answer.text


@pytest.mark.parametrize(
    ("step", "fields"),
    [
        ("pauze", {"from_on": on(0), "until_on": "2036-01-01", "reason": "reis"}),
        ("later", {"on": "2036-01-01", "reason": "reis"}),
    ],
)
def test_a_day_after_the_edition_is_refused(
    coach: FlaskClient, world: World, step: str, fields: dict[str, str]
) -> None:
    path, data = form(coach, world, step, **fields)
    answer = coach.post(path, data=data)
    name, last = one(Cohort, world.own.cohort).name, format_date(ends(world.own.cohort))
    assert answer.status_code == 422 and f"{name} eindigt op {last}." in answer.text
    assert row(world).state == "active"


def test_a_first_day_before_the_new_edition_is_refused_and_said(
    coach: FlaskClient, world: World, target: Cohort
) -> None:
    """It was changed into the start without a word."""
    starts = target.starts_on
    fields = {"cohort_id": str(target.id), "last_day": on(0), "reason": "reistijd"}
    path, data = form(coach, world, "verplaatsen", **fields)
    page = coach.get(path).text
    assert f"Volgende (begint {format_date(starts)})" in page
    answer = coach.post(path, data={**data, "first_day": on(1)})
    assert answer.status_code == 422
    assert f"Volgende begint op {format_date(starts)}. Kies die dag of een latere." in answer.text
    assert row(world).state == "active"


def test_a_first_day_that_is_left_empty_is_the_first_that_can_be(
    coach: FlaskClient, world: World, target: Cohort
) -> None:
    starts, fields = target.starts_on, {"cohort_id": str(target.id), "last_day": on(0), "reason": "reistijd"}
    path, data = form(coach, world, "verplaatsen", **fields, first_day="")
    answer = coach.post(path, data=data)
    assert answer.status_code == 303
    told = coach.get(answer.location).text
    assert f"Eerste dag daar: {format_date(starts, 'lang')}." in told
    asked = select(Enrolment).where(Enrolment.cohort_id == target.id)
    assert db.session.scalars(unscoped(asked, "test")).one().joined_on == starts


def test_a_move_has_its_way_back_on_the_file(coach: FlaskClient, world: World, target: Cohort) -> None:
    fields = {"cohort_id": str(target.id), "last_day": on(0), "reason": "reistijd"}
    path, data = form(coach, world, "verplaatsen", **fields)
    assert coach.post(path, data=data).status_code == 303
    file = f"/kandidaten/{world.own.candidates[0]}"
    coach.get(file)  # the message is shown once
    page = coach.get(file).text
    assert "Laatste stap ongedaan maken" in page
    button = re.search(
        r'action="(/deelnames/[0-9a-f-]+/ongedaan)".*?name="version" value="(\d+)"', page, re.DOTALL
    )
    assert button is not None
    sent = {"csrf_token": token_in(page), "version": button[2]}
    answer = coach.post(button[1], data=sent, follow_redirects=True)
    assert answer.status_code == 200 and row(world).state == "active" and row(world).left_on is None
    assert row(world).state == "active" and row(world).left_on is None
    assert "teruggedraaid" in answer.text and "Pauze" in answer.text
    board = coach.get(f"/lichtingen/{target.id}?toon=gestopt").text
    assert "Niemand past bij dit filter" in board or "Nog niemand" in board


def test_a_step_that_became_impossible_says_who_did_what(coach: FlaskClient, world: World) -> None:
    path, data = form(coach, world, "pauze", from_on=on(0), until_on=on(9), reason="op adem komen")
    actor = world.own.other_coach
    assert actor is not None
    with unit_of_work():
        stopped = one(Enrolment, world.own.enrolments[0])
        actions.drop_out(actor, stopped, clock.today(), "candidate", "travel", "yes", stopped.version)
    answer = coach.post(path, data=data)
    assert answer.status_code == 422
    assert "is al gestopt." in answer.text
    assert (
        f"De stand werd “gestopt” per {format_date(clock.today())}, vastgelegd door {actor.name}"
        in answer.text
    )
    assert "op adem komen" in answer.text and "Mijn invoer alsnog opslaan" not in answer.text
    assert coach.get(path).status_code == 200


def test_a_step_that_is_still_possible_says_what_happened_and_can_be_saved(
    coach: FlaskClient, world: World
) -> None:
    fields = {
        "left_on": on(0),
        "initiator": "candidate",
        "reason_candidate": "travel",
        "would_return": "maybe",
    }
    path, data = form(coach, world, "stoppen", **fields)
    actor = world.own.actors[Role.COACH]
    with unit_of_work():
        paused = one(Enrolment, world.own.enrolments[0])
        actions.pause(
            actor, paused, clock.today(), clock.today() + DAY, actor.user_id, "ziek", paused.version
        )
    answer = coach.post(path, data=data)
    assert answer.status_code == 409
    assert "De stand werd “gepauzeerd”" in answer.text and actor.name in answer.text
    assert "reizen of vervoer lukt niet" in answer.text and "Nu opgeslagen" not in answer.text
    assert "Kies een reden" not in answer.text and "Mijn invoer alsnog opslaan" in answer.text
    assert coach.post(path, data={**data, "version": row(world).version}).status_code == 303


def test_sending_a_return_again_says_that_it_is_so(coach: FlaskClient, world: World) -> None:
    actor = world.own.actors[Role.COACH]
    with unit_of_work():
        paused = one(Enrolment, world.own.enrolments[0])
        actions.pause(
            actor, paused, clock.today(), clock.today() + DAY, actor.user_id, "ziek", paused.version
        )
    path, data = form(coach, world, "terug", on=on(0))
    assert coach.post(path, data=data).status_code == 303
    again = coach.post(path, data=data)
    assert again.status_code == 422 and "doet al weer mee." in again.text
    assert "doet al weer mee." in coach.get(path).text
