"""What a board and a worklist say: whose signals count, who would return, contact, paper, and who saw a message."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from flask import Flask

from inleer import clock
from inleer.casework.actions import acknowledge, escalate
from inleer.casework.models import Escalation
from inleer.cohorts import enrolments as actions
from inleer.cohorts.actions import NewCohort, create_cohort
from inleer.cohorts.models import Enrolment
from inleer.db import unit_of_work
from inleer.i18n import format_date
from inleer.leerroutes.queries import route_version
from inleer.people.models import Candidate
from inleer.policy import Role
from tests.world import World, browse, build, one

DAY = timedelta(days=1)


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=4)


def counted(page: str, label: str) -> int:
    """The number in the filter with this label."""
    found = re.search(rf"{label}\s*<[^>]*>(\d+)<", page)
    assert found is not None, label
    return int(found[1])


def test_who_moved_away_has_no_signal_on_the_board(app: Flask, world: World) -> None:
    coach, manager = world.own.actors[Role.COACH], world.own.actors[Role.PROGRAMME_MANAGER]
    client, board = browse(app, coach), f"/lichtingen/{world.own.cohort}"
    file = f"/kandidaten/{world.own.candidates[0]}"
    before = counted(client.get(board).text, "Met signaal bij eigen kandidaten")
    assert before > 0 and file in client.get(f"{board}?toon=signaal").text.split('id="groep"')[1]
    with unit_of_work():
        route = route_version("zorg.wijkleerbedrijf", 2)
        assert route is not None
        new = NewCohort(slug="elders", name="Elders", starts_on=clock.today() + 9 * DAY, region="noord")
        target = create_cohort(manager, world.own.agency, route, new)
        gone = one(Enrolment, world.own.enrolments[0])
        actions.move(coach, gone, target, clock.today(), target.starts_on, "reistijd", gone.version)
    assert counted(client.get(board).text, "Met signaal bij eigen kandidaten") == before - 1
    assert file not in client.get(f"{board}?toon=signaal").text.split('id="groep"')[1]


def test_the_list_of_editions_says_whose_signals_it_counts(app: Flask, world: World) -> None:
    coach = browse(app, world.own.actors[Role.COACH]).get("/lichtingen").text
    leerhome = browse(app, world.own.actors[Role.LEERHOME_COORDINATOR]).get("/lichtingen").text
    assert "Open signalen bij eigen kandidaten" in coach
    assert "Open signalen" in leerhome and "eigen kandidaten" not in leerhome


def test_who_stopped_has_the_reason_and_whether_they_would_return(app: Flask, world: World) -> None:
    coach = world.own.actors[Role.COACH]
    with unit_of_work():
        row = one(Enrolment, world.own.enrolments[0])
        actions.drop_out(coach, row, clock.today(), "candidate", "travel", "maybe", row.version)
    said = "zou terug willen komen: misschien"
    board = f"/lichtingen/{world.own.cohort}?toon=gestopt"
    page = browse(app, coach).get(board).text
    assert "reden: reizen of vervoer lukt niet" in page and said in page
    assert said in browse(app, coach).get(f"/kandidaten/{world.own.candidates[0]}").text
    # Why somebody stopped is in the file: who may not open it does not read it here.
    for role in (Role.PROGRAMME_MANAGER, Role.TEACHER):
        answer = browse(app, world.own.actors[role]).get(board)
        assert said not in answer.text and "reizen of vervoer" not in answer.text


def test_contact_has_its_day_in_sight(app: Flask, world: World) -> None:
    page = browse(app, world.own.actors[Role.COACH]).get(f"/lichtingen/{world.own.cohort}").text
    days = re.findall(r'<small><time datetime="([0-9-]+)">([^<]+)</time></small>', page)
    assert days
    assert all(text == format_date(date.fromisoformat(day)) for day, text in days)


def test_on_paper_nothing_that_is_needed_is_left_out(app: Flask) -> None:
    """The rest is in the page for paper alone; the link that shows it on the screen is not printed."""
    world = build(app, people=9)
    leerhome = world.own.actors[Role.LEERHOME_COORDINATOR]
    with unit_of_work():
        for candidate_id in world.own.candidates[:7]:
            candidate = one(Candidate, candidate_id)
            escalate(leerhome, candidate, world.own.cohort, "transport", "today", "Bus rijdt niet")
    page = browse(app, world.own.actors[Role.COACH]).get(f"/lichtingen/{world.own.cohort}").text
    needed = page.split('id="nodig"')[1].split("</section>")[0]
    screen, paper = needed.split('<div class="print-only">')
    assert screen.count('class="todo__item') == 6
    assert paper.count('class="todo__item') >= 1 and "Nog " in paper.split('class="screen-only"')[1]


def test_the_coordinator_sees_that_the_coach_saw_the_message(app: Flask, world: World) -> None:
    coach = world.own.actors[Role.COACH]
    leerhome = browse(app, world.own.actors[Role.LEERHOME_COORDINATOR])
    assert "Gezien door" not in leerhome.get("/vandaag").text
    with unit_of_work():
        row = one(Escalation, world.own.escalation)
        acknowledge(coach, row, row.version)
    assert f"Gezien door {coach.name} op {format_date(clock.today())}" in leerhome.get("/vandaag").text
