"""Reads of help requests, visits and hours. Each is one statement, whatever the number of people."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    ScalarSelect,
    Subquery,
    Uuid,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
)

from inleer.plugin import (
    Actor,
    Candidate,
    CohortPhase,
    Enrolment,
    clock,
    db,
    fetch,
    scope,
    scoped_select,
    unscoped,
)
from inleer_zorg.models import HelpRequest, Visit
from inleer_zorg.routes import NEIGHBOURHOOD
from inleer_zorg.rows import TAKING_PART, TOOK_PART, Assigned, Person, RequestRow, VisitRow

TODAY: ColumnElement[date] = bindparam("today", type_=Date())
MONTH: ColumnElement[date] = bindparam("month", type_=Date())
COHORT: ColumnElement[UUID] = bindparam("cohort_id", type_=Uuid())


def counts() -> ColumnElement[bool]:
    """The condition under which a visit counts: not taken back, on a day that has been, in the neighbourhood phase or
    after it, while the person took part. Over Visit, Enrolment and CohortPhase, with ``today`` as bind parameter."""
    return and_(
        Visit.removed_at.is_(None),
        Visit.on <= TODAY,
        Visit.on >= CohortPhase.starts_on,
        Visit.on >= Enrolment.joined_on,
        or_(Enrolment.left_on.is_(None), Visit.on <= Enrolment.left_on),
    )


def neighbourhood() -> ColumnElement[bool]:
    """The condition that joins an enrolment to the neighbourhood phase of its cohort."""
    return and_(CohortPhase.cohort_id == Enrolment.cohort_id, CohortPhase.key == NEIGHBOURHOOD)


def people(actor: Actor, cohort_id: UUID) -> list[Person]:
    """Everybody who takes or took part in a cohort, as far as the actor may see them, by last name."""
    done = done_per_person(Enrolment.cohort_id == COHORT)
    statement = (
        select(
            Enrolment.id.label("enrolment_id"),
            Enrolment.candidate_id,
            Candidate.first_name,
            Candidate.tussenvoegsel,
            Candidate.last_name,
            Enrolment.state,
            func.coalesce(done.c.minutes, 0).label("minutes"),
            func.coalesce(done.c.month_minutes, 0).label("month_minutes"),
            func.coalesce(done.c.visits, 0).label("visits"),
            done.c.last_on,
            assigned_requests().label("requests"),
            CohortPhase.starts_on.label("begins"),
            CohortPhase.ends_on.label("ends"),
        )
        .join(Candidate, Candidate.id == Enrolment.candidate_id)
        .outerjoin(CohortPhase, neighbourhood())
        .outerjoin(done, done.c.enrolment_id == Enrolment.id)
        .where(Enrolment.cohort_id == COHORT, Enrolment.state.in_(TOOK_PART), scope(actor, Enrolment))
        .order_by(Candidate.sort_name, Candidate.id)
    )
    rows = fetch(actor, scoped_select(statement), cohort_id=cohort_id, **days())
    return [Person(**row._mapping) for row in rows]


def requests(actor: Actor, cohort_id: UUID) -> list[RequestRow]:
    """All help requests of a cohort that the actor may see, the oldest first."""
    done = (
        select(
            Visit.help_request_id,
            func.sum(Visit.minutes).label("minutes"),
            func.count(Visit.id).label("visits"),
            func.max(Visit.on).label("last_on"),
        )
        .where(Visit.removed_at.is_(None))
        .group_by(Visit.help_request_id)
        .subquery()
    )
    statement = (
        select(
            HelpRequest,
            Candidate.first_name,
            Candidate.tussenvoegsel,
            Candidate.last_name,
            Enrolment.state.label("person_state"),
            done.c.minutes,
            done.c.visits,
            done.c.last_on,
        )
        .outerjoin(Enrolment, Enrolment.id == HelpRequest.enrolment_id)
        .outerjoin(Candidate, Candidate.id == Enrolment.candidate_id)
        .outerjoin(done, done.c.help_request_id == HelpRequest.id)
        .where(HelpRequest.cohort_id == COHORT, scope(actor, HelpRequest))
        .order_by(HelpRequest.asked_on, HelpRequest.id)
    )
    return [_request_row(row) for row in fetch(actor, scoped_select(statement), cohort_id=cohort_id)]


def visits_to(actor: Actor, help_request: HelpRequest) -> list[VisitRow]:
    """The visits to one help request that was loaded in scope, the newest first; those taken back too."""
    statement = (
        select(Visit, Candidate.first_name, Candidate.tussenvoegsel, Candidate.last_name)
        .join(Enrolment, Enrolment.id == Visit.enrolment_id)
        .join(Candidate, Candidate.id == Enrolment.candidate_id)
        .where(Visit.help_request_id == help_request.id, scope(actor, Visit))
        .order_by(Visit.on.desc(), Candidate.sort_name, Visit.id)
    )
    return [
        VisitRow(
            id=row.Visit.id,
            enrolment_id=row.Visit.enrolment_id,
            person=spoken(row),
            on=row.Visit.on,
            minutes=row.Visit.minutes,
            remark=row.Visit.remark,
            recorded_by_name=row.Visit.recorded_by_name,
            version=row.Visit.version,
            removed=row.Visit.removed_at is not None,
        )
        for row in fetch(actor, scoped_select(statement))
    ]


def spoken(row: Any) -> str:
    """First name, tussenvoegsel and last name of a row, as one speaks it."""
    return " ".join(part for part in (row.first_name, row.tussenvoegsel, row.last_name) if part)


def days(today: date | None = None) -> dict[str, date]:
    """The bind parameters of what counts: today, and the first day of its month."""
    day = today or clock.today()
    return {"today": day, "month": day.replace(day=1)}


def done_per_person(condition: ColumnElement[bool]) -> Subquery:
    """Minutes that count (in all and this month), visits and the last day, per enrolment that meets a condition."""
    return (
        select(
            Visit.enrolment_id,
            func.sum(Visit.minutes).label("minutes"),
            func.sum(case((Visit.on >= MONTH, Visit.minutes), else_=0)).label("month_minutes"),
            func.count(Visit.id).label("visits"),
            func.max(Visit.on).label("last_on"),
        )
        .join(Enrolment, Enrolment.id == Visit.enrolment_id)
        .join(CohortPhase, neighbourhood())
        .where(condition, counts())
        .group_by(Visit.enrolment_id)
        .subquery()
    )


def assigned_requests() -> ScalarSelect[int]:
    """How many help requests an enrolment has now."""
    return (
        select(func.count(HelpRequest.id))
        .where(HelpRequest.enrolment_id == Enrolment.id, HelpRequest.state == "assigned")
        .correlate(Enrolment)
        .scalar_subquery()
    )


def _request_row(row: Any) -> RequestRow:
    request: HelpRequest = row.HelpRequest
    return RequestRow(
        id=request.id,
        requester=request.requester,
        task=request.task,
        description=request.description,
        area=request.area,
        weekday=request.weekday,
        starts=request.starts,
        agreed_minutes=request.agreed_minutes,
        asked_on=request.asked_on,
        state=request.state,
        enrolment_id=request.enrolment_id,
        person=spoken(row) or None,
        person_state=row.person_state,
        visits=row.visits or 0,
        minutes=row.minutes or 0,
        last_on=row.last_on,
    )


def assigned_to(help_request: HelpRequest) -> Assigned | None:
    """Who does a help request that was loaded in scope; None when nobody does."""
    if help_request.enrolment_id is None:
        return None
    statement = (
        select(
            Enrolment.id, Enrolment.state, Candidate.first_name, Candidate.tussenvoegsel, Candidate.last_name
        )
        .join(Candidate, Candidate.id == Enrolment.candidate_id)
        .where(Enrolment.id == help_request.enrolment_id)
    )
    row = db.session.execute(unscoped(statement, "who does a loaded help request")).one()
    return Assigned(row.id, spoken(row), row.state in TAKING_PART)
