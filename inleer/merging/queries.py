"""Reads about people who could be one person: only among those whom the actor may see, both of a pair."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from inleer import clock
from inleer.accounts.models import User
from inleer.casework.models import Note
from inleer.cohorts.models import Cohort, Enrolment
from inleer.db import db
from inleer.merging.models import CandidateMerge, NotTheSame
from inleer.people.alike import Known, Pair, pairs
from inleer.people.models import Candidate
from inleer.policy import ACTOR_ORG, Actor, Perm, Role, fetch, scope, scoped_select, unscoped, visible
from inleer.reports.people_rows import CURRENT

#: So many days a merge stays in the list with its way back.
SHOWN_DAYS = 90


@dataclass(frozen=True, slots=True)
class Twin:
    """One of a pair, as the list and the page that compares show it."""

    id: UUID
    name: str
    coach_id: UUID | None
    coach: str | None
    editions: str
    notes: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Merged:
    """A merge that can be taken back: both names, when, by whom."""

    id: UUID
    kept_id: UUID
    kept: str
    gone: str
    at: datetime
    by: str


def possible(actor: Actor) -> list[Pair]:
    """The pairs among the people whom the actor may see that nobody said are two people."""
    people = [Known(*row) for row in fetch(actor, _people(actor.role))]
    return pairs(people, _different(actor))


@lru_cache(maxsize=16)
def _people(role: Role) -> Any:
    names = (Candidate.id, Candidate.first_name, Candidate.tussenvoegsel, Candidate.last_name)
    reach = (Candidate.birth_date, Candidate.email, Candidate.phone)
    return scoped_select(select(*names, *reach).where(_scope(role)))


def _scope(role: Role) -> Any:
    # The scope is the same for everybody in a role; who it is comes in when the statement is sent.
    return scope(Actor(UUID(int=0), UUID(int=0), role, "", ""), Candidate, Perm.DUPLICATE_VIEW)


def _different(actor: Actor) -> set[frozenset[UUID]]:
    """Pairs that are two people; what was said of one who was merged since holds for who that person is now."""
    low, high = aliased(Candidate), aliased(Candidate)
    statement = (
        select(
            func.coalesce(low.merged_into_id, NotTheSame.low_id),
            func.coalesce(high.merged_into_id, NotTheSame.high_id),
        )
        .select_from(NotTheSame)
        .join(low, low.id == NotTheSame.low_id)
        .join(high, high.id == NotTheSame.high_id)
        .where(low.agency_id == ACTOR_ORG)
    )
    rows = fetch(actor, unscoped(statement, "what was said in the own agency; no name is read"))
    return {frozenset(row) for row in rows}


def twins(actor: Actor, found: Iterable[Pair]) -> dict[UUID, Twin]:
    """The people of these pairs, by id: those whom the actor may see."""
    ids = list(dict.fromkeys(one for pair in found for one in (pair.low, pair.high)))
    if not ids:
        return {}
    people = (
        select(Candidate, User.name)
        .outerjoin(User, User.id == Candidate.coach_id)
        .where(Candidate.id.in_(ids), scope(actor, Candidate, Perm.DUPLICATE_VIEW))
    )
    editions = (
        select(Enrolment.candidate_id, Cohort.name)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(
            Enrolment.candidate_id.in_(ids),
            Enrolment.state.in_(CURRENT),
            Enrolment.taken_back.is_(False),
            scope(actor, Enrolment, Perm.ENROLMENT_VIEW),
        )
        .order_by(Cohort.name)
    )
    notes = (
        select(Note.candidate_id, func.count())
        .where(Note.candidate_id.in_(ids), scope(actor, Note, Perm.NOTE_READ))
        .group_by(Note.candidate_id)
    )
    names: dict[UUID, list[str]] = {}
    for candidate_id, name in fetch(actor, scoped_select(editions)):
        names.setdefault(candidate_id, []).append(name)
    counts = {r[0]: r[1] for r in fetch(actor, scoped_select(notes))}
    return {
        c.id: Twin(
            c.id, c.name, c.coach_id, coach, ", ".join(names.get(c.id, ())), counts.get(c.id, 0), c.created_at
        )
        for c, coach in fetch(actor, scoped_select(people))
    }


def merges(actor: Actor) -> list[Merged]:
    """The merges of the last time that the actor may take back, the latest first."""
    kept, gone = aliased(Candidate), aliased(Candidate)
    statement = (
        select(CandidateMerge, kept, gone)
        .join(kept, kept.id == CandidateMerge.kept_id)
        .join(gone, gone.id == CandidateMerge.gone_id)
        .where(
            CandidateMerge.at > clock.now() - timedelta(days=SHOWN_DAYS),
            scope(actor, CandidateMerge, Perm.CANDIDATE_MERGE),
        )
        .order_by(CandidateMerge.at.desc())
    )
    rows = fetch(actor, scoped_select(statement))
    return [Merged(m.id, k.id, k.name, g.name, m.at, m.by_name) for m, k, g in rows]


def said_different(actor: Actor) -> list[tuple[UUID, str, UUID, str, date]]:
    """Pairs of which somebody said that they are two people, where the actor may say so of both."""
    low, high = aliased(Candidate), aliased(Candidate)
    mine = visible(actor, Candidate, Perm.CANDIDATE_MERGE).with_only_columns(Candidate.id).scalar_subquery()
    statement = (
        select(NotTheSame.at, low, high)
        .select_from(NotTheSame)
        .join(low, low.id == NotTheSame.low_id)
        .join(high, high.id == NotTheSame.high_id)
        .where(NotTheSame.low_id.in_(mine), NotTheSame.high_id.in_(mine))
        .order_by(NotTheSame.at.desc())
    )
    rows = fetch(actor, scoped_select(statement))
    return [(a.id, a.name, b.id, b.name, clock.local(at).date()) for at, a, b in rows]


def leads_to(candidate_id: UUID) -> UUID | None:
    """Whom a merged candidate is now; None for anybody else. No name is read."""
    statement = select(Candidate.merged_into_id).where(Candidate.id == candidate_id)
    found: UUID | None = db.session.execute(unscoped(statement, "an address of before")).scalar_one_or_none()
    return found


def names_of(pair: Pair, known: dict[UUID, Twin]) -> Sequence[Twin]:
    """Both of a pair, the older row first; fewer when the actor may not see both."""
    both = [known[one] for one in (pair.low, pair.high) if one in known]
    return sorted(both, key=lambda twin: (twin.created_at, twin.id))
