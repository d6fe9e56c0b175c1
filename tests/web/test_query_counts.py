"""The pages of the coach cost as many statements for 60 people as for 5, and stay within their budgets.

Login, scope, read log and all plugins that are on are counted; BEGIN, COMMIT and savepoints are not.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from inleer import clock
from inleer.attendance.actions import MarkInput, record_many
from inleer.casework.actions import write_note
from inleer.cohorts.models import Session
from inleer.db import db, unit_of_work
from inleer.people.models import Candidate
from inleer.policy import Role
from tests.world import World, browse, build, one

SIZES = (5, 20, 60)
CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are sent to the database inside the block."""
    sent: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(CONTROL):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def busy(world: World) -> None:
    """Marks, signals and notes for everybody: an empty world is cheap for the wrong reason."""
    side = world.own
    with unit_of_work():
        for session_id in side.sessions[1:3]:
            session = one(Session, session_id)
            statuses = ("unexcused", "present", "late", "ill")
            marks = [
                MarkInput(e, statuses[n % 4], 10 if n % 4 == 2 else None, 0)
                for n, e in enumerate(side.enrolments)
            ]
            record_many(side.actors[Role.TEACHER], session, marks, side.enrolments)
    with unit_of_work():
        for candidate_id in side.candidates:
            candidate = one(Candidate, candidate_id)
            write_note(side.actors[Role.COACH], candidate, "Gebeld.", "cohort", "telephone", clock.today())


def statements(client: FlaskClient, path: str) -> list[str]:
    """The statements of one page, after it was shown once."""
    assert client.get(path).status_code == 200
    with counted() as sent:
        assert client.get(path).status_code == 200
    return sent


PAGES = {
    "P1 board": ("/lichtingen/{cohort}", 8),
    "P3 list": ("/kandidaten", 7),
    "P5 file": ("/kandidaten/{candidate}", 10),
    "attendance": ("/kandidaten/{candidate}/aanwezigheid", 10),
    "today": ("/vandaag", 12),
    "cohorts": ("/lichtingen", 4),
}


@pytest.fixture(scope="module")
def seen() -> dict[tuple[str, str, int], int]:
    """How many statements each page took, over the tests of this module: page, database, people."""
    return {}


@pytest.mark.parametrize("people", SIZES)
def test_pages_take_as_many_statements_for_any_group(
    app: Flask, database: str, people: int, seen: dict[tuple[str, str, int], int]
) -> None:
    world = build(app, people=people)
    busy(world)
    client = browse(app, world.own.actors[Role.COACH])
    kind = database.split(":")[0]
    for name, (path, budget) in PAGES.items():
        address = path.format(cohort=world.own.cohort, candidate=world.own.candidates[0])
        sent = statements(client, address)
        assert len(sent) <= budget, f"{name} for {people} people:\n" + "\n\n".join(sent)
        seen[name, kind, people] = len(sent)
        others = {n for (page, db_kind, _p), n in seen.items() if (page, db_kind) == (name, kind)}
        assert len(others) == 1, f"{name} differs with the number of people: {seen}"


def test_a_query_per_person_would_be_found(app: Flask) -> None:
    """The control: the counter sees each statement, also those of a loop."""
    world = build(app, people=5)
    with counted() as sent:
        for candidate_id in world.own.candidates:
            db.session.expire_all()
            one(Candidate, candidate_id)
    assert len(sent) >= 5


@pytest.mark.parametrize("role", [Role.LEERHOME_COORDINATOR, Role.PROGRAMME_MANAGER])
def test_the_board_of_other_roles_stays_within_its_budget(app: Flask, role: Role) -> None:
    world = build(app, people=20)
    sent = statements(browse(app, world.own.actors[role]), f"/lichtingen/{world.own.cohort}")
    assert len(sent) <= 8, "\n\n".join(sent)
