"""``inleer plugins``: what is installed, what is on, and what each plugin brings."""

from __future__ import annotations

import json
import os
from typing import Any

import click

from inleer.cli.base import Cli, pass_cli
from inleer.config import NoSecret, chosen_plugins
from inleer.extend import Registry, installed, load
from inleer.extend.manager import COLLECTED
from inleer.i18n import _


@click.command()
@click.option("--json", "as_json", is_flag=True, help="als JSON")
@pass_cli
def plugins(cli: Cli, as_json: bool) -> None:
    """Laat zien welke plugins er zijn, welke aan staan en wat ze brengen. Mag ook voor `inleer init`."""
    registry = _registry(cli)
    found = [
        _described(name, registry) for name in sorted({*installed(), *(p.name for p in registry.plugins)})
    ]
    if as_json:
        click.echo(
            json.dumps({"plugins": found, "missing": list(registry.missing)}, ensure_ascii=False, indent=2)
        )
        return
    for plugin in found:
        brings = ", ".join(f"{kind}: {', '.join(keys)}" for kind, keys in plugin["brings"].items())
        click.echo(f"{plugin['name']}  {_('aan') if plugin['on'] else _('uit')}  {brings}".rstrip())
    for name in registry.missing:
        click.echo(_("%(name)s staat in INLEER_PLUGINS maar is niet geïnstalleerd.", name=name), err=True)
    if not found:
        click.echo(_("Er is geen plugin geïnstalleerd."))


def _registry(cli: Cli) -> Registry:
    """What the plugins bring to this installation; without a key there is none yet, and the environment decides."""
    try:
        found: Registry = cli.app.extensions["inleer"]
    except NoSecret:
        return load(chosen_plugins(os.environ))
    return found


def _described(name: str, registry: Registry) -> dict[str, Any]:
    on = next((p for p in registry.plugins if p.name == name), None)
    brings = {
        kind: [owned.key for owned in getattr(registry, kind) if owned.plugin == name]
        for kind, _record in COLLECTED.values()
    }
    return {
        "name": name,
        "on": on is not None,
        "api_version": on.manifest.api_version if on else None,
        "brings": {kind: sorted(set(keys)) for kind, keys in brings.items() if keys},
    }
