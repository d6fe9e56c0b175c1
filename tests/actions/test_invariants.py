"""Promise 31: what the database itself refuses about attendance and the dates of enrolments, on both databases.

Pauses that overlap are tested in tests/migrations/test_pauses.py.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Insert, Update, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from inleer import clock
from inleer.attendance.models import Attendance, AttendanceCode
from inleer.audit import in_bulk
from inleer.cohorts.models import Cohort, CohortPhase, Enrolment, Pause
from inleer.db import db, new_id, unit_of_work
from inleer.policy import Role, unscoped
from tests.world import World, build, one

TODAY = clock.today()


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=2, weeks=2)


def mark(world: World, **other: Any) -> dict[str, Any]:
    """A mark in a cell that is still empty."""
    teacher = world.own.actors[Role.TEACHER]
    return {
        "enrolment_id": world.own.enrolments[0],
        "session_id": world.own.sessions[1],
        "status": "present",
        "minutes": None,
        "missed": 0,
        "recorded_by_id": teacher.user_id,
        "recorded_by_name": teacher.name,
        "recorded_at": clock.now(),
        "version": 1,
        **other,
    }


def enrolment(world: World, **values: Any) -> Update:
    return update(Enrolment).where(Enrolment.id == world.own.enrolments[0]).values(values)


def second_enrolment(world: World) -> Insert:
    again = {"id": new_id(), "cohort_id": world.own.cohort, "candidate_id": world.own.candidates[0]}
    return insert(Enrolment).values(**again, state="lead", version=1)


def pause(world: World) -> Insert:
    owner = world.own.actors[Role.COACH].user_id
    days = {"from_on": TODAY, "until_on": TODAY - timedelta(days=1)}
    who = {"id": new_id(), "enrolment_id": world.own.enrolments[0], "owner_id": owner}
    return insert(Pause).values(**who, **days, reason="x", version=1)


def same_code_twice(world: World) -> Insert:
    code = {"organisation_id": world.own.school, "code": "ZZ", "status": "ill", "version": 1}
    return insert(AttendanceCode).values([{"id": new_id(), **code}, {"id": new_id(), **code}])


def phase_backwards(world: World) -> Update:
    dates = {"starts_on": TODAY, "ends_on": TODAY - timedelta(days=1)}
    return update(CohortPhase).where(CohortPhase.cohort_id == world.own.cohort).values(dates)


Statement = Callable[[World], Insert | Update]
REFUSED: dict[str, Statement] = {
    "left before joined": lambda w: enrolment(w, joined_on=TODAY, left_on=TODAY - timedelta(days=1)),
    "a state that is none": lambda w: enrolment(w, state="onbekend"),
    "twice in one cohort": second_enrolment,
    "a pause that ends before it starts": pause,
    "a phase that ends before it starts": phase_backwards,
    "less than nothing missed": lambda w: insert(Attendance).values(mark(w, missed=-1)),
    "more missed than a day": lambda w: insert(Attendance).values(mark(w, missed=1441)),
    "a mark of nobody": lambda w: insert(Attendance).values(mark(w, enrolment_id=new_id())),
    "a mark in no session": lambda w: insert(Attendance).values(mark(w, session_id=new_id())),
    "a second mark in one cell": lambda w: insert(Attendance).values(mark(w, session_id=w.own.sessions[0])),
    "one code with two meanings": same_code_twice,
    "a group that is larger than its limit": lambda w: update(Cohort).values(
        group_target=Cohort.group_max + 1
    ),
}


def test_the_database_refuses_what_cannot_be(world: World) -> None:
    accepted = []
    for name, statement in REFUSED.items():
        try:
            with unit_of_work() as session:
                session.execute(in_bulk(statement(world), "test"))
            accepted.append(name)
        except IntegrityError:
            db.session.rollback()
    assert accepted == []


def test_what_lies_just_inside_is_accepted(world: World) -> None:
    """The control: the statements themselves are good; only the value makes them refused."""
    with unit_of_work() as session:
        session.execute(in_bulk(enrolment(world, joined_on=TODAY, left_on=TODAY), "test"))
        session.execute(in_bulk(insert(Attendance).values(mark(world, missed=1440)), "test"))
    assert one(Enrolment, world.own.enrolments[0]).left_on == TODAY


def at_once(app: Flask, count: int, work: Callable[[], object]) -> list[str]:
    """``work`` in ``count`` threads with a transaction of their own; how each of them ended."""
    start = Barrier(count)

    def run(_number: int) -> str:
        with app.app_context():
            start.wait()
            try:
                with unit_of_work():
                    work()
                return "saved"
            except IntegrityError:
                return "refused"
            finally:
                db.session.remove()

    db.session.rollback()
    with ThreadPoolExecutor(count) as pool:
        return sorted(pool.map(run, range(count)))


def test_of_twenty_marks_at_once_in_one_cell_one_remains(app: Flask, world: World) -> None:
    def work() -> None:
        db.session.execute(in_bulk(insert(Attendance).values(mark(world)), "test"))

    assert at_once(app, 20, work) == ["refused"] * 19 + ["saved"]
    cell = (
        Attendance.enrolment_id == world.own.enrolments[0],
        Attendance.session_id == world.own.sessions[1],
    )
    assert db.session.execute(select(func.count()).select_from(Attendance).where(*cell)).scalar_one() == 1


def test_of_ten_enrolments_at_once_of_one_person_one_remains(app: Flask, world: World) -> None:
    stranger: UUID = world.foreign.candidates[0]

    def work() -> None:
        new = {"id": new_id(), "cohort_id": world.own.cohort, "candidate_id": stranger}
        db.session.execute(in_bulk(insert(Enrolment).values(**new, state="lead", version=1), "test"))

    assert at_once(app, 10, work) == ["refused"] * 9 + ["saved"]
    found = select(func.count()).select_from(Enrolment)
    here = (Enrolment.cohort_id == world.own.cohort, Enrolment.candidate_id == stranger)
    assert db.session.execute(unscoped(found.where(*here), "test")).scalar_one() == 1
