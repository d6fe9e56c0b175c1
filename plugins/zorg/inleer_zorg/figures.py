"""What the core asks about many people at once: hours for the rule and the box, visits for the signal, the panel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, Uuid, and_, bindparam, func, or_, select, true

from inleer.plugin import (
    Actor,
    Candidate,
    Cohort,
    CohortPhase,
    Enrolment,
    Pause,
    db,
    fetch,
    scope,
    scoped_select,
    unscoped,
)
from inleer_zorg.access import VIEW
from inleer_zorg.models import HelpRequest, Visit
from inleer_zorg.queries import (
    COHORT,
    assigned_requests,
    counts,
    days,
    done_per_person,
    neighbourhood,
    spoken,
)
from inleer_zorg.routes import NEIGHBOURHOOD

SHOWN: Final = 3
Condition = ColumnElement[bool]
_IDS = bindparam("ids", type_=Uuid(), expanding=True)
_BEFORE = bindparam("before", type_=Date())
_ASKED = "people whom the core chose"

_HOURS = unscoped(
    select(
        Enrolment.id,
        CohortPhase.starts_on.label("begins"),
        func.coalesce(func.sum(Visit.minutes), 0).label("minutes"),
    )
    .outerjoin(CohortPhase, neighbourhood())
    .outerjoin(Visit, and_(Visit.enrolment_id == Enrolment.id, counts()))
    .where(Enrolment.id.in_(_IDS))
    .group_by(Enrolment.id, CohortPhase.starts_on),
    _ASKED,
)
_LAST_VISIT = (
    select(func.max(Visit.on))
    .where(Visit.enrolment_id == Enrolment.id, Visit.removed_at.is_(None))
    .correlate(Enrolment)
    .scalar_subquery()
)
_LAST_PAUSE = (
    select(func.max(Pause.ended_on))
    .where(Pause.enrolment_id == Enrolment.id)
    .correlate(Enrolment)
    .scalar_subquery()
)
_QUIET = unscoped(
    select(
        Enrolment.id,
        Enrolment.cohort_id,
        Enrolment.joined_on,
        CohortPhase.starts_on.label("begins"),
        _LAST_VISIT.label("last_visit"),
        _LAST_PAUSE.label("last_pause"),
    )
    .join(CohortPhase, neighbourhood())
    .where(
        Enrolment.id.in_(_IDS),
        Enrolment.state == "active",
        CohortPhase.starts_on <= _BEFORE,
        or_(CohortPhase.ends_on.is_(None), CohortPhase.ends_on >= bindparam("today", type_=Date())),
        Enrolment.joined_on <= _BEFORE,
        # Whoever had a visit in the last three weeks cannot be quiet: most people end here, in the database.
        func.coalesce(_LAST_VISIT <= _BEFORE, true()),
    ),
    _ASKED,
)


@dataclass(frozen=True, slots=True)
class Hours:
    """The minutes in the neighbourhood that count, and the first day of that phase (None: the cohort has none)."""

    minutes: int
    begins: date | None


@dataclass(frozen=True, slots=True)
class Quiet:
    """Somebody who may have gone too long without a visit: from when, and by what cause that is known."""

    enrolment_id: UUID
    cohort_id: UUID
    last: date
    cause: str
    last_visit: date | None
    is_from_start: bool

    @property
    def since(self) -> date:
        """The first day without a visit."""
        return self.last + timedelta(days=1)


def hours(enrolment_ids: Sequence[UUID], today: date) -> dict[UUID, Hours]:
    """The hours in the neighbourhood of these people up to and including a day."""
    rows = db.session.execute(_HOURS, {"ids": list(enrolment_ids), "today": today})
    return {row.id: Hours(int(row.minutes), row.begins) for row in rows}


def perhaps_quiet(enrolment_ids: Sequence[UUID], today: date) -> list[Quiet]:
    """Who among these people is in the neighbourhood phase and had no visit for three weeks of any kind."""
    before = today - timedelta(weeks=3)
    asked = {"ids": list(enrolment_ids), "today": today, "before": before}
    return [_quiet(row) for row in db.session.execute(_QUIET, asked)]


def _quiet(row: Any) -> Quiet:
    """A visit, or coming back from a pause, is a new beginning, and so a new cause."""
    began = max(row.begins, row.joined_on) - timedelta(days=1)
    last = max(day for day in (began, row.last_visit, row.last_pause) if day is not None)
    if last == row.last_visit:
        cause = f"na-bezoek-{last}"
    elif last == row.last_pause:
        cause = f"na-pauze-{last}"
    else:
        cause = f"nog-geen-bezoek-{row.id}"
    is_from_start = last == row.begins - timedelta(days=1)
    return Quiet(row.id, row.cohort_id, last, cause, row.last_visit, is_from_start)


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit as the box shows it."""

    on: date
    minutes: int
    task: str
    area: str


@dataclass(frozen=True, slots=True)
class Done:
    """What one person did in the neighbourhood, with the newest visits."""

    cohort_id: UUID
    begins: date | None
    minutes: int
    month_minutes: int
    visits: int
    requests: int
    newest: tuple[VisitLine, ...]


