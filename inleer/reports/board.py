"""What stands on a cohort's page: the group, its figures, and the cohorts side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Uuid, and_, bindparam, distinct, func, or_, select

from inleer import clock
from inleer.attendance.models import EnrolmentTotal
from inleer.cohorts.models import Cohort, Enrolment, Partner, Session, SessionCohort
from inleer.intentions.models import JobIntention
from inleer.leerroutes.queries import partners_by_version
from inleer.people.models import Candidate
from inleer.policy import Actor, Perm, Role, fetch, scope, scoped_select
from inleer.reports.frame import WINDOW_REACH
from inleer.reports.people_columns import joined_up, people_columns, put_together
from inleer.reports.people_rows import TAKING_PART, PersonRow
from inleer.signals.models import Signal

_built: dict[tuple[str, Role], Any] = {}


def group_of(actor: Actor, cohort_id: UUID) -> list[PersonRow]:
    """Everybody in a cohort that was loaded in scope, by last name, with weeks, figures and open signals."""
    key = ("group", actor.role)
    if key not in _built:  # scopes depend on the role alone: built once, as hot statements should be
        _built[key] = _group(actor)
    reach = clock.today() - WINDOW_REACH
    return put_together(fetch(actor, _built[key], cohort_id=cohort_id, reach=reach).all())


def _group(actor: Actor) -> Any:
    statement = people_columns(actor, weeks=True).select_from(Enrolment)
    statement = statement.join(Candidate, Candidate.id == Enrolment.candidate_id)
    return scoped_select(
        joined_up(statement, actor)
        .where(
            Enrolment.cohort_id == bindparam("cohort_id", type_=Uuid()),
            scope(actor, Enrolment, Perm.ENROLMENT_VIEW),
        )
        .order_by(Candidate.sort_name, Candidate.id)
    )


@dataclass(frozen=True, slots=True)
class CohortRow:
    """A cohort in the list: people, attendance in minutes, places, and what its planning lacks."""

    id: UUID
    slug: str
    name: str
    route_key: str
    state: str
    starts_on: date
    group_target: int
    group_max: int
    people: int
    ended: int
    dropped: int
    planned: int
    missed: int
    places: int
    without_number: int
    signals: int
    sessions: int
    waiting: int
    partners: frozenset[str]
    needed: tuple[str, ...]

    @property
    def present(self) -> int:
        """Minutes present in judged sessions."""
        return self.planned - self.missed

    @property
    def lacks(self) -> tuple[str, ...]:
        """What still has to be planned: the partners that the route needs (school, leerhome, employer), sessions,
        people."""
        if self.state in ("completed", "cancelled"):
            return ()
        missing = [kind for kind in self.needed if kind not in self.partners]
        if not self.sessions:
            missing.append("sessions")
        if not self.people + self.ended:
            missing.append("people")
        return tuple(missing)


def cohorts_of(actor: Actor) -> list[CohortRow]:
    """The cohorts that the actor may list, the latest start first."""
    key = ("cohorts", actor.role)
    if key not in _built:
        _built[key] = _cohorts(actor)
    rows = fetch(actor, _built[key], today=clock.today()).all()
    needed = partners_by_version(r.route_version_id for r in rows)
    return [_cohort(dict(r._mapping), needed) for r in rows]


def _cohort(found: dict[str, Any], needed: Mapping[UUID, tuple[str, ...]]) -> CohortRow:
    kinds, version = frozenset((found.pop("partners") or "").split(";")), found.pop("route_version_id")
    return CohortRow(**found, partners=kinds, needed=needed[version])


def _count(*conditions: Any, of: Any) -> Any:
    return func.coalesce(select(of).where(*conditions).correlate(Cohort).scalar_subquery(), 0)


def _people_columns(actor: Actor) -> list[Any]:
    here = and_(Enrolment.cohort_id == Cohort.id, scope(actor, Enrolment, Perm.ENROLMENT_VIEW))
    totals = select(func.sum(EnrolmentTotal.planned)).join(
        Enrolment, Enrolment.id == EnrolmentTotal.enrolment_id
    )
    missed = select(func.sum(EnrolmentTotal.missed)).join(
        Enrolment, Enrolment.id == EnrolmentTotal.enrolment_id
    )
    return [
        _count(here, Enrolment.state.in_(TAKING_PART), of=func.count(Enrolment.id)).label("people"),
        _count(here, Enrolment.state.in_(("completed", "dropped_out")), of=func.count(Enrolment.id)).label(
            "ended"
        ),
        _count(here, Enrolment.state == "dropped_out", of=func.count(Enrolment.id)).label("dropped"),
        func.coalesce(totals.where(here).correlate(Cohort).scalar_subquery(), 0).label("planned"),
        func.coalesce(missed.where(here).correlate(Cohort).scalar_subquery(), 0).label("missed"),
    ]


def _cohorts(actor: Actor) -> Any:
    places = and_(JobIntention.cohort_id == Cohort.id, scope(actor, JobIntention, Perm.INTENTION_VIEW))
    open_signals = and_(
        Signal.cohort_id == Cohort.id,
        Signal.state == "open",
        Signal.candidate_id.is_not(None),  # a lesson that nobody recorded has a column of its own
        scope(actor, Signal, Perm.SIGNAL_VIEW),
    )
    planned = and_(SessionCohort.cohort_id == Cohort.id, SessionCohort.session_id == Session.id)
    today = bindparam("today", type_=Date())
    alive = JobIntention.state.in_(("draft", "requested", "confirmed", "expired"))
    return scoped_select(
        select(
            Cohort.id,
            Cohort.slug,
            Cohort.name,
            Cohort.route_key,
            Cohort.route_version_id,
            Cohort.state,
            Cohort.starts_on,
            Cohort.group_target,
            Cohort.group_max,
            *_people_columns(actor),
            _count(places, JobIntention.state == "confirmed", of=func.sum(JobIntention.positions)).label(
                "places"
            ),
            _count(
                places,
                alive,
                JobIntention.positions.is_(None),
                of=func.count(distinct(JobIntention.employer_id)),
            ).label("without_number"),
            _count(open_signals, of=func.count(Signal.id)).label("signals"),
            _count(planned, Session.state != "cancelled", of=func.count(Session.id)).label("sessions"),
            _count(
                planned,
                Session.on < today,
                Session.state.in_(("planned", "open")),
                Session.waived_by_name.is_(None),
                of=func.count(Session.id),
            ).label("waiting"),
            select(func.aggregate_strings(Partner.kind, ";"))
            .where(Partner.cohort_id == Cohort.id, or_(Partner.ended_on.is_(None), Partner.ended_on >= today))
            .correlate(Cohort)
            .scalar_subquery()
            .label("partners"),
        )
        .where(scope(actor, Cohort, Perm.COHORT_LIST))
        .order_by(Cohort.starts_on.desc(), Cohort.name)
    )
