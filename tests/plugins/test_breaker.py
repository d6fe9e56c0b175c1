"""The breaker of promise 40: a plugin that keeps failing rests for ten minutes, is told once, and is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from inleer import audit, clock, events
from inleer.accounts import plugin_faults
from inleer.audit import AuditEvent
from inleer.db import db, unit_of_work
from inleer.extend.faultlog import PAUSE, FaultLog
from inleer.extend.models import PluginFault
from inleer.jobs import outbox
from inleer.jobs.models import Outbox
from inleer.policy import Role, system_actor
from tests.plugins import failing, test_faults_served
from tests.plugins.failing import FAULTS
from tests.plugins.test_faults_served import (
    later,
    log_of,
    others_run,
    use,
    waiting,
)
from tests.world import World, browse

app = test_faults_served.app  # the same fixtures
world = test_faults_served.world


def slot_page(app: Flask, world: World) -> str:
    answer = browse(app, world.own.actors[Role.COACH]).get(f"/kandidaten/{world.own.candidates[0]}")
    assert answer.status_code == 200
    return answer.text


def alerts() -> tuple[list[AuditEvent], list[Outbox]]:
    db.session.rollback()
    told = db.session.scalars(select(AuditEvent).where(AuditEvent.action == plugin_faults.ACTION)).all()
    mails = db.session.scalars(select(Outbox).where(Outbox.kind == plugin_faults.MAIL)).all()
    return list(told), list(mails)


def test_after_five_faults_it_is_left_alone_for_ten_minutes_and_then_tried_again(
    app: Flask, world: World
) -> None:
    with later(app, timedelta()):
        with failing.failing("inleer_register_slots", FAULTS["raises"]):
            for number in range(5):
                assert alerts() == ([], []), number
                assert "Niet beschikbaar." in slot_page(app, world)
        failing.CALLED.clear()
        page = slot_page(app, world)
        # The whole plugin rests, also what did not fail.
        assert "het vak" not in page and "blijft staan" not in page
        tab = browse(app, world.own.actors[Role.COACH]).get(f"/kandidaten/{world.own.candidates[0]}/fasen")
        assert "niet beschikbaar" in tab.text
        with unit_of_work():
            events.placement_changed.fire(world.own.actors[Role.COACH], world.own.enrolments)
        assert len(waiting()) == 1 and failing.CALLED == []
        others_run(app, world)
        with later(app, PAUSE - timedelta(seconds=1)):
            assert "het vak" not in slot_page(app, world)
        with later(app, PAUSE):
            assert "het vak" in slot_page(app, world)
            outbox.drain()
    assert "inleer_on_placement_changed" in failing.CALLED
    told, mails = alerts()
    agencies = {world.own.agency, world.foreign.agency}
    assert [t.outcome for t in told] == ["alert", "alert"] and {t.organisation_id for t in told} == agencies
    assert {t.subject_id for t in told} == {"stuk"}
    administrators = {str(side.actors[Role.ADMINISTRATOR].user_id) for side in (world.own, world.foreign)}
    assert sorted(m.payload["user_id"] for m in mails) == sorted(administrators)
    assert audit.verify_chain(db.session()) == []


def test_faults_that_are_spread_out_stop_nothing(app: Flask, world: World) -> None:
    now = clock.now()
    with failing.failing("inleer_register_slots", FAULTS["raises"]):
        for number in range(8):
            with clock.frozen(now + number * timedelta(minutes=3)):
                slot_page(app, world)
    assert len(log_of(app).of("stuk")) == 8
    assert alerts() == ([], [])


def test_all_processes_count_together_and_one_of_them_reports(app: Flask, world: World) -> None:
    first, second = log_of(app), FaultLog()
    with later(app, timedelta()), failing.failing("inleer_register_slots", FAULTS["raises"]):
        for log, times in ((first, 3), (second, 2)):
            use(app, log)
            for _again in range(times):
                slot_page(app, world)
        assert second.is_stopped("stuk") and len(second.of("stuk")) == 2
        # The first hears of it at its next fault, and reports nothing again.
        assert not first.is_stopped("stuk")
        use(app, first)
        slot_page(app, world)
        assert first.is_stopped("stuk") and len(first.of("stuk")) == 4
    assert [len(found) for found in alerts()] == [2, 2]
    with later(app, 2 * PAUSE), failing.failing("inleer_register_slots", FAULTS["raises"]):
        for _again in range(5):
            slot_page(app, world)
    assert [len(found) for found in alerts()] == [4, 4], "ten minutes later it is told again"


def test_what_cannot_be_stored_is_kept_and_the_page_answers(app: Flask, world: World) -> None:
    with unit_of_work() as session:
        session.connection().exec_driver_sql("ALTER TABLE plugin_fault RENAME TO elders")
    try:
        with failing.failing("inleer_register_slots", FAULTS["raises"]):
            assert "Niet beschikbaar." in slot_page(app, world)
        assert len(log_of(app).unsaved) == 1
    finally:
        with unit_of_work() as session:
            session.connection().exec_driver_sql("ALTER TABLE elders RENAME TO plugin_fault")
    slot_page(app, world)
    db.session.rollback()
    assert [f.key for f in plugin_faults.stored("stuk")] == ["stuk.vak"] and not log_of(app).unsaved


def test_the_administrator_sees_the_faults_of_all_processes(app: Flask, world: World) -> None:
    with later(app, timedelta()), failing.failing("inleer_register_slots", FAULTS["bad_sql"]):
        for _again in range(5):
            slot_page(app, world)
        use(app, FaultLog())
        page = browse(app, world.own.actors[Role.ADMINISTRATOR]).get("/beheer/plugins").text
    assert page.count("stuk.vak") >= 6 and "niet aangeroepen" in page
    assert "Jansen" not in page and "a_table_that_is_not_there" not in page


def test_a_slow_part_is_named_once_in_ten_minutes(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inleer.extend.faults.SLOW_SECONDS", -1.0)
    with later(app, timedelta()):
        slot_page(app, world)
        slot_page(app, world)
    db.session.rollback()
    assert [(f.key, f.kind) for f in plugin_faults.stored("stuk")].count(("stuk.vak", "slow")) == 1
    page = browse(app, world.own.actors[Role.ADMINISTRATOR]).get("/beheer/plugins").text
    assert "traag" in page and "stuk.vak" in page
    assert not log_of(app).is_stopped("stuk")


def test_after_thirty_days_faults_are_forgotten(app: Flask) -> None:
    with unit_of_work() as session:
        for days in (29, 31):
            at = clock.now() - timedelta(days=days)
            session.add(
                PluginFault(plugin="stuk", key=f"{days}", kind="fault", detail="", at=at, seconds=0.1)
            )
    with unit_of_work():
        assert plugin_faults.forget(system_actor(), clock.today()) == 1
    assert [f.key for f in plugin_faults.stored("stuk")] == ["29"]


def test_the_mail_names_the_plugin_and_goes_to_who_still_works_there(app: Flask, world: World) -> None:
    user_id = str(world.own.actors[Role.ADMINISTRATOR].user_id)
    payload = {
        "user_id": user_id,
        "plugin": "stuk",
        "until": datetime(2026, 3, 2, 8, 10, tzinfo=UTC).isoformat(),
    }
    mail = plugin_faults.stopped_mail(payload)
    assert (
        mail is not None
        and "stuk" in mail.subject
        and "09:10" in mail.text
        and "/beheer/plugins" in mail.text
    )
    assert plugin_faults.stopped_mail({**payload, "user_id": str(UUID(int=9))}) is None
