"""A rule that is asked when a placement is agreed: what it refuses is not saved, and a broken one refuses too."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from inleer import clock
from inleer.audit.models import AuditEvent
from inleer.cohorts.models import Enrolment
from inleer.db import db, unit_of_work
from inleer.errors import DomainError
from inleer.extend import Registry
from inleer.extend.registry import Owned
from inleer.extend.types import RuleDef, Verdict
from inleer.placements import actions
from inleer.placements.actions import Plan
from inleer.placements.models import Placement
from inleer.policy import Actor, Role, unscoped
from tests.world import World, browse, build, one, token_in

Check = Callable[[Sequence[UUID], date], Any]
SAID = r"Dit kan nog niet worden afgesproken\. Plek past: Deze plek is te ver weg\."


def says(fulfilled: bool | None) -> Check:
    def check(ids: Sequence[UUID], _today: date) -> Mapping[UUID, Verdict]:
        return dict.fromkeys(ids, Verdict(fulfilled, "Deze plek is te ver weg."))

    return check


def raises(_ids: Sequence[UUID], _today: date) -> Any:
    raise RuntimeError("planted")


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=2)


def use(app: Flask, check: Check, owner: str = "zorg", agreeing: bool = True) -> None:
    """Let ``owner`` bring one rule that is asked when a placement is agreed."""
    registry: Registry = app.extensions["inleer"]
    made = RuleDef(key=f"{owner}.near", name="Plek past", explain="Dichtbij.", check=check, agreeing=agreeing)
    others = tuple(owned for owned in registry.rules if owned.key != made.key)
    app.extensions["inleer"] = replace(registry, rules=(*others, Owned(owner, made)))


def coach(world: World) -> Actor:
    return world.own.actors[Role.COACH]


def plan(world: World) -> Plan:
    first = clock.today() + timedelta(40)
    return Plan("rotation", world.own.employer, "Balie", first, first + timedelta(30), 3, 16)


def make(world: World, agreed: bool) -> Placement:
    with unit_of_work():
        return actions.propose(coach(world), one(Enrolment, world.own.enrolments[0]), plan(world), agreed)


def rows(world: World) -> list[Placement]:
    db.session.rollback()
    statement = select(Placement).where(Placement.function == "Balie")
    return list(db.session.scalars(unscoped(statement, "test")))


def events_of(row: Placement) -> list[str]:
    statement = select(AuditEvent.action).where(AuditEvent.subject_id == str(row.id))
    return list(db.session.scalars(statement.order_by(AuditEvent.sequence)))


@pytest.mark.parametrize("fulfilled", [False, None])
def test_what_is_not_plainly_fulfilled_is_proposed_and_not_agreed(
    app: Flask, world: World, fulfilled: bool | None
) -> None:
    use(app, says(fulfilled))
    with pytest.raises(DomainError, match=SAID) as refused:
        make(world, agreed=True)
    assert refused.value.field == "agreed"
    assert rows(world) == []
    row = make(world, agreed=False)
    with pytest.raises(DomainError, match=SAID), unit_of_work():
        actions.step(coach(world), one(Placement, row.id), "agreed", row.version)
    assert [(r.state, r.version) for r in rows(world)] == [("proposed", row.version)]
    assert events_of(row) == ["placement.proposed"]
    use(app, says(True))
    with unit_of_work():
        actions.step(coach(world), one(Placement, row.id), "agreed", row.version)
    assert [r.state for r in rows(world)] == ["agreed"]


def test_a_change_of_what_is_agreed_is_asked_and_what_follows_is_not(app: Flask, world: World) -> None:
    use(app, says(True))
    row = make(world, agreed=True)
    use(app, says(False))
    wanted = replace(plan(world), hours=12)
    with pytest.raises(DomainError, match=SAID), unit_of_work():
        actions.change(coach(world), one(Placement, row.id), wanted, row.version)
    with unit_of_work():
        current = one(Placement, row.id)
        actions.end_early(coach(world), current, None, "employer", "Geen plek.", current.version)
    with unit_of_work():
        assert actions.undo(coach(world), one(Placement, row.id), one(Placement, row.id).version)
    assert [(r.state, r.hours) for r in rows(world)] == [("agreed", 16)]


def test_a_rule_that_breaks_holds_back_and_is_named(app: Flask, world: World) -> None:
    use(app, raises)
    with pytest.raises(DomainError, match=r"Plek past: Deze regel gaf nu geen antwoord.*plugin “zorg”"):
        make(world, agreed=True)
    assert rows(world) == []
    (fault,) = app.extensions["inleer"].faults.of("zorg")
    assert fault.key == "zorg.near"


@pytest.mark.parametrize(("owner", "agreeing"), [("logistiek", True), ("zorg", False)])
def test_another_s_rule_and_one_about_phases_are_not_asked(
    app: Flask, world: World, owner: str, agreeing: bool
) -> None:
    use(app, raises, owner, agreeing)
    assert make(world, agreed=True).state == "agreed"


def test_the_button_says_why_and_nothing_changed(app: Flask, world: World) -> None:
    use(app, says(False))
    row = make(world, agreed=False)
    browser = browse(app, coach(world))
    page = browser.get(f"/kandidaten/{world.own.candidates[0]}/plaatsingen").text
    data = {"csrf_token": token_in(page), "state": "agreed", "version": str(row.version)}
    answer = browser.post(f"/plaatsingen/{row.id}/stap", data=data)
    assert answer.status_code == 422
    assert "Plek past: Deze plek is te ver weg." in answer.text
    assert [r.state for r in rows(world)] == ["proposed"]
