"""Certificates in the database: recording them, the rule and the signals that follow, the boxes. Both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from inleer_logistiek import actions, boxes, checks, queries
from inleer_logistiek.models import Certificate
from logistiek_world import FORKLIFT, HALF, TODAY, WORK, Logistiek
from sqlalchemy import select

from inleer import clock
from inleer.audit import AuditEvent
from inleer.cohorts.actions import move_phase
from inleer.cohorts.enrolments import drop_out
from inleer.cohorts.models import CohortPhase, Enrolment
from inleer.db import db, unit_of_work
from inleer.errors import DomainError, Forbidden, NotVisible, StaleEdit
from inleer.policy import Role, system_actor, unscoped
from inleer.signals.daily import sweep
from inleer.signals.models import Signal
from tests.world import one

D = date.fromisoformat


def verdict(logistiek: Logistiek, person: int = 0) -> bool | None:
    db.session.rollback()
    return checks.may_drive([logistiek.people[person]], clock.today())[logistiek.people[person]].fulfilled


def actions_of(subject: Certificate) -> list[str]:
    statement = (
        select(AuditEvent).where(AuditEvent.subject_id == str(subject.id)).order_by(AuditEvent.sequence)
    )
    return [e.action.partition(".")[2] for e in db.session.scalars(statement)]


def on(day: date) -> Any:
    return clock.frozen(clock.at(day, time(10)))


# --- recording -------------------------------------------------------------------------------------


def test_a_certificate_goes_and_comes_back(logistiek: Logistiek) -> None:
    made = logistiek.give()
    assert verdict(logistiek) is True and verdict(logistiek, 1) is False
    with unit_of_work():
        actions.remove(logistiek.actor(), made, made.version)
    assert verdict(logistiek) is False
    with pytest.raises(DomainError, match="al verwijderd"), unit_of_work():
        actions.remove(logistiek.actor(), made, made.version)
    with pytest.raises(DomainError, match="Zet het eerst terug"), unit_of_work():
        actions.change(logistiek.actor(), made, FORKLIFT, made.version)
    with unit_of_work():
        actions.restore(logistiek.actor(), made, made.version)
    assert verdict(logistiek) is True
    with pytest.raises(DomainError, match="niet verwijderd"), unit_of_work():
        actions.restore(logistiek.actor(), made, made.version)
    assert actions_of(made) == ["recorded", "removed", "restored"]


def test_a_change_says_which_fields(logistiek: Logistiek) -> None:
    made = logistiek.give()
    with unit_of_work():
        values = replace(FORKLIFT, valid_until=D("2026-11-19"), issuer=" De  Sluis ")
        assert actions.change(logistiek.actor(), made, values, made.version) == ["valid_until", "issuer"]
    assert logistiek.stored(made).issuer == "De Sluis"
    assert verdict(logistiek) is False
    with unit_of_work():
        assert actions.change(logistiek.actor(), made, actions.input_of(made), made.version) == []
    assert actions_of(made) == ["recorded", "changed"]


def test_the_same_certificate_twice_is_one(logistiek: Logistiek) -> None:
    first = logistiek.give()
    assert logistiek.give().id == first.id
    with pytest.raises(DomainError, match="staat er al"):
        logistiek.give(number="DK-2")
    renewed = logistiek.give(obtained_on=D("2026-11-02"))
    assert renewed.id != first.id
    with pytest.raises(DomainError, match="staat er al"), unit_of_work():
        actions.change(logistiek.actor(), renewed, FORKLIFT, renewed.version)
    assert logistiek.give(1).id not in (first.id, renewed.id)


def test_what_was_taken_back_can_be_recorded_anew_and_then_not_put_back(logistiek: Logistiek) -> None:
    made = logistiek.give()
    with unit_of_work():
        actions.remove(logistiek.actor(), made, made.version)
    assert logistiek.give().id != made.id
    with pytest.raises(DomainError, match="een ander certificaat"), unit_of_work():
        actions.restore(logistiek.actor(), made, made.version)


def test_two_who_click_at_once_make_one(logistiek: Logistiek) -> None:
    """The second waits for the first, and finds what it saved."""
    actor, cohort, person = logistiek.actor(), logistiek.cohort, logistiek.people[0]

    def click() -> UUID:
        with logistiek.app.app_context():
            try:
                with unit_of_work():
                    return actions.add(actor, cohort, person, FORKLIFT).id
            finally:
                db.session.remove()

    db.session.rollback()
    with ThreadPoolExecutor(4) as pool:
        found = [f.result() for f in [pool.submit(copy_context().run, click) for _ in range(8)]]
    assert len(set(found)) == 1
    assert len(logistiek.all()) == 1


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"kind": "kraan"}, "Kies een soort"),
        ({"obtained_on": D("2026-11-21")}, "nog niet geweest"),
        ({"valid_until": D("2026-09-30")}, "ligt voor de dag"),
        ({"number": "111222333"}, "burgerservicenummer"),
        ({"issuer": "111222333"}, "burgerservicenummer"),
    ],
)
def test_impossible_certificates_are_refused(logistiek: Logistiek, changes: dict[str, Any], why: str) -> None:
    with pytest.raises(DomainError, match=why):
        logistiek.give(**changes)
    assert logistiek.all() == []


def test_somebody_of_another_cohort_does_not_exist_here(logistiek: Logistiek) -> None:
    for stranger in (logistiek.foreign.enrolments[0], logistiek.world.own.enrolments[0], uuid4()):
        with pytest.raises(NotVisible), unit_of_work():
            actions.add(logistiek.actor(), logistiek.cohort, stranger, FORKLIFT)


def test_an_older_version_is_refused(logistiek: Logistiek) -> None:
    made = logistiek.give()
    for step in (
        lambda: actions.change(logistiek.actor(), made, replace(FORKLIFT, number="X"), 0),
        lambda: actions.remove(logistiek.actor(), made, 0),
        lambda: actions.restore(logistiek.actor(), made, 0),
    ):
        with pytest.raises(StaleEdit), unit_of_work():
            step()
    assert logistiek.stored(made).number == "DK-1"


@pytest.mark.parametrize(
    ("role", "error"),
    [
        (Role.PROGRAMME_MANAGER, Forbidden),
        (Role.TEACHER, Forbidden),
        (Role.EMPLOYER, NotVisible),
        (Role.ADMINISTRATOR, Forbidden),
    ],
)
def test_actions_ask_for_the_permission_themselves(
    logistiek: Logistiek, role: Role, error: type[Exception]
) -> None:
    made = logistiek.give()
    with pytest.raises(error), unit_of_work():
        actions.remove(logistiek.actor(role), made, made.version)
    with pytest.raises(error), unit_of_work():
        actions.add(logistiek.actor(role), logistiek.cohort, logistiek.people[0], FORKLIFT)
    stranger = logistiek.foreign.actors[Role.COACH]
    with pytest.raises(NotVisible), unit_of_work():
        actions.remove(stranger, made, made.version)
    with pytest.raises(NotVisible), unit_of_work():
        actions.add(stranger, logistiek.cohort, logistiek.people[0], FORKLIFT)


def test_the_rule_answers_for_whoever_is_asked_even_without_such_a_person(logistiek: Logistiek) -> None:
    nobody = uuid4()
    found = checks.may_drive([*logistiek.people, nobody], TODAY)
    assert set(found) == {*logistiek.people, nobody}
    assert found[nobody].fulfilled is False


# --- signals ---------------------------------------------------------------------------------------


def signals(logistiek: Logistiek, rule: str, person: int = 0) -> list[tuple[str, str, date]]:
    statement = unscoped(
        select(Signal)
        .where(Signal.rule == rule, Signal.candidate_id == logistiek.own.candidates[person])
        .order_by(Signal.on, Signal.cause),
        "test",
    )
    db.session.rollback()
    return [(s.cause, s.state, s.on) for s in db.session.execute(statement).scalars()]


def test_a_certificate_that_ends_soon_raises_a_signal_until_it_is_renewed(logistiek: Logistiek) -> None:
    logistiek.give(obtained_on=D("2021-12-21"), valid_until=D("2026-12-21"))
    assert signals(logistiek, "logistiek.expires") == []
    with on(D("2026-11-21")), unit_of_work():
        sweep(system_actor("worker"), D("2026-11-21"))
    raised = ("forklift-2026-12-21", "open", D("2026-11-21"))
    assert signals(logistiek, "logistiek.expires") == [raised]
    with on(D("2026-12-22")):
        found = checks.expires(logistiek.people, D("2026-12-22"))
        assert [f.cause for f in found] == ["forklift-2026-12-21"], "it stays when the day is over"
        logistiek.give(obtained_on=D("2026-12-22"), valid_until=D("2031-12-21"))
        assert [s[1] for s in signals(logistiek, "logistiek.expires")] == ["over"]


def test_each_kind_has_its_own_signal(logistiek: Logistiek) -> None:
    logistiek.give(valid_until=D("2026-12-01"))
    logistiek.give(kind="vca", valid_until=D("2026-11-30"))
    logistiek.give(kind="code95", valid_until=None)
    causes = {s[0] for s in signals(logistiek, "logistiek.expires")}
    assert causes == {"forklift-2026-12-01", "vca-2026-11-30"}


def test_over_the_half_of_the_practice_a_certificate_is_missing(logistiek: Logistiek) -> None:
    assert checks.missing(logistiek.people, HALF - timedelta(days=1)) == []
    found = {f.enrolment_id: f for f in checks.missing(logistiek.people, HALF)}
    assert set(found) == set(logistiek.people)
    assert {(f.cause, f.on) for f in found.values()} == {("ontbreekt", HALF)}
    assert checks.missing(logistiek.people, WORK - timedelta(days=1))
    assert checks.missing(logistiek.people, WORK) == []


def test_a_truck_certificate_ends_it_and_another_does_not(logistiek: Logistiek) -> None:
    logistiek.give(kind="vca")
    assert [s[:2] for s in signals(logistiek, "logistiek.missing")] == [("ontbreekt", "open")]
    made = logistiek.give(kind="ept", valid_until=None)
    assert [s[:2] for s in signals(logistiek, "logistiek.missing")] == [("ontbreekt", "over")]
    with unit_of_work():
        actions.remove(logistiek.actor(), made, made.version)
    assert [s[:2] for s in signals(logistiek, "logistiek.missing")] == [("ontbreekt", "open")]


def test_a_lapsed_certificate_is_told_once(logistiek: Logistiek) -> None:
    logistiek.give(valid_until=D("2026-11-19"))
    missing = {f.enrolment_id for f in checks.missing(logistiek.people, TODAY)}
    assert missing == set(logistiek.people[1:])
    assert [f.enrolment_id for f in checks.expires(logistiek.people, TODAY)] == [logistiek.people[0]]


def test_it_follows_the_calendar_of_the_cohort_and_who_left_is_not_late(logistiek: Logistiek) -> None:
    coach, enrolment = logistiek.actor(), one(Enrolment, logistiek.people[0])
    with unit_of_work():
        drop_out(coach, enrolment, D("2026-11-18"), "candidate", "childcare", "no", enrolment.version)
    assert len(checks.missing(logistiek.people, TODAY)) == 3
    statement = select(CohortPhase).where(
        CohortPhase.cohort_id == logistiek.cohort, CohortPhase.key == "praktijk"
    )
    phase = db.session.scalars(statement).one()
    with unit_of_work():
        manager = logistiek.actor(Role.PROGRAMME_MANAGER)
        move_phase(manager, phase, D("2026-11-02"), D("2027-01-31"), phase.version)
    assert checks.missing(logistiek.people, TODAY) == []


# --- one statement for any number of people ---------------------------------------------------------


@pytest.mark.parametrize("people", [5, 20, 60])
def test_batches_take_the_same_statements_for_any_number_of_people(
    logistiek: Logistiek, people: int, statements: Any
) -> None:
    logistiek.enlarge(people)
    for person in range(0, people, 2):
        logistiek.give(person, valid_until=D("2026-12-01"))
    coach, ids = logistiek.actor(), list(logistiek.people)
    assert len(ids) == people
    for ask in (
        lambda: checks.may_drive(ids, TODAY),
        lambda: checks.expires(ids, TODAY),
        lambda: checks.missing(ids, TODAY),
        lambda: boxes.certificates_box(coach, ids),
        lambda: boxes.overview_panel(coach, logistiek.cohort),
        lambda: queries.holders(coach, logistiek.cohort),
    ):
        db.session.rollback()
        with statements() as sent:
            assert ask()
        assert len(sent) == 1, sent


# --- boxes -----------------------------------------------------------------------------------------


def test_the_box_shows_what_counts(logistiek: Logistiek) -> None:
    made = logistiek.give(kind="vca")
    logistiek.give(obtained_on=D("2021-10-01"), valid_until=D("2026-09-30"))
    logistiek.give()
    with unit_of_work():
        actions.remove(logistiek.actor(), made, made.version)
    found = boxes.certificates_box(logistiek.actor(), logistiek.people)
    holder = found[logistiek.people[0]]["holder"]
    assert {kind: held.state for kind, held in holder.best.items()} == {"forklift": "valid"}
    assert [h.kind for h in holder.removed] == ["vca"]
    assert len(holder.held) == 2
    assert boxes.certificates_box(logistiek.foreign.actors[Role.COACH], logistiek.people) == {}


def test_the_panel_counts_and_names(logistiek: Logistiek) -> None:
    logistiek.give(valid_until=D("2026-12-01"))
    logistiek.give(1, kind="vca")
    found = boxes.overview_panel(logistiek.actor(), logistiek.cohort)
    assert found is not None
    assert found["people"] == 4
    assert found["numbers"] == {"forklift": 1, "reachtruck": 0, "ept": 0, "vca": 1, "code95": 0}
    assert len(found["cannot"][0]) == 3 and found["cannot"][1] == 0
    assert found["ending"][0] == ["Mens0 KANARIEA, Extra0"]
    assert boxes.overview_panel(logistiek.foreign.actors[Role.COACH], logistiek.cohort) is None
