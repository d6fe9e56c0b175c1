"""The pages: who gets which, what they show, what is noted, and what two people at once see. Both databases."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from inleer_zorg import actions
from inleer_zorg.models import HelpRequest, Visit
from sqlalchemy import select
from zorg_world import WALK, Zorg

from inleer.app import create_app
from inleer.audit import ReadLog
from inleer.cohorts.actions import NewCohort, create_cohort
from inleer.cohorts.enrolments import drop_out
from inleer.cohorts.models import Enrolment
from inleer.config import Settings
from inleer.db import db, unit_of_work
from inleer.leerroutes.actions import publish
from inleer.leerroutes.queries import route_version
from inleer.policy import Role, system_actor
from tests.plugins import dummy
from tests.world import browse, build, one, token_in

D = date.fromisoformat
FORM = {
    "requester": "Ahmed",
    "task": "company",
    "description": "Koffie drinken.",
    "area": "Atolwijk",
    "weekday": "0",
    "starts": "14:00",
    "agreed_minutes": "90",
    "asked_on": "2026-11-16",
}
SEES = {Role.COACH, Role.LEERHOME_COORDINATOR, Role.PROGRAMME_MANAGER}
MANAGES = {Role.COACH, Role.LEERHOME_COORDINATOR}


def text_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture
def paths(zorg: Zorg) -> dict[str, tuple[str, bool, str]]:
    """Every page: name → (address, whether it changes, method)."""
    request = zorg.given()
    visit = zorg.visit(request, D("2026-11-05"))
    one_request, one_visit = zorg.url(f"hulpvragen/{request.id}"), zorg.url(f"bezoeken/{visit.id}")
    return {
        "index": (zorg.url("hulpvragen"), False, "GET"),
        "hours": (zorg.url("uren"), False, "GET"),
        "show": (one_request, False, "GET"),
        "new": (zorg.url("hulpvragen/nieuw"), True, "GET"),
        "change": (f"{one_request}/wijzigen", True, "GET"),
        "assign": (f"{one_request}/toewijzen", True, "GET"),
        "new_visit": (f"{one_request}/bezoek", True, "GET"),
        "change_visit": (one_visit, True, "GET"),
        "set_state": (f"{one_request}/staat", True, "POST"),
        "remove_visit": (f"{one_visit}/verwijderen", True, "POST"),
        "restore_visit": (f"{one_visit}/terugzetten", True, "POST"),
    }


def test_every_page_of_the_plugin_is_in_this_table(app: Flask, zorg: Zorg, paths: dict[str, Any]) -> None:
    known = {
        r.endpoint.removeprefix("zorg.") for r in app.url_map.iter_rules() if r.endpoint.startswith("zorg.")
    }
    assert known == set(paths)


def test_who_gets_which_page(app: Flask, zorg: Zorg, paths: dict[str, Any]) -> None:
    for role in Role:
        if role in (Role.SYSTEM, Role.CANDIDATE):
            continue
        client = browse(app, zorg.actor(role))
        for name, (url, changes, method) in paths.items():
            token = token_in(client.get("/account").text) if method == "POST" else ""
            answer = client.open(
                url, method=method, data={"csrf_token": token, "version": "x"} if token else None
            )
            allowed = role in (MANAGES if changes else SEES)
            # A step without a version is refused as such, after the gate let it through.
            expected = (422 if method == "POST" else 200) if allowed else 403
            assert answer.status_code == expected, (role, name)


def test_a_foreign_cohort_and_one_that_never_was_are_the_same(
    app: Flask, zorg: Zorg, paths: dict[str, Any]
) -> None:
    own, foreign, nothing = (str(i) for i in (zorg.cohort, zorg.world.foreign.cohort, uuid4()))
    client = browse(app, zorg.actor())
    for url, _changes, method in paths.values():
        token = token_in(client.get("/account").text)
        pages = []
        for other in (foreign, nothing):
            answer = client.open(url.replace(own, other), method=method, data={"csrf_token": token})
            assert answer.status_code == 404, url
            pages.append(re.sub(r"<code[^>]*>[^<]+|content=\"[^\"]+\"|value=\"[^\"]+\"", "", answer.text))
        assert pages[0] == pages[1]
    stranger = browse(app, zorg.world.foreign.actors[Role.LEERHOME_COORDINATOR])
    for url, _changes, _method in list(paths.values())[:8]:
        assert stranger.get(url).status_code == 404


def test_a_request_of_another_cohort_is_not_there(zorg: Zorg) -> None:
    """Both cohorts are the actor's own; only together with its own cohort does a request exist."""
    request = zorg.given()
    visit = zorg.visit(request, D("2026-11-05"))
    with unit_of_work():
        manager = zorg.actor(Role.PROGRAMME_MANAGER)
        route = route_version("zorg.wijkleerbedrijf", 1)
        assert route is not None
        new = NewCohort(slug="nog-een", name="Nog een", starts_on=D("2026-08-31"), region="midden")
        other = create_cohort(manager, zorg.world.own.agency, route, new).id
    coach = zorg.browser(Role.COACH)
    assert coach.get(f"/zorg/{other}/hulpvragen").status_code == 200
    assert coach.get(f"/zorg/{other}/hulpvragen/{request.id}").status_code == 404
    assert coach.get(f"/zorg/{other}/bezoeken/{visit.id}").status_code == 404
    assert coach.get(f"/zorg/{zorg.cohort}/hulpvragen/{request.id}").status_code == 200


