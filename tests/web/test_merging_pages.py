"""The pages about people who could be one: who sees them, what they compare, and where an old address leads."""

from __future__ import annotations

from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from inleer.db import db
from inleer.people.models import Candidate
from inleer.policy import Role
from tests.accounts.logins import change
from tests.kit import assert_sound
from tests.web.test_phases import undo_in
from tests.web.walk import differences, form_on, rows
from tests.world import World, browse, build, one, token_in

LIST = "/kandidaten/dubbel"


@pytest.fixture
def world(app: Flask) -> World:
    """The second candidate could be the first: the same name with the fields changed about, the same telephone."""
    made = build(app, people=4, weeks=1)
    own = made.own
    first = one(Candidate, own.candidates[0])
    change(
        Candidate,
        own.candidates[1],
        first_name=first.last_name,
        last_name="Voor0",
        tussenvoegsel="",
        birth_date=None,
        phone="0612340000",
    )
    return made


@pytest.fixture
def coach(app: Flask, world: World) -> FlaskClient:
    return browse(app, world.own.actors[Role.COACH])


def compare(world: World) -> str:
    return f"/kandidaten/{world.own.candidates[0]}/samenvoegen?met={world.own.candidates[1]}"


def test_the_worklist_and_the_list_lead_to_the_two_side_by_side(coach: FlaskClient, world: World) -> None:
    today = coach.get("/vandaag").text
    assert_sound(today)
    assert "voor- en achternaam verwisseld, hetzelfde telefoonnummer" in today
    page = coach.get(LIST).text
    assert_sound(page)
    assert "voor- en achternaam verwisseld" in page and "Vergelijken" in page
    side = coach.get(compare(world)).text
    assert_sound(side)
    for words in ("De twee naast elkaar", "Eerst ingevoerd", "+31612340000", "0612340000"):
        assert words in side
    assert "Beide staan in Lichting KANARIEA" in side or "Wie blijft?" in side


def test_both_in_one_edition_cannot_and_says_why(coach: FlaskClient, world: World) -> None:
    page = coach.get(compare(world))
    assert "Samenvoegen kan nu niet" in page.text
    assert "bij beide is daar iets vastgelegd" in page.text


def test_joining_needs_a_choice_and_an_old_address_leads_on(
    app: Flask, coach: FlaskClient, world: World
) -> None:
    merged = world.own.others["merged"]  # joined when the world was made
    answer = coach.get(f"/kandidaten/{merged}")
    assert answer.status_code == 303 and str(merged) not in answer.location
    assert coach.get(answer.location).status_code == 200
    assert coach.get(f"/kandidaten/{merged}/aanwezigheid").location == f"{answer.location}/aanwezigheid"
    for stranger in (world.foreign.actors[Role.COACH], world.own.actors[Role.TEACHER]):
        known = browse(app, stranger).get(f"/kandidaten/{merged}")
        never = browse(app, stranger).get(f"/kandidaten/{uuid4()}")
        assert known.status_code == never.status_code == 404
    page = coach.get(LIST)
    url = f"/kandidaten/samenvoegingen/{world.own.others['merge']}/ongedaan"
    assert coach.post(url, data=form_on(page, url)).status_code == 303
    side = f"{answer.location}/samenvoegen?met={merged}"
    form = form_on(coach.get(side), f"{answer.location}/samenvoegen")
    before = rows()
    assert "Kies wie blijft." in coach.post(side, data=form).text
    kept = answer.location.rpartition("/")[2]
    stale = coach.post(side, data={**form, "keep": kept, "seen": "9-9"})
    assert stale.status_code == 422 and "intussen veranderd" in stale.text
    assert differences(before, rows()) == []
    done = coach.post(side, data={**form, "keep": kept})
    assert done.location == answer.location
    told = coach.get(done.location).text
    undo, hidden = undo_in(told)
    coach.post(undo, data={"csrf_token": token_in(told), **hidden})
    assert differences(before, rows()) == []


def test_not_the_same_is_remembered_and_can_be_taken_back(coach: FlaskClient, world: World) -> None:
    page = coach.get(LIST)
    token = token_in(page.text)
    first, second = world.own.candidates[:2]
    coach.post(f"/kandidaten/{first}/niet-dezelfde?met={second}", data={"csrf_token": token})
    page = coach.get(LIST)
    assert "Niemand lijkt dubbel" in page.text and "Toch vergelijken" in page.text
    assert "hetzelfde telefoonnummer" not in coach.get("/vandaag").text
    coach.post(f"/kandidaten/{second}/toch-vergelijken?met={first}", data={"csrf_token": token})
    assert "Niemand lijkt dubbel" not in coach.get(LIST).text


def test_nobody_outside_the_own_scope_is_shown_or_taken(app: Flask, coach: FlaskClient, world: World) -> None:
    own, other = world.own, world.own.other_coach
    assert other is not None
    change(Candidate, own.candidates[1], coach_id=other.user_id)
    assert "Niemand lijkt dubbel" in coach.get(LIST).text, "the other one is a colleague's"
    assert "hetzelfde telefoonnummer" not in coach.get("/vandaag").text
    assert coach.get(compare(world)).location == LIST
    foreign = f"/kandidaten/{own.candidates[0]}/samenvoegen?met={world.foreign.candidates[0]}"
    assert coach.get(foreign).location == LIST
    before = rows()
    token = token_in(coach.get("/kandidaten").text)
    for path in (compare(world), foreign):
        data = {"csrf_token": token, "keep": str(own.candidates[0])}
        assert coach.post(path, data=data).status_code in (303, 422)
    assert differences(before, rows()) == []
    manager = browse(app, own.actors[Role.PROGRAMME_MANAGER]).get(LIST).text
    assert_sound(manager)
    assert "Geef ze dezelfde werkcoach" in manager and "Vergelijken" not in manager
    assert "0612340000" not in manager and "KANARIEB" not in manager, "names and reasons, no dossier"
    db.session.rollback()
    for role in (Role.TEACHER, Role.LEERHOME_COORDINATOR, Role.ADMINISTRATOR):
        assert browse(app, own.actors[role]).get(LIST).status_code == 403
