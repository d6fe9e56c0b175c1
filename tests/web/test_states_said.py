"""What pages say of phases, signals and filters is what is recorded, and not what the calendar suggests."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from inleer import clock
from inleer.db import unit_of_work
from inleer.policy import Role, system_actor
from inleer.signals.unrecorded import sweep_unrecorded
from inleer.web.svg import Phase, phase_boxes
from tests.world import World, browse, build

DAY = timedelta(days=1)


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=2, weeks=2)


def test_a_phase_that_has_been_is_done_only_when_somebody_completed_it() -> None:
    today = clock.today()
    been = (today - 9 * DAY, today - 2 * DAY)
    phases = [
        Phase("Af", *been, completed=True),
        Phase("Voorbij", *been),
        Phase("Nu", today - DAY, today + DAY, completed=True),
        Phase("Open", today, None),
        Phase("Straks", today + DAY, today + 9 * DAY),
    ]
    assert [box.state for box in phase_boxes(phases, today)] == ["done", "past", "now", "now", "later"]


def test_signals_about_sessions_are_not_counted_among_those_about_people(app: Flask, world: World) -> None:
    leerhome = browse(app, world.own.actors[Role.LEERHOME_COORDINATOR])

    def signals() -> list[str]:
        return re.findall(
            r'data-label="Open signalen"[^>]*>(.*?)</td>', leerhome.get("/lichtingen").text, re.DOTALL
        )

    before = signals()
    assert before
    with unit_of_work():
        assert sweep_unrecorded(system_actor("worker")) > 0
    assert signals() == before


def test_a_filter_without_people_says_so_while_there_are_others(app: Flask, world: World) -> None:
    coach = browse(app, world.own.actors[Role.COACH])
    page = coach.get("/kandidaten?stand=gestopt").text
    assert "Niemand past bij dit filter" in page and "zodra" not in page
