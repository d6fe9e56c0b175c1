"""Route definitions as text: canonical JSON to store and compare, back to a record, and a description in
Dutch."""

from __future__ import annotations

import hashlib
import json
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from inleer.extend.types import RouteDefinition

# Raised only when stored content must be read in another way than its fields say.
FORMAT = 1


class DamagedDefinitionError(ValueError):
    """Stored content is not what was published: its hash differs, or it does not describe a route."""


def canonical(definition: RouteDefinition) -> str:
    """The one JSON text of a definition: sorted keys, no spaces, values equal to their default left out.

    Leaving defaults out keeps the text the same when a later inleer adds an optional field.
    """
    content = {"format": FORMAT, "route": _encode(definition)}
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(content: str) -> str:
    """SHA-256 of canonical content, in hexadecimal."""
    return hashlib.sha256(content.encode()).hexdigest()


@lru_cache(maxsize=64)
def parse(content: str, sha256: str) -> RouteDefinition:
    """The definition that was stored as ``content``. Raises DamagedDefinitionError when it is not what was
    published."""
    if digest(content) != sha256:
        raise DamagedDefinitionError("De inhoud van deze routeversie is veranderd na publicatie.")
    try:
        data = json.loads(content)
        if data["format"] != FORMAT:
            raise DamagedDefinitionError(
                f"Deze routeversie heeft formaat {data['format']}; bekend is {FORMAT}."
            )
        found = _decode(RouteDefinition, data["route"])
    except (KeyError, TypeError) as error:
        raise DamagedDefinitionError(f"Deze routeversie is niet te lezen: {error}") from error
    assert isinstance(found, RouteDefinition)
    return found


def _encode(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        pairs = ((f, getattr(value, f.name)) for f in fields(value))
        return {f.name: _encode(v) for f, v in pairs if f.default is MISSING or v != f.default}
    if isinstance(value, tuple):
        return [_encode(item) for item in value]
    return value.value if isinstance(value, StrEnum) else value


def _decode(hint: Any, data: Any) -> Any:
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        if data is None:
            return None
        (hint,) = (part for part in get_args(hint) if part is not NoneType)
        return _decode(hint, data)
    if origin is tuple:
        return tuple(_decode(get_args(hint)[0], item) for item in data)
    if is_dataclass(hint) and isinstance(hint, type):
        hints = get_type_hints(hint)
        unknown = sorted(set(data) - set(hints))
        if unknown:
            raise DamagedDefinitionError(f"Deze routeversie heeft onbekende velden: {', '.join(unknown)}.")
        return hint(**{name: _decode(hints[name], item) for name, item in data.items()})
    return data
