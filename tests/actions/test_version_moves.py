"""A cohort moves to another version of its route, and back: phases, dates, completed phases, and what refuses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from inleer import audit, clock
from inleer.audit import AuditEvent
from inleer.cohorts.actions import change_state, move_phase
from inleer.cohorts.completion import complete
from inleer.cohorts.completion import take_back as reopen
from inleer.cohorts.models import Cohort, CohortPhase, Enrolment, PhaseCompletion, Session, VersionMove
from inleer.cohorts.planning import generate
from inleer.cohorts.queries import phases_of
from inleer.cohorts.sessions import open_session
from inleer.cohorts.versions import move_version, preview, take_back, ways_back
from inleer.db import db, unit_of_work
from inleer.errors import DomainError, NotVisible, StaleEdit
from inleer.leerroutes.queries import definition_by_id
from inleer.policy import Actor, Role, unscoped
from tests.phases import WEEKS
from tests.routes import publish_third
from tests.world import World, build, one

FULL = {"adl": "verzorging"}
Row = tuple[Any, ...]


@pytest.fixture
def world(app: Flask) -> World:
    found = build(app, people=3, weeks=WEEKS)
    publish_third()
    return found


@pytest.fixture
def manager(world: World) -> Actor:
    return world.own.actors[Role.PROGRAMME_MANAGER]


def cohort(world: World) -> Cohort:
    return one(Cohort, world.own.cohort)


def phases(world: World) -> list[Row]:
    db.session.expire_all()
    return [
        (p.id, p.key, p.name, p.kind, p.position, p.starts_on, p.ends_on, p.moved)
        for p in phases_of(world.own.cohort)
    ]


def phase(world: World, key: str) -> CohortPhase:
    return next(p for p in phases_of(world.own.cohort) if p.key == key)


def completions(world: World) -> list[Row]:
    statement = select(PhaseCompletion).where(PhaseCompletion.enrolment_id.in_(world.own.enrolments))
    rows = db.session.execute(unscoped(statement, "test")).scalars()
    return sorted((r.id.hex, r.phase_key, r.phase_name, r.completed_on, r.verdicts, r.reason) for r in rows)


def done(world: World, key: str, days_ago: int = 0) -> None:
    """Two people complete a phase."""
    coach = world.own.actors[Role.COACH]
    with unit_of_work():
        on = clock.today() - timedelta(days=days_ago)
        complete(coach, phase(world, key), world.own.enrolments[:2], on, "Is zo gegaan.")


def go(
    world: World, actor: Actor, to: int = 3, chosen: Mapping[str, str | None] = FULL, **asked: Any
) -> None:
    with unit_of_work():
        move_version(actor, cohort(world), to, chosen, **asked)


def events(world: World, action: str) -> list[AuditEvent]:
    statement = select(AuditEvent).where(
        AuditEvent.action == action, AuditEvent.subject_id == str(world.own.cohort)
    )
    return list(db.session.execute(statement).scalars())


def version(world: World) -> int:
    return definition_by_id(cohort(world).route_version_id).version


# --- the move -------------------------------------------------------------------------------------


def test_a_cohort_gets_the_phases_of_the_other_version_and_keeps_what_was_completed(
    world: World, manager: Actor
) -> None:
    done(world, "wijk")
    before, kept, moves = phases(world), completions(world), cohort(world).version
    go(world, manager)
    after = {row[1]: row for row in phases(world)}
    assert version(world) == 3 and cohort(world).version == moves + 1
    assert [row[1] for row in phases(world)] == [
        p.key for p in definition_by_id(cohort(world).route_version_id).phases
    ]
    was = {row[1]: row for row in before}
    assert after["verzorging"][0] == was["adl"][0], "the phase keeps its id, and so its address"
    assert after["introductie"] == was["introductie"]
    assert after["wijk"][5] == was["wijk"][5] and after["wijk"][6] > was["wijk"][6]
    assert "selectie" not in after and "terugkomen" in after
    assert completions(world) == kept
    (event,) = events(world, "cohort.version_moved")
    assert (event.details["from"], event.details["to"]) == (2, 3)
    assert event.details["phases"]["adl"] == "verzorging" and event.details["phases"]["selectie"] is None
    assert event.user_id == manager.user_id


def test_completions_follow_their_phase_also_when_two_phases_swap(world: World, manager: Actor) -> None:
    done(world, "wijk")
    done(world, "introductie", days_ago=20)
    kept = completions(world)
    swapped = {"wijk": "introductie", "introductie": "wijk", **FULL}
    go(world, manager, chosen=swapped)
    keys = {row[0]: row[1] for row in completions(world)}
    assert {keys[row[0]] for row in kept if row[1] == "wijk"} == {"introductie"}
    assert {keys[row[0]] for row in kept if row[1] == "introductie"} == {"wijk"}
    # The name under which it was completed is a fact, and stays.
    assert [row[2:] for row in completions(world)] == [row[2:] for row in kept]
    with unit_of_work():
        take_back(manager, cohort(world))
    assert completions(world) == kept


def test_a_phase_that_was_moved_by_hand_keeps_its_dates(world: World, manager: Actor) -> None:
    row = phase(world, "werk")
    with unit_of_work():
        move_phase(manager, row, date(2030, 1, 7), date(2030, 12, 31), row.version)
    go(world, manager)
    row = phase(world, "werk")
    assert (row.starts_on, row.ends_on, row.moved) == (date(2030, 1, 7), date(2030, 12, 31), True)


def test_a_running_cohort_keeps_its_version_when_another_is_published(world: World) -> None:
    assert version(world) == 2


def test_a_phase_with_completions_or_sessions_cannot_disappear(world: World, manager: Actor) -> None:
    done(world, "wijk")
    before = phases(world)
    with pytest.raises(DomainError, match="daarin is vastgelegd: 2 afrondingen"):
        go(world, manager, chosen={"wijk": None})
    with pytest.raises(DomainError, match=r"“Introductie Leerhome” kan niet verdwijnen.*bijeenkomst"):
        go(world, manager, chosen={"introductie": None})
    assert phases(world) == before and version(world) == 2
    assert events(world, "cohort.version_moved") == []


@pytest.mark.parametrize(
    ("to", "chosen", "said"),
    [
        (9, {}, "Versie 9 van deze route is niet gepubliceerd."),
        (2, {}, "heeft versie 2 al"),
        (3, {"adl": "wijk"}, "niet allebei"),
        (3, {"zee": "wijk"}, "geen fase “zee”"),
    ],
)
def test_what_cannot_be_is_refused(
    world: World, manager: Actor, to: int, chosen: dict[str, str], said: str
) -> None:
    with pytest.raises(DomainError, match=said):
        go(world, manager, to, chosen)
    assert version(world) == 2


def test_a_closed_cohort_keeps_its_version(world: World, manager: Actor) -> None:
    with unit_of_work():
        change_state(manager, cohort(world), "completed")
    with pytest.raises(DomainError, match="afgesloten"):
        go(world, manager)


def test_who_opened_the_page_before_a_change_is_refused(world: World, manager: Actor) -> None:
    opened = cohort(world).version
    go(world, manager)
    with pytest.raises(StaleEdit):
        go(world, manager, 2, {"verzorging": "adl"}, version=opened)
    assert version(world) == 3


def test_a_move_that_became_another_one_since_the_preview_is_refused(world: World, manager: Actor) -> None:
    with unit_of_work(write=False):
        seal = preview(cohort(world), 3, FULL).seal
    row = phase(world, "werk")
    with unit_of_work():
        move_phase(manager, row, row.starts_on, date(2031, 1, 1), row.version)
    with pytest.raises(DomainError, match="intussen veranderd"):
        go(world, manager, seal=seal)
    with unit_of_work(write=False):
        again = preview(cohort(world), 3, FULL).seal
    go(world, manager, seal=again)
    assert version(world) == 3


def test_a_phase_that_disappeared_meanwhile_is_not_completed(world: World, manager: Actor) -> None:
    gone = phase(world, "selectie")
    db.session.expunge(gone)
    go(world, manager)
    with pytest.raises(NotVisible), unit_of_work():
        complete(world.own.actors[Role.COACH], gone, world.own.enrolments[:1], clock.today(), "Toch.")


# --- the way back ---------------------------------------------------------------------------------


def test_a_move_is_taken_back_to_the_row(world: World, manager: Actor) -> None:
    done(world, "wijk")
    before, kept = phases(world), completions(world)
    go(world, manager)
    assert ways_back(cohort(world))[1] == []
    with unit_of_work():
        assert take_back(manager, cohort(world)) == (3, 2)
    assert (phases(world), completions(world), version(world)) == (before, kept, 2)
    assert db.session.execute(select(VersionMove)).first() is None
    (event,) = events(world, "cohort.version_move_undone")
    assert (event.details["from"], event.details["to"]) == (3, 2)
    with pytest.raises(DomainError, match="geen overgang"), unit_of_work():
        take_back(manager, cohort(world))


def test_moves_are_taken_back_one_by_one(world: World, manager: Actor) -> None:
    before = phases(world)
    go(world, manager)
    between = phases(world)
    go(world, manager, 1, {"verzorging": "adl"})
    with unit_of_work():
        assert take_back(manager, cohort(world)) == (1, 3)
    assert phases(world) == between
    with unit_of_work():
        assert take_back(manager, cohort(world)) == (3, 2)
    assert phases(world) == before


def test_what_was_taken_back_before_the_undo_stands_in_no_way(world: World, manager: Actor) -> None:
    done(world, "wijk")
    go(world, manager)
    with unit_of_work():
        statement = select(PhaseCompletion).where(PhaseCompletion.phase_key == "wijk")
        reopen(manager, db.session.execute(unscoped(statement, "test")).scalars().all())
    with unit_of_work():
        take_back(manager, cohort(world))
    assert version(world) == 2


def moved(world: World, manager: Actor) -> None:
    row = phase(world, "werk")
    move_phase(manager, row, row.starts_on, date(2031, 1, 1), row.version)


def completed(world: World, _manager: Actor) -> None:
    complete(
        world.own.actors[Role.COACH],
        phase(world, "wijk"),
        world.own.enrolments[:1],
        clock.today(),
        "Is klaar.",
    )


def held(world: World, manager: Actor) -> None:
    open_session(manager, one(Session, world.own.sessions[-1]))


def planned(world: World, manager: Actor) -> None:
    generate(manager, cohort(world))


def closed(world: World, manager: Actor) -> None:
    change_state(manager, cohort(world), "completed")


IN_THE_WAY = {
    moved: "Fase “Jaar 2: bbl-baan” is daarna verplaatst.",
    completed: "Daarna is 1 fase van iemand afgerond.",
    held: "In de nieuwe fase “Jaar 1: praktijk in de wijk” is 1 bijeenkomst geregistreerd.",
    planned: "Daarna zijn er bijeenkomsten ingepland uit de route.",
    closed: "De lichting is afgesloten.",
}


@pytest.mark.parametrize("built", IN_THE_WAY, ids=lambda f: f.__name__)
def test_what_was_built_on_a_move_stands_in_the_way_of_taking_it_back(
    world: World, manager: Actor, built: Any
) -> None:
    # Without its phase the neighbourhood comes anew, and runs today.
    go(world, manager, chosen={**FULL, "wijk": None} if built is held else FULL)
    with unit_of_work():
        built(world, manager)
    assert ways_back(cohort(world))[1] == [IN_THE_WAY[built]]
    with pytest.raises(DomainError, match="Terugdraaien kan niet meer"), unit_of_work():
        take_back(manager, cohort(world))
    assert version(world) == 3


def test_an_exit_that_only_the_new_version_has_stands_in_the_way(world: World, manager: Actor) -> None:
    go(world, manager)
    assert version(world) == 3
    go(world, manager, 2, {"verzorging": "adl"})  # version 2 has "baan", version 3 has not
    with unit_of_work():
        row = one(Enrolment, world.own.enrolments[0])
        row.state, row.left_on, row.exit_kind = "completed", clock.today(), "baan"
        audit.record(manager, "test.made", row)
    assert ways_back(cohort(world))[1] == [
        "1 deelnemer rondde af met een uitkomst die alleen de nieuwe versie heeft."
    ]
    # The way forward is open: what somebody finished with stays a fact.
    with unit_of_work(write=False):
        found = preview(cohort(world), 3, FULL)
    assert any(
        "1 deelnemer rondde af met een uitkomst die versie 3 niet heeft" in s for s in found.consequences
    )
