"""What is agreed on the core's page is asked of the programme's rules: refused with a sentence, and nothing kept."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from functools import partial
from threading import Barrier, Event
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from gemeente_world import END, FIRST, SECOND, TRAINED, Traineeship
from inleer_gemeente import actions, checks
from inleer_gemeente.actions import WorkplaceInput
from inleer_gemeente.models import Workplace

from inleer import clock
from inleer.cohorts.models import Enrolment
from inleer.db import db, unit_of_work
from inleer.errors import DomainError
from inleer.placements.actions import Plan, change, end_early, propose, step, undo
from inleer.placements.models import Placement
from inleer.policy import Role
from tests.actions.test_attendance_parallel import together
from tests.world import one

LAST = date(2027, 6, 30)


def plan(gemeente: Traineeship, **changes: Any) -> Plan:
    """A period at the workplace of the world, as the core's form makes it."""
    made = Plan("rotation", gemeente.own.employer, "Adviseur", FIRST, LAST, 23, 28, "werkplek_1")
    return replace(made, department="Directie Wonen", **changes)


def agree(gemeente: Traineeship, wanted: Plan, person: int = 0) -> Placement:
    """Agreed at once, as the core's page does."""
    with unit_of_work():
        return propose(gemeente.actor(), one(Enrolment, gemeente.people[person]), wanted, agreed=True)


def edit(gemeente: Traineeship, workplace: Workplace, **changes: Any) -> None:
    with unit_of_work():
        row = one(Workplace, workplace.id)
        values = WorkplaceInput(**{f.name: getattr(row, f.name) for f in fields(WorkplaceInput)})
        actions.change_workplace(gemeente.actor(), row, replace(values, **changes), row.version)


def test_agreed_on_the_core_s_page_it_is_held_to_the_same_rules(gemeente: Traineeship) -> None:
    workplace = gemeente.workplace(supervisor_trained_on=None)
    said = r"Regels voor plaatsen: Een training van T\. Begeleider staat er nog niet.*Leg de training vast"
    with pytest.raises(DomainError, match=said):
        agree(gemeente, plan(gemeente))
    assert gemeente.stays() == [], "nothing of a refused agreement is kept"
    row = gemeente.place(workplace)
    with pytest.raises(DomainError, match=said), unit_of_work():
        step(gemeente.actor(), one(Placement, row.id), "agreed", row.version)
    assert one(Placement, row.id).state == "proposed"
    assert [stay.state for stay in gemeente.stays()] == ["proposed"]
    edit(gemeente, workplace, supervisor_trained_on=TRAINED)
    with unit_of_work():
        step(gemeente.actor(), one(Placement, row.id), "agreed", row.version)
    assert [stay.state for stay in gemeente.stays()] == ["agreed"]


def test_a_function_comes_once(gemeente: Traineeship) -> None:
    gemeente.workplace()
    gemeente.workplace(directorate="Sport", function="adviseur")
    gemeente.workplace(directorate="Sport", function="Planner")
    agree(gemeente, plan(gemeente))
    later = {"from_on": SECOND, "until_on": date(2028, 1, 31), "phase_key": "werkplek_2"}
    again = replace(plan(gemeente, **later), department="Sport")
    with pytest.raises(DomainError, match=r"adviseur is al de functie.*Kies een andere functie\."):
        agree(gemeente, again)
    other = agree(gemeente, replace(again, function="Planner"))
    with pytest.raises(DomainError, match="al de functie"), unit_of_work():
        change(gemeente.actor(), one(Placement, other.id), again, other.version)
    assert one(Placement, other.id).function == "Planner"


def test_a_proposal_in_the_same_function_keeps_nothing_else_from_being_agreed(gemeente: Traineeship) -> None:
    gemeente.workplace(places=4)
    agree(gemeente, plan(gemeente))
    gemeente.place(gemeente.workplace(directorate="Sport"), number=2)
    gemeente.workplace(directorate="Sport", function="Planner")
    third = {"from_on": date(2028, 2, 1), "until_on": END, "phase_key": "werkplek_3", "function": "Planner"}
    agree(gemeente, replace(plan(gemeente, **third), department="Sport"))


def test_what_is_no_workplace_is_proposed_and_not_agreed(gemeente: Traineeship) -> None:
    gemeente.workplace()
    odd = plan(gemeente, function="Koffie")
    with pytest.raises(DomainError, match=r"Koffie \(Directie Wonen\) is geen werkplek van deze lichting"):
        agree(gemeente, odd)
    with unit_of_work():
        propose(gemeente.actor(), one(Enrolment, gemeente.people[0]), odd)
    # What is no rotation is no period of the traineeship.
    agree(gemeente, replace(odd, kind="shadowing", phase_key=None), person=1)


def test_a_workplace_takes_no_more_than_its_places(gemeente: Traineeship) -> None:
    gemeente.workplace(places=1)
    agree(gemeente, plan(gemeente))
    with pytest.raises(DomainError, match=r"geen plaats meer vrij\. Kies een andere werkplek"):
        agree(gemeente, plan(gemeente), person=1)


