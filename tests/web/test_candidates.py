"""The list of candidates and the file of one: what it shows, to whom, and what leaves as a file."""

from __future__ import annotations

import io
from datetime import date, timedelta

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from inleer import clock
from inleer.audit import ReadLog
from inleer.cohorts import enrolments as steps
from inleer.cohorts.models import Enrolment, Pause
from inleer.db import db, unit_of_work
from inleer.errors import DomainError
from inleer.export import Table, as_csv, as_xlsx
from inleer.people.actions import update_candidate
from inleer.people.models import Candidate, FieldValue
from inleer.policy import Role, unscoped
from inleer.signals.models import Signal
from tests.world import World, browse, build, one, token_in


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=4)


@pytest.fixture
def coach(app: Flask, world: World) -> FlaskClient:
    return browse(app, world.own.actors[Role.COACH])


def rename(world: World, number: int, **names: str) -> None:
    with unit_of_work():
        candidate = one(Candidate, world.own.candidates[number])
        update_candidate(world.own.actors[Role.COACH], candidate, names)


def test_the_list_holds_the_caseload_and_says_who_needs_attention(coach: FlaskClient, world: World) -> None:
    page = coach.get("/kandidaten").text
    for number in range(3):
        assert f"Achter{number} {world.own.canary}" in page
    assert "Achter3" not in page  # the other coach's
    assert world.foreign.canary not in page
    assert page.index("Achter0") < page.index("Achter1")  # a signal comes first
    assert "niet verschenen" in page  # the latest of two signals of equal tone
    assert "en nog 1" in page
    assert "0 van 6" in page.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("sahin", True),
        ("ŞAHİN", True),
        ("şahin", True),
        ("%", False),
        ("_", False),
        ("' OR 1=1--", False),
        ("a%n", False),
        ("van der s", True),
    ],
)
def test_searching_ignores_accents_and_takes_wildcards_as_letters(
    coach: FlaskClient, world: World, search: str, found: bool
) -> None:
    rename(world, 1, first_name="Zoë", tussenvoegsel="van der", last_name="Şahin")
    page = coach.get("/kandidaten", query_string={"zoek": search}).text
    assert ("Şahin, Zoë" in page) is found


def test_a_percent_sign_in_a_name_is_found_as_such(coach: FlaskClient, world: World) -> None:
    rename(world, 1, last_name="100%_zeker")
    page = coach.get("/kandidaten", query_string={"zoek": "%_z"}).text
    assert "100%_zeker" in page
    assert "Achter2" not in page


def test_sorting_and_filtering_live_in_the_url(coach: FlaskClient, world: World) -> None:
    page = coach.get("/kandidaten?sort=naam&dir=desc").text
    assert page.index("Achter2") < page.index("Achter1") < page.index("Achter0")
    only = coach.get("/kandidaten?signaal=ja").text
    assert "Achter0" in only
    none = coach.get(f"/kandidaten?lichting={world.foreign.cohort}").text
    assert "Niemand past bij dit filter" in none


def test_somebody_who_stopped_leaves_the_list_but_can_be_found(coach: FlaskClient, world: World) -> None:
    with unit_of_work():
        enrolment = one(Enrolment, world.own.enrolments[1])
        actor = world.own.actors[Role.COACH]
        steps.drop_out(actor, enrolment, clock.today(), "candidate", "travel", "maybe", enrolment.version)
    assert "Achter1" not in coach.get("/kandidaten").text
    assert "Achter1" in coach.get("/kandidaten?stand=gestopt").text


def test_the_export_holds_exactly_the_view_and_no_formula(coach: FlaskClient, world: World) -> None:
    rename(world, 1, first_name="", last_name='=HYPERLINK("http://x")')
    data = coach.get("/kandidaten?signaal=nee&format=xlsx").data
    book = openpyxl.load_workbook(io.BytesIO(data))
    rows = list(book.active.iter_rows())  # type: ignore[union-attr]
    names = [row[0].value for row in rows[1:]]
    expected = {'=HYPERLINK("http://x"), van', f"Achter2 {world.own.canary}, Voor2 van"}
    assert {str(n) for n in names} == expected
    assert all(cell.data_type != "f" for row in rows for cell in row)
    text = coach.get("/kandidaten?format=csv").data.decode("utf-8-sig")
    assert len(text.strip().splitlines()) == 4
    assert "Achter3" not in text


