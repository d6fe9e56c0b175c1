"""What the reads give back: trainees with their periods, workplaces with their places, group assignments."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from inleer_gemeente import rules
from inleer_gemeente.models import Assignment, Workplace
from inleer_gemeente.rules import Period, Problem

#: States in which somebody has, or had, a place in the group.
TOOK_PART = (*rules.TAKING_PART, "completed", "dropped_out", "moved")


@dataclass(frozen=True, slots=True)
class Placed:
    """A period of a trainee, with how far its placement is and what keeps it from being agreed."""

    period: Period
    state: str
    problems: tuple[Problem, ...] = ()


@dataclass
class Row:
    """A trainee of the cohort. ``placed`` has the periods in order of time; ``days`` the group days: there, held."""

    enrolment_id: UUID
    cohort_id: UUID
    name: str
    state: str
    profile: str | None
    days: tuple[int, int] | None
    placed: list[Placed] = field(default_factory=list)

    @property
    def takes_part(self) -> bool:
        """Whether this person has a place in the group now."""
        return self.state in rules.TAKING_PART

    def within(self, phase_key: str) -> list[Placed]:
        """Where this trainee is in a phase."""
        return [one for one in self.placed if one.period.phase_key == phase_key]


@dataclass(frozen=True, slots=True)
class Site:
    """A workplace, the name of its partner, and how many of its places are taken at the fullest moment."""

    workplace: Workplace
    host: str
    taken: int


@dataclass(frozen=True, slots=True)
class Task:
    """A group assignment with the names of who work on it."""

    assignment: Assignment
    names: tuple[str, ...]
    members: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Round:
    """A period of the cohort at workplaces."""

    key: str
    name: str
    starts_on: date
    ends_on: date | None
