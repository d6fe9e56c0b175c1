"""What is wrong with the days of a step, by what is stored. For an enrolment that was loaded in scope.

Forms ask it next to their own checks, so that all problems show at once; the actions refuse the first.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from inleer import clock
from inleer.cohorts import day_rules as rules
from inleer.cohorts.day_rules import Span
from inleer.cohorts.models import Cohort, CohortPhase, Enrolment
from inleer.cohorts.steps import cohort_of, last_pause, open_pause
from inleer.db import db
from inleer.errors import DomainError
from inleer.i18n import _


def check(problems: Iterable[DomainError]) -> None:
    """Raises the first of these problems."""
    for problem in problems:
        raise problem


def span_of(cohort: Cohort) -> Span:
    """From the start of an edition until the end of its last phase."""
    statement = select(CohortPhase.starts_on, CohortPhase.ends_on).where(CohortPhase.cohort_id == cohort.id)
    ends = [row.ends_on for row in db.session.execute(statement)]
    known = [end for end in ends if end is not None]
    return Span(cohort.name, cohort.starts_on, max(known) if known and len(known) == len(ends) else None)


def of_pause(enrolment: Enrolment, first: date | None, until: date | None) -> list[DomainError]:
    """A new pause."""
    before = last_pause(enrolment.id)
    ended = before.ended_on if before is not None else None
    return rules.pause_days(first, until, enrolment.joined_on, span_of(cohort_of(enrolment)), ended)


def of_longer_pause(enrolment: Enrolment, until: date | None) -> list[DomainError]:
    """Another last day of the running pause."""
    row = open_pause(enrolment.id)
    if row is None or until is None:
        return []
    if until < max(row.from_on, clock.today()):
        return [DomainError(_("Kies vandaag of een latere dag."), "until_on")]
    return rules.pause_end(until, row.from_on, span_of(cohort_of(enrolment)))


def of_return(enrolment: Enrolment, on: date | None) -> list[DomainError]:
    """The first day after a pause."""
    row = open_pause(enrolment.id)
    if row is None:
        return []
    return rules.back_day(on, row.from_on, span_of(cohort_of(enrolment)), clock.today())


def of_start(enrolment: Enrolment, on: date | None) -> list[DomainError]:
    """Another first day."""
    return rules.first_day(on, span_of(cohort_of(enrolment)), clock.today(), enrolment.left_on)


def of_end(enrolment: Enrolment, on: date | None, field: str = "left_on") -> list[DomainError]:
    """The last day of who stops, finishes or moves."""
    return rules.last_day(on, enrolment.joined_on, clock.today(), field)


def of_move(
    enrolment: Enrolment, target: Cohort | None, last: date | None, first: date | None
) -> list[DomainError]:
    """The last day here and the first day there."""
    found = of_end(enrolment, last, "last_day")
    if first is not None and last is not None and first <= last:
        text = _("De eerste dag in de nieuwe lichting ligt na de laatste dag in de oude.")
        return [*found, DomainError(text, "first_day")]
    if target is None:
        return found
    return found + rules.first_day(first, span_of(target), clock.today(), field="first_day")
