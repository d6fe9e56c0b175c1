"""A lesson that nobody will record: handled with a note it waits no longer, and says by whom and why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from inleer import clock
from inleer.audit import AuditEvent, in_bulk
from inleer.cohorts.models import Cohort, Session
from inleer.cohorts.sessions import cancel_session, change_session, reinstate_session, substitute
from inleer.db import db, unit_of_work
from inleer.i18n import format_date
from inleer.policy import Role, system_actor, unscoped
from inleer.reports.frame_parts import frame_of
from inleer.signals.actions import handle, reopen
from inleer.signals.models import Signal
from inleer.signals.unrecorded import sweep_unrecorded
from tests.world import World, browse, build, one


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=2, weeks=2)


def signal_of(world: World) -> Signal:
    statement = select(Signal).where(
        Signal.session_id == world.own.sessions[1], Signal.rule == "core.unrecorded"
    )
    return db.session.execute(unscoped(statement, "test")).scalar_one()


def waiting(world: World) -> set[object]:
    db.session.rollback()
    frame = frame_of([world.own.cohort], sessions=True)
    return {s.id for s in frame.sessions if s.state in ("planned", "open") and s.on < clock.today()}


def test_handled_with_a_note_it_is_gone_from_the_worklists_and_says_why(app: Flask, world: World) -> None:
    side = world.own
    teacher, lesson = side.actors[Role.TEACHER], side.sessions[1]
    with unit_of_work():
        sweep_unrecorded(system_actor("worker"))
    page = browse(app, teacher).get("/lessen").text
    assert f"/signalen/les/{lesson}" in page and lesson in waiting(world)
    with unit_of_work():
        signal = signal_of(world)
        handle(teacher, signal, "Het rooster klopte niet.", signal.version)
    page = browse(app, teacher).get("/lessen").text
    assert f"/signalen/les/{lesson}" not in page and lesson not in waiting(world)
    day = browse(app, teacher).get(f"/lessen?dag={one(Session, lesson).on}").text
    assert "niet geregistreerd, afgehandeld" in day
    assert f"Afgehandeld door {teacher.name}: Het rooster klopte niet." in day
    with unit_of_work():
        signal = signal_of(world)
        reopen(teacher, signal, signal.version)
    assert lesson in waiting(world)
    assert f"/signalen/les/{lesson}" in browse(app, teacher).get("/lessen").text


@pytest.mark.parametrize("moved", ["within the past", "to the future", "reinstated"])
def test_a_handled_lesson_at_another_moment_waits_again_and_its_signal_can_come_again(
    world: World, moved: str
) -> None:
    side = world.own
    teacher, lesson = side.actors[Role.TEACHER], side.sessions[1]
    with unit_of_work():
        running = update(Cohort).where(Cohort.id == side.cohort).values(state="running")
        db.session.execute(in_bulk(running, "test"))
        sweep_unrecorded(system_actor("worker"))
    with unit_of_work():
        signal = signal_of(world)
        handle(teacher, signal, "Het rooster klopte niet.", signal.version)
    with unit_of_work():
        session = one(Session, lesson)
        days = timedelta(days=0 if moved == "within the past" else 28)
        if moved == "reinstated":
            cancel_session(teacher, session)
            reinstate_session(teacher, session)
        else:
            times = {
                "starts_at": session.starts_at + days + timedelta(minutes=5),
                "ends_at": session.ends_at + days + timedelta(minutes=5),
            }
            change_session(teacher, session, times)
    session, signal = one(Session, lesson), signal_of(world)
    assert (session.waived_by_name, session.waived_note) == (None, None)
    assert (signal.state, signal.handled_at, signal.handled_note) == ("over", None, None)
    assert actions().count("session.awaited") == 1
    with clock.frozen(session.ends_at + timedelta(days=1)):
        with unit_of_work():
            sweep_unrecorded(system_actor("worker"))
        assert lesson in waiting(world)
    signal = signal_of(world)
    assert signal.state == "open" and signal.on == session.on and format_date(session.on) in signal.text


def test_a_handled_lesson_that_only_gets_another_place_stays_handled(world: World) -> None:
    side = world.own
    teacher, lesson = side.actors[Role.TEACHER], side.sessions[1]
    with unit_of_work():
        sweep_unrecorded(system_actor("worker"))
    with unit_of_work():
        signal = signal_of(world)
        handle(teacher, signal, "Het rooster klopte niet.", signal.version)
    with unit_of_work():
        change_session(teacher, one(Session, lesson), {"location": "Lokaal 9"})
        sweep_unrecorded(system_actor("worker"))
    assert one(Session, lesson).waived_by_name == teacher.name and signal_of(world).state == "handled"


def actions() -> list[str]:
    return list(db.session.execute(select(AuditEvent.action)).scalars())


def test_the_own_teacher_takes_a_substituted_lesson_back(app: Flask, world: World) -> None:
    side = world.own
    teacher, other = side.actors[Role.TEACHER], side.other_teacher
    assert other is not None
    lesson = one(Session, side.sessions[1])
    where = f"/lessen?dag={lesson.on}"
    assert "Terugnemen" not in browse(app, teacher).get(where).text
    with unit_of_work():
        substitute(other, one(Session, side.sessions[1]), other.user_id)
    page = browse(app, teacher).get(where).text
    assert "Terugnemen" in page and "Overnemen" not in page


@pytest.mark.parametrize("query", ["dag=2026-13-45", "week=2026-W60"])
def test_a_day_that_does_not_exist_is_not_about_saving(app: Flask, world: World, query: str) -> None:
    answer = browse(app, world.own.actors[Role.TEACHER]).get(f"/lessen?{query}")
    assert answer.status_code == 422 and "bestaat niet" in answer.text
    assert "Dit adres klopt niet" in answer.text and "opgeslagen" not in answer.text


def test_never_any_contact_is_the_longest_ago() -> None:
    from dataclasses import dataclass
    from types import SimpleNamespace

    from inleer.reports.candidates import in_order

    @dataclass
    class Row:
        days: int | None
        person: SimpleNamespace

    rows = [Row(days, SimpleNamespace(sort_name=str(days))) for days in (3, None, 40)]
    assert [r.days for r in in_order(rows, "contact", True)] == [None, 40, 3]  # type: ignore[arg-type]
    assert [r.days for r in in_order(rows, "contact", False)] == [3, 40, None]  # type: ignore[arg-type]
