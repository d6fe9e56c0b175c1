"""The pages: who gets which, what they show, what is noted, and what two people at once see. Both databases."""

from __future__ import annotations

import io
import re
from datetime import date
from html import unescape
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from flask import Flask
from inleer_logistiek import actions
from logistiek_world import FORKLIFT, Logistiek
from sqlalchemy import select

from inleer.audit import ReadLog
from inleer.cohorts.actions import NewCohort, create_cohort
from inleer.cohorts.enrolments import drop_out
from inleer.cohorts.models import Enrolment
from inleer.db import db, unit_of_work
from inleer.leerroutes.queries import route_version
from inleer.policy import Role
from tests.world import browse, one, token_in

D = date.fromisoformat
FORM = {
    "kind": "forklift",
    "obtained_on": "2026-10-01",
    "valid_until": "2031-09-30",
    "issuer": "De Kade",
    "number": "DK-1",
}
MANAGES = {Role.COACH, Role.LEERHOME_COORDINATOR}
SEES = {*MANAGES, Role.PROGRAMME_MANAGER, Role.TEACHER}


def text_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split()).replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
def paths(logistiek: Logistiek) -> dict[str, tuple[str, bool, str]]:
    """Every page: name → (address, whether it changes, method)."""
    made = logistiek.give()
    one_made = logistiek.url(f"certificaat/{made.id}")
    return {
        "index": (logistiek.url("certificaten"), False, "GET"),
        "person": (logistiek.url(f"certificaten/{logistiek.people[0]}"), False, "GET"),
        "new": (logistiek.url("certificaten/nieuw"), True, "GET"),
        "change": (one_made, True, "GET"),
        "remove": (f"{one_made}/verwijderen", True, "POST"),
        "restore": (f"{one_made}/terugzetten", True, "POST"),
    }


def test_every_page_of_the_plugin_is_in_this_table(
    app: Flask, logistiek: Logistiek, paths: dict[str, Any]
) -> None:
    endpoints = {r.endpoint.partition(".")[::2] for r in app.url_map.iter_rules()}
    assert {page for plugin, page in endpoints if plugin == "logistiek"} == set(paths)


def test_who_gets_which_page(app: Flask, logistiek: Logistiek, paths: dict[str, Any]) -> None:
    for role in Role:
        if role in (Role.SYSTEM, Role.CANDIDATE):
            continue
        client = browse(app, logistiek.actor(role))
        for name, (url, changes, method) in paths.items():
            token = token_in(client.get("/account").text) if method == "POST" else ""
            answer = client.open(
                url, method=method, data={"csrf_token": token, "version": "x"} if token else None
            )
            # An employer is no partner of this cohort: for them it does not exist.
            missing = 404 if role in (Role.EMPLOYER, Role.WORKPLACE_SUPERVISOR) else 403
            allowed = role in (MANAGES if changes else SEES)
            # A step without a version is refused as such, after the gate let it through.
            expected = (422 if method == "POST" else 200) if allowed else missing
            assert answer.status_code == expected, (role, name)


def test_a_foreign_cohort_and_one_that_never_was_are_the_same(
    app: Flask, logistiek: Logistiek, paths: dict[str, Any]
) -> None:
    own, foreign, nothing = (str(i) for i in (logistiek.cohort, logistiek.foreign.cohort, uuid4()))
    client = browse(app, logistiek.actor())
    for url, _changes, method in paths.values():
        token = token_in(client.get("/account").text)
        for other in (foreign, nothing):
            answer = client.open(url.replace(own, other), method=method, data={"csrf_token": token})
            assert answer.status_code == 404, url
    stranger = browse(app, logistiek.foreign.actors[Role.COACH])
    for url, _changes, method in paths.values():
        token = token_in(stranger.get("/account").text)
        assert stranger.open(url, method=method, data={"csrf_token": token}).status_code == 404


def test_a_certificate_of_another_cohort_is_not_there(logistiek: Logistiek) -> None:
    """Both cohorts are the actor's own; only together with its own cohort does a certificate or a person exist."""
    made = logistiek.give()
    with unit_of_work():
        route = route_version("logistiek.leerbedrijf", 1)
        assert route is not None
        new = NewCohort(slug="nog-een", name="Nog een", starts_on=D("2026-08-31"), region="midden")
        manager = logistiek.actor(Role.PROGRAMME_MANAGER)
        other = create_cohort(manager, logistiek.own.agency, route, new).id
    coach = logistiek.browser()
    assert coach.get(f"/logistiek/{other}/certificaten").status_code == 200
    for tail in (f"certificaat/{made.id}", f"certificaten/{logistiek.people[0]}"):
        assert coach.get(f"/logistiek/{other}/{tail}").status_code == 404
        assert coach.get(logistiek.url(tail)).status_code == 200


