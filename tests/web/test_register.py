"""The register of a lesson in the browser, without scripts: cell by cell and as a whole."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from inleer import clock
from inleer.attendance.actions import MarkInput, record_many, record_mark
from inleer.attendance.models import Attendance, AttendanceCorrection
from inleer.attendance.stamps import stamp
from inleer.audit import AuditEvent, ReadLog, in_bulk
from inleer.cohorts.models import Cohort, Enrolment, Partner, Session
from inleer.cohorts.sessions import cancel_session, finish_session
from inleer.db import db, unit_of_work
from inleer.parameters import set_parameter
from inleer.people.models import Candidate
from inleer.policy import Role, system_actor, unscoped
from inleer.signals.models import Signal
from inleer.signals.unrecorded import sweep_unrecorded
from tests.world import World, browse, build, one, token_in

EMPTY = str(stamp(0, None, None, None))


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


def session_id(world: World) -> UUID:
    """A past lesson in which nothing is recorded yet."""
    return world.own.sessions[1]


def url(world: World, tail: str = "") -> str:
    return f"/lessen/{session_id(world)}{tail}"


def stamps_in(page: str) -> dict[str, str]:
    """The stamp of each cell of a page, by enrolment."""
    found = re.findall(r'name="version-([0-9a-f-]{36})" value="([^"]+)"', page)
    return dict(found)


def send(client: FlaskClient, where: str, **fields: str) -> TestResponse:
    """Send a form with the token of the page it belongs to."""
    page = client.get(re.sub(r"/(cel/.*|leegmaken|heropenen)$", "", where))
    return client.post(where, data={"csrf_token": token_in(page.text), **fields})


def marks(world: World) -> dict[UUID, tuple[str, int | None, str | None]]:
    rows = db.session.execute(select(Attendance).where(Attendance.session_id == session_id(world))).scalars()
    return {m.enrolment_id: (m.status, m.minutes, m.note) for m in rows}


def cell(world: World, number: int) -> str:
    return url(world, f"/cel/{world.own.enrolments[number]}")


def whole(world: World, page: str, **typed: str) -> dict[str, str]:
    """A whole register as a browser sends it: what the page holds, with what was typed on top."""
    form: dict[str, str] = {"csrf_token": token_in(page)}
    for enrolment, shown in stamps_in(page).items():
        form[f"version-{enrolment}"] = shown
        for part in ("minutes", "note"):
            value = re.search(f'name="{part}-{enrolment}" value="([^"]*)"', page)
            form[f"{part}-{enrolment}"] = value.group(1) if value else ""
        chosen = re.search(rf'name="status-{enrolment}" value="(\w+)"[^>]* checked', page)
        if chosen:
            form[f"status-{enrolment}"] = chosen.group(1)
    return {**form, **{k.replace("__", "-"): v for k, v in typed.items()}}


# --- who sees it ---


def test_the_register_lists_who_takes_part_by_last_name(world: World, teacher: FlaskClient) -> None:
    page = teacher.get(url(world))
    assert page.status_code == 200
    names = re.findall(r'class="cell__name"[^>]*>([^<]+)<', page.text)
    assert names == [f"Achter{n} KANARIEA, Voor{n} van" for n in range(4)]
    assert "0 van 4 ingevuld" in page.text


def test_opening_the_register_is_one_read_of_everybody_in_it(world: World, teacher: FlaskClient) -> None:
    teacher.get(url(world))
    rows = (
        db.session.execute(select(ReadLog).where(ReadLog.endpoint == "attendance.register")).scalars().all()
    )
    assert [(r.subject_kind, set(r.subject_ids)) for r in rows] == [
        ("candidate", {str(c) for c in world.own.candidates})
    ]


def test_only_the_organiser_opens_a_register(app: Flask, world: World) -> None:
    for role in (Role.COACH, Role.PROGRAMME_MANAGER, Role.LEERHOME_COORDINATOR, Role.ADMINISTRATOR):
        page = browse(app, world.own.actors[role]).get(url(world))
        assert page.status_code == 403, role
        assert "Achter0" not in page.text


def test_a_teacher_of_a_foreign_school_finds_nothing(app: Flask, world: World) -> None:
    stranger = browse(app, world.foreign.actors[Role.TEACHER])
    unknown = stranger.get(f"/lessen/{uuid4()}")
    for page in (stranger.get(url(world)), stranger.get(url(world, "/wijzigen"))):
        assert page.status_code == unknown.status_code == 404
    posted = send(stranger, f"/lessen/{world.foreign.sessions[1]}")
    token = token_in(stranger.get(f"/lessen/{world.foreign.sessions[1]}").text)
    posted = stranger.post(cell(world, 0), data={"csrf_token": token, "status": "present", "version": EMPTY})
    assert posted.status_code == 404
    assert marks(world) == {}


def test_a_school_that_is_no_partner_any_more_finds_nothing(world: World, teacher: FlaskClient) -> None:
    with unit_of_work():
        db.session.execute(
            in_bulk(
                update(Partner)
                .where(Partner.organisation_id == world.own.school)
                .values(ended_on=clock.today() - timedelta(days=1)),
                "test",
            )
        )
    assert teacher.get(url(world)).status_code == 404


def test_the_leerhome_records_its_own_introduction(app: Flask, world: World) -> None:
    coordinator = browse(app, world.own.actors[Role.LEERHOME_COORDINATOR])
    where = f"/lessen/{world.own.sessions[-1]}"
    assert coordinator.get(where).status_code == 200
    saved = send(coordinator, f"{where}/cel/{world.own.enrolments[0]}", status="present", version=EMPTY)
    assert saved.status_code == 200


def test_who_joins_later_or_left_earlier_is_not_listed(world: World, teacher: FlaskClient) -> None:
    day = one(Session, session_id(world)).on
    late, gone = world.own.enrolments[0], world.own.enrolments[1]
    with unit_of_work():
        for who, values in (
            (late, {"joined_on": day + timedelta(days=1)}),
            (gone, {"left_on": day - timedelta(days=1), "state": "dropped_out"}),
        ):
            db.session.execute(in_bulk(update(Enrolment).where(Enrolment.id == who).values(**values), "test"))
    page = teacher.get(url(world)).text
    assert "Achter0" not in page and "Achter1" not in page and "Achter2" in page
    refused = send(teacher, cell(world, 0), status="present", version=EMPTY)
    assert refused.status_code == 404


# --- a cell ---


def test_a_cell_is_saved_on_its_own(world: World, teacher: FlaskClient) -> None:
    saved = send(teacher, cell(world, 1), status="late", minutes="20", note="bus", version=EMPTY)
    assert saved.status_code == 200
    assert marks(world) == {world.own.enrolments[1]: ("late", 20, "bus")}
    assert f'data-enrolment="{world.own.enrolments[1]}"' in saved.text and "<html" not in saved.text
    assert stamps_in(saved.text)[str(world.own.enrolments[1])].startswith("1-")
    assert one(Session, session_id(world)).state == "open"
    again = teacher.get(url(world)).text
    assert "1 van 4 ingevuld" in again and 'value="20"' in again and "bus" in again


def test_the_same_cell_once_more_changes_nothing(world: World, teacher: FlaskClient) -> None:
    for _attempt in range(2):  # the answer to the first was lost on the way
        saved = send(teacher, cell(world, 1), status="present", version=EMPTY)
        assert saved.status_code == 200
    mark = db.session.execute(
        select(Attendance).where(Attendance.session_id == session_id(world))
    ).scalar_one()
    assert mark.version == 1


IMPOSSIBLE: list[tuple[dict[str, str], str]] = [
    ({"status": "late"}, "hoeveel minuten"),
    ({"status": "late", "minutes": "0"}, "minstens 1 minuut"),
    ({"status": "late", "minutes": "361"}, "meer dan de les duurt"),
    ({"status": "late", "minutes": "7,5"}, "hele minuten"),
    ({"status": "late", "minutes": "-1"}, "hele minuten"),
    ({"status": "late", "minutes": "４"}, "hele minuten"),
    ({"status": "late", "minutes": "1e3"}, "hele minuten"),
    ({"status": "present", "minutes": "5"}, "geen minuten"),
    ({"status": ""}, "Kies eerst"),
    ({"status": "reported"}, "Kies een aanwezigheid"),
    ({"status": "A"}, "Kies een aanwezigheid"),
    ({"status": "present", "note": "x" * 501}, "hoogstens 500"),
]


def test_a_cell_that_cannot_be_says_why_and_keeps_what_was_typed(world: World, teacher: FlaskClient) -> None:
    token = token_in(teacher.get(url(world)).text)
    for fields, sentence in IMPOSSIBLE:
        refused = teacher.post(cell(world, 0), data={"csrf_token": token, "version": EMPTY, **fields})
        assert refused.status_code == 422, fields
        assert sentence in refused.text
        if fields.get("minutes"):
            assert f'value="{fields["minutes"]}"' in refused.text
    assert marks(world) == {}


def test_an_absence_is_the_whole_lesson_unless_minutes_are_given(world: World, teacher: FlaskClient) -> None:
    for number, (status, minutes) in enumerate([("ill", ""), ("excused", ""), ("unexcused", "90")]):
        send(teacher, cell(world, number), status=status, minutes=minutes, version=EMPTY)
    rows = db.session.execute(select(Attendance).where(Attendance.session_id == session_id(world))).scalars()
    missed = {m.enrolment_id: m.missed for m in rows}
    assert [missed[i] for i in world.own.enrolments[:3]] == [360, 360, 90]


def test_a_note_loses_control_characters_only(world: World, teacher: FlaskClient) -> None:
    send(teacher, cell(world, 0), status="present", note="a\x00b\x0b <b>é</b>  🙂", version=EMPTY)
    assert marks(world)[world.own.enrolments[0]][2] == "a b <b>é</b> 🙂"
    assert "<b>é</b>" not in teacher.get(url(world)).text


STRANGE: list[dict[str, str]] = [
    {"status": "present", "version": EMPTY, "missed": "0"},
    {"status": "present", "version": EMPTY, "recorded_by_name": "iemand"},
    {"status": "present", "version": "1"},
    {"status": "present", "version": ""},
    {"status": "present", "version": "9" * 50 + "-00000000"},
    {"status": "present"},
]


def test_a_cell_with_other_fields_is_refused(world: World, teacher: FlaskClient) -> None:
    token = token_in(teacher.get(url(world)).text)
    for fields in STRANGE:
        assert teacher.post(cell(world, 0), data={"csrf_token": token, **fields}).status_code == 422, fields
    assert marks(world) == {}


def test_without_a_token_nothing_is_saved(world: World, teacher: FlaskClient) -> None:
    assert teacher.post(cell(world, 0), data={"status": "present", "version": EMPTY}).status_code == 400
    assert marks(world) == {}


def test_two_teachers_on_one_cell_see_both_values_and_choose(
    world: World, teacher: FlaskClient, colleague: FlaskClient
) -> None:
    assert send(colleague, cell(world, 0), status="ill", note="belde", version=EMPTY).status_code == 200
    clash = send(teacher, cell(world, 0), status="late", minutes="15", version=EMPTY)
    assert clash.status_code == 409
    assert "tweede docent KANARIEA" in clash.text and "<b>ziek</b>" in clash.text
    assert "<b>te laat</b>, 15 minuten" in clash.text
    assert marks(world)[world.own.enrolments[0]] == ("ill", None, "belde")
    # Choosing one's own after having seen both wins, with the version that the answer carried.
    shown = stamps_in(clash.text)[str(world.own.enrolments[0])]
    mine = send(teacher, cell(world, 0), status="late", minutes="15", note="belde", version=shown)
    assert mine.status_code == 200
    assert marks(world)[world.own.enrolments[0]] == ("late", 15, "belde")


# --- the whole register ---


def test_without_scripts_the_whole_register_is_sent(world: World, teacher: FlaskClient) -> None:
    page = teacher.get(url(world)).text
    first, second = world.own.enrolments[:2]
    form = whole(world, page)
    form |= {f"status-{first}": "present", f"status-{second}": "late", f"minutes-{second}": "10"}
    saved = teacher.post(url(world), data=form)
    assert saved.status_code == 303
    assert marks(world) == {first: ("present", None, None), second: ("late", 10, None)}


def test_two_teachers_in_different_cells_both_win_with_whole_registers(
    world: World, teacher: FlaskClient, colleague: FlaskClient
) -> None:
    first, second = world.own.enrolments[:2]
    seed = whole(world, teacher.get(url(world)).text)
    teacher.post(url(world), data={**seed, f"status-{first}": "present", f"status-{second}": "present"})
    mine, theirs = teacher.get(url(world)).text, colleague.get(url(world)).text
    colleague.post(url(world), data={**whole(world, theirs), f"status-{second}": "ill"})
    saved = teacher.post(url(world), data={**whole(world, mine), f"status-{first}": "excused"})
    assert saved.status_code == 303
    assert {i: m[0] for i, m in marks(world).items()} == {first: "excused", second: "ill"}


def test_a_whole_register_saves_what_it_can_and_shows_both_where_somebody_was_first(
    world: World, teacher: FlaskClient, colleague: FlaskClient
) -> None:
    first, second = world.own.enrolments[:2]
    page = teacher.get(url(world)).text
    send(colleague, cell(world, 0), status="ill", version=EMPTY)
    form = {**whole(world, page), f"status-{first}": "present", f"status-{second}": "present"}
    answer = teacher.post(url(world), data=form)
    assert answer.status_code == 200
    assert "vulde intussen iets anders in" in answer.text
    assert {i: m[0] for i, m in marks(world).items()} == {first: "ill", second: "present"}
    # Sent again from this page, the choice counts: the page carries the version that was shown.
    again = teacher.post(url(world), data=whole(world, answer.text))
    assert again.status_code == 303
    assert marks(world)[first][0] == "present"


def test_with_one_impossible_cell_nothing_is_saved_and_everything_is_kept(
    world: World, teacher: FlaskClient
) -> None:
    first, second = world.own.enrolments[:2]
    form = whole(world, teacher.get(url(world)).text)
    form |= {f"status-{first}": "present", f"status-{second}": "late", f"note-{first}": "hoi"}
    refused = teacher.post(url(world), data=form)
    assert refused.status_code == 422
    assert marks(world) == {}
    kept = whole(world, refused.text)
    assert (kept[f"status-{first}"], kept[f"status-{second}"], kept[f"note-{first}"]) == (
        "present",
        "late",
        "hoi",
    )
    assert f"#deelname-{second}" in refused.text


def test_foreign_cells_and_doubled_fields_are_refused(world: World, teacher: FlaskClient) -> None:
    page = teacher.get(url(world)).text
    stranger = world.foreign.enrolments[0]
    form = whole(world, page)
    for extra in (
        {f"status-{stranger}": "present"},
        {"status-x": "present"},
        {"missed": "3"},
        {"action": "weg"},
    ):
        assert teacher.post(url(world), data={**form, **extra}).status_code == 422
    doubled = {**form, f"status-{world.own.enrolments[0]}": ["present", "ill"]}
    assert teacher.post(url(world), data=doubled).status_code == 422
    assert marks(world) == {}


def test_bulk_fills_only_what_is_empty_and_can_be_undone(
    world: World, teacher: FlaskClient, colleague: FlaskClient
) -> None:
    ids = world.own.enrolments
    send(teacher, cell(world, 0), status="excused", version=EMPTY)
    with unit_of_work():
        actor = world.own.actors[Role.TEACHER]
        record_mark(actor, one(Session, session_id(world)), MarkInput(ids[3], "reported", None, 0), [ids[3]])
    form = whole(world, teacher.get(url(world)).text)
    filled = teacher.post(url(world), data={**form, "action": "fill"}, follow_redirects=True)
    assert "2 personen op aanwezig gezet" in filled.text
    assert {i: m[0] for i, m in marks(world).items()} == {
        ids[0]: "excused",
        ids[1]: "present",
        ids[2]: "present",
        ids[3]: "reported",
    }
    undo = re.search(r'<div class="undo">.*?</form>', filled.text, re.S)
    assert undo is not None
    stamps = {f"version-{i}": s for i, s in stamps_in(undo.group()).items()}
    assert set(stamps) == {f"version-{ids[1]}", f"version-{ids[2]}"}
    # A colleague changes one of them; undoing leaves that one alone.
    send(colleague, cell(world, 1), status="ill", version=stamps[f"version-{ids[1]}"])
    undone = teacher.post(
        url(world, "/leegmaken"), data={"csrf_token": token_in(filled.text), **stamps}, follow_redirects=True
    )
    assert "1 persoon is weer leeg" in undone.text and "bleef staan (1)" in undone.text
    assert {i: m[0] for i, m in marks(world).items()} == {
        ids[0]: "excused",
        ids[1]: "ill",
        ids[3]: "reported",
    }


def test_an_old_page_does_not_undo_a_new_mark_with_the_same_version(
    world: World, teacher: FlaskClient
) -> None:
    ids = world.own.enrolments
    form = whole(world, teacher.get(url(world)).text)
    filled = teacher.post(url(world), data={**form, "action": "fill"}, follow_redirects=True).text
    stamps = {f"version-{i}": s for i, s in stamps_in(filled).items()}
    data = {"csrf_token": token_in(filled), **stamps}
    teacher.post(url(world, "/leegmaken"), data=data)
    send(teacher, cell(world, 0), status="ill", version=EMPTY)  # again version 1
    teacher.post(url(world, "/leegmaken"), data=data)
    assert {i: m[0] for i, m in marks(world).items()} == {ids[0]: "ill"}


def test_done_says_who_is_still_empty_and_may_go_on(world: World, teacher: FlaskClient) -> None:
    form = whole(world, teacher.get(url(world)).text)
    first = world.own.enrolments[0]
    asked = teacher.post(
        url(world), data={**form, f"status-{first}": "present", "action": "done"}, follow_redirects=True
    )
    assert "3 personen zijn nog leeg" in asked.text
    assert "Toch klaar" in asked.text
    assert marks(world)[first][0] == "present"  # what was filled in is saved all the same
    assert one(Session, session_id(world)).state == "open"
    done = teacher.post(url(world), data={**whole(world, asked.text), "action": "done_anyway"})
    assert done.status_code == 303 and "/lessen?dag=" in done.headers["Location"]
    assert one(Session, session_id(world)).state == "recorded"


def test_done_ends_the_signal_that_nobody_recorded_and_can_be_undone(
    world: World, teacher: FlaskClient
) -> None:
    with unit_of_work():
        running = update(Cohort).where(Cohort.id == world.own.cohort).values(state="running")
        db.session.execute(in_bulk(running, "test"))
        sweep_unrecorded(system_actor())
    assert _unrecorded(world) == "open"
    form = whole(world, teacher.get(url(world)).text)
    teacher.post(url(world), data={**form, "action": "fill"})
    form = whole(world, teacher.get(url(world)).text)
    done = teacher.post(url(world), data={**form, "action": "done"}, follow_redirects=True)
    assert "is klaar" in done.text and "/heropenen" in done.text
    assert _unrecorded(world) == "over"
    read = teacher.get(url(world)).text
    assert "Heropenen" in read and 'name="status-' not in read
    assert send(teacher, url(world, "/heropenen")).status_code == 303
    assert one(Session, session_id(world)).state == "open"


def _unrecorded(world: World) -> str | None:
    statement = select(Signal.state).where(
        Signal.session_id == session_id(world), Signal.rule == "core.unrecorded"
    )
    return db.session.execute(unscoped(statement, "test")).scalar_one_or_none()


# --- lessons that cannot be recorded ---


def test_a_future_lesson_cannot_be_recorded(world: World, teacher: FlaskClient) -> None:
    token = token_in(teacher.get(url(world)).text)
    lesson = one(Session, session_id(world))
    with unit_of_work():
        db.session.execute(
            in_bulk(
                update(Session).where(Session.id == lesson.id).values(on=clock.today() + timedelta(days=1)),
                "test",
            )
        )
    page = teacher.get(url(world))
    assert "nog niet geweest" in page.text and 'name="status-' not in page.text
    refused = teacher.post(cell(world, 0), data={"csrf_token": token, "status": "present", "version": EMPTY})
    assert refused.status_code == 422 and "nog niet geweest" in refused.text
    assert teacher.post(url(world), data={"csrf_token": token, "action": "fill"}).status_code == 422
    assert marks(world) == {}


def test_a_cancelled_lesson_says_so(world: World, teacher: FlaskClient) -> None:
    token = token_in(teacher.get(url(world)).text)
    with unit_of_work():
        cancel_session(system_actor(), one(Session, session_id(world)))
    assert "Deze les is geannuleerd" in teacher.get(url(world)).text
    refused = teacher.post(cell(world, 0), data={"csrf_token": token, "status": "present", "version": EMPTY})
    assert refused.status_code == 422
    assert marks(world) == {}


# --- after it closed ---


@pytest.fixture
def closed(world: World) -> World:
    """The lesson was finished more days ago than this agency keeps a register open."""
    actor = world.own.actors[Role.TEACHER]
    with unit_of_work():
        lesson = one(Session, session_id(world))
        record_many(
            actor,
            lesson,
            [MarkInput(i, "present", None, 0) for i in world.own.enrolments],
            world.own.enrolments,
        )
        finish_session(actor, lesson)
        lesson.recorded_at = clock.now() - timedelta(days=3)
        set_parameter(world.own.actors[Role.ADMINISTRATOR], "register.lock_days", clock.today(), 2)
    return world


def test_a_closed_register_takes_a_correction_with_a_reason_that_stays(
    closed: World, teacher: FlaskClient
) -> None:
    who = closed.own.enrolments[1]
    page = teacher.get(url(closed)).text
    assert "Deze lijst is dicht" in page and 'name="status-' not in page
    where = url(closed, f"/verbeteren/{who}")
    form = teacher.get(where)
    data = {"csrf_token": token_in(form.text), "version": "1", "mark": "unexcused", "minutes": ""}
    refused = teacher.post(where, data=data)
    assert refused.status_code == 422 and "Vul de reden van de verandering in" in refused.text
    late = teacher.post(where, data={**data, "mark": "late"}).text
    assert "Vul de reden van de verandering in" in late and "hoeveel minuten er gemist zijn" in late, (
        "at once"
    )
    saved = teacher.post(
        where, data={**data, "reason": "Was er niet, naam verwisseld"}, follow_redirects=True
    )
    assert "naam verwisseld" in saved.text and "aanwezig → ongeoorloofd afwezig" in saved.text
    assert marks(closed)[who] == ("unexcused", None, None)
    assert one(Session, session_id(closed)).state == "locked"
    correction = db.session.execute(select(AttendanceCorrection)).scalar_one()
    assert (correction.old_status, correction.new_status, correction.new_missed) == (
        "present",
        "unexcused",
        360,
    )


def test_a_closed_register_takes_nothing_else(closed: World, teacher: FlaskClient) -> None:
    page = teacher.get(url(closed, f"/verbeteren/{closed.own.enrolments[0]}")).text
    token = token_in(page)
    shown = str(stamp(1, "present", None, None))
    data = {"csrf_token": token, "status": "ill", "version": shown}
    assert teacher.post(cell(closed, 0), data=data).status_code == 422
    for tail in ("", "/heropenen"):
        assert teacher.post(url(closed, tail), data={"csrf_token": token}).status_code == 422
    undo = {"csrf_token": token, f"version-{closed.own.enrolments[0]}": shown}
    assert teacher.post(url(closed, "/leegmaken"), data=undo).status_code == 422
    assert marks(closed)[closed.own.enrolments[0]][0] == "present"


def test_two_corrections_of_one_mark_show_both(closed: World, teacher: FlaskClient) -> None:
    who = closed.own.enrolments[0]
    where = url(closed, f"/verbeteren/{who}")
    token = token_in(teacher.get(where).text)
    data = {"csrf_token": token, "version": "1", "minutes": "", "reason": "vergist"}
    assert teacher.post(where, data={**data, "mark": "ill"}).status_code == 303
    clash = teacher.post(where, data={**data, "mark": "excused"})
    assert clash.status_code == 409
    assert "ziek" in clash.text and "geoorloofd afwezig" in clash.text and "vergist" in clash.text
    again = teacher.post(where, data={**data, "mark": "excused", "version": "2"})
    assert again.status_code == 303
    assert marks(closed)[who][0] == "excused"


def test_before_it_closes_there_is_nothing_to_correct(world: World, teacher: FlaskClient) -> None:
    where = url(world, f"/verbeteren/{world.own.enrolments[0]}")
    token = token_in(teacher.get(url(world)).text)
    data = {"csrf_token": token, "version": "0", "mark": "ill", "minutes": "", "reason": "zo maar"}
    refused = teacher.post(where, data=data)
    assert refused.status_code == 422 and "nog niet dicht" in refused.text


def test_every_save_is_audited_in_the_same_transaction(world: World, teacher: FlaskClient) -> None:
    send(teacher, cell(world, 0), status="present", version=EMPTY)
    send(teacher, cell(world, 1), status="late", version=EMPTY)  # refused: no minutes
    events = db.session.execute(
        select(AuditEvent.action).where(AuditEvent.action.like("attendance.%"), AuditEvent.origin == "web")
    ).scalars()
    actions = list(events)
    assert actions.count("attendance.recorded") == 1


def test_the_last_three_lessons_are_dots_and_days_before_joining_are_none(
    world: World, teacher: FlaskClient
) -> None:
    day = one(Session, session_id(world)).on
    with unit_of_work():
        db.session.execute(
            in_bulk(
                update(Enrolment).where(Enrolment.id == world.own.enrolments[1]).values(joined_on=day), "test"
            )
        )
    page = teacher.get(url(world)).text
    labels = re.findall(r'class="dots"[^>]*aria-label="([^"]+)"', page)
    assert labels == [
        "Laatste lessen: ongeoorloofd",
        "Laatste lessen: geen les",
        "Laatste lessen: aanwezig",
        "Laatste lessen: aanwezig",
    ]


def test_names_sort_without_tussenvoegsel(world: World, teacher: FlaskClient) -> None:
    names = [("Hilde", "in 't", "Veld", "veld, hilde"), ("Eva", "van der", "Berg", "berg, eva")]
    with unit_of_work():
        for candidate, (first, middle, last, key) in zip(world.own.candidates, names, strict=False):
            db.session.execute(
                in_bulk(
                    update(Candidate)
                    .where(Candidate.id == candidate)
                    .values(first_name=first, tussenvoegsel=middle, last_name=last, sort_name=key),
                    "test",
                )
            )
    page = teacher.get(url(world)).text
    shown = re.findall(r'class="cell__name"[^>]*>([^<]+)<', page)
    assert [shown[0], shown[-1]] != [] and shown.index("Berg, Eva van der") < shown.index(
        "Veld, Hilde in &#39;t"
    )


def test_without_a_bulk_mark_the_address_offers_no_undo(world: World, teacher: FlaskClient) -> None:
    for value in ("gisteren", "1", ""):
        page = teacher.get(url(world), query_string={"gevuld": value})
        assert page.status_code == 200 and "op aanwezig gezet" not in page.text


def test_the_register_of_a_colleague_says_whose_lesson_it_is(
    app: Flask, world: World, teacher: FlaskClient
) -> None:
    assert world.own.other_teacher is not None
    owner = world.own.actors[Role.TEACHER].name
    assert f"les van {owner}" in browse(app, world.own.other_teacher).get(url(world)).text
    assert "les van" not in teacher.get(url(world)).text
