"""Another school or leerhome: the sessions to come are theirs, and figures are made with their weeks."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from inleer import clock
from inleer.attendance.rollups import verify
from inleer.calendars.actions import add_period
from inleer.cohorts.actions import add_partner, end_partner, partners_now, restore_partner
from inleer.cohorts.models import Cohort, Partner, Session, SessionCohort
from inleer.cohorts.sessions import NewSession, plan_session
from inleer.db import db, unit_of_work
from inleer.errors import DomainError
from inleer.policy import Actor, Role, unscoped
from tests.actors import make_organisation
from tests.world import World, build, one

DAY = timedelta(days=1)


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=2, weeks=3)


@pytest.fixture
def manager(world: World) -> Actor:
    return world.own.actors[Role.PROGRAMME_MANAGER]


def school_of(world: World) -> Partner:
    wanted = Partner.cohort_id == world.own.cohort, Partner.kind == "school"
    return db.session.scalars(unscoped(select(Partner).where(*wanted), "test")).one()


def to_come(world: World) -> list[Session]:
    statement = (
        select(Session)
        .join(SessionCohort, SessionCohort.session_id == Session.id)
        .where(
            SessionCohort.cohort_id == world.own.cohort, Session.on > clock.today(), Session.kind == "lesson"
        )
    )
    return list(db.session.scalars(unscoped(statement, "test")))


def plan_lessons(world: World) -> None:
    """Three lessons in the coming weeks: of the school, of nobody, and one that is of the agency itself."""
    side, manager = world.own, world.own.actors[Role.PROGRAMME_MANAGER]
    with unit_of_work():
        for number, giver in enumerate((side.school, None, side.agency)):
            day = clock.today() + (number + 2) * DAY
            plan_session(
                manager,
                [side.cohort],
                NewSession(
                    title=f"Les {number}",
                    kind="lesson",
                    starts_at=clock.at(day, time(9)),
                    ends_at=clock.at(day, time(15)),
                    organisation_id=giver,
                    teacher_id=side.actors[Role.TEACHER].user_id if giver == side.school else None,
                ),
            )


def test_the_sessions_to_come_are_handed_to_the_new_school(world: World, manager: Actor) -> None:
    plan_lessons(world)
    fresh = make_organisation("school", "Andere school", managed_by=world.own.agency).id
    with unit_of_work():
        end_partner(manager, school_of(world), clock.today())
        add_partner(manager, one(Cohort, world.own.cohort), fresh, "school", clock.today() + DAY)
    given = {(s.title, s.organisation_id, s.teacher_id) for s in to_come(world)}
    assert given == {("Les 0", fresh, None), ("Les 1", fresh, None), ("Les 2", world.own.agency, None)}
    past = one(Session, world.own.sessions[0])
    assert past.organisation_id == world.own.school


def test_a_school_that_comes_back_after_another_took_over_is_refused(world: World, manager: Actor) -> None:
    fresh = make_organisation("school", "Andere school", managed_by=world.own.agency).id
    first = school_of(world)
    with unit_of_work():
        end_partner(manager, first, clock.today() - DAY)
        add_partner(manager, one(Cohort, world.own.cohort), fresh, "school", clock.today())
    old = one(Partner, first.id)
    with pytest.raises(DomainError, match="al een andere partner"), unit_of_work():
        restore_partner(manager, old)


def test_figures_follow_the_weeks_of_the_new_school(world: World, manager: Actor) -> None:
    fresh = make_organisation("school", "Andere school", managed_by=world.own.agency).id
    session, first = one(Session, world.own.sessions[0]), school_of(world)
    administrator = world.own.actors[Role.ADMINISTRATOR]
    with unit_of_work():
        add_period(administrator, fresh, "vacation", "Eigen vrije week", session.on - DAY, session.on + DAY)
    with unit_of_work():
        end_partner(manager, first, clock.today() - DAY)
        add_partner(manager, one(Cohort, world.own.cohort), fresh, "school", clock.today())
    assert verify(world.own.candidates) == []
    partner = next(p for p in partners_now(world.own.cohort) if p.kind == "school")
    with unit_of_work():
        end_partner(manager, one(Partner, partner.id), clock.today())
    with unit_of_work():
        restore_partner(manager, one(Partner, partner.id))
    assert verify(world.own.candidates) == []
