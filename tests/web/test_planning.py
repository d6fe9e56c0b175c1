"""Planning an edition in the browser: from route to calendar, partners and sessions."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from inleer.calendars.queries import school_calendar
from inleer.cohorts.models import Cohort, CohortPhase, Partner
from inleer.cohorts.queries import phases_of
from inleer.cohorts.sessions import sessions_of
from inleer.db import db
from inleer.policy import Role, unscoped
from tests.world import World, browse, build, one, token_in

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
        "group_target": "15",
    }
    page = manager.get(CALENDAR, query_string=query)
    assert page.status_code == 200
    assert "Herfstvakantie" in page.text
    assert "2026-09-07" in page.text
    phases = {p.key: p for p in phases_of(world.own.cohort)}
    introduction = next(k for k, p in phases.items() if p.kind == "introduction")
    data = fields_of(world, **{f"start_{introduction}": "2026-09-07", f"end_{introduction}": "2026-10-09"})
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
        ({"group_min": "20", "group_target": "10"}, ""),
        ({"starts_on": "2043-09-01"}, "geen schoolvakanties bekend"),
    ],
)
def test_a_wrong_first_step_says_what_is_wrong(
    manager: FlaskClient, change: dict[str, str], sentence: str
) -> None:
    answer = manager.get(CALENDAR, query_string={**STEP, **change})
    if sentence:
        assert answer.status_code == 422
        assert sentence in answer.text


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
    data = {"csrf_token": token_in(page.text), "last_day": "2020-01-01"}
    assert manager.post(url, data=data).status_code == 422
    data["last_day"] = partner.since_on.isoformat()
    assert manager.post(url, data=data).status_code == 303
    plan = manager.get(f"/lichtingen/{world.own.cohort}/planning")
    assert "Terugzetten" in plan.text
    restore = f"/lichtingen/{world.own.cohort}/partners/{partner.id}/herstel"
    assert manager.post(restore, data={"csrf_token": token_in(plan.text)}).status_code == 303
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
