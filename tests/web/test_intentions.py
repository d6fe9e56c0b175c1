"""An employer's answer by telephone, drafts, and who may record them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from inleer import audit, clock
from inleer.audit import AuditEvent
from inleer.cohorts.actions import NewCohort, create_cohort
from inleer.cohorts.models import Cohort
from inleer.db import db, unit_of_work
from inleer.errors import DomainError
from inleer.intentions.actions import (
    Answer,
    change,
    confirm_by_telephone,
    decline_by_telephone,
    draft,
    undo_answer,
)
from inleer.intentions.models import IntentionEvent, JobIntention
from inleer.intentions.queries import last_event
from inleer.leerroutes.queries import route_version
from inleer.policy import Role
from tests.world import World, browse, build, one, token_in


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=4)


@pytest.fixture
def coach(app: Flask, world: World) -> FlaskClient:
    return browse(app, world.own.actors[Role.COACH])


def answer(page: str, **changes: object) -> dict[str, object]:
    return {
        "csrf_token": token_in(page),
        "version": "1",
        "answer": "yes",
        "answered_by": "mw. De Boer",
        "on": clock.today().isoformat(),
        "positions": "2",
        "hours_min": "24",
        "hours_max": "32",
        "remark": "",
        **changes,
    }


def test_nothing_is_chosen_beforehand(coach: FlaskClient, world: World) -> None:
    page = coach.get(f"/intenties/{world.own.intention}/antwoord").text
    assert 'value="yes"' in page
    assert "checked" not in page


def test_a_yes_with_other_numbers_is_kept_with_who_and_when(coach: FlaskClient, world: World) -> None:
    path = f"/intenties/{world.own.intention}/antwoord"
    page = coach.get(path).text
    future = (clock.today() + timedelta(days=1)).isoformat()
    refused = (
        {"answer": ""},
        {"answered_by": " "},
        {"on": future},
        {"positions": "0"},
        {"hours_min": "41"},
        {"hours_min": "36"},
    )
    for wrong in refused:
        assert coach.post(path, data=answer(page, **wrong)).status_code == 422, wrong
    assert coach.post(path, data=answer(page)).status_code == 303
    stored = one(JobIntention, world.own.intention)
    assert (stored.state, stored.positions, stored.hours_min) == ("confirmed", 2, 24)
    events = select(IntentionEvent).where(IntentionEvent.intention_id == stored.id)
    last = max(db.session.execute(events).scalars(), key=lambda e: e.at)
    assert (last.answered_by, last.channel) == ("mw. De Boer", "telephone")
    assert (last.old_positions, last.new_positions) == (3, 2)
    assert coach.post(path, data=answer(page)).status_code == 409


def test_an_unknown_number_stays_unknown(coach: FlaskClient, world: World) -> None:
    path = f"/intenties/{world.own.intention}/antwoord"
    assert coach.post(path, data=answer(coach.get(path).text, positions="")).status_code == 303
    assert one(JobIntention, world.own.intention).positions is None
    assert "onbekend" in coach.get(f"/lichtingen/{world.own.cohort}").text


def test_a_no_is_declined_and_after_a_yes_withdrawn(coach: FlaskClient, world: World) -> None:
    path = f"/intenties/{world.own.intention}/antwoord"
    page = coach.get(path).text
    coach.post(path, data=answer(page))
    version = one(JobIntention, world.own.intention).version
    assert coach.post(path, data=answer(page, answer="no", version=version)).status_code == 303
    assert one(JobIntention, world.own.intention).state == "withdrawn"


def test_a_draft_is_changed_and_a_new_one_written_down(coach: FlaskClient, world: World) -> None:
    path = f"/intenties/{world.own.intention}/wijzigen"
    fields = {
        "csrf_token": token_in(coach.get(path).text),
        "function": "Helpende",
        "kind": "intention",
        "positions": "5",
    }
    assert coach.post(path, data={**fields, "version": "1", "state": "confirmed"}).status_code == 422
    assert coach.post(path, data={**fields, "version": "1"}).status_code == 303
    assert one(JobIntention, world.own.intention).positions == 5
    new = f"/lichtingen/{world.own.cohort}/intenties/nieuw"
    draft = {**fields, "employer_id": str(world.own.employer)}
    assert coach.post(new, data={**draft, "employer_id": str(world.foreign.employer)}).status_code == 422
    assert coach.post(new, data={**draft, "kind": "guarantee", "positions": ""}).status_code == 422
    assert coach.post(new, data=draft).status_code == 303


def test_others_record_nothing(app: Flask, coach: FlaskClient, world: World) -> None:
    assert coach.get(f"/intenties/{world.foreign.intention}/antwoord").status_code == 404
    for role in (Role.LEERHOME_COORDINATOR, Role.TEACHER, Role.ADMINISTRATOR, Role.EMPLOYER):
        client = browse(app, world.own.actors[role])
        assert client.get(f"/intenties/{world.own.intention}/antwoord").status_code in (403, 404)


def test_unknown_hours_are_no_zero_and_an_employer_counts_once(coach: FlaskClient, world: World) -> None:
    actor = world.own.actors[Role.COACH]
    hours: dict[str, Any] = {"positions": 5, "hours_min": 24, "hours_max": 32}
    unknown: dict[str, Any] = {"positions": 5, "hours_min": None, "hours_max": None}
    with unit_of_work():
        cohort = one(Cohort, world.own.cohort)
        for known in (hours, unknown):
            made = draft(actor, cohort, world.own.employer, {"function": "A", "kind": "intention", **known})
            confirm_by_telephone(actor, made, Answer(clock.today(), "Jan", **known), made.version)
        for function in ("B", "C"):
            draft(actor, cohort, world.own.employer, {"function": function, "kind": "intention"})
    page = coach.get(f"/lichtingen/{world.own.cohort}").text
    assert "gemiddeld 24 tot 32 uur per week" in page
    assert "Van 5 plekken zijn de uren onbekend" in page
    for text in (page, coach.get("/lichtingen").text):
        assert "1 werkgever zonder aantal" in text
        assert "2 werkgevers zonder aantal" not in text


def saying(**changes: Any) -> Answer:
    usual: dict[str, Any] = {
        "on": clock.today(),
        "answered_by": "Jan",
        "positions": 2,
        "hours_min": 24,
        "hours_max": None,
    }
    return Answer(**{**usual, **changes})


def test_a_route_that_asks_for_a_number_gets_one_by_telephone_too(app: Flask, world: World) -> None:
    manager = world.own.actors[Role.PROGRAMME_MANAGER]
    with unit_of_work():
        strict = route_version("zorg.wijkleerbedrijf", 1)
        assert strict is not None
        edition = create_cohort(
            manager, world.own.agency, strict, NewCohort("streng", "Streng", clock.today(), "midden")
        )
        made = draft(
            manager, edition, world.own.employer, {"function": "A", "kind": "intention", "positions": 2}
        )
        for act in (
            lambda: confirm_by_telephone(manager, made, saying(positions=None), made.version),
            lambda: change(manager, made, {"positions": None}, made.version),
        ):
            with pytest.raises(DomainError) as refused:
                act()
            assert refused.value.field == "positions"
        assert (made.state, made.positions) == ("draft", 2)


def test_what_an_employer_confirmed_changes_only_with_an_answer(coach: FlaskClient, world: World) -> None:
    path = f"/intenties/{world.own.intention}"
    coach.post(f"{path}/antwoord", data=answer(coach.get(f"{path}/antwoord").text))
    page = coach.get(f"{path}/wijzigen").text
    assert 'name="positions"' not in page
    sent = {"csrf_token": token_in(page), "version": str(one(JobIntention, world.own.intention).version)}
    assert coach.post(f"{path}/wijzigen", data={**sent, "positions": "9"}).status_code == 422
    assert coach.post(f"{path}/wijzigen", data={**sent, "contact_name": "R. de Wit"}).status_code == 303
    with unit_of_work():
        stored = one(JobIntention, world.own.intention)
        assert (stored.contact_name, stored.positions) == ("R. de Wit", 2)
        with pytest.raises(DomainError, match="nieuw antwoord"):
            change(world.own.actors[Role.COACH], stored, {"hours_min": 10}, stored.version)
        decline_by_telephone(world.own.actors[Role.COACH], stored, saying(), stored.version)
    with unit_of_work():
        stored = one(JobIntention, world.own.intention)
        with pytest.raises(DomainError, match="ingetrokken"):
            change(world.own.actors[Role.COACH], stored, {"contact_name": "X"}, stored.version)


def test_a_mistaken_answer_is_taken_back(coach: FlaskClient, world: World) -> None:
    path, own = f"/intenties/{world.own.intention}", world.own.intention

    def stored() -> tuple[Any, ...]:
        row = one(JobIntention, own)
        return (row.state, row.positions, row.hours_min, row.hours_max, row.confirmed_on)

    def sent(kind: str = "antwoord-ongedaan", **more: object) -> int:
        page = coach.get(f"{path}/antwoord").text
        data = {"csrf_token": token_in(page), "version": str(one(JobIntention, own).version), **more}
        return coach.post(f"{path}/{kind}", data=data).status_code

    before = stored()
    coach.post(
        f"{path}/antwoord", data=answer(coach.get(f"{path}/antwoord").text, hours_min="", hours_max="")
    )
    confirmed = stored()
    assert confirmed[:4] == ("confirmed", 2, None, None)
    no = answer(coach.get(f"{path}/antwoord").text, answer="no", version=one(JobIntention, own).version)
    assert coach.post(f"{path}/antwoord", data=no).status_code == 303
    assert stored()[0] == "withdrawn"
    assert "Laatste antwoord ongedaan maken" in coach.get(f"{path}/antwoord").text
    assert sent(version="1") == 409
    assert sent() == 303
    assert stored() == confirmed
    assert sent() == 303  # and the one before it
    assert stored() == before
    assert "Laatste antwoord ongedaan maken" not in coach.get(f"{path}/antwoord").text
    assert sent() == 422
    undone = select(AuditEvent).where(AuditEvent.action == "intention.answer_undone")
    assert len(db.session.execute(undone).scalars().all()) == 2


@pytest.mark.parametrize("later", [{"before": None}, {"channel": "file"}], ids=["unknown", "built-on"])
def test_an_answer_on_which_something_was_built_stays(world: World, later: dict[str, Any]) -> None:
    actor = world.own.actors[Role.COACH]
    with unit_of_work():
        row = one(JobIntention, world.own.intention)
        confirm_by_telephone(actor, row, saying(), row.version)
    with unit_of_work():
        row = one(JobIntention, world.own.intention)
        last = last_event(row.id)
        assert last is not None
        for name, value in later.items():  # what a file did since, or an answer of before this was kept
            setattr(last, name, value)
        audit.record(actor, "test.made", row, covers=[last])
    with unit_of_work():
        row = one(JobIntention, world.own.intention)
        with pytest.raises(DomainError, match="nieuw antwoord"):
            undo_answer(actor, row, row.version)
    assert one(JobIntention, world.own.intention).state == "confirmed"
