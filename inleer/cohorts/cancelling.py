"""An edition that does not go on: nobody may be left in it, and its sessions to come are cancelled."""

from __future__ import annotations

from sqlalchemy import select

from inleer import clock
from inleer.cohorts.enrolments import step
from inleer.cohorts.models import Cohort, Enrolment, Session, SessionCohort
from inleer.cohorts.rules import ENROLMENT_STEPS
from inleer.cohorts.sessions import cancel_session
from inleer.db import db
from inleer.errors import DomainError
from inleer.i18n import _
from inleer.policy import Actor, unscoped

WHY = "a cohort that was loaded in scope"


def leave_nobody(actor: Actor, cohort: Cohort) -> None:
    """Withdraw who was still to begin, and cancel the sessions from today on that are only of this edition.

    Raises DomainError while people take part: what becomes of them is to be said for each (stop, or another edition).
    """
    enrolled = select(Enrolment).where(Enrolment.cohort_id == cohort.id).order_by(Enrolment.id)
    people = db.session.scalars(unscoped(enrolled, WHY)).all()
    busy = sum(person.state in ("active", "paused") for person in people)
    if busy:
        raise DomainError(
            _(
                "Er doen nog %(n)s mensen mee. Laat hen eerst stoppen of naar een andere lichting gaan.",
                n=busy,
            )
            if busy > 1
            else _("Er doet nog 1 persoon mee. Laat die eerst stoppen of naar een andere lichting gaan."),
            "state",
        )
    today = clock.today()
    for person in people:
        if "withdrawn" in ENROLMENT_STEPS[person.state]:
            step(actor, person, "withdrawn", today, _("De lichting is geannuleerd."), person.version)
    others = select(SessionCohort.session_id).where(SessionCohort.cohort_id != cohort.id)
    to_come = (
        select(Session)
        .join(SessionCohort, SessionCohort.session_id == Session.id)
        .where(
            SessionCohort.cohort_id == cohort.id,
            Session.on >= today,
            Session.state == "planned",
            Session.id.not_in(others),
        )
        .order_by(Session.id)
    )
    for session in db.session.scalars(unscoped(to_come, WHY)).all():
        cancel_session(actor, session)
