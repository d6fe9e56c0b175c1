"""Promise 40: every hook that is called while serving, with every fault: it costs its own box and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import create_engine, delete, select

from inleer import audit, clock, events
from inleer.app import create_app
from inleer.attendance.actions import MarkInput, record_many
from inleer.attendance.models import Attendance
from inleer.audit import in_bulk
from inleer.cohorts.models import Cohort, Session
from inleer.config import Settings
from inleer.db import db, unit_of_work
from inleer.events import PhaseDone
from inleer.extend.faultlog import FaultLog
from inleer.extend.manager import COLLECTED, EVENTS
from inleer.extend.models import PluginFault
from inleer.jobs import outbox
from inleer.jobs.models import Outbox
from inleer.leerroutes.queries import route_version
from inleer.policy import Role, system_actor, unscoped
from inleer.signals.models import Signal
from tests import rows
from tests.client import Client
from tests.phases import PHASE
from tests.plugins import dummy, failing
from tests.plugins.failing import FAULTS
from tests.plugins.test_plugin_pages import owned_by
from tests.world import World, browse, build, one

#: Hooks that are called when the application starts; a fault there stops the start (promise 41), or runs by command.
AT_THE_START = {
    "inleer_register_routes",
    "inleer_register_fields",
    "inleer_register_permissions",
    "inleer_register_settings",
    "inleer_register_audit_actions",
    "inleer_register_personal_data",
    "inleer_register_commands",
    "inleer_register_demo",
}
SERVED = sorted({*COLLECTED, *EVENTS} - AT_THE_START)
#: What a page leaves in the database: who looked at whom, and the faults themselves.
TRACES = {"read_log", "plugin_fault", "plugin_stop", "user_session"}


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application with the plugin that fails, and one that does not."""
    made = create_app(replace(settings, extra_plugins=(failing.make(), dummy)))
    made.test_client_class = Client
    failing.add_templates(made)
    theirs = DictLoader({"dummy/box.html": "<p>van de ander: {{ number }}</p>"})
    assert made.jinja_env.loader is not None
    made.jinja_env.loader = ChoiceLoader([theirs, made.jinja_env.loader])
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def world(app: Flask) -> World:
    """The own cohort runs a route of the plugin that fails, the foreign one belongs to the other."""
    made = build(app, people=2, weeks=1)
    stored = route_version(failing.ROUTE, 1)
    assert stored is not None
    own = db.update(Cohort).where(Cohort.id == made.own.cohort)
    own = own.values(route_key=failing.ROUTE, route_version_id=stored.id)
    with unit_of_work():
        db.session.execute(in_bulk(own, "test"), execution_options={"synchronize_session": False})
    owned_by("dummy", made.foreign.cohort)
    failing.CALLED.clear()
    return made


def log_of(app: Flask) -> FaultLog:
    log: FaultLog = app.extensions["inleer"].faults
    return log


def contents(app: Flask) -> dict[str, Any]:
    """All rows of the database, but those that any page leaves."""
    db.session.rollback()
    engine = create_engine(app.config["INLEER"].database_url)
    with engine.connect() as connection:
        found = {name: kept for name, kept in rows.dump(connection).items() if name not in TRACES}
    engine.dispose()
    return found


# --- each hook, and where people meet it -----------------------------------------------------------


def looks(
    path: Callable[[World], str], notice: str, beside: str = ""
) -> Callable[[Flask, World, bool], None]:
    """A coach opens a page: it answers, with a notice when the hook failed, and nothing changed."""

    def act(app: Flask, world: World, fails: bool) -> None:
        client = browse(app, world.own.actors[Role.COACH])
        before = contents(app)
        answer = client.get(path(world))
        assert answer.status_code == 200
        assert (notice in answer.text.lower()) is fails
        assert beside in answer.text and "Jansen" not in answer.text and len(answer.text) < 500_000
        assert contents(app) == before

    return act


def opens_its_page(app: Flask, world: World, fails: bool) -> None:
    """A page of the plugin's own is an error page with a number; the core's next page answers."""
    client = browse(app, world.own.actors[Role.COACH])
    before = contents(app)
    answer = client.get(f"/stuk/{world.own.cohort}/")
    # SQLite calls a missing table an operational error, as a database that does not answer.
    assert answer.status_code in ((500, 503) if fails else (200,))
    assert "Jansen" not in answer.text
    assert client.get(f"/lichtingen/{world.own.cohort}").status_code == 200
    assert contents(app) == before


def saves_attendance(app: Flask, world: World, fails: bool) -> None:
    """Signals: the marks are saved; what the plugin could not say leaves its earlier signals as they are."""
    side = world.own
    session = one(Session, side.sessions[0])
    known = select(Attendance).where(Attendance.session_id == session.id)
    stored = list(db.session.scalars(unscoped(known, "test")))
    versions = {a.enrolment_id: a.version for a in stored}
    changed = "present" if {a.status for a in stored} == {"ill"} else "ill"
    with unit_of_work():
        marks = [MarkInput(one_id, changed, None, versions.get(one_id, 0)) for one_id in side.enrolments]
        record_many(side.actors[Role.TEACHER], one(Session, session.id), marks, side.enrolments)
    db.session.expire_all()
    assert {a.status for a in db.session.scalars(unscoped(known, "test"))} == {changed}
    raised = select(Signal).where(Signal.rule == "stuk.bel", Signal.candidate_id.in_(side.candidates))
    assert {s.state for s in db.session.scalars(unscoped(raised, "test"))} == {"open"}