def test_a_cohort_of_another_route_has_no_pages_here(settings: Settings, today: date) -> None:
    from dataclasses import replace

    app = create_app(replace(settings, extra_plugins=(dummy,)))
    with app.app_context():
        world = build(app, people=2, weeks=1)
        manager = world.own.actors[Role.PROGRAMME_MANAGER]
        with unit_of_work():
            publish(system_actor(), app.extensions["inleer"])
            route = route_version("dummy.route", 1)
            assert route is not None
            new = NewCohort(slug="proef", name="Proef", starts_on=D("2026-08-31"), region="midden")
            other = create_cohort(manager, world.own.agency, route, new).id
        client = browse(app, world.own.actors[Role.COACH])
        assert client.get(f"/zorg/{other}/hulpvragen").status_code == 404
        assert client.get(f"/dummy/{other}/").status_code == 200
        assert client.get(f"/dummy/{world.own.cohort}/").status_code == 404
        stranger = browse(app, world.own.actors[Role.TEACHER])
        assert stranger.get(f"/zorg/{other}/hulpvragen").status_code == 404
        db.session.remove()
        db.engine.dispose()


def test_without_a_login_one_is_sent_to_it(app: Flask, zorg: Zorg) -> None:
    for cohort in (zorg.cohort, zorg.world.foreign.cohort, uuid4()):
        answer = app.test_client().get(f"/zorg/{cohort}/hulpvragen")
        assert answer.status_code == 303
        assert "/inloggen" in answer.location or "login" in answer.location


# --- what the pages show and do --------------------------------------------------------------------


def test_from_question_to_hours(zorg: Zorg) -> None:
    """One role writes it down, another reads it back."""
    leerhome, coach = zorg.browser(), zorg.browser(Role.COACH)
    new = zorg.url("hulpvragen/nieuw")
    answer = leerhome.post(new, new, **FORM, version="")
    assert answer.status_code == 303
    (request,) = zorg.all(HelpRequest)
    here = zorg.url(f"hulpvragen/{request.id}")
    assert answer.location == here
    assert "Geef hem nu aan een deelnemer" in leerhome.get(here).text

    assign = f"{here}/toewijzen"
    answer = leerhome.post(assign, assign, enrolment_id=str(zorg.people[0]), version=str(request.version))
    assert answer.status_code == 303
    assert "Voor0 van Achter0" in coach.get(here).text

    visit = f"{here}/bezoek"
    page = coach.get(visit).text
    assert 'value="2026-11-16"' in page, "the last agreed Monday"
    assert 'value="90"' in page, "as long as was agreed"
    fields = {
        "enrolment_id": str(zorg.people[0]),
        "on": "2026-11-16",
        "minutes": "90",
        "remark": "Ging goed.",
    }
    answer = coach.post(visit, visit, **fields, version="")
    assert answer.status_code == 303
    page = leerhome.get(here).text
    assert "Ging goed." in page and "Het bezoek is vastgelegd." not in page
    hours = text_of(leerhome.get(zorg.url("uren")).text)
    assert "1,5 u" in hours.replace("\N{NO-BREAK SPACE}", " ")


