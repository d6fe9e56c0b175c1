"""An edition of this plugin in the world of the core's tests (tests/sectors.py)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from inleer_logistiek import actions
from inleer_logistiek.actions import CertificateInput
from inleer_logistiek.models import Certificate

from inleer import clock
from inleer.policy import Role
from tests.sectors import sectors, side_of
from tests.web.cases.common import LEERHOME, today
from tests.web.walk import Case, Fields, Scene
from tests.world import Side

ROUTE = ("logistiek.leerbedrijf", 1)
THINGS = {
    "Certificate": (
        "logistiek_certificate",
        {"agency": "agency", "school": "school", "leerhome": "leerhome"},
    )
}
CHOSEN = {("logistiek_certificate", "kind"): "forklift"}


def rows(side: Side) -> dict[str, UUID]:
    """A certificate of the first participant."""
    values = CertificateInput("forklift", clock.today(), None, f"Uitgever {side.canary}", "L-1")
    made = actions.add(side.actors[Role.COACH], side.cohort, side.enrolments[0], values)
    return {"logistiek_certificate": made.id}


def _own(s: Scene) -> Side:
    return side_of(s.own, sectors()["logistiek"])


def _cohort(s: Scene) -> Fields:
    return {"cohort_id": _own(s).cohort}


def _certificate(s: Scene) -> Fields:
    return {**_cohort(s), "certificate_id": _own(s).others["logistiek_certificate"]}


def _version(s: Scene) -> dict[str, Any]:
    return s.version(Certificate, _own(s).others["logistiek_certificate"])


CASES = [
    Case(
        "logistiek.new",
        LEERHOME,
        _cohort,
        lambda s: {
            "enrolment_id": str(_own(s).enrolments[1]),
            "kind": "vca",
            "obtained_on": today(-3),
            "issuer": "Opleider",
        },
        page="",
    ),
    Case("logistiek.change", LEERHOME, _certificate, lambda s: {"valid_until": today(900)}, page=""),
    Case("logistiek.remove", LEERHOME, _certificate, _version),
    Case("logistiek.restore", LEERHOME, _certificate, _version),
]
