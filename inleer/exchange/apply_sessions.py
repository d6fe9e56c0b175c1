"""Saving a timetable: new sessions, and changes in those that are planned already; marks are kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from inleer import audit, clock
from inleer.cohorts.models import Cohort, Enrolment, Session, SessionCohort
from inleer.cohorts.sessions import COUNTING_KINDS, cohorts_of, session_minutes
from inleer.db import db, new_id
from inleer.events import attendance_recorded, session_resumed, session_retimed, session_settled
from inleer.exchange.ledger import Ledger
from inleer.exchange.plan_common import Plan
from inleer.exchange.plan_sessions import SessionWork
from inleer.policy import Actor, unscoped

#: A change of these changes the figures of everybody in the session's cohorts.
BEARS_ON_FIGURES = frozenset({"starts_at", "ends_at", "kind", "state"})


def apply(ledger: Ledger, actor: Actor, cohort: Cohort, plan: Plan[SessionWork]) -> None:
    """Save the good rows. A session that is cancelled keeps its marks; they count for nobody."""
    made: list[dict[str, Any]] = []
    touched: list[UUID] = []
    retimed: list[UUID] = []
    cancelled: list[UUID] = []
    resumed: list[UUID] = []
    for step in plan.steps:
        session = step.what.session
        if session is None:
            made.append(_new(step.what))
        elif step.changes:
            values = {change.field: change.new for change in step.changes}
            awaited = _awaited(session, values)
            ledger.change(session, {**values, **_derived(session, values), **awaited})
            if awaited:
                audit.record(actor, "session.awaited", session)
            if set(values) & BEARS_ON_FIGURES:
                touched.append(session.id)
            if {"starts_at", "ends_at"} & set(values):
                retimed.append(session.id)
            if values.get("state") == "cancelled":
                cancelled.append(session.id)
            elif "state" in values:
                resumed.append(session.id)
    ledger.create(Session, made)
    links = [{"cohort_id": cohort.id, "session_id": session["id"]} for session in made]
    ledger.create(SessionCohort, links, note=False)
    db.session.flush()
    session_retimed.fire(actor, retimed)
    session_resumed.fire(actor, resumed)
    session_settled.fire(actor, cancelled)
    people = enrolments_of(touched)
    ledger.figures.update(people)
    attendance_recorded.fire(actor, people)


def enrolments_of(session_ids: Iterable[UUID]) -> set[UUID]:
    """The enrolments in all cohorts of these sessions."""
    cohorts = {c for several in cohorts_of(session_ids).values() for c in several}
    if not cohorts:
        return set()
    statement = select(Enrolment.id).where(Enrolment.cohort_id.in_(cohorts))
    return set(db.session.execute(unscoped(statement, "figures")).scalars())


def _new(work: SessionWork) -> dict[str, Any]:
    values = dict(work.values)
    cancelled = values.pop("cancelled")
    starts_at, ends_at = values["starts_at"], values["ends_at"]
    return {
        "id": new_id(),
        **values,
        "on": clock.local(starts_at).date(),
        "planned_minutes": session_minutes(starts_at, ends_at),
        "counts": values["kind"] in COUNTING_KINDS,
        "state": "cancelled" if cancelled else "planned",
        "file_cancelled": cancelled,
    }


def _awaited(session: Session, values: dict[str, Any]) -> dict[str, Any]:
    """A lesson that is moved, or goes on after all, waits to be recorded again: as :func:`change_session` does."""
    moved = bool({"starts_at", "ends_at"} & set(values)) or values.get("state") == "planned"
    waits = moved and session.waived_by_name is not None
    return {"waived_by_name": None, "waived_note": None} if waits else {}


def _derived(session: Session, values: dict[str, Any]) -> dict[str, Any]:
    """What follows from times, kind and state."""
    starts_at, ends_at = values.get("starts_at", session.starts_at), values.get("ends_at", session.ends_at)
    said = {"file_cancelled": values["state"] == "cancelled"} if "state" in values else {}
    return {
        "on": clock.local(starts_at).date(),
        "planned_minutes": session_minutes(starts_at, ends_at),
        "counts": values.get("kind", session.kind) in COUNTING_KINDS,
        **said,
    }