@pytest.mark.parametrize("cell", ["=1+1", "+31 6 1", "-2", "@x", "\t=1", "\r=1", "\x00=1", " =1"])
def test_a_cell_is_never_a_formula(cell: str) -> None:
    table = Table("lijst", ["A"], [[cell]])
    line = as_csv(table).data.decode("utf-8-sig").splitlines()[1]
    assert line.lstrip('"').startswith("'")
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(table).data))
    assert all(c.data_type != "f" for row in book.active.iter_rows() for c in row)  # type: ignore[union-attr]


def test_opening_a_file_or_a_list_is_in_the_read_log(coach: FlaskClient, world: World) -> None:
    coach.get(f"/kandidaten/{world.own.candidates[0]}")
    coach.get("/kandidaten?format=csv")
    rows = db.session.execute(select(ReadLog).order_by(ReadLog.at)).scalars().all()
    assert [r.endpoint for r in rows] == ["candidates.show", "candidates.index"]
    assert rows[0].subject_ids == [str(world.own.candidates[0])]
    assert len(rows[1].subject_ids) == 3


@pytest.mark.parametrize("role", [Role.TEACHER, Role.EMPLOYER, Role.PROGRAMME_MANAGER, Role.ADMINISTRATOR])
def test_teachers_employers_and_managers_never_open_a_file(app: Flask, world: World, role: Role) -> None:
    client = browse(app, world.own.actors[role])
    for tail in ("", "/aanwezigheid", "/intake", "/gegevens", "/notities"):
        assert client.get(f"/kandidaten/{world.own.candidates[0]}{tail}").status_code in (403, 404)


def test_a_foreign_candidate_does_not_exist(coach: FlaskClient, world: World) -> None:
    foreign = coach.get(f"/kandidaten/{world.foreign.candidates[0]}")
    nobody = coach.get("/kandidaten/00000000-0000-0000-0000-000000000001")
    assert foreign.status_code == nobody.status_code == 404


def test_the_file_shows_one_timeline_by_what_one_may_read(
    app: Flask, coach: FlaskClient, world: World
) -> None:
    path = f"/kandidaten/{world.own.candidates[0]}"
    mine = coach.get(path).text
    for audience in ("OWN_ORGANISATION", "COACHES", "COHORT", "CANDIDATE"):
        assert f"{world.own.canary} {audience}" in mine
    assert f"Melding {world.own.canary}" in mine
    assert "Ingeschreven: doet mee" in mine
    theirs = browse(app, world.own.actors[Role.LEERHOME_COORDINATOR]).get(path).text
    assert f"{world.own.canary} COHORT" in theirs
    assert f"{world.own.canary} COACHES" not in theirs
    assert f"{world.own.canary} OWN_ORGANISATION" not in theirs


def test_what_sixteen_hours_mean_says_so_when_it_is_unknown(coach: FlaskClient, world: World) -> None:
    page = coach.get(f"/kandidaten/{world.own.candidates[0]}").text
    assert "Of er een startkwalificatie is, is onbekend" in page
    with unit_of_work():
        candidate = one(Candidate, world.own.candidates[0])
        update_candidate(world.own.actors[Role.COACH], candidate, {"startkwalificatie": "yes"})
    assert "heeft een startkwalificatie" in coach.get(f"/kandidaten/{world.own.candidates[0]}").text


def test_attendance_shows_each_kind_apart_and_what_is_not_recorded(coach: FlaskClient, world: World) -> None:
    page = coach.get(f"/kandidaten/{world.own.candidates[0]}/aanwezigheid").text
    assert "ongeoorloofd afwezig" in page
    assert "nog niet geregistreerd" in page
    assert "1 les" in page


