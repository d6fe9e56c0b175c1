"""Pages about employers: of the agency that asks, and of an employer with an account."""

from __future__ import annotations

import io

import openpyxl
import pytest
from flask import Flask

from inleer.accounts.models import Organisation
from inleer.audit import record
from inleer.db import db, unit_of_work
from inleer.intentions.models import JobIntention
from inleer.policy import Role
from tests.employers import form_of
from tests.world import World, browse, build, one, token_in


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=2, weeks=1)


@pytest.mark.parametrize("role", [Role.PROGRAMME_MANAGER, Role.COACH])
def test_staff_see_what_employers_ask_and_how_they_answer(app: Flask, world: World, role: Role) -> None:
    client, canary = browse(app, world.own.actors[role]), world.own.canary
    page = client.get("/werkgevers").text
    for text in (
        f"employer {canary}",
        f"Vraag {canary}",
        f"Collega {canary}",
        "0 van 2",
        "2 kan nog op tijd",
    ):
        assert text in page
    for query in (
        "?toon=wacht",
        "?toon=verouderd",
        "?toon=zonder",
        "?sort=respons&dir=asc",
        "?sort=x&toon=x",
    ):
        assert client.get(f"/werkgevers{query}").status_code == 200
    assert f"employer {canary}" not in client.get("/werkgevers?toon=verouderd").text.split('id="lijst"')[1]
    page = client.get(f"/werkgevers/{world.own.employer}").text
    for text in (
        f"Contact {canary}",
        "mail nog niet vertrokken",
        "via de link in de mail",
        "gevraagd per mail",
    ):
        assert text in page


def test_the_list_of_employers_leaves_as_it_is_shown(app: Flask, world: World) -> None:
    """Filtered as on the screen, in its order, and no cell is a formula."""
    with unit_of_work():
        employer = one(Organisation, world.own.employer)
        employer.name = "=HYPERLINK(1)"
        record(world.own.actors[Role.ADMINISTRATOR], "test.made", employer)
    manager = browse(app, world.own.actors[Role.PROGRAMME_MANAGER])
    book = openpyxl.load_workbook(io.BytesIO(manager.get("/werkgevers?format=xlsx").data))
    sheet = book.active
    assert sheet is not None
    names = [row[0] for row in sheet.iter_rows()]
    assert [cell.value for cell in names] == ["Werkgever", "=HYPERLINK(1)"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    text = manager.get("/werkgevers?format=csv&toon=wacht").data.decode("utf-8-sig").splitlines()
    assert text[1].startswith("'=HYPERLINK(1);")
    assert len(manager.get("/werkgevers?format=csv&toon=verouderd").data.decode().splitlines()) == 1
    assert "format=xlsx" in manager.get("/werkgevers").text


def test_the_sender_finds_it_on_the_first_page(app: Flask, world: World) -> None:
    manager = browse(app, world.own.actors[Role.PROGRAMME_MANAGER])
    assert "Naar de werkgevers" in manager.get("/lichtingen").text
    assert f"Vraag {world.own.canary}" not in browse(app, world.own.actors[Role.COACH]).get("/vandaag").text


def test_an_employer_with_an_account_answers_and_renews(app: Flask, world: World) -> None:
    boss, canary = browse(app, world.own.actors[Role.EMPLOYER]), world.own.canary
    assert boss.get("/").headers["Location"] == "/mijn-intenties"
    page = boss.get("/mijn-intenties").text
    assert "Wacht op uw antwoord" in page and f"Contact {canary}" in page
    assert f"Helpende {canary}" not in page, "what was never asked is a note of the agency"
    assert boss.get(f"/mijn-intenties/{world.own.intention}").status_code == 404
    assert boss.get(f"/mijn-intenties/vraag/{world.foreign.others['intention_request']}").status_code == 404
    path = f"/mijn-intenties/vraag/{world.own.others['intention_request']}"
    form = {**form_of(boss.get(path).text), "name": "Rob", "answer_0": "confirm"}
    assert boss.post(path, data=form).status_code == 303
    own = f"/mijn-intenties/{world.own.others['asked']}"
    page = boss.get(own).text
    assert " checked" not in page.split("<main", 1)[1]
    token = {"csrf_token": token_in(page)}
    known = {**token, "positions": "2", "hours_min": "20", "hours_max": "28"}
    for answer, words in (("change", "Verander het aantal"), ("", "Kies wat u wilt doen")):
        refused = boss.post(own, data={**known, "answer": answer, "version": _version(world)})
        assert refused.status_code == 422 and words in refused.text
    for fields in ({"answer": "change", "positions": "1"}, {"answer": "confirm"}, {"answer": "decline"}):
        assert boss.post(own, data={**known, **fields, "version": _version(world)}).status_code == 303
    row = one(JobIntention, world.own.others["asked"])
    assert (row.state, row.positions) == ("withdrawn", 1)
    assert "Wat u hebt verklaard" in boss.get(own).text


def _version(world: World) -> str:
    db.session.rollback()
    db.session.expire_all()
    return str(one(JobIntention, world.own.others["asked"]).version)


def test_others_have_no_pages_about_employers(app: Flask, world: World) -> None:
    for role in (Role.TEACHER, Role.LEERHOME_COORDINATOR, Role.ADMINISTRATOR, Role.EMPLOYER, Role.CANDIDATE):
        assert browse(app, world.own.actors[role]).get("/werkgevers").status_code == 403
