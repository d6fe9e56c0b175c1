"""What a list of attendance marks would do: for whom, in which session, new or other than what stands. Pure.

How a line finds its person and its session: docs/decisions/0051-matching.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from inleer.attendance.rules import STATUSES, check_minutes, missed_minutes, status_for_code
from inleer.calendars.rules import Period
from inleer.cohorts.models import Session
from inleer.errors import DomainError
from inleer.exchange.cells import Notice
from inleer.exchange.plan_common import Change, Draft, Step, verdict_of
from inleer.exchange.rows_attendance import AttendanceRow
from inleer.exchange.rows_common import Parsed
from inleer.exchange.values import fold
from inleer.i18n import _, format_date, ngettext

TAKES_PART = ("selected", "active", "paused", "completed", "dropped_out", "moved")


@dataclass(frozen=True, slots=True)
class Participant:
    """An enrolment in this cohort with the days on which it takes part."""

    enrolment_id: UUID
    state: str
    joined_on: date | None
    left_on: date | None
    pauses: tuple[Period, ...]


class Stamp(NamedTuple):
    """Who recorded a mark, and when."""

    recorded_by_id: UUID
    recorded_by_name: str
    recorded_at: datetime


class StoredMark(NamedTuple):
    """A mark as it is stored."""

    status: str
    minutes: int | None
    missed: int
    version: int
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class KnownAttendance:
    """What is known before. ``by_school`` and ``by_client``: number → candidate; ``participants`` by candidate;
    ``sessions`` by day; ``marks`` by (enrolment, session); ``codes``: the school's code → status;
    ``closed``: sessions whose register is closed, so that a change there is a correction with a reason."""

    today: date
    by_school: Mapping[str, UUID]
    by_client: Mapping[str, UUID]
    participants: Mapping[UUID, Participant]
    sessions: Mapping[date, Sequence[Session]]
    marks: Mapping[tuple[UUID, UUID], StoredMark]
    codes: Mapping[str, str]
    closed: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class MarkWork:
    """One mark to store. ``minutes`` as they were sent (None: blank), ``missed`` what they mean."""

    enrolment_id: UUID
    session: Session
    status: str
    minutes: int | None
    missed: int
    stored: StoredMark | None


class _Refused(Exception):
    def __init__(self, key: str, message: str) -> None:
        self.key = key
        self.message = message


def plan(parsed: Parsed[AttendanceRow], known: KnownAttendance) -> Draft[MarkWork]:
    """What each line does, with every problem that only shows beside the register."""
    draft: Draft[MarkWork] = Draft(parsed.columns)
    first: dict[tuple[UUID, UUID], int] = {}
    for number, row in parsed.rows:
        try:
            work = _work(row, known)
            earlier = first.setdefault((work.enrolment_id, work.session.id), number)
            if earlier != number:
                message = _("Voor deze persoon en deze les staat al een regel op rij %(row)s.", row=earlier)
                raise _Refused("number", message)
        except _Refused as refused:
            draft.refuse(number, refused.key, refused.message)
            continue
        changes = _changes(work)
        verdict = verdict_of(work.stored is not None, changes)
        draft.steps.append(Step(number, verdict, f"{row.number}, {row.on:%d-%m-%Y}", work, changes))
    stored = [step.what.stored for step in draft.steps if step.verdict == "updated"]
    if changed := Counter(mark.stamp.recorded_by_name for mark in stored if mark):
        draft.notices.append(Notice(_recorded_otherwise(changed)))
    return draft


def _recorded_otherwise(changed: Counter[str]) -> str:
    """A file goes before what was recorded: who recorded it is named, so that it can be asked."""
    who = ", ".join(f"{name} ({n})" for name, n in changed.most_common())
    return ngettext(
        "%(n)s vastgelegde aanwezigheid wordt anders. Vastgelegd door: %(who)s.",
        "%(n)s vastgelegde aanwezigheden worden anders. Vastgelegd door: %(who)s.",
        changed.total(),
        who=who,
    )


def _work(row: AttendanceRow, known: KnownAttendance) -> MarkWork:
    participant = _participant(row, known)
    session = _session(row, known)
    _check_day(participant, session.on)
    try:
        status = STATUSES[status_for_code(row.code, known.codes)]
    except DomainError as error:
        raise _Refused("code", error.message) from error
    minutes = None if status.minutes == "none" and not row.minutes else row.minutes
    try:
        check_minutes(status, session.planned_minutes, minutes)
    except DomainError as error:
        raise _Refused("minutes", error.message) from error
    missed = missed_minutes(status, session.planned_minutes, minutes)
    stored = known.marks.get((participant.enrolment_id, session.id))
    if session.id in known.closed and (
        stored is None or (stored.status, stored.missed) != (status.key, missed)
    ):
        raise _Refused(
            "on", _("Deze les is dicht. Een verbetering kan nog, met een reden, in de presentielijst.")
        )
    return MarkWork(participant.enrolment_id, session, status.key, minutes, missed, stored)


def _participant(row: AttendanceRow, known: KnownAttendance) -> Participant:
    """The sender's own numbers go first, then client numbers; when they name two people, neither is meant."""
    ours, theirs = known.by_client.get(row.number), known.by_school.get(row.number)
    if ours is not None and theirs is not None and ours != theirs:
        message = _(
            "Nummer %(number)s is bij de school iemand anders dan bij het werkbedrijf.", number=row.number
        )
        raise _Refused("number", message)
    person = theirs or ours
    if person is None:
        raise _Refused("number", _("Nummer %(number)s is niet bekend.", number=row.number))
    participant = known.participants.get(person)
    if participant is None or participant.state not in TAKES_PART:
        message = _("Nummer %(number)s doet niet mee aan deze lichting.", number=row.number)
        raise _Refused("number", message)
    return participant


