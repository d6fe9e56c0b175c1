"""Planning an edition in the browser: from route to calendar, partners and sessions."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from inleer import audit, clock
from inleer.accounts.models import Organisation
from inleer.calendars.queries import school_calendar
from inleer.cohorts.actions import NewCohort, create_cohort
from inleer.cohorts.models import Cohort, CohortPhase, Partner
from inleer.cohorts.queries import phases_of
from inleer.cohorts.sessions import sessions_of
from inleer.db import db, unit_of_work
from inleer.forms import given
from inleer.leerroutes.queries import route_version
from inleer.policy import Role, system_actor, unscoped
from tests.world import ROUTE, World, browse, build, one, token_in

STEP = {
    "route": "zorg.wijkleerbedrijf:2",
    "name": "Zorg Noord",
    "starts_on": "2026-09-07",
    "region": "midden",
}
CALENDAR = "/lichtingen/nieuw/kalender"


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=2, weeks=1)


@pytest.fixture
def manager(app: Flask, world: World) -> FlaskClient:
    return browse(app, world.own.actors[Role.PROGRAMME_MANAGER])


def fields_of(world: World, **changes: str) -> dict[str, str]:
    """What the second step sends when nothing was moved."""
    cohort = one(Cohort, world.own.cohort)
    data = {"slug": "zorg-noord-2026", "generate": "yes"}
    for phase in phases_of(cohort.id):
        data[f"start_{phase.key}"] = phase.starts_on.isoformat()
        data[f"end_{phase.key}"] = phase.ends_on.isoformat() if phase.ends_on else ""
    return {**data, **changes}


def test_an_edition_is_made_with_moved_dates_partners_and_sessions(
    app: Flask, world: World, manager: FlaskClient
) -> None:
    query = {
        **STEP,
        "school": str(world.own.school),
        "leerhome": str(world.own.leerhome),
    }
    page = manager.get(CALENDAR, query_string=query)
    assert page.status_code == 200
    assert "Herfstvakantie" in page.text
    assert "2026-09-07" in page.text
    assert re.search(r'name="group_target"[^>]*value="20"', page.text), "what the route asks for"
    phases = {p.key: p for p in phases_of(world.own.cohort)}
    introduction = next(k for k, p in phases.items() if p.kind == "introduction")
    data = fields_of(world, **{f"start_{introduction}": "2026-09-07", f"end_{introduction}": "2026-10-09"})
    data |= {"group_target": "15", "group_min": "", "group_max": ""}
    data["csrf_token"] = token_in(page.text)
    answer = manager.post(CALENDAR, query_string=query, data=data)
    assert answer.status_code == 303, answer.text
    made = db.session.execute(
        unscoped(select(Cohort).where(Cohort.slug == "zorg-noord-2026"), "test")
    ).scalar_one()
    assert (made.group_min, made.group_target, made.region) == (made.group_min, 15, "midden")
    moved = {p.key: (p.starts_on, p.ends_on) for p in phases_of(made.id)}
    assert moved[introduction] == (date(2026, 9, 7), date(2026, 10, 9))
    partners = db.session.execute(select(Partner.kind).where(Partner.cohort_id == made.id)).scalars().all()
    assert sorted(partners) == ["lead", "leerhome", "school"]
    hosts = {s.organisation_id for s in sessions_of(made.id)}
    assert hosts == {world.own.school, world.own.leerhome}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "Vul een naam in."),
        ({"starts_on": "31-02-2026"}, "Ongeldige datum."),
        ({"route": ""}, "Kies een route."),
        ({"starts_on": "2043-09-01"}, "geen schoolvakanties bekend"),
    ],
)
def test_a_wrong_first_step_says_what_is_wrong(
    manager: FlaskClient, change: dict[str, str], sentence: str
) -> None:
    answer = manager.get(CALENDAR, query_string={**STEP, **change})
    assert answer.status_code == 422
    assert sentence in answer.text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"group_min": "20", "group_target": "10"}, "minimum, streefgetal en maximum lopen op"),
        ({"slug": "x" * 81}, "80 karakters"),
        ({"slug": "Niet Goed"}, "Gebruik kleine letters"),
    ],
)
def test_a_wrong_second_step_says_what_is_wrong(
    world: World, manager: FlaskClient, change: dict[str, str], sentence: str
) -> None:
    data = fields_of(world, **change)
    data["csrf_token"] = token_in(manager.get(CALENDAR, query_string=STEP).text)
    answer = manager.post(CALENDAR, query_string=STEP, data=data)
    assert answer.status_code == 422 and sentence in answer.text


def test_a_short_name_in_use_is_called_that(world: World, manager: FlaskClient) -> None:
    data = fields_of(world, slug=one(Cohort, world.own.cohort).slug)
    data["csrf_token"] = token_in(manager.get(CALENDAR, query_string=STEP).text)
    answer = manager.post(CALENDAR, query_string=STEP, data=data)
    assert answer.status_code == 422 and "Deze korte naam is al in gebruik." in answer.text


def test_a_phase_that_begins_in_a_vacation_says_so(world: World, manager: FlaskClient) -> None:
    page = manager.get(CALENDAR, query_string={**STEP, "starts_on": "2026-10-19"})
    assert "De eerste dag is vrij: Herfstvakantie" in page.text
    phase = next(p for p in phases_of(world.own.cohort) if p.kind == "introduction")
    url = f"/lichtingen/{world.own.cohort}/fasen/{phase.id}"
    data = {"csrf_token": token_in(manager.get(url).text), "version": str(phase.version)}
    manager.post(url, data={**data, "starts_on": "2026-12-21", "ends_on": "2026-12-31"})
    plan = manager.get(f"/lichtingen/{world.own.cohort}/planning").text
    assert "Alle dagen van deze fase zijn vrij: Kerstvakantie" in plan
    assert (
        "Kerstvakantie" in plan[plan.index('id="fasen"') : plan.index("<details", plan.index('id="fasen"'))]
    )


def test_the_next_step_is_the_one_primary_action_and_cancelling_comes_last(
    world: World, manager: FlaskClient
) -> None:
    with unit_of_work():
        cohort = one(Cohort, world.own.cohort)
        cohort.state = "recruiting"
        audit.record(system_actor(), "cohort.state_changed", cohort, details={})
    head = manager.get(f"/lichtingen/{world.own.cohort}/planning").text.split('id="fasen"')[0]
    links = re.findall(
        r'<a class="utrecht-button-link [^"]*--(primary|secondary|subtle)[^"]*"[^>]*>(?:<svg.*?</svg>)?([^<]+)',
        head,
    )
    assert links[0] == ("primary", "Lichting starten")
    assert [kind for kind, _label in links].count("primary") == 1


def test_a_phase_moves_once_and_a_stale_form_is_refused_with_its_input_kept(
    world: World, manager: FlaskClient
) -> None:
    phase = next(p for p in phases_of(world.own.cohort) if p.kind == "introduction")
    url = f"/lichtingen/{world.own.cohort}/fasen/{phase.id}"
    page = manager.get(url)
    data = {"csrf_token": token_in(page.text), "version": str(phase.version)}
    first = manager.post(url, data={**data, "starts_on": "2026-12-01", "ends_on": "2026-12-31"})
    assert first.status_code == 303
    second = manager.post(url, data={**data, "starts_on": "2026-12-02", "ends_on": "2026-12-24"})
    assert second.status_code == 409
    assert "2026-12-24" in second.text
    assert one(CohortPhase, phase.id).ends_on == date(2026, 12, 31)


def test_an_ended_partner_sees_nothing_any_more_until_it_is_put_back(
    app: Flask, world: World, manager: FlaskClient
) -> None:
    statement = select(Partner).where(Partner.cohort_id == world.own.cohort, Partner.kind == "school")
    partner = db.session.execute(statement).scalar_one()
    url = f"/lichtingen/{world.own.cohort}/partners/{partner.id}/einde"
    page = manager.get(url)
    assert "zien de mensen van deze organisatie niets meer" in page.text
    data = {"csrf_token": token_in(page.text), "ended_on": "2020-01-01", "version": str(partner.version)}
    assert manager.post(url, data=data).status_code == 422
    data["ended_on"] = partner.since_on.isoformat()
    assert manager.post(url, data=data).status_code == 303
    data["ended_on"] = date(2030, 1, 1).isoformat()
    late = manager.post(url, data=data)  # a colleague who had the page open, too
    assert late.status_code == 409 and "2030" in late.text and "Laatste dag" in late.text
    assert one(Partner, partner.id).ended_on == partner.since_on
    plan = manager.get(f"/lichtingen/{world.own.cohort}/planning")
    assert "Terugzetten" in plan.text
    restore = f"/lichtingen/{world.own.cohort}/partners/{partner.id}/herstel"
    back = {"csrf_token": token_in(plan.text)}
    assert manager.post(restore, data={**back, "version": data["version"]}).status_code == 409
    now = str(one(Partner, partner.id).version)
    assert f'name="version" value="{now}"' in plan.text
    assert manager.post(restore, data={**back, "version": now}).status_code == 303
    assert one(Partner, partner.id).ended_on is None


def test_only_the_own_agencys_programme_manager_plans(app: Flask, world: World) -> None:
    coach = browse(app, world.own.actors[Role.COACH])
    stranger = browse(app, world.foreign.actors[Role.PROGRAMME_MANAGER])
    url = f"/lichtingen/{world.own.cohort}/planning"
    assert coach.get(url).status_code == 403
    assert stranger.get(url).status_code == 404
    assert coach.get("/lichtingen/nieuw").status_code == 403


def test_a_schools_own_vacation_is_in_the_calendar_until_it_is_taken_out(
    world: World, manager: FlaskClient
) -> None:
    statement = select(Partner).where(Partner.cohort_id == world.own.cohort, Partner.kind == "school")
    partner = db.session.execute(statement).scalar_one()
    url = f"/lichtingen/{world.own.cohort}/partners/{partner.id}/kalender"
    data = {
        "csrf_token": token_in(manager.get(url).text),
        "kind": "vacation",
        "name": "Studiedagen",
        "starts_on": "2026-11-30",
        "ends_on": "2026-11-29",
    }
    assert manager.post(url, data=data).status_code == 422
    assert manager.post(url, data={**data, "ends_on": "2026-12-01"}).status_code == 303
    calendar = school_calendar("midden", world.own.school, date(2026, 11, 1), date(2026, 12, 31))
    assert calendar.reason(date(2026, 12, 1)) == "Studiedagen"
    assert not calendar.is_school_week(date(2026, 11, 30))
    page = manager.get(url)
    found = re.search(r'action="([^"]+/weg)"', page.text)
    assert found is not None
    assert manager.post(found.group(1), data={"csrf_token": token_in(page.text)}).status_code == 303
    calendar = school_calendar("midden", world.own.school, date(2026, 11, 1), date(2026, 12, 31))
    assert calendar.reason(date(2026, 12, 1)) is None


def test_a_state_that_does_not_exist_is_refused_with_a_sentence(app: Flask, world: World) -> None:
    client = browse(app, world.own.actors[Role.PROGRAMME_MANAGER])
    page = client.get(f"/lichtingen/{world.own.cohort}/planning")
    for state in ("foo", ""):
        sent = {"csrf_token": token_in(page.text), "state": state}
        answer = client.post(f"/lichtingen/{world.own.cohort}/staat", data=sent)
        assert answer.status_code == 422
        assert "volgende stap" in answer.text


def _new_edition(world: World) -> Cohort:
    return create_cohort(
        world.own.actors[Role.PROGRAMME_MANAGER],
        world.own.agency,
        given(route_version(*ROUTE)),
        NewCohort(slug="vers", name="Verse lichting", starts_on=date(2027, 1, 18), region="midden"),
    )


def test_a_step_of_an_edition_is_asked_with_what_is_missing(world: World, manager: FlaskClient) -> None:
    with unit_of_work():
        made = _new_edition(world)
    address = f"/lichtingen/{made.id}/staat"
    plan = manager.get(f"/lichtingen/{made.id}/planning").text
    assert "Lichting annuleren" in plan and f'href="{address}?state=running"' in plan
    assert 'action="' + address not in plan, "nothing happens at one click"
    for page in (plan, manager.get(f"/lichtingen/{made.id}").text):
        assert "Er is nog geen school." in page and "/partners/nieuw" in page, "with what helps"
        assert "Niets. Er is geen signaal" not in page
    question = manager.get(f"{address}?state=running").text
    assert "Lichting starten?" in question and "Er is nog geen school." in question
    assert one(Cohort, made.id).state == "recruiting", "asking changes nothing"
    data = {"csrf_token": token_in(question), "state": "running"}
    assert manager.post(address, data=data).status_code == 303
    assert one(Cohort, made.id).state == "running"
    again = manager.get(f"{address}?state=running")
    assert again.status_code == 303, "a step that is not there any more asks nothing"


def test_cancelling_with_people_says_why_not(world: World, manager: FlaskClient) -> None:
    address = f"/lichtingen/{world.own.cohort}/staat"
    state = one(Cohort, world.own.cohort).state
    question = manager.get(f"{address}?state=cancelled")
    assert "Lichting annuleren?" in question.text
    data = {"csrf_token": token_in(question.text), "state": "cancelled"}
    answer = manager.post(address, data=data)
    assert answer.status_code == 422 and "Er doen nog 2 mensen mee." in answer.text
    assert one(Cohort, world.own.cohort).state == state


def test_a_new_edition_is_in_the_region_of_the_agency(world: World, manager: FlaskClient) -> None:
    with unit_of_work():
        one(Organisation, world.own.agency).region = "zuid"
        audit.record(system_actor(), "test.region", one(Organisation, world.own.agency))
    assert '<option selected value="zuid">' in manager.get("/lichtingen/nieuw").text


def test_two_agencies_share_a_school_by_its_exact_name(world: World, manager: FlaskClient) -> None:
    statement = select(Partner).where(Partner.cohort_id == world.own.cohort)
    for old in db.session.execute(statement).scalars().all():
        if old.kind == "school":
            url = f"/lichtingen/{world.own.cohort}/partners/{old.id}/einde"
            end = {"ended_on": old.since_on.isoformat(), "version": str(old.version)}
            assert (
                manager.post(url, data={"csrf_token": token_in(manager.get(url).text), **end}).status_code
                == 303
            )
    url = f"/lichtingen/{world.own.cohort}/partners/nieuw"
    page = manager.get(url).text
    assert world.foreign.canary not in page  # none is listed
    sent = {
        "csrf_token": token_in(page),
        "organisation_id": "",
        "kind": "school",
        "since_on": str(clock.today()),
    }
    school = one(Organisation, world.foreign.school)
    no_institution = one(Organisation, world.foreign.employer).name
    for name in (school.name[:-1], f"{school.name}%", no_institution, ""):
        refused = manager.post(url, data={**sent, "named": name})
        assert refused.status_code == 422
        assert ("precies deze naam" in refused.text) == bool(name)
    both = {**sent, "organisation_id": str(world.own.school), "named": school.name}
    assert manager.post(url, data=both).status_code == 422
    assert manager.post(url, data={**sent, "named": f" {school.name.upper()} "}).status_code == 303
    added = db.session.execute(statement.where(Partner.organisation_id == school.id)).scalar_one()
    assert (added.kind, added.ended_on) == ("school", None)
    assert school.name in manager.get(f"/lichtingen/{world.own.cohort}/planning").text
