"""``inleer plugin``: what is done with one plugin."""

from __future__ import annotations

import click

from inleer.cli.base import Commands

COMMANDS = {
    "new": "inleer.cli.plugin_new:new",
    "purge": "inleer.cli.plugin_purge:purge",
}


@click.group(cls=Commands, places=COMMANDS)
def plugin() -> None:
    """Een plugin maken of weghalen."""
