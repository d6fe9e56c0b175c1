"""What relations mean for job intentions: the agency whose cohort it is, and the employer who gave it."""

from __future__ import annotations

from inleer.cohorts.access import of_agency
from inleer.intentions.models import JobIntention
from inleer.policy import ACTOR_ORG, Perm, relation, scoped_model


def register() -> None:
    """Register the relations of this feature; called once by create_app."""
    scoped_model(JobIntention, Perm.INTENTION_VIEW)
    relation(JobIntention, "agency", lambda: of_agency(JobIntention.cohort_id))
    relation(JobIntention, "employer", lambda: JobIntention.employer_id == ACTOR_ORG)
