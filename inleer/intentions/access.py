"""What relations mean for job intentions: the agency whose cohort it is, and the employer who gave it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import aliased

from inleer.accounts.models import Organisation
from inleer.cohorts.access import cohorts_of_agency, of_agency
from inleer.cohorts.models import Partner
from inleer.intentions import daily, mails
from inleer.intentions.models import JobIntention
from inleer.intentions.models_requests import IntentionMessage, IntentionRequest
from inleer.policy import ACTOR_ORG, Perm, relation, scoped_model


def register() -> None:
    """Register the relations, mails and daily work of this feature; called once by create_app."""
    mails.register()
    daily.register()
    scoped_model(JobIntention, Perm.INTENTION_VIEW)
    relation(JobIntention, "agency", lambda: of_agency(JobIntention.cohort_id))
    relation(JobIntention, "employer", _asked_or_given)
    scoped_model(IntentionRequest, Perm.INTENTION_ASK)
    relation(IntentionRequest, "agency", lambda: IntentionRequest.agency_id == ACTOR_ORG)
    relation(IntentionRequest, "employer", lambda: IntentionRequest.employer_id == ACTOR_ORG)
    scoped_model(IntentionMessage, Perm.INTENTION_ASK)
    relation(IntentionMessage, "agency", _asked_by_agency)
    relation(Organisation, "employer", _employer_in_cohort)


def _asked_or_given() -> ColumnElement[bool]:
    """The own organisation's; what was written down and never asked is still a note of the agency."""
    return and_(JobIntention.employer_id == ACTOR_ORG, JobIntention.state != "draft")


def _asked_by_agency() -> ColumnElement[bool]:
    request = aliased(IntentionRequest)
    mine = select(request.id).where(request.agency_id == ACTOR_ORG).scalar_subquery()
    return IntentionMessage.request_id.in_(mine)


def _employer_in_cohort() -> ColumnElement[bool]:
    """The organisation takes part as an employer in an edition of the actor's agency, or did."""
    partner = aliased(Partner)
    return exists().where(
        partner.organisation_id == Organisation.id,
        partner.kind == "employer",
        partner.cohort_id.in_(cohorts_of_agency()),
    )
