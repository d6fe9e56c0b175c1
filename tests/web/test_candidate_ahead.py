"""What is still to come in a file: a first day that is not there yet, and the next session after a pause."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from flask import Flask

from inleer import clock
from inleer.cohorts.enrolments import change_joined, pause
from inleer.cohorts.models import Enrolment
from inleer.cohorts.sessions import NewSession, plan_session
from inleer.db import unit_of_work
from inleer.i18n import format_date
from inleer.policy import Role
from inleer.reports.candidate import enrolments_of
from tests.world import World, browse, build, one


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=2, weeks=1)


def _lesson(world: World, days: int) -> None:
    day = clock.today() + timedelta(days=days)
    new = NewSession(
        title=f"Over {days} dagen",
        kind="lesson",
        starts_at=clock.at(day, time(9)),
        ends_at=clock.at(day, time(12)),
        organisation_id=world.own.school,
    )
    with unit_of_work():
        plan_session(world.own.actors[Role.PROGRAMME_MANAGER], [world.own.cohort], new)


def test_the_next_session_is_the_first_after_a_pause(app: Flask, world: World) -> None:
    coach, who = world.own.actors[Role.COACH], world.own.candidates[0]
    for days in (2, 9):
        _lesson(world, days)
    evening = clock.at(clock.today(), time(20))  # the lesson of today is over, whatever the time is now
    with app.test_request_context(), clock.frozen(evening):
        assert enrolments_of(coach, who)[0].next_title == "Over 2 dagen"
        enrolment = one(Enrolment, world.own.enrolments[0])
        today = clock.today()
        with unit_of_work():
            pause(
                coach, enrolment, today, today + timedelta(days=5), coach.user_id, "Reis", enrolment.version
            )
        assert enrolments_of(coach, who)[0].next_title == "Over 9 dagen"


def test_who_has_yet_to_begin_is_not_shown_as_taking_part(app: Flask, world: World) -> None:
    coach, enrolment = world.own.actors[Role.COACH], one(Enrolment, world.own.enrolments[0])
    begins = clock.today() + timedelta(days=40)
    with unit_of_work():
        change_joined(coach, enrolment, begins, "Wacht op een plek.", enrolment.version)
    page = browse(app, coach).get(f"/kandidaten/{world.own.candidates[0]}").text
    assert f"start op {format_date(begins, 'lang')}" in page
    assert f"sinds {format_date(begins, 'lang')}" not in page
    assert f"eerste dag {format_date(begins, 'lang')}" in page, "in the line, on the day that it was recorded"
    assert "Later starten" in page and "Eerste dag wijzigen" not in page