def test_details_are_changed_with_a_version_and_a_conflict_keeps_the_input(
    app: Flask, coach: FlaskClient, world: World
) -> None:
    path = f"/kandidaten/{world.own.candidates[0]}/gegevens"
    version = one(Candidate, world.own.candidates[0]).version
    token = token_in(coach.get(path).text)
    fields = {
        "csrf_token": token,
        "version": version,
        "first_name": "Noor",
        "last_name": "Nieuw",
        "language_level": "B1",
        "driving_licence": "unknown",
        "startkwalificatie": "no",
        "birth_date": "2005-02-03",
    }
    assert coach.post(path, data={**fields, "coach_id": "x"}).status_code == 422  # no such field in the form
    assert coach.post(path, data={**fields, "postcode": "geen"}).status_code == 422
    assert coach.post(path, data=fields).status_code == 303
    changed = one(Candidate, world.own.candidates[0])
    assert (changed.first_name, changed.birth_date) == ("Noor", date(2005, 2, 3))
    assert changed.driving_licence is None
    late = coach.post(path, data={**fields, "first_name": "Te laat"})
    assert late.status_code == 409
    assert "Te laat" in late.text
    assert one(Candidate, world.own.candidates[0]).first_name == "Noor"


def test_a_changed_qualification_changes_what_a_signal_says(coach: FlaskClient, world: World) -> None:
    path = f"/kandidaten/{world.own.candidates[0]}/gegevens"
    candidate = one(Candidate, world.own.candidates[0])
    fields = {
        "csrf_token": token_in(coach.get(path).text),
        "version": candidate.version,
        "first_name": "A",
        "last_name": "B",
        "language_level": "",
        "driving_licence": "yes",
        "startkwalificatie": "yes",
    }
    assert coach.post(path, data=fields).status_code == 303
    statement = select(Signal).where(Signal.candidate_id == candidate.id)
    assert db.session.execute(unscoped(statement, "test")).scalars().all()


def test_intake_answers_are_saved_with_a_version(coach: FlaskClient, world: World) -> None:
    base = f"/kandidaten/{world.own.candidates[0]}/intake"
    page = coach.get(base).text
    key = page.split(f"{base}/")[1].split('"')[0]
    form = coach.get(f"{base}/{key}")
    assert form.status_code == 200
    before = set(db.session.execute(select(FieldValue.id)).scalars())
    data = {"csrf_token": token_in(form.text), "version": "0"}
    answer = coach.post(f"{base}/{key}", data=data)
    if answer.status_code == 422:  # the group asks something that must be answered
        assert "Er is iets niet goed ingevuld" in answer.text
        return
    assert answer.status_code == 303
    assert set(db.session.execute(select(FieldValue.id)).scalars()) >= before
    assert coach.post(f"{base}/{key}", data=data).status_code == 409
    assert coach.get(f"{base}/geen.groep").status_code == 404


STEPS = {
    "later": {"on": 1, "reason": "wacht op kinderopvang"},
    "pauze": {"from_on": 0, "until_on": 14, "reason": "op adem komen"},
    "stoppen": {
        "left_on": 0,
        "initiator": "candidate",
        "reason_candidate": "travel",
        "would_return": "maybe",
    },
}


@pytest.mark.parametrize("step", STEPS)
def test_a_step_has_a_date_and_a_reason_and_can_be_refused(
    coach: FlaskClient, world: World, step: str
) -> None:
    enrolment = one(Enrolment, world.own.enrolments[0])
    path = f"/deelnames/{enrolment.id}/{step}"
    token = token_in(coach.get(path).text)
    fields = {k: _day(v) if isinstance(v, int) else v for k, v in STEPS[step].items()}
    if step == "pauze":
        fields["owner_id"] = str(world.own.actors[Role.COACH].user_id)
    data = {"csrf_token": token, "version": enrolment.version, **fields}
    for name in fields:
        assert coach.post(path, data={**data, name: ""}).status_code == 422, name
    assert coach.post(path, data=data).status_code == 303
    page = coach.get(f"/kandidaten/{world.own.candidates[0]}").text
    told = {
        "later": "wacht op kinderopvang",
        "pauze": "op adem komen",
        "stoppen": "reizen of vervoer lukt niet",
    }
    assert told[step] in page


