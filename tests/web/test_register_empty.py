"""Emptying a cell that was filled by mistake, the undo of a bulk fill that stays, and what a refused mark shows."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from inleer import clock
from inleer.attendance.rules import STATUSES, check_minutes
from inleer.attendance.stamps import stamp
from inleer.audit import AuditEvent
from inleer.cohorts.models import Session
from inleer.cohorts.sessions import finish_session
from inleer.db import db, unit_of_work
from inleer.errors import DomainError
from inleer.i18n import format_date, format_time
from inleer.policy import Role
from tests.web.test_register import cell, marks, send, session_id, stamps_in, url, whole
from tests.world import World, browse, build, one, token_in

EMPTY = str(stamp(0, None, None, None))
PRESENT = str(stamp(1, "present", None, None))


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=4, weeks=2)


@pytest.fixture
def teacher(app: Flask, world: World) -> FlaskClient:
    return browse(app, world.own.actors[Role.TEACHER])


@pytest.fixture
def colleague(app: Flask, world: World) -> FlaskClient:
    assert world.own.other_teacher is not None
    return browse(app, world.own.other_teacher)


def events(action: str) -> int:
    rows = db.session.execute(select(AuditEvent).where(AuditEvent.action == action)).scalars()
    return len(list(rows))


def test_an_own_mark_can_be_emptied_by_the_cell(world: World, teacher: FlaskClient) -> None:
    saved = send(teacher, cell(world, 0), status="present", version=EMPTY)
    assert saved.status_code == 200 and 'name="clear"' in saved.text
    emptied = send(teacher, cell(world, 0), status="", minutes="", note="", version=PRESENT)
    assert emptied.status_code == 200 and "checked" not in emptied.text and 'name="clear"' not in emptied.text
    assert f'data-version="{EMPTY}"' in emptied.text
    assert marks(world) == {} and events("attendance.cleared") == 1
    # Once more changes nothing: a browser may repeat a save.
    assert send(teacher, cell(world, 0), status="", version=PRESENT).status_code == 200
    assert events("attendance.cleared") == 1


def test_without_scripts_a_button_empties_one_cell_and_saves_the_rest(
    world: World, teacher: FlaskClient
) -> None:
    first, second = world.own.enrolments[:2]
    send(teacher, cell(world, 0), status="present", version=EMPTY)
    page = teacher.get(url(world)).text
    answer = teacher.post(
        url(world), data=whole(world, page, **{"clear": str(first), f"status-{second}": "ill"})
    )
    assert answer.status_code == 303
    assert {key: status for key, (status, _m, _n) in marks(world).items()} == {second: "ill"}


@pytest.mark.parametrize(("status", "minutes"), [("ill", ""), ("late", "zes"), ("", "")])
def test_without_scripts_a_row_that_was_edited_too_is_emptied(
    world: World, teacher: FlaskClient, status: str, minutes: str
) -> None:
    first, second = world.own.enrolments[:2]
    send(teacher, cell(world, 0), status="present", version=EMPTY)
    typed = {f"status-{first}": status, f"minutes-{first}": minutes, f"note-{first}": "toch niet"}
    form = whole(world, teacher.get(url(world)).text, **typed, **{f"status-{second}": "ill"})
    answer = teacher.post(url(world), data={**form, "clear": str(first)})
    assert answer.status_code == 303
    assert {key: status for key, (status, _m, _n) in marks(world).items()} == {second: "ill"}


def test_without_scripts_an_edited_row_of_a_colleague_is_a_conflict(
    world: World, teacher: FlaskClient, colleague: FlaskClient
) -> None:
    first = world.own.enrolments[0]
    send(teacher, cell(world, 0), status="present", version=EMPTY)
    page = teacher.get(url(world)).text
    send(colleague, cell(world, 0), status="ill", version=PRESENT)
    form = whole(world, page, **{"clear": str(first), f"status-{first}": "excused"})
    answer = teacher.post(url(world), data=form)
    assert answer.status_code == 409 and [m[0] for m in marks(world).values()] == ["ill"]


def test_with_another_wrong_cell_nothing_is_emptied_and_what_was_typed_stays(
    world: World, teacher: FlaskClient
) -> None:
    first, second = world.own.enrolments[:2]
    send(teacher, cell(world, 0), status="present", version=EMPTY)
    typed = {f"note-{first}": "dit typte ik", f"status-{second}": "late"}
    form = whole(world, teacher.get(url(world)).text, **typed)
    answer = teacher.post(url(world), data={**form, "clear": str(first)})
    assert answer.status_code == 422 and "dit typte ik" in answer.text
    assert [m[0] for m in marks(world).values()] == ["present"]


def test_a_mark_of_a_colleague_stays_and_is_named(
    world: World, teacher: FlaskClient, colleague: FlaskClient
) -> None:
    send(colleague, cell(world, 0), status="present", version=EMPTY)
    assert 'name="clear"' not in teacher.get(url(world)).text
    refused = send(teacher, cell(world, 0), status="", version=PRESENT)
    assert refused.status_code == 422 and "Leegmaken kan alleen wie het invulde" in refused.text
    assert "Er blijft staan: aanwezig" in refused.text and len(marks(world)) == 1


def test_what_was_changed_meanwhile_is_a_conflict_and_not_emptied(
    world: World, teacher: FlaskClient, colleague: FlaskClient
) -> None:
    send(teacher, cell(world, 0), status="present", version=EMPTY)
    send(colleague, cell(world, 0), status="ill", version=PRESENT)
    answer = send(teacher, cell(world, 0), status="", version=PRESENT)
    assert answer.status_code == 409 and [m[0] for m in marks(world).values()] == ["ill"]


def test_after_the_lock_nothing_is_emptied(world: World, teacher: FlaskClient) -> None:
    send(teacher, cell(world, 0), status="present", version=EMPTY)
    with unit_of_work():
        finish_session(world.own.actors[Role.TEACHER], one(Session, session_id(world)))
    with clock.frozen(clock.now() + timedelta(days=60)):
        late = browse(teacher.application, world.own.actors[Role.TEACHER])
        page = late.get(url(world)).text
        assert 'name="clear"' not in page
        answer = late.post(
            cell(world, 0), data={"csrf_token": token_in(page), "status": "", "version": PRESENT}
        )
        assert answer.status_code == 422
    assert len(marks(world)) == 1


def test_the_undo_of_a_bulk_fill_stands_there_after_the_page_was_left(
    world: World, teacher: FlaskClient, colleague: FlaskClient
) -> None:
    page = teacher.get(url(world)).text
    teacher.post(url(world), data=whole(world, page, action="fill"))
    again = teacher.get(url(world)).text  # without anything in the address
    assert "4 personen zijn in één keer op aanwezig gezet." in again and 'href="#ongedaan"' in again
    send(colleague, cell(world, 0), status="ill", version=PRESENT)
    later = teacher.get(url(world)).text
    assert "3 personen zijn in één keer op aanwezig gezet." in later
    undo = later[later.index('id="ongedaan"') :]
    fields = {f"version-{i}": v for i, v in stamps_in(undo).items()}
    assert len(fields) == 3
    answer = teacher.post(url(world, "/leegmaken"), data={"csrf_token": token_in(later), **fields})
    assert answer.status_code == 303 and [m[0] for m in marks(world).values()] == ["ill"]
    assert 'id="ongedaan"' not in teacher.get(url(world)).text


def test_the_undo_of_a_bulk_fill_empties_nothing_else(
    world: World, teacher: FlaskClient, colleague: FlaskClient
) -> None:
    """Whatever stamps are sent: of a colleague, of another status, or marked as present by hand before the fill."""
    ids = world.own.enrolments
    send(colleague, cell(world, 0), status="present", version=EMPTY)
    send(colleague, cell(world, 1), status="ill", version=EMPTY)
    ill = str(stamp(1, "ill", None, None))
    sent = {f"version-{ids[0]}": PRESENT, f"version-{ids[1]}": ill}
    page = teacher.get(url(world)).text
    teacher.post(url(world, "/leegmaken"), data={"csrf_token": token_in(page), **sent})
    assert {i: m[0] for i, m in marks(world).items()} == {ids[0]: "present", ids[1]: "ill"}
    teacher.post(url(world), data=whole(world, page, action="fill"))
    sent |= {f"version-{i}": PRESENT for i in ids[2:]}
    answer = teacher.post(url(world, "/leegmaken"), data={"csrf_token": token_in(page), **sent})
    assert answer.status_code == 303
    assert {i: m[0] for i, m in marks(world).items()} == {ids[0]: "present", ids[1]: "ill"}
    assert "bleef staan (2)" in teacher.get(url(world)).text


def test_a_refused_mark_says_that_it_is_not_saved_and_what_stays(world: World, teacher: FlaskClient) -> None:
    send(teacher, cell(world, 0), status="present", version=EMPTY)
    refused = send(teacher, cell(world, 0), status="late", minutes="1,5", version=PRESENT)
    assert refused.status_code == 422
    assert "niet opgeslagen" in refused.text and "Er blijft staan: aanwezig (" in refused.text
    assert "Vul hele minuten in" in refused.text and 'aria-label="Opgeslagen"' not in refused.text
    first = send(teacher, cell(world, 1), status="late", minutes="1,5", version=EMPTY)
    assert "Niet opgeslagen: er staat nog niets." in first.text


def test_with_one_wrong_cell_the_page_says_that_what_stood_there_stays(
    world: World, teacher: FlaskClient
) -> None:
    send(teacher, cell(world, 0), status="present", version=EMPTY)
    page = teacher.get(url(world)).text
    second = world.own.enrolments[1]
    answer = teacher.post(url(world), data=whole(world, page, **{f"status-{second}": "late"}))
    assert answer.status_code == 422 and "Er is nog niets opgeslagen" not in answer.text
    assert "wat er al stond, blijft staan" in answer.text and len(marks(world)) == 1


def test_the_time_of_a_save_is_that_of_the_server(world: World, teacher: FlaskClient) -> None:
    moment = clock.now().replace(hour=9, minute=7)
    with clock.frozen(moment):
        saved = send(
            browse(teacher.application, world.own.actors[Role.TEACHER]),
            cell(world, 0),
            status="present",
            version=EMPTY,
        )
        assert f'data-time="{format_time(moment)}"' in saved.text


def test_late_for_the_whole_lesson_is_absent() -> None:
    for key in ("late", "left_early"):
        check_minutes(STATUSES[key], 360, 359)
        with pytest.raises(DomainError, match="kies afwezig"):
            check_minutes(STATUSES[key], 360, 360)
    check_minutes(STATUSES["unexcused"], 360, 360)


def test_times_of_another_day_carry_the_date_and_a_corrected_row_a_mark(
    world: World, teacher: FlaskClient
) -> None:
    send(teacher, cell(world, 0), status="present", version=EMPTY)
    with unit_of_work():
        finish_session(world.own.actors[Role.TEACHER], one(Session, session_id(world)))
    with clock.frozen(clock.now() + timedelta(days=60)):
        late = browse(teacher.application, world.own.actors[Role.TEACHER])
        first = world.own.enrolments[0]
        where = url(world, f"/verbeteren/{first}")
        page = late.get(where).text
        fields = {"csrf_token": token_in(page), "version": "1", "mark": "ill", "reason": "Belde af."}
        assert late.post(where, data=fields).status_code == 303
        assert late.get(url(world)).text.count('class="cell__corrected"') == 1
    with clock.frozen(clock.now() + timedelta(days=61)):
        text = browse(teacher.application, world.own.actors[Role.TEACHER]).get(url(world)).text
    day = format_date(clock.today() + timedelta(days=60), "dag_maand")
    assert re.search(rf"<span>{day} \d\d:\d\d · ", text)
