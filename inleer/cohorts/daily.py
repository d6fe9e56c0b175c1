"""What the calendar brings about: on its first day an edition runs, and who was selected for it takes part."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from inleer.cohorts.actions import change_state
from inleer.cohorts.enrolments import step
from inleer.cohorts.models import Cohort, Enrolment
from inleer.db import db
from inleer.i18n import _
from inleer.policy import Actor, unscoped

WHY = "daily start of editions"


def begin(actor: Actor, day: date) -> int:
    """Let editions and people start of which the first day has come. A daily job; returns how many people.

    People start on their own first day, so that who joins later is active later. Who was not selected (still in
    intake, on the waiting list) stays where they are: that is a decision of people.
    """
    starting = select(Cohort).where(Cohort.state == "recruiting", Cohort.starts_on <= day)
    for cohort in db.session.scalars(unscoped(starting.order_by(Cohort.id), WHY)).all():
        change_state(actor, cohort, "running")
    joining = (
        select(Enrolment)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Cohort.state == "running", Enrolment.state == "selected", Enrolment.joined_on <= day)
        .order_by(Enrolment.id)
    )
    people = db.session.scalars(unscoped(joining, WHY)).all()
    for enrolment in people:
        step(
            actor,
            enrolment,
            "active",
            enrolment.joined_on or day,
            _("De eerste dag is er."),
            enrolment.version,
        )
    return len(people)
