"""What the generated data looks like: how many of everything, which days have lessons, how people attend. Seeded.

Attendance follows one of a limited number of patterns. The roll-ups and signals of a pattern are computed once, by the
product's own rules, and copied for everybody who follows it; ``bench.checks`` recounts a sample from the marks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from inleer import clock
from inleer.attendance.queries import EnrolmentMarks, PersonMarks
from inleer.attendance.rollups import calendars_for, expected, reached
from inleer.attendance.rules import STATUSES, Mark, missed_minutes
from inleer.calendars.rules import Region, dutch_calendar, monday
from inleer.signals.rules import Raised, about_person

MINUTES = 240
MARKS_EACH = 300
PEOPLE = 20
OPEN_SESSIONS = 3
FUTURE_WEEKS = 3
STARTS = 4
PATTERNS = 24
BORN, QUALIFIED = date(1990, 1, 1), "yes"
REGION: Region = "midden"


@dataclass(frozen=True)
class Size:
    """A part of the national set of 342 municipalities, 4,000 cohorts, 80,000 candidates, 24 million marks."""

    percent: float

    @property
    def cohorts(self) -> int:
        """Editions; four of them share two coaches, a teacher, a school and a leerhome."""
        return round(10 * self.percent) * 4

    @property
    def agencies(self) -> int:
        """Work agencies, one for a municipality."""
        return max(1, round(3.42 * self.percent))

    @property
    def marks(self) -> int:
        """Rows of attendance."""
        return self.cohorts * PEOPLE * MARKS_EACH


@dataclass(frozen=True)
class Schedule:
    """The lesson days of a cohort: ``past`` have marks, ``coming`` are planned."""

    past: tuple[date, ...]
    coming: tuple[date, ...]

    @property
    def start(self) -> date:
        """The first day."""
        return self.past[0]


@dataclass(frozen=True)
class Pattern:
    """How one person attends a schedule: a mark per past day, with the roll-ups and signals that follow from it."""

    marks: tuple[tuple[str, int | None, int], ...]
    weeks: Sequence[Mapping[str, Any]]
    total: Mapping[str, Any]
    signals: Sequence[Raised]


def schedule(today: date, shift: int) -> Schedule:
    """``MARKS_EACH`` past lesson days, Monday to Thursday outside vacations, the last ``shift`` weeks ago at most."""
    last = monday(today) - timedelta(weeks=shift % 2)
    first = last - timedelta(weeks=130)
    calendar = dutch_calendar(REGION, first, today + timedelta(weeks=FUTURE_WEEKS))
    days = [first + timedelta(days=n) for n in range((today - first).days + 7 * FUTURE_WEEKS)]
    lessons = [day for day in days if day.weekday() < 4 and not calendar.is_free(day)]
    past = [day for day in lessons if day < (last if shift % 2 else today)]
    coming = [day for day in lessons if day >= today]
    return Schedule(tuple(past[-MARKS_EACH:]), tuple(coming))


def patterns(plan: Schedule, rng: Random) -> list[Pattern]:
    """Different people on one schedule, from who is always there to who is hardly there."""
    marks = [_marks(len(plan.past), rng) for _n in range(PATTERNS)]
    people = [_person(plan, found, UUID(int=n + 1)) for n, found in enumerate(marks)]
    calendars = calendars_for(people)
    weeks, totals = expected(people, calendars)
    made = []
    for found, person, total in zip(marks, people, totals, strict=True):
        settings = calendars.settings(person.agency_id)
        held = person.enrolments[0].marks
        signals = about_person(
            held,
            reached(person, calendars.of(person), settings=settings),
            calendars.of(person),
            settings,
            clock.today(),
            BORN,
            QUALIFIED,
        )
        own = [w for w in weeks if w["enrolment_id"] == total["enrolment_id"]]
        made.append(Pattern(tuple(found), own, total, signals))
    return made


def _marks(count: int, rng: Random) -> list[tuple[str, int | None, int]]:
    absent = rng.choice((0.02, 0.04, 0.06, 0.1, 0.2))
    found: list[tuple[str, int | None, int]] = []
    while len(found) < count:
        if rng.random() >= absent:
            found.append(("present", None, 0))
            continue
        status = rng.choice(("late", "left_early", "ill", "ill", "excused", "unexcused", "unexcused"))
        # An illness lasts some days.
        for _day in range(rng.randint(1, 5) if status == "ill" else 1):
            minutes = rng.randrange(5, 90, 5) if status in ("late", "left_early") else None
            found.append((status, minutes, missed_minutes(STATUSES[status], MINUTES, minutes)))
    return found[:count]


def _person(plan: Schedule, marks: Sequence[tuple[str, int | None, int]], key: UUID) -> PersonMarks:
    held = tuple(
        Mark(n, day, MINUTES, counts=True, status=mark[0], missed=mark[2])
        for n, (day, mark) in enumerate(zip(plan.past, marks, strict=True))
    )
    enrolment = EnrolmentMarks(key, key, "active", REGION, None, plan.start, None, (), held)
    return PersonMarks(key, BORN, QUALIFIED, key, None, (enrolment,))
