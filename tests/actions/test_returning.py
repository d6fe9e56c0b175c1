"""A move to another edition can be taken back, and who was moved by mistake can come back later."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from inleer import audit, clock
from inleer.attendance.rollups import verify
from inleer.cohorts.actions import NewCohort, change_state, create_cohort
from inleer.cohorts.enrolments import drop_out, enrol, move, pause, resume, step
from inleer.cohorts.models import Cohort, Enrolment, EnrolmentEvent, Pause
from inleer.cohorts.steps import steps_of
from inleer.cohorts.undo import undo_step
from inleer.db import db, unit_of_work
from inleer.errors import DomainError
from inleer.leerroutes.queries import route_version
from inleer.people.actions import create_candidate
from inleer.policy import Actor, Role, system_actor, unscoped
from inleer.reports.board import group_of
from inleer.reports.candidate import enrolments_of
from inleer.reports.candidates import candidates_of
from inleer.reports.timeline import timeline_of
from tests.world import World, build, one

DAY = timedelta(days=1)


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=2, weeks=3)


@pytest.fixture
def manager(world: World) -> Actor:
    return world.own.actors[Role.PROGRAMME_MANAGER]


@pytest.fixture
def other(world: World, manager: Actor) -> Cohort:
    """Another edition of the agency, without sessions."""
    with unit_of_work():
        new = NewCohort(slug="tweede", name="Tweede", starts_on=clock.today() - 9 * DAY, region="noord")
        route = route_version("zorg.wijkleerbedrijf", 2)
        assert route is not None
        return create_cohort(manager, world.own.agency, route, new)


def moved(
    world: World, manager: Actor, other: Cohort, first: date | None = None
) -> tuple[Enrolment, Enrolment]:
    today = clock.today()
    with unit_of_work():
        enrolment = one(Enrolment, world.own.enrolments[0])
        arrived = move(
            manager,
            enrolment,
            one(Cohort, other.id),
            today,
            first or today + DAY,
            "reistijd",
            enrolment.version,
        )
    return enrolment, arrived


def test_a_move_is_taken_back(world: World, manager: Actor, other: Cohort) -> None:
    before = one(Enrolment, world.own.enrolments[0]).state
    enrolment, arrived = moved(world, manager, other)
    with unit_of_work():
        undo_step(manager, one(Enrolment, enrolment.id), enrolment.version)
    back = one(Enrolment, enrolment.id)
    assert (back.state, back.left_on, back.moved_to_id) == (before, None, None)
    assert one(Enrolment, arrived.id).state == "withdrawn"
    assert verify([back.candidate_id]) == []
    moved(world, manager, other)  # and moved again, for good
    assert one(Enrolment, arrived.id).state == "selected"


def test_a_move_out_of_a_pause_is_taken_back_into_it(world: World, manager: Actor, other: Cohort) -> None:
    today = clock.today()
    with unit_of_work():
        enrolment = one(Enrolment, world.own.enrolments[0])
        pause(manager, enrolment, today - DAY, today + 9 * DAY, manager.user_id, "ziek", enrolment.version)
    enrolment, _arrived = moved(world, manager, other)
    with unit_of_work():
        undo_step(manager, one(Enrolment, enrolment.id), enrolment.version)
    assert one(Enrolment, enrolment.id).state == "paused"
    rows = db.session.scalars(unscoped(select(Pause).where(Pause.enrolment_id == enrolment.id), "test")).all()
    assert [(p.from_on, p.ended_on) for p in rows] == [(today - DAY, None)]


def test_after_sessions_there_it_is_a_move_back_and_the_days_between_are_a_pause(
    world: World, manager: Actor, other: Cohort
) -> None:
    """The other edition is that of the world's sessions: somebody of the second one came from it and goes back."""
    today, source = clock.today(), one(Cohort, world.own.cohort)
    enrolment, arrived = moved(world, manager, other)
    with unit_of_work():
        row = one(Enrolment, arrived.id)
        assert row.state == "selected"
        row.joined_on, row.state = today - 2 * DAY, "active"
        first = one(Enrolment, enrolment.id)
        first.left_on = today - 5 * DAY
        audit.record(manager, "enrolment.test", row, covers=[first])
    with unit_of_work():
        row = one(Enrolment, arrived.id)
        back = move(manager, row, one(Cohort, source.id), today, today + DAY, "toch terug", row.version)
    assert back.id == enrolment.id and back.left_on is None and back.state == "selected"
    rows = db.session.scalars(unscoped(select(Pause).where(Pause.enrolment_id == enrolment.id), "test")).all()
    assert [(p.from_on, p.ended_on) for p in rows] == [(today - 4 * DAY, today)]
    assert verify([back.candidate_id]) == []


