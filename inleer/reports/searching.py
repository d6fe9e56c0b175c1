"""Search in the own scope: people by a part of their name or a number, editions and employers by name.

Three statements at most, whatever is asked and found. Nothing tells of who lies outside the scope: no count, no hint.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, false, func, literal, or_, select
from sqlalchemy.orm import aliased

from inleer.accounts.models import Organisation
from inleer.cohorts.models import Cohort, Enrolment
from inleer.people.models import Candidate, Identifier
from inleer.people.rules import fold, search_words
from inleer.policy import ACTOR_ORG, Actor, Perm, fetch, may_ever, scope, scoped_select
from inleer.reports.people_columns import among

#: People on one page; who is not among them is found with another letter.
MOST = 50
#: Letters that a question needs: one letter is in every name.
SHORTEST = 2
_LONGEST, _MOST_WORDS, _READ = 100, 8, 400


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A person who was found. ``numbers`` are those that matched, as ("client" or "student", number); none: the name.

    ``cohort_id`` is the latest edition in scope; ``mine`` says whether the actor may open the dossier.
    """

    id: UUID
    first_name: str
    tussenvoegsel: str
    last_name: str
    numbers: tuple[tuple[str, str], ...]
    cohort_id: UUID | None
    cohort: str
    state: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What a question gave. ``more``: there are more people than are shown."""

    people: tuple[FoundPerson, ...] = ()
    cohorts: tuple[Any, ...] = ()
    employers: tuple[Any, ...] = ()
    more: bool = False

    def __bool__(self) -> bool:
        """Whether anything was found."""
        return bool(self.people or self.cohorts or self.employers)


def words_of(question: str) -> tuple[str, ...]:
    """The words to look for; none when the question is too short to answer."""
    words = search_words(question[:_LONGEST])[:_MOST_WORDS]
    return words if sum(map(len, words)) >= SHORTEST else ()


def search(actor: Actor, question: str) -> Found:
    """Everything in the actor's scope with all words of the question in its name, or the question in its number."""
    words = words_of(question)
    if not words:
        return Found()
    rows = fetch(actor, _people(actor, words)).all()
    people = _in_order(rows, words)
    return Found(
        people=tuple(people[:MOST]),
        cohorts=_named(actor, _cohorts(actor), words) if may_ever(actor, Perm.COHORT_LIST) else (),
        employers=_named(actor, _employers(actor), words) if may_ever(actor, Perm.EMPLOYER_VIEW) else (),
        more=len(people) > MOST or len(rows) == _READ,
    )


def _people(actor: Actor, words: Sequence[str]) -> Select[*tuple[Any, ...]]:
    """A row per person and enrolment in scope, the latest first."""
    mine = among(actor, Candidate, Perm.CANDIDATE_VIEW) if may_ever(actor, Perm.CANDIDATE_VIEW) else false()
    numbers = _numbers(mine, " ".join(words))
    named = and_(*(Candidate.search_key.contains(word, autoescape=True) for word in words))
    here = and_(
        Enrolment.candidate_id == Candidate.id,
        Enrolment.taken_back.is_(False),
        scope(actor, Enrolment, Perm.ENROLMENT_VIEW),
    )
    statement = (
        select(
            Candidate.id,
            Candidate.first_name,
            Candidate.tussenvoegsel,
            Candidate.last_name,
            Candidate.search_key,
            named.label("named"),
            numbers.label("numbers"),
            mine.label("mine"),
            Enrolment.id.label("enrolment_id"),
            Enrolment.state,
            Cohort.id.label("cohort_id"),
            Cohort.name.label("cohort"),
        )
        .select_from(Candidate)
        .outerjoin(Enrolment, here)
        .outerjoin(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(_listed(actor), or_(named, numbers.is_not(None)))
        .order_by(Candidate.sort_name, Candidate.id, Enrolment.joined_on.desc())
        .limit(_READ)
    )
    return scoped_select(statement)


def _listed(actor: Actor) -> ColumnElement[bool]:
    """Who the actor may list, and who takes part in an edition whose people the actor sees."""
    enrolled = Enrolment.id.is_not(None)
    if not may_ever(actor, Perm.CANDIDATE_LIST):
        return enrolled
    return or_(enrolled, among(actor, Candidate, Perm.CANDIDATE_LIST))


def _numbers(mine: ColumnElement[bool], number: str) -> ColumnElement[str | None]:
    """The numbers with this text in them: those of the own organisation, all of them for who may open the dossier."""
    kind = case((Identifier.organisation_id == Candidate.agency_id, "client"), else_="student")
    return (
        select(func.aggregate_strings(kind + literal(" ") + Identifier.number, "\n"))
        .where(
            Identifier.candidate_id == Candidate.id,
            func.lower(Identifier.number).contains(number, autoescape=True),
            or_(Identifier.organisation_id == ACTOR_ORG, mine),
        )
        .correlate(Candidate)
        .scalar_subquery()
    )


def _in_order(rows: Iterable[Any], words: Sequence[str]) -> list[FoundPerson]:
    """One line per person; first those with a number or with every word at the start of a part of the name."""
    first: dict[UUID, tuple[bool, FoundPerson]] = {}
    for row in rows:
        if row.id not in first:
            parts = row.search_key.replace("-", " ").replace("'", " ").split()
            starts = all(any(part.startswith(word) for part in parts) for word in words)
            first[row.id] = (row.numbers is None and not starts, _person(row))
    return [person for _later, person in sorted(first.values(), key=lambda pair: pair[0])]


def _person(row: Any) -> FoundPerson:
    return FoundPerson(
        id=row.id,
        first_name=row.first_name,
        tussenvoegsel=row.tussenvoegsel,
        last_name=row.last_name,
        numbers=tuple(
            (kind, number)
            for kind, _sign, number in (line.partition(" ") for line in (row.numbers or "").split("\n"))
            if number
        ),
        cohort_id=row.cohort_id,
        cohort=row.cohort or "",
        state=row.state or "",
        mine=bool(row.mine),
    )


def _cohorts(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(Cohort.id, Cohort.name, Cohort.state)
        .where(scope(actor, Cohort, Perm.COHORT_BOARD))
        .order_by(Cohort.starts_on.desc(), Cohort.name)
    )


def _employers(actor: Actor) -> Select[*tuple[Any, ...]]:
    employer = aliased(Organisation)
    ids = select(Organisation.id).where(scope(actor, Organisation, Perm.EMPLOYER_VIEW)).correlate(None)
    return (
        select(employer.id, employer.name, employer.sector)
        .where(employer.id.in_(ids))
        .order_by(employer.name)
    )


def _named(actor: Actor, statement: Select[*tuple[Any, ...]], words: Sequence[str]) -> tuple[Any, ...]:
    """Of the editions or employers of one agency, some hundreds at most: those with every word in the name."""
    rows = fetch(actor, scoped_select(statement))
    return tuple(r for r in rows if all(word in fold(r.name) for word in words))[:MOST]