def test_the_way_back_is_offered_after_each_step(zorg: Zorg) -> None:
    request = zorg.ask()
    browser, here = zorg.browser(), zorg.url(f"hulpvragen/{request.id}")
    browser.post(f"{here}/toewijzen", f"{here}/toewijzen", enrolment_id=str(zorg.people[1]), version="1")

    def undo() -> None:
        page = browser.get(here).text
        form = re.search(r'<div class="undo">.*?</form>', page, re.DOTALL)
        assert form is not None
        action = re.search(r'action="([^"]+)"', form[0])
        assert action is not None
        fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form[0]))
        assert browser.client.post(action[1], data=fields).status_code == 303

    undo()
    assert zorg.stored(request).state == "open"
    browser.get(here)
    now = zorg.stored(request)
    with unit_of_work():
        actions.assign(zorg.actor(), now, zorg.people[0], now.version)
    for state in ("done", "withdrawn", "open"):
        now = zorg.stored(request)
        browser.post(f"{here}/staat", here, state=state, version=str(now.version))
        assert zorg.stored(request).state == state
        undo()
        found = zorg.stored(request)
        assert (found.state, found.enrolment_id) == ("assigned", zorg.people[0])
        browser.get(here)
    visit = zorg.visit(zorg.stored(request), D("2026-11-05"))
    browser.post(zorg.url(f"bezoeken/{visit.id}/verwijderen"), here, version="1")
    assert zorg.stored(visit).removed_at is not None
    undo()
    assert zorg.stored(visit).removed_at is None


def test_a_double_click_makes_one_visit(zorg: Zorg) -> None:
    request = zorg.given()
    browser, visit = zorg.browser(), zorg.url(f"hulpvragen/{request.id}/bezoek")
    fields = {
        "enrolment_id": str(zorg.people[0]),
        "on": "2026-11-05",
        "minutes": "60",
        "remark": "",
        "version": "",
    }
    answers = [browser.post(visit, visit, **fields) for _ in range(2)]
    assert [a.status_code for a in answers] == [303, 303]
    assert len(zorg.all(Visit)) == 1
    page = browser.get(zorg.url(f"hulpvragen/{request.id}")).text
    assert "stond er al. Er is niets toegevoegd." in page
    assert "Ongedaan maken" not in page, "the way back would remove the first"
    other = browser.post(visit, visit, **{**fields, "minutes": "75"})
    assert other.status_code == 422
    assert "staat er al" in other.text and 'value="75"' in other.text


def test_the_form_asks_for_an_agreed_day_that_has_no_visit(zorg: Zorg) -> None:
    request = zorg.given()
    browser, visit = zorg.browser(), zorg.url(f"hulpvragen/{request.id}/bezoek")

    def proposed() -> str:
        found = re.search(
            r'name="on"[^>]* value="([^"]*)"|value="([^"]*)"[^>]* name="on"', browser.get(visit).text
        )
        assert found is not None
        return found[1] or found[2] or ""

    assert proposed() == "2026-11-19", "the last Thursday"
    for day in ("2026-11-19", "2026-11-05"):
        zorg.visit(request, D(day))
    zorg.visit(request, D("2026-11-12"), person=1)
    assert proposed() == "2026-11-12", "a visit by somebody else is not theirs"
    for day in ("2026-11-12", "2026-10-29"):
        zorg.visit(request, D(day))
    assert proposed() == "", "nothing is guessed further back"


def test_a_new_request_twice_is_one(zorg: Zorg) -> None:
    browser, new = zorg.browser(), zorg.url("hulpvragen/nieuw")
    assert [browser.post(new, new, **FORM, version="").status_code for _ in range(2)] == [303, 303]
    assert len(zorg.all(HelpRequest)) == 1


def test_who_saves_second_sees_both(zorg: Zorg) -> None:
    request = zorg.given()
    change = zorg.url(f"hulpvragen/{request.id}/wijzigen")
    first, second = zorg.browser(), zorg.browser(Role.COACH)
    opened = str(request.version)
    assert first.post(change, change, **FORM, version=opened).status_code == 303
    answer = second.post(change, change, **{**FORM, "area": "<b>Kust</b>wijk"}, version=opened)
    assert answer.status_code == 409
    assert "Atolwijk" in answer.text and "&lt;b&gt;Kust&lt;/b&gt;wijk" in answer.text
    assert zorg.stored(request).area == "Atolwijk"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("requester", "Jan Jansen", "voornaam of voorletters"),
        ("requester", "", "Vul een voornaam"),
        ("description", "Is dement.", "geen medische gegevens"),
        ("task", "opereren", "geldige keuze"),
        ("agreed_minutes", "601", "van 1 tot 600"),
        ("asked_on", "2026-11-21", "nog niet geweest"),
        ("asked_on", "", "Vul een datum in"),
        ("weekday", "7", "geldige keuze"),
        ("area", "", "Vul de wijk in"),
    ],
)
def test_a_mistake_keeps_what_was_typed(zorg: Zorg, field: str, value: str, sentence: str) -> None:
    browser, new = zorg.browser(), zorg.url("hulpvragen/nieuw")
    answer = browser.post(new, new, **{**FORM, field: value}, version="")
    assert answer.status_code == 422
    assert sentence in text_of(answer.text)
    kept = {"requester": "Ahmed", "area": "Atolwijk"} | {field: value}
    assert kept["requester"] in answer.text
    assert zorg.all(HelpRequest) == []


