"""An edition of this plugin in the world of the core's tests (tests/sectors.py)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from inleer_gemeente import actions, assignments
from inleer_gemeente.actions import WorkplaceInput
from inleer_gemeente.assignments import AssignmentInput
from inleer_gemeente.models import Assignment, Workplace

from inleer import clock
from inleer.placements.models import Placement
from inleer.policy import Role
from tests.sectors import sectors, side_of
from tests.web.cases.common import MANAGER, first, today
from tests.web.walk import Case, Fields, Scene
from tests.world import Side

ROUTE = ("gemeente.mbo_maatwerk", 1)
HOUSE = {"agency": "agency", "leerhome": "leerhome"}
THINGS: dict[str, tuple[str, dict[str, str]]] = {
    "Workplace": ("gemeente_workplace", HOUSE),
    "Assignment": ("gemeente_assignment", HOUSE),
}
CHOSEN = {("gemeente_workplace", "profile"): "space", ("gemeente_trainee", "profile"): "space"}


def rows(side: Side) -> dict[str, UUID]:
    """A workplace and a group assignment, and the profile of the first participant."""
    coach, today, later = side.actors[Role.COACH], clock.today(), clock.today() + timedelta(days=900)
    values = WorkplaceInput(
        side.employer,
        f"Directie {side.canary}",
        "Adviseur",
        "space",
        today - timedelta(days=30),
        later,
        4,
        f"Begeleider {side.canary}",
        today - timedelta(days=20),
    )
    made = actions.add_workplace(coach, side.cohort, values)
    asked = AssignmentInput(f"Opdracht {side.canary}", "Directie", today, later, (side.enrolments[0],))
    assignment = assignments.add(coach, side.cohort, asked)
    actions.set_profile(coach, side.enrolments[0], "space")
    return {"gemeente_workplace": made.id, "gemeente_assignment": assignment.id}


def _own(s: Scene) -> Side:
    return side_of(s.own, sectors()["gemeente"])


def _cohort(s: Scene) -> Fields:
    return {"cohort_id": _own(s).cohort}


def _workplace(s: Scene) -> Fields:
    return {**_cohort(s), "workplace_id": _own(s).others["gemeente_workplace"]}


def _assignment(s: Scene) -> Fields:
    return {**_cohort(s), "assignment_id": _own(s).others["gemeente_assignment"]}


def _trainee(s: Scene) -> Fields:
    return {**_cohort(s), "enrolment_id": _own(s).enrolments[1]}


def _placed(s: Scene) -> Placement:
    row: Placement = first(Placement, Placement.enrolment_id == _own(s).enrolments[1])
    return row


def _new_workplace(s: Scene) -> Fields:
    return {
        "host_id": str(_own(s).employer),
        "directorate": "Directie Sport",
        "function": "Planner",
        "profile": "support",
        "places": "2",
        "from_on": today(),
        "until_on": today(90),
        "supervisor_name": "Een Begeleider",
        "supervisor_trained_on": today(-9),
    }


def _version(model: type[Any], table: str) -> Any:
    return lambda s: s.version(model, _own(s).others[table])


_SITE, _TASK = _version(Workplace, "gemeente_workplace"), _version(Assignment, "gemeente_assignment")
CASES = [
    Case("gemeente.new_workplace", MANAGER, _cohort, _new_workplace, page=""),
    Case("gemeente.change_workplace", MANAGER, _workplace, lambda s: {"places": "5"}, page=""),
    Case("gemeente.remove_workplace", MANAGER, _workplace, _SITE),
    Case("gemeente.restore_workplace", MANAGER, _workplace, _SITE),
    Case(
        "gemeente.new_assignment",
        MANAGER,
        _cohort,
        lambda s: {
            "title": "Wijkonderzoek",
            "client": "Directie Sport",
            "from_on": today(),
            "until_on": today(90),
            "members": str(_own(s).enrolments[1]),
        },
        page="",
    ),
    Case("gemeente.change_assignment", MANAGER, _assignment, lambda s: {"client": "Directie Sport"}, page=""),
    Case("gemeente.remove_assignment", MANAGER, _assignment, _TASK),
    Case("gemeente.restore_assignment", MANAGER, _assignment, _TASK),
    Case("gemeente.profile", MANAGER, _trainee, lambda s: {"profile": "social"}, page=""),
    Case(
        "gemeente.place",
        MANAGER,
        _trainee,
        lambda s: {
            "phase_key": "werkplek_1",
            "workplace_id": str(_own(s).others["gemeente_workplace"]),
            "hours": "28",
        },
        page="",
        optional=("agreed",),
    ),
    Case(
        "gemeente.undo_place",
        MANAGER,
        lambda s: {**_trainee(s), "placement_id": _placed(s).id},
        lambda s: s.version(Placement, _placed(s).id),
    ),
]
