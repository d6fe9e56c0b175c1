"""Reads for the pages. Each is one statement, whatever the number of people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select

from inleer.plugin import (
    Actor,
    Candidate,
    CohortPhase,
    Enrolment,
    db,
    fetch,
    partners_of,
    scope,
    scoped_select,
    visible,
)
from inleer_gemeente import rules
from inleer_gemeente.access import PLAN, VIEW
from inleer_gemeente.lookups import period
from inleer_gemeente.models import (
    Assignment,
    AssignmentMember,
    GroupDays,
    Guarantee,
    Stay,
    Trainee,
    Workplace,
)
from inleer_gemeente.routes import WORKPLACES
from inleer_gemeente.rows import TOOK_PART, Placed, Round, Row, Site, Task


def trainees(actor: Actor, cohort_id: UUID) -> list[Row]:
    """Everybody who takes or took part, by last name, with where they are per period. Two statements."""
    rows = _people(actor, and_(Enrolment.cohort_id == cohort_id, Enrolment.state.in_(TOOK_PART)))
    return _with_periods(actor, rows, Stay.cohort_id == cohort_id)


def trainees_named(actor: Actor, enrolment_ids: Sequence[UUID]) -> list[Row]:
    """These people in the same way, as far as the actor may see them."""
    ids = list(enrolment_ids)
    return _with_periods(actor, _people(actor, Enrolment.id.in_(ids)), Stay.enrolment_id.in_(ids))


def _people(actor: Actor, condition: ColumnElement[bool]) -> list[Row]:
    columns: tuple[Any, ...] = (
        Enrolment.id,
        Enrolment.cohort_id,
        Enrolment.state,
        Candidate.first_name,
        Candidate.tussenvoegsel,
        Candidate.last_name,
        Trainee.profile,
        GroupDays.attended,
        GroupDays.held,
    )
    statement = (
        select(*columns)
        .join(Candidate, Candidate.id == Enrolment.candidate_id)
        .outerjoin(Trainee, and_(Trainee.enrolment_id == Enrolment.id, scope(actor, Trainee, VIEW)))
        .outerjoin(GroupDays, and_(GroupDays.enrolment_id == Enrolment.id, scope(actor, GroupDays, VIEW)))
        .where(condition, scope(actor, Enrolment))
        .order_by(Candidate.sort_name, Enrolment.id)
    )
    return [
        Row(r.id, r.cohort_id, _name(r), r.state, r.profile, None if r.held is None else (r.attended, r.held))
        for r in fetch(actor, scoped_select(statement))
    ]


def _name(row: Any) -> str:
    given = " ".join(part for part in (row.first_name, row.tussenvoegsel) if part)
    return f"{row.last_name}, {given}" if given else str(row.last_name)


def _with_periods(actor: Actor, rows: Iterable[Row], condition: ColumnElement[bool]) -> list[Row]:
    people = {row.enrolment_id: row for row in rows}
    statement = (
        select(Stay, Workplace)
        .join(Workplace, Workplace.id == Stay.workplace_id)
        .where(condition, scope(actor, Stay, VIEW))
        .order_by(Stay.from_on)
    )
    for stay, workplace in fetch(actor, scoped_select(statement)):
        if stay.enrolment_id in people:
            people[stay.enrolment_id].placed.append(Placed(period(stay, workplace), stay.state))
    for row in people.values():
        periods = [one.period for one in row.placed]
        row.placed = [
            Placed(one.period, one.state, tuple(rules.problems_of(one.period, periods[:place])))
            for place, one in enumerate(row.placed)
        ]
    return list(people.values())


def sites(actor: Actor, cohort_id: UUID, removed: bool = False) -> list[Site]:
    """The workplaces of a cohort by directorate and function, with how full they are. Three statements."""
    kept = Workplace.removed_at.is_not(None) if removed else Workplace.removed_at.is_(None)
    statement = (
        visible(actor, Workplace, VIEW)
        .where(Workplace.cohort_id == cohort_id, kept)
        .order_by(Workplace.directorate, Workplace.function, Workplace.from_on, Workplace.id)
    )
    found = fetch(actor, statement).scalars().all()
    stays: dict[UUID, list[tuple[date, date]]] = {}
    for stay in fetch(actor, visible(actor, Stay, VIEW).where(Stay.cohort_id == cohort_id)).scalars():
        stays.setdefault(stay.workplace_id, []).append((stay.from_on, stay.until_on))
    names = {row.organisation_id: row.name for row in partners_of(cohort_id)}
    return [
        Site(one, names.get(one.host_id, ""), rules.taken(stays.get(one.id, []), date.min, date.max))
        for one in found
    ]


def tasks(actor: Actor, cohort_id: UUID, names: dict[UUID, str], removed: bool = False) -> list[Task]:
    """The group assignments of a cohort; ``names`` are those of its trainees. Two statements."""
    kept = Assignment.removed_at.is_not(None) if removed else Assignment.removed_at.is_(None)
    statement = (
        visible(actor, Assignment, VIEW)
        .where(Assignment.cohort_id == cohort_id, kept)
        .order_by(Assignment.from_on, Assignment.title, Assignment.id)
    )
    found = fetch(actor, statement).scalars().all()
    members: dict[UUID, set[UUID]] = {}
    condition = AssignmentMember.cohort_id == cohort_id
    for one in fetch(actor, visible(actor, AssignmentMember, VIEW).where(condition)).scalars():
        members.setdefault(one.assignment_id, set()).add(one.enrolment_id)
    return [
        Task(
            one,
            tuple(name for key, name in names.items() if key in members.get(one.id, ())),
            frozenset(members.get(one.id, ())),
        )
        for one in found
    ]


def rounds(cohort_id: UUID) -> list[Round]:
    """The periods at workplaces of a cohort, in order."""
    statement = (
        select(CohortPhase.key, CohortPhase.name, CohortPhase.starts_on, CohortPhase.ends_on)
        .where(CohortPhase.cohort_id == cohort_id, CohortPhase.key.in_(WORKPLACES))
        .order_by(CohortPhase.starts_on)
    )
    return [Round(*row) for row in db.session.execute(statement)]


def guaranteed(actor: Actor, cohort_id: UUID) -> tuple[int, date] | None:
    """For how many trainees a job afterwards is guaranteed, and since when; None when nobody ever said so."""
    statement = visible(actor, Guarantee, VIEW).where(Guarantee.cohort_id == cohort_id)
    row = fetch(actor, statement).scalar_one_or_none()
    return None if row is None else (row.places, row.since_on)


def plannable(actor: Actor, cohort_id: UUID) -> set[UUID]:
    """The enrolments of a cohort that the actor may place."""
    condition = and_(Enrolment.cohort_id == cohort_id, scope(actor, Enrolment, PLAN))
    return set(fetch(actor, scoped_select(select(Enrolment.id).where(condition))).scalars())
