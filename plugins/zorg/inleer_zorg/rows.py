"""What the reads of help requests and visits give back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Final
from uuid import UUID

TAKING_PART: Final = ("selected", "active", "paused")
#: States in which somebody has, or had, hours in the neighbourhood.
TOOK_PART: Final = (*TAKING_PART, "completed", "dropped_out", "moved")


@dataclass(frozen=True, slots=True)
class Person:
    """A participant of the cohort with what was done in the neighbourhood. Minutes are those that count."""

    enrolment_id: UUID
    candidate_id: UUID
    first_name: str
    tussenvoegsel: str
    last_name: str
    state: str
    minutes: int
    month_minutes: int
    visits: int
    last_on: date | None
    requests: int
    begins: date | None
    ends: date | None

    @property
    def name(self) -> str:
        """The name as it stands in a list, under the last name."""
        given = " ".join(part for part in (self.first_name, self.tussenvoegsel) if part)
        return f"{self.last_name}, {given}" if given else self.last_name

    @property
    def takes_part(self) -> bool:
        """Whether this person can be given a help request now."""
        return self.state in TAKING_PART

    def is_idle(self, today: date) -> bool:
        """Whether this person has no help request, in the neighbourhood phase and without a pause."""
        return (
            self.state == "active"
            and self.requests == 0
            and self.begins is not None
            and self.begins <= today
            and (self.ends is None or today <= self.ends)
        )


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A help request in the list, with who does it and what was done."""

    id: UUID
    requester: str
    task: str
    description: str
    area: str
    weekday: int | None
    starts: time | None
    agreed_minutes: int | None
    asked_on: date
    state: str
    enrolment_id: UUID | None
    person: str | None
    person_state: str | None
    visits: int
    minutes: int
    last_on: date | None

    @property
    def is_left_alone(self) -> bool:
        """Whether it is assigned to somebody who does not take part any more."""
        return self.state == "assigned" and self.person_state not in TAKING_PART


@dataclass(frozen=True, slots=True)
class Assigned:
    """Who does a help request, and whether that person still takes part."""

    enrolment_id: UUID
    name: str
    takes_part: bool


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit on the page of its help request. ``counts`` says whether its minutes count as hours."""

    id: UUID
    enrolment_id: UUID
    person: str
    on: date
    minutes: int
    remark: str
    recorded_by_name: str
    version: int
    removed: bool
