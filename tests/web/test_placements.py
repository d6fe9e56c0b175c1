"""The pages about placements: the tab of the dossier, the page of the edition, the forms, files and the way back."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from inleer import clock
from inleer.audit.models import ReadLog
from inleer.cohorts.models import CohortPhase, Enrolment
from inleer.db import db, unit_of_work
from inleer.placements.actions import Plan, propose
from inleer.placements.models import Placement
from inleer.placements.rules import days_sum
from inleer.policy import Role, unscoped
from tests.kit import assert_sound
from tests.web.test_phases import undo_in
from tests.web.test_query_counts import statements
from tests.web.walk import form_on
from tests.world import World, browse, build, one, token_in

TODAY = clock.today()
SIZES = (5, 20, 60)


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=4)


@pytest.fixture
def coach(app: Flask, world: World) -> FlaskClient:
    return browse(app, world.own.actors[Role.COACH])


@pytest.fixture
def manager(app: Flask, world: World) -> FlaskClient:
    return browse(app, world.own.actors[Role.PROGRAMME_MANAGER])


def tab(world: World, number: int = 0) -> str:
    return f"/kandidaten/{world.own.candidates[number]}/plaatsingen"


def edition(world: World, query: str = "") -> str:
    return f"/lichtingen/{world.own.cohort}/plaatsingen{query}"


def new(world: World, number: int) -> str:
    return f"/deelnames/{world.own.enrolments[number]}/plaatsingen/nieuw"


def fields(page: str, world: World, **values: object) -> dict[str, object]:
    plan: dict[str, object] = {
        "csrf_token": token_in(page),
        "kind": "rotation",
        "host_id": str(world.own.employer),
        "department": "Dienstverlening",
        "function": "Medewerker balie",
        "supervisor_name": "mw. Bakker",
        "phase_key": "",
        "from_on": TODAY.isoformat(),
        "until_on": (TODAY + timedelta(60)).isoformat(),
        "days": ["ma", "di"],
        "hours": "16",
        "contract_partner_id": "",
    }
    return {**plan, **values}


def stored(world: World, number: int) -> list[Placement]:
    db.session.rollback()
    mine = Placement.candidate_id == world.own.candidates[number]
    statement = unscoped(select(Placement).where(mine).order_by(Placement.from_on), "test")
    return list(db.session.execute(statement).scalars())


def plan_for(world: World, number: int, **values: object) -> UUID:
    """A placement past the pages, from today for eight weeks on working days."""
    plan = {
        "kind": "rotation",
        "host_id": world.own.employer,
        "function": "Medewerker groen",
        "from_on": TODAY,
        "until_on": TODAY + timedelta(56),
        "weekdays": days_sum(range(4)),
        "hours": 28,
        **values,
    }
    with unit_of_work():
        actor = world.own.actors[Role.PROGRAMME_MANAGER]
        enrolment = one(Enrolment, world.own.enrolments[number])
        return propose(actor, enrolment, Plan(**plan)).id  # type: ignore[arg-type]


# --- the dossier --------------------------------------------------------------------------------------------------


def test_a_coach_plans_changes_ends_and_takes_back(coach: FlaskClient, world: World) -> None:
    assert "Nog geen plaatsing" in coach.get(tab(world, 1)).text
    page = coach.get(new(world, 1)).text
    assert_sound(page)
    saved = coach.post(new(world, 1), data=fields(page, world), follow_redirects=True)
    assert_sound(saved.text)
    assert saved.request.path == tab(world, 1)
    for text in (
        "Medewerker balie",
        "Dienstverlening",
        "mw. Bakker",
        "ma en di",
        "16 uur per week",
        "voorgesteld",
    ):
        assert text in saved.text
    (made,) = stored(world, 1)
    change = f"/plaatsingen/{made.id}/wijzigen"
    form = coach.get(change).text
    assert_sound(form)
    data = fields(form, world, hours="12", version="1", contract_partner_id=str(world.own.leerhome))
    assert "overeenkomst met" in coach.post(change, data=data, follow_redirects=True).text
    end = f"/plaatsingen/{made.id}/stoppen"
    form = coach.get(end).text
    assert_sound(form)
    data = {
        "csrf_token": token_in(form),
        "version": "2",
        "never_began": "y",
        "by": "employer",
        "reason": "geen plek",
    }
    ended = coach.post(end, data=data, follow_redirects=True)
    for text in ("niet begonnen", "de werkgever", "geen plek"):
        assert text in ended.text
    back = f"/plaatsingen/{made.id}/terug"
    assert undo_in(ended.text)[0] == back
    shown = ended
    for hours in ([12], [16], []):
        answer = coach.post(back, data=form_on(shown, back), follow_redirects=True)
        assert [p.hours for p in stored(world, 1)] == hours
        assert "terugdraaien" not in answer.text, "of what is open the way back is on its own page"
        shown = coach.get(change) if hours else answer
    assert "Nog geen plaatsing" in shown.text


def test_each_step_is_a_button_when_its_day_is_there(coach: FlaskClient, world: World) -> None:
    later = plan_for(world, 1, from_on=TODAY + timedelta(3))
    soon = plan_for(world, 0)
    for number, placement_id, begins in ((0, soon, True), (1, later, False)):
        for state, word, offered in (("agreed", "Afspreken", True), ("running", "Begint", begins)):
            page = coach.get(tab(world, number)).text
            button = page.split(f"/plaatsingen/{placement_id}/stap")
            assert (len(button) == 2 and word in button[1][:900]) is offered
            version = one(Placement, placement_id).version
            data = {"csrf_token": token_in(page), "state": state, "version": version}
            answer = coach.post(f"/plaatsingen/{placement_id}/stap", data=data)
            assert answer.status_code == (303 if offered else 422)
    assert one(Placement, soon).state == "running"
    assert one(Placement, later).state == "agreed"


@pytest.mark.parametrize("state", ["", "ended_early", "gek"])
def test_a_button_asks_for_no_other_step(coach: FlaskClient, world: World, state: str) -> None:
    made = plan_for(world, 1)
    data = {"csrf_token": token_in(coach.get(tab(world, 1)).text), "state": state, "version": 1}
    assert coach.post(f"/plaatsingen/{made}/stap", data=data).status_code == 422
    assert one(Placement, made).state == "proposed"


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"days": []}, "days", "Kies minstens één dag van de week."),
        ({"hours": "0"}, "hours", "Vul een getal in van 1 tot en met 40."),
        ({"hours": "30", "days": ["ma"]}, "hours", "past niet in 1 dag"),
        ({"until_on": "2020-01-01"}, "until_on", "De laatste dag ligt voor de eerste dag."),
        ({"host_id": "00000000-0000-0000-0000-000000000005"}, "host_id", ""),
        ({"function": ""}, "function", "Vul een functie of werkplek in."),
        ({"from_on": (TODAY - timedelta(60)).isoformat()}, "from_on", "instapdatum"),
    ],
)
def test_a_refused_plan_keeps_the_input_and_says_where(
    coach: FlaskClient, world: World, values: dict[str, object], field: str, message: str
) -> None:
    sent = fields(coach.get(new(world, 1)).text, world, **{"supervisor_name": "Bewaar mij", **values})
    answer = coach.post(new(world, 1), data=sent)
    assert answer.status_code == 422
    assert_sound(answer.text)
    assert f'href="#{field}"' in answer.text or f'href="#{field}-0"' in answer.text
    assert message in answer.text and "Bewaar mij" in answer.text
    assert stored(world, 1) == []


def test_days_that_are_taken_are_named(coach: FlaskClient, world: World) -> None:
    plan_for(world, 1)
    answer = coach.post(new(world, 1), data=fields(coach.get(new(world, 1)).text, world, days=["di", "vr"]))
    assert answer.status_code == 422
    assert "is deze kandidaat op di al geplaatst" in answer.text
    assert len(stored(world, 1)) == 1


def test_an_early_end_wants_one_answer_about_the_day(coach: FlaskClient, world: World) -> None:
    made = plan_for(world, 1)
    address = f"/plaatsingen/{made}/stoppen"
    base = {
        "csrf_token": token_in(coach.get(address).text),
        "version": "1",
        "by": "candidate",
        "reason": "past niet",
    }
    for more, message in (
        ({"ended_on": ""}, "Vul een datum in, of kies dat de plaatsing niet is begonnen."),
        ({"never_began": "y", "ended_on": TODAY.isoformat()}, "Laat de datum leeg"),
        ({"ended_on": (TODAY + timedelta(1)).isoformat()}, "in de toekomst"),
    ):
        answer = coach.post(address, data={**base, **more})
        assert answer.status_code == 422
        assert message in answer.text
    assert one(Placement, made).state == "proposed"


def test_somebody_else_was_first(coach: FlaskClient, manager: FlaskClient, world: World) -> None:
    """The page that compares both versions, with the days in words."""
    made = plan_for(world, 1)
    address = f"/plaatsingen/{made}/wijzigen"
    sent = fields(coach.get(address).text, world, version="1", days=["do"], hours="8")
    other = fields(manager.get(address).text, world, version="1", days=["wo"], hours="4")
    assert manager.post(address, data=other).status_code == 303
    answer = coach.post(address, data=sent)
    assert answer.status_code == 409
    for text in ("Dagen van de week", "woensdag", "donderdag", "rotatie", "employer KANARIEA"):
        assert text in answer.text
    assert str(world.own.employer) not in re.sub(r"<input[^>]*>", "", answer.text)
    assert stored(world, 1)[0].weekdays == days_sum([2])


# --- the edition --------------------------------------------------------------------------------------------------


def names_in(page: str) -> set[str]:
    return {f"Voor{n}" for n in range(9) if f"Voor{n} van" in page}


def test_who_is_where_and_who_is_nowhere(manager: FlaskClient, world: World) -> None:
    """In the world the first person has a place, from today on."""
    page = manager.get(edition(world)).text
    assert_sound(page)
    assert "3 zonder plaats" in page and "Afdeling KANARIEA" in page
    assert "/kandidaten/" not in page, "a programme manager sees no dossiers"
    assert names_in(manager.get(edition(world, "?toon=zonder")).text) == {"Voor1", "Voor2", "Voor3"}
    assert names_in(manager.get(edition(world, "?toon=geplaatst")).text) == {"Voor0"}
    assert names_in(manager.get(edition(world, f"?plek={world.own.employer}")).text) == {"Voor0"}
    assert "Niemand past bij dit filter" in manager.get(edition(world, f"?plek={world.own.leerhome}")).text


def test_a_phase_counts_what_names_it_or_has_days_in_it(manager: FlaskClient, world: World) -> None:
    phases = (
        select(CohortPhase).where(CohortPhase.cohort_id == world.own.cohort).order_by(CohortPhase.position)
    )
    last = db.session.execute(phases).scalars().all()[-1]
    plan_for(world, 1, phase_key=last.key)  # has days now, and belongs to the last phase
    plan_for(world, 2, from_on=last.starts_on, until_on=last.starts_on)
    assert names_in(manager.get(edition(world, f"?periode={last.key}&toon=geplaatst")).text) == {
        "Voor1",
        "Voor2",
    }
    assert names_in(manager.get(edition(world, "?periode=alles&toon=geplaatst")).text) == {
        "Voor0",
        "Voor1",
        "Voor2",
    }
    page = manager.get(edition(world, f"?periode={last.key}")).text
    link = f"{new(world, 3)}?fase={last.key}"
    assert link in page
    assert f'value="{last.starts_on.isoformat()}"' in manager.get(link).text


def test_what_fell_through_leaves_the_person_without_a_place(manager: FlaskClient, world: World) -> None:
    made = plan_for(world, 1)
    data = {"csrf_token": token_in(manager.get(f"/plaatsingen/{made}/stoppen").text), "version": "1"}
    data |= {"never_began": "y", "by": "employer", "reason": "geen plek"}
    assert manager.post(f"/plaatsingen/{made}/stoppen", data=data).status_code == 303
    page = manager.get(edition(world, "?periode=alles")).text
    assert "3 zonder plaats" in page and "niet begonnen" in page


def test_unknown_filters_count_as_not_asked(manager: FlaskClient, world: World) -> None:
    plain = names_in(manager.get(edition(world)).text)
    assert names_in(manager.get(edition(world, "?periode=nergens&toon=gek")).text) == plain


def test_a_coach_sees_the_own_caseload_and_how_many_more_there_are(coach: FlaskClient, world: World) -> None:
    page = coach.get(edition(world)).text
    assert names_in(page) == {"Voor0", "Voor1", "Voor2"}
    assert "1 deelnemer staat hier niet: die heeft een andere werkcoach." in page


def test_a_coordinator_sees_and_plans_nothing(app: Flask, world: World) -> None:
    coordinator = browse(app, world.own.actors[Role.LEERHOME_COORDINATOR])
    for address in (tab(world), edition(world)):
        page = coordinator.get(address).text
        assert "Afdeling KANARIEA" in page
        assert "/plaatsingen/nieuw" not in page and "/wijzigen" not in page and "Terugdraaien" not in page


def test_an_edition_without_people_says_what_comes_here(app: Flask, world: World) -> None:
    empty = build_empty(world)
    page = browse(app, world.own.actors[Role.PROGRAMME_MANAGER]).get(f"/lichtingen/{empty}/plaatsingen").text
    assert "Hier komt wie waar is geplaatst" in page


def build_empty(world: World) -> UUID:
    """Another edition of the same agency, in which nobody takes part."""
    from inleer.cohorts.actions import NewCohort, create_cohort
    from inleer.leerroutes.queries import route_version
    from tests.world import ROUTE

    route = route_version(*ROUTE)
    assert route is not None
    with unit_of_work():
        wanted = NewCohort(slug="leeg", name="Leeg", starts_on=TODAY, region="midden")
        return create_cohort(world.own.actors[Role.PROGRAMME_MANAGER], world.own.agency, route, wanted).id


# --- files, the read log, statements ------------------------------------------------------------------------------


def test_a_file_holds_what_the_page_shows(manager: FlaskClient, coach: FlaskClient, world: World) -> None:
    csv = manager.get(edition(world, "?format=csv&toon=geplaatst")).data.decode("utf-8-sig").splitlines()
    assert len(csv) == 2 and "Stage KANARIEA" in csv[1] and "za en zo" in csv[1]
    answer = manager.get(edition(world, "?format=xlsx"))
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    assert [row[1] for row in sheet.iter_rows(min_row=2, values_only=True)].count("geen plaatsing") == 3
    assert "Stage KANARIEA" in coach.get(f"{tab(world)}?format=csv").data.decode("utf-8-sig")


def test_who_was_shown_is_noted(manager: FlaskClient, world: World) -> None:
    manager.get(edition(world, "?toon=zonder"))
    db.session.rollback()
    noted = select(ReadLog.subject_ids).where(ReadLog.endpoint == "cohorts.placements")
    (ids,) = db.session.execute(noted).scalars()
    assert set(ids) == {str(c) for c in world.own.candidates[1:]}


@pytest.fixture(scope="module")
def seen() -> dict[tuple[str, str, int], int]:
    """How many statements each page took: page, database, people."""
    return {}


@pytest.mark.parametrize("people", SIZES)
def test_pages_take_as_many_statements_for_any_group(
    app: Flask, database: str, people: int, seen: dict[tuple[str, str, int], int]
) -> None:
    world = build(app, people=people, weeks=1)
    for number in range(1, people):
        plan_for(world, number)
    pages = {
        "coach": (Role.COACH, edition(world), 10),
        "manager": (Role.PROGRAMME_MANAGER, edition(world, "?periode=alles"), 10),
        "tab": (Role.COACH, tab(world), 12),
    }
    kind = database.split(":")[0]
    for name, (role, address, budget) in pages.items():
        sent = statements(browse(app, world.own.actors[role]), address)
        assert len(sent) <= budget, "\n\n".join(sent)
        seen[name, kind, people] = len(sent)
        others = {n for (page, db_kind, _p), n in seen.items() if (page, db_kind) == (name, kind)}
        assert len(others) == 1, f"{name} differs with the number of people: {seen}"


# --- over, and never begun ----------------------------------------------------------------------------------------


def test_what_is_over_and_never_began_says_so_and_offers_both_ways_out(
    coach: FlaskClient, world: World
) -> None:
    past = {"from_on": TODAY - timedelta(20), "until_on": TODAY - timedelta(2)}
    made = plan_for(world, 1, **past)
    page = coach.get(tab(world, 1)).text
    assert_sound(page)
    assert "voorbij, begin niet vastgelegd" in page and "voorgesteld" not in page
    assert "Ging niet door" in page and "Stopt eerder" not in page
    step = f"/plaatsingen/{made}/stap"
    coach.post(step, data={"csrf_token": token_in(page), "state": "agreed", "version": "1"})
    page = coach.get(tab(world, 1)).text
    assert "voorbij, begin niet vastgelegd" in page and "Is wel begonnen" in page
    form = coach.get(f"/plaatsingen/{made}/stoppen").text
    assert re.search(
        r'<input[^>]*name="never_began"[^>]*checked|<input[^>]*checked[^>]*name="never_began"', form
    )
    coach.post(step, data={"csrf_token": token_in(page), "state": "running", "version": "2"})
    page = coach.get(tab(world, 1)).text
    assert "begin niet vastgelegd" not in page and "loopt" in page
