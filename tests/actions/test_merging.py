"""Two candidates become one: everything goes along, nothing is lost, and taking it back restores every row."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from inleer import clock
from inleer.attendance.actions import MarkInput, record_many
from inleer.attendance.models import Attendance
from inleer.casework.actions import escalate, write_note
from inleer.casework.models import Escalation, Note
from inleer.cohorts.actions import NewCohort, add_partner, create_cohort
from inleer.cohorts.enrolments import enrol
from inleer.cohorts.models import Cohort, Enrolment, Session
from inleer.cohorts.sessions import NewSession, plan_session
from inleer.db import db, unit_of_work
from inleer.errors import DomainError
from inleer.leerroutes.queries import route_version
from inleer.merging.actions import merge, not_the_same, take_back
from inleer.merging.models import CandidateMerge
from inleer.merging.queries import possible
from inleer.merging.rows import hanging
from inleer.people.actions import create_candidate, save_answers, set_number, update_candidate
from inleer.people.models import Candidate, FieldValue, Identifier
from inleer.placements.actions import Plan, propose
from inleer.placements.models import Placement
from inleer.placements.rules import days_sum
from inleer.policy import Role, unscoped
from inleer.signals.actions import handle, recount
from inleer.signals.models import Signal
from tests.phases import audited
from tests.web.walk import differences, rows
from tests.world import ROUTE, World, build, one

#: These tables have rows of the one who goes in the tests below; a new one that refers to a person must be added.
MOVED = {
    "enrolment",
    "escalation",
    "field_value",
    "identifier",
    "note",
    "placement",
    "coach_change",
    "candidate",
}


@pytest.fixture
def world(app: Flask) -> World:
    """The first candidate was entered twice: the second time in an edition of their own, with all there can be."""
    made = build(app, people=4, weeks=3)
    made.own.others["twice"] = _second_time(made)
    with unit_of_work():
        recount(made.own.actors[Role.COACH], [made.own.candidates[0], made.own.others["twice"]])
    return made


def _second_time(world: World) -> UUID:
    own = world.own
    manager, coach = own.actors[Role.PROGRAMME_MANAGER], own.actors[Role.COACH]
    start = clock.today() - timedelta(weeks=3, days=clock.today().weekday())
    with unit_of_work():
        values = {"last_name": "Voor0", "first_name": "Achter0 KANARIEA", "children": 2, "benefit": "WW"}
        gone = create_candidate(coach, own.agency, values, "TWEEDE-1", coach.user_id)
        db.session.flush()
        set_number(coach, gone, own.school, "ST-9")
        route = route_version(*ROUTE)
        assert route is not None
        new = NewCohort(slug="andere", name="Andere KANARIEA", starts_on=start, region="midden")
        cohort = create_cohort(manager, own.agency, route, new)
        add_partner(manager, cohort, own.school, "school", since_on=start)
        add_partner(manager, cohort, own.leerhome, "leerhome", since_on=start)
        enrolment = enrol(manager, cohort, gone.id)
        sessions = [
            plan_session(
                manager,
                [cohort.id],
                NewSession(
                    title="Andere les",
                    kind="lesson",
                    starts_at=clock.at(start + timedelta(weeks=week, days=2), time(9)),
                    ends_at=clock.at(start + timedelta(weeks=week, days=2), time(15)),
                    organisation_id=own.school,
                    teacher_id=own.actors[Role.TEACHER].user_id,
                ),
            )
            for week in range(3)
        ]
        ids = gone.id, enrolment.id, [s.id for s in sessions]
    for session_id in ids[2]:
        _mark(world, session_id, ids[1], "unexcused")
    with unit_of_work():
        gone = one(Candidate, ids[0])
        write_note(coach, gone, "Notitie bij de tweede", "coaches", "talk", clock.today())
        coordinator = own.actors[Role.LEERHOME_COORDINATOR]
        escalate(coordinator, gone, one(Enrolment, ids[1]).cohort_id, "money", "today", "Geen reisgeld")
        save_answers(coach, gone, "core.more", {"talen": "Frans"}, None)
        plan = Plan(
            kind="orientation_job",
            host_id=own.employer,
            function="Stage",
            from_on=clock.today(),
            until_on=clock.today() + timedelta(weeks=2),
            weekdays=days_sum([0, 1]),
            hours=16,
        )
    with unit_of_work():
        add_partner(
            manager, one(Cohort, one(Enrolment, ids[1]).cohort_id), own.employer, "employer", since_on=start
        )
        propose(coach, one(Enrolment, ids[1]), plan)
    return ids[0]


def _mark(world: World, session_id: UUID, enrolment_id: UUID, status: str) -> None:
    with unit_of_work():
        marks = [MarkInput(enrolment_id, status, None, 0)]
        record_many(world.own.actors[Role.TEACHER], one(Session, session_id), marks, [enrolment_id])


def both(world: World) -> tuple[Candidate, Candidate]:
    """The one who stays and the one who goes, as they are stored."""
    db.session.rollback()
    db.session.expire_all()
    return one(Candidate, world.own.candidates[0]), one(Candidate, world.own.others["twice"])


def joined(world: World, turned: bool = False) -> UUID:
    kept, gone = both(world)[:: -1 if turned else 1]
    with unit_of_work():
        return merge(world.own.actors[Role.COACH], kept, gone).id


def undone(world: World, merge_id: UUID) -> None:
    db.session.rollback()
    db.session.expire_all()
    with unit_of_work():
        take_back(world.own.actors[Role.COACH], one(CandidateMerge, merge_id))


def owned(model: type[Any], candidate_id: UUID) -> int:
    """How many rows of a model are this person's."""
    db.session.rollback()
    statement = select(model).where(model.candidate_id == candidate_id)
    return len(db.session.execute(unscoped(statement, "test")).all())


