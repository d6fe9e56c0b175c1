"""Calling a plugin while people wait. A fault in it is logged with its name and costs only its own box.

This contains faults, not malice: a plugin runs in the same process and is trusted (docs/decisions/0022).
"""

from __future__ import annotations

import time
import traceback
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any, Final, TypeVar
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from inleer import clock

T = TypeVar("T")
SLOW_SECONDS: Final = 1.0
_log = structlog.get_logger("inleer.extend")


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Stands in for a result that did not come: the page shows "niet beschikbaar" in its place."""

    plugin: str
    key: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that went wrong, or went slowly, for the administrator's page. Holds names and ids, no
    values."""

    at: datetime
    plugin: str
    key: str
    kind: str
    detail: str
    seconds: float


@dataclass(slots=True)
class FaultLog:
    """The last faults and slow calls of this worker process."""

    recent: deque[Fault] = field(default_factory=lambda: deque(maxlen=100))
    _lock: Lock = field(default_factory=Lock)

    def add(self, fault: Fault) -> None:
        """Keep ``fault``; the oldest of a hundred makes room."""
        with self._lock:
            self.recent.append(fault)

    def of(self, plugin: str) -> tuple[Fault, ...]:
        """What is kept about one plugin, newest first."""
        with self._lock:
            return tuple(f for f in reversed(self.recent) if f.plugin == plugin)


def call(
    log: FaultLog,
    session: Session,
    plugin: str,
    key: str,
    function: Callable[[], object],
    accept: Callable[[Any], T],
) -> T | Unavailable:
    """Call ``function`` for ``plugin`` and pass its result through ``accept`` (which raises on a wrong
    shape).

    Runs in a savepoint, which SQLAlchemy sends only when the session is used in it. After a fault everything
    the plugin did is undone, what the core did before stays, and the answer is Unavailable. KeyboardInterrupt
    passes.
    """
    session.flush()  # the core's own pending rows fail as the core's, not as the plugin's
    began = time.perf_counter()
    kept = _copies(session)
    try:
        with session.begin_nested():
            result = accept(function())
    except (Exception, SystemExit) as error:
        # A rollback, of a savepoint too, makes the audit trail forget what the core recorded before: give it back.
        session.info.clear()
        session.info.update(kept)
        _note(log, plugin, key, "fault", _where(error), began)
        return Unavailable(plugin, key)
    if time.perf_counter() - began > SLOW_SECONDS:
        _note(log, plugin, key, "slow", "", began)
    return result


def boxes(ids: Sequence[UUID]) -> Callable[[Any], dict[UUID, dict[str, Any]]]:
    """An ``accept`` for slots: a mapping of some of ``ids`` to mappings with text keys."""
    asked = frozenset(ids)

    def accept(result: Any) -> dict[UUID, dict[str, Any]]:
        if not isinstance(result, Mapping) or not set(result) <= asked:
            raise TypeError("a slot answers a mapping with ids it was asked for")
        return {key: _context(value) for key, value in result.items()}

    return accept


def panel(result: Any) -> dict[str, Any] | None:
    """An ``accept`` for panels: a mapping with text keys, or None."""
    return None if result is None else _context(result)


def records(kind: type[T]) -> Callable[[Any], tuple[T, ...]]:
    """An ``accept`` for signals: a list or tuple of ``kind``."""

    def accept(result: Any) -> tuple[T, ...]:
        if not isinstance(result, list | tuple) or not all(isinstance(item, kind) for item in result):
            raise TypeError(f"expected a list of {kind.__name__}")
        return tuple(result)

    return accept


def verdicts(ids: Sequence[UUID], kind: type[T]) -> Callable[[Any], dict[UUID, T]]:
    """An ``accept`` for rules: a mapping with exactly ``ids`` to ``kind``."""
    asked = frozenset(ids)

    def accept(result: Any) -> dict[UUID, T]:
        if not isinstance(result, Mapping) or set(result) != asked:
            raise TypeError("a rule answers for each id it was asked for")
        if not all(isinstance(value, kind) for value in result.values()):
            raise TypeError(f"expected {kind.__name__} per id")
        return dict(result)

    return accept


def _context(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
        raise TypeError("a template context is a mapping with text keys")
    return dict(value)


def _copies(session: Session) -> dict[Any, Any]:
    """The session's notes (pending audit events, actions after commit), so that a rollback cannot lose
    them."""
    kinds = (list, set, dict)
    return {name: note.copy() if isinstance(note, kinds) else note for name, note in session.info.items()}


def _where(error: BaseException) -> str:
    """The type of an error and where it was raised; not its message, which may hold personal data."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" in {frames[-1].name}, regel {frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


def _note(log: FaultLog, plugin: str, key: str, kind: str, detail: str, began: float) -> None:
    seconds = round(time.perf_counter() - began, 3)
    log.add(Fault(clock.now(), plugin, key, kind, detail, seconds))
    write = _log.error if kind == "fault" else _log.warning
    write(f"plugin_{kind}", plugin=plugin, key=key, detail=detail, seconds=seconds)
