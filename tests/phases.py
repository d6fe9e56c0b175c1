"""A world in which the neighbourhood phase runs, with a rule that says what the test wants."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select, update

from inleer.audit import AuditEvent, in_bulk
from inleer.cohorts.models import Cohort, CohortPhase, PhaseCompletion
from inleer.cohorts.queries_completion import route_version_of
from inleer.db import db, unit_of_work
from inleer.extend import Registry
from inleer.extend.registry import Owned
from inleer.extend.types import RuleDef, Verdict
from inleer.leerroutes.actions import publish
from inleer.leerroutes.queries import definition_by_id, route_version
from inleer.policy import system_actor, unscoped

RULE = "zorg.neighbourhood_hours"
PHASE = "wijk"
#: Weeks since the start after which the phase has begun.
WEEKS = 8
Check = Callable[[Sequence[UUID], date], Any]


def use_rule(app: Flask, check: Check | None) -> list[Sequence[UUID]]:
    """Let the phase's rule answer with ``check`` (None: the rule is missing); returns the calls that follow."""
    registry: Registry = app.extensions["inleer"]
    calls: list[Sequence[UUID]] = []

    def counted(ids: Sequence[UUID], today: date) -> Any:
        assert check is not None
        calls.append(ids)
        return check(ids, today)

    others = tuple(owned for owned in registry.rules if owned.key != RULE)
    if check is not None:
        made = RuleDef(key=RULE, name="Uren in de wijk", explain="Genoeg uren.", check=counted)
        others += (Owned("zorg", made),)
    app.extensions["inleer"] = replace(registry, rules=others)
    return calls


def bind_rule(cohort_id: UUID) -> None:
    """Let the cohort run by a version of its route in which the phase's rule is binding."""
    running = definition_by_id(route_version_of(cohort_id))
    phases = tuple(replace(p, binding=p.completion) if p.key == PHASE else p for p in running.phases)
    bound = replace(running, version=9, phases=phases)
    with unit_of_work():
        publish(system_actor(), Registry(routes=(Owned(bound.owner, bound),)))
        row = route_version(bound.key, bound.version)
        assert row is not None
        moved = update(Cohort).where(Cohort.id == cohort_id).values(route_version_id=row.id)
        db.session.execute(in_bulk(moved, "test"))


def fulfilled_for(*enrolments: UUID) -> Check:
    """A rule that is fulfilled for these people only."""

    def check(ids: Sequence[UUID], _today: date) -> Mapping[UUID, Verdict]:
        return {
            one: Verdict(one in enrolments, "90 van 80 uur." if one in enrolments else "12 van 80 uur.")
            for one in ids
        }

    return check


def everyone(ids: Sequence[UUID], _today: date) -> Mapping[UUID, Verdict]:
    """A rule that is fulfilled for all."""
    return dict.fromkeys(ids, Verdict(True, "90 van 80 uur."))


def raises(_ids: Sequence[UUID], _today: date) -> Any:
    """A rule that breaks, with something in its message that nobody may see."""
    raise RuntimeError("geheim van de plugin")


def bad_sql(_ids: Sequence[UUID], _today: date) -> Any:
    """A rule that leaves PostgreSQL's transaction aborted unless it is guarded."""
    return db.session.execute(db.text("SELECT * FROM een_tabel_die_er_niet_is")).all()


def half(ids: Sequence[UUID], _today: date) -> Any:
    """A rule that forgets somebody."""
    return dict.fromkeys(ids[1:], Verdict(True, "90 van 80 uur."))


def phase_row(cohort_id: UUID, key: str = PHASE) -> CohortPhase:
    """A phase of a cohort."""
    statement = select(CohortPhase).where(CohortPhase.cohort_id == cohort_id, CohortPhase.key == key)
    return db.session.execute(statement).scalar_one()


def completions(key: str = PHASE) -> list[PhaseCompletion]:
    """What is stored about one phase, in both halves of the world."""
    statement = select(PhaseCompletion).where(PhaseCompletion.phase_key == key)
    return list(db.session.execute(unscoped(statement, "test")).scalars())


def audited(action: str) -> list[AuditEvent]:
    """The events of one action, in order."""
    statement = select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.sequence)
    return list(db.session.execute(statement).scalars())