def done_by(actor: Actor, enrolment_ids: Sequence[UUID]) -> dict[UUID, Done]:
    """What each of these people did, as far as the actor may see the help requests."""
    statement = _done_statement(scope(actor, HelpRequest, VIEW), scope(actor, Enrolment))
    rows: dict[UUID, list[Any]] = {}
    for row in fetch(actor, statement, ids=list(enrolment_ids), **days()):
        rows.setdefault(row.id, []).append(row)
    return {key: _done(found) for key, found in rows.items()}


@lru_cache(maxsize=32)
def _done_statement(requests: Condition, enrolments: Condition) -> Select[Any]:
    """Built once per kind of scope."""
    done = done_per_person(Enrolment.id.in_(_IDS))
    place = func.row_number().over(partition_by=Visit.enrolment_id, order_by=(Visit.on.desc(), Visit.id))
    newest = (
        select(
            Visit.enrolment_id,
            Visit.on,
            Visit.minutes,
            HelpRequest.task,
            HelpRequest.area,
            place.label("place"),
        )
        .join(HelpRequest, HelpRequest.id == Visit.help_request_id)
        .where(Visit.enrolment_id.in_(_IDS), Visit.removed_at.is_(None), requests)
        .subquery()
    )
    return scoped_select(
        select(
            Enrolment.id,
            Enrolment.cohort_id,
            CohortPhase.starts_on.label("begins"),
            done.c.minutes,
            done.c.month_minutes,
            done.c.visits,
            assigned_requests().label("requests"),
            newest.c.on,
            newest.c.minutes.label("visit_minutes"),
            newest.c.task,
            newest.c.area,
        )
        .outerjoin(CohortPhase, neighbourhood())
        .outerjoin(done, done.c.enrolment_id == Enrolment.id)
        .outerjoin(newest, and_(newest.c.enrolment_id == Enrolment.id, newest.c.place <= SHOWN))
        .where(Enrolment.id.in_(_IDS), enrolments)
        .order_by(newest.c.place)
    )


def _done(rows: Sequence[Any]) -> Done:
    first = rows[0]
    return Done(
        cohort_id=first.cohort_id,
        begins=first.begins,
        minutes=first.minutes or 0,
        month_minutes=first.month_minutes or 0,
        visits=first.visits or 0,
        requests=first.requests,
        newest=tuple(VisitLine(r.on, r.visit_minutes, r.task, r.area) for r in rows if r.on is not None),
    )


@dataclass(frozen=True, slots=True)
class Overview:
    """The neighbourhood placement of a cohort in a few figures; ``without`` has nobody's help request."""

    begins: date
    ends: date | None
    open_requests: int
    longest_open: date | None
    month_minutes: int
    without: tuple[tuple[UUID, str], ...]


def overview(actor: Actor, cohort_id: UUID) -> Overview | None:
    """The figures of the panel on the cohort's board, in one statement; None without a neighbourhood phase."""
    seen = scope(actor, HelpRequest, VIEW), scope(actor, Enrolment), scope(actor, Cohort)
    rows = fetch(actor, _overview_statement(*seen), cohort_id=cohort_id, **days()).all()
    return _overview(rows) if rows else None


@lru_cache(maxsize=32)
def _overview_statement(requests: Condition, enrolments: Condition, cohorts: Condition) -> Select[Any]:
    """Built once per kind of scope; those are the same objects for everybody in a role."""
    mine = and_(HelpRequest.cohort_id == COHORT, requests)
    still_open = and_(mine, HelpRequest.state == "open")
    done = done_per_person(Enrolment.cohort_id == COHORT)
    without = and_(
        Enrolment.cohort_id == CohortPhase.cohort_id,
        Enrolment.state == "active",
        assigned_requests() == 0,
        enrolments,
    )
    return scoped_select(
        select(
            CohortPhase.starts_on.label("begins"),
            CohortPhase.ends_on.label("ends"),
            select(func.count(HelpRequest.id)).where(still_open).scalar_subquery().label("open"),
            select(func.min(HelpRequest.asked_on)).where(still_open).scalar_subquery().label("longest"),
            select(func.sum(done.c.month_minutes)).scalar_subquery().label("month_minutes"),
            Enrolment.id,
            Candidate.first_name,
            Candidate.tussenvoegsel,
            Candidate.last_name,
        )
        .select_from(CohortPhase)
        .join(Cohort, Cohort.id == CohortPhase.cohort_id)
        .outerjoin(Enrolment, without)
        .outerjoin(Candidate, Candidate.id == Enrolment.candidate_id)
        .where(CohortPhase.cohort_id == COHORT, CohortPhase.key == NEIGHBOURHOOD, cohorts)
        .order_by(Candidate.sort_name, Enrolment.id)
    )


def _overview(rows: Iterable[Any]) -> Overview:
    found = list(rows)
    first = found[0]
    return Overview(
        begins=first.begins,
        ends=first.ends,
        open_requests=first.open,
        longest_open=first.longest,
        month_minutes=first.month_minutes or 0,
        without=tuple((row.id, spoken(row)) for row in found if row.id is not None),
    )
