"""Statuses of a mark, and the minutes that belong to them. Pure.

Statuses are data: a school may edit labels, letters and import codes, so nothing below looks at a key where
judgement, excused and minutes tell enough. Interpretations: docs/decisions/0011-attendance-figures.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import Literal
from uuid import UUID

from inleer.errors import DomainError

SessionId = UUID | str | int
Minutes = Literal["none", "some", "all"]


class Judgement(StrEnum):
    """Was the person there? ``unknown`` is neither: nobody has judged it."""

    UNKNOWN = "unknown"
    PRESENT = "present"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Status:
    """One kind of mark.

    ``letter`` is the key on the register's keyboard. ``excused`` is None where the question does not arise.
    ``minutes``: "none" are asked, "some" must be given (late, left early), "all" means the whole session
    unless fewer are given. A status with ``judged`` False is no base for a percentage. Raises ValueError
    for a judged status that says neither present nor absent, or a judged absence that is neither excused
    nor not.
    """

    key: str
    letter: str
    label_nl: str
    judgement: Judgement
    excused: bool | None
    minutes: Minutes
    judged: bool

    def __post_init__(self) -> None:
        if self.judged and self.judgement is Judgement.UNKNOWN:
            raise ValueError(f"status {self.key} is judged, so it must say present or absent")
        if self.judged and self.judgement is Judgement.ABSENT and self.excused is None:
            raise ValueError(f"status {self.key} must say whether the absence is excused")


_CATALOGUE = (
    Status("present", "A", "Aanwezig", Judgement.PRESENT, None, "none", judged=True),
    Status("late", "L", "Te laat", Judgement.PRESENT, None, "some", judged=True),
    Status("left_early", "V", "Eerder weg", Judgement.PRESENT, None, "some", judged=True),
    Status("ill", "Z", "Ziek", Judgement.ABSENT, True, "all", judged=True),
    Status("excused", "G", "Geoorloofd afwezig", Judgement.ABSENT, True, "all", judged=True),
    Status("unexcused", "O", "Ongeoorloofd afwezig", Judgement.ABSENT, False, "all", judged=True),
    Status("reported", "M", "Gemeld, nog niet beoordeeld", Judgement.UNKNOWN, None, "none", judged=False),
    Status("not_applicable", "N", "Niet van toepassing", Judgement.UNKNOWN, None, "none", judged=False),
)

#: The default catalogue, by key, in the order of the register.
STATUSES: Mapping[str, Status] = MappingProxyType({status.key: status for status in _CATALOGUE})

#: The default import codes (upper case) → status key; a school may edit its own.
IMPORT_CODES: Mapping[str, str] = MappingProxyType(
    {"A": "present", "TL": "late", "VV": "left_early", "Z": "ill", "G": "excused", "O": "unexcused"}
)

#: Recorded, yet the session was not meant for this person: left out of every figure.
NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Mark:
    """One planned session of one person, with its mark if there is one.

    ``on``: the day in Europe/Amsterdam. ``planned`` and ``missed``: minutes. ``counts``: whether the type of
    session counts for the 16-hour rule. ``status``: key of a Status, None when nothing is recorded.
    A session that was shortened after it was recorded can leave more missed than planned minutes; ``lost`` is
    what counts then. ``late_counts``: whether being late or leaving early is unexcused there, by the rule of the
    session's school on that day. ``ahead``: whether the session is not past yet (:func:`has_been`). Raises ValueError
    for negative minutes.
    """

    session_id: SessionId
    on: date
    planned: int
    counts: bool
    status: str | None = None
    missed: int = 0
    cancelled: bool = False
    late_counts: bool = False
    ahead: bool = False

    def __post_init__(self) -> None:
        if self.planned < 0 or self.missed < 0:
            raise ValueError(f"negative minutes in session {self.session_id}")

    @property
    def lost(self) -> int:
        """Minutes missed, never more than planned."""
        return min(self.missed, self.planned)


def has_been(state: str, ends_at: datetime, now: datetime) -> bool:
    """Whether a session is past: its end has come, or somebody finished its list before that.

    Until then no figure and no rule counts it. docs/decisions/0067-when-a-lesson-is-past.md.
    """
    return state in ("recorded", "locked") or ends_at <= now


def status_of(mark: Mark, statuses: Mapping[str, Status] = STATUSES) -> Status | None:
    """The status of a mark, None when nothing is recorded. ValueError for a key that does not exist."""
    if mark.status is None:
        return None
    if mark.status not in statuses:
        raise ValueError(f"unknown attendance status {mark.status!r}")
    return statuses[mark.status]


def is_judged(mark: Mark, statuses: Mapping[str, Status] = STATUSES) -> bool:
    """Whether somebody judged this session: present, absent or part of it."""
    status = status_of(mark, statuses)
    return status is not None and status.judged


def status_for_code(code: str, codes: Mapping[str, str] = IMPORT_CODES) -> str:
    """The status key of an imported code; upper or lower case, spaces around it do not matter.

    Raises DomainError (field "status") for a code that the school does not know.
    """
    folded = code.strip().casefold()
    for known, key in codes.items():
        if known.casefold() == folded:
            return key
    raise DomainError(f"De code “{code.strip()}” is onbekend. Bekend zijn: {', '.join(codes)}.", "status")


def missed_minutes(status: Status, planned: int, minutes: int | None) -> int:
    """The minutes missed under ``status`` in a session of ``planned`` minutes; blank is None.

    Raises DomainError (field "minutes") where check_minutes does.
    """
    check_minutes(status, planned, minutes)
    if status.minutes == "none":
        return 0
    return planned if minutes is None else minutes


def check_minutes(status: Status, planned: int, minutes: int | None) -> None:
    """Refuses minutes that cannot be: DomainError with a Dutch sentence, field "minutes".

    Late and left early need 1 minute to less than ``planned``: who missed all of it was absent. Ill, excused and
    unexcused take blank (the whole session) or 1 to ``planned``. Other statuses take blank or 0. ValueError when
    ``planned`` is not positive.
    """
    if planned <= 0:
        raise ValueError("a session has at least one planned minute")
    if status.minutes == "none":
        if minutes:
            raise DomainError(f"Bij “{status.label_nl}” horen geen minuten.", "minutes")
        return
    if minutes is None:
        if status.minutes == "some":
            raise DomainError(f"Vul bij “{status.label_nl}” in hoeveel minuten er gemist zijn.", "minutes")
        return
    if minutes < 1:
        blank = "" if status.minutes == "some" else " Leeg betekent: de hele les."
        raise DomainError(f"Vul bij “{status.label_nl}” minstens 1 minuut in.{blank}", "minutes")
    if status.minutes == "some" and minutes == planned:
        raise DomainError(
            f"De hele les gemist ({planned} minuten) is niet “{status.label_nl}”: kies afwezig (Z, G of O).",
            "minutes",
        )
    if minutes > planned:
        raise DomainError(f"{minutes} minuten is meer dan de les duurt ({planned} minuten).", "minutes")


def session_minutes(starts_at: datetime, ends_at: datetime) -> int:
    """Real minutes between two aware moments, also across a clock change; part of a minute is dropped.

    Raises ValueError for a naive datetime or when the end does not lie after the start.
    """
    if starts_at.tzinfo is None or ends_at.tzinfo is None:
        raise ValueError("naive datetime")
    # Two moments in one time zone are subtracted by the clock on the wall; only UTC gives elapsed time.
    minutes = int((ends_at.astimezone(UTC) - starts_at.astimezone(UTC)).total_seconds() // 60)
    if minutes < 1:
        raise ValueError("Het einde moet na het begin liggen.")
    return minutes


def is_no_show(mark: Mark, statuses: Mapping[str, Status] = STATUSES) -> bool:
    """Whether the whole session was missed without an excuse."""
    status = status_of(mark, statuses)
    return (
        status is not None
        and status.judged
        and status.judgement is Judgement.ABSENT
        and status.excused is False
        and mark.planned > 0
        and mark.missed >= mark.planned
    )


def unexcused_minutes(mark: Mark, statuses: Mapping[str, Status] = STATUSES) -> int:
    """Minutes missed without an excuse; those of late and left early only by the school's rule."""
    status = status_of(mark, statuses)
    if status is None or not status.judged or mark.cancelled:
        return 0
    if status.excused is False:
        return mark.lost
    part = status.excused is None and status.judgement is Judgement.PRESENT
    return mark.lost if part and mark.late_counts else 0


def countable(marks: Iterable[Mark], statuses: Mapping[str, Status] = STATUSES) -> list[Mark]:
    """The marks that the absence rules look at: type counts, not cancelled, each session once; by day.

    A session of two cohorts can hold two marks of a person who moved from one to the other. It was still one
    session: a judged mark goes before an unjudged one, and of two judged ones the one with least unexcused.
    """
    best: dict[SessionId, Mark] = {}
    for mark in marks:
        if mark.cancelled or not mark.counts:
            continue
        known = best.setdefault(mark.session_id, mark)
        if known is not mark and _rank(mark, statuses) < _rank(known, statuses):
            best[mark.session_id] = mark
    found = sorted(best.values(), key=lambda mark: mark.on)
    # Ids decide only between sessions of one day, which are few: turning each into text takes most of the time.
    if any(one.on == other.on for one, other in pairwise(found)):
        found.sort(key=lambda mark: (mark.on, str(mark.session_id)))
    return found


def _rank(mark: Mark, statuses: Mapping[str, Status]) -> tuple[bool, int, int, str]:
    """Which of two marks of one session counts: the lower."""
    return not is_judged(mark, statuses), unexcused_minutes(mark, statuses), mark.lost, mark.status or ""
