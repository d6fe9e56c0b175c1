"""How much the register asks of the database: the same for 5, 20 and 60 people, and 2,500 cells are accepted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, insert, select

from inleer import clock
from inleer.attendance.models import Attendance, EnrolmentTotal
from inleer.attendance.stamps import stamp
from inleer.audit import in_bulk
from inleer.cohorts.models import Enrolment
from inleer.db import db, new_id, unit_of_work
from inleer.people.models import Candidate
from inleer.policy import Role, unscoped
from inleer.signals.models import Signal
from inleer.web import plugin_events
from tests.world import World, browse, build, token_in

EMPTY = str(stamp(0, None, None, None))
# Statements on SQLite, whatever the number of people; what they are: docs/decisions/0063-statements-of-a-save.md
STATEMENTS = {
    "open": 5,
    "first marks": 12,
    "changed marks": 12,
    "a cell": 13,
    # With those signals that say another base now, in one statement for everybody.
    "absent once": 14,
    "absent twice, so a signal for everybody": 14,
    "done": 9,
}
# PostgreSQL also locks the people whose marks change (SQLite has one writer at a time), but writes both kinds of
# roll-ups in one statement.


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that reach the database; SAVEPOINT and the like are none."""
    statements: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.split(maxsplit=1)[0].upper() not in ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK"):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def add_people(world: World, total: int) -> list[UUID]:
    """Bring the group to ``total`` people at once; returns all enrolments."""
    more = [(new_id(), new_id()) for _number in range(total - len(world.own.enrolments))]
    if not more:
        return world.own.enrolments
    with unit_of_work() as session:
        first = session.execute(
            unscoped(select(Candidate).where(Candidate.id == world.own.candidates[0]), "test")
        ).scalar_one()
        joined = session.execute(
            unscoped(select(Enrolment.joined_on).where(Enrolment.id == world.own.enrolments[0]), "test")
        ).scalar_one()
        common = {
            "agency_id": first.agency_id,
            "coach_id": first.coach_id,
            "first_name": "V",
            "tussenvoegsel": "",
        }
        people = [
            {"id": c, "last_name": f"P{n}", "sort_name": f"p{n:05d}", "startkwalificatie": "no", "version": 1,
             "created_at": clock.now(), **common}
            for n, (c, _e) in enumerate(more)
        ]  # fmt: skip
        enrolments = [
            {"id": e, "cohort_id": world.own.cohort, "candidate_id": c, "state": "active", "version": 1,
             "joined_on": joined}
            for c, e in more
        ]  # fmt: skip
        session.execute(in_bulk(insert(Candidate), "test"), people)
        session.execute(in_bulk(insert(Enrolment), "test"), enrolments)
        # As enrolling somebody does: without a total all marks are counted again.
        nothing = dict.fromkeys(("planned", "missed", "late", "ill", "excused", "unexcused", "sessions"), 0)
        session.execute(insert(EnrolmentTotal), [{"enrolment_id": e, **nothing} for _c, e in more])
    return [*world.own.enrolments, *(e for _c, e in more)]


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=5, weeks=4)


@pytest.fixture
def teacher(app: Flask, world: World) -> FlaskClient:
    return browse(app, world.own.actors[Role.TEACHER])


def form_of(token: str, ids: list[UUID], status: str, shown: str = EMPTY) -> dict[str, str]:
    form = {"csrf_token": token, "action": "save"}
    for i in ids:
        form |= {f"status-{i}": status, f"minutes-{i}": "", f"note-{i}": "", f"version-{i}": shown}
    return form


@pytest.mark.parametrize("people", [5, 20, 60])
def test_the_register_costs_the_same_for_5_20_and_60_people(
    world: World, teacher: FlaskClient, people: int
) -> None:
    ids = add_people(world, people)
    # Which route people follow is asked once per process, by the first save that a plugin follows.
    plugin_events._by_cohort("enrolment_ids", ids)
    first, second, third = (f"/lessen/{session}" for session in world.own.sessions[1:4])
    token = token_in(teacher.get(first).text)
    steps: dict[str, tuple[str, dict[str, str] | None]] = {
        "open": (first, None),
        "first marks": (first, form_of(token, ids[1:], "present")),
        "changed marks": (first, form_of(token, ids[1:], "excused", str(stamp(1, "present", None, None)))),
        "a cell": (f"{first}/cel/{ids[0]}", {"csrf_token": token, "status": "present", "version": EMPTY}),
        "absent once": (second, form_of(token, ids, "unexcused")),
        "absent twice, so a signal for everybody": (third, form_of(token, ids, "unexcused")),
        "done": (third, {"csrf_token": token, "action": "done"}),
    }
    found = {}
    for name, (address, form) in steps.items():
        with counted() as statements:
            answer = teacher.get(address) if form is None else teacher.post(address, data=form)
        assert answer.status_code in (200, 303), answer.text
        found[name] = len(statements)
    assert found == STATEMENTS
    raised = select(Signal.candidate_id).where(
        Signal.rule == "core.no_shows", Signal.state == "open", Signal.cohort_id == world.own.cohort
    )
    assert len(db.session.execute(unscoped(raised, "test")).all()) == people


def test_2500_cells_are_accepted(world: World, teacher: FlaskClient) -> None:
    ids = add_people(world, 2500)
    where = f"/lessen/{world.own.sessions[1]}"
    token = token_in(teacher.get(where).text)
    began = perf_counter()
    answer = teacher.post(where, data=form_of(token, ids, "present"))
    assert answer.status_code == 303
    # The measure is in the benchmarks; here only that it ends well before a gateway gives up.
    assert perf_counter() - began < 60
    statement = select(func.count()).where(Attendance.session_id == world.own.sessions[1])
    assert db.session.execute(statement).scalar_one() == 2500
