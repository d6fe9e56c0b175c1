"""Completing phases: verdicts as a fact, a reason where the rules do not carry it, and the way back."""

from __future__ import annotations

import ast
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from inleer import audit, clock
from inleer.audit import in_bulk
from inleer.cohorts.completion import complete, rehearse, take_back, verdicts_of, verdicts_per_phase
from inleer.cohorts.completion_rules import FULFILLED, NOT_FULFILLED, UNAVAILABLE
from inleer.cohorts.models import Enrolment, PhaseCompletion
from inleer.db import db, unit_of_work
from inleer.errors import DomainError, NotVisible
from inleer.extend.types import Verdict
from inleer.policy import Actor, Role
from tests import phases
from tests.phases import PHASE, RULE, WEEKS, audited, bind_rule, completions, phase_row, use_rule
from tests.world import World, build, one


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=4, weeks=WEEKS)


@pytest.fixture
def coach(world: World) -> Actor:
    return world.own.actors[Role.COACH]


def record(actor: Actor, world: World, ids: list[UUID], reason: str = "", days_ago: int = 0) -> list[Any]:
    """Complete the phase for these people in a unit of work of its own."""
    with unit_of_work():
        on = clock.today() - timedelta(days=days_ago)
        return complete(actor, phase_row(world.own.cohort), ids, on, reason)


# --- what the rules say ---------------------------------------------------------------------------


def test_each_rule_is_asked_once_for_all(app: Flask, world: World) -> None:
    first, *others = world.own.enrolments
    calls = use_rule(app, phases.fulfilled_for(first))
    said = verdicts_of(world.own.cohort, PHASE, world.own.enrolments, clock.today())
    assert [v.state for v in said[first]] == [FULFILLED]
    assert {v.state for other in others for v in said[other]} == {NOT_FULFILLED}
    assert said[first][0].text == "90 van 80 uur."
    assert len(calls) == 1


def test_a_phase_without_rules_asks_nobody(app: Flask, world: World) -> None:
    calls = use_rule(app, phases.everyone)
    said = verdicts_per_phase(world.own.cohort, ["intake", "adl"], world.own.enrolments, clock.today())
    assert said["intake"] == dict.fromkeys(world.own.enrolments, ())
    assert verdicts_of(world.own.cohort, PHASE, [], clock.today()) == {}
    assert calls == []


