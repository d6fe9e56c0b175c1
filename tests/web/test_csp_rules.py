"""The content security policy against the ten rules of internet.nl (promise 50), each with a policy that breaks it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from inleer.web.headers import CSP

Directives = Mapping[str, tuple[str, ...]]


def directives(policy: str) -> dict[str, tuple[str, ...]]:
    """Each directive with its sources, in small letters."""
    parts = [part.split() for part in policy.lower().split(";") if part.strip()]
    return {name: tuple(sources) for name, *sources in parts}


def _closed(given: Directives, *names: str) -> bool:
    """Whether the first directive that is there allows this site at most."""
    sources = next((given[name] for name in names if name in given), None)
    return bool(sources) and set(sources or ()) <= {"'none'", "'self'"}


def _sources(given: Directives) -> list[str]:
    return [source for sources in given.values() for source in sources]


RULES: dict[str, Callable[[Directives], bool]] = {
    "default-src": lambda given: _closed(given, "default-src"),
    "base-uri": lambda given: _closed(given, "base-uri"),
    "form-action": lambda given: _closed(given, "form-action"),
    "frame-ancestors": lambda given: _closed(given, "frame-ancestors"),
    "frame-src": lambda given: _closed(given, "frame-src", "child-src", "default-src"),
    "nothing unsafe": lambda given: not any(s.startswith("'unsafe-") for s in _sources(given)),
    "no data": lambda given: not any(s == "data:" for s in _sources(given)),
    "no http": lambda given: not any(s.startswith("http:") for s in _sources(given)),
    "no bare scheme or star": lambda given: (
        not any(s in ("https:", "*", "wss:", "blob:") or "*" in s for s in _sources(given))
    ),
    "no loopback": lambda given: not any("127.0.0.1" in s or "localhost" in s for s in _sources(given)),
}
PLANTED = {
    "default-src": CSP.replace("default-src 'none'", "default-src https://elders.example"),
    "base-uri": CSP.replace("base-uri 'none'; ", ""),
    "form-action": CSP.replace("form-action 'self'; ", ""),
    "frame-ancestors": CSP.replace("frame-ancestors 'none'; ", ""),
    "frame-src": CSP.replace("frame-src 'none'", "frame-src https://elders.example"),
    "nothing unsafe": CSP.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'"),
    "no data": CSP.replace("img-src 'self'", "img-src 'self' data:"),
    "no http": CSP.replace("img-src 'self'", "img-src http://inleer.example"),
    "no bare scheme or star": CSP.replace("connect-src 'self'", "connect-src https:"),
    "no loopback": CSP.replace("connect-src 'self'", "connect-src 'self' 127.0.0.1"),
}


def broken(policy: str) -> set[str]:
    """The rules that a policy does not keep."""
    given = directives(policy)
    return {name for name, kept in RULES.items() if not kept(given)}


def test_the_ten_rules_are_kept() -> None:
    assert len(RULES) == 10
    assert broken(CSP) == set()


@pytest.mark.parametrize("rule", RULES)
def test_a_policy_that_breaks_a_rule_is_found(rule: str) -> None:
    assert PLANTED[rule] != CSP, "nothing was planted"
    assert rule in broken(PLANTED[rule])
