"""What relations mean for signals: those of the caseload, of the own sessions, of the leerhome's group."""

from __future__ import annotations

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from inleer.cohorts.access import is_partner, of_agency, of_caseload
from inleer.cohorts.models import Session
from inleer.policy import ACTOR_ORG, ACTOR_USER, Perm, relation, scoped_model
from inleer.signals.models import Signal


def register() -> None:
    """Register the relations of this feature; called once by create_app."""
    scoped_model(Signal, Perm.SIGNAL_VIEW)
    relation(
        Signal, "caseload", lambda: and_(Signal.candidate_id.is_not(None), of_caseload(Signal.candidate_id))
    )
    relation(Signal, "agency", lambda: of_agency(Signal.cohort_id))
    relation(Signal, "leerhome", lambda: is_partner(Signal.cohort_id, "leerhome"))
    session = aliased(Session)
    own_session = select(session.id).where(
        session.organisation_id == ACTOR_ORG,
        or_(
            session.teacher_id == ACTOR_USER,
            session.substitute_id == ACTOR_USER,
            session.teacher_id.is_(None),
        ),
    )
    relation(
        Signal,
        "organiser",
        lambda: and_(
            Signal.session_id.in_(own_session.scalar_subquery()),
            or_(is_partner(Signal.cohort_id, "school"), is_partner(Signal.cohort_id, "leerhome")),
        ),
    )
