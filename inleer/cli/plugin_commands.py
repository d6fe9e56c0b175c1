"""``inleer PLUGIN NAME``: the commands of plugins, below a group with the plugin's name.

A plugin is imported when its group is used, not to list it: `inleer doctor` must run when a plugin cannot be imported.
"""

from __future__ import annotations

from typing import Any

import click

from inleer.cli.base import Cli, Commands
from inleer.extend import Registry, installed
from inleer.i18n import _


class PluginCommands(Commands):
    """The core's commands, and a group for each installed plugin. The core's win when names are equal."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names."""
        return sorted({*super().list_commands(ctx), *installed()})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """A command of the core, or the group of a plugin."""
        found = super().get_command(ctx, name)
        return PluginGroup(name) if found is None and name in installed() else found


class PluginGroup(click.Group):
    """The commands of one plugin; they run in the application's context."""

    def __init__(self, plugin: str) -> None:
        """``plugin`` is its name; it need not be on."""
        super().__init__(plugin, help=_("Opdrachten van de plugin %(name)s.", name=plugin))

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the plugin's commands; raises PluginError when plugins cannot be loaded."""
        return sorted(self._brought(ctx))

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """One of the plugin's commands."""
        return self._brought(ctx).get(name)

    def invoke(self, ctx: click.Context) -> Any:
        """Run it within the application's context."""
        with ctx.ensure_object(Cli).app.app_context():
            return super().invoke(ctx)

    def _brought(self, ctx: click.Context) -> dict[str, click.Command]:
        registry: Registry = ctx.ensure_object(Cli).app.extensions["inleer"]
        return {
            str(owned.value.command.name): owned.value.command
            for owned in registry.commands
            if owned.plugin == self.name
        }
