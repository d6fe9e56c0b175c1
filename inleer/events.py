"""Events go up by a call, never by import: a lower floor fires, a higher one listens, in the same transaction.

The core's own listeners are connected by create_app and roll back with the save; plugins get hooks of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar
from uuid import UUID

T = TypeVar("T", bound=Hashable)


class Event(Generic[T]):
    """Something that happened to these things (usually ids). Listeners run at once, in order of connection."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._listeners: list[Callable[[Any, frozenset[T]], None]] = []

    def connect(self, listener: Callable[[Any, frozenset[T]], None]) -> None:
        """Let ``listener(actor, things)`` follow this event; connecting twice changes nothing."""
        if listener not in self._listeners:
            self._listeners.append(listener)

    def fire(self, actor: Any, things: Iterable[T]) -> None:
        """Tell every listener, unless there is nothing to tell."""
        about = frozenset(things)
        if about:
            for listener in self._listeners:
                listener(actor, about)


@dataclass(frozen=True, slots=True)
class MarkChange:
    """The mark of an enrolment in the session of a day changed. ``judged``: 1 when it is judged now and was not
    before, -1 the other way round, 0 otherwise and as long as the session is not past. ``planned``: so many minutes
    more are judged."""

    enrolment_id: UUID
    on: date
    judged: int
    planned: int


@dataclass(frozen=True, slots=True)
class PhaseDone:
    """That somebody completed a phase, by the phase's key in the route."""

    enrolment_id: UUID
    phase_key: str


#: Dates, pauses, sessions or marks in many of them changed: all figures of these enrolments must be made again.
figures_changed: Event[UUID] = Event("figures_changed")

#: Marks of one session changed, and nothing else: the figures follow from those there were.
marks_changed: Event[MarkChange] = Event("marks_changed")

#: These sessions got other times: what was missed of a whole session must be measured again.
session_retimed: Event[UUID] = Event("session_retimed")

#: These sessions go on after all: they were cancelled.
session_resumed: Event[UUID] = Event("session_resumed")

#: These sessions are recorded or cancelled: nobody has to record them any more.
session_settled: Event[UUID] = Event("session_settled")

#: These candidates are in the caseload of another coach now.
coach_changed: Event[UUID] = Event("coach_changed")

#: A date of birth or qualification changed: what absence means for these candidates must be said again.
person_changed: Event[UUID] = Event("person_changed")

#: These enrolments were made, or their state or dates changed. For plugins; the core follows figures_changed.
enrolment_changed: Event[UUID] = Event("enrolment_changed")

#: These people completed a phase.
phase_completed: Event[PhaseDone] = Event("phase_completed")

#: Placements of these enrolments were made, changed or ended.
placement_changed: Event[UUID] = Event("placement_changed")

#: These job intentions were written down, answered or changed.
intention_changed: Event[UUID] = Event("intention_changed")

#: Attendance of these enrolments came in from a file, or other marks of them count now: a session ended, was moved or
#: cancelled. What a register saves is told as marks_changed. For plugins; the core follows figures_changed.
attendance_recorded: Event[UUID] = Event("attendance_recorded")
