"""People in a list: where they stand, what was recorded of them, what needs someone. Pure.

Filled by :mod:`inleer.reports.people_columns`; figures come from the roll-ups.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

WEEK = timedelta(weeks=1)
#: How urgent a tone is: the lower, the earlier in a list.
URGENCY: Mapping[str, int] = {"bad": 0, "warn": 1, "info": 2}
#: People who take part now, or are about to.
CURRENT = ("lead", "invited", "intake", "waitlisted", "selected", "active", "paused")
TAKING_PART = ("selected", "active", "paused")
ENDED = ("completed", "dropped_out", "moved", "rejected", "withdrawn")


@dataclass(frozen=True, slots=True)
class SignalRow:
    """An open signal as a list shows it."""

    id: UUID
    rule: str
    tone: str
    on: date
    text: str
    version: int


@dataclass(frozen=True, slots=True)
class WeekRow:
    """What was recorded of one person in one week, in minutes."""

    monday: date
    planned: int
    missed: int
    late: int
    ill: int
    excused: int
    unexcused: int

    @property
    def mark(self) -> str:
        """The week in one word of the week strip: what most of the missed time was."""
        if not self.missed:
            return "present"
        if self.missed * 2 < self.planned:
            return "partial"
        reasons = {"absent": self.unexcused, "ill": self.ill, "excused": self.excused, "partial": self.late}
        return max(reasons, key=lambda reason: reasons[reason])


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A candidate, in a cohort or (``enrolment_id`` None) not enrolled yet. Figures are in minutes.

    ``contact_on`` is the last contact moment that the actor's own organisation wrote down; ``mine`` says whether
    the actor may open the dossier; ``unexcused`` holds the weeks of all enrolments with unexcused absence. Who stopped
    has codes of who initiated it, why, and whether they would return.
    """

    enrolment_id: UUID | None
    candidate_id: UUID
    cohort_id: UUID | None
    cohort: str
    state: str
    first_name: str
    tussenvoegsel: str
    last_name: str
    sort_name: str
    coach_id: UUID | None
    coach: str | None
    joined_on: date | None
    left_on: date | None
    planned: int
    missed: int
    weeks: tuple[WeekRow, ...]
    unexcused: tuple[tuple[date, int], ...]
    contact_on: date | None
    mine: bool
    escalations: int
    signals: tuple[SignalRow, ...]
    initiator: str | None = None
    reason: str | None = None
    would_return: str | None = None

    @property
    def present(self) -> int:
        """Minutes present in judged sessions."""
        return self.planned - self.missed

    @property
    def share(self) -> float:
        """The part of judged time that was attended, 0 to 1; 2 without any judged session (sorts last)."""
        return self.present / self.planned if self.planned else 2.0

    @property
    def signal(self) -> SignalRow | None:
        """The most urgent open signal."""
        return self.signals[0] if self.signals else None

    @property
    def urgency(self) -> int:
        """The place of the most urgent signal among tones; after all tones without one."""
        return URGENCY[self.signals[0].tone] if self.signals else len(URGENCY)

    def unexcused_since(self, monday: date) -> int:
        """Unexcused minutes that count for the window that begins on ``monday``."""
        return sum(minutes for week, minutes in self.unexcused if week >= monday)

    def days_since_contact(self, today: date) -> int | None:
        """Whole days since the last contact; None when there was none."""
        return None if self.contact_on is None else (today - self.contact_on).days


def strip(weeks: Sequence[WeekRow], mondays: Sequence[date], waiting: Iterable[date]) -> list[str]:
    """The marks of a week strip: recorded weeks by what happened, ``waiting`` ones as open, others without lesson."""
    known = {week.monday: week.mark for week in weeks}
    open_weeks = set(waiting)
    return [known.get(m, "open" if m in open_weeks else "none") for m in mondays]


def parse_weeks(packed: str | None) -> tuple[WeekRow, ...]:
    """Weeks as the database packs them: "2026-11-16/360/60/60/0/0/0;…", oldest first."""
    if not packed:
        return ()
    found = []
    for part in packed.split(";"):
        monday, *numbers = part.split("/")
        found.append(WeekRow(date.fromisoformat(monday), *map(int, numbers)))
    return tuple(sorted(found, key=lambda week: week.monday))


def parse_minutes(packed: str | None) -> tuple[tuple[date, int], ...]:
    """Minutes per week as the database packs them: "2026-11-16/360;…"."""
    if not packed:
        return ()
    pairs = (part.split("/") for part in packed.split(";"))
    return tuple((date.fromisoformat(monday), int(minutes)) for monday, minutes in pairs)
