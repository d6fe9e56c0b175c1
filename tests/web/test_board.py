"""The page of one cohort, the cohorts side by side, and what plugins add to them."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from inleer import clock
from inleer.calendars.rules import monday
from inleer.cohorts.models import Cohort, CohortPhase
from inleer.db import db, unit_of_work
from inleer.extend import Registry
from inleer.extend.registry import Owned
from inleer.extend.types import PanelDef, SignalDef, SlotDef
from inleer.intentions.actions import Answer, confirm_by_telephone, draft
from inleer.intentions.models import JobIntention
from inleer.policy import Role, unscoped
from inleer.reports.board import cohorts_of
from inleer.reports.people_rows import WeekRow, parse_minutes, parse_weeks, strip
from inleer.signals.models import Signal
from inleer.web import slots
from tests.world import World, browse, build, one


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=4)


@pytest.fixture
def coach(app: Flask, world: World) -> FlaskClient:
    return browse(app, world.own.actors[Role.COACH])


def path(world: World) -> str:
    return f"/lichtingen/{world.own.cohort}"


def test_the_board_shows_the_whole_group_but_links_only_to_the_caseload(
    coach: FlaskClient, world: World
) -> None:
    page = coach.get(path(world)).text
    for number in range(4):
        assert f"Achter{number} {world.own.canary}" in page
    assert f'href="/kandidaten/{world.own.candidates[0]}"' in page
    assert f"/kandidaten/{world.own.candidates[3]}" not in page
    assert world.foreign.canary not in page


def test_the_board_answers_before_any_click(coach: FlaskClient, world: World) -> None:
    page = coach.get(path(world)).text.replace("\xa0", " ")
    assert "4 deelnemers" in page
    assert "week 4" in page
    assert "0 van 6 u" in page  # the percentage carries its base
    assert "is nog niet geregistreerd" in page
    assert "employer " + world.own.canary in page


def test_places_without_a_number_are_no_zero(coach: FlaskClient, world: World) -> None:
    actor = world.own.actors[Role.COACH]
    with unit_of_work():
        intention = one(JobIntention, world.own.intention)
        answer = Answer(clock.today(), "mw. De Boer", 3, 20, 28)
        confirm_by_telephone(actor, intention, answer, intention.version)
        unknown = {"function": "Helpende", "kind": "intention", "positions": None}
        draft(actor, one(Cohort, world.own.cohort), world.own.employer, unknown)
    page = coach.get(path(world)).text
    assert "≥ 3" in page
    assert "1 werkgever zonder aantal" in page
    assert "<b>onbekend</b>" in page
    assert "1 bevestigde plek te weinig" in page


def test_a_manager_sees_the_group_without_files_or_signals(app: Flask, world: World) -> None:
    page = browse(app, world.own.actors[Role.PROGRAMME_MANAGER]).get(path(world)).text
    assert f"Achter0 {world.own.canary}" in page
    addresses = re.findall(r'"/kandidaten/[^"]+', page)
    assert addresses and all(one.endswith("/werkcoach") for one in addresses)  # another coach, no file
    assert "aanwezigheid laag" not in page


def test_a_coordinator_sees_no_employers(app: Flask, world: World) -> None:
    page = browse(app, world.own.actors[Role.LEERHOME_COORDINATOR]).get(path(world)).text
    assert f"/kandidaten/{world.own.candidates[3]}" in page
    assert "Werkgevers en hun intenties" not in page
    assert f"Contact {world.own.canary}" not in page


@pytest.mark.parametrize("role", [Role.TEACHER, Role.EMPLOYER, Role.ADMINISTRATOR, Role.CANDIDATE])
def test_other_roles_have_no_board(app: Flask, world: World, role: Role) -> None:
    assert browse(app, world.own.actors[role]).get(path(world)).status_code in (403, 404)


def test_a_foreign_board_does_not_exist(coach: FlaskClient, world: World) -> None:
    assert coach.get(f"/lichtingen/{world.foreign.cohort}").status_code == 404


def test_filters_of_the_group_and_its_export(coach: FlaskClient, world: World) -> None:
    only = coach.get(path(world) + "?toon=signaal").text
    assert "Achter0" in only
    data = coach.get(path(world) + "?toon=signaal&format=xlsx").data
    rows = list(openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert any("Achter0" in str(r[0]) for r in rows)
    assert not any("Achter3" in str(r[0]) for r in rows)


def test_cohorts_stand_side_by_side(app: Flask, world: World) -> None:
    for role in (Role.COACH, Role.LEERHOME_COORDINATOR, Role.PROGRAMME_MANAGER):
        page = browse(app, world.own.actors[role]).get("/lichtingen").text
        assert f"Lichting {world.own.canary}" in page
        assert world.foreign.canary not in page


def panel(context: object) -> PanelDef:
    return PanelDef(
        key="zorg.proef",
        place="cohort.board",
        title="Proefpaneel",
        template="zorg/bestaat_niet.html",
        perm="cohort:board",
        context=context,  # type: ignore[arg-type]
    )


def with_panel(app: Flask, monkeypatch: pytest.MonkeyPatch, found: PanelDef | SlotDef) -> None:
    """Let the zorg plugin bring this box as well."""
    registry: Registry = app.extensions["inleer"]
    kind = "panels" if isinstance(found, PanelDef) else "slots"
    boxes = (*getattr(registry, kind), Owned("zorg", found))
    changes: Any = {kind: boxes}
    monkeypatch.setitem(app.extensions, "inleer", replace(registry, **changes))


def breaks(*_args: object) -> None:
    raise RuntimeError("a fault in a plugin")


def test_a_failing_panel_costs_only_its_own_box(
    app: Flask, coach: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_panel(app, monkeypatch, panel(breaks))
    response = coach.get(path(world))
    assert response.status_code == 200
    assert "Proefpaneel" in response.text
    assert "Niet beschikbaar" in response.text
    assert f"Achter0 {world.own.canary}" in response.text


def test_a_template_that_is_not_there_is_a_fault_too(
    app: Flask, coach: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_panel(app, monkeypatch, panel(lambda _actor, _cohort: {}))
    assert "Niet beschikbaar" in coach.get(path(world)).text


def test_a_failing_slot_on_the_file_costs_only_its_own_box(
    app: Flask, coach: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = SlotDef(
        key="zorg.proefslot",
        slot="candidate.aside",
        title="Proefslot",
        template="zorg/bestaat_niet.html",
        perm="candidate:view",
        context=breaks,  # type: ignore[arg-type]
    )
    with_panel(app, monkeypatch, slot)
    page = coach.get(f"/kandidaten/{world.own.candidates[0]}").text
    assert "Proefslot" in page
    assert "Niet beschikbaar" in page


def test_boxes_of_another_plugins_route_do_not_show(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_panel(app, monkeypatch, panel(breaks))
    actor = world.own.actors[Role.COACH]
    assert slots.panel_boxes(actor, "cohort.board", "bouw.leerbedrijf", UUID(int=1)) == []
    db.session.rollback()


def test_the_week_strip_tells_what_most_of_the_missed_time_was() -> None:
    today = clock.today()
    base = {"planned": 360, "late": 0, "ill": 0, "excused": 0, "unexcused": 0}
    assert WeekRow(today, missed=0, **base).mark == "present"
    assert WeekRow(today, missed=30, **{**base, "late": 30}).mark == "partial"
    assert WeekRow(today, missed=360, **{**base, "unexcused": 360}).mark == "absent"
    assert WeekRow(today, missed=360, **{**base, "ill": 300, "late": 60}).mark == "ill"
    week = WeekRow(today, missed=0, **base)
    assert strip([week], [today], [today]) == ["present"]
    assert strip([], [today], [today]) == ["open"]
    assert strip([], [today], []) == ["none"]


def test_packed_weeks_read_back() -> None:
    weeks = parse_weeks("2026-11-16/360/60/60/0/0/0;2026-11-09/180/0/0/0/0/0")
    assert [w.monday.isoformat() for w in weeks] == ["2026-11-09", "2026-11-16"]
    assert weeks[1].late == 60
    assert parse_weeks(None) == () == parse_minutes(None)
    assert parse_minutes("2026-11-16/960")[0][1] == 960


# --- signals with a page, weeks, and partners ----------------------------------------------------


def with_signal(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> UUID:
    """The open signal of the first candidate, as one of the zorg plugin with a page."""
    named = SignalDef(
        key="zorg.vca",
        name="VCA verloopt",
        explain="Het certificaat verloopt.",
        evaluate=lambda _ids, _on: [],
        endpoint="zorg.hours",
    )
    registry: Registry = app.extensions["inleer"]
    signals = (*registry.signals, Owned("zorg", named))
    monkeypatch.setitem(app.extensions, "inleer", replace(registry, signals=signals))
    mine = (Signal.candidate_id == world.own.candidates[0]) & (Signal.state == "open")
    found = db.session.execute(unscoped(select(Signal.id).where(mine), "test")).scalars().first()
    assert found is not None
    with unit_of_work():
        table = Signal.__table__
        db.session.connection().execute(table.update().where(table.c.id == found).values(rule="zorg.vca"))  # type: ignore[attr-defined]
    return found


def test_a_signal_leads_to_its_page_from_wherever_it_stands(
    app: Flask, coach: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    signal = with_signal(app, world, monkeypatch)
    leads = f"/signalen/{signal}/pagina"
    for page in (
        "/vandaag",
        path(world),
        f"/kandidaten/{world.own.candidates[0]}",
        f"/signalen/{signal}/afhandelen",
    ):
        assert f'href="{leads}"' in coach.get(page).text, page
    answer = coach.get(leads)
    assert (answer.status_code, answer.location) == (303, f"/zorg/{world.own.cohort}/uren")
    assert browse(app, world.foreign.actors[Role.COACH]).get(leads).status_code == 404


def test_a_signal_without_a_page_leads_back(coach: FlaskClient, world: World) -> None:
    mine = (Signal.candidate_id == world.own.candidates[0]) & (Signal.state == "open")
    found = db.session.execute(unscoped(select(Signal.id).where(mine), "test")).scalars().first()
    assert "/pagina" not in coach.get("/vandaag").text
    answer = coach.get(f"/signalen/{found}/pagina", follow_redirects=True)
    assert answer.status_code == 200 and "geen eigen pagina" in answer.text


def test_the_name_of_a_signal_keeps_its_capitals(
    app: Flask, coach: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_signal(app, world, monkeypatch)
    page = coach.get(f"/kandidaten/{world.own.candidates[0]}?toon=signalen").text
    assert "<b>VCA verloopt</b>" in page


def test_weeks_are_counted_without_aftercare(coach: FlaskClient, world: World) -> None:
    rows = unscoped(select(CohortPhase).where(CohortPhase.cohort_id == world.own.cohort), "test")
    phases = sorted(db.session.execute(rows).scalars(), key=lambda phase: phase.position)
    assert phases[-1].kind == "aftercare"
    starts = one(Cohort, world.own.cohort).starts_on
    last = phases[-2].ends_on
    assert last is not None
    total = (monday(last) - monday(starts)).days // 7 + 1
    assert f"week 4 van {total}" in coach.get(path(world)).text


def test_partners_that_the_route_does_not_need_are_not_missed(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = {row.id: row for row in cohorts_of(world.own.actors[Role.PROGRAMME_MANAGER])}
    row = rows[world.own.cohort]
    assert row.needed == ("school", "leerhome", "employer")
    assert replace(row, partners=frozenset()).lacks[:3] == row.needed
    assert replace(row, partners=frozenset(), needed=("school",)).lacks[:1] == ("school",)
    assert "leerhome" not in replace(row, partners=frozenset(), needed=("school",)).lacks