def hears(event: Any, payload: Callable[[World], Any]) -> Callable[[Flask, World, bool], None]:
    """Something happens in the same unit of work as a save: it stands, and the call waits to be repeated."""

    def act(app: Flask, world: World, fails: bool) -> None:
        with unit_of_work():
            made = make_in(f"Organisatie {len(waiting())} {fails}")
            event.fire(world.own.actors[Role.COACH], payload(world))
        assert one(type(made), made.id).name == made.name
        assert bool(waiting()) is fails
        with unit_of_work() as session:
            session.execute(delete(Outbox).where(Outbox.kind == "plugin.event"))

    return act


def make_in(name: str) -> Any:
    from inleer.accounts.models import Organisation
    from inleer.db import new_id

    made = Organisation(id=new_id(), slug=f"o-{new_id().hex[:8]}", name=name, kind="employer")
    db.session.add(made)
    audit.record(system_actor(), "organisation.create", made)
    return made


def waiting() -> list[Outbox]:
    return list(db.session.scalars(select(Outbox).where(Outbox.kind == "plugin.event")))


ACTS: dict[str, Callable[[Flask, World, bool], None]] = {
    "inleer_register_slots": looks(
        lambda w: f"/kandidaten/{w.own.candidates[0]}", "niet beschikbaar.", "blijft staan"
    ),
    "inleer_register_panels": looks(
        lambda w: f"/lichtingen/{w.own.cohort}", "niet beschikbaar.", "blijft staan"
    ),
    "inleer_register_rules": looks(lambda w: f"/kandidaten/{w.own.candidates[0]}/fasen", "niet beschikbaar"),
    "inleer_register_blueprints": opens_its_page,
    "inleer_register_signals": saves_attendance,
    "inleer_on_enrolment_changed": hears(events.enrolment_changed, lambda w: w.own.enrolments),
    "inleer_on_phase_completed": hears(
        events.phase_completed, lambda w: [PhaseDone(e, PHASE) for e in w.own.enrolments]
    ),
    "inleer_on_placement_changed": hears(events.placement_changed, lambda w: w.own.enrolments),
    "inleer_on_intention_changed": hears(events.intention_changed, lambda w: [w.own.intention]),
    "inleer_on_attendance_recorded": hears(events.attendance_recorded, lambda w: w.own.enrolments),
}


def test_every_hook_that_is_called_while_serving_is_tried() -> None:
    assert sorted(ACTS) == SERVED
    assert {name for name in vars(failing.make()) if name.startswith("inleer_")} >= set(SERVED)


@pytest.mark.parametrize("hook", SERVED)
def test_a_fault_costs_its_own_box(app: Flask, world: World, hook: str) -> None:
    ACTS[hook](app, world, False)
    assert hook in failing.CALLED and not log_of(app).recent
    # A page of the plugin's own may be as long as it likes.
    faults = {
        name: fault
        for name, fault in FAULTS.items()
        if (hook, name) != ("inleer_register_blueprints", "huge")
    }
    for name, fault in faults.items():
        forget(app)
        with failing.failing(hook, fault):
            ACTS[hook](app, world, True)
        noted = log_of(app).of("stuk")
        assert [(f.plugin, f.kind) for f in noted] == [("stuk", "fault")], name
        assert "Jansen" not in str(noted)
    others_run(app, world)
    assert audit.verify_chain(db.session()) == []
    assert log_of(app).of("dummy") == ()


def forget(app: Flask) -> None:
    """As if nothing failed before: this is about one fault."""
    use(app, FaultLog())
    with unit_of_work() as session:
        session.execute(delete(PluginFault))


def others_run(app: Flask, world: World) -> None:
    """The page of the other plugin's cohort shows its box."""
    page = browse(app, world.foreign.actors[Role.COACH]).get(f"/kandidaten/{world.foreign.candidates[0]}")
    assert page.status_code == 200 and "van de ander: 0" in page.text


def use(app: Flask, log: FaultLog) -> None:
    """Serve as the process with this log."""
    app.extensions["inleer"] = replace(app.extensions["inleer"], faults=log)


def later(app: Flask, by: timedelta) -> Any:
    """A clock that stands, so much later than now."""
    return clock.frozen(clock.now() + by)


@pytest.mark.parametrize("fault", ["raises", "exits", "bad_sql", "wrong_type"])
def test_a_repeated_event_that_fails_again_is_named_and_waits(app: Flask, world: World, fault: str) -> None:
    hook = "inleer_on_placement_changed"
    about = {"cohort_id": str(world.own.cohort), "enrolment_ids": [str(e) for e in world.own.enrolments]}
    outbox.drain()  # the mails of the world
    with unit_of_work():
        outbox.enqueue("plugin.event", {"plugin": "stuk", "hook": hook, "about": about})
    with failing.failing(hook, FAULTS[fault]):
        assert outbox.drain() == outbox.Drained(retried=1)
    (noted,) = log_of(app).of("stuk")
    assert (noted.key, noted.kind) == ("stuk.on_placement_changed", "fault")
    with later(app, timedelta(minutes=2)):
        assert outbox.drain() == outbox.Drained(sent=1)
