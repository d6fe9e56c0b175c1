"""On the first day an edition runs and who was selected for it takes part, without anybody's hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from inleer import clock
from inleer.audit import AuditEvent
from inleer.cohorts.actions import NewCohort, change_state, create_cohort
from inleer.cohorts.daily import begin
from inleer.cohorts.enrolments import drop_out, enrol, pause
from inleer.cohorts.models import Cohort, Enrolment
from inleer.cohorts.rules import DROPOUT_REASONS
from inleer.db import db, unit_of_work
from inleer.leerroutes.queries import route_version
from inleer.people.actions import create_candidate
from inleer.policy import Role, system_actor, unscoped
from tests.world import World, build, one

REASON = next(iter(DROPOUT_REASONS["candidate"]))
START = date(2027, 1, 11)


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=1, weeks=1)


@pytest.fixture
def people(world: World) -> list[Enrolment]:
    """Three of a coming edition: selected, selected to join a week late, and still in intake."""
    manager, side = world.own.actors[Role.PROGRAMME_MANAGER], world.own
    with clock.frozen(datetime(2026, 12, 1, 9, tzinfo=UTC)), unit_of_work():
        route = route_version("zorg.wijkleerbedrijf", 2)
        assert route is not None
        new = NewCohort(slug="januari", name="Januari", starts_on=START, region="noord")
        cohort = create_cohort(manager, side.agency, route, new)
        made = []
        for number, (joined, state) in enumerate(
            [(None, None), (START + timedelta(days=7), None), (None, "intake")]
        ):
            values = {"first_name": f"N{number}", "last_name": "Nieuw"}
            candidate = create_candidate(manager, side.agency, values, f"J-{number}")
            made.append(enrol(manager, cohort, candidate.id, joined, state))
    return made


def states(people: list[Enrolment]) -> list[str]:
    db.session.expire_all()
    return [one(Enrolment, enrolment.id).state for enrolment in people]


def day(on: date) -> int:
    with clock.frozen(datetime.combine(on, time(6), UTC)), unit_of_work():
        return begin(system_actor("worker"), on)


def test_people_start_on_their_own_first_day(people: list[Enrolment]) -> None:
    cohort_id = people[0].cohort_id
    assert day(START - timedelta(days=1)) == 0
    assert (states(people), one(Cohort, cohort_id).state) == (
        ["selected", "selected", "intake"],
        "recruiting",
    )
    assert day(START) == 1
    assert (states(people), one(Cohort, cohort_id).state) == (["active", "selected", "intake"], "running")
    assert day(START) == 0
    assert day(START + timedelta(days=9)) == 1  # the worker was off on the day itself
    assert states(people) == ["active", "active", "intake"]
    told = unscoped(select(AuditEvent.details).where(AuditEvent.action == "enrolment.state_changed"), "test")
    assert {"from": "selected", "to": "active", "on": "2027-01-18"} in db.session.scalars(told).all()


def test_afterwards_everything_that_can_happen_to_people_can_be_recorded(
    world: World, people: list[Enrolment]
) -> None:
    coach = world.own.actors[Role.COACH]
    day(START)
    later = START + timedelta(days=14)
    with clock.frozen(datetime.combine(later, time(9), UTC)), unit_of_work():
        enrolment = one(Enrolment, people[0].id)
        pause(coach, enrolment, later, later + timedelta(days=7), coach.user_id, "ziek", enrolment.version)
        drop_out(coach, enrolment, later, "candidate", REASON, "yes", enrolment.version)
    assert states(people)[0] == "dropped_out"


def test_a_cancelled_edition_does_not_begin(people: list[Enrolment]) -> None:
    with unit_of_work():
        change_state(system_actor(), one(Cohort, people[0].cohort_id), "cancelled")
    assert day(START) == 0
    assert states(people)[0] == "withdrawn"
