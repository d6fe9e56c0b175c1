"""Small checks that the frozen records share. A refused value raises DefinitionError with a Dutch
sentence."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from enum import StrEnum
from typing import Any, TypeVar

_SLUG = re.compile(r"[a-z][a-z0-9_]{0,39}")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}(\.[a-z][a-z0-9_]{0,59})")
E = TypeVar("E", bound=StrEnum)


class DefinitionError(ValueError):
    """A record of a plugin is not usable; the message names the record and says what is wrong with it."""


def require(condition: object, message: str) -> None:
    """Raise DefinitionError with ``message`` unless ``condition`` holds."""
    if not condition:
        raise DefinitionError(message)


def slug(value: object, what: str) -> None:
    """A name within its owner: lower-case letters, digits and underscores, at most 40."""
    require(
        isinstance(value, str) and _SLUG.fullmatch(value),
        f"{what} {value!r}: gebruik kleine letters, cijfers en _, te beginnen met een letter.",
    )


def dotted(value: object, what: str) -> None:
    """A key with its owner in front, as in "zorg.wijkleerbedrijf"."""
    require(
        isinstance(value, str) and _KEY.fullmatch(value),
        f"{what} {value!r}: een sleutel is 'eigenaar.naam' in kleine letters, cijfers en _.",
    )


def text(value: object, what: str, most: int = 200) -> None:
    """A text that people read: not empty, no spaces around it, at most ``most`` characters."""
    require(
        isinstance(value, str) and value and value == value.strip() and len(value) <= most,
        f"{what}: vul een tekst in van 1 tot {most} tekens, zonder spaties eromheen.",
    )


def whole(value: object, what: str) -> None:
    """A whole number (True is none)."""
    require(
        isinstance(value, int) and not isinstance(value, bool), f"{what}: {value!r} is geen geheel getal."
    )


def instance(value: object, kind: type[Any], what: str) -> None:
    """A record of ``kind``."""
    require(isinstance(value, kind), f"{what}: {value!r} is geen {kind.__name__}.")


def unique(values: Iterable[Hashable], what: str) -> None:
    """Raise DefinitionError naming the first value that occurs twice."""
    seen: set[Hashable] = set()
    for value in values:
        require(value not in seen, f"{what} {value!r} komt twee keer voor.")
        seen.add(value)


def tuple_of(value: object, kind: type[Any], what: str) -> None:
    """A tuple (not a list: records are frozen) that holds only ``kind``."""
    require(
        isinstance(value, tuple) and all(isinstance(item, kind) for item in value),
        f"{what}: geef een tuple van {kind.__name__}.",
    )


def member(record: object, name: str, enum: type[E]) -> None:
    """Let the attribute ``name`` of a frozen record be a member of ``enum``; its plain value is accepted
    too."""
    value = getattr(record, name)
    try:
        object.__setattr__(record, name, enum(value))
    except ValueError:
        known = ", ".join(e.value for e in enum)
        raise DefinitionError(f"{name} {value!r} bestaat niet; kies uit: {known}.") from None
