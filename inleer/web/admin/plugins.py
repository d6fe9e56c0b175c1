"""Plugins: what is on, what it brings, what is missing or left behind, and what went wrong or slowly in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from flask import Response, current_app

from inleer.accounts import plugin_faults
from inleer.db import db
from inleer.extend import Owned, Registry, installed
from inleer.extend.faults import Fault
from inleer.extend.registry import Plugin
from inleer.extend.types import PersonalDataDef
from inleer.i18n import _
from inleer.policy import Perm
from inleer.policy.guard import guarded
from inleer.web.admin.base import blueprint, show

KINDS = (
    ("routes", "leerroutes"),
    ("rules", "regels"),
    ("fields", "veldgroepen"),
    ("slots", "blokken bij een kandidaat"),
    ("panels", "blokken bij een lichting"),
    ("signals", "signalen"),
    ("blueprints", "eigen bladzijden"),
    ("permissions", "rechten"),
    ("settings", "instellingen"),
    ("commands", "opdrachten"),
    ("personal_data", "persoonsgegevens"),
    ("demo", "demogegevens"),
)


@dataclass(frozen=True)
class PluginRow:
    """A plugin on the page. ``state``: on, off (installed, not switched on) or missing (asked for, not installed).

    ``brings`` are (what, the keys of it); ``tables`` says whether tables of it are in the database. ``faults`` are
    those of all processes; ``stopped_until`` is set while it is not called because it kept failing.
    """

    name: str
    state: str
    version: str
    brings: tuple[tuple[str, str], ...] = ()
    faults: tuple[Fault, ...] = ()
    tables: bool = False
    stopped_until: datetime | None = None


@blueprint.get("/plugins", endpoint="plugins")
@guarded(Perm.PLUGIN_VIEW)
def index() -> Response:
    """All plugins that are on, off, missing, or that left tables behind."""
    return show("admin/plugins.html", rows=plugin_rows(current_app.extensions["inleer"]))


def plugin_rows(registry: Registry) -> list[PluginRow]:
    """The plugins that are on (in their order), then those that are off, then those that are missing.

    Missing is what was asked for but is not installed, and what left tables behind.
    """
    from inleer.migrate.context import marked_plugins  # here: alembic is slow to import

    with_tables = set(marked_plugins(db.session.connection()))
    on = [_row(registry, plugin) for plugin in registry.plugins]
    known = {row.name for row in on}
    off = {name: point for name, point in installed().items() if name not in known}
    gone = ({*registry.missing} | with_tables) - known - set(off)
    rows = [
        *on,
        *(
            PluginRow(name, "off", _version(point.dist.name if point.dist else ""))
            for name, point in off.items()
        ),
        *(PluginRow(name, "missing", "") for name in sorted(gone)),
    ]
    stops = plugin_faults.stopped_until()
    return [replace(row, tables=row.name in with_tables, stopped_until=stops.get(row.name)) for row in rows]


def _row(registry: Registry, plugin: Plugin) -> PluginRow:
    brings = (
        (label, ", ".join(_words(owned) for owned in getattr(registry, kind) if owned.plugin == plugin.name))
        for kind, label in KINDS
    )
    return PluginRow(
        plugin.name,
        "on",
        _version(plugin.manifest.distribution),
        tuple((_(label).capitalize(), keys) for label, keys in brings if keys),
        (*_unsaved(registry, plugin.name), *plugin_faults.stored(plugin.name)),
    )


def _unsaved(registry: Registry, plugin: str) -> list[Fault]:
    """What this process has still to store, newest first."""
    return [fault for fault in reversed(registry.faults.unsaved) if fault.plugin == plugin]


def _words(owned: Owned[Any]) -> str:
    if isinstance(owned.value, PersonalDataDef):
        return f"{owned.value.name} ({'; '.join(owned.value.columns.values())})"
    version_number = getattr(owned.value, "version", None)
    return owned.key if version_number is None else f"{owned.key} {version_number}"


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except (PackageNotFoundError, ValueError):
        return ""