def test_a_directorate_takes_four_at_once_and_a_fifth_after_one_stopped(gemeente: Traineeship) -> None:
    gemeente.enlarge(5)
    gemeente.workplace(places=9)
    made = [agree(gemeente, plan(gemeente), person) for person in range(4)]
    said = r"Directie Wonen: 5, afgesproken is 3 of 4\. Kies een werkplek bij een andere directie\."
    with pytest.raises(DomainError, match=said):
        agree(gemeente, plan(gemeente), 4)
    with unit_of_work():
        end_early(
            gemeente.actor(), one(Placement, made[0].id), None, "candidate", "Verhuisd.", made[0].version
        )
    agree(gemeente, plan(gemeente), 4)


def test_what_was_agreed_before_ends_and_returns_without_being_asked(gemeente: Traineeship) -> None:
    workplace = gemeente.workplace()
    row = agree(gemeente, plan(gemeente))
    edit(gemeente, workplace, supervisor_trained_on=None)
    with unit_of_work():
        end_early(gemeente.actor(), one(Placement, row.id), None, "employer", "Reorganisatie.", row.version)
    with unit_of_work():
        assert undo(gemeente.actor(), one(Placement, row.id), one(Placement, row.id).version)
    assert one(Placement, row.id).state == "agreed"
    (found,) = checks.against([gemeente.people[0]], FIRST - timedelta(days=1))
    assert "training" in found.text, "what changed afterwards is a signal"


def test_the_form_of_the_core_keeps_what_was_filled_in_and_says_why(gemeente: Traineeship) -> None:
    gemeente.workplace(supervisor_trained_on=None)
    manager, url = (
        gemeente.browser(Role.PROGRAMME_MANAGER),
        f"/deelnames/{gemeente.people[0]}/plaatsingen/nieuw",
    )
    filled = {
        "kind": "rotation",
        "host_id": str(gemeente.own.employer),
        "department": "Directie Wonen",
        "function": "Adviseur",
        "phase_key": "werkplek_1",
        "from_on": FIRST.isoformat(),
        "until_on": LAST.isoformat(),
        "days": ["ma", "di", "wo", "vr"],
        "hours": "28",
        "contract_partner_id": "",
    }
    page = manager.post(url, url, **filled, agreed="y")
    assert page.status_code == 422
    assert "Dit kan nog niet worden afgesproken. Regels voor plaatsen: Een training" in page.text
    assert 'value="Directie Wonen"' in page.text
    assert gemeente.stays() == []
    assert manager.post(url, url, **filled).status_code == 303
    assert [stay.state for stay in gemeente.stays()] == ["proposed"]


def test_of_nobody_known_the_rule_says_nothing(gemeente: Traineeship) -> None:
    nobody = UUID(int=7)
    said = checks.placeable([nobody, gemeente.people[0]], FIRST)
    assert said[nobody].fulfilled is None
    assert said[gemeente.people[0]].fulfilled is True


@pytest.mark.parametrize("full", ["workplace", "directorate"])
def test_of_two_who_agree_at_once_on_the_last_place_one_is_refused(
    app: Flask, gemeente: Traineeship, full: str
) -> None:
    gemeente.enlarge(5)
    gemeente.workplace(places=1 if full == "workplace" else 9)
    other = gemeente.workplace(places=9, function="Planner")
    taken = 0 if full == "workplace" else 3  # of four in a directorate
    for person in range(taken):
        agree(gemeente, plan(gemeente), person)
    second = plan(gemeente, function=other.function if full == "directorate" else "Adviseur")
    written, today = Event(), clock.now()

    def first_agrees() -> str:
        with clock.frozen(today), unit_of_work():
            propose(gemeente.actor(), one(Enrolment, gemeente.people[3]), plan(gemeente), agreed=True)
            db.session.flush()
            written.set()
            # Long enough for the second to count before this one is saved.
            Event().wait(0.8)
        return "agreed"

    def second_agrees() -> str:
        written.wait(10)
        with clock.frozen(today), unit_of_work():
            propose(gemeente.actor(), one(Enrolment, gemeente.people[4]), second, agreed=True)
        return "agreed"

    found = together(app, first_agrees, second_agrees)
    assert found[0] == "agreed"
    assert isinstance(found[1], DomainError), found
    assert ("geen plaats meer vrij" if full == "workplace" else "5, afgesproken is 3 of 4") in str(found[1])
    assert len(gemeente.stays()) == taken + 1


def test_two_who_agree_at_the_same_time_both_get_an_answer(app: Flask, gemeente: Traineeship) -> None:
    gemeente.enlarge(5)
    gemeente.workplace(places=2)
    today, start = clock.now(), Barrier(4)

    def agrees(person: int) -> str:
        start.wait(10)
        with clock.frozen(today), unit_of_work():
            propose(gemeente.actor(), one(Enrolment, gemeente.people[person]), plan(gemeente), agreed=True)
        return "agreed"

    found = together(app, *(partial(agrees, person) for person in range(4)))
    assert sorted("agreed" if said == "agreed" else type(said).__name__ for said in found) == [
        "DomainError", "DomainError", "agreed", "agreed",
    ], found  # fmt: skip
    assert len(gemeente.stays()) == 2
