"""The figures of one edition on a day, by the definitions of design/domain.md. Reads everything, stores nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from inleer.attendance.queries import PersonMarks, persons
from inleer.attendance.rollups import CalendarCache, calendars_for, counted, reached
from inleer.attendance.rules import Figures, Reached, applicability, figures
from inleer.cohorts.models import Cohort
from inleer.parameters import parameter
from inleer.policy import Actor
from inleer.reports import queries
from inleer.reports.queries import IntentionLine, Member, Totals


@dataclass(frozen=True)
class PersonReport:
    """One person in the edition. ``figures`` are those of this cohort; 16 hours are counted over all cohorts.

    ``key`` is the client number at the work agency (the id when there is none). ``applies`` is mandatory, local,
    not_applicable or, without a date of birth, unknown; None when 16 hours were not reached.
    """

    key: str
    name: str
    state: str
    joined_on: date | None
    left_on: date | None
    figures: Figures
    reached_on: date | None
    applies: str | None


@dataclass(frozen=True)
class CohortReport:
    """The figures of one edition at the end of day ``at``; ``positions`` is the sum of the known places.

    ``late_counts``: whether being late or leaving early is unexcused on that day, by the rule of the edition's school.
    """

    cohort: Cohort
    at: date
    totals: Totals
    positions: int
    intentions: Sequence[IntentionLine]
    people: Sequence[PersonReport]
    late_counts: bool

    @property
    def present_pct(self) -> Decimal | None:
        """Attendance of the whole group in per cent; None when nothing is judged."""
        return sum((p.figures for p in self.people), Figures()).present_pct


def cohort_report(actor: Actor, cohort: Cohort, at: date) -> CohortReport:
    """The figures of a cohort that was loaded with the right to report on it.

    Raises UnknownVacations for a session in a year of which no school vacations are known.
    """
    members = queries.members(actor, cohort)
    found = persons([m.candidate_id for m in members])
    calendars = calendars_for(found) if found else None
    by_id = {p.candidate_id: p for p in found}
    people = [_person(m, by_id[m.candidate_id], cohort.id, calendars, at) for m in members]
    lines = queries.intention_lines(actor, cohort)
    return CohortReport(
        cohort=cohort,
        at=at,
        totals=queries.totals(cohort, at),
        positions=sum(line.positions or 0 for line in lines if line.counts),
        intentions=lines,
        people=people,
        late_counts=queries.late_counts(cohort, at),
    )


def _person(
    member: Member,
    person: PersonMarks,
    cohort_id: UUID,
    calendars: CalendarCache | None,
    at: date,
) -> PersonReport:
    enrolment = next(e for e in person.enrolments if e.cohort_id == cohort_id)
    times: tuple[Reached, ...] = ()
    if calendars is not None:
        times = reached(person, calendars.of(person), until=at, settings=calendars.settings(person.agency_id))
    first = times[0].on if times else None
    return PersonReport(
        key=member.number or str(member.candidate_id),
        name=member.name,
        state=enrolment.state,
        joined_on=enrolment.joined_on,
        left_on=enrolment.left_on,
        figures=figures(counted(enrolment, until=at)),
        reached_on=first,
        applies=_applies(person, first) if first is not None else None,
    )


def _applies(person: PersonMarks, on: date) -> str:
    """What reaching 16 hours means, by the age and the law of that day."""
    limit = parameter("sixteen_hours.age_limit", on, person.agency_id)
    return str(applicability(person.birth_date, person.startkwalificatie, on, limit).kind)  # type: ignore[arg-type]


def by_key(report: CohortReport) -> Mapping[str, PersonReport]:
    """The people of a report by client number."""
    return {p.key: p for p in report.people}