def _day(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def test_the_reason_belongs_to_who_took_the_initiative(coach: FlaskClient, world: World) -> None:
    enrolment = one(Enrolment, world.own.enrolments[0])
    path = f"/deelnames/{enrolment.id}/stoppen"
    page = coach.get(path).text
    assert "onbekend" not in page.lower()
    data = {
        "csrf_token": token_in(page),
        "version": enrolment.version,
        "left_on": _day(0),
        "initiator": "school",
        "reason_candidate": "travel",
        "would_return": "no",
    }
    refused = coach.post(path, data=data)
    assert refused.status_code == 422
    assert one(Enrolment, enrolment.id).state == "active"
    assert coach.post(path, data={**data, "reason_school": "absence"}).status_code == 303
    assert one(Enrolment, enrolment.id).dropout_reason == "absence"


def test_pause_back_and_undo(coach: FlaskClient, world: World) -> None:
    enrolment = one(Enrolment, world.own.enrolments[0])
    base = f"/deelnames/{enrolment.id}"
    token = token_in(coach.get(f"{base}/pauze").text)
    pause = {
        "csrf_token": token,
        "version": enrolment.version,
        "from_on": _day(-3),
        "until_on": _day(4),
        "owner_id": str(world.own.actors[Role.COACH].user_id),
        "reason": "op adem komen",
    }
    assert coach.post(f"{base}/pauze", data=pause).status_code == 303
    paused = one(Enrolment, enrolment.id)
    back = {"csrf_token": token, "version": paused.version, "on": _day(0)}
    assert coach.post(f"{base}/terug", data=back).status_code == 303
    active = one(Enrolment, enrolment.id)
    assert active.state == "active"
    page = coach.get(f"/kandidaten/{world.own.candidates[0]}").text
    assert "Laatste stap ongedaan maken" in page
    undo = {"csrf_token": token, "version": active.version}
    assert coach.post(f"{base}/ongedaan", data=undo).status_code == 303
    assert one(Enrolment, enrolment.id).state == "paused"
    assert coach.post(f"{base}/ongedaan", data=undo).status_code == 409  # an old version


def test_complete_names_an_exit_of_the_route(coach: FlaskClient, world: World) -> None:
    enrolment = one(Enrolment, world.own.enrolments[1])
    path = f"/deelnames/{enrolment.id}/afronden"
    page = coach.get(path).text
    exit_key = page.split('name="exit_kind" value="')[1].split('"')[0]
    data = {
        "csrf_token": token_in(page),
        "version": enrolment.version,
        "left_on": _day(0),
        "exit_kind": exit_key,
    }
    assert coach.post(path, data={**data, "exit_kind": "verzonnen"}).status_code == 422
    assert coach.post(path, data=data).status_code == 303
    assert one(Enrolment, enrolment.id).state == "completed"


def test_the_caseload_of_a_colleague_cannot_be_changed(coach: FlaskClient, world: World) -> None:
    for step in ("later", "pauze", "stoppen", "afronden", "verplaatsen", "terug", "stap"):
        assert coach.get(f"/deelnames/{world.own.enrolments[-1]}/{step}").status_code == 403
        assert coach.get(f"/deelnames/{world.foreign.enrolments[0]}/{step}").status_code == 404


def test_a_pause_is_prolonged_and_a_second_one_does_not_overlap(coach: FlaskClient, world: World) -> None:
    enrolment = one(Enrolment, world.own.enrolments[0])
    actor = world.own.actors[Role.COACH]
    with unit_of_work():
        steps.pause(
            actor, enrolment, clock.today() - timedelta(days=9), clock.today() - timedelta(days=2),
            actor.user_id, "ziek", enrolment.version,
        )  # fmt: skip
    base = f"/deelnames/{enrolment.id}"
    page = coach.get(f"{base}/pauze-verlengen").text
    fields = {
        "csrf_token": token_in(page),
        "version": one(Enrolment, enrolment.id).version,
        "owner_id": str(actor.user_id),
    }
    refused = coach.post(f"{base}/pauze-verlengen", data={**fields, "until_on": _day(-1)})
    assert refused.status_code == 422 and "Kies vandaag of een latere dag." in refused.text
    assert coach.post(f"{base}/pauze-verlengen", data={**fields, "until_on": _day(12)}).status_code == 303
    statement = select(Pause).where(Pause.enrolment_id == enrolment.id)
    assert db.session.scalars(unscoped(statement, "test")).one().until_on == clock.today() + timedelta(
        days=12
    )
    with unit_of_work():
        row = one(Enrolment, enrolment.id)
        steps.resume(actor, row, clock.today(), row.version)
    before = one(Enrolment, enrolment.id)
    with pytest.raises(DomainError, match="was er al een pauze"), unit_of_work():
        steps.pause(
            actor,
            before,
            clock.today() - timedelta(days=3),
            clock.today(),
            actor.user_id,
            "weer",
            before.version,
        )