def _session(row: AttendanceRow, known: KnownAttendance) -> Session:
    """The session of that day; with several that day the one with this lesson code or title."""
    on_day = known.sessions.get(row.on, ())
    if row.on > known.today:
        raise _Refused("on", _("%(day)s is nog niet geweest.", day=format_date(row.on)))
    held = [s for s in on_day if s.state != "cancelled"]
    if not on_day:
        raise _Refused("on", _("Op %(day)s is er geen les van deze lichting.", day=format_date(row.on)))
    if len(on_day) == 1 and held:
        return held[0]
    named = [s for s in on_day if row.lesson and _is_named(s, row.lesson)]
    wanted = [s for s in named if s.state != "cancelled"]
    if len(wanted) == 1:
        return wanted[0]
    if not held or (named and not wanted):
        raise _Refused("on", _("De les op %(day)s is geannuleerd.", day=format_date(row.on)))
    if len(held) == 1:
        return held[0]
    names = ", ".join(s.code or s.title for s in held)
    day = format_date(row.on)
    if wanted:
        message = _("Op %(day)s zijn er meer lessen met deze lescode (%(names)s).", day=day, names=names)
    else:
        message = _(
            "Op %(day)s zijn er meer lessen (%(names)s). Zet bij elke regel de lescode.", day=day, names=names
        )
    raise _Refused("lesson", message)


def _is_named(session: Session, lesson: str) -> bool:
    wanted = fold(lesson)
    return wanted in (fold(session.code or ""), fold(session.title))


def takes_part(participant: Participant, day: date) -> bool:
    """Whether somebody is in the register of a session on this day."""
    try:
        _check_day(participant, day)
    except _Refused:
        return False
    return participant.state in TAKES_PART


def _check_day(participant: Participant, day: date) -> None:
    if participant.joined_on is None or day < participant.joined_on:
        raise _Refused("on", _("Deze deelnemer was op %(day)s nog niet ingestapt.", day=format_date(day)))
    if participant.left_on is not None and day > participant.left_on:
        raise _Refused("on", _("Deze deelnemer was op %(day)s al gestopt.", day=format_date(day)))
    if any(day in pause for pause in participant.pauses):
        raise _Refused("on", _("De deelname was op %(day)s gepauzeerd.", day=format_date(day)))


def _changes(work: MarkWork) -> tuple[Change, ...]:
    stored = work.stored
    if stored is None:
        return ()
    found = []
    if stored.status != work.status:
        found.append(Change("status", stored.status, work.status))
    if stored.missed != work.missed:
        found.append(Change("missed", stored.missed, work.missed))
    return tuple(found)
