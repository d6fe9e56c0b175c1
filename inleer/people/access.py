"""What relations mean for candidates: the coach's caseload (with cover) and the own work agency."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from inleer.people.models import Candidate, Cover
from inleer.policy import ACTOR_ORG, ACTOR_TODAY, ACTOR_USER, Perm, relation, scoped_model


def in_caseload() -> ColumnElement[bool]:
    """The candidate's coach is the actor, or a colleague for whom the actor covers today."""
    return in_caseload_of(Candidate)


def in_caseload_of(candidate: type[Candidate]) -> ColumnElement[bool]:
    """The same for an alias of Candidate, as subqueries need."""
    cover = aliased(Cover)
    covered = (
        select(cover.coach_id)
        .where(
            cover.agency_id == ACTOR_ORG,
            cover.substitute_id == ACTOR_USER,
            cover.from_on <= ACTOR_TODAY,
            cover.until_on >= ACTOR_TODAY,
        )
        .scalar_subquery()
    )
    return and_(
        candidate.agency_id == ACTOR_ORG,
        or_(candidate.coach_id == ACTOR_USER, candidate.coach_id.in_(covered)),
    )


def register() -> None:
    """Register the relations of this feature; called once by create_app."""
    scoped_model(Candidate, Perm.CANDIDATE_LIST)
    relation(Candidate, "caseload", in_caseload)
    relation(Candidate, "agency", lambda: Candidate.agency_id == ACTOR_ORG)
    scoped_model(Cover, Perm.COVER_ARRANGE)
    relation(Cover, "any", lambda: Cover.agency_id == ACTOR_ORG)