def test_without_a_login_one_is_sent_to_it(app: Flask, logistiek: Logistiek) -> None:
    for cohort in (logistiek.cohort, logistiek.foreign.cohort, uuid4()):
        answer = app.test_client().get(f"/logistiek/{cohort}/certificaten")
        assert answer.status_code == 303
        assert "/inloggen" in answer.location


# --- what the pages show and do ---------------------------------------------------------------------


def test_recording_changing_and_reading_back(logistiek: Logistiek) -> None:
    coach, school = logistiek.browser(), logistiek.browser(Role.TEACHER)
    new = logistiek.url(f"certificaten/nieuw?deelnemer={logistiek.people[1]}")
    page = coach.get(new).text
    assert f'selected value="{logistiek.people[1]}"' in page
    answer = coach.post(new, new, **FORM, enrolment_id=str(logistiek.people[1]), version="")
    here = logistiek.url(f"certificaten/{logistiek.people[1]}")
    assert (answer.status_code, answer.location) == (303, here)
    assert "Het certificaat staat erbij." in coach.get(here).text
    assert "DK-1" in school.get(here).text and "Wijzigen" not in school.get(here).text
    (made,) = logistiek.all()
    change = logistiek.url(f"certificaat/{made.id}")
    assert 'value="DK-1"' in coach.get(change).text
    answer = coach.post(change, change, **{**FORM, "valid_until": ""}, version=str(made.version))
    assert answer.status_code == 303
    assert "geen einddatum" in text_of(school.get(here).text)


def test_the_way_back_is_offered_after_each_step(logistiek: Logistiek) -> None:
    browser, new = logistiek.browser(), logistiek.url("certificaten/nieuw")
    here = logistiek.url(f"certificaten/{logistiek.people[0]}")

    def undo() -> None:
        form = re.search(r'<div class="undo">.*?</form>', browser.get(here).text, re.DOTALL)
        assert form is not None
        action = re.search(r'action="([^"]+)"', form[0])
        assert action is not None
        fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form[0]))
        assert browser.client.post(action[1], data=fields).status_code == 303

    browser.post(new, new, **FORM, enrolment_id=str(logistiek.people[0]), version="")
    undo()
    (made,) = logistiek.all()
    assert made.removed_at is not None
    assert "1 verwijderd certificaat" in browser.get(here).text
    browser.post(logistiek.url(f"certificaat/{made.id}/terugzetten"), here, version=str(made.version))
    assert logistiek.stored(made).removed_at is None
    undo()
    assert logistiek.stored(made).removed_at is not None


def test_a_double_click_makes_one_certificate(logistiek: Logistiek) -> None:
    browser, new = logistiek.browser(), logistiek.url("certificaten/nieuw")
    fields = {**FORM, "enrolment_id": str(logistiek.people[0]), "version": ""}
    assert [browser.post(new, new, **fields).status_code for _ in range(2)] == [303, 303]
    assert len(logistiek.all()) == 1
    other = browser.post(new, new, **{**fields, "number": "DK-9"})
    assert other.status_code == 422
    assert "staat er al" in other.text and 'value="DK-9"' in other.text


