"""A save changes marks as the register showed them to it: what somebody else did in between is never written over."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from inleer import clock
from inleer.attendance.actions import MarkInput, record_many, record_mark
from inleer.attendance.marks import Kept, Recorded
from inleer.attendance.models import Attendance
from inleer.attendance.stamps import fingerprint
from inleer.cohorts.models import Session
from inleer.db import db, unit_of_work
from inleer.policy import Role
from tests.world import World, build, one


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=2, weeks=2)


def read_before(world: World, who: UUID, version: int, status: str) -> dict[UUID, Kept]:
    """A mark as a register read it, while something else is stored by now."""
    return {
        who: Recorded(who, world.own.sessions[1], version, status, None, 0, None, "Docent", clock.now()),
    }


def stored(session_id: UUID) -> list[tuple[str, int]]:
    statement = select(Attendance.status, Attendance.version).where(Attendance.session_id == session_id)
    return [(row.status, row.version) for row in db.session.execute(statement)]


@pytest.mark.parametrize("same_version", [False, True])
def test_a_mark_that_changed_since_it_was_read_is_a_conflict(world: World, same_version: bool) -> None:
    teacher, session_id, who = world.own.actors[Role.TEACHER], world.own.sessions[1], world.own.enrolments[0]
    with unit_of_work():
        record_mark(teacher, one(Session, session_id), MarkInput(who, "ill", None, 0), [who])
        if not same_version:
            record_mark(teacher, one(Session, session_id), MarkInput(who, "late", 5, 1), [who])
    now = stored(session_id)
    seen = read_before(world, who, 1, "present")
    # With the same version it is another mark all the same: emptied and filled again.
    typed = MarkInput(who, "excused", None, 1, seen=fingerprint("present", None, None))
    with unit_of_work():
        saved, conflicts = record_many(teacher, one(Session, session_id), [typed], [who], seen)
    assert (list(saved), [c.stored.status for c in conflicts]) == ([], [now[0][0]])
    assert stored(session_id) == now


def test_a_mark_that_was_emptied_since_it_was_read_is_written_anew(world: World) -> None:
    teacher, session_id, who = world.own.actors[Role.TEACHER], world.own.sessions[1], world.own.enrolments[0]
    with unit_of_work():
        seen = read_before(world, who, 3, "present")
        typed = MarkInput(who, "excused", None, 3)
        saved, conflicts = record_many(teacher, one(Session, session_id), [typed], [who], seen)
    assert ([m.status for m in saved], conflicts) == (["excused"], [])
    assert stored(session_id) == [("excused", 1)]
