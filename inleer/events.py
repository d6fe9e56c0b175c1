"""Events go up by a call, never by import: a lower floor fires, a higher one listens, in the same transaction.

The core's own listeners are connected by create_app and roll back with the save; plugins get hooks of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

Listener = Callable[[Any, frozenset[UUID]], None]


class Event:
    """Something that happened to the things with these ids. Listeners run at once, in order of connection."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._listeners: list[Listener] = []

    def connect(self, listener: Listener) -> None:
        """Let ``listener(actor, ids)`` follow this event; connecting twice changes nothing."""
        if listener not in self._listeners:
            self._listeners.append(listener)

    def fire(self, actor: Any, ids: Iterable[UUID]) -> None:
        """Tell every listener, unless there is nothing to tell."""
        about = frozenset(ids)
        if about:
            for listener in self._listeners:
                listener(actor, about)


#: Marks, dates, pauses or sessions changed: the figures of these enrolments must be made again.
figures_changed = Event("figures_changed")

#: These sessions got other times: what was missed of a whole session must be measured again.
session_retimed = Event("session_retimed")

#: These sessions are recorded or cancelled: nobody has to record them any more.
session_settled = Event("session_settled")

#: A date of birth or qualification changed: what absence means for these candidates must be said again.
person_changed = Event("person_changed")
