"""Notes with an audience, and messages from the leerhome to the coach."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from inleer import audit, clock
from inleer.audit import ReadLog
from inleer.casework.actions import escalate, write_note
from inleer.casework.models import Escalation, Note
from inleer.cohorts.models import Enrolment
from inleer.db import db, unit_of_work
from inleer.errors import DomainError
from inleer.people.actions import assign_coach
from inleer.people.models import Candidate
from inleer.policy import Role, unscoped
from inleer.signals.actions import handle
from inleer.signals.models import Signal
from tests.world import World, browse, build, one, token_in


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=4)


@pytest.fixture
def coach(app: Flask, world: World) -> FlaskClient:
    return browse(app, world.own.actors[Role.COACH])


@pytest.fixture
def coordinator(app: Flask, world: World) -> FlaskClient:
    return browse(app, world.own.actors[Role.LEERHOME_COORDINATOR])


def file(world: World) -> str:
    return f"/kandidaten/{world.own.candidates[0]}"


def note_fields(
    page: str, audience: str = "cohort", text: str = "Reis met de bus lukt nu."
) -> dict[str, str]:
    return {
        "csrf_token": token_in(page),
        "text": text,
        "audience": audience,
        "channel": "telephone",
        "on": clock.today().isoformat(),
    }


def written(text: str) -> Note:
    return db.session.execute(unscoped(select(Note).where(Note.text == text), "test")).scalar_one()


def test_a_note_reaches_its_audience_and_nobody_else(
    app: Flask, coach: FlaskClient, coordinator: FlaskClient, world: World
) -> None:
    path = file(world)
    for audience, text in (("cohort", "Voor de groep."), ("coaches", "Voor de coach alleen.")):
        fields = note_fields(coach.get(path).text, audience, text)
        assert coach.post(f"{path}/notities", data=fields).status_code == 303
    theirs = coordinator.get(path).text
    assert "Voor de groep." in theirs
    assert "Voor de coach alleen." not in theirs


def test_a_note_needs_a_text_a_reader_and_a_past_day(coach: FlaskClient, world: World) -> None:
    path = file(world)
    fields = note_fields(coach.get(path).text)
    future = (clock.today() + timedelta(days=1)).isoformat()
    for change in (
        {"text": "  "},
        {"audience": ""},
        {"audience": "iedereen"},
        {"on": future},
        {"on": "vandaag"},
    ):
        answer = coach.post(f"{path}/notities", data={**fields, **change})
        assert answer.status_code == 422
    kept = coach.post(f"{path}/notities", data={**fields, "audience": ""})
    assert "Reis met de bus lukt nu." in kept.text  # the input is kept


def test_an_own_note_is_taken_back_and_put_back(coach: FlaskClient, world: World) -> None:
    path = file(world)
    coach.post(f"{path}/notities", data=note_fields(coach.get(path).text))
    note = written("Reis met de bus lukt nu.")
    data = {"csrf_token": token_in(coach.get(path).text), "version": note.version}
    assert coach.post(f"/notities/{note.id}/weghalen", data=data).status_code == 303
    after = coach.get(path).text
    assert '<p class="pre">Reis met de bus lukt nu.</p>' not in after
    gone = one(Note, note.id)
    data["version"] = gone.version
    assert coach.post(f"/notities/{note.id}/terugzetten", data=data).status_code == 303
    assert "Reis met de bus lukt nu." in coach.get(path).text


def test_nobody_takes_back_a_note_of_somebody_else(coordinator: FlaskClient, world: World) -> None:
    note = world.own.notes["cohort"]
    token = token_in(coordinator.get(file(world)).text)
    answer = coordinator.post(f"/notities/{note}/weghalen", data={"csrf_token": token, "version": "1"})
    assert answer.status_code == 403
    hidden = world.own.notes["coaches"]
    answer = coordinator.post(f"/notities/{hidden}/weghalen", data={"csrf_token": token, "version": "1"})
    assert answer.status_code in (403, 404)
    assert one(Note, note).removed_at is None


def test_a_note_with_markup_is_shown_as_text(coach: FlaskClient, world: World) -> None:
    path = file(world)
    evil = "<script>alert(1)</script>{{7*7}}"
    coach.post(f"{path}/notities", data=note_fields(coach.get(path).text, text=evil))
    page = coach.get(path).text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in page


def test_a_message_goes_from_leerhome_to_coach_and_back(
    coach: FlaskClient, coordinator: FlaskClient, world: World
) -> None:
    path = f"{file(world)}/melding"
    fields = {
        "csrf_token": token_in(coordinator.get(path).text),
        "category": "housing",
        "urgency": "today",
        "text": "Moet vrijdag de woning uit.",
    }
    for name in ("category", "urgency", "text"):
        assert coordinator.post(path, data={**fields, name: ""}).status_code == 422
    assert coordinator.post(path, data=fields).status_code == 303
    page = coach.get("/vandaag").text
    assert "Moet vrijdag de woning uit." in page
    statement = select(Escalation).where(Escalation.text == fields["text"])
    message = db.session.execute(unscoped(statement, "test")).scalar_one()
    seen = {"csrf_token": token_in(page), "version": message.version, "back": "vandaag"}
    early = coach.post(f"/meldingen/{message.id}/afronden", data={**seen, "resolution": "Geregeld"})
    assert early.status_code == 422
    assert coach.post(f"/meldingen/{message.id}/gezien", data=seen).location == "/"
    assert coach.post(f"/meldingen/{message.id}/gezien", data=seen).status_code == 409
    message = one(Escalation, message.id)
    done = {
        "csrf_token": seen["csrf_token"],
        "version": message.version,
        "resolution": "Urgentie aangevraagd.",
    }
    assert coach.post(f"/meldingen/{message.id}/afronden", data=done).status_code == 303
    assert "Urgentie aangevraagd." in coordinator.get(file(world)).text


def test_only_the_leerhome_sends_messages_and_only_the_coach_sees_them_off(
    app: Flask, coach: FlaskClient, coordinator: FlaskClient, world: World
) -> None:
    assert coach.get(f"{file(world)}/melding").status_code == 403
    token = token_in(coordinator.get(file(world)).text)
    seen = coordinator.post(
        f"/meldingen/{world.own.escalation}/gezien", data={"csrf_token": token, "version": "1"}
    )
    assert seen.status_code == 403
    foreign = coach.get(f"/meldingen/{world.foreign.escalation}/afronden")
    assert foreign.status_code == 404
    teacher = browse(app, world.own.actors[Role.TEACHER])
    assert teacher.get(f"{file(world)}/notities").status_code == 403


def test_after_a_move_the_former_leerhome_reads_what_is_written_no_more(app: Flask, world: World) -> None:
    side, today = world.own, clock.today()
    coach, coordinator = side.actors[Role.COACH], side.actors[Role.LEERHOME_COORDINATOR]
    candidate = one(Candidate, side.candidates[0])
    with unit_of_work():
        enrolment = one(Enrolment, side.enrolments[0])
        enrolment.left_on, enrolment.state = today - timedelta(days=2), "moved"
        audit.record(coach, "enrolment.test", enrolment)
        write_note(coach, candidate, "Van voor de overstap.", "cohort", "talk", today - timedelta(days=3))
        write_note(coach, candidate, "Van na de overstap.", "cohort", "talk", today - timedelta(days=1))
    seen = browse(app, coordinator).get(file(world)).text
    assert "Van voor de overstap." in seen and "Van na de overstap." not in seen
    assert "Van na de overstap." in browse(app, coach).get(file(world)).text


def test_a_message_about_somebody_without_a_coach_is_refused_with_the_way_out(world: World) -> None:
    coordinator, candidate = (
        world.own.actors[Role.LEERHOME_COORDINATOR],
        one(Candidate, world.own.candidates[0]),
    )
    with unit_of_work():
        assign_coach(world.own.actors[Role.PROGRAMME_MANAGER], candidate, None)
    with pytest.raises(DomainError, match="nog geen werkcoach"), unit_of_work():
        escalate(coordinator, candidate, world.own.cohort, "transport", "today", "Staat zonder vervoer.")


def test_who_is_named_in_what_was_handled_is_in_the_read_log(app: Flask, world: World) -> None:
    actor = world.own.actors[Role.COACH]
    with unit_of_work():
        found = select(Signal).where(Signal.candidate_id == world.own.candidates[0], Signal.state == "open")
        signal = db.session.scalars(unscoped(found, "test")).first() or raised(world)
        handle(actor, signal, "Gebeld.", signal.version)
    page = browse(app, actor).get("/vandaag?soort=intention").text
    assert "Gebeld." in page
    last = db.session.scalars(select(ReadLog.subject_ids).order_by(ReadLog.at.desc()).limit(1)).one()
    assert str(world.own.candidates[0]) in last


def raised(world: World) -> Signal:
    signal = Signal(
        subject_id=world.own.candidates[0],
        candidate_id=world.own.candidates[0],
        cohort_id=world.own.cohort,
        rule="core.no_shows",
        cause="test",
        tone="warn",
        on=clock.today(),
        text="Niet gekomen.",
        facts={},
        state="open",
        raised_at=clock.now(),
    )
    db.session.add(signal)
    audit.record(world.own.actors[Role.COACH], "signal.raised", signal)
    db.session.flush()
    return signal
