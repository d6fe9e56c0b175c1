"""A year that was typed wrong is refused at the door: later it would stop figures and registers of everybody."""

from __future__ import annotations

from datetime import date, time

import pytest
from flask import Flask

from inleer import clock
from inleer.calendars.rules import vacations_known
from inleer.cohorts.models import Session
from inleer.cohorts.sessions import NewSession, change_session, plan_session
from inleer.db import unit_of_work
from inleer.errors import DomainError, ImportProblem
from inleer.exchange.rows_sessions import check_span
from inleer.people.actions import create_candidate, update_candidate
from inleer.people.models import Candidate
from inleer.people.rules import check_birth_date
from inleer.policy import Role
from tests.world import World, build, one

TODAY = date(2026, 11, 22)


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=1, weeks=1)


@pytest.mark.parametrize(
    ("born", "problem"),
    [
        (date(2026, 11, 23), "in de toekomst"),
        (date(2026, 1, 2), "is dan 0 jaar"),
        (date(2012, 11, 23), "is dan 13 jaar"),
        (date(1925, 11, 22), "is dan 101 jaar"),
    ],
)
def test_days_of_birth_that_cannot_be(born: date, problem: str) -> None:
    with pytest.raises(DomainError, match=problem) as refused:
        check_birth_date(born, TODAY)
    assert refused.value.field == "birth_date"


@pytest.mark.parametrize(
    "born", [date(2012, 11, 22), date(1926, 11, 22), date(1925, 11, 23), date(2000, 2, 29)]
)
def test_days_of_birth_that_can_be(born: date) -> None:
    check_birth_date(born, TODAY)


def test_nobody_gets_a_day_of_birth_in_the_future(world: World) -> None:
    coach = world.own.actors[Role.COACH]
    candidate = one(Candidate, world.own.candidates[0])
    later = date(clock.today().year + 1, 1, 2)
    with pytest.raises(DomainError, match="toekomst"), unit_of_work():
        update_candidate(coach, candidate, {"birth_date": later})
    values = {"first_name": "A", "last_name": "B", "birth_date": later}
    with pytest.raises(DomainError, match="toekomst"), unit_of_work():
        create_candidate(coach, world.own.agency, values)


@pytest.mark.parametrize("year", [2062, 1950])
def test_a_session_in_a_year_without_known_vacations_is_refused(world: World, year: int) -> None:
    manager, day = world.own.actors[Role.PROGRAMME_MANAGER], date(year, 3, 3)
    starts, ends = clock.at(day, time(9)), clock.at(day, time(12))
    with pytest.raises(DomainError, match=f"Van {year} zijn geen schoolvakanties bekend"), unit_of_work():
        plan_session(manager, [world.own.cohort], NewSession("Les", "lesson", starts, ends))
    session = one(Session, world.own.sessions[-1])
    with pytest.raises(DomainError, match=str(year)), unit_of_work():
        change_session(manager, session, {"starts_at": starts, "ends_at": ends})
    with pytest.raises(ImportProblem, match=str(year)):
        check_span(starts, ends)


def test_the_coming_school_year_is_known() -> None:
    assert vacations_known(date(2027, 6, 1)) and not vacations_known(date(2062, 6, 1))
