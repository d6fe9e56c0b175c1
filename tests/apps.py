"""Applications that several tests use, one after another.

Making one costs a fifth of a second, and a fresh one compiles every template, address and statement again: most of
the time of a test that opens one page. So a test gets the application of an earlier test with the same settings,
unless that test left something changed: then it is thrown away.
"""

from __future__ import annotations

from typing import Any

from flask import Flask

from inleer import policy
from inleer.config import Settings
from inleer.extend import Registry
from inleer.web import logs
from tests.client import Client

#: Settings of which an application is kept; few tests have settings of their own.
MOST = 6
_kept: dict[Settings, tuple[Flask, tuple[Any, ...]]] = {}


class Same:
    """Equal to the same thing only. Holds it: the address of a thing that is gone is given to another."""

    def __init__(self, value: object) -> None:
        """Hold ``value``."""
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.value is self.value

    __hash__ = None  # type: ignore[assignment]


def borrow(settings: Settings) -> Flask:
    """An application with these settings, as create_app makes it. Whoever is done with it calls ``give_back``."""
    from inleer.app import create_app

    found = _kept.pop(settings, None)
    if found is None:
        app = create_app(settings)
        app.test_client_class = Client
        return app
    app = found[0]
    # What create_app leaves in the process, and another application may have changed.
    logs.configure(settings)
    policy.set_plugin_grants(app.extensions["inleer"].grants)
    app._got_first_request = False  # a test may add pages of its own
    return app


def as_it_is(app: Flask) -> tuple[Any, ...]:
    """What of an application a test may change."""
    registry: Registry = app.extensions["inleer"]
    env = app.jinja_env
    return (
        dict(app.config),
        {name: Same(value) for name, value in app.extensions.items() if not isinstance(value, dict)},
        set(app.extensions.get("csrf")._exempt_views),  # type: ignore[union-attr]
        (len(registry.faults.recent), len(registry.faults.unsaved), dict(registry.faults._stopped)),
        {endpoint: Same(view) for endpoint, view in app.view_functions.items()},
        sum(1 for _rule in app.url_map.iter_rules()),
        _listed(app.before_request_funcs),
        _listed(app.after_request_funcs),
        _listed(app.teardown_request_funcs),
        _listed(app.template_context_processors),
        [Same(function) for function in app.teardown_appcontext_funcs],
        {
            code: {kind: Same(f) for kind, f in found.items()}
            for code, found in app.error_handler_spec[None].items()
        },
        Same(app.wsgi_app),
        {name: Same(value) for name, value in env.globals.items()},
        {name: Same(value) for name, value in env.filters.items()},
        (Same(env.loader), Same(env.cache), Same(env.undefined), env.autoescape),
    )


def _listed(functions: Any) -> dict[Any, list[Same]]:
    return {name: [Same(function) for function in found] for name, found in functions.items()}


def give_back(app: Flask, before: tuple[Any, ...]) -> None:
    """Keep an application for the next test, when it is as it was ``before`` this one."""
    if as_it_is(app) == before:
        if len(_kept) >= MOST:
            _kept.pop(next(iter(_kept)))
        _kept[app.config["INLEER"]] = (app, before)
