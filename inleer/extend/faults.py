"""Calling a plugin while people wait. A fault in it is logged with its name and costs only its own box.

This contains faults, not malice: a plugin runs in the same process and is trusted (docs/decisions/0022).
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from inleer import clock
from inleer.extend import egress
from inleer.extend.faultlog import FAULT, SLOW, Fault, FaultLog

__all__ = ["Fault", "FaultLog", "Unavailable", "call"]

T = TypeVar("T")
SLOW_SECONDS: Final = 1.0
#: A box longer than this is not shown: a page must not carry megabytes for the sake of one plugin.
MOST_CHARACTERS: Final = 200_000
#: More findings about one person at a time are an error of the plugin, and would each become a signal.
MOST_PER_PERSON: Final = 20
_log = structlog.get_logger("inleer.extend")


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Stands in for a result that did not come: the page shows "niet beschikbaar" in its place."""

    plugin: str
    key: str


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
    the plugin did is undone, what the core did before stays, and the answer is Unavailable. So it is, without a
    call, while the plugin has a rest because it kept failing. KeyboardInterrupt passes.
    """
    if log.is_stopped(plugin):
        return Unavailable(plugin, key)
    session.flush()  # the core's own pending rows fail as the core's, not as the plugin's
    began = time.perf_counter()
    kept = _copies(session)
    try:
        with session.begin_nested(), egress.running(plugin):
            result = accept(function())
    except (Exception, SystemExit) as error:
        # A rollback, of a savepoint too, makes the audit trail forget what the core recorded before: give it back.
        session.info.clear()
        session.info.update(kept)
        note_fault(log, plugin, key, error, began)
        return Unavailable(plugin, key)
    note_slow(log, plugin, key, began)
    return result


def note_fault(log: FaultLog, plugin: str, key: str, error: BaseException, began: float) -> None:
    """Log and keep that something of a plugin failed; ``began`` is when, by time.perf_counter()."""
    _note(log, plugin, key, FAULT, _where(error), began)


def note_slow(log: FaultLog, plugin: str, key: str, began: float) -> None:
    """Log and keep that something of a plugin took over a second; nothing when it did not."""
    if time.perf_counter() - began > SLOW_SECONDS:
        _note(log, plugin, key, SLOW, "", began)


def box(result: T) -> T:
    """An ``accept`` for a box that is rendered (markup, or None); raises ValueError for one that is too long."""
    if result is not None and len(str(result)) > MOST_CHARACTERS:
        raise ValueError(f"a box has at most {MOST_CHARACTERS} characters")
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


def nothing(result: Any) -> None:
    """An ``accept`` for events: what follows one answers nothing."""
    if any(one is not None for one in result):
        raise TypeError("who follows an event answers nothing")


def records(kind: type[T], people: int) -> Callable[[Any], tuple[T, ...]]:
    """An ``accept`` for signals: a list or tuple of ``kind``, about so many people."""

    def accept(result: Any) -> tuple[T, ...]:
        if not isinstance(result, list | tuple) or not all(isinstance(item, kind) for item in result):
            raise TypeError(f"expected a list of {kind.__name__}")
        if len(result) > people * MOST_PER_PERSON:
            raise ValueError(f"at most {MOST_PER_PERSON} findings about one person")
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
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename != egress.__file__]
    place = f" in {frames[-1].name}, regel {frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


def _note(log: FaultLog, plugin: str, key: str, kind: str, detail: str, began: float) -> None:
    seconds = round(time.perf_counter() - began, 3)
    log.add(Fault(clock.now(), plugin, key, kind, detail, seconds))
    write = _log.error if kind == FAULT else _log.warning
    write(f"plugin_{kind}", plugin=plugin, key=key, detail=detail, seconds=seconds)
