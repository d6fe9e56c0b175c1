"""The guards on the session itself: what goes past objects, past the unit of work, or past a scope is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, func, insert, literal, select, update

from inleer import audit
from inleer.accounts.models import UserSession
from inleer.audit import AuditEvent
from inleer.audit.guard import UnauditedChange
from inleer.casework.models import Note
from inleer.db import db, unit_of_work
from inleer.people.models import Candidate
from inleer.policy import system_actor, unscoped
from tests.actors import make_organisation
from tests.world import World, build, one


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=2, weeks=1)


def events() -> int:
    found = db.session.execute(select(func.count()).select_from(AuditEvent)).scalar_one()
    db.session.rollback()
    return int(found)


PAST_OBJECTS = {
    "update": lambda: update(Candidate).values(first_name="Onbekend"),
    "delete": lambda: delete(Note),
    "insert": lambda: insert(Candidate).values(first_name="Onbekend"),
    "marked as scoped": lambda: unscoped(update(Candidate).values(first_name="Onbekend"), "planted"),
}


@pytest.mark.parametrize("kind", PAST_OBJECTS)
def test_a_statement_past_the_audit_trail_is_refused(world: World, kind: str) -> None:
    def change() -> None:
        with unit_of_work() as session:
            session.execute(PAST_OBJECTS[kind]())

    with pytest.raises(UnauditedChange):
        change()
    assert one(Candidate, world.own.candidates[0]).first_name == "Voor0"
    assert one(Note, world.own.notes["cohort"]).text.startswith("Notitie")


def test_a_statement_on_what_needs_no_event_passes_inside_a_unit_of_work_only(world: World) -> None:
    statement = update(UserSession).values(second_factor_at=None)
    with pytest.raises(RuntimeError, match="outside a unit of work"):
        db.session.execute(statement)
    with unit_of_work() as session:
        session.execute(statement)


def test_a_commit_inside_a_unit_of_work_is_refused(world: World) -> None:
    """Committed half-way, a change would be kept without its event, whatever the guard says at the end."""
    before = events()

    def commit() -> None:
        with unit_of_work() as session:
            one(Candidate, world.own.candidates[0]).first_name = "Onbekend"
            session.commit()

    with pytest.raises(RuntimeError, match="never commit"):
        commit()
    assert one(Candidate, world.own.candidates[0]).first_name == "Voor0"
    assert events() == before


def _change_and_lose_a_savepoint(candidate: Candidate, tell: bool) -> None:
    with unit_of_work() as session:
        candidate.first_name = "Anders"
        if tell:
            audit.record(system_actor(), "test.changed", candidate)
        session.flush()
        try:
            with session.begin_nested():
                audit.record(system_actor(), "test.never", ("candidate", "x"))
                session.execute(select(literal(1)))
                raise LookupError
        except LookupError:
            return


def test_a_savepoint_that_rolls_back_keeps_what_was_recorded_before_it(world: World) -> None:
    candidate = one(Candidate, world.own.candidates[0])
    _change_and_lose_a_savepoint(candidate, tell=True)
    actions = set(db.session.execute(select(AuditEvent.action)).scalars())
    assert "test.changed" in actions and "test.never" not in actions


def test_a_savepoint_that_rolls_back_hides_no_change(world: World) -> None:
    candidate = one(Candidate, world.own.candidates[0])
    with pytest.raises(UnauditedChange):
        _change_and_lose_a_savepoint(candidate, tell=False)


def test_a_rolled_back_unit_leaves_nothing_for_the_next(app: Flask) -> None:
    """What one unit of work recorded or changed must not cover the next."""
    organisation = make_organisation("employer", "Eerst")

    def act(error: Callable[[], Exception] | None) -> None:
        with unit_of_work():
            organisation.name = "Anders"
            if error is not None:
                audit.record(system_actor(), "test.changed", organisation)
                raise error()

    with pytest.raises(LookupError):
        act(LookupError)
    with pytest.raises(UnauditedChange):
        act(None)
