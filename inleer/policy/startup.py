"""At start: every URL rule must have declared exactly one policy, else the app does not start."""

from __future__ import annotations

from flask import Flask

from inleer.policy.guard import Policy

# Served from a folder of public files, before any policy applies.
STATIC = "static"


class UndeclaredPolicy(RuntimeError):
    """A URL rule without @guarded or @public."""


def policy_of(app: Flask, endpoint: str) -> Policy | None:
    """The policy that an endpoint's view declared, or None."""
    return getattr(app.view_functions[endpoint], "policy", None)


def check_policies(app: Flask) -> None:
    """Raise UndeclaredPolicy naming each endpoint that forgot to declare its policy."""
    missing = sorted(
        {
            rule.endpoint
            for rule in app.url_map.iter_rules()
            if rule.endpoint != STATIC and policy_of(app, rule.endpoint) is None
        }
    )
    if missing:
        raise UndeclaredPolicy(f"no @guarded or @public on: {', '.join(missing)}")