FAULTS: dict[str, Callable[..., Any] | None] = {
    "missing": None,
    "raises": phases.raises,
    "bad SQL": phases.bad_sql,
    "forgets somebody": phases.half,
    "answers booleans": lambda ids, _today: dict.fromkeys(ids, True),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_missing_or_failing_rule_never_counts(app: Flask, world: World, coach: Actor, fault: str) -> None:
    use_rule(app, FAULTS[fault])
    person = world.own.enrolments[0]
    (verdict,) = verdicts_of(world.own.cohort, PHASE, world.own.enrolments, clock.today())[person]
    assert verdict.state == UNAVAILABLE
    assert "“zorg”" in verdict.text and "geheim" not in verdict.text
    with pytest.raises(DomainError, match="Schrijf kort op waarom"):
        record(coach, world, [person])
    assert completions() == []
    (row,) = record(coach, world, [person], reason="De plugin is stuk, de uren staan op papier.")
    assert (row.fulfilled, row.verdicts[RULE]["state"]) == (False, UNAVAILABLE)
    assert audit.verify_chain(db.session()) == []


@pytest.mark.parametrize("fault", [*FAULTS, "not fulfilled", "not to be said yet"])
def test_no_reason_stands_in_for_a_binding_rule(app: Flask, world: World, coach: Actor, fault: str) -> None:
    bind_rule(world.own.cohort)
    more = {
        "not fulfilled": phases.fulfilled_for(),
        "not to be said yet": lambda ids, _today: dict.fromkeys(ids, Verdict(None, "Onbekend.")),
    }
    use_rule(app, {**FAULTS, **more}[fault])
    first, second = world.own.enrolments[:2]
    for people in ([first], [first, second]):
        for reason in ("", "De coach weet het zeker."):
            with pytest.raises(DomainError) as refused:
                record(coach, world, people, reason=reason)
            assert refused.value.field == "people"
            assert "ook niet met een reden" in refused.value.message
            assert (RULE if fault == "missing" else "Uren in de wijk") in refused.value.message
    assert completions() == [] and audited("phase.completed") == []


def test_in_a_group_a_binding_rule_names_whom_it_stops(app: Flask, world: World, coach: Actor) -> None:
    bind_rule(world.own.cohort)
    first, second, third = world.own.enrolments[:3]
    use_rule(app, phases.fulfilled_for(second))
    with pytest.raises(DomainError) as refused:
        record(coach, world, [first, second, third], reason="Toch.")
    assert refused.value.message.startswith(
        "“Uren in de wijk” is niet voldaan bij Voor0 van Achter0 KANARIEA, Voor2 van Achter2 KANARIEA."
    )
    (row,) = record(coach, world, [second])
    assert row.verdicts[RULE] == {
        "name": "Uren in de wijk", "state": FULFILLED, "text": "90 van 80 uur.", "binding": True,
    }  # fmt: skip


def test_phases_are_completed_in_one_place_only() -> None:
    """A second writer would pass the binding rules by."""
    package = Path(__file__).parents[2] / "inleer"
    makers = [
        path.name
        for path in package.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "PhaseCompletion"
    ]
    assert makers == ["completion.py"]


def test_a_rule_of_another_plugin_than_the_routes_owner_is_missing(app: Flask, world: World) -> None:
    from dataclasses import replace

    use_rule(app, phases.everyone)
    registry = app.extensions["inleer"]
    foreign = tuple(replace(o, plugin="ander") if o.key == RULE else o for o in registry.rules)
    app.extensions["inleer"] = replace(registry, rules=foreign)
    said = verdicts_of(world.own.cohort, PHASE, world.own.enrolments[:1], clock.today())
    assert said[world.own.enrolments[0]][0].state == UNAVAILABLE


# --- recording ------------------------------------------------------------------------------------


def test_a_completion_keeps_who_when_and_what_the_rules_said(app: Flask, world: World, coach: Actor) -> None:
    person = world.own.enrolments[0]
    use_rule(app, phases.fulfilled_for(person))
    record(coach, world, [person], reason="Niet nodig.", days_ago=2)
    use_rule(app, phases.fulfilled_for())  # what the rule says later changes nothing
    (row,) = completions()
    assert (row.enrolment_id, row.phase_name) == (person, phase_row(world.own.cohort).name)
    assert row.completed_on == clock.today() - timedelta(days=2)
    assert (row.recorded_by_id, row.recorded_by_name) == (coach.user_id, coach.name)
    assert row.verdicts == {RULE: {"name": "Uren in de wijk", "state": FULFILLED, "text": "90 van 80 uur."}}
    assert (row.fulfilled, row.reason) == (True, "")
    (event,) = audited("phase.completed")
    assert (event.subject_kind, event.subject_id) == ("phase_completion", str(row.id))
    assert event.details["verdicts"] == {RULE: FULFILLED}
    assert event.details["phase"] == PHASE


def test_in_a_group_the_reason_stays_with_whom_it_is_about(app: Flask, world: World, coach: Actor) -> None:
    first, second, third = world.own.enrolments[:3]
    use_rule(app, phases.fulfilled_for(first, second))
    with pytest.raises(DomainError) as refused:
        record(coach, world, [first, second, third])
    assert refused.value.field == "reason"
    assert completions() == []
    rows = record(coach, world, [first, second, third], reason="Werkte eerder in de zorg.")
    assert {r.enrolment_id: r.reason for r in rows} == {
        first: "",
        second: "",
        third: "Werkte eerder in de zorg.",
    }
    assert len({r.batch_id for r in rows}) == 1
    assert len(audited("phase.completed")) == 3
    assert "Werkte" not in str([e.details for e in audited("phase.completed")])


def test_a_phase_is_completed_once(app: Flask, world: World, coach: Actor) -> None:
    use_rule(app, phases.everyone)
    first, second = world.own.enrolments[:2]
    record(coach, world, [first])
    with pytest.raises(DomainError, match=r"al afgerond: op .*, vastgelegd door coach KANARIEA"):
        record(coach, world, [second, first])
    assert [r.enrolment_id for r in completions()] == [first]


def test_of_several_people_the_refusal_names_the_one(app: Flask, world: World, coach: Actor) -> None:
    use_rule(app, phases.everyone)
    first, second = world.own.enrolments[:2]
    with unit_of_work():
        person = one(Enrolment, second)
        person.state, person.left_on = "dropped_out", clock.today() - timedelta(days=3)
        audit.record(coach, "test.made", person)
    with pytest.raises(DomainError, match=r"Voor1 van Achter1 KANARIEA: De laatste dag"):
        record(coach, world, [first, second])
    record(coach, world, [second], days_ago=3)  # it was completed before they stopped


@pytest.mark.parametrize("days_ago", [-1, 60])
def test_not_before_the_phase_and_not_ahead(app: Flask, world: World, coach: Actor, days_ago: int) -> None:
    use_rule(app, phases.everyone)
    with pytest.raises(DomainError) as refused:
        record(coach, world, world.own.enrolments[:1], days_ago=days_ago)
    assert refused.value.field == "on"


def test_nobody_is_nobody(app: Flask, world: World, coach: Actor) -> None:
    with pytest.raises(DomainError) as refused:
        record(coach, world, [])
    assert refused.value.field == "people"


def test_only_people_of_the_actor_and_of_the_cohort(app: Flask, world: World, coach: Actor) -> None:
    use_rule(app, phases.everyone)
    mine, colleagues = world.own.enrolments[0], world.own.enrolments[-1]
    for stranger in (colleagues, world.foreign.enrolments[0], uuid4()):
        with pytest.raises(NotVisible):
            record(coach, world, [mine, stranger])
    for role in (Role.TEACHER, Role.PROGRAMME_MANAGER, Role.ADMINISTRATOR):
        with pytest.raises(NotVisible):
            record(world.own.actors[role], world, [mine])
    coordinator = world.own.actors[Role.LEERHOME_COORDINATOR]
    assert len(record(coordinator, world, [mine, colleagues])) == 2


def test_a_rehearsal_changes_nothing(app: Flask, world: World, coach: Actor) -> None:
    use_rule(app, phases.everyone)
    with unit_of_work():
        said = rehearse(coach, phase_row(world.own.cohort), world.own.enrolments[:2], clock.today())
    assert list(said) == world.own.enrolments[:2]
    assert completions() == [] and audited("phase.completed") == []


def test_the_database_wants_a_reason_too(app: Flask, world: World, coach: Actor) -> None:
    use_rule(app, phases.everyone)
    (row,) = record(coach, world, world.own.enrolments[:1])
    statement = update(PhaseCompletion).where(PhaseCompletion.id == row.id).values(fulfilled=False)
    with unit_of_work() as session, pytest.raises(IntegrityError):
        session.execute(in_bulk(statement, "test"))
    assert one(PhaseCompletion, row.id).fulfilled


def test_of_ten_at_once_one_remains(app: Flask, world: World, coach: Actor) -> None:
    use_rule(app, phases.everyone)
    start, outcomes = threading.Barrier(10), []

    def work() -> None:
        with app.app_context():
            start.wait()
            try:
                record(coach, world, world.own.enrolments[:2])
                outcomes.append("saved")
            except DomainError:
                outcomes.append("refused")
            finally:
                db.session.remove()

    workers = [threading.Thread(target=work) for _n in range(10)]
    db.session.rollback()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(outcomes) == ["refused"] * 9 + ["saved"]
    assert len(completions()) == 2


# --- the way back ---------------------------------------------------------------------------------


def test_taking_back_leaves_only_the_trail_and_can_be_done_again(
    app: Flask, world: World, coach: Actor
) -> None:
    use_rule(app, phases.everyone)
    rows = record(coach, world, world.own.enrolments[:2])
    with unit_of_work():
        take_back(coach, [one(PhaseCompletion, row.id) for row in rows])
    assert completions() == []
    undone = audited("phase.completion_undone")
    assert [e.subject_id for e in undone] == [str(r.id) for r in rows]
    assert undone[0].details["verdicts"] == {RULE: FULFILLED}
    record(coach, world, world.own.enrolments[:2])
    assert len(completions()) == 2
    assert audit.verify_chain(db.session()) == []
