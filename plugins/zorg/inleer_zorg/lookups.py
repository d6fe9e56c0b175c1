"""What the actions look up before they write: how somebody takes part, and what is there already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from inleer.plugin import Cohort, CohortPhase, Enrolment, Pause, db, unscoped
from inleer_zorg.models import HelpRequest, Visit
from inleer_zorg.queries import neighbourhood


@dataclass(frozen=True, slots=True)
class Participation:
    """What the rules about the day of a visit need about one participant."""

    cohort_id: UUID
    state: str
    joined_on: date | None
    left_on: date | None
    begins: date | None
    pauses: tuple[tuple[date, date | None], ...]
    minutes_that_day: int


def participation(enrolment_id: UUID, on: date, apart_from: UUID | None = None) -> Participation | None:
    """How this person takes part, and the minutes of other visits on that day; None when there is no such enrolment.

    Internal: the caller compares the cohort with the one it loaded in scope.
    """
    others = select(func.coalesce(func.sum(Visit.minutes), 0)).where(
        Visit.enrolment_id == enrolment_id, Visit.on == on, Visit.removed_at.is_(None)
    )
    if apart_from is not None:
        others = others.where(Visit.id != apart_from)
    statement = (
        select(
            Enrolment,
            CohortPhase.starts_on,
            Pause.from_on,
            Pause.ended_on,
            others.scalar_subquery().label("others"),
        )
        .outerjoin(CohortPhase, neighbourhood())
        .outerjoin(Pause, Pause.enrolment_id == Enrolment.id)
        .where(Enrolment.id == enrolment_id)
    )
    rows = db.session.execute(unscoped(statement, "rules about a day; the cohort is compared")).all()
    if not rows:
        return None
    enrolment: Enrolment = rows[0].Enrolment
    return Participation(
        cohort_id=enrolment.cohort_id,
        state=enrolment.state,
        joined_on=enrolment.joined_on,
        left_on=enrolment.left_on,
        begins=rows[0].starts_on,
        pauses=tuple((r.from_on, r.ended_on) for r in rows if r.from_on is not None),
        minutes_that_day=rows[0].others,
    )


def same_request(cohort_id: UUID, values: Mapping[str, Any]) -> HelpRequest | None:
    """A help request of this cohort, open or assigned, that says exactly the same."""
    same = [getattr(HelpRequest, name) == value for name, value in values.items()]
    statement = select(HelpRequest).where(
        HelpRequest.cohort_id == cohort_id, HelpRequest.state.in_(("open", "assigned")), *same
    )
    found = db.session.execute(unscoped(statement.limit(1), "double submission in a loaded cohort"))
    return found.scalar_one_or_none()


def visit_on(help_request_id: UUID, enrolment_id: UUID, on: date) -> Visit | None:
    """The visit of this person to this help request on this day, unless it was taken back."""
    statement = select(Visit).where(
        Visit.help_request_id == help_request_id,
        Visit.enrolment_id == enrolment_id,
        Visit.on == on,
        Visit.removed_at.is_(None),
    )
    return db.session.execute(unscoped(statement, "visits to a loaded help request")).scalar_one_or_none()


def wait_for_others(table: type[Cohort] | type[HelpRequest], row_id: UUID) -> None:
    """Let two saves about one row come one after the other: the second sees what the first saved.

    Takes a lock on PostgreSQL that leaves foreign keys to the row alone; SQLite has one writer anyway.
    """
    statement = select(table.id).where(table.id == row_id).with_for_update(key_share=True)
    db.session.execute(unscoped(statement, "lock on a row that was loaded in scope"))
