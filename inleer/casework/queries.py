"""Reads of casework."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import case, select

from inleer.cohorts.models import Enrolment
from inleer.errors import DomainError
from inleer.i18n import _
from inleer.people.models import Candidate
from inleer.policy import Actor, Perm, fetch, load, scope, scoped_select


def candidate_of(actor: Actor, candidate_id: UUID) -> Candidate:
    """The candidate a message is about. Raises NotVisible, Forbidden."""
    return load(actor, Perm.CANDIDATE_VIEW, Candidate, candidate_id)


def current_cohort_of(actor: Actor, candidate_id: UUID) -> UUID:
    """The cohort in which the candidate takes part now, else the latest that the actor sees.

    Raises DomainError when there is none.
    """
    running = case((Enrolment.state.in_(("active", "paused", "selected")), 0), else_=1)
    statement = scoped_select(
        select(Enrolment.cohort_id)
        .where(Enrolment.candidate_id == candidate_id, scope(actor, Enrolment, Perm.ENROLMENT_VIEW))
        .order_by(running, Enrolment.joined_on.desc())
        .limit(1)
    )
    found = fetch(actor, statement).scalar_one_or_none()
    if found is None:
        raise DomainError(_("Deze kandidaat doet niet mee aan een lichting van de eigen organisatie."))
    return found  # type: ignore[no-any-return]
