"""Placements: plan, change, the next step, an early end, and the way back."""

from __future__ import annotations

from inleer.placements.models import Placement
from tests.web.cases.common import COACH, MANAGER, enrolment, other, today, version_of
from tests.web.walk import Case, Fields, Scene

_one = other("placement", "placement_id")


def _plan(s: Scene) -> Fields:
    return {
        "kind": "rotation",
        "host_id": str(s.own.employer),
        "department": "Dienstverlening",
        "function": "Medewerker balie",
        "supervisor_name": "mw. B.",
        "phase_key": "",
        "from_on": today(),
        "until_on": today(60),
        "days": "ma",
        "hours": "8",
        "contract_partner_id": "",
    }


PLACEMENTS = [
    Case("placements.new", MANAGER, enrolment(7), _plan, page="", optional=("agreed",)),
    Case(
        "placements.change", COACH, _one, lambda s: {"hours": "12", "days": "za"}, page="", optional=("days",)
    ),
    Case("placements.step", COACH, _one, lambda s: {**version_of(Placement, _one)(s), "state": "agreed"}),
    Case(
        "placements.end",
        COACH,
        _one,
        lambda s: {"ended_on": today(), "by": "employer", "reason": "geen plek"},
        page="",
        optional=("never_began",),
    ),
    Case("placements.undo", MANAGER, _one, version_of(Placement, _one)),
]