def test_who_saves_second_sees_both(logistiek: Logistiek) -> None:
    made = logistiek.give()
    change, opened = logistiek.url(f"certificaat/{made.id}"), str(made.version)
    first, second = logistiek.browser(), logistiek.browser(Role.LEERHOME_COORDINATOR)
    assert first.post(change, change, **{**FORM, "issuer": "Sluis"}, version=opened).status_code == 303
    answer = second.post(change, change, **{**FORM, "issuer": "<b>Kade</b>"}, version=opened)
    assert answer.status_code == 409
    assert "Sluis" in answer.text and "&lt;b&gt;Kade&lt;/b&gt;" in answer.text
    assert logistiek.stored(made).issuer == "Sluis"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("kind", "kraan", "geldige keuze"),
        ("kind", "", "Kies een soort certificaat."),
        ("enrolment_id", "", "Kies een deelnemer."),
        ("enrolment_id", "x", "geldige keuze"),
        ("obtained_on", "", "Vul een datum in"),
        ("obtained_on", "2026-11-21", "nog niet geweest"),
        ("valid_until", "2026-09-30", "ligt voor de dag"),
        ("issuer", "x" * 81, "Hoogstens 80 tekens"),
        ("number", "111222333", "burgerservicenummer"),
    ],
)
def test_a_mistake_keeps_what_was_typed(logistiek: Logistiek, field: str, value: str, sentence: str) -> None:
    browser, new = logistiek.browser(), logistiek.url("certificaten/nieuw")
    fields = {**FORM, "enrolment_id": str(logistiek.people[0]), "version": "", field: value}
    answer = browser.post(new, new, **fields)
    assert answer.status_code == 422
    assert sentence in text_of(answer.text)
    kept = "issuer" if field != "issuer" else "number"
    assert f'value="{FORM[kept]}"' in answer.text
    assert logistiek.all() == []


@pytest.mark.parametrize("extra", ["removed_at", "recorded_by_name", "cohort_id", "id"])
def test_other_columns_cannot_be_posted(logistiek: Logistiek, extra: str) -> None:
    browser, new = logistiek.browser(), logistiek.url("certificaten/nieuw")
    fields = {**FORM, "enrolment_id": str(logistiek.people[0]), "version": "", extra: "x"}
    assert browser.post(new, new, **fields).status_code == 422
    assert logistiek.all() == []


def test_a_certificate_stays_with_its_person(logistiek: Logistiek) -> None:
    made = logistiek.give()
    change = logistiek.url(f"certificaat/{made.id}")
    fields = {**FORM, "version": str(made.version), "enrolment_id": str(logistiek.people[1])}
    assert logistiek.browser().post(change, change, **fields).status_code == 422
    assert logistiek.stored(made).enrolment_id == logistiek.people[0]


def filled(logistiek: Logistiek) -> None:
    """0: a forklift that ends soon; 1: one that lapsed, and vca; 2: none; 3: ept without a last day."""
    logistiek.give(0, valid_until=D("2026-12-01"))
    logistiek.give(1, valid_until=D("2026-11-01"))
    logistiek.give(1, kind="vca", valid_until=D("2036-10-01"))
    logistiek.give(3, kind="ept", valid_until=None)


def test_the_list_follows_the_address(logistiek: Logistiek) -> None:
    filled(logistiek)
    browser = logistiek.browser()

    def numbers(query: str = "") -> str:
        page = browser.get(logistiek.url(f"certificaten{query}")).text
        return "".join(re.findall(r'<th scope="row"><a[^>]*>Mens(\d)', page))

    assert numbers() == "0123"
    assert numbers("?dir=desc") == "3210"
    assert numbers("?toon=mist") == "12"
    assert numbers("?toon=verloopt") == "0"
    assert numbers("?toon=verlopen") == "1"
    assert numbers("?soort=ept") == "3"
    assert numbers("?soort=forklift") == "0", "a certificate that lapsed does not count"
    assert numbers("?sort=number&dir=desc")[-1] == "2"
    assert numbers("?sort=last") == "1023"
    assert numbers("?toon=x&soort=y&sort=z&dir=q") == "0123", "what it does not know is not asked"
    assert numbers("?toon=verlopen&soort=ept") == ""
    page = browser.get(logistiek.url("certificaten?toon=verlopen&soort=ept")).text
    assert "Niemand past bij dit filter" in page


def test_what_needs_somebody_stands_first_with_its_rule(logistiek: Logistiek) -> None:
    filled(logistiek)
    enrolment = one(Enrolment, logistiek.people[2])
    with unit_of_work():
        drop_out(
            logistiek.actor(),
            enrolment,
            D("2026-11-17"),
            "candidate",
            "childcare",
            "no",
            enrolment.version,
        )
    page = text_of(logistiek.browser().get(logistiek.url("certificaten")).text)
    assert "1 zonder geldig truckcertificaat" in page, "who left is not counted"
    assert "Heftruck, geldig tot en met 1 nov 2026 regel: de laatste dag is voorbij" in page
    assert "Heftruck, geldig tot en met 1 dec 2026 regel: de laatste dag is binnen 30 dagen" in page
    assert "doet niet meer mee" in page


