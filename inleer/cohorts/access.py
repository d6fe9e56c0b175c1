"""What relations mean for cohorts and all that hangs on them: the own agency, and partnership in a cohort.

Subqueries use aliases throughout: without them SQLAlchemy would tie their tables to those of the query around them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from inleer.accounts.models import Organisation
from inleer.cohorts.models import Cohort, Enrolment, Partner, PhaseCompletion, Session, SessionCohort
from inleer.people.access import in_caseload_of
from inleer.people.models import Candidate
from inleer.policy import ACTOR_ORG, ACTOR_TODAY, Perm, relation, scoped_model

# Before these states a partner has no business with the person.
SCHOOL_STATES = ("selected", "active", "paused", "completed", "dropped_out", "moved")
LEERHOME_STATES = ("intake", "waitlisted", *SCHOOL_STATES)


def is_partner(cohort_id: InstrumentedAttribute[Any], kind: str) -> ColumnElement[bool]:
    """The actor's organisation is a partner of this kind in the cohort today."""
    partner = aliased(Partner)
    return exists().where(
        partner.cohort_id == cohort_id,
        partner.organisation_id == ACTOR_ORG,
        partner.kind == kind,
        partner.since_on <= ACTOR_TODAY,
        or_(partner.ended_on.is_(None), partner.ended_on >= ACTOR_TODAY),
    )


def cohorts_of_agency() -> ScalarSelect[Any]:
    """Ids of the cohorts of the actor's work agency."""
    cohort = aliased(Cohort)
    return select(cohort.id).where(cohort.agency_id == ACTOR_ORG).scalar_subquery()


def of_agency(cohort_id: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """The cohort belongs to the actor's work agency."""
    return cohort_id.in_(cohorts_of_agency())


def of_caseload(candidate_id: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """The candidate is in the actor's caseload, or in that of a colleague the actor covers for."""
    candidate = aliased(Candidate)
    return candidate_id.in_(select(candidate.id).where(in_caseload_of(candidate)).scalar_subquery())


def through_partner(
    candidate_id: InstrumentedAttribute[Any], kind: str, on: InstrumentedAttribute[date] | None = None
) -> ColumnElement[bool]:
    """The candidate takes part in a cohort in which the actor's organisation is a partner of this kind.

    ``on``: and had not gone to another edition on the day in this column; from then on it is others' business.
    """
    states = SCHOOL_STATES if kind == "school" else LEERHOME_STATES
    enrolment = aliased(Enrolment)
    return exists().where(
        enrolment.candidate_id == candidate_id,
        enrolment.state.in_(states),
        is_partner(enrolment.cohort_id, kind),
        true() if on is None else or_(enrolment.state != "moved", on <= enrolment.left_on),
    )


def _register_cohort() -> None:
    scoped_model(Cohort, Perm.COHORT_LIST)
    relation(Cohort, "agency", lambda: Cohort.agency_id == ACTOR_ORG)
    for kind in ("leerhome", "school", "employer"):
        relation(Cohort, kind, partial(is_partner, Cohort.id, kind))


def _register_enrolment() -> None:
    scoped_model(Enrolment, Perm.ENROLMENT_VIEW)
    relation(Enrolment, "agency", lambda: of_agency(Enrolment.cohort_id))
    relation(Enrolment, "caseload", lambda: of_caseload(Enrolment.candidate_id))
    relation(
        Enrolment,
        "leerhome",
        lambda: and_(Enrolment.state.in_(LEERHOME_STATES), is_partner(Enrolment.cohort_id, "leerhome")),
    )
    relation(
        Enrolment,
        "school",
        lambda: and_(Enrolment.state.in_(SCHOOL_STATES), is_partner(Enrolment.cohort_id, "school")),
    )


def _register_completion() -> None:
    """A completed phase is seen and taken back by whoever works with its enrolment."""
    scoped_model(PhaseCompletion, Perm.PHASE_VIEW)
    relation(PhaseCompletion, "agency", lambda: _enrolled(lambda e: of_agency(e.cohort_id)))
    relation(PhaseCompletion, "caseload", lambda: _enrolled(lambda e: of_caseload(e.candidate_id)))
    for kind, states in (("leerhome", LEERHOME_STATES), ("school", SCHOOL_STATES)):
        relation(PhaseCompletion, kind, partial(_enrolled, partial(_with_partner, kind=kind, states=states)))


def _enrolled(condition: Callable[[Any], ColumnElement[bool]]) -> ColumnElement[bool]:
    enrolment = aliased(Enrolment)
    found = select(enrolment.id).where(condition(enrolment)).scalar_subquery()
    return PhaseCompletion.enrolment_id.in_(found)


def _with_partner(enrolment: Any, kind: str, states: tuple[str, ...]) -> ColumnElement[bool]:
    return and_(enrolment.state.in_(states), is_partner(enrolment.cohort_id, kind))


def _session_of(
    condition: Callable[[InstrumentedAttribute[Any]], ColumnElement[bool]],
) -> ColumnElement[bool]:
    link = aliased(SessionCohort)
    return exists().where(link.session_id == Session.id, condition(link.cohort_id))


def _register_session() -> None:
    school, leerhome = partial(is_partner, kind="school"), partial(is_partner, kind="leerhome")
    scoped_model(Session, Perm.SESSION_LIST)
    # The organiser sees its sessions only while it is a partner of one of the cohorts.
    relation(
        Session,
        "organiser",
        lambda: and_(Session.organisation_id == ACTOR_ORG, or_(_session_of(school), _session_of(leerhome))),
    )
    relation(Session, "agency", lambda: _session_of(of_agency))
    relation(Session, "leerhome", lambda: _session_of(leerhome))
    relation(Session, "school", lambda: _session_of(school))


def register() -> None:
    """Register the relations of this feature; called once by create_app."""
    _register_cohort()
    _register_enrolment()
    _register_completion()
    _register_session()
    relation(Candidate, "leerhome", lambda: through_partner(Candidate.id, "leerhome"))
    relation(Candidate, "school", lambda: through_partner(Candidate.id, "school"))
    relation(
        Organisation,
        "partner",
        _takes_part,
    )


def _takes_part() -> ColumnElement[bool]:
    partner = aliased(Partner)
    return exists().where(
        partner.organisation_id == Organisation.id, partner.cohort_id.in_(cohorts_of_agency())
    )
