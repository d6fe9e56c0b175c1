"""Workplaces, placements and group days in the database, and what follows from the core's events. Both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from gemeente_world import END, FIRST, SECOND, START, TODAY, Traineeship
from inleer_gemeente import actions, assignments, checks, declared, keeping
from inleer_gemeente.models import GroupDays
from sqlalchemy import select

from inleer import clock
from inleer.attendance.actions import MarkInput, record_many
from inleer.audit import AuditEvent
from inleer.cohorts.enrolments import drop_out
from inleer.cohorts.models import Enrolment, Session
from inleer.cohorts.sessions import NewSession, plan_session
from inleer.db import db, unit_of_work
from inleer.errors import DomainError, Forbidden, NotVisible, StaleEdit
from inleer.parameters import set_parameter
from inleer.placements.actions import change as change_plan
from inleer.placements.actions import step, undo
from inleer.placements.models import Placement
from inleer.policy import Role, unscoped
from tests.world import one

D = date.fromisoformat


def actions_on(subject_id: object) -> list[str]:
    statement = (
        select(AuditEvent).where(AuditEvent.subject_id == str(subject_id)).order_by(AuditEvent.sequence)
    )
    return [e.action for e in db.session.scalars(statement)]


def stop(gemeente: Traineeship, person: int = 0) -> None:
    row = one(Enrolment, gemeente.people[person])
    with unit_of_work():
        drop_out(
            gemeente.actor(), row, TODAY - timedelta(days=1), "candidate", "childcare", "no", row.version
        )


# --- placing ---------------------------------------------------------------------------------------


def test_placing_goes_through_the_core_and_takes_a_place(gemeente: Traineeship) -> None:
    workplace = gemeente.workplace()
    made = gemeente.place(workplace, agreed=True)
    placement = one(Placement, made.id)
    assert (placement.kind, placement.state, placement.phase_key) == ("rotation", "agreed", "werkplek_1")
    assert (placement.from_on, placement.until_on) == (FIRST, D("2027-06-30"))
    assert (placement.function, placement.department) == ("Adviseur", "Directie Wonen")
    assert placement.supervisor_name == "T. Begeleider"
    (stay,) = gemeente.stays()
    assert (stay.placement_id, stay.workplace_id, stay.state) == (made.id, workplace.id, "agreed")
    assert "gemeente_stay.taken" in actions_on(made.id)
    assert "placement.proposed" in actions_on(made.id)


def test_a_full_workplace_takes_nobody_more_in_that_period(gemeente: Traineeship) -> None:
    workplace = gemeente.workplace(places=1)
    gemeente.place(workplace)
    with pytest.raises(DomainError, match="geen plaats meer vrij") as refused:
        gemeente.place(workplace, person=1)
    assert refused.value.field == "workplace_id"
    gemeente.place(workplace, person=1, number=2)
    assert len(gemeente.stays()) == 2


def test_of_five_at_once_two_get_the_two_places(gemeente: Traineeship) -> None:
    gemeente.enlarge(5)
    workplace = gemeente.workplace(places=2)

    def attempt(person: int) -> bool:
        with gemeente.app.app_context():
            try:
                gemeente.place(workplace, person)
            except DomainError:
                return False
            return True

    with ThreadPoolExecutor(5) as pool:
        contexts = [copy_context() for _ in range(5)]
        done = list(pool.map(lambda n: contexts[n].run(attempt, n), range(5)))
    assert sum(done) == 2
    assert len(gemeente.stays()) == 2


def test_what_a_rule_blocks_can_be_proposed_and_not_agreed(gemeente: Traineeship) -> None:
    first, again = gemeente.workplace(), gemeente.workplace(directorate="Sport", function="ADVISEUR")
    gemeente.place(first, agreed=True)
    with pytest.raises(DomainError, match=r"kan nog niet worden afgesproken.*al de functie"):
        gemeente.place(again, number=2, agreed=True)
    untrained = gemeente.workplace(function="Planner", supervisor_trained_on=None)
    with pytest.raises(DomainError, match=r"kan nog niet worden afgesproken.*training"):
        gemeente.place(untrained, number=2, agreed=True)
    assert len(gemeente.stays()) == 1
    assert gemeente.place(again, number=2).state == "proposed"


def test_a_workplace_that_is_not_there_the_whole_period_is_refused(gemeente: Traineeship) -> None:
    short = gemeente.workplace(until_on=D("2027-06-29"))
    with pytest.raises(DomainError, match="niet de hele periode"):
        gemeente.place(short)
    wanted = actions.PlaceInput(gemeente.workplace().id, "werving2", 28)
    with pytest.raises(DomainError, match="Kies een periode"), unit_of_work():
        actions.place_trainee(gemeente.actor(), gemeente.people[0], wanted)


def test_who_may_not_plan_for_somebody_does_not(gemeente: Traineeship) -> None:
    workplace = gemeente.workplace()
    wanted = actions.PlaceInput(workplace.id, "werkplek_1", 28)
    with pytest.raises(Forbidden), unit_of_work():
        actions.place_trainee(gemeente.actor(Role.LEERHOME_COORDINATOR), gemeente.people[0], wanted)
    with pytest.raises(NotVisible), unit_of_work():
        actions.place_trainee(gemeente.foreign.actors[Role.COACH], gemeente.people[0], wanted)
    foreign = gemeente.foreign
    with pytest.raises(NotVisible), unit_of_work():  # a workplace of another cohort
        actions.place_trainee(foreign.actors[Role.COACH], foreign.enrolments[0], wanted)
    assert gemeente.stays() == []


# --- what follows from the core's events --------------------------------------------------------------


def test_who_leaves_frees_the_places_that_were_planned(gemeente: Traineeship) -> None:
    workplace = gemeente.workplace(places=1)
    made = gemeente.place(workplace)
    stop(gemeente)
    assert gemeente.stays() == []
    assert "gemeente_stay.freed" in actions_on(made.id)
    gemeente.place(workplace, person=1)
    assert [s.enrolment_id for s in gemeente.stays()] == [gemeente.people[1]]


def test_who_leaves_keeps_where_they_have_been(gemeente: Traineeship) -> None:
    workplace = gemeente.workplace()
    made = gemeente.place(workplace, agreed=True)
    with clock.frozen(clock.at(FIRST, time(10))):
        with unit_of_work():
            placement = one(Placement, made.id)
            step(gemeente.actor(), placement, "running", placement.version)
        row = one(Enrolment, gemeente.people[0])
        with unit_of_work():
            drop_out(gemeente.actor(), row, FIRST, "candidate", "childcare", "no", row.version)
    assert [s.state for s in gemeente.stays()] == ["running"]


def test_the_place_follows_the_placement_on_the_core_s_pages(gemeente: Traineeship) -> None:
    workplace, other = gemeente.workplace(), gemeente.workplace(function="Planner")
    made = gemeente.place(workplace)
    with unit_of_work():
        placement = one(Placement, made.id)
        plan = actions.Plan(
            "rotation", placement.host_id, "Planner", placement.from_on, placement.until_on,
            placement.weekdays, 24, placement.phase_key, None, "Directie Wonen",
        )  # fmt: skip
        change_plan(gemeente.actor(), placement, plan, placement.version)
    assert [s.workplace_id for s in gemeente.stays()] == [other.id]
    for _step in range(2):
        with unit_of_work():
            placement = one(Placement, made.id)
            undo(gemeente.actor(), placement, placement.version)
    assert gemeente.stays() == []


def test_an_event_that_comes_twice_changes_nothing_more(gemeente: Traineeship) -> None:
    gemeente.place(gemeente.workplace())
    for _again in range(2):
        with unit_of_work():
            assert keeping.keep_places(gemeente.actor(), gemeente.cohort, gemeente.people) == 0
    assert len(gemeente.stays()) == 1


def meeting(gemeente: Traineeship, day: date, kind: str = "intervision") -> UUID:
    with unit_of_work():
        new = NewSession(
            title="Groepsdag",
            kind=kind,
            starts_at=clock.at(day, time(9)),
            ends_at=clock.at(day, time(17)),
            organisation_id=gemeente.own.leerhome,
        )
        return plan_session(gemeente.actor(Role.PROGRAMME_MANAGER), [gemeente.cohort], new).id


def marked(gemeente: Traineeship, session_id: UUID, status: str, person: int = 0) -> None:
    with unit_of_work():
        session, who = one(Session, session_id), gemeente.people[person]
        minutes = 30 if status == "late" else None
        record_many(
            gemeente.actor(Role.LEERHOME_COORDINATOR), session, [MarkInput(who, status, minutes, 0)], [who]
        )


def days_of(gemeente: Traineeship, person: int = 0) -> tuple[int, int]:
    db.session.rollback()
    statement = select(GroupDays).where(GroupDays.enrolment_id == gemeente.people[person])
    row = db.session.execute(unscoped(statement, "test")).scalar_one()
    return row.attended, row.held


def test_group_days_are_counted_for_the_certificate(gemeente: Traineeship) -> None:
    statuses = ("present", "late", "ill", "not_applicable")
    for number, status in enumerate(statuses):
        marked(gemeente, meeting(gemeente, D("2026-11-05") + timedelta(days=number)), status)
    marked(gemeente, meeting(gemeente, D("2026-11-12"), kind="lesson"), "present")
    assert days_of(gemeente) == (2, 3)


# --- workplaces and assignments -------------------------------------------------------------------------


def test_a_workplace_with_trainees_stays_what_it_is(gemeente: Traineeship) -> None:
    workplace = gemeente.workplace()
    gemeente.place(workplace)
    gemeente.place(workplace, person=1)
    for changes, name in (
        ({"directorate": "Sport"}, "directorate"),
        ({"function": "Planner"}, "function"),
        ({"places": 1}, "places"),
        ({"from_on": D("2026-12-02")}, "from_on"),
    ):
        values = gemeente.values(**changes)
        with pytest.raises(DomainError) as refused, unit_of_work():
            actions.change_workplace(gemeente.actor(), workplace, values, workplace.version)
        assert refused.value.field == name
    with pytest.raises(DomainError, match="trainees geplaatst"), unit_of_work():
        actions.remove_workplace(gemeente.actor(), workplace, workplace.version)
    with unit_of_work():
        values = gemeente.values(supervisor_name="Een Ander", supervisor_trained_on=None)
        changed = actions.change_workplace(gemeente.actor(), workplace, values, workplace.version)
    assert changed == ["supervisor_name", "supervisor_trained_on"]


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"directorate": "  "}, "directorate"),
        ({"function": ""}, "function"),
        ({"profile": "x"}, "profile"),
        ({"until_on": START - timedelta(days=1)}, "until_on"),
        ({"places": 0}, "places"),
        ({"places": 21}, "places"),
        ({"host_id": uuid4()}, "host_id"),
        ({"supervisor_name": "111222333"}, "supervisor_name"),
    ],
)
def test_a_workplace_that_cannot_be(gemeente: Traineeship, changes: dict[str, Any], name: str) -> None:
    with pytest.raises(DomainError) as refused:
        gemeente.workplace(**changes)
    assert refused.value.field == name


def test_a_workplace_goes_and_comes_back(gemeente: Traineeship) -> None:
    workplace = gemeente.workplace()
    with unit_of_work():
        actions.remove_workplace(gemeente.actor(), workplace, workplace.version)
    with pytest.raises(NotVisible):
        gemeente.place(workplace)
    with pytest.raises(StaleEdit), unit_of_work():
        actions.restore_workplace(gemeente.actor(), workplace, workplace.version - 1)
    with unit_of_work():
        actions.restore_workplace(gemeente.actor(), workplace, workplace.version)
    gemeente.place(workplace)
    done = [a.partition(".")[2] for a in actions_on(workplace.id)]
    assert done == ["added", "removed", "restored"]


def test_a_group_assignment_has_members_of_the_group(gemeente: Traineeship) -> None:
    made = gemeente.assignment(0, 1)
    values = assignments.AssignmentInput("Wijkonderzoek", "Sport", FIRST, SECOND, (gemeente.people[1],))
    with unit_of_work():
        changed = assignments.change(gemeente.actor(), made, values, made.version)
    assert changed == ["client", "members"]
    stop(gemeente, 1)
    with unit_of_work():  # who was on it and left can stay on it
        assert assignments.change(gemeente.actor(), made, values, made.version) == []
    others = replace(values, members=(gemeente.foreign.enrolments[0],))
    with pytest.raises(DomainError, match="aan deze lichting meedoen") as refused, unit_of_work():
        assignments.change(gemeente.actor(), made, others, made.version)
    assert refused.value.field == "members"


# --- rules and signals ----------------------------------------------------------------------------------


def test_ready_asks_for_workplace_training_and_assignment(gemeente: Traineeship) -> None:
    def ready() -> tuple[bool | None, str]:
        db.session.rollback()
        verdict = checks.ready(gemeente.people, clock.today())[gemeente.people[0]]
        return verdict.fulfilled, verdict.text

    assert ready() == (False, "Nog geen eerste werkplek.")
    workplace = gemeente.workplace(supervisor_trained_on=FIRST)
    gemeente.place(workplace)
    assert ready()[0] is False and "De training van T. Begeleider" in ready()[1]
    with unit_of_work():
        actions.change_workplace(gemeente.actor(), workplace, gemeente.values(), workplace.version)
    assert ready() == (False, "De eerste groepsopdracht is nog niet bekend.")
    gemeente.assignment()
    assert ready() == (True, "Begint als Adviseur bij Directie Wonen; begeleider getraind.")


def test_functions_differ_over_the_periods_that_began(gemeente: Traineeship) -> None:
    first = gemeente.people[0]
    gemeente.place(gemeente.workplace())
    gemeente.place(gemeente.workplace(directorate="Sport"), number=2)
    assert checks.distinct([first], TODAY)[first].fulfilled is False
    assert checks.distinct([first], FIRST)[first].fulfilled is True
    assert checks.distinct([first], SECOND)[first].fulfilled is False


def test_the_signals_begin_and_end_with_the_plan(gemeente: Traineeship) -> None:
    def nowhere(today: date = TODAY) -> set[UUID]:
        db.session.rollback()
        return {f.enrolment_id for f in checks.nowhere(gemeente.people, today)}

    assert nowhere(FIRST - timedelta(days=31)) == set()
    assert nowhere() == set(gemeente.people)
    with unit_of_work():
        set_parameter(gemeente.actor(Role.ADMINISTRATOR), "gemeente.ahead_days", TODAY, 5)
    assert nowhere() == set()
    assert nowhere(FIRST - timedelta(days=5)) == set(gemeente.people)
    workplace = gemeente.workplace()
    gemeente.place(workplace, agreed=True)
    assert nowhere(FIRST) == set(gemeente.people[1:])
    assert checks.against(gemeente.people, TODAY) == []
    with unit_of_work():
        values = gemeente.values(supervisor_trained_on=None)
        actions.change_workplace(gemeente.actor(), workplace, values, workplace.version)
    (finding,) = checks.against(gemeente.people, TODAY)
    assert finding.enrolment_id == gemeente.people[0] and "training" in finding.text


def test_the_settings_of_an_agency_hold(gemeente: Traineeship) -> None:
    assert declared.limits(gemeente.own.agency, TODAY).group_target == 14
    with unit_of_work():
        set_parameter(gemeente.actor(Role.ADMINISTRATOR), "gemeente.group_target", TODAY, 15)
    assert declared.limits(gemeente.own.agency, TODAY).group_target == 15
    assert declared.limits(gemeente.foreign.agency, TODAY).group_target == 14


@pytest.mark.parametrize("people", [5, 20])
def test_rules_and_signals_take_the_same_statements(
    gemeente: Traineeship, people: int, statements: Any
) -> None:
    gemeente.enlarge(people)
    workplace = gemeente.workplace(places=20, until_on=END)
    for person in range(0, people, 2):
        gemeente.place(workplace, person)
    for ask, expected in ((checks.ready, 2), (checks.distinct, 2), (checks.nowhere, 3), (checks.against, 2)):
        db.session.rollback()
        with statements() as sent:
            ask(gemeente.people, TODAY)  # type: ignore[operator]
        assert len(sent) == expected, ask