def test_the_list_as_a_file_is_the_list_on_the_screen(logistiek: Logistiek) -> None:
    filled(logistiek)
    browser = logistiek.browser(Role.TEACHER)
    answer = browser.get(logistiek.url("certificaten?toon=mist&format=csv"))
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="certificaten-logistiek-')
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert lines[0] == "Naam;Soort;Behaald op;Geldig tot en met;Stand;Uitgegeven door;Nummer"
    assert [line.split(";")[1] for line in lines[1:]] == ["Heftruck", "VCA-basis", "geen certificaat"]
    assert lines[1].split(";")[2:5] == ["01-10-2026", "01-11-2026", "verlopen"]
    book = openpyxl.load_workbook(
        io.BytesIO(browser.get(logistiek.url("certificaten?soort=ept&format=xlsx")).data)
    )
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[1][1] == "Elektrische pallettruck (EPT)" and rows[1][3] == "geen einddatum"
    assert browser.get(logistiek.url("certificaten?format=pdf")).mimetype == "text/html"


def test_an_empty_person_teaches(logistiek: Logistiek) -> None:
    tail = logistiek.url(f"certificaten/{logistiek.people[0]}")
    assert "Eerste certificaat toevoegen" in logistiek.browser().get(tail).text
    assert "Eerste certificaat toevoegen" not in logistiek.browser(Role.TEACHER).get(tail).text


def test_pages_with_names_are_noted(logistiek: Logistiek) -> None:
    made = logistiek.give()
    browser, actor = logistiek.browser(), logistiek.actor()
    person = f"certificaten/{logistiek.people[0]}"
    for tail in ("certificaten", person, "certificaten/nieuw", f"certificaat/{made.id}"):
        browser.get(logistiek.url(tail))
    statement = select(ReadLog).where(
        ReadLog.user_id == actor.user_id, ReadLog.endpoint.startswith("logistiek.")
    )
    noted = {r.endpoint: (r.subject_kind, set(r.subject_ids)) for r in db.session.scalars(statement)}
    everybody, first = {str(p) for p in logistiek.people}, {str(logistiek.people[0])}
    assert noted == {
        "logistiek.index": ("enrolment", everybody),
        "logistiek.person": ("enrolment", first),
        "logistiek.new": ("enrolment", everybody),
        "logistiek.change": ("enrolment", first),
    }


@pytest.mark.parametrize("people", [5, 20, 60])
def test_pages_take_the_same_statements_for_any_number_of_people(
    logistiek: Logistiek, people: int, statements: Any
) -> None:
    logistiek.enlarge(people)
    for person in range(0, people, 2):
        logistiek.give(person, valid_until=D("2026-12-01"))
    browser = logistiek.browser()
    expected = {"certificaten": 4, "certificaten?format=csv": 4, f"certificaten/{logistiek.people[0]}": 6}
    found = {}
    for tail in expected:
        browser.get(logistiek.url(tail))
        with statements() as sent:
            assert browser.get(logistiek.url(tail)).status_code == 200
        found[tail] = len(sent)
    assert found == expected


def test_the_canary_of_the_other_side_is_nowhere(logistiek: Logistiek) -> None:
    foreign = logistiek.foreign
    with unit_of_work():
        values = actions.CertificateInput("vca", D("2026-10-01"), None, foreign.canary)
        actions.add(foreign.actors[Role.COACH], foreign.cohort, foreign.enrolments[0], values)
    made = logistiek.give()
    browser = logistiek.browser()
    person = f"certificaten/{logistiek.people[0]}"
    for tail in ("certificaten", person, "certificaten/nieuw", f"certificaat/{made.id}"):
        page = browser.get(logistiek.url(tail)).text
        assert logistiek.own.canary in page
        assert foreign.canary not in page


def test_text_is_escaped_everywhere(logistiek: Logistiek) -> None:
    attack = "<script>alert(1)</script>"
    made = logistiek.give(issuer=attack, number=attack)
    browser = logistiek.browser()
    for tail in (f"certificaten/{logistiek.people[0]}", f"certificaat/{made.id}"):
        page = browser.get(logistiek.url(tail)).text
        assert attack not in page and "&lt;script&gt;" in page
    assert FORKLIFT.issuer not in page
