"""Which visits count, the rule and the signal that follow from them, and what a double click does. Both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from inleer_zorg import actions, boxes, checks, lookups, queries
from inleer_zorg.actions import VisitInput
from inleer_zorg.models import HelpRequest, Visit
from sqlalchemy import select
from zorg_world import BEGINS, TODAY, WALK, Zorg

from inleer import clock
from inleer.audit import AuditEvent
from inleer.cohorts.actions import move_phase
from inleer.cohorts.enrolments import drop_out, pause, resume
from inleer.cohorts.models import CohortPhase, Enrolment
from inleer.db import db, unit_of_work
from inleer.errors import DomainError, Forbidden, NotVisible, StaleEdit
from inleer.plugin import Verdict
from inleer.policy import Role, system_actor, unscoped
from inleer.signals.actions import handle
from inleer.signals.daily import sweep
from inleer.signals.models import Signal
from tests.world import one

D = date.fromisoformat


def minutes(zorg: Zorg, person: int = 0) -> int:
    db.session.rollback()
    found = queries.people(zorg.actor(), zorg.cohort)
    return next(p.minutes for p in found if p.enrolment_id == zorg.people[person])


def verdict(zorg: Zorg, person: int = 0) -> Verdict:
    db.session.rollback()
    return checks.neighbourhood_hours([zorg.people[person]], clock.today())[zorg.people[person]]


def actions_of(subject: HelpRequest | Visit) -> list[str]:
    statement = (
        select(AuditEvent).where(AuditEvent.subject_id == str(subject.id)).order_by(AuditEvent.sequence)
    )
    return [e.action for e in db.session.scalars(statement)]


# --- hours ----------------------------------------------------------------------------------------


def test_hours_are_added_over_requests_and_days(zorg: Zorg) -> None:
    walk, shop = zorg.given(), zorg.given(task="groceries")
    zorg.visit(walk, D("2026-10-01"), 60)
    zorg.visit(walk, D("2026-11-05"), 75)
    zorg.visit(shop, D("2026-11-05"), 90)
    (person, *_others) = queries.people(zorg.actor(), zorg.cohort)
    assert (person.minutes, person.month_minutes, person.visits) == (225, 165, 3)
    assert (person.last_on, person.requests) == (D("2026-11-05"), 2)
    assert verdict(zorg).fulfilled is False
    assert verdict(zorg).text.startswith("3,75\N{NO-BREAK SPACE}u van 80\N{NO-BREAK SPACE}u")


def test_a_visit_that_was_taken_back_counts_nowhere_and_comes_back(zorg: Zorg) -> None:
    walk = zorg.given()
    visit = zorg.visit(walk, D("2026-11-05"))
    with unit_of_work():
        actions.remove_visit(zorg.actor(), walk, visit, visit.version)
    assert minutes(zorg) == 0
    with unit_of_work():
        actions.restore_visit(zorg.actor(), walk, visit, visit.version)
    assert minutes(zorg) == 60
    assert actions_of(visit) == ["zorg_visit.recorded", "zorg_visit.removed", "zorg_visit.restored"]


def test_a_visit_before_the_phase_stops_counting_when_the_phase_moves(zorg: Zorg) -> None:
    zorg.visit(zorg.given(), D("2026-10-01"))
    phase = db.session.scalars(
        select(CohortPhase).where(CohortPhase.cohort_id == zorg.cohort, CohortPhase.key == "wijk")
    ).one()
    manager = zorg.actor(Role.PROGRAMME_MANAGER)
    with unit_of_work():
        move_phase(manager, phase, D("2026-10-02"), phase.ends_on, phase.version)
    assert minutes(zorg) == 0
    with unit_of_work():
        move_phase(manager, phase, D("2026-12-01"), phase.ends_on, phase.version)
    assert verdict(zorg).fulfilled is None


def test_days_after_the_last_day_do_not_count(zorg: Zorg) -> None:
    zorg.visit(zorg.given(), D("2026-11-05"))
    enrolment = one(Enrolment, zorg.people[0])
    with unit_of_work():
        drop_out(
            zorg.actor(Role.COACH),
            enrolment,
            D("2026-11-04"),
            "candidate",
            "childcare",
            "yes",
            enrolment.version,
        )
    assert minutes(zorg) == 0


def test_eighty_hours_fulfil_the_rule(zorg: Zorg) -> None:
    walk = zorg.given()
    for day in range(8):
        zorg.visit(walk, BEGINS + timedelta(days=day), 600)
    assert verdict(zorg) == Verdict(True, verdict(zorg).text)
    assert verdict(zorg, 1).fulfilled is False


def test_the_rule_answers_for_whoever_is_asked_even_without_such_a_person(zorg: Zorg) -> None:
    nobody = uuid4()
    found = checks.neighbourhood_hours([*zorg.people, nobody], TODAY)
    assert set(found) == {*zorg.people, nobody}
    assert found[nobody].fulfilled is None


# --- what can be recorded -------------------------------------------------------------------------


def test_the_same_visit_twice_is_one_visit(zorg: Zorg) -> None:
    walk = zorg.given()
    first = zorg.visit(walk, D("2026-11-05"))
    assert zorg.visit(walk, D("2026-11-05")).id == first.id
    with pytest.raises(DomainError, match="met 60 minuten"):
        zorg.visit(walk, D("2026-11-05"), 61)
    assert len(zorg.all(Visit)) == 1
    assert zorg.visit(walk, D("2026-11-05"), person=1).id != first.id


def test_two_who_click_at_once_make_one_visit(zorg: Zorg) -> None:
    """The second waits for the first, and finds what it saved."""
    walk = zorg.given()
    actor, visit = zorg.actor(), VisitInput(zorg.people[0], D("2026-11-05"), 60)

    def click() -> UUID:
        with zorg.app.app_context():
            try:
                with unit_of_work():
                    return actions.record_visit(actor, one(HelpRequest, walk.id), visit)[0].id
            finally:
                db.session.remove()

    db.session.rollback()
    with ThreadPoolExecutor(4) as pool:
        found = [f.result() for f in [pool.submit(copy_context().run, click) for _ in range(8)]]
    assert len(set(found)) == 1
    assert len(zorg.all(Visit)) == 1


def test_the_same_request_twice_is_one_request_as_long_as_it_runs(zorg: Zorg) -> None:
    first = zorg.ask()
    assert zorg.ask().id == first.id
    assert zorg.ask(area="Atolwijk").id != first.id
    with unit_of_work():
        actions.set_state(zorg.actor(), first, "withdrawn", first.version)
    assert zorg.ask().id != first.id


@pytest.mark.parametrize(
    ("on", "length", "why"),
    [
        ("2026-11-21", 60, "nog niet geweest"),
        ("2026-09-27", 60, "De wijkstage begint"),
        ("2026-11-05", 601, "van 1 tot 600"),
        ("2026-11-05", 0, "van 1 tot 600"),
    ],
)
def test_impossible_visits_are_refused(zorg: Zorg, on: str, length: int, why: str) -> None:
    with pytest.raises(DomainError, match=why):
        zorg.visit(zorg.given(), D(on), length)
    assert zorg.all(Visit) == []


def test_a_day_has_no_more_than_24_hours(zorg: Zorg) -> None:
    day = D("2026-11-05")
    zorg.visit(zorg.given(), day, 600)
    zorg.visit(zorg.given(task="cooking"), day, 600)
    third = zorg.given(task="odd_job")
    with pytest.raises(DomainError, match="meer dan 24 uur"):
        zorg.visit(third, day, 241)
    visit = zorg.visit(third, day, 240)
    with unit_of_work():
        actions.change_visit(zorg.actor(), third, visit, VisitInput(zorg.people[0], day, 239), visit.version)


def test_nobody_visits_in_a_pause(zorg: Zorg) -> None:
    walk = zorg.given()
    coach, enrolment = zorg.actor(Role.COACH), one(Enrolment, zorg.people[0])
    with unit_of_work():
        pause(coach, enrolment, D("2026-11-02"), D("2026-11-13"), coach.user_id, "Reis", enrolment.version)
    with unit_of_work():
        resume(coach, enrolment, D("2026-11-09"), enrolment.version)
    with pytest.raises(DomainError, match="pauze"):
        zorg.visit(walk, D("2026-11-05"))
    zorg.visit(walk, D("2026-11-09"))


def test_somebody_of_another_cohort_does_not_exist_here(zorg: Zorg) -> None:
    walk, stranger = zorg.given(), zorg.world.foreign.enrolments[0]
    with pytest.raises(NotVisible), unit_of_work():
        actions.assign(zorg.actor(), walk, stranger, walk.version)
    with pytest.raises(NotVisible), unit_of_work():
        actions.record_visit(zorg.actor(), walk, VisitInput(stranger, D("2026-11-05"), 60))


def test_a_withdrawn_request_gets_no_visits_and_somebody_who_left_no_requests(zorg: Zorg) -> None:
    walk, shop = zorg.given(), zorg.given(1, task="groceries")
    enrolment = one(Enrolment, zorg.people[1])
    with unit_of_work():
        actions.set_state(zorg.actor(), walk, "withdrawn", walk.version)
    with pytest.raises(DomainError, match="ingetrokken"):
        zorg.visit(walk, D("2026-11-05"))
    with unit_of_work():
        drop_out(
            zorg.actor(Role.COACH),
            enrolment,
            D("2026-11-10"),
            "candidate",
            "childcare",
            "no",
            enrolment.version,
        )
    zorg.visit(shop, D("2026-11-10"), person=1)
    with pytest.raises(DomainError, match="doet niet meer mee"), unit_of_work():
        actions.assign(zorg.actor(), walk, zorg.people[1], walk.version)


def test_states_go_there_and_back(zorg: Zorg) -> None:
    walk, actor = zorg.given(), zorg.actor()
    for state in ("done", "assigned", "withdrawn", "assigned", "open", "withdrawn", "open"):
        with unit_of_work():
            actions.set_state(actor, walk, state, walk.version)
        assert walk.state == state
        assert (walk.enrolment_id is None) == (
            state == "open" or (state == "withdrawn" and not walk.enrolment_id)
        )
    for state in ("done", "open", "other"):
        with pytest.raises(DomainError), unit_of_work():
            actions.set_state(actor, walk, state, walk.version)
    assert set(actions_of(walk)) == {"zorg_help_request.created", "zorg_help_request.state_changed"}


def test_an_older_version_is_refused(zorg: Zorg) -> None:
    walk = zorg.given()
    visit = zorg.visit(walk, D("2026-11-05"))
    old, values = walk.version - 1, VisitInput(zorg.people[0], D("2026-11-06"), 30)
    for step in (
        lambda: actions.change(zorg.actor(), walk, WALK, old),
        lambda: actions.assign(zorg.actor(), walk, zorg.people[1], old),
        lambda: actions.set_state(zorg.actor(), walk, "done", old),
        lambda: actions.change_visit(zorg.actor(), walk, visit, values, 0),
        lambda: actions.remove_visit(zorg.actor(), walk, visit, 0),
    ):
        with pytest.raises(StaleEdit), unit_of_work():
            step()
    assert zorg.stored(visit).minutes == 60


@pytest.mark.parametrize(
    ("role", "error"),
    [
        (Role.PROGRAMME_MANAGER, Forbidden),
        (Role.TEACHER, NotVisible),
        (Role.EMPLOYER, NotVisible),
        (Role.ADMINISTRATOR, Forbidden),
    ],
)
def test_actions_ask_for_the_permission_themselves(zorg: Zorg, role: Role, error: type[Exception]) -> None:
    walk = zorg.given()
    with pytest.raises(error), unit_of_work():
        actions.set_state(zorg.actor(role), walk, "done", walk.version)
    stranger = zorg.world.foreign.actors[Role.LEERHOME_COORDINATOR]
    with pytest.raises(NotVisible), unit_of_work():
        actions.record_visit(stranger, walk, VisitInput(zorg.people[0], D("2026-11-05"), 60))
    with pytest.raises(NotVisible), unit_of_work():
        actions.create(stranger, zorg.cohort, WALK)


def test_fields_that_do_not_exist_are_not_assigned(zorg: Zorg) -> None:
    with pytest.raises(ValueError, match="state"), unit_of_work():
        actions.create(zorg.actor(), zorg.cohort, {**WALK, "state": "done"})


# --- the signal -----------------------------------------------------------------------------------


def signals(zorg: Zorg, person: int = 0) -> list[tuple[str, str, date]]:
    statement = unscoped(
        select(Signal)
        .where(Signal.rule == "zorg.no_visits", Signal.candidate_id == zorg.world.own.candidates[person])
        .order_by(Signal.on, Signal.cause),
        "test",
    )
    db.session.rollback()
    return [(s.cause, s.state, s.on) for s in db.session.execute(statement).scalars()]


def evaluate(zorg: Zorg) -> dict[UUID, Any]:
    db.session.rollback()
    return {f.enrolment_id: f for f in checks.no_visits(zorg.people, clock.today())}


def test_three_school_weeks_without_a_visit_raise_one_signal(zorg: Zorg) -> None:
    walk = zorg.given()
    zorg.visit(walk, D("2026-09-29"))
    # Three whole school weeks later is 26 October: the vacation of 17 to 25 October is no school week.
    (found,) = [f for f in evaluate(zorg).values() if f.enrolment_id == zorg.people[0]]
    assert found.cause == "na-bezoek-2026-09-29"
    assert found.on == D("2026-11-02")
    assert signals(zorg) == [
        (f"nog-geen-bezoek-{zorg.people[0]}", "over", D("2026-10-19")),
        ("na-bezoek-2026-09-29", "open", D("2026-11-02")),
    ]


def test_a_visit_ends_it_and_only_a_new_silence_brings_it_back(zorg: Zorg) -> None:
    walk = zorg.given()
    zorg.visit(walk, D("2026-09-29"))
    statement = select(Signal).where(Signal.rule == "zorg.no_visits", Signal.state == "open")
    row = next(
        s
        for s in db.session.execute(unscoped(statement, "test")).scalars()
        if s.candidate_id == zorg.world.own.candidates[0]
    )
    with unit_of_work():
        handle(zorg.actor(Role.COACH), row, "Gebeld; volgende week weer.", row.version)
    shop = zorg.given(task="groceries")
    zorg.visit(shop, D("2026-09-28"))
    assert [s[1] for s in signals(zorg)] == ["over", "handled"], "an older visit is no new cause"
    zorg.visit(walk, D("2026-10-08"))
    assert [(s[0], s[1]) for s in signals(zorg)][1:] == [
        ("na-bezoek-2026-09-29", "handled"),
        ("na-bezoek-2026-10-08", "open"),
    ]
    zorg.visit(walk, D("2026-11-19"))
    assert [s[1] for s in signals(zorg)] == ["over", "handled", "over"]


def test_without_any_visit_the_phase_itself_is_the_beginning(zorg: Zorg) -> None:
    found = evaluate(zorg)
    assert set(found) == set(zorg.people)
    # Per enrolment: in a second edition somebody without visits is a new cause.
    causes = {f"nog-geen-bezoek-{one_id}" for one_id in zorg.people}
    assert {(f.cause, f.on) for f in found.values()} == {(cause, D("2026-10-19")) for cause in causes}
    assert {f.text for f in found.values()} == {
        "Nog geen bezoek sinds de start van de wijkstage (28 september)."
    }


def test_who_pauses_is_not_quiet_and_coming_back_begins_anew(zorg: Zorg) -> None:
    coach, enrolment = zorg.actor(Role.COACH), one(Enrolment, zorg.people[0])
    with unit_of_work():
        pause(coach, enrolment, D("2026-10-01"), D("2026-10-30"), coach.user_id, "Reis", enrolment.version)
    assert zorg.people[0] not in evaluate(zorg)
    with unit_of_work():
        resume(coach, enrolment, D("2026-11-02"), enrolment.version)
    assert zorg.people[0] not in evaluate(zorg)
    later = clock.at(D("2026-11-23"), WALK["starts"])
    with clock.frozen(later):
        (found,) = [f for f in evaluate(zorg).values() if f.enrolment_id == zorg.people[0]]
    assert (found.cause, found.on) == ("na-pauze-2026-11-01", D("2026-11-23"))


def test_time_alone_raises_it_by_the_daily_sweep_once(zorg: Zorg) -> None:
    walk = zorg.given()
    zorg.visit(walk, D("2026-11-12"))
    assert [s[1] for s in signals(zorg)] == ["over"]
    later = D("2026-12-07")
    for _again in range(2):
        with clock.frozen(clock.at(later, WALK["starts"])), unit_of_work():
            assert sweep(system_actor("worker"), later) >= len(zorg.people)
    assert signals(zorg)[1:] == [("na-bezoek-2026-11-12", "open", later)]
    with clock.frozen(clock.at(later, WALK["starts"])), unit_of_work():
        assert sweep(system_actor("worker"), later - timedelta(days=1)) == 0, "a missed day is passed over"


def test_before_and_after_the_phase_nobody_is_quiet(zorg: Zorg) -> None:
    for day in (D("2026-09-27"), D("2027-03-15")):
        with clock.frozen(clock.at(day, WALK["starts"])):
            assert evaluate(zorg) == {}


# --- one statement for any number of people -------------------------------------------------------


@pytest.mark.parametrize("people", [5, 20, 60])
def test_batches_take_the_same_statements_for_any_number_of_people(
    zorg: Zorg, people: int, statements: Any
) -> None:
    zorg.enlarge(people)
    walk = zorg.given()
    zorg.visit(walk, D("2026-10-01"))
    coach, ids = zorg.actor(Role.COACH), list(zorg.people)
    assert len(ids) == people
    for expected, ask in (
        (1, lambda: checks.neighbourhood_hours(ids, TODAY)),
        (1, lambda: boxes.visits_box(coach, ids)),
        (1, lambda: boxes.overview_panel(coach, zorg.cohort)),
        (1, lambda: queries.people(coach, zorg.cohort)),
        (1, lambda: queries.requests(coach, zorg.cohort)),
        (3, lambda: checks.no_visits(ids, TODAY)),  # with the school's calendar, once
    ):
        db.session.rollback()
        with statements() as sent:
            assert ask()
        assert len(sent) == expected, sent


def test_when_nobody_is_quiet_the_signal_takes_one_statement(zorg: Zorg, statements: Any) -> None:
    walk = zorg.given()
    for person in range(4):
        zorg.visit(walk, D("2026-11-12"), person=person)
    db.session.rollback()
    with statements() as sent:
        assert checks.no_visits(zorg.people, TODAY) == []
    assert len(sent) == 1


# --- boxes ----------------------------------------------------------------------------------------


def test_the_box_shows_the_newest_visits_and_what_counts(zorg: Zorg) -> None:
    walk = zorg.given()
    for day in ("2026-10-01", "2026-10-08", "2026-11-05", "2026-11-12"):
        zorg.visit(walk, D(day))
    found = boxes.visits_box(zorg.actor(Role.COACH), zorg.people)
    done = found[zorg.people[0]]["done"]
    assert [v.on for v in done.newest] == [D("2026-11-12"), D("2026-11-05"), D("2026-10-08")]
    assert (done.minutes, done.month_minutes, done.visits, done.requests) == (240, 120, 4, 1)
    assert found[zorg.people[1]]["done"].newest == ()
    assert boxes.visits_box(zorg.world.foreign.actors[Role.COACH], zorg.people) == {}
    with clock.frozen(clock.at(BEGINS - timedelta(days=1), WALK["starts"])):
        assert boxes.visits_box(zorg.actor(Role.COACH), zorg.people) == {}


def test_the_panel_counts_and_names(zorg: Zorg) -> None:
    zorg.visit(zorg.given(), D("2026-11-05"), 90)
    zorg.ask(task="odd_job", asked_on=D("2026-11-01"))
    found = boxes.overview_panel(zorg.actor(Role.COACH), zorg.cohort)
    assert found is not None
    overview = found["overview"]
    assert (overview.open_requests, overview.longest_open) == (1, D("2026-11-01"))
    assert overview.month_minutes == 90
    assert len(found["named"]) == 3 and found["unnamed"] == 0
    assert boxes.overview_panel(zorg.world.foreign.actors[Role.COACH], zorg.cohort) is None
    with clock.frozen(clock.at(D("2027-03-15"), WALK["starts"])):
        over = boxes.overview_panel(zorg.actor(Role.COACH), zorg.cohort)
        assert over is not None and over["named"] == [] and not over["running"]


def test_a_person_without_visits_that_day(zorg: Zorg) -> None:
    found = lookups.participation(zorg.people[0], TODAY)
    assert found is not None
    assert (found.begins, found.minutes_that_day, found.pauses) == (BEGINS, 0, ())
    assert lookups.participation(uuid4(), TODAY) is None
