"""Placements: the steps with their way back, what is refused, and that two of one person never overlap (promise 31)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, insert, select
from sqlalchemy.exc import DBAPIError

from inleer import clock
from inleer.audit import in_bulk
from inleer.audit.models import AuditEvent
from inleer.cohorts.actions import end_partner
from inleer.cohorts.enrolments import drop_out
from inleer.cohorts.models import Enrolment, Partner
from inleer.db import db, new_id, unit_of_work
from inleer.errors import DomainError, Forbidden, NotVisible, StaleEdit
from inleer.events import placement_changed
from inleer.placements import actions
from inleer.placements.actions import Plan
from inleer.placements.models import Placement, PlacementEvent
from inleer.placements.rules import days_sum
from inleer.plugin import change_placement, place, undo_placement
from inleer.policy import Actor, Role, unscoped
from tests.world import World, build, one

TODAY = clock.today()
WORKING = days_sum(range(4))
#: The placements of the world, which are gone.
FORMER: list[str] = []


@pytest.fixture
def world(app: Flask) -> World:
    """A world in which nobody is placed yet: what stands there for pages is taken back."""
    made = build(app, people=2, weeks=2)
    for side in (made.own, made.foreign):
        placement = one(Placement, side.others["placement"])
        with unit_of_work():
            assert not undo_placement(side.actors[Role.PROGRAMME_MANAGER], placement.id, placement.version)
    FORMER[:] = [str(side.others["placement"]) for side in (made.own, made.foreign)]
    return made


def manager(world: World) -> Actor:
    return world.own.actors[Role.PROGRAMME_MANAGER]


def plan(world: World, first: int = 0, last: int = 30, **other: Any) -> Plan:
    """A plan from ``first`` days after today up to and including ``last`` days after it."""
    made = Plan(
        kind="rotation",
        host_id=world.own.employer,
        function="Medewerker balie",
        from_on=TODAY + timedelta(first),
        until_on=TODAY + timedelta(last),
        weekdays=WORKING,
        hours=28,
    )
    return dataclasses.replace(made, **other)


def propose(world: World, made: Plan, person: int = 0, agreed: bool = False) -> Placement:
    with unit_of_work():
        return place(manager(world), world.own.enrolments[person], made, agreed)


def stored(placement_id: UUID) -> Placement | None:
    statement = unscoped(select(Placement).where(Placement.id == placement_id), "test")
    return db.session.execute(statement).scalar_one_or_none()


def events() -> list[str]:
    found = select(AuditEvent.action).where(
        AuditEvent.action.like("placement.%"), AuditEvent.subject_id.not_in(FORMER)
    )
    return list(db.session.execute(found.order_by(AuditEvent.sequence)).scalars())


@pytest.fixture
def told() -> Iterator[list[frozenset[UUID]]]:
    """What the event told, while the test runs."""
    heard: list[frozenset[UUID]] = []

    def listener(_actor: Any, ids: frozenset[UUID]) -> None:
        heard.append(ids)

    placement_changed.connect(listener)
    yield heard
    placement_changed._listeners.remove(listener)


def test_a_placement_from_proposal_to_completion(world: World, told: list[frozenset[UUID]]) -> None:
    made = propose(world, plan(world, -1, 0, phase_key=None, department="Dienstverlening"))
    for state in ("agreed", "running", "completed"):
        with unit_of_work():
            actions.step(manager(world), made, state, made.version)
    found = stored(made.id)
    assert found is not None and (found.state, found.department, found.version) == (
        "completed",
        "Dienstverlening",
        4,
    )
    assert events() == ["placement.proposed"] + ["placement.state_changed"] * 3
    assert told == [frozenset({world.own.enrolments[0]})] * 4


def test_every_step_has_its_way_back_to_nothing(world: World) -> None:
    made = propose(world, plan(world))
    first = dataclasses.asdict(plan(world))
    with unit_of_work():
        actions.step(manager(world), made, "agreed", made.version)
    other = plan(world, 2, 20, function="Medewerker groen", contract_partner_id=world.foreign.agency)
    with unit_of_work(), pytest.raises(DomainError, match="meedoet"):
        change_placement(manager(world), made.id, other, made.version)
    other = plan(world, 2, 20, function="Medewerker groen", contract_partner_id=world.own.leerhome)
    with unit_of_work():
        change_placement(manager(world), made.id, other, made.version)
    with unit_of_work():
        actions.end_early(manager(world), made, None, "employer", "geen plek", made.version)
    found = stored(made.id)
    assert found is not None and found.ended_on == TODAY + timedelta(1)
    seen = []
    for _ in range(3):
        with unit_of_work():
            assert undo_placement(manager(world), made.id, made.version)
        seen.append((made.state, made.function, made.contract_partner_id, made.from_on, made.ended_on))
    assert seen == [
        ("agreed", "Medewerker groen", world.own.leerhome, TODAY + timedelta(2), None),
        ("agreed", "Medewerker balie", None, TODAY, None),
        ("proposed", "Medewerker balie", None, TODAY, None),
    ]
    assert {name: getattr(made, name) for name in first} == first
    with unit_of_work():
        assert not undo_placement(manager(world), made.id, made.version)
    assert stored(made.id) is None
    assert db.session.execute(select(func.count()).select_from(PlacementEvent)).scalar_one() == 0
    assert events().count("placement.undone") == 4


def test_the_same_plan_again_changes_nothing(world: World) -> None:
    made = propose(world, plan(world))
    with unit_of_work():
        change_placement(manager(world), made.id, plan(world), made.version)
    assert (made.version, events()) == (1, ["placement.proposed"])


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "before the person joined": ({"from_on": TODAY - timedelta(90)}, "from_on"),
    "a phase of another route": ({"phase_key": "nergens"}, "phase_key"),
    "no function": ({"function": "  "}, "function"),
    "no day": ({"weekdays": 0}, "weekdays"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_impossible_plans_are_refused_with_their_field(world: World, case: str) -> None:
    values, field = REFUSED[case]
    with pytest.raises(DomainError) as refused:
        propose(world, plan(world, **values))
    assert refused.value.field == field


def test_the_host_takes_part_when_the_placement_begins(world: World) -> None:
    with pytest.raises(DomainError, match="meedoet"):
        propose(world, plan(world, host_id=world.foreign.employer))
    with unit_of_work():
        mine = (Partner.cohort_id == world.own.cohort, Partner.organisation_id == world.own.employer)
        partner = db.session.execute(select(Partner).where(*mine)).scalar_one()
        end_partner(manager(world), partner, TODAY)
    with pytest.raises(DomainError, match="meedoet"):
        propose(world, plan(world, 1, 20))
    assert propose(world, plan(world, 0, 20)).state == "proposed"


def test_who_stopped_is_not_placed_any_more(world: World) -> None:
    enrolment = one(Enrolment, world.own.enrolments[0])
    with unit_of_work():
        drop_out(manager(world), enrolment, TODAY, "candidate", "other_job", "no", enrolment.version)
    with pytest.raises(DomainError, match="geëindigd"):
        propose(world, plan(world))


def test_an_older_version_is_refused_everywhere(world: World) -> None:
    made = propose(world, plan(world))
    tries: list[Callable[[], object]] = [
        lambda: actions.step(manager(world), made, "agreed", 7),
        lambda: actions.change(manager(world), made, plan(world, 1), 7),
        lambda: actions.end_early(manager(world), made, None, "employer", "x", 7),
        lambda: actions.undo(manager(world), made, 7),
    ]
    for attempt in tries:
        with unit_of_work(), pytest.raises(StaleEdit):
            attempt()
    assert made.version == 1


def test_what_ended_is_changed_only_after_the_way_back(world: World) -> None:
    made = propose(world, plan(world))
    with unit_of_work():
        actions.end_early(manager(world), made, None, "employer", "geen plek", made.version)
    with unit_of_work(), pytest.raises(DomainError, match="geëindigd"):
        actions.change(manager(world), made, plan(world, 1), made.version)


def test_only_who_plans_for_the_person_may(world: World) -> None:
    """A coach for the own caseload, a programme manager for the agency; a coordinator sees, nobody else at all."""
    own = world.own
    coach, coordinator = own.actors[Role.COACH], own.actors[Role.LEERHOME_COORDINATOR]
    with unit_of_work():
        made = place(coach, own.enrolments[0], plan(world))
    for actor, person, expected in (
        (coach, 1, Forbidden),
        (coordinator, 0, Forbidden),
        (own.actors[Role.TEACHER], 0, Forbidden),
        (own.actors[Role.EMPLOYER], 0, NotVisible),
        (world.foreign.actors[Role.PROGRAMME_MANAGER], 0, NotVisible),
    ):
        with unit_of_work(), pytest.raises(expected):
            place(actor, own.enrolments[person], plan(world, 40, 50))
    with unit_of_work(), pytest.raises(Forbidden):
        undo_placement(coordinator, made.id, made.version)
    with unit_of_work(), pytest.raises(NotVisible):
        undo_placement(world.foreign.actors[Role.COACH], made.id, made.version)


# --- overlap: corpus 30 ------------------------------------------------------------------------------------------

OVERLAPS = {
    "the same twice": (0, 30, WORKING),
    "overlapping": (20, 50, WORKING),
    "nested": (10, 12, WORKING),
    "touching on the last day": (30, 60, WORKING),
    "one weekday in common": (0, 30, days_sum([3, 4])),
}
FREE = {
    "the day after": (31, 60, WORKING),
    "the day before": (-3, -1, WORKING),
    "other days of the week": (0, 30, days_sum([4, 5])),
}


@pytest.mark.parametrize("case", OVERLAPS)
def test_overlaps_are_refused_by_the_action_and_by_the_database(world: World, case: str) -> None:
    made = propose(world, plan(world))
    first, last, days = OVERLAPS[case]
    with pytest.raises(DomainError, match="al geplaatst") as refused:
        propose(world, plan(world, first, last, weekdays=days))
    assert refused.value.field == "from_on"
    with pytest.raises(DBAPIError, match="overlap"), unit_of_work():
        add(made, TODAY + timedelta(first), TODAY + timedelta(last), days)
    assert propose(world, plan(world, first, last, weekdays=days), person=1).state == "proposed"


@pytest.mark.parametrize("case", FREE)
def test_what_does_not_overlap_is_accepted(world: World, case: str) -> None:
    propose(world, plan(world))
    first, last, days = FREE[case]
    assert propose(world, plan(world, first, last, weekdays=days)).state == "proposed"


def test_a_transfer_begins_the_day_after_the_last(world: World) -> None:
    made = propose(world, plan(world, -10, 30), agreed=True)
    with unit_of_work():
        actions.step(manager(world), made, "running", made.version)
    with unit_of_work():
        actions.end_early(manager(world), made, TODAY, "employer", "reorganisatie", made.version)
    with pytest.raises(DomainError, match="al geplaatst"):
        propose(world, plan(world, 0, 20))
    there = propose(world, plan(world, 1, 20))
    assert there.state == "proposed"
    with unit_of_work(), pytest.raises(DomainError, match="al geplaatst"):
        actions.undo(manager(world), made, made.version)  # the end cannot be taken back any more


def test_what_never_began_is_in_nobodys_way(world: World) -> None:
    made = propose(world, plan(world, 5, 30))
    with unit_of_work():
        actions.end_early(manager(world), made, None, "employer", "geen plek", made.version)
    assert propose(world, plan(world, 0, 30)).state == "proposed"


def test_a_change_may_not_lead_into_another(world: World) -> None:
    propose(world, plan(world))
    second = propose(world, plan(world, 31, 60))
    with unit_of_work(), pytest.raises(DomainError, match="al geplaatst"):
        actions.change(manager(world), second, plan(world, 30, 60), second.version)
    with unit_of_work():
        assert actions.change(manager(world), second, plan(world, 32, 60), second.version) == ["from_on"]


def add(like: Placement, first: date, last: date, days: int, **other: Any) -> None:
    """A row past the action: what the database itself says."""
    values = {
        "id": new_id(),
        "enrolment_id": like.enrolment_id,
        "candidate_id": like.candidate_id,
        "cohort_id": like.cohort_id,
        "host_id": like.host_id,
        "kind": "rotation",
        "function": "x",
        "from_on": first,
        "until_on": last,
        "weekdays": days,
        "hours": 16,
        "state": "agreed",
        "ended_reason": "",
        "version": 1,
        **other,
    }
    db.session.execute(in_bulk(insert(Placement).values(values), "test"))


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"hours": 0}, "hours"),
        ({"hours": 97}, "hours"),  # four days
        ({"weekdays": 0}, "(hours|weekdays)"),  # PostgreSQL names the first in the alphabet
        ({"weekdays": 128}, "(hours|weekdays)"),
        ({"until_on": TODAY - timedelta(1)}, "dates"),
        ({"state": "ended_early"}, "ended"),
        ({"ended_on": TODAY}, "ended"),
    ],
)
def test_the_database_refuses_impossible_values(world: World, values: dict[str, Any], name: str) -> None:
    made = propose(world, plan(world))
    with pytest.raises(DBAPIError, match=f"ck_placement_{name}"), unit_of_work():
        add(made, TODAY + timedelta(40), TODAY + timedelta(60), WORKING, **values)


def at_once(app: Flask, work: Callable[[], object]) -> list[str]:
    """``work`` in twenty threads with a transaction of their own; how each of them ended."""
    start = Barrier(20)

    def run(_number: int) -> str:
        with app.app_context():
            start.wait()
            try:
                with unit_of_work():
                    work()
                return "saved"
            except (DBAPIError, DomainError) as error:
                return type(error).__name__
            finally:
                db.session.remove()

    db.session.rollback()
    with ThreadPoolExecutor(20) as pool:
        return sorted(pool.map(run, range(20)))


def count() -> int:
    statement = unscoped(select(func.count()).select_from(Placement), "test")
    return db.session.execute(statement).scalar_one()


def test_of_twenty_at_once_one_is_placed_and_the_others_hear_why(app: Flask, world: World) -> None:
    actor, enrolment_id, wanted = manager(world), world.own.enrolments[0], plan(world)
    answers = at_once(app, lambda: place(actor, enrolment_id, wanted))
    assert answers == ["DomainError"] * 19 + ["saved"]
    assert count() == 1


def test_of_twenty_rows_at_once_past_the_action_the_database_keeps_one(app: Flask, world: World) -> None:
    made = propose(world, plan(world))
    answers = at_once(app, lambda: add(made, TODAY + timedelta(40), TODAY + timedelta(60), WORKING))
    # Two that wait for each other may also end as a deadlock: refused, without this lock of the action.
    assert answers.count("saved") == 1 and set(answers) <= {"IntegrityError", "OperationalError", "saved"}
    assert count() == 2
