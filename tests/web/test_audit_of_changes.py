"""Promise 59: whatever a rule changes in the database is in the audit trail, with who, when, what and from where."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from inleer.audit import AuditEvent
from inleer.db import db
from inleer.people.models import Candidate
from inleer.policy import Perm, Role
from inleer.policy.guard import guarded
from tests.web.cases import CASES, PEOPLE_NEEDED
from tests.web.walk import Case, Scene, differences, rows, steps, writing_endpoints
from tests.world import World, build

AT_LEAST = 98


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=PEOPLE_NEEDED, weeks=2)


def events_after(sequence: int) -> list[Any]:
    """The audit events that came after this one."""
    db.session.rollback()
    found = select(AuditEvent).where(AuditEvent.sequence > sequence).order_by(AuditEvent.sequence)
    return list(db.session.execute(found).scalars())


def last_sequence() -> int:
    """The number of the last audit event."""
    db.session.rollback()
    found = select(AuditEvent.sequence).order_by(AuditEvent.sequence.desc()).limit(1)
    return db.session.execute(found).scalar() or 0


def changes(scene: Scene, cases: list[Case]) -> tuple[dict[str, list[tuple[str, str]]], dict[str, list[Any]]]:
    """What each rule changed, and the audit events that it wrote, by endpoint."""
    changed: dict[str, list[tuple[str, str]]] = {}
    events: dict[str, list[Any]] = {}
    for step in steps(scene, cases):
        before, sequence = rows(), last_sequence()
        step.go()
        changed[step.case.endpoint] = differences(before, rows())
        events[step.case.endpoint] = events_after(sequence)
    return changed, events


def unaudited(changed: dict[str, list[tuple[str, str]]], events: dict[str, list[Any]]) -> list[str]:
    """The rules that changed something without saying so."""
    return sorted(endpoint for endpoint, found in changed.items() if found and not events[endpoint])


def incomplete(event: Any) -> list[str]:
    """Which of the things that every event tells are missing: when, who, as what, from where, what, the outcome."""
    told = ("at", "user_id", "organisation_id", "role", "origin", "action", "subject_kind", "subject_id")
    return [name for name in (*told, "outcome", "trace_id") if not getattr(event, name)]


def test_every_rule_that_changes_something_has_a_case(app: Flask) -> None:
    assert {case.endpoint for case in CASES} == writing_endpoints(app)


@pytest.mark.slow
def test_every_change_is_audited(app: Flask, world: World) -> None:
    changed, events = changes(Scene(app, world), CASES)
    assert unaudited(changed, events) == []
    told = [(endpoint, incomplete(e)) for endpoint, found in events.items() for e in found if incomplete(e)]
    assert told == []
    assert [endpoint for endpoint, found in changed.items() if not found] == []
    assert len(changed) >= AT_LEAST


def test_the_walk_finds_a_change_without_audit(app: Flask, world: World) -> None:
    """The planted fault: a view that changes a row past the models, where the commit guard does not look."""

    @guarded(Perm.CANDIDATE_CHANGE, on=Candidate)
    def planted(candidate: Candidate) -> str:
        db.session.execute(text("UPDATE candidate SET phone = '06 00000000'"))
        return str(candidate.id)

    app.add_url_rule("/geplant/<uuid:candidate_id>", "planted", planted, methods=["POST"])
    assert "planted" in writing_endpoints(app)
    case = Case("planted", Role.COACH, lambda s: {"candidate_id": s.own.candidates[0]})
    assert unaudited(*changes(Scene(app, world), [case])) == ["planted"]