@pytest.mark.parametrize("extra", ["state", "enrolment_id", "cohort_id", "id"])
def test_other_columns_cannot_be_posted(zorg: Zorg, extra: str) -> None:
    browser, new = zorg.browser(), zorg.url("hulpvragen/nieuw")
    assert browser.post(new, new, **FORM, **{extra: "x"}, version="").status_code == 422
    assert zorg.all(HelpRequest) == []


def test_the_list_follows_the_address(zorg: Zorg) -> None:
    walk, shop = zorg.given(), zorg.given(1, task="groceries", area="Atolwijk", requester="Riet")
    zorg.ask(task="odd_job", requester="Dhr. K.", asked_on=D("2026-11-18"))
    zorg.visit(shop, D("2026-11-05"))
    with unit_of_work():
        actions.set_state(zorg.actor(), walk, "done", walk.version)
    browser = zorg.browser(Role.COACH)

    def names(query: str = "") -> list[str]:
        page = browser.get(zorg.url(f"hulpvragen{query}")).text
        return re.findall(r'<th scope="row"><a[^>]*>([^<]+)', page)

    assert names() == ["Dhr. K.", "Riet"], "what is open stands first"
    assert names("?state=alle&sort=requester") == ["Dhr. K.", "Mevr. J.", "Riet"]
    assert names("?state=alle&sort=requester&dir=desc") == ["Riet", "Mevr. J.", "Dhr. K."]
    assert names("?state=done") == ["Mevr. J."]
    assert names("?task=odd_job") == ["Dhr. K."]
    assert names("?area=Atolwijk") == ["Riet"]
    assert names(f"?person={zorg.people[1]}") == ["Riet"]
    assert names("?person=niemand") == ["Dhr. K."]
    assert names("?state=x&sort=y&dir=z&page=99&task=q") == ["Dhr. K.", "Riet"], (
        "what it does not know is not asked"
    )
    assert names("?area=Nergens") == []
    assert "Geen hulpvraag past bij dit filter" in browser.get(zorg.url("hulpvragen?area=Nergens")).text
    for sort in ("asked", "task", "area", "person", "agreed", "minutes", "last"):
        assert len(names(f"?state=alle&sort={sort}")) == 3


def test_what_needs_somebody_stands_first_with_its_rule(zorg: Zorg) -> None:
    zorg.ask(requester="Riet", asked_on=D("2026-11-12"))
    request = zorg.given(2)
    enrolment = one(Enrolment, zorg.people[2])
    with unit_of_work():
        drop_out(
            zorg.actor(Role.COACH),
            enrolment,
            D("2026-11-17"),
            "candidate",
            "childcare",
            "no",
            enrolment.version,
        )
    page = text_of(zorg.browser().get(zorg.url("hulpvragen")).text)
    assert "Mevr. J. , wandelen: Voor2 van Achter2 KANARIEA doet niet meer mee." in page
    assert "regel: toegewezen aan iemand die niet meer meedoet" in page
    assert "Riet , wandelen in Boswijk: wacht sinds" in page and "regel: langer dan een week open" in page
    assert (
        "3 deelnemers al minstens 3 schoolweken zonder bezoek" in page
        and "3 deelnemers zonder hulpvraag" in page
    )
    assert "Niemand doet deze hulpvraag nu" in zorg.browser().get(zorg.url(f"hulpvragen/{request.id}")).text


def test_an_empty_list_teaches(zorg: Zorg) -> None:
    page = zorg.browser().get(zorg.url("hulpvragen")).text
    assert "Nog geen hulpvragen" in page and "Eerste hulpvraag toevoegen" in page
    assert (
        "Eerste hulpvraag toevoegen"
        not in zorg.browser(Role.PROGRAMME_MANAGER).get(zorg.url("hulpvragen")).text
    )


