"""What relations mean for candidates: the coach's caseload (with cover) and the own work agency."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from inleer.people.models import Candidate, CoachChange, Cover
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
        is_agencys(candidate),
        or_(candidate.coach_id == ACTOR_USER, candidate.coach_id.in_(covered)),
    )


def is_agencys(candidate: type[Candidate]) -> ColumnElement[bool]:
    """The candidate is of the actor's work agency. Who was merged into another one is nobody's."""
    return and_(candidate.agency_id == ACTOR_ORG, candidate.merged_into_id.is_(None))


def _change_among(condition: Callable[[type[Candidate]], ColumnElement[bool]]) -> ColumnElement[bool]:
    """The change is about a candidate for whom this holds."""
    candidate = aliased(Candidate)
    return CoachChange.candidate_id.in_(select(candidate.id).where(condition(candidate)).scalar_subquery())


def _own_change() -> ColumnElement[bool]:
    """Who gave a candidate to a colleague can take that back on the same day, though the caseload is theirs now."""
    return and_(
        CoachChange.by_id == ACTOR_USER,
        CoachChange.recorded_on == ACTOR_TODAY,
        _change_among(is_agencys),
    )


def register() -> None:
    """Register the relations of this feature; called once by create_app."""
    scoped_model(Candidate, Perm.CANDIDATE_LIST)
    relation(Candidate, "caseload", in_caseload)
    relation(Candidate, "agency", lambda: is_agencys(Candidate))
    scoped_model(CoachChange, Perm.CANDIDATE_COACH)
    relation(CoachChange, "own", _own_change)
    relation(CoachChange, "caseload", lambda: _change_among(in_caseload_of))
    relation(CoachChange, "agency", lambda: _change_among(is_agencys))
    scoped_model(Cover, Perm.COVER_ARRANGE)
    relation(Cover, "any", lambda: Cover.agency_id == ACTOR_ORG)
