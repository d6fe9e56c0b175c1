"""Every address of the application, with something plausible in its places: for tests that walk over all rules."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from flask import Flask
from werkzeug.routing import AnyConverter, BaseConverter, Rule, UUIDConverter

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def address(rule: Rule) -> str:
    """A rule as a path; ids that do not exist, and the first of a list of words."""
    path = rule.build(
        {name: _sample(place) for name, place in rule._converters.items()}, append_unknown=False
    )
    assert path is not None, rule
    return path[1]


def _sample(place: BaseConverter) -> str:
    if isinstance(place, UUIDConverter):
        return str(UUID(int=5))
    return min(place.items) if isinstance(place, AnyConverter) else "x"


def readable(app: Flask) -> Iterator[tuple[str, str]]:
    """(endpoint, path) of every rule that answers GET, static files excepted."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint != "static":
            yield rule.endpoint, address(rule)


def writable(app: Flask) -> Iterator[tuple[str, str, str]]:
    """(endpoint, method, path) of every rule and method that may change something."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - SAFE):
            yield rule.endpoint, method, address(rule)
