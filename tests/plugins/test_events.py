"""Plugins are told what happens to people of their own routes, in the same transaction; a fault costs only itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from types import ModuleType
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from inleer import clock
from inleer.accounts.models import Organisation
from inleer.app import create_app
from inleer.attendance.actions import MarkInput, record_many
from inleer.cohorts.completion import complete, take_back
from inleer.cohorts.enrolments import change_joined
from inleer.cohorts.models import CohortPhase, Enrolment, Session
from inleer.cohorts.undo import undo_step
from inleer.config import Settings
from inleer.db import db, unit_of_work
from inleer.events import placement_changed
from inleer.extend.types import API_VERSION, Manifest
from inleer.intentions.actions import Answer, confirm_by_telephone
from inleer.intentions.models import JobIntention
from inleer.jobs import outbox
from inleer.jobs.models import Outbox
from inleer.plugin import hookimpl
from inleer.policy import Actor, Role, unscoped
from tests.plugins import dummy
from tests.plugins.test_plugin_pages import owned_by
from tests.world import World, build, one

TODAY = "inleer_on_enrolment_changed"


def broken(*, once: bool = False) -> ModuleType:
    """A plugin that owns the routes "stuk." and fails when it is told of an enrolment, after a write of its own.

    ``once``: only the first time.
    """
    made = ModuleType("stuk")
    made.__dict__["told"] = []

    @hookimpl
    def inleer_on_enrolment_changed(enrolment_ids: list[UUID]) -> None:
        made.__dict__["told"].append(list(enrolment_ids))
        if not once or len(made.__dict__["told"]) == 1:
            db.session.add(Organisation(slug="stuk-was-hier", name="Stuk", kind="employer"))
            db.session.flush()
            raise ValueError("with a name in it: Jansen")

    manifest = Manifest(name="stuk", api_version=API_VERSION, distribution="stuk")
    vars(made).update(manifest=manifest, inleer_on_enrolment_changed=inleer_on_enrolment_changed)
    return made


@pytest.fixture
def stuk() -> ModuleType:
    return broken(once=True)


@pytest.fixture
def app(settings: Settings, stuk: ModuleType) -> Iterator[Flask]:
    """The application with the dummy, and a plugin that fails."""
    made = create_app(replace(settings, extra_plugins=(dummy, stuk)))
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def world(app: Flask) -> World:
    """The cohort of the own agency belongs to the dummy, that of the other one stays with zorg."""
    made = build(app, people=2, weeks=1)
    owned_by("dummy", made.own.cohort)
    dummy.HEARD.clear()
    return made


def start_later(actor: Actor, enrolment_id: UUID) -> date:
    """Somebody starts a day later; returns that day."""
    enrolment = one(Enrolment, enrolment_id)
    assert enrolment.joined_on is not None
    joined = enrolment.joined_on + timedelta(days=1)
    change_joined(actor, enrolment, joined, "later", enrolment.version)
    return joined


def heard() -> list[tuple[str, str, UUID, set[UUID]]]:
    """What the dummy was told since the last time."""
    told = [(what, role, cohort, set(ids)) for what, role, cohort, ids in dummy.HEARD]
    dummy.HEARD.clear()
    return told


def test_enrolments(world: World) -> None:
    side, manager = world.own, world.own.actors[Role.PROGRAMME_MANAGER]
    enrolment_id = side.enrolments[0]
    told = ("enrolment", "programme_manager", side.cohort, {enrolment_id})
    with unit_of_work():
        start_later(manager, enrolment_id)
    assert heard() == [told]
    with unit_of_work():
        enrolment = one(Enrolment, enrolment_id)
        undo_step(manager, enrolment, enrolment.version)
    assert heard() == [told]


def test_what_happens_in_cohorts_of_others_is_not_told(world: World) -> None:
    side, manager = world.foreign, world.foreign.actors[Role.PROGRAMME_MANAGER]
    with unit_of_work():
        start_later(manager, side.enrolments[0])
        intention = one(JobIntention, side.intention)
        confirm_by_telephone(manager, intention, Answer(clock.today(), "Jo", 2, 24, 32), intention.version)
    assert heard() == []


def test_phases(world: World) -> None:
    side, coordinator = world.own, world.own.actors[Role.LEERHOME_COORDINATOR]
    with unit_of_work():
        wanted = CohortPhase.cohort_id == side.cohort, CohortPhase.key == "introductie"
        phase = db.session.scalars(select(CohortPhase).where(*wanted)).one()
        rows = complete(coordinator, phase, side.enrolments, clock.today(), "")
    assert heard() == [("phase introductie", "", side.cohort, set(side.enrolments))]
    with unit_of_work():
        take_back(coordinator, rows)
    assert heard() == []


def test_intentions(world: World) -> None:
    side, manager = world.own, world.own.actors[Role.PROGRAMME_MANAGER]
    with unit_of_work():
        intention = one(JobIntention, side.intention)
        confirm_by_telephone(manager, intention, Answer(clock.today(), "Jo", 2, 24, 32), intention.version)
    assert heard() == [("intention", "programme_manager", side.cohort, {side.intention})]


def test_attendance(world: World) -> None:
    side, teacher = world.own, world.own.actors[Role.TEACHER]
    with unit_of_work():
        marks = [MarkInput(one_id, "ill", None, 1) for one_id in side.enrolments[1:]]
        record_many(teacher, one(Session, side.sessions[0]), marks, side.enrolments)
    assert heard() == [("attendance", "teacher", side.cohort, set(side.enrolments[1:]))]


def test_placements(world: World) -> None:
    side, coach = world.own, world.own.actors[Role.COACH]
    with unit_of_work():
        placement_changed.fire(coach, side.enrolments)
    assert heard() == [("placement", "coach", side.cohort, set(side.enrolments))]


def test_a_fault_costs_only_itself_and_is_made_good_later(app: Flask, world: World, stuk: ModuleType) -> None:
    owned_by("stuk", world.own.cohort)
    with unit_of_work():
        joined = start_later(world.own.actors[Role.PROGRAMME_MANAGER], world.own.enrolments[0])
    assert one(Enrolment, world.own.enrolments[0]).joined_on == joined
    written = select(Organisation.id).where(Organisation.slug == "stuk-was-hier")
    assert db.session.scalars(unscoped(written, "test")).all() == []
    waiting = db.session.scalars(select(Outbox).where(Outbox.kind == "plugin.event")).one()
    assert waiting.payload == {
        "plugin": "stuk",
        "hook": "inleer_on_enrolment_changed",
        "about": {"cohort_id": str(world.own.cohort), "enrolment_ids": [str(world.own.enrolments[0])]},
    }
    (fault,) = app.extensions["inleer"].faults.of("stuk")
    assert fault.key == "stuk.on_enrolment_changed" and fault.detail.startswith("ValueError in ")
    db.session.rollback()
    outbox.drain()
    assert db.session.scalars(select(Outbox.state).where(Outbox.kind == "plugin.event")).all() == ["sent"]
    assert vars(stuk)["told"] == [[world.own.enrolments[0]]] * 2


def test_a_repeated_call_of_a_plugin_that_is_gone_fails_and_is_kept(world: World) -> None:
    with unit_of_work():
        outbox.enqueue("plugin.event", {"plugin": "weg", "hook": TODAY, "about": {}})
    outbox.drain()
    row = db.session.scalars(select(Outbox).where(Outbox.kind == "plugin.event")).one()
    assert (row.state, row.error) == ("waiting", "LookupError")
