"""Reads for reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, func, select

from inleer.accounts.models import Organisation
from inleer.attendance.lateness import counts_on, rules_of
from inleer.attendance.models import Attendance
from inleer.attendance.queries import SCHOOL
from inleer.cohorts.models import Cohort, Enrolment, Session, SessionCohort
from inleer.db import db
from inleer.intentions.models import JobIntention
from inleer.people.models import Candidate, Identifier
from inleer.policy import Actor, fetch, scope, scoped_select, unscoped

#: Who takes or took part; a lead, an intake or a refusal is not in the figures of an edition.
TOOK_PART = ("selected", "active", "paused", "completed", "dropped_out", "moved")
#: Commitments that still may become places.
ALIVE = ("draft", "requested", "confirmed", "expired")


@dataclass(frozen=True)
class Member:
    """A person who takes or took part. ``number`` is the client number at the cohort's agency."""

    candidate_id: UUID
    name: str
    number: str | None


@dataclass(frozen=True)
class Totals:
    """Sessions that are not cancelled, their planned minutes, and the marks there are."""

    sessions: int
    planned_minutes: int
    marks: int


@dataclass(frozen=True)
class IntentionLine:
    """One commitment of an employer. ``positions`` None: unknown; ``counts``: may still become places."""

    employer: str
    function: str
    positions: int | None
    kind: str
    hours_min: int | None
    hours_max: int | None
    from_on: date | None
    state: str

    @property
    def counts(self) -> bool:
        """Whether its places are among the known ones."""
        return self.state in ALIVE


def members(actor: Actor, cohort: Cohort) -> list[Member]:
    """Who takes or took part in a cohort, by name."""
    statement = scoped_select(
        select(
            Candidate.id,
            Candidate.first_name,
            Candidate.tussenvoegsel,
            Candidate.last_name,
            Identifier.number,
        )
        .select_from(Enrolment)
        .join(Candidate, Candidate.id == Enrolment.candidate_id)
        .outerjoin(
            Identifier,
            and_(Identifier.candidate_id == Candidate.id, Identifier.organisation_id == cohort.agency_id),
        )
        .where(Enrolment.cohort_id == cohort.id, Enrolment.state.in_(TOOK_PART), scope(actor, Enrolment))
        .order_by(Candidate.sort_name, Candidate.id, Identifier.number)
    )
    found: dict[UUID, Member] = {}
    for r in fetch(actor, statement):
        name = " ".join(part for part in (r.first_name, r.tussenvoegsel, r.last_name) if part)
        found.setdefault(r.id, Member(r.id, name, r.number))
    return list(found.values())


def totals(cohort: Cohort, at: date) -> Totals:
    """Counts until the end of day ``at``, of a cohort that was loaded with the right to report on it."""
    held = db.session.execute(
        unscoped(
            select(func.count(), func.coalesce(func.sum(Session.planned_minutes), 0))
            .select_from(SessionCohort)
            .join(Session, Session.id == SessionCohort.session_id)
            .where(SessionCohort.cohort_id == cohort.id, Session.state != "cancelled", Session.on <= at),
            "counts of a loaded cohort",
        )
    ).one()
    marks = db.session.execute(
        unscoped(
            select(func.count())
            .select_from(Attendance)
            .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
            .join(Session, Session.id == Attendance.session_id)
            .where(Enrolment.cohort_id == cohort.id, Session.on <= at),
            "counts of a loaded cohort",
        )
    ).scalar_one()
    return Totals(held[0], int(held[1]), marks)


def late_counts(cohort: Cohort, on: date) -> bool:
    """Whether lateness is unexcused on a day at the school of a cohort that was loaded with the right to report."""
    school = select(SCHOOL).select_from(Cohort).where(Cohort.id == cohort.id)
    school_id: UUID | None = db.session.execute(unscoped(school, "school of a loaded cohort")).scalar()
    return school_id is not None and counts_on(rules_of(school_id), on)


def intention_lines(actor: Actor, cohort: Cohort) -> Sequence[IntentionLine]:
    """The commitments to a cohort, by employer and function."""
    statement = scoped_select(
        select(
            Organisation.name.label("employer"),
            JobIntention.function,
            JobIntention.positions,
            JobIntention.kind,
            JobIntention.hours_min,
            JobIntention.hours_max,
            JobIntention.from_on,
            JobIntention.state,
        )
        .join(Organisation, Organisation.id == JobIntention.employer_id)
        .where(JobIntention.cohort_id == cohort.id, scope(actor, JobIntention))
        .order_by(Organisation.name, JobIntention.function, JobIntention.from_on, JobIntention.id)
    )
    return [IntentionLine(**r._mapping) for r in fetch(actor, statement)]