def test_once_the_other_edition_had_sessions_the_move_stays(
    world: World, manager: Actor, other: Cohort
) -> None:
    today, side = clock.today(), world.own
    with unit_of_work():
        candidate = create_candidate(manager, side.agency, {"first_name": "Bo", "last_name": "Los"}, "T-1")
        came = enrol(manager, one(Cohort, other.id), candidate.id)
        move(
            manager,
            came,
            one(Cohort, side.cohort),
            today - 8 * DAY,
            today - 7 * DAY,
            "reistijd",
            came.version,
        )
    with pytest.raises(DomainError, match="zijn al bijeenkomsten geweest"), unit_of_work():
        undo_step(manager, one(Enrolment, came.id), came.version)
    assert one(Enrolment, came.id).state == "moved"


def test_who_still_takes_part_is_not_enrolled_twice(world: World, manager: Actor) -> None:
    candidate_id = one(Enrolment, world.own.enrolments[0]).candidate_id
    with pytest.raises(DomainError, match="doet al mee"), unit_of_work():
        enrol(manager, one(Cohort, world.own.cohort), candidate_id)


def test_an_overdue_pause_lasts_until_the_last_day(world: World, manager: Actor) -> None:
    today = clock.today()
    with unit_of_work():
        enrolment = one(Enrolment, world.own.enrolments[0])
        pause(
            manager, enrolment, today - 9 * DAY, today - 5 * DAY, manager.user_id, "ziek", enrolment.version
        )
        drop_out(manager, enrolment, today, "candidate", "private", "yes", enrolment.version)
    rows = db.session.scalars(unscoped(select(Pause).where(Pause.enrolment_id == enrolment.id), "test")).all()
    assert [p.ended_on for p in rows] == [today]


def test_an_edition_is_cancelled_only_when_nobody_takes_part(world: World, manager: Actor) -> None:
    with pytest.raises(DomainError, match="Er doen nog 2 mensen mee"), unit_of_work():
        change_state(manager, one(Cohort, world.own.cohort), "cancelled")
    assert one(Cohort, world.own.cohort).state != "cancelled"


@pytest.fixture
def coach(world: World) -> Actor:
    return world.own.actors[Role.COACH]


def steps(enrolment: Enrolment) -> list[tuple[str | None, str, bool]]:
    """From, to, and whether it was taken back, in order."""
    asked = select(EnrolmentEvent).where(EnrolmentEvent.enrolment_id == enrolment.id)
    rows = db.session.scalars(unscoped(asked.order_by(EnrolmentEvent.at), "test"))
    return [(e.from_state, e.to_state, e.undone_at is not None) for e in rows]


def undone(actor: Actor, enrolment_id: UUID) -> Enrolment:
    with unit_of_work():
        row = one(Enrolment, enrolment_id)
        return undo_step(actor, row, row.version)


def test_a_second_move_is_taken_back_as_a_whole_from_the_edition_of_now(
    world: World, manager: Actor, coach: Actor, other: Cohort
) -> None:
    enrolment, arrived = moved(world, manager, other)
    undone(coach, enrolment.id)
    assert one(Enrolment, arrived.id).taken_back
    moved(world, manager, other)
    assert not one(Enrolment, arrived.id).taken_back
    back = undone(coach, arrived.id)
    assert back.id == enrolment.id
    assert (one(Enrolment, enrolment.id).state, one(Enrolment, enrolment.id).left_on) == ("active", None)
    gone = one(Enrolment, arrived.id)
    assert (gone.state, gone.taken_back) == ("withdrawn", True)
    assert steps(gone) == [(None, "selected", True), (None, "selected", True)]
    assert steps(enrolment)[-2:] == [("active", "moved", True), ("active", "moved", True)]
    assert verify([enrolment.candidate_id]) == []


def test_a_first_move_is_taken_back_from_the_new_edition(
    world: World, manager: Actor, coach: Actor, other: Cohort
) -> None:
    enrolment, arrived = moved(world, manager, other)
    assert undone(coach, arrived.id).id == enrolment.id
    with pytest.raises(DomainError, match="niets om terug te draaien"):
        undone(coach, arrived.id)


def test_a_move_there_and_back_ends_where_the_first_move_led(
    world: World, manager: Actor, coach: Actor, other: Cohort
) -> None:
    """The move back is taken back: the former last day and destination return, and the days away are no pause."""
    today, source = clock.today(), one(Cohort, world.own.cohort)
    enrolment, arrived = moved(world, manager, other)
    with unit_of_work():
        row, first = one(Enrolment, arrived.id), one(Enrolment, enrolment.id)
        row.joined_on, row.state = today - 2 * DAY, "active"
        first.left_on = today - 5 * DAY
        came, went = last_step(row), last_step(first)
        came.to_state, went.on = "active", today - 5 * DAY
        audit.record(manager, "enrolment.test", row, covers=[first])
    with unit_of_work():
        row = one(Enrolment, arrived.id)
        move(manager, row, source, today, today + DAY, "toch terug", row.version)
    assert undone(coach, enrolment.id).id == arrived.id
    gone = one(Enrolment, enrolment.id)
    assert (gone.state, gone.left_on, gone.moved_to_id) == ("moved", today - 5 * DAY, other.id)
    assert not gone.taken_back
    asked = select(Pause).where(Pause.enrolment_id == enrolment.id)
    assert db.session.scalars(unscoped(asked, "test")).all() == []
    assert one(Enrolment, arrived.id).state == "active"
    assert verify([gone.candidate_id]) == []


