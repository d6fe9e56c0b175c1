"""Promise 24: whoever saves from an older version is refused, whatever is edited and in whatever order.

One play for everything that people edit: three editors open and save an organisation, a candidate's details, a job
intention, a phase, a lesson and a help request of the plugin, one after the other as hypothesis likes. The model
knows which version each editor saw.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inleer_zorg import actions as help_requests
from inleer_zorg.models import HelpRequest
from sqlalchemy import select

from inleer import clock
from inleer.accounts import organisations
from inleer.accounts.models import Organisation
from inleer.accounts.organisations import OrganisationData
from inleer.cohorts.actions import move_phase
from inleer.cohorts.models import CohortPhase, Session
from inleer.cohorts.sessions import change_session
from inleer.db import db, unit_of_work
from inleer.errors import StaleEdit
from inleer.intentions.actions import change as change_intention
from inleer.intentions.models import JobIntention
from inleer.people.actions import update_candidate
from inleer.people.models import Candidate
from inleer.policy import Actor, Role, unscoped
from tests.world import World, build, one

EDITORS = 3
Save = Callable[[Actor, Any, str, int], object]


@dataclass(frozen=True)
class Kind:
    """Something that people edit: whose right it is, how a text is saved, and where it is found back."""

    model: type[Any]
    role: Role
    save: Save
    column: str


def _phase(actor: Actor, phase: CohortPhase, text: str, version: int) -> object:
    day = clock.today() + timedelta(days=int(text))
    return move_phase(actor, phase, day, day + timedelta(days=500), version)


def _help_request(actor: Actor, row: HelpRequest, text: str, version: int) -> object:
    values = {name: getattr(row, name) for name in help_requests.FIELDS}
    return help_requests.change(actor, row, {**values, "description": text}, version)


KINDS = {
    "organisation": Kind(
        Organisation,
        Role.ADMINISTRATOR,
        lambda a, o, text, v: organisations.change(a, o, v, OrganisationData(text)),
        "name",
    ),
    "candidate": Kind(
        Candidate,
        Role.COACH,
        lambda a, c, text, v: update_candidate(a, c, {"first_name": text}, v),
        "first_name",
    ),
    "intention": Kind(
        JobIntention,
        Role.PROGRAMME_MANAGER,
        lambda a, i, text, v: change_intention(a, i, {"function": text}, v),
        "function",
    ),
    "phase": Kind(CohortPhase, Role.PROGRAMME_MANAGER, _phase, "starts_on"),
    "lesson": Kind(
        Session,
        Role.PROGRAMME_MANAGER,
        lambda a, s, text, v: change_session(a, s, {"title": text}, v),
        "title",
    ),
    "help request": Kind(HelpRequest, Role.LEERHOME_COORDINATOR, _help_request, "description"),
}


@dataclass
class Edited:
    """One thing in the play: which value each version has, and the version that each editor opened."""

    kind: Kind
    id: UUID
    opened: dict[int, int] = field(default_factory=dict)

    def row(self) -> Any:
        """The thing as it is stored now."""
        db.session.rollback()
        statement = select(self.kind.model).where(self.kind.model.id == self.id)
        fresh = unscoped(statement.execution_options(populate_existing=True), "test")
        return db.session.execute(fresh).scalar_one()


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=2, weeks=1)


def ids(world: World) -> dict[str, UUID]:
    own = world.own
    first = select(CohortPhase.id).where(CohortPhase.cohort_id == own.cohort).order_by(CohortPhase.starts_on)
    return {
        "organisation": own.employer,
        "candidate": own.candidates[0],
        "intention": own.intention,
        "phase": db.session.execute(first.limit(1)).scalar_one(),
        "lesson": own.sessions[0],
        "help request": own.others["zorg_help_request"],
    }


Step = tuple[str, int, bool]


def play(world: World, kinds: dict[str, Kind], steps: list[Step]) -> list[str]:
    """Do the steps: an editor opens (False) or saves (True). Returns what went wrong; nothing when all is well."""
    known = ids(world)
    things = {name: Edited(kind, known[name]) for name, kind in kinds.items()}
    wrong = []
    for number, (name, editor, saves) in enumerate(steps):
        thing = things[name]
        row = thing.row()
        if not saves or editor not in thing.opened:
            thing.opened[editor] = row.version
            continue
        before, fresh = (row.version, getattr(row, thing.kind.column)), thing.opened[editor] == row.version
        try:
            with unit_of_work():
                thing.kind.save(world.own.actors[thing.kind.role], row, _new(), thing.opened[editor])
            accepted = True
        except StaleEdit:
            accepted = False
        row = thing.row()
        after = (row.version, getattr(row, thing.kind.column))
        if accepted is not fresh:
            wrong.append(f"step {number}: {name} was {'accepted' if accepted else 'refused'}")
        if accepted and (after[0] != before[0] + 1 or after[1] == before[1]):
            wrong.append(f"step {number}: {name} says it was saved and was not")
        if not accepted and after != before:
            wrong.append(f"step {number}: {name} was refused and changed all the same")
    return wrong


_numbers = iter(range(1, 10**9))


def _new() -> str:
    """A text that nothing has yet."""
    return str(next(_numbers))


STEPS = st.lists(
    st.tuples(st.sampled_from(sorted(KINDS)), st.integers(0, EDITORS - 1), st.booleans()), max_size=25
)
OFTEN = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)


def test_no_lost_update_in_any_order(world: World) -> None:
    @OFTEN
    @given(STEPS)
    def check(steps: list[Step]) -> None:
        assert play(world, KINDS, steps) == []

    check()


def test_second_of_two_is_refused(world: World) -> None:
    """Each kind at least once, whatever hypothesis drew."""
    for name in KINDS:
        turns = [(name, 0, False), (name, 1, False), (name, 0, True), (name, 1, True)]
        assert play(world, KINDS, [*turns, (name, 1, False), (name, 1, True)]) == []


def test_the_play_finds_a_save_that_does_not_compare(world: World) -> None:
    """The planted fault: a save that takes the version from the row instead of from who opened it."""
    for name, sound in KINDS.items():
        careless = replace(sound, save=_careless(sound.save))
        turns = [(name, 0, False), (name, 1, False), (name, 0, True), (name, 1, True)]
        assert play(world, {name: careless}, turns) == [f"step 3: {name} was accepted"]


def _careless(save: Save) -> Save:
    return lambda actor, row, text, _version: save(actor, row, text, row.version)


def test_every_version_of_the_same_thing_is_one_save(world: World) -> None:
    """Of ten savers who all opened the same version, one is accepted."""
    steps: list[Step] = [("candidate", n, False) for n in range(10)] + [
        ("candidate", n, True) for n in range(10)
    ]
    before = one(Candidate, world.own.candidates[0]).version
    assert play(world, KINDS, steps) == []
    assert one(Candidate, world.own.candidates[0]).version == before + 1
