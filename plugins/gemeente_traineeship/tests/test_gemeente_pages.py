"""The pages and boxes: who gets which, what they show and do, what is noted. Both databases."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from gemeente_world import END, FIRST, START, Traineeship
from inleer_gemeente import assignments, demo, demo_editions
from inleer_gemeente.access import MANAGE, PLAN, VIEW
from sqlalchemy import select

from inleer.audit import ReadLog
from inleer.db import db, unit_of_work
from inleer.placements.models import Placement
from inleer.policy import Role, can, system_actor, unscoped
from tests.world import browse, one, token_in

MANAGES = {Role.COACH, Role.PROGRAMME_MANAGER}
SEES = {*MANAGES, Role.LEERHOME_COORDINATOR}


def text_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split()).replace("\N{NO-BREAK SPACE}", " ")


def form_of(gemeente: Traineeship, **changes: Any) -> dict[str, str]:
    fields = {
        "host_id": str(gemeente.own.employer),
        "directorate": "Directie Wonen",
        "function": "Adviseur",
        "profile": "space",
        "places": "2",
        "from_on": str(START),
        "until_on": str(END),
        "supervisor_name": "T. Begeleider",
        "supervisor_trained_on": "2026-11-10",
        "version": "",
    }
    return {**fields, **changes}


@pytest.fixture
def paths(gemeente: Traineeship) -> dict[str, tuple[str, bool, str]]:
    """Every page: name → (address, whether it changes, method)."""
    workplace = gemeente.workplace()
    site, task = f"werkplek/{workplace.id}", f"opdracht/{gemeente.assignment(0).id}"
    who = f"trainee/{gemeente.people[0]}"
    placed = f"{who}/plaatsing/{gemeente.place(workplace).id}"
    pages = {
        "index": ("werkplekken", False, "GET"),
        "new_workplace": ("werkplek/nieuw", True, "GET"),
        "change_workplace": (site, True, "GET"),
        "remove_workplace": (f"{site}/verwijderen", True, "POST"),
        "restore_workplace": (f"{site}/terugzetten", True, "POST"),
        "new_assignment": ("opdracht/nieuw", True, "GET"),
        "change_assignment": (task, True, "GET"),
        "remove_assignment": (f"{task}/verwijderen", True, "POST"),
        "restore_assignment": (f"{task}/terugzetten", True, "POST"),
        "profile": (f"{who}/profiel", True, "GET"),
        "place": (f"{who}/plaatsen", True, "GET"),
        "undo_place": (f"{placed}/terug", True, "POST"),
    }
    return {name: (gemeente.url(tail), changes, method) for name, (tail, changes, method) in pages.items()}


def test_every_page_of_the_plugin_is_in_this_table(
    app: Flask, gemeente: Traineeship, paths: dict[str, Any]
) -> None:
    endpoints = {r.endpoint.partition(".")[::2] for r in app.url_map.iter_rules()}
    assert {page for plugin, page in endpoints if plugin == "gemeente"} == set(paths)


def test_who_gets_which_page(app: Flask, gemeente: Traineeship, paths: dict[str, Any]) -> None:
    for role in Role:
        if role in (Role.SYSTEM, Role.CANDIDATE):
            continue
        client = browse(app, gemeente.actor(role))
        for name, (url, changes, method) in paths.items():
            token = token_in(client.get("/account").text) if method == "POST" else ""
            data = {"csrf_token": token, "version": "x"} if token else None
            answer = client.open(url, method=method, data=data)
            # The school takes no part in this cohort, nor does a person exist for who has nothing to do with them.
            allowed = role in (MANAGES if changes else SEES)
            expected = {422 if method == "POST" else 200} if allowed else {403, 404}
            assert answer.status_code in expected, (role, name)


def test_a_foreign_cohort_and_one_that_never_was_are_the_same(
    app: Flask, gemeente: Traineeship, paths: dict[str, Any]
) -> None:
    own, foreign, nothing = (str(i) for i in (gemeente.cohort, gemeente.foreign.cohort, uuid4()))
    client, stranger = browse(app, gemeente.actor()), browse(app, gemeente.foreign.actors[Role.COACH])
    token, other_token = (token_in(c.get("/account").text) for c in (client, stranger))
    for url, _changes, method in paths.values():
        for other in (foreign, nothing):
            answer = client.open(url.replace(own, other), method=method, data={"csrf_token": token})
            assert answer.status_code == 404, url
        assert stranger.open(url, method=method, data={"csrf_token": other_token}).status_code == 404


def test_the_grants(gemeente: Traineeship) -> None:
    for role, actor in gemeente.own.actors.items():
        assert can(actor, VIEW, ["agency", "leerhome"]).allowed == (role in SEES)
        assert can(actor, MANAGE, ["agency", "leerhome"]).allowed == (role in MANAGES)
        assert can(actor, PLAN, ["agency", "caseload"]).allowed == (role in MANAGES)
    assert not can(gemeente.actor(), PLAN, ["agency"]).allowed, "a coach places the own caseload only"


# --- what the pages show and do ---------------------------------------------------------------------


def test_from_workplace_to_placement_and_back(gemeente: Traineeship) -> None:
    browser, index = gemeente.browser(), gemeente.url("werkplekken")
    new = gemeente.url("werkplek/nieuw")
    assert browser.post(new, new, **form_of(gemeente)).location == index
    assert "De werkplek staat erbij." in browser.get(index).text
    place = gemeente.url(f"trainee/{gemeente.people[0]}/plaatsen")
    page = browser.get(f"{place}?periode=werkplek_2").text
    assert 'selected value="werkplek_2"' in page
    assert "Directie Wonen · Adviseur (Openbare ruimte), 2 van 2 vrij" in text_of(page)
    (option,) = re.findall(r'value="([0-9a-f-]{36})">Directie Wonen', page)
    fields = {"phase_key": "werkplek_1", "workplace_id": option, "hours": "28", "agreed": "y"}
    assert browser.post(place, place, **fields).location == index
    shown = browser.get(index).text
    assert "Adviseur Directie Wonen afgesproken" in text_of(shown)
    undo = re.search(r'<div class="undo">.*?action="([^"]+)".*?</form>', shown, re.DOTALL)
    assert undo is not None
    sent = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', undo[0]))
    assert browser.client.post(undo[1], data=sent).status_code == 303
    assert gemeente.stays() == []


def test_what_blocks_agreeing_is_told_next_to_the_workplace(gemeente: Traineeship) -> None:
    workplace = gemeente.workplace(supervisor_trained_on=None)
    browser, place = gemeente.browser(), gemeente.url(f"trainee/{gemeente.people[0]}/plaatsen")
    fields = {"phase_key": "werkplek_1", "workplace_id": str(workplace.id), "hours": "28"}
    refused = browser.post(place, place, **fields, agreed="y")
    assert refused.status_code == 422
    assert "Dit kan nog niet worden afgesproken. Een training van T. Begeleider" in text_of(refused.text)
    assert browser.post(place, place, **fields).status_code == 303
    page = text_of(browser.get(gemeente.url("werkplekken")).text)
    assert "begeleider niet getraind" in page
    assert "regel: zo kan een plaatsing niet worden afgesproken" in page
    assert "Directie Wonen: 1, afgesproken is 3 of 4." in page
    assert "4 trainees; de groep is 12 tot en met 16, met 14 als streefgetal." in page
    assert "Nog geen eerste werkplek." in page


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("directorate", "", "Vul een directie in."),
        ("function", "x" * 121, "Hoogstens 120 tekens"),
        ("profile", "kraan", "geldige keuze"),
        ("places", "21", "van 1 tot en met 20"),
        ("until_on", "2026-10-01", "voor de eerste dag"),
        ("supervisor_name", "111222333", "burgerservicenummer"),
    ],
)
def test_a_mistake_keeps_what_was_typed(gemeente: Traineeship, field: str, value: str, sentence: str) -> None:
    new = gemeente.url("werkplek/nieuw")
    answer = gemeente.browser().post(new, new, **form_of(gemeente, **{field: value}))
    assert answer.status_code == 422
    assert sentence in text_of(answer.text)
    assert 'value="Adviseur"' in answer.text or field == "function"


def test_who_saves_second_sees_both(gemeente: Traineeship) -> None:
    workplace = gemeente.workplace()
    change, opened = gemeente.url(f"werkplek/{workplace.id}"), str(workplace.version)
    first, second = gemeente.browser(), gemeente.browser(Role.PROGRAMME_MANAGER)
    fields = form_of(gemeente, version=opened)
    assert first.post(change, change, **{**fields, "supervisor_name": "Sluis"}).status_code == 303
    answer = second.post(change, change, **{**fields, "supervisor_name": "<b>Kade</b>"})
    assert answer.status_code == 409
    assert "Sluis" in answer.text and "&lt;b&gt;Kade&lt;/b&gt;" in answer.text


def test_other_columns_cannot_be_posted(gemeente: Traineeship) -> None:
    new = gemeente.url("werkplek/nieuw")
    for extra in ("removed_at", "cohort_id", "id"):
        assert gemeente.browser().post(new, new, **form_of(gemeente), **{extra: "x"}).status_code == 422


def test_profiles_and_assignments_are_shown(gemeente: Traineeship) -> None:
    browser = gemeente.browser()
    profile = gemeente.url(f"trainee/{gemeente.people[1]}/profiel")
    assert browser.post(profile, profile, profile="social").status_code == 303
    task = gemeente.url("opdracht/nieuw")
    fields = {"title": "Wijkonderzoek", "client": "Sport", "from_on": str(FIRST), "until_on": str(END)}
    members = [str(key) for key in gemeente.people[:2]]
    assert browser.post(task, task, **fields, members=members, version="").status_code == 303
    page = text_of(gemeente.browser(Role.LEERHOME_COORDINATOR).get(gemeente.url("werkplekken")).text)
    assert "Sociaal domein" in page and "Wijkonderzoek Sport" in page
    assert "Mens00 KANARIEA, Extra0 · Mens01 KANARIEA, Extra1" in page
    assert "Plaatsen" not in page and "Wijzigen" not in page


def test_a_placement_of_another_person_is_not_there(gemeente: Traineeship) -> None:
    made = gemeente.place(gemeente.workplace())
    tail = f"trainee/{gemeente.people[1]}/plaatsing/{made.id}/terug"
    index = gemeente.url("werkplekken")
    assert gemeente.browser().post(gemeente.url(tail), index, version=str(made.version)).status_code == 404
    assert one(Placement, made.id).state == "proposed"


def test_pages_with_names_are_noted(gemeente: Traineeship) -> None:
    browser, actor = gemeente.browser(), gemeente.actor()
    for tail in ("werkplekken", f"trainee/{gemeente.people[0]}/plaatsen", "opdracht/nieuw"):
        browser.get(gemeente.url(tail))
    statement = select(ReadLog).where(
        ReadLog.user_id == actor.user_id, ReadLog.endpoint.startswith("gemeente.")
    )
    noted = {r.endpoint: set(r.subject_ids) for r in db.session.scalars(statement)}
    everybody = {str(p) for p in gemeente.people}
    assert noted == {
        "gemeente.index": everybody,
        "gemeente.place": {str(gemeente.people[0])},
        "gemeente.new_assignment": everybody,
    }


@pytest.mark.parametrize("people", [5, 30])
def test_pages_take_the_same_statements_for_any_number_of_people(
    gemeente: Traineeship, people: int, statements: Any
) -> None:
    gemeente.enlarge(people)
    workplaces = [gemeente.workplace(places=20, function=f"Functie {n}") for n in range(1 + people // 10)]
    for person in range(0, people, 2):
        gemeente.place(workplaces[person % len(workplaces)], person)
    browser, found = gemeente.browser(), {}
    for tail in ("werkplekken", f"trainee/{gemeente.people[0]}/plaatsen"):
        browser.get(gemeente.url(tail))
        with statements() as sent:
            assert browser.get(gemeente.url(tail)).status_code == 200
        found[tail.partition("/")[0]] = len(sent)
    assert found == {"werkplekken": 19, "trainee": 11}


def test_the_panel_and_the_box_stand_on_the_core_s_pages(gemeente: Traineeship) -> None:
    gemeente.place(gemeente.workplace(), agreed=True)
    for role in SEES:
        page = gemeente.browser(role).get(f"/lichtingen/{gemeente.cohort}")
        assert page.status_code == 200
        assert "Zonder werkplek" in page.text and gemeente.url("werkplekken") in page.text
    page = text_of(gemeente.browser().get(f"/kandidaten/{gemeente.own.candidates[0]}").text)
    assert "vanaf 1 dec 2026 Adviseur Directie Wonen" in page
    empty = gemeente.browser().get(f"/kandidaten/{gemeente.own.candidates[1]}").text
    assert "Nog geen werkplek gepland." in empty


def test_the_canary_of_the_other_side_is_nowhere(gemeente: Traineeship, paths: dict[str, Any]) -> None:
    foreign = gemeente.foreign
    with unit_of_work():
        values = assignments.AssignmentInput(foreign.canary, foreign.canary, FIRST, END)
        assignments.add(foreign.actors[Role.COACH], foreign.cohort, values)
    browser = gemeente.browser()
    for url, _changes, method in paths.values():
        if method == "GET":
            page = browser.get(url).text
            assert gemeente.own.canary in page
            assert foreign.canary not in page


def test_text_is_escaped_everywhere(gemeente: Traineeship) -> None:
    attack = "<script>alert(1)</script>"
    workplace = gemeente.workplace(directorate=attack, function=attack, supervisor_name=attack)
    gemeente.assignment(0, title=attack, client=attack)
    gemeente.place(workplace)
    browser = gemeente.browser()
    for url in (
        gemeente.url("werkplekken"),
        gemeente.url(f"trainee/{gemeente.people[0]}/plaatsen"),
        f"/lichtingen/{gemeente.cohort}",
        f"/kandidaten/{gemeente.own.candidates[0]}",
    ):
        page = browser.get(url).text
        assert attack not in page and "&lt;script&gt;" in page


# --- demo ------------------------------------------------------------------------------------------


def test_demo_data_is_made_once_and_shows_what_counts(gemeente: Traineeship) -> None:
    (edition,) = demo_editions.EDITIONS
    assert len(edition.people) == 14
    gemeente.enlarge(14)
    with unit_of_work():
        assert demo.seed(system_actor(), gemeente.cohort) == 12 + 14 + 9 + 2 + 14
    with unit_of_work():
        assert demo.seed(system_actor(), gemeente.cohort) == 0
    rows = db.session.execute(unscoped(select(Placement), "test")).scalars().all()
    mine = [p for p in rows if p.cohort_id == gemeente.cohort]
    assert {p.state for p in mine} == {"proposed", "agreed"}
    page = text_of(gemeente.browser().get(gemeente.url("werkplekken")).text)
    assert "14 trainees, streefgetal 14" in page
    assert "Werkplek 1" in page and "J. Vos" in page
