"""What follows from another partner: who gives the sessions to come, and whose calendar figures are made with."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from inleer import audit
from inleer.cohorts.models import Enrolment, Partner, Session, SessionCohort
from inleer.db import db
from inleer.events import figures_changed
from inleer.policy import Actor, unscoped

#: Who gives a session of which nobody was named as organiser; the other kinds belong to no partner by themselves.
GIVEN_BY = {
    "school": ("lesson", "nt2"),
    "leerhome": ("introduction", "selection"),
}


def hand_over_sessions(
    actor: Actor, cohort_id: UUID, kind: str, organisation_id: UUID, since_on: date
) -> int:
    """Let the new school or leerhome give the sessions from ``since_on`` on that are not recorded; returns how many.

    Those are the sessions of who had this role before, and those without an organiser that belong to it by their kind.
    A teacher of the organisation before does not come along.
    """
    if kind not in GIVEN_BY:
        return 0
    before = select(Partner.organisation_id).where(
        Partner.cohort_id == cohort_id, Partner.kind == kind, Partner.organisation_id != organisation_id
    )
    nobodys = Session.organisation_id.is_(None) & Session.kind.in_(GIVEN_BY[kind])
    waiting = (
        select(Session)
        .join(SessionCohort, SessionCohort.session_id == Session.id)
        .where(
            SessionCohort.cohort_id == cohort_id,
            Session.on >= since_on,
            Session.state.in_(("planned", "cancelled")),
            or_(nobodys, Session.organisation_id.in_(before)),
        )
        .order_by(Session.id)
    )
    found = db.session.scalars(unscoped(waiting, "sessions of a cohort that was loaded in scope")).all()
    for session in found:
        session.organisation_id = organisation_id
        session.teacher_id = session.substitute_id = None
    if found:
        details = {"cohort": str(cohort_id), "to": str(organisation_id), "sessions": len(found)}
        audit.record(
            actor, "cohort.sessions_handed_over", ("cohort", cohort_id), details=details, covers=found
        )
        db.session.flush()
    return len(found)


def school_changed(actor: Actor, cohort_id: UUID, kind: str) -> None:
    """Absence is measured in the school's weeks: with another school all figures of the cohort are made again."""
    if kind == "school":
        people = select(Enrolment.id).where(Enrolment.cohort_id == cohort_id)
        db.session.flush()
        figures_changed.fire(actor, db.session.scalars(unscoped(people, "figures after another school")))