def test_pages_with_names_are_noted(zorg: Zorg) -> None:
    request = zorg.given()
    browser, actor = zorg.browser(Role.COACH), zorg.actor(Role.COACH)
    for tail in ("hulpvragen", "uren", f"hulpvragen/{request.id}", f"hulpvragen/{request.id}/bezoek"):
        browser.get(zorg.url(tail))
    statement = select(ReadLog).where(ReadLog.user_id == actor.user_id, ReadLog.endpoint.startswith("zorg."))
    noted = {r.endpoint: (r.subject_kind, set(r.subject_ids)) for r in db.session.scalars(statement)}
    everybody = {str(p) for p in zorg.people}
    assert noted == {
        "zorg.index": ("enrolment", everybody),
        "zorg.hours": ("enrolment", everybody),
        "zorg.show": ("enrolment", {str(zorg.people[0])}),
        "zorg.new_visit": ("enrolment", everybody),
    }


def test_a_leerhome_that_stopped_sees_nothing_any_more(zorg: Zorg) -> None:
    from inleer.cohorts.actions import end_partner
    from inleer.cohorts.models import Partner

    partner = db.session.scalars(
        select(Partner).where(Partner.cohort_id == zorg.cohort, Partner.kind == "leerhome")
    ).one()
    browser = zorg.browser()
    assert browser.get(zorg.url("hulpvragen")).status_code == 200
    with unit_of_work():
        end_partner(zorg.actor(Role.PROGRAMME_MANAGER), partner, D("2026-11-19"))
    assert browser.get(zorg.url("hulpvragen")).status_code == 404


@pytest.mark.parametrize("people", [5, 20, 60])
def test_pages_take_the_same_statements_for_any_number_of_people(
    zorg: Zorg, people: int, statements: Any
) -> None:
    zorg.enlarge(people)
    request = zorg.given()
    zorg.visit(request, D("2026-11-05"))
    browser, expected = zorg.browser(Role.COACH), {"hulpvragen": 8, "uren": 7, f"hulpvragen/{request.id}": 6}
    found = {}
    for tail in expected:
        browser.get(zorg.url(tail))
        with statements() as sent:
            assert browser.get(zorg.url(tail)).status_code == 200
        found[tail] = len(sent)
    assert found == expected


def test_the_canary_of_the_other_side_is_nowhere(zorg: Zorg) -> None:
    foreign = zorg.world.foreign
    with unit_of_work():
        actions.create(
            foreign.actors[Role.LEERHOME_COORDINATOR], foreign.cohort, {**WALK, "area": foreign.canary}
        )
    request = zorg.given()
    browser = zorg.browser(Role.COACH)
    for tail in (
        "hulpvragen?state=alle",
        "uren",
        f"hulpvragen/{request.id}",
        f"hulpvragen/{request.id}/toewijzen",
    ):
        page = browser.get(zorg.url(tail)).text
        assert zorg.world.own.canary in page
        assert foreign.canary not in page


def test_text_is_escaped_everywhere(zorg: Zorg) -> None:
    attack = "<script>alert(1)</script>"
    request = zorg.given(area=attack, description=attack)
    visit = zorg.visit(request, D("2026-11-05"))
    with unit_of_work():
        values = actions.VisitInput(zorg.people[0], D("2026-11-05"), 60, attack)
        actions.change_visit(zorg.actor(), request, visit, values, visit.version)
    browser = zorg.browser()
    for tail in (
        "hulpvragen",
        f"hulpvragen/{request.id}",
        f"hulpvragen/{request.id}/wijzigen",
        f"bezoeken/{visit.id}",
    ):
        page = browser.get(zorg.url(tail)).text
        assert attack not in page and "&lt;script&gt;" in page


def test_both_lists_go_along_as_a_file(zorg: Zorg) -> None:
    request = zorg.given()
    zorg.given(1, requester="Dhr. K.", area="Zuiderzee")
    zorg.visit(request, D("2026-11-19"), 90)
    browser = zorg.browser()
    asked = browser.get(zorg.url("hulpvragen") + "?format=csv&area=Boswijk")
    assert asked.status_code == 200 and "attachment" in asked.headers["Content-Disposition"]
    assert "Mevr. J." in asked.text and "donderdag" in asked.text and "Zuiderzee" not in asked.text
    hours = browser.get(zorg.url("uren") + "?format=csv").text
    assert "Uren deze maand" in hours and "1,5" in hours
    assert "format=xlsx" in browser.get(zorg.url("hulpvragen")).text
    assert "format=xlsx" in browser.get(zorg.url("uren")).text
