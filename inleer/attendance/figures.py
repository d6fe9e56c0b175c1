"""Attendance figures of one person over a set of sessions. Pure; whole minutes, so nothing drifts.

Definition: domain.md, "Attendance %"; interpretations: docs/decisions/0011-attendance-figures.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from inleer.attendance.statuses import NOT_APPLICABLE, STATUSES, Judgement, Mark, Status, status_of
from inleer.calendars.rules import Period


@dataclass(frozen=True, slots=True)
class Figures:
    """Minutes, unless named otherwise. ``late`` + ``left_early`` + ``ill`` + ``excused`` + ``unexcused`` =
    ``missed``.

    ``sessions`` and ``planned``: the judged sessions, which are the base of the percentage. ``unrecorded``:
    past sessions without a judged mark ("nog niet geregistreerd"), a number of sessions; ``reported`` of
    them carry an absence that was reported beforehand and still has to be judged.
    """

    sessions: int = 0
    planned: int = 0
    missed: int = 0
    late: int = 0
    left_early: int = 0
    ill: int = 0
    excused: int = 0
    unexcused: int = 0
    unrecorded: int = 0
    unrecorded_minutes: int = 0
    reported: int = 0

    @property
    def present(self) -> int:
        """Minutes present in the judged sessions."""
        return self.planned - self.missed

    @property
    def scheduled(self) -> int:
        """Minutes of all past sessions, judged or not."""
        return self.planned + self.unrecorded_minutes

    @property
    def present_pct(self) -> Decimal | None:
        """Attendance in per cent, one decimal; None when no session is judged."""
        return percent(self.present, self.planned)

    def __add__(self, other: Figures) -> Figures:
        """The figures of both sets of sessions together (a week, a group)."""
        return Figures(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))


def percent(part: int, whole: int) -> Decimal | None:
    """``part`` of ``whole`` in per cent with one decimal, a half rounded up; None when ``whole`` is 0.

    Raises ValueError for a negative number.
    """
    if part < 0 or whole < 0:
        raise ValueError("negative number in a percentage")
    if whole == 0:
        return None
    return Decimal((2000 * part + whole) // (2 * whole)).scaleb(-1)


def hours(minutes: int) -> Decimal:
    """Minutes as hours with two decimals, rounded to the nearest (a tie cannot occur)."""
    if minutes < 0:
        raise ValueError("negative minutes")
    return Decimal((200 * minutes + 60) // 120).scaleb(-2)


def within(
    marks: Iterable[Mark],
    *,
    joined: date | None = None,
    left: date | None = None,
    pauses: Sequence[Period] = (),
    until: date | None = None,
) -> list[Mark]:
    """The marks of past sessions on the days on which this enrolment took part.

    From ``joined`` to ``left``, both included, without the pauses (an open pause ends on date.max), and not
    after ``until``. The 16-hour rule looks at a person over all cohorts: filter per enrolment, then put
    them together.
    """
    return [
        mark
        for mark in marks
        if not mark.ahead
        and (joined is None or mark.on >= joined)
        and (left is None or mark.on <= left)
        and (until is None or mark.on <= until)
        and not any(mark.on in pause for pause in pauses)
    ]


def figures(
    marks: Iterable[Mark],
    *,
    until: date | None = None,
    joined: date | None = None,
    left: date | None = None,
    pauses: Sequence[Period] = (),
    statuses: Mapping[str, Status] = STATUSES,
) -> Figures:
    """Attendance over past, not cancelled sessions between joining and leaving, outside pauses.

    ``until`` is the last day that counts as past (None: all given). Sessions that are not past yet (``ahead``) are
    left out. All types of session count here.
    """
    sums: Counter[str] = Counter()
    for mark in within(marks, joined=joined, left=left, pauses=pauses, until=until):
        if not mark.cancelled:
            _add(sums, mark, status_of(mark, statuses))
    return Figures(**sums)


def _add(sums: Counter[str], mark: Mark, status: Status | None) -> None:
    if status is None or not status.judged:
        if status is None or status.key != NOT_APPLICABLE:
            sums["unrecorded"] += 1
            sums["unrecorded_minutes"] += mark.planned
            sums["reported"] += status is not None
        return
    sums["sessions"] += 1
    sums["planned"] += mark.planned
    if mark.lost:
        sums["missed"] += mark.lost
        sums[_kind(status, mark)] += mark.lost


def _kind(status: Status, mark: Mark) -> str:
    """Under which of the five heads the missed minutes go; a school's own status goes by what it means.

    Late or left early is unexcused where the school's rule says so.
    """
    if status.judgement is Judgement.PRESENT and mark.late_counts:
        return "unexcused"
    if status.judgement is Judgement.PRESENT:
        return "left_early" if status.key == "left_early" else "late"
    if status.excused:
        return "ill" if status.key == "ill" else "excused"
    return "unexcused"
