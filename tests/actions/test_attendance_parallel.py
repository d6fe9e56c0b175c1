"""Several people in one register at the same moment, in real threads and transactions of their own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any, TypeVar
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from inleer.attendance.actions import MarkConflict, MarkInput, fill_empty, record_many, record_mark
from inleer.attendance.models import Attendance
from inleer.attendance.rollups import verify
from inleer.attendance.stamps import stamp
from inleer.cohorts.models import Session
from inleer.cohorts.sessions import finish_session
from inleer.db import db, unit_of_work
from inleer.policy import Actor, Role
from tests.world import World, browse, build, one, token_in

WRITERS = 8
STATUSES = ("present", "ill", "excused", "unexcused")
T = TypeVar("T")


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=WRITERS, weeks=2)


def actors(world: World) -> list[Actor]:
    assert world.own.other_teacher is not None
    return [world.own.actors[Role.TEACHER], world.own.other_teacher]


def in_thread(app: Flask, work: Callable[[], T]) -> T:
    """Run ``work`` with an application context, and so a database session, of its own."""
    with app.app_context():
        try:
            return work()
        finally:
            db.session.remove()


def together(app: Flask, *works: Callable[[], Any]) -> list[Any]:
    """Run all at the same time; returns their results, or the errors they raised."""
    db.session.rollback()  # the test's own session must not hold what the others wait for
    with ThreadPoolExecutor(len(works)) as pool:
        futures = [pool.submit(in_thread, app, work) for work in works]
        return [future.exception() or future.result() for future in futures]


def stored(world: World, session_id: UUID) -> dict[UUID, tuple[str, int]]:
    rows = db.session.execute(select(Attendance).where(Attendance.session_id == session_id)).scalars()
    return {m.enrolment_id: (m.status, m.version) for m in rows}


def test_two_first_marks_of_one_cell_are_a_conflict_and_no_error(app: Flask, world: World) -> None:
    session_id, who = world.own.sessions[1], world.own.enrolments[0]
    written = Event()
    first, second = actors(world)

    def writes_first() -> str:
        with unit_of_work():
            record_mark(first, one(Session, session_id), MarkInput(who, "ill", None, 0), [who])
            db.session.flush()
            written.set()
            # Long enough for the second to have seen an empty cell and to wait on its own insert.
            Event().wait(0.7)
        return "saved"

    def writes_second() -> tuple[str, str]:
        written.wait(10)
        with unit_of_work():
            try:
                record_mark(second, one(Session, session_id), MarkInput(who, "present", None, 0), [who])
            except MarkConflict as clash:
                return clash.stored.status, clash.typed.status
        return "saved", "too"

    assert together(app, writes_first, writes_second) == ["saved", ("ill", "present")]
    assert stored(world, session_id) == {who: ("ill", 1)}


def test_two_whole_registers_at_once_save_each_cell_once(app: Flask, world: World) -> None:
    session_id, ids = world.own.sessions[1], world.own.enrolments
    written = Event()
    first, second = actors(world)

    def save(actor: Actor, status: str, cells: list[UUID], wait: bool) -> tuple[int, int]:
        if wait:
            written.wait(10)
        with unit_of_work():
            typed = [MarkInput(i, status, None, 0) for i in cells]
            saved, conflicts = record_many(actor, one(Session, session_id), typed, ids)
            db.session.flush()
            written.set()
            if not wait:
                Event().wait(0.7)
        return len(saved), len(conflicts)

    results = together(
        app,
        lambda: save(first, "ill", ids[:5], wait=False),
        lambda: save(second, "present", list(reversed(ids[3:])), wait=True),
    )
    assert results == [(5, 0), (3, 2)]
    assert [stored(world, session_id)[i][0] for i in ids] == ["ill"] * 5 + ["present"] * 3


def test_two_bulk_marks_at_once_fill_each_cell_once(app: Flask, world: World) -> None:
    session_id, ids = world.own.sessions[1], world.own.enrolments

    def fill(actor: Actor) -> int:
        with unit_of_work():
            return len(fill_empty(actor, one(Session, session_id), ids))

    results = together(app, *(lambda a=actor: fill(a) for actor in actors(world) * 2))
    assert sum(results) == len(ids)
    assert set(stored(world, session_id).values()) == {("present", 1)}


def test_eight_writers_lose_nothing(app: Flask, world: World) -> None:
    """Each writer walks over all cells with the version it sees; what was acknowledged is what the versions count."""
    session_id, ids = world.own.sessions[1], world.own.enrolments

    def write(number: int) -> dict[UUID, int]:
        actor = actors(world)[number % 2]
        acknowledged: dict[UUID, int] = dict.fromkeys(ids, 0)
        for turn in range(len(ids)):
            who = ids[(number + turn) % len(ids)]
            with unit_of_work(write=False):
                seen = db.session.execute(
                    select(Attendance.status, Attendance.version).where(
                        Attendance.session_id == session_id, Attendance.enrolment_id == who
                    )
                ).one_or_none()
            status = next(s for s in STATUSES if seen is None or s != seen.status)
            typed = MarkInput(who, status, None, seen.version if seen else 0, note=f"{number}-{turn}")
            try:
                with unit_of_work():
                    record_mark(actor, one(Session, session_id), typed, [who])
            except MarkConflict:
                continue
            acknowledged[who] += 1
        return acknowledged

    results = together(app, *(lambda n=number: write(n) for number in range(WRITERS)))
    assert all(isinstance(result, dict) for result in results), results
    counted = {i: sum(result[i] for result in results) for i in ids}
    assert counted == {i: version for i, (_status, version) in stored(world, session_id).items()}
    assert sum(counted.values()) >= len(ids)
    assert verify(world.own.candidates) == []


def test_eight_browsers_save_their_own_cells_without_an_error(app: Flask, world: World) -> None:
    session_id, ids = world.own.sessions[1], world.own.enrolments
    empty = str(stamp(0, None, None, None))
    browsers = [browse(app, actors(world)[n % 2]) for n in range(WRITERS)]
    tokens = [token_in(browser.get(f"/lessen/{session_id}").text) for browser in browsers]

    def save(number: int) -> int:
        where = f"/lessen/{session_id}/cel/{ids[number]}"
        data = {"csrf_token": tokens[number], "status": "present", "version": empty}
        return browsers[number].post(where, data=data).status_code

    assert together(app, *(lambda n=number: save(n) for number in range(WRITERS))) == [200] * WRITERS
    assert len(stored(world, session_id)) == WRITERS
    assert one(Session, session_id).state == "open"


def test_finishing_twice_at_once_is_finishing(app: Flask, world: World) -> None:
    session_id = world.own.sessions[1]

    def finish(actor: Actor) -> str:
        with unit_of_work():
            finish_session(actor, one(Session, session_id))
        return "done"

    assert together(app, *(lambda a=actor: finish(a) for actor in actors(world) * 2)) == ["done"] * 4
    assert one(Session, session_id).state == "recorded"


def test_one_person_in_two_sessions_at_once_keeps_right_figures(app: Flask, world: World) -> None:
    ids = world.own.enrolments

    def save(session_id: UUID, status: str) -> str:
        with unit_of_work():
            typed = [MarkInput(i, status, None, 0) for i in ids]
            record_many(actors(world)[0], one(Session, session_id), typed, ids)
        return "saved"

    today, past = world.own.sessions[-1], world.own.sessions[1]
    assert together(app, lambda: save(past, "unexcused"), lambda: save(today, "present")) == ["saved"] * 2
    assert verify(world.own.candidates) == []