def last_step(enrolment: Enrolment) -> EnrolmentEvent:
    return steps_of(enrolment.id)[0]


def test_the_calendar_may_have_begun_the_new_edition(
    world: World, manager: Actor, coach: Actor, other: Cohort
) -> None:
    enrolment, arrived = moved(world, manager, other)
    with unit_of_work():
        row = one(Enrolment, arrived.id)
        assert row.joined_on is not None
        step(system_actor("worker"), row, "active", row.joined_on, "De eerste dag is er.", row.version)
    assert undone(coach, arrived.id).id == enrolment.id
    assert [s[2] for s in steps(arrived)] == [True, True]


def test_what_somebody_did_there_since_is_the_last_step(
    world: World, manager: Actor, coach: Actor, other: Cohort
) -> None:
    _enrolment, arrived = moved(world, manager, other)
    with unit_of_work():
        row = one(Enrolment, arrived.id)
        step(coach, row, "active", clock.today(), "", row.version)
    assert undone(coach, arrived.id).id == arrived.id
    assert one(Enrolment, arrived.id).state == "selected"


@pytest.mark.parametrize("kind", ["begun", "paused and back"])
def test_what_somebody_did_there_since_is_not_undone_from_the_edition_that_was_left(
    world: World, manager: Actor, coach: Actor, other: Cohort, kind: str
) -> None:
    today = clock.today()
    enrolment, arrived = moved(world, manager, other)
    begins = coach if kind == "begun" else system_actor("worker")
    with clock.frozen(clock.now() + DAY), unit_of_work():
        row = one(Enrolment, arrived.id)
        step(begins, row, "active", clock.today(), "", row.version)
        if kind != "begun":
            pause(coach, row, clock.today(), today + 9 * DAY, coach.user_id, "ziek", row.version)
    if kind != "begun":
        with clock.frozen(clock.now() + 2 * DAY), unit_of_work():
            row = one(Enrolment, arrived.id)
            resume(coach, row, clock.today(), row.version)
    before = steps(arrived)
    with pytest.raises(DomainError, match="In de andere lichting is intussen iets veranderd"):
        undone(manager, enrolment.id)
    assert steps(arrived) == before
    assert (one(Enrolment, enrolment.id).state, one(Enrolment, arrived.id).state) == ("moved", "active")


@pytest.mark.parametrize("kind", ["pause", "stop"])
def test_a_step_that_was_taken_back_stays_in_the_history(world: World, coach: Actor, kind: str) -> None:
    today = clock.today()
    with unit_of_work():
        row = one(Enrolment, world.own.enrolments[0])
        if kind == "pause":
            pause(coach, row, today, today + 9 * DAY, coach.user_id, "ziek", row.version)
        else:
            drop_out(coach, row, today, "candidate", "private", "yes", row.version)
    undone(coach, world.own.enrolments[0])
    (last,) = [e for e in all_steps(world.own.enrolments[0]) if e.undone_at is not None]
    assert (last.undone_by_id, last.undone_by_name) == (coach.user_id, coach.name)
    (found,) = [m for m in timeline_of(coach, world.own.candidates[0]) if m.undone_at is not None]
    assert (found.what, found.undone_by) == ("step", coach.name)
    with pytest.raises(DomainError, match="niets om terug te draaien"):
        undone(coach, world.own.enrolments[0])


def all_steps(enrolment_id: UUID) -> list[EnrolmentEvent]:
    asked = select(EnrolmentEvent).where(EnrolmentEvent.enrolment_id == enrolment_id)
    return list(db.session.scalars(unscoped(asked, "test")))


def test_an_undone_move_counts_nowhere_in_the_other_edition(
    world: World, manager: Actor, coach: Actor, other: Cohort
) -> None:
    enrolment, _arrived = moved(world, manager, other)
    assert [p.candidate_id for p in group_of(coach, other.id)] == [enrolment.candidate_id]
    undone(coach, enrolment.id)
    assert group_of(coach, other.id) == group_of(manager, other.id) == []
    listed = [
        p.cohort_id for p in candidates_of(coach, "gestopt") if p.candidate_id == enrolment.candidate_id
    ]
    assert listed == []
    assert [e.cohort_id for e in enrolments_of(coach, enrolment.candidate_id)] == [world.own.cohort]
