"""One moment of a candidate's timeline, as :mod:`inleer.reports.timeline` reads it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from inleer import clock
from inleer.cohorts.completion_rules import from_store, sentences
from inleer.policy import system_actor


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened. ``what`` is step, pause, coach, phase, note, signal, escalation or correction.

    ``code`` and ``more`` are the codes of that kind (states, rule, category, status) or the names of coaches;
    ``state`` is that of a signal, escalation or note (removed or not); ``text`` what somebody wrote; ``author_id`` who
    wrote a note; ``before`` the first day that a step replaced; ``begins`` the first day of a step recorded before it;
    ``other_id`` the other edition of a move; ``returns`` whether who stopped would come back (a code). A step that was
    taken back says when and by whom (``undone_at``, ``undone_by``) and counts nowhere.
    """

    what: str
    id: UUID
    at: datetime
    on: date
    code: str
    more: str
    state: str
    text: str
    by: str
    answer: str
    place: str
    author_id: UUID | None
    version: int
    before: date | None = None
    begins: date | None = None
    other_id: UUID | None = None
    returns: str = ""
    undone_at: datetime | None = None
    undone_by: str = ""

    @property
    def daily(self) -> bool:
        """Whether the calendar took this step: the first day had come."""
        return (self.more, self.code) == ("selected", "active") and self.by == system_actor().name


def moment_of(row: Any) -> Moment:
    """A moment from a row of the timeline's statement."""
    on = row.on if row.on is not None else clock.local(row.at).date()
    at = row.at if row.at is not None else clock.at(on, datetime.min.time())
    recorded = clock.local(at).date()
    ahead = (
        row.what == "step" and on > recorded
    )  # it stands on the day it was made, not among what is to come
    return Moment(
        what=row.what,
        id=row.id,
        at=at,
        on=recorded if ahead else on,
        code=row.code or "",
        more=row.more or "",
        state=row.state or "",
        text=row.text or "",
        by=row.by or "",
        answer=_verdicts(row.answer) if row.what == "phase" else row.answer or "",
        place=row.place or "",
        author_id=row.author_id,
        version=row.version or 0,
        before=row.before,
        begins=on if ahead else None,
        other_id=row.other_id,
        returns=row.returns or "",
        undone_at=row.undone_at,
        undone_by=row.undone_by or "",
    )


def _verdicts(stored: str) -> str:
    """The kept verdicts of a completed phase in words."""
    return sentences(from_store(json.loads(stored)))
