"""What goes wrong in plugins, as one process knows it, and the breaker: a plugin that keeps failing gets a rest."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from inleer import clock

FAULT, SLOW = "fault", "slow"
#: This many faults of a plugin within this time, and it is not called for as long as PAUSE.
MOST_FAULTS: Final = 5
WITHIN: Final = timedelta(minutes=10)
PAUSE: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that went wrong (``kind`` "fault"), or went slowly ("slow"). Holds names, no messages and no
    values."""

    at: datetime
    plugin: str
    key: str
    kind: str
    detail: str
    seconds: float


def _hundred() -> deque[Fault]:
    return deque(maxlen=100)


@dataclass(slots=True)
class FaultLog:
    """The last faults and slow calls of this process, those that are still to be stored, and who has a rest.

    A plugin's own count stops it at once, also when nothing can be stored; what the other processes count is heard
    when a fault is stored (inleer.accounts.plugin_faults).
    """

    recent: deque[Fault] = field(default_factory=_hundred)
    unsaved: deque[Fault] = field(default_factory=_hundred)
    _stopped: dict[str, datetime] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def add(self, fault: Fault) -> None:
        """Keep ``fault``; the oldest of a hundred makes room. A part that is slow is stored once in ten minutes."""
        since = fault.at - WITHIN
        with self._lock:
            same = [
                f for f in self.recent if f.plugin == fault.plugin and f.kind == fault.kind and f.at > since
            ]
            self.recent.append(fault)
            if fault.kind == FAULT or fault.key not in {f.key for f in same}:
                self.unsaved.append(fault)
            if fault.kind == FAULT and len(same) + 1 >= MOST_FAULTS:
                self._stopped[fault.plugin] = fault.at + PAUSE

    def of(self, plugin: str) -> tuple[Fault, ...]:
        """What is kept about one plugin, newest first."""
        with self._lock:
            return tuple(f for f in reversed(self.recent) if f.plugin == plugin)

    def is_stopped(self, plugin: str) -> bool:
        """Whether this plugin has a rest now and is not to be called."""
        until = self._stopped.get(plugin)
        return until is not None and clock.now() < until

    def stop(self, plugin: str, until: datetime) -> None:
        """Give a plugin a rest until a moment that all processes agree on."""
        with self._lock:
            self._stopped[plugin] = until

    def take(self) -> list[Fault]:
        """What is to be stored; it is not given again."""
        with self._lock:
            taken = list(self.unsaved)
            self.unsaved.clear()
        return taken

    def put_back(self, faults: list[Fault]) -> None:
        """What could not be stored is given again at the next :meth:`take`."""
        with self._lock:
            self.unsaved.extendleft(reversed(faults))
