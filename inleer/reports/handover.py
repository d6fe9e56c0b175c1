"""What the hand-over of a caseload is about: who has candidates, who they are, and which hand-overs there were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from inleer import clock
from inleer.accounts.models import User
from inleer.cohorts.models import Cohort, Enrolment
from inleer.people.models import Candidate, CoachChange
from inleer.policy import Actor, Perm, fetch, scope, scoped_select, visible
from inleer.reports.people_rows import CURRENT
from inleer.signals.models import Signal

#: So many days a hand-over stays in the list with its way back.
SHOWN_DAYS = 30


@dataclass(frozen=True, slots=True)
class Handed:
    """A candidate who can be handed over: the name, the editions of now, and how many open signals go along.

    ``signals`` counts those that the actor may see: none for who opens no dossier.
    """

    id: UUID
    name: str
    editions: str
    signals: int


@dataclass(frozen=True, slots=True)
class HandOver:
    """One hand-over: any change of it (for the way back), from whom, to whom, since when, how many people."""

    change_id: UUID
    before: str | None
    after: str
    on: date
    recorded_on: date
    by: str
    people: int


def caseloads(actor: Actor) -> list[tuple[UUID | None, str | None, int]]:
    """The coaches of candidates that the actor may give to another coach, by name: (id, name, how many candidates).

    Who works there no longer is among them. The last, without id, are those without a coach.
    """
    statement = (
        select(Candidate.coach_id, User.name, func.count())
        .outerjoin(User, User.id == Candidate.coach_id)
        .where(scope(actor, Candidate, Perm.CANDIDATE_COACH))
        .group_by(Candidate.coach_id, User.name)
    )
    rows = [(r[0], r[1], r[2]) for r in fetch(actor, scoped_select(statement))]
    return sorted(rows, key=lambda row: (row[0] is None, row[1] or ""))


def caseload(actor: Actor, coach_id: UUID | None) -> list[Candidate]:
    """The candidates of a coach (None: of nobody) that the actor may give to another coach, by name."""
    statement = visible(actor, Candidate, Perm.CANDIDATE_COACH).where(_of(coach_id))
    return list(fetch(actor, statement.order_by(Candidate.sort_name, Candidate.id)).scalars())


def _of(coach_id: UUID | None) -> ColumnElement[bool]:
    return Candidate.coach_id.is_(None) if coach_id is None else Candidate.coach_id == coach_id


def handed(actor: Actor, coach_id: UUID | None, people: list[Candidate]) -> list[Handed]:
    """What is shown of these candidates, who are the caseload of this coach."""
    about = (_of(coach_id), scope(actor, Candidate, Perm.CANDIDATE_COACH))
    editions = (
        select(Candidate.id, Cohort.name)
        .join(Enrolment, Enrolment.candidate_id == Candidate.id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(
            *about,
            Enrolment.state.in_(CURRENT),
            Enrolment.taken_back.is_(False),
            scope(actor, Enrolment, Perm.ENROLMENT_VIEW),
        )
        .order_by(Cohort.name)
    )
    signals = (
        select(Candidate.id, func.count())
        .join(Signal, Signal.candidate_id == Candidate.id)
        .where(*about, Signal.state == "open", scope(actor, Signal, Perm.SIGNAL_VIEW))
        .group_by(Candidate.id)
    )
    names: dict[UUID, list[str]] = {}
    for candidate_id, name in fetch(actor, scoped_select(editions)):
        names.setdefault(candidate_id, []).append(name)
    counts = {r[0]: r[1] for r in fetch(actor, scoped_select(signals))}
    return [Handed(p.id, p.name, ", ".join(names.get(p.id, ())), counts.get(p.id, 0)) for p in people]


def hand_overs(actor: Actor) -> list[HandOver]:
    """The hand-overs of the last days that the actor may take back, the latest first."""
    before, after = aliased(User), aliased(User)
    statement = (
        select(
            CoachChange.id,
            CoachChange.batch_id,
            before.name.label("before"),
            after.name.label("after"),
            CoachChange.on,
            CoachChange.recorded_on,
            CoachChange.by_name,
        )
        .join(after, after.id == CoachChange.to_id)
        .outerjoin(before, before.id == CoachChange.from_id)
        .where(
            CoachChange.batch_id.is_not(None),
            CoachChange.recorded_on > clock.today() - timedelta(days=SHOWN_DAYS),
            scope(actor, CoachChange, Perm.CANDIDATE_COACH),
        )
        .order_by(CoachChange.recorded_at.desc())
    )
    batches: dict[UUID, HandOver] = {}
    for r in fetch(actor, scoped_select(statement)):
        people = batches[r.batch_id].people if r.batch_id in batches else 0
        batches[r.batch_id] = HandOver(r.id, r.before, r.after, r.on, r.recorded_on, r.by_name, people + 1)
    return list(batches.values())


def batch_of(actor: Actor, change: CoachChange) -> list[CoachChange]:
    """All changes of the hand-over of this one that the actor may take back."""
    statement = visible(actor, CoachChange, Perm.CANDIDATE_COACH)
    if change.batch_id is None:
        return [change]
    return list(fetch(actor, statement.where(CoachChange.batch_id == change.batch_id)).scalars())
