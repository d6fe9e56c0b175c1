"""At start: every URL rule has declared exactly one policy and every model of a plugin its scope, else no start."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Flask

from inleer.db import Base
from inleer.extend import Plugin, PluginError, Registry
from inleer.policy.guard import Policy
from inleer.policy.scope import is_scoped

# Served from a folder of public files, before any policy applies.
STATIC = "static"


class UndeclaredPolicy(RuntimeError):
    """A URL rule without @guarded or @public."""


class UndeclaredScope(PluginError):
    """A model of a plugin without a scope: a query on it would give the rows of every organisation."""

    def __init__(self, plugin: str, model: type[Any], table: str) -> None:
        name = model.__name__
        super().__init__(
            plugin,
            f"van model {name} (tabel {table}) is niet gezegd wie de rijen mag zien. Roep bij het importeren van de"
            f" plugin scoped_model({name}, recht) en relation({name}, naam, voorwaarde) aan.",
        )


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


def check_models(registry: Registry) -> None:
    """Raise UndeclaredScope for the first model of a plugin that is on and declares no scope (promise 41)."""
    for plugin in registry.plugins:
        for model, table in _models_of(plugin):
            if not is_scoped(model):
                raise UndeclaredScope(plugin.name, model, table)


def _models_of(plugin: Plugin) -> Iterator[tuple[type[Any], str]]:
    """The models of a plugin, by table: those in its tables' prefix, and those that its package defines."""
    package = getattr(plugin.hooks, "__name__", type(plugin.hooks).__module__).partition(".")[0]
    prefix = plugin.manifest.table_prefix
    for mapper in sorted(Base.registry.mappers, key=lambda m: str(m.local_table)):
        table = str(mapper.local_table)
        defined = mapper.class_.__module__.partition(".")[0] == package
        if defined or (prefix is not None and table.startswith(prefix)):
            yield mapper.class_, table
