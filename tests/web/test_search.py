"""Search: what it finds, for whom, and that it never tells of anybody else (promises 4, 59)."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select, true

from inleer.audit import ReadLog
from inleer.cli.policy import ROLES
from inleer.db import db, new_id, unit_of_work
from inleer.people.actions import create_candidate, set_number, update_candidate
from inleer.people.models import Candidate
from inleer.policy import Role, unscoped
from tests.policy import test_canary
from tests.web.test_query_counts import statements
from tests.world import World, browse, build, one

SEARCHERS = (Role.COACH, Role.LEERHOME_COORDINATOR, Role.TEACHER, Role.PROGRAMME_MANAGER)


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=4, weeks=1)


def rename(world: World, number: int, **names: str) -> None:
    with unit_of_work():
        candidate = one(Candidate, world.own.candidates[number])
        update_candidate(world.own.actors[Role.COACH], candidate, names)


def asked(client: FlaskClient, question: str) -> str:
    answer = client.get("/zoeken", query_string={"q": question})
    assert answer.status_code == 200
    return answer.text.partition("<main")[2]


def found(client: FlaskClient, question: str, name: str) -> bool:
    """Whether the name is among what was found; the box repeats the question."""
    return name in asked(client, question).partition("</form>")[2]


QUESTIONS = {
    "sahin": True,
    "ŞAHİN": True,
    "zoe": True,
    "van der sahin": True,
    "sahin zoë": True,
    "ahi": True,
    "sahin\x00": True,
    "sahin piet": False,
    "%%": False,
    "__": False,
    "s%n": False,
    "s_hin": False,
    "/%": False,
    "' OR 1=1--": False,
    "\x00\x00": False,
}


def test_a_name_is_found_by_any_parts_and_wildcards_are_letters(app: Flask, world: World) -> None:
    rename(world, 1, first_name="Zoë", tussenvoegsel="van der", last_name="Şahin")
    client = browse(app, world.own.actors[Role.COACH])
    assert {q: found(client, q, "Şahin, Zoë van der") for q in QUESTIONS} == QUESTIONS


def test_ijs_finds_both_ways_of_writing_it(app: Flask, world: World) -> None:
    client = browse(app, world.own.actors[Role.COACH])
    for name in ("IJsbrand", "ĳsbrand", "Ĳsbrand", "ijsbrand"):
        rename(world, 1, first_name=name, tussenvoegsel="in 't", last_name="Veld")
        for question in ("ijs", "IJS", "ĳs", "’t veld"):
            assert found(client, question, f"Veld, {name} in &#39;t"), (name, question)


def test_wildcards_in_a_name_and_a_number_are_found_as_such(app: Flask, world: World) -> None:
    rename(world, 1, last_name="100%_zeker")
    with unit_of_work():
        number = set_number(
            world.own.actors[Role.COACH], one(Candidate, world.own.candidates[2]), world.own.agency, "K_7%"
        )
        assert number.number == "K_7%"
    client = browse(app, world.own.actors[Role.COACH])
    page = asked(client, "%_z")
    assert "100%_zeker" in page
    assert "Achter2" not in page
    assert found(client, "k_7%", "Achter2")
    assert not found(client, "k__%", "Achter2")


def test_numbers_are_found_by_who_may_see_them(app: Flask, world: World) -> None:
    """The school sees its own numbers, not those of the agency; who reads the dossier sees both."""
    own = world.own
    with unit_of_work():
        set_number(own.actors[Role.COACH], one(Candidate, own.candidates[0]), own.school, "ST-4411")
    expected = {
        Role.COACH: (True, True),
        Role.LEERHOME_COORDINATOR: (True, True),
        Role.TEACHER: (False, True),
        Role.PROGRAMME_MANAGER: (True, False),
    }
    for role, (client_number, student_number) in expected.items():
        client = browse(app, own.actors[role])
        assert found(client, "kanariea-0", "Achter0") is client_number, role
        assert found(client, "4411", "Achter0") is student_number, role
        if student_number:
            assert "studentnummer ST-4411" in asked(client, "st-44")


def test_the_file_opens_for_who_may_and_the_board_for_who_plans(app: Flask, world: World) -> None:
    own, mine = world.own, f"/kandidaten/{world.own.candidates[0]}"
    colleagues = f"/kandidaten/{own.candidates[-1]}"
    page = asked(browse(app, own.actors[Role.COACH]), "achter")
    assert mine in page
    assert colleagues not in page
    assert f"Achter3 {own.canary}" in page
    assert f"/lichtingen/{own.cohort}" in page
    page = asked(browse(app, own.actors[Role.PROGRAMME_MANAGER]), "achter")
    assert "/kandidaten/" not in page
    assert f"/lichtingen/{own.cohort}" in page
    page = asked(browse(app, own.actors[Role.TEACHER]), "achter")
    assert f"Achter0 {own.canary}" in page
    assert "/kandidaten/" not in page
    assert "/lichtingen/" not in page


def test_editions_and_employers_are_found_by_name(app: Flask, world: World) -> None:
    client = browse(app, world.own.actors[Role.PROGRAMME_MANAGER])
    assert found(client, "lichting kanariea", f"/lichtingen/{world.own.cohort}")
    assert found(client, "EMPLOYER", f"/werkgevers/{world.own.employer}")


def test_somebody_elses_person_is_not_there_and_leaves_no_trace(app: Flask, world: World) -> None:
    """The answer for a foreign name or number is that for one that does not exist, but for the question itself."""
    with unit_of_work():
        stranger = one(Candidate, world.foreign.candidates[0])
        update_candidate(world.foreign.actors[Role.COACH], stranger, {"last_name": "Vreemdeling"})
    for role in SEARCHERS:
        client = browse(app, world.own.actors[role])
        for question, nobody in (("vreemdeling", "nietbestaand"), ("kanarieb-0", "kanariex-0")):
            first, second = (asked(client, q).replace(q, "VRAAG") for q in (question, nobody))
            assert first == second, role
            assert "Niets gevonden" in first


def test_who_has_nothing_to_search_gets_no_box_and_no_page(app: Flask, world: World) -> None:
    for role in set(ROLES) - set(SEARCHERS):
        client = browse(app, world.own.actors[role])
        assert client.get("/zoeken?q=achter").status_code == 403, role
        assert 'href="/zoeken"' not in client.get("/account").text, role


def test_who_is_found_stands_in_the_read_log(app: Flask, world: World) -> None:
    client = browse(app, world.own.actors[Role.COACH])
    asked(client, "achter1")
    asked(client, "niemand zo")
    rows = db.session.execute(select(ReadLog)).scalars().all()
    assert [(r.endpoint, r.subject_ids) for r in rows] == [("search.index", [str(world.own.candidates[1])])]


def test_one_letter_is_no_question(app: Flask, world: World) -> None:
    client = browse(app, world.own.actors[Role.COACH])
    page = asked(client, "a")
    assert "te kort" in page
    assert "Achter0" not in page


def test_many_people_take_as_many_statements_and_say_that_there_are_more(app: Flask, world: World) -> None:
    client = browse(app, world.own.actors[Role.COACH])
    few = statements(client, "/zoeken?q=achter")
    coach = world.own.actors[Role.COACH]
    with unit_of_work():
        for n in range(60):
            create_candidate(coach, world.own.agency, {"last_name": f"Achterberg{n}"}, None, coach.user_id)
    many = statements(client, "/zoeken?q=achter")
    assert len(few) == len(many) <= 6, "\n\n".join(many)
    page = asked(client, "achter")
    assert "de eerste 50" in page
    assert page.count("Achterberg") <= 50


def test_a_part_at_the_start_of_a_name_comes_first(app: Flask, world: World) -> None:
    rename(world, 1, first_name="Bo", last_name="Aalberg")
    rename(world, 2, first_name="Bo", last_name="Berg")
    page = asked(browse(app, world.own.actors[Role.COACH]), "berg")
    assert page.index("Berg, Bo") < page.index("Aalberg, Bo")


def test_a_search_without_scope_would_be_found(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the crawl of promise 4 asks this page for a part of a foreign name."""
    asked_there = [url for url in test_canary.urls(app, world) if url.startswith("/zoeken")]
    monkeypatch.setattr(test_canary, "urls", lambda _app, _world: asked_there)
    monkeypatch.setattr("inleer.reports.searching._listed", lambda _actor: true())
    client = browse(app, world.own.actors[Role.COACH])
    leaks = test_canary.leaks(app, client, world, Role.COACH)
    assert {url for url, _text in leaks} == {"/zoeken?q=chter0"}


def test_every_way_to_write_a_name_keeps_the_search_key(app: Flask, world: World) -> None:
    """With and without an object: forms, and the statements of imports."""
    with unit_of_work() as session:
        values = {"agency_id": world.own.agency, "startkwalificatie": "no", "sort_name": "x", "version": 1}
        names = [("Zoë", "van der", "Şahin"), ("", "", "Ĳsbrand")]
        rows = [
            {
                "id": new_id(),
                "created_at": one(Candidate, world.own.candidates[0]).created_at,
                "first_name": first,
                "tussenvoegsel": middle,
                "last_name": last,
                **values,
            }
            for first, middle, last in names
        ]
        session.connection().execute(insert(Candidate.__table__), rows)  # type: ignore[arg-type]
    rename(world, 0, tussenvoegsel="de", last_name="Groot")
    keys = db.session.execute(unscoped(select(Candidate.search_key), "test")).scalars().all()
    assert {"zoe van der sahin", "ijsbrand", "voor0 de groot"} <= set(keys)
