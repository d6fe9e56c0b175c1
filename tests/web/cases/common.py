"""What the cases share: who, when, and which row."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from inleer import clock
from inleer.cohorts.models import Cohort, Partner
from inleer.db import db
from inleer.policy import Role, unscoped
from tests.web.walk import Fields, Scene

COACH, TEACHER, MANAGER = Role.COACH, Role.TEACHER, Role.PROGRAMME_MANAGER
LEERHOME, ADMINISTRATOR = Role.LEERHOME_COORDINATOR, Role.ADMINISTRATOR
NEW_PASSWORD = "heel andere woorden nu"


def today(days: int = 0) -> str:
    """A day as a date field sends it, counted from today."""
    return str(clock.today() + timedelta(days=days))


def first(model: type[Any], *conditions: Any, order: Any = None) -> Any:
    """A stored row, past all scopes."""
    statement = select(model).where(*conditions)
    statement = statement.order_by(order) if order is not None else statement
    db.session.rollback()
    return db.session.execute(unscoped(statement, "test")).scalars().first()


def cohort(s: Scene) -> Fields:
    """The own edition."""
    return {"cohort_id": s.own.cohort}


def candidate(s: Scene) -> Fields:
    """The first of the coach's candidates."""
    return {"candidate_id": s.own.candidates[0]}


def enrolment(number: int) -> Any:
    """One of the coach's enrolments; each step that cannot be taken twice has its own."""
    return lambda s: {"enrolment_id": s.own.enrolments[number]}


def lesson(number: int) -> Any:
    """One of the sessions; the last is of today and the leerhome's."""
    return lambda s: {"session_id": s.own.sessions[number]}


def other(name: str, arg: str) -> Any:
    """One of the further rows of the world."""
    return lambda s: {arg: s.own.others[name]}


def partner(kind: str) -> Any:
    """A partner of the own edition, of this kind."""

    def found(s: Scene) -> Fields:
        row = first(Partner, Partner.cohort_id == s.own.cohort, Partner.kind == kind)
        return {**cohort(s), "partner_id": row.id}

    return found


def new_cohort(s: Scene) -> Fields:
    """The edition that an earlier step made."""
    return {"cohort_id": first(Cohort, Cohort.slug == "wandeling").id}


def version_of(model: type[Any], ids: Any) -> Any:
    """The field with the version of the thing that the address names."""
    return lambda s: s.version(model, next(iter(ids(s).values())))