def test_everything_goes_along_and_taking_it_back_restores_every_row(world: World) -> None:
    kept, gone = both(world)
    before = rows()
    models = (Enrolment, Note, Escalation, Placement, Identifier, FieldValue)
    had = {model: owned(model, kept.id) for model in models}
    assert all(owned(model, gone.id) for model in models), "an empty table proves nothing"
    merged = joined(world)
    for model in models:
        assert owned(model, gone.id) == 0
        assert owned(model, kept.id) > had[model]
    kept, gone = both(world)
    assert (kept.children, kept.benefit, gone.merged_into_id) == (2, "WW", kept.id)
    assert kept.email == "k0@kanariea.example", "what was known stays"
    assert _open_signal(kept.id).owner_id == kept.coach_id
    assert len(audited("candidate.merged")) >= 2
    undone(world, merged)
    assert differences(before, rows()) == []
    assert len(audited("candidate.merge_undone")) == 2


def test_the_other_way_round_it_is_restored_too(world: World) -> None:
    before = rows()
    merged = joined(world, turned=True)
    assert both(world)[0].merged_into_id == world.own.others["twice"]
    undone(world, merged)
    assert differences(before, rows()) == []


def test_no_table_that_refers_to_a_person_is_forgotten(world: World) -> None:
    from inleer.exchange.ledger import mappers, table_of

    refer = {
        table_of(m.class_)
        for m in mappers()
        for key in m.class_.__table__.foreign_keys
        if key.column.table.name == "candidate"
    }
    assert refer == MOVED | {"candidate_merge", "not_the_same", "signal"}
    assert {table_of(model) for model, _keys in hanging(both(world)[1].id)} <= MOVED


def test_what_was_done_since_stays(world: World) -> None:
    coach, merged = world.own.actors[Role.COACH], joined(world)
    kept, gone = both(world)
    with unit_of_work():
        write_note(coach, kept, "Na het samenvoegen", "coaches", "talk", clock.today())
        update_candidate(coach, kept, {"children": 3})
        signal = _open_signal(kept.id)
        handle(coach, signal, "Gebeld", signal.version)
    undone(world, merged)
    kept, gone = both(world)
    assert (kept.children, kept.benefit, gone.children) == (3, None, 2)
    texts = select(Note.text).where(Note.candidate_id == kept.id)
    assert "Na het samenvoegen" in db.session.execute(unscoped(texts, "test")).scalars().all()
    assert one(Signal, signal.id).handled_note == "Gebeld"


def _open_signal(candidate_id: UUID) -> Signal:
    """The open signal of 16 hours, which came along."""
    about = (Signal.candidate_id == candidate_id, Signal.rule == "core.sixteen_hours", Signal.state == "open")
    return db.session.execute(unscoped(select(Signal).where(*about).limit(1), "test")).scalar_one()


def test_both_in_one_edition_with_marks_is_refused_with_a_sentence(world: World) -> None:
    own = world.own
    with unit_of_work():
        cohort = one(Cohort, own.cohort)
        enrolment_id = enrol(own.actors[Role.PROGRAMME_MANAGER], cohort, own.others["twice"]).id
    _mark(world, own.sessions[1], enrolment_id, "present")
    before = rows()
    with pytest.raises(
        DomainError, match="Beide staan in Lichting KANARIEA en bij beide is daar iets vastgelegd"
    ):
        joined(world)
    assert differences(before, rows()) == []


