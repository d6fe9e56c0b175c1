"""What the worklist of today is made from: messages, pauses and employers that ask for something."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class EscalationRow:
    """A message from the leerhome to the coach that is not resolved; ``seen_by`` and ``seen_at`` once it was read."""

    id: UUID
    candidate_id: UUID
    name: str
    cohort_id: UUID
    cohort: str
    coach_id: UUID | None
    coach: str | None
    category: str
    urgency: str
    text: str
    state: str
    raised_at: datetime
    raised_by: str
    version: int
    seen_by: str | None = None
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PauseRow:
    """A pause that should have ended."""

    enrolment_id: UUID
    candidate_id: UUID
    name: str
    cohort_id: UUID
    cohort: str
    coach_id: UUID | None
    coach: str | None
    until_on: date
    owner: str


@dataclass(frozen=True, slots=True)
class EmployerRow:
    """An intention of an employer, as far as it asks for something."""

    id: UUID
    cohort_id: UUID
    cohort: str
    employer: str
    function: str
    state: str
    positions: int | None
    hours_min: int | None
    hours_max: int | None
    confirmed_on: date | None
