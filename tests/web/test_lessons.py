"""Lessons of a day and of a week, and changes of a lesson: taken over, moved, cancelled."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from inleer import clock
from inleer.attendance.actions import MarkInput, record_many
from inleer.attendance.models import Attendance
from inleer.attendance.presenters_lessons import read_day, read_week
from inleer.attendance.queries_lessons import colleagues
from inleer.attendance.rollups import verify
from inleer.cohorts.models import Session
from inleer.cohorts.sessions import NewSession, finish_session, plan_session
from inleer.db import db, unit_of_work
from inleer.errors import DomainError
from inleer.policy import Role, system_actor, unscoped
from inleer.signals.models import Signal
from inleer.signals.unrecorded import sweep_unrecorded
from tests.world import World, browse, build, one, token_in


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=2, weeks=2)


@pytest.fixture
def teacher(app: Flask, world: World) -> FlaskClient:
    return browse(app, world.own.actors[Role.TEACHER])


@pytest.fixture
def colleague(app: Flask, world: World) -> FlaskClient:
    assert world.own.other_teacher is not None
    return browse(app, world.own.other_teacher)


@pytest.fixture
def manager(app: Flask, world: World) -> FlaskClient:
    return browse(app, world.own.actors[Role.PROGRAMME_MANAGER])


def plan(world: World, title: str, day: date, teacher_id: UUID | None = None, **other: object) -> UUID:
    values: dict[str, object] = {"kind": "lesson", "organisation_id": world.own.school, **other}
    new = NewSession(
        title=title,
        starts_at=clock.at(day, time(13)),
        ends_at=clock.at(day, time(15)),
        teacher_id=teacher_id,
        **values,  # type: ignore[arg-type]
    )
    with unit_of_work():
        return plan_session(system_actor(), [world.own.cohort], new).id


def press(client: FlaskClient, session_id: UUID, button: str, version: int | None = None) -> TestResponse:
    """Press a button that belongs to a lesson, from a page of today."""
    token = token_in(client.get(f"/lessen/{session_id}/wijzigen").text)
    current = one(Session, session_id).version
    data = {"csrf_token": token, "version": str(current if version is None else version)}
    return client.post(f"/lessen/{session_id}/{button}", data=data)


def section(page: str, key: str) -> str:
    """One card of the page of a day."""
    found = re.search(rf'<section class="card[^"]*" id="{key}".*?</section>', page, re.S)
    return found.group() if found else ""


# --- lists ---


def test_the_day_shows_own_lessons_and_the_rest_of_the_school(
    world: World, teacher: FlaskClient, colleague: FlaskClient
) -> None:
    today = clock.today()
    me, other = world.own.actors[Role.TEACHER], world.own.other_teacher
    assert other is not None
    mine = plan(world, "Mijn eigen les", today, me.user_id)
    plan(world, "Les van de collega", today, other.user_id)
    plan(world, "Les van niemand", today)
    page = teacher.get("/lessen").text
    assert "Mijn lessen vandaag" in page and "nog 1 in te vullen" in page
    assert "Mijn eigen les" in section(page, "own") and "collega" not in section(page, "own")
    others = section(page, "others")
    assert "Les van de collega" in others and "Les van niemand" in others and "Overnemen" in others
    assert f"/lessen/{mine}" in page and "Lichting KANARIEA" in page
    assert "Vandaag KANARIEA" not in page  # the leerhome organises that one
    assert "Mijn eigen les" in section(colleague.get("/lessen").text, "others")


def test_what_is_still_open_from_earlier_days_comes_first_with_the_rule(
    world: World, teacher: FlaskClient, colleague: FlaskClient
) -> None:
    page = teacher.get("/lessen").text
    assert "Nog niet geregistreerd" in page and "nog niemand koos Klaar" in page
    assert page.index("Nog niet geregistreerd") < page.index("Geen lessen op deze dag")
    assert page.count("Les KANARIEA</a>") == 2
    assert (
        "Nog niet geregistreerd" not in colleague.get("/lessen").text
    )  # they are not this person's to record
    with unit_of_work():
        finish_session(system_actor(), one(Session, world.own.sessions[1]))
    assert teacher.get("/lessen").text.count("Les KANARIEA</a>") == 1


def test_a_day_leads_to_the_nearest_days_with_lessons(world: World, teacher: FlaskClient) -> None:
    first, second = (one(Session, i).on for i in world.own.sessions[:2])
    page = teacher.get(f"/lessen?dag={first}").text
    assert f"/lessen?dag={second}" in page and 'rel="prev"' not in page
    empty = teacher.get(f"/lessen?dag={second - timedelta(days=1)}").text
    assert "Geen lessen op deze dag" in empty
    assert re.search(rf"Volgende les: \w+ {second.day} ", empty)


def test_a_week_shows_its_days_and_all_lessons_on_request(world: World, teacher: FlaskClient) -> None:
    lesson = one(Session, world.own.sessions[0])
    assert world.own.other_teacher is not None
    plan(world, "Rekenen", lesson.on, world.own.other_teacher.user_id)
    year, week, _day = lesson.on.isocalendar()
    where = f"/lessen?week={year}-W{week:02d}"
    mine, everybody = teacher.get(where).text, teacher.get(f"{where}&wie=alle").text
    assert "Les KANARIEA" in mine and "Rekenen" not in mine
    assert "Les KANARIEA" in everybody and "Rekenen" in everybody


@pytest.mark.parametrize(
    "query",
    [
        "dag=2026-02-30",
        "dag=vandaag",
        "dag=0001-01-01",
        "dag=9999-12-31",
        "week=2026-W54",
        "week=W1",
        "week=x",
    ],
)
def test_days_and_weeks_that_do_not_exist_are_refused(query: str) -> None:
    name, _is, value = query.partition("=")
    with pytest.raises(DomainError):
        (read_day if name == "dag" else read_week)(value)


def test_an_address_with_a_strange_day_says_so(world: World, teacher: FlaskClient) -> None:
    answer = teacher.get("/lessen?dag=31-4-2026")
    assert answer.status_code == 422 and "Deze dag bestaat niet" in answer.text


def test_2026_has_a_week_53(world: World, teacher: FlaskClient) -> None:
    page = teacher.get("/lessen?week=2026-W53").text
    assert "week=2026-W52" in page and "week=2027-W01" in page


def test_the_leerhome_sees_its_own_and_the_weeks_of_the_introduction(app: Flask, world: World) -> None:
    day = clock.today() + timedelta(days=2)
    own = plan(world, "Introductie", day, kind="introduction", organisation_id=world.own.leerhome)
    plan(world, "Les elders", clock.today())
    coordinator = browse(app, world.own.actors[Role.LEERHOME_COORDINATOR])
    page = coordinator.get("/lessen").text
    assert "Vandaag KANARIEA" in section(page, "own")
    elsewhere = section(page, "others")
    assert "Les elders" in elsewhere and "href" not in elsewhere.split("Les elders")[0].rsplit("<li", 1)[1]
    grid = section(page, "introductie")
    assert f"/lessen/{own}" in grid and f"week {day.isocalendar().week}" in grid


def test_no_list_shows_anything_of_another_agency(app: Flask, world: World) -> None:
    roles = (Role.TEACHER, Role.LEERHOME_COORDINATOR, Role.PROGRAMME_MANAGER, Role.COACH)
    monday = one(Session, world.own.sessions[0]).on.isocalendar()
    for role in roles:
        client = browse(app, world.own.actors[role])
        for where in ("/lessen", f"/lessen?week={monday.year}-W{monday.week:02d}&wie=alle"):
            page = client.get(where)
            assert page.status_code == 200, role
            assert "KANARIEB" not in page.text, role
    assert browse(app, world.own.actors[Role.ADMINISTRATOR]).get("/lessen").status_code == 403


# --- taking over ---


def test_a_colleague_takes_a_lesson_over_and_gives_it_back(
    world: World, teacher: FlaskClient, colleague: FlaskClient
) -> None:
    lesson = plan(world, "Les van Piet", clock.today(), world.own.actors[Role.TEACHER].user_id)
    assert press(colleague, lesson, "overnemen").status_code == 303
    page = colleague.get("/lessen").text
    assert "Les van Piet" in section(page, "substitute") and "Ik vervang" in page
    assert 'action="/lessen/' in page and "teruggeven" in page  # the undo
    assert "tweede docent KANARIEA vervangt" in section(teacher.get("/lessen").text, "own")
    assert press(colleague, lesson, "teruggeven").status_code == 303
    assert one(Session, lesson).substitute_id is None


def test_only_a_teacher_of_the_organiser_takes_over(
    app: Flask, world: World, manager: FlaskClient, colleague: FlaskClient
) -> None:
    lesson = plan(world, "Les", clock.today(), world.own.actors[Role.TEACHER].user_id)
    assert press(manager, lesson, "overnemen").status_code == 403
    stranger = browse(app, world.foreign.actors[Role.TEACHER])
    token = token_in(stranger.get(f"/lessen/{world.foreign.sessions[0]}").text)
    answer = stranger.post(f"/lessen/{lesson}/overnemen", data={"csrf_token": token, "version": "1"})
    assert answer.status_code == 404
    assert press(colleague, lesson, "overnemen", version=9).status_code == 409
    assert one(Session, lesson).substitute_id is None


def test_a_finished_lesson_is_not_taken_over(world: World, colleague: FlaskClient) -> None:
    lesson = plan(world, "Les", clock.today())
    with unit_of_work():
        finish_session(system_actor(), one(Session, lesson))
    assert press(colleague, lesson, "overnemen").status_code == 422


def test_a_button_takes_no_other_fields(world: World, colleague: FlaskClient) -> None:
    lesson = plan(world, "Les", clock.today())
    token = token_in(colleague.get(f"/lessen/{lesson}/wijzigen").text)
    data = {"csrf_token": token, "version": "1", "substitute_id": str(world.own.actors[Role.COACH].user_id)}
    assert colleague.post(f"/lessen/{lesson}/overnemen", data=data).status_code == 422


# --- cancelling ---


def test_a_lesson_is_cancelled_and_that_is_undone(world: World, manager: FlaskClient) -> None:
    lesson = world.own.sessions[0]
    answer = press(manager, lesson, "annuleren")
    assert answer.status_code == 303
    page = manager.get(answer.headers["Location"]).text
    assert "is geannuleerd" in page and f"/lessen/{lesson}/herstellen" in page
    assert one(Session, lesson).state == "cancelled"
    assert verify(world.own.candidates) == []  # it counts for nobody
    assert press(manager, lesson, "herstellen").status_code == 303
    assert one(Session, lesson).state == "planned"
    assert verify(world.own.candidates) == []


def test_the_leerhome_and_the_coach_change_no_lessons(app: Flask, world: World) -> None:
    for role in (Role.LEERHOME_COORDINATOR, Role.COACH):
        client = browse(app, world.own.actors[role])
        assert client.get(f"/lessen/{world.own.sessions[0]}/wijzigen").status_code == 403, role


# --- moving ---


def change(client: FlaskClient, session_id: UUID, **values: str) -> TestResponse:
    lesson = one(Session, session_id)
    page = client.get(f"/lessen/{session_id}/wijzigen").text
    data = {
        "csrf_token": token_in(page),
        "version": str(lesson.version),
        "on": lesson.on.isoformat(),
        "starts": clock.local(lesson.starts_at).strftime("%H:%M"),
        "ends": clock.local(lesson.ends_at).strftime("%H:%M"),
        "location": lesson.location or "",
        "given_by": str(lesson.substitute_id or lesson.teacher_id or ""),
        **values,
    }
    return client.post(f"/lessen/{session_id}/wijzigen", data=data)


def test_place_time_and_teacher_change(world: World, teacher: FlaskClient) -> None:
    assert world.own.other_teacher is not None
    lesson = plan(world, "Les", clock.today(), world.own.actors[Role.TEACHER].user_id)
    other = world.own.other_teacher.user_id
    answer = change(teacher, lesson, location=" lokaal\x00 2.04 ", starts="08:30", given_by=str(other))
    assert answer.status_code == 303
    saved = one(Session, lesson)
    assert (saved.location, saved.planned_minutes, saved.substitute_id) == ("lokaal 2.04", 390, other)
    change(teacher, lesson, given_by=str(world.own.actors[Role.TEACHER].user_id))
    assert one(Session, lesson).substitute_id is None


def test_impossible_changes_say_why_and_keep_what_was_typed(world: World, teacher: FlaskClient) -> None:
    lesson = plan(world, "Les", clock.today())
    stranger = str(world.foreign.actors[Role.TEACHER].user_id)
    for values, sentence in (
        ({"ends": "12:00"}, "niet na de begintijd"),
        ({"on": "1999-01-01"}, "tussen 2000 en 2100"),
        ({"on": "31-4-2026"}, ""),
        ({"starts": "25:00"}, ""),
        ({"location": "x" * 201}, ""),
        ({"given_by": stranger}, ""),
        ({"state": "locked"}, ""),
    ):
        answer = change(teacher, lesson, **values, **({} if "location" in values else {"location": "zaal"}))
        assert answer.status_code == 422, values
        assert sentence in answer.text
    assert one(Session, lesson).location is None


def test_a_change_on_an_old_page_shows_both_versions(
    world: World, teacher: FlaskClient, manager: FlaskClient
) -> None:
    lesson = plan(world, "Les", clock.today())
    old = one(Session, lesson).version
    assert change(manager, lesson, location="aula").status_code == 303
    clash = change(teacher, lesson, location="gymzaal", version=str(old))
    assert clash.status_code == 409
    assert "aula" in clash.text and "gymzaal" in clash.text
    assert one(Session, lesson).location == "aula"
    anyway = change(teacher, lesson, location="gymzaal")
    assert anyway.status_code == 303 and one(Session, lesson).location == "gymzaal"


def test_who_missed_a_whole_lesson_misses_its_new_length(world: World, manager: FlaskClient) -> None:
    first, second = world.own.enrolments
    lesson = world.own.sessions[1]
    with unit_of_work():
        typed = [MarkInput(first, "unexcused", None, 0), MarkInput(second, "late", 20, 0)]
        record_many(world.own.actors[Role.TEACHER], one(Session, lesson), typed, [first, second])
    assert change(manager, lesson, ends="16:00").status_code == 303
    missed = {e: db.session.get_one(Attendance, (e, lesson)).missed for e in (first, second)}
    assert missed == {first: 420, second: 20}
    assert verify(world.own.candidates) == []


def test_a_lesson_with_marks_stays_in_the_past_and_a_finished_one_keeps_its_time(
    world: World, teacher: FlaskClient
) -> None:
    lesson = world.own.sessions[1]
    with unit_of_work():
        typed = [MarkInput(world.own.enrolments[0], "present", None, 0)]
        record_many(world.own.actors[Role.TEACHER], one(Session, lesson), typed, world.own.enrolments)
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    refused = change(teacher, lesson, on=tomorrow)
    assert refused.status_code == 422 and "al aanwezigheid ingevuld" in refused.text
    with unit_of_work():
        finish_session(system_actor(), one(Session, lesson))
    refused = change(teacher, lesson, ends="16:00")
    assert refused.status_code == 422 and "Heropen eerst de lijst" in refused.text
    assert change(teacher, lesson, location="aula").status_code == 303


def test_who_can_teach_are_the_teachers_of_the_organiser(world: World) -> None:
    assert world.own.other_teacher is not None
    expected = {world.own.actors[Role.TEACHER].user_id, world.own.other_teacher.user_id}
    assert {i for i, _name in colleagues(world.own.school)} == expected


def test_why_a_lesson_was_not_recorded_is_noted_and_taken_back(app: Flask, world: World) -> None:
    side = world.own
    with unit_of_work():
        sweep_unrecorded(system_actor("worker"))
    teacher = browse(app, side.actors[Role.TEACHER])
    found = select(Signal).where(Signal.rule == "core.unrecorded", Signal.session_id.in_(side.sessions))
    signal = next(iter(db.session.scalars(unscoped(found, "test"))))
    page = teacher.get("/lessen").text
    assert f"/signalen/les/{signal.session_id}" in page
    handling = teacher.get(f"/signalen/les/{signal.session_id}")
    assert handling.headers["Location"].endswith(f"/signalen/{signal.id}/afhandelen")
    form = teacher.get(handling.headers["Location"]).text
    data = {
        "csrf_token": token_in(form),
        "version": str(signal.version),
        "note": "Docent was ziek; geen les.",
    }
    assert teacher.post(handling.headers["Location"], data=data).status_code == 303
    after = teacher.get(f"/signalen/{signal.id}/afhandelen").text
    assert "Docent was ziek; geen les." in after and "Opnieuw openen" in after
    with unit_of_work():
        sweep_unrecorded(system_actor("worker"))
    assert one(Signal, signal.id).state == "handled", "the same cause does not bring it back"
    assert browse(app, side.actors[Role.COACH]).get(f"/signalen/les/{signal.session_id}").status_code in (
        403,
        404,
    )
    stranger = browse(app, world.foreign.actors[Role.TEACHER])
    assert stranger.get(f"/signalen/les/{signal.session_id}").status_code == 404