def test_an_enrolment_without_anything_stays_behind_hidden(world: World) -> None:
    own = world.own
    with unit_of_work():
        enrolment_id = enrol(
            own.actors[Role.PROGRAMME_MANAGER], one(Cohort, own.cohort), own.others["twice"]
        ).id
    with unit_of_work():
        recount(own.actors[Role.COACH], [own.others["twice"]])  # as the worker does
    with pytest.raises(DomainError, match="Kies die om te blijven"):
        joined(world, turned=True)
    before = rows()
    merged = joined(world)
    db.session.rollback()
    left = one(Enrolment, enrolment_id)
    assert (left.candidate_id, left.state, left.taken_back) == (own.others["twice"], "withdrawn", True)
    undone(world, merged)
    assert differences(before, rows()) == []


def test_both_marked_in_one_lesson_of_two_editions(world: World) -> None:
    own = world.own
    lesson = select(Attendance.session_id).join(Enrolment, Enrolment.id == Attendance.enrolment_id)
    mine = lesson.where(Enrolment.candidate_id == own.others["twice"]).limit(1)
    session_id = db.session.execute(unscoped(mine, "test")).scalar_one()
    _mark_past_the_rules(session_id, own.enrolments[0])
    with pytest.raises(DomainError, match="is voor beide aanwezigheid vastgelegd"):
        joined(world)


def _mark_past_the_rules(session_id: UUID, enrolment_id: UUID) -> None:
    from inleer import audit
    from inleer.policy import system_actor

    with unit_of_work():
        mark = Attendance(
            enrolment_id=enrolment_id,
            session_id=session_id,
            status="present",
            missed=0,
            recorded_by_id=enrolment_id,
            recorded_by_name="test",
            recorded_at=clock.now(),
        )
        db.session.add(mark)
        audit.record(system_actor(), "test.made", mark)


def test_placed_on_the_same_days_is_refused(world: World) -> None:
    coach = world.own.actors[Role.COACH]
    with unit_of_work():
        plan = Plan(
            kind="orientation_job",
            host_id=world.own.employer,
            function="Ook",
            from_on=clock.today(),
            until_on=clock.today() + timedelta(weeks=1),
            weekdays=days_sum([1]),
            hours=8,
        )
        propose(coach, one(Enrolment, world.own.enrolments[0]), plan)
    with pytest.raises(DomainError, match="zijn beide op di geplaatst"):
        joined(world)


def test_one_merge_after_the_other_is_taken_back_in_order(world: World) -> None:
    before = rows()
    first = joined(world)
    with unit_of_work():
        second = _into_a_third(world)
    assert both(world)[1].merged_into_id == both(world)[0].merged_into_id, "an old address leads on"
    with pytest.raises(DomainError, match="daarna weer samengevoegd"):
        undone(world, first)
    undone(world, second)
    undone(world, first)
    left = [key for key in differences(before, rows()) if key[0] != "candidate"]
    assert left == []


def _into_a_third(world: World) -> UUID:
    coach = world.own.actors[Role.COACH]
    third = create_candidate(coach, world.own.agency, {"last_name": "Derde"}, None, coach.user_id)
    db.session.flush()
    return merge(coach, third, one(Candidate, world.own.candidates[0])).id


def test_who_could_be_one_and_what_was_said_of_them(world: World) -> None:
    own = world.own
    kept, gone = both(world)
    coach, other, manager = own.actors[Role.COACH], own.other_coach, own.actors[Role.PROGRAMME_MANAGER]
    assert other is not None
    pair = {kept.id, gone.id}
    assert pair in [{p.low, p.high} for p in possible(coach)]
    assert pair in [{p.low, p.high} for p in possible(manager)]
    assert pair not in [{p.low, p.high} for p in possible(other)]
    assert possible(world.foreign.actors[Role.COACH]) == []
    with unit_of_work():
        one(Candidate, gone.id).coach_id = other.user_id
        from inleer import audit

        audit.record(coach, "test.made", ("candidate", gone.id))
    assert possible(coach) == [] and possible(other) == [], "each sees only one of both"
    pair_now = both(world)
    with unit_of_work():
        not_the_same(coach, *pair_now)
    assert pair not in [{p.low, p.high} for p in possible(manager)]
