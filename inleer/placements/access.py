"""What relations mean for placements: the coach's caseload, the agency whose cohort it is, the leerhome."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import aliased

from inleer.cohorts.access import LEERHOME_STATES, is_partner, of_agency, of_caseload
from inleer.cohorts.models import Enrolment
from inleer.placements.models import Placement
from inleer.policy import Perm, relation, scoped_model


def register() -> None:
    """Register the relations of this feature; called once by create_app."""
    scoped_model(Placement, Perm.PLACEMENT_VIEW)
    relation(Placement, "agency", lambda: of_agency(Placement.cohort_id))
    relation(Placement, "caseload", lambda: of_caseload(Placement.candidate_id))
    relation(Placement, "leerhome", _of_leerhome)


def _of_leerhome() -> ColumnElement[bool]:
    enrolment = aliased(Enrolment)
    known = select(enrolment.id).where(enrolment.state.in_(LEERHOME_STATES)).scalar_subquery()
    return and_(is_partner(Placement.cohort_id, "leerhome"), Placement.enrolment_id.in_(known))
