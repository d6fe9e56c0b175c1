"""The pages of the plugin."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from inleer_zorg.models import HelpRequest, Visit
from sqlalchemy import select

from inleer import clock
from inleer.cohorts.models import CohortPhase
from inleer.db import db
from inleer.policy import unscoped
from tests.accounts.logins import change
from tests.web.cases.common import (
    LEERHOME,
    cohort,
    today,
)
from tests.web.walk import Case, Fields, Scene


def _request(s: Scene) -> Fields:
    return {**cohort(s), "help_request_id": s.own.others["zorg_help_request"]}


def _begun(s: Scene) -> Fields:
    """The own edition, in which the placement in the neighbourhood has begun."""
    for row in (p for p in phases(s) if p.starts_on > clock.today()):
        change(CohortPhase, row.id, starts_on=clock.today() - timedelta(days=20))
    return cohort(s)


def phases(s: Scene) -> list[Any]:
    """The phases of the own edition."""
    statement = select(CohortPhase).where(CohortPhase.cohort_id == s.own.cohort)
    db.session.rollback()
    return list(db.session.execute(unscoped(statement, "test")).scalars())


def _visit(s: Scene) -> Fields:
    return {**cohort(s), "visit_id": s.own.others["zorg_visit"]}


def _visited(s: Scene) -> Fields:
    return s.version(Visit, s.own.others["zorg_visit"])


ZORG = [
    Case(
        "zorg.new",
        LEERHOME,
        _begun,
        lambda s: {
            "requester": "mw. J.",
            "area": "Boswijk",
            "task": "walking",
            "description": "een blokje om",
        },
        page="",
    ),
    Case("zorg.change", LEERHOME, _request, lambda s: {"area": "Zuiderzeewijk"}, page=""),
    Case(
        "zorg.new_visit",
        LEERHOME,
        _request,
        lambda s: {
            "enrolment_id": str(s.own.enrolments[6]),
            "on": today(-1),
            "minutes": "45",
            "remark": "wandeling",
        },
        page="",
    ),
    Case("zorg.change_visit", LEERHOME, _visit, lambda s: {"minutes": "50"}, page=""),
    Case("zorg.remove_visit", LEERHOME, _visit, _visited),
    Case("zorg.restore_visit", LEERHOME, _visit, _visited),
    Case(
        "zorg.assign",
        LEERHOME,
        _request,
        lambda s: {"enrolment_id": str(s.own.enrolments[-1])},
        page="",
    ),
    Case(
        "zorg.set_state",
        LEERHOME,
        _request,
        lambda s: {**s.version(HelpRequest, s.own.others["zorg_help_request"]), "state": "done"},
    ),
]
