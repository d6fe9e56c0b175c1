"""Lateness is unexcused where the school says so, from the day that it says: figures and signals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from inleer import clock
from inleer.attendance.actions import MarkInput, record_many
from inleer.attendance.lateness import (
    counts_on,
    remove_rule,
    rules_of,
    set_rule,
    version_of_rules,
)
from inleer.attendance.models import EnrolmentTotal, EnrolmentWeek
from inleer.attendance.rollups import verify
from inleer.audit import AuditEvent
from inleer.cohorts.models import Cohort, Session
from inleer.db import db, unit_of_work
from inleer.errors import DomainError, NotVisible, StaleEdit
from inleer.policy import Role, unscoped
from inleer.reports.cohort_figures import cohort_report
from inleer.signals.models import Signal
from tests.world import Side, World, build, one

LATE = 300  # minutes of each lesson of 360


@pytest.fixture
def world(app: Flask) -> World:
    """Everybody but the first came late in each of four lessons, and left early from the last of them."""
    made = build(app, people=3, weeks=5)
    for side in (made.own, made.foreign):
        for number in range(1, 5):
            status = "left_early" if number == 4 else "late"
            marks = [MarkInput(e, status, LATE, 0) for e in side.enrolments[1:]]
            with unit_of_work():
                record_many(
                    side.actors[Role.TEACHER], one(Session, side.sessions[number]), marks, side.enrolments
                )
    return made


def rule(side: Side, day: date, counts: bool = True) -> None:
    with unit_of_work():
        admin = side.actors[Role.ADMINISTRATOR]
        set_rule(admin, side.school, day, counts, version_of_rules(side.school))


def lesson(side: Side, number: int) -> date:
    return one(Session, side.sessions[number]).on


def stored(enrolment_id: UUID) -> EnrolmentTotal:
    found = db.session.get(EnrolmentTotal, enrolment_id)
    assert found is not None
    return found


def total(enrolment_id: UUID) -> tuple[int, int, int]:
    """(late, unexcused, missed) of the stored roll-up."""
    db.session.expire_all()
    row = stored(enrolment_id)
    return row.late, row.unexcused, row.missed


def in_window(enrolment_id: UUID) -> Sequence[int]:
    statement = select(EnrolmentWeek.window_unexcused).where(EnrolmentWeek.enrolment_id == enrolment_id)
    return db.session.execute(statement.order_by(EnrolmentWeek.monday)).scalars().all()


def signals(candidate_id: UUID) -> set[str]:
    statement = select(Signal.rule).where(Signal.candidate_id == candidate_id, Signal.state == "open")
    return set(db.session.execute(unscoped(statement, "test")).scalars())


def right(world: World) -> bool:
    return verify([*world.own.candidates, *world.foreign.candidates]) == []


def test_off_unless_the_school_says_so(world: World) -> None:
    assert total(world.own.enrolments[1]) == (4 * LATE, 0, 4 * LATE)
    assert rules_of(world.own.school) == []
    assert not counts_on([], clock.today())
    assert "core.unexcused_warning" not in signals(world.own.candidates[1])


def test_from_the_day_of_the_rule_figures_and_signals_follow(world: World) -> None:
    side = world.own
    rule(side, lesson(side, 3))
    assert total(side.enrolments[1]) == (2 * LATE, 2 * LATE, 4 * LATE)
    assert sum(in_window(side.enrolments[1])) in (2 * LATE, LATE, 0)  # fewer in a vacation
    assert total(side.enrolments[0])[1] == one(Session, side.sessions[0]).planned_minutes
    assert right(world)
    assert total(world.foreign.enrolments[1]) == (4 * LATE, 0, 4 * LATE), "another school's rule is its own"
    # From the first lesson on: 20 hours in all, of which the window may hold fewer.
    rule(side, lesson(side, 0))
    assert total(side.enrolments[1]) == (0, 4 * LATE, 4 * LATE)
    assert right(world)


def test_the_rule_ends_where_the_next_begins(world: World) -> None:
    side = world.own
    rule(side, lesson(side, 1))
    rule(side, lesson(side, 2), counts=False)
    assert total(side.enrolments[1]) == (3 * LATE, LATE, 4 * LATE)
    assert right(world)
    rules = rules_of(side.school)
    assert [counts_on(rules, lesson(side, n)) for n in range(4)] == [False, True, False, False]
    # The same day again replaces what was said.
    rule(side, lesson(side, 1), counts=False)
    assert total(side.enrolments[1]) == (4 * LATE, 0, 4 * LATE)
    assert right(world) and len(rules_of(side.school)) == 2


def test_sixteen_hours_are_reached_and_taken_back(app: Flask) -> None:
    with clock.frozen(clock.at(date(2026, 4, 20), clock.local(clock.now()).time())):
        made = build(app, people=2, weeks=5)  # lessons from 17 March on, all in school weeks
        side = made.own
        for number in range(1, 5):
            marks = [MarkInput(side.enrolments[1], "late", LATE, 0)]
            with unit_of_work():
                teacher, held = side.actors[Role.TEACHER], one(Session, side.sessions[number])
                record_many(teacher, held, marks, side.enrolments)
        assert "core.sixteen_hours" not in signals(side.candidates[1])
        rule(side, lesson(side, 1))
        assert "core.sixteen_hours" in signals(side.candidates[1])
        assert stored(side.enrolments[1]).reached_on == lesson(side, 4)
        manager = side.actors[Role.PROGRAMME_MANAGER]
        report = cohort_report(manager, one(Cohort, side.cohort), clock.today())
        assert report.late_counts
        assert sorted(p.figures.unexcused for p in report.people) == [360, 4 * LATE]
        assert {p.reached_on for p in report.people} == {None, lesson(side, 4)}
        before = cohort_report(manager, one(Cohort, side.cohort), lesson(side, 0))
        assert not before.late_counts
        rule(side, lesson(side, 1), counts=False)
        assert "core.sixteen_hours" not in signals(side.candidates[1])
        db.session.expire_all()
        assert stored(side.enrolments[1]).reached_on is None
        assert right(made)


def test_a_save_in_the_register_follows_the_rule(world: World) -> None:
    side = world.own
    rule(side, lesson(side, 4))
    teacher, held = side.actors[Role.TEACHER], one(Session, side.sessions[4])
    with unit_of_work():
        record_many(teacher, held, [MarkInput(side.enrolments[1], "late", 30, 1)], side.enrolments)
        record_many(teacher, held, [MarkInput(side.enrolments[0], "late", 20, 0)], side.enrolments)
    assert total(side.enrolments[1]) == (3 * LATE, 30, 3 * LATE + 30)
    assert total(side.enrolments[0])[0] == 0
    assert right(world)


def test_the_leerhome_has_no_such_rule(world: World) -> None:
    side = world.own
    rule(side, date(2000, 1, 1))
    with clock.frozen(one(Session, side.sessions[-1]).ends_at):  # of today, whatever the time is now
        with unit_of_work():
            host = side.actors[Role.LEERHOME_COORDINATOR]
            marks = [MarkInput(side.enrolments[1], "late", 60, 0)]
            record_many(host, one(Session, side.sessions[-1]), marks, side.enrolments)
        assert total(side.enrolments[1]) == (60, 4 * LATE, 4 * LATE + 60)
        assert right(world)


def test_a_planned_rule_changes_nothing_yet_and_can_go(world: World) -> None:
    side, admin = world.own, world.own.actors[Role.ADMINISTRATOR]
    rule(side, clock.today() + timedelta(days=10))
    assert total(side.enrolments[1]) == (4 * LATE, 0, 4 * LATE)
    (planned,) = rules_of(side.school)
    for version, school, refusal in ((2, side.school, StaleEdit), (1, world.foreign.school, NotVisible)):
        with pytest.raises(refusal), unit_of_work():
            remove_rule(admin, school, planned.id, version)
    with unit_of_work():
        remove_rule(admin, side.school, planned.id, planned.version)
    assert rules_of(side.school) == []
    actions = select(AuditEvent.action).where(AuditEvent.action.like("lateness_rule.%"))
    assert sorted(db.session.execute(actions).scalars()) == ["lateness_rule.removed", "lateness_rule.set"]


def test_a_rule_that_counts_stays(world: World) -> None:
    side, admin = world.own, world.own.actors[Role.ADMINISTRATOR]
    rule(side, clock.today())
    (now,) = rules_of(side.school)
    with pytest.raises(DomainError, match="telt al"), unit_of_work():
        remove_rule(admin, side.school, now.id, now.version)
    with pytest.raises(DomainError, match="2000"), unit_of_work():
        set_rule(admin, side.school, date(1999, 12, 31), True, version_of_rules(side.school))
    with pytest.raises(StaleEdit), unit_of_work():
        set_rule(admin, side.school, clock.today(), False, 0)
    assert [r.value for r in rules_of(side.school)] == [1]
