"""What the forms about one enrolment need: who and where it is, and what there is to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from inleer.accounts.models import Membership, User
from inleer.cohorts.models import Cohort, Enrolment
from inleer.db import db
from inleer.leerroutes.queries import definition_by_id
from inleer.people.models import Candidate
from inleer.policy import Actor, Perm, Role, fetch, scope, scoped_select, unscoped, visible


@dataclass(frozen=True, slots=True)
class Around:
    """The person and the edition of an enrolment."""

    candidate_id: UUID
    name: str
    coach_id: UUID | None
    cohort_id: UUID
    cohort: str
    agency_id: UUID
    route_version_id: UUID


def around(enrolment: Enrolment) -> Around:
    """The person and the edition of an enrolment that was loaded in scope."""
    statement = unscoped(
        select(Candidate, Cohort)
        .join(Enrolment, Enrolment.candidate_id == Candidate.id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.id == enrolment.id),
        "around a loaded enrolment",
    )
    candidate, cohort = db.session.execute(statement).one()
    return Around(
        candidate_id=candidate.id,
        name=candidate.name,
        coach_id=candidate.coach_id,
        cohort_id=cohort.id,
        cohort=cohort.name,
        agency_id=cohort.agency_id,
        route_version_id=cohort.route_version_id,
    )


def colleagues(actor: Actor, also: UUID | None = None) -> list[tuple[UUID, str]]:
    """People with the actor's role in the actor's organisation, and one more (the coach), by name."""
    working = (Membership.ended_at.is_(None), Membership.invited_as.is_(None), User.active)
    own = select(Membership.user_id).where(
        Membership.organisation_id == actor.organisation_id, Membership.role == actor.role.value, *working[:2]
    )
    wanted = User.id.in_(own) if also is None else (User.id.in_(own) | (User.id == also))
    statement = unscoped(select(User.id, User.name).where(wanted, User.active), "colleagues of the actor")
    rows = db.session.execute(statement.order_by(User.name)).all()
    return [(r.id, r.name) for r in rows]


def coaches(actor: Actor) -> list[tuple[UUID, str]]:
    """The coaches of the actor's agency, by name."""
    statement = unscoped(
        select(User.id, User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.organisation_id == actor.organisation_id,
            Membership.role == Role.COACH.value,
            Membership.ended_at.is_(None),
            Membership.invited_as.is_(None),
            User.active,
        )
        .order_by(User.name),
        "coaches of the actor's agency",
    )
    return [(r.id, r.name) for r in db.session.execute(statement)]


def coach_name(coach_id: UUID | None) -> str | None:
    """The name of the coach of a candidate that was loaded in scope; None when there is none."""
    statement = unscoped(select(User.name).where(User.id == coach_id), "coach of a loaded candidate")
    return db.session.execute(statement).scalar_one_or_none()


def other_cohorts(actor: Actor, here: Around) -> list[Cohort]:
    """Editions of the same agency that still take people, and that the actor may see."""
    statement = visible(actor, Cohort, Perm.COHORT_LIST).where(
        Cohort.agency_id == here.agency_id,
        Cohort.id != here.cohort_id,
        Cohort.state.in_(("draft", "recruiting", "running")),
    )
    return list(fetch(actor, statement.order_by(Cohort.starts_on.desc())).scalars())


def exits(here: Around) -> list[tuple[str, str]]:
    """The exits of the route that count as success: key and name."""
    return [(e.key, e.name) for e in definition_by_id(here.route_version_id).exits]


def route_versions(actor: Actor, candidate_id: UUID) -> list[UUID]:
    """The route versions of the enrolments that the actor sees of a candidate, the latest first."""
    statement = scoped_select(
        select(Cohort.route_version_id)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .where(Enrolment.candidate_id == candidate_id, scope(actor, Enrolment, Perm.ENROLMENT_VIEW))
        .order_by(Enrolment.joined_on.desc())
    )
    return list(dict.fromkeys(fetch(actor, statement).scalars()))
