"""The command line: ``inleer COMMAND``. Each command lies in a module of its own and is imported when it runs."""

from __future__ import annotations

import click

from inleer import __version__
from inleer.cli.base import Cli
from inleer.cli.plugin_commands import PluginCommands

COMMANDS = {
    "backup": "inleer.cli.backup:backup",
    "cohort": "inleer.cli.cohort:cohort",
    "db": "inleer.cli.db:db",
    "demo": "inleer.cli.demo:demo",
    "doctor": "inleer.cli.ops:doctor",
    "import": "inleer.cli.imports:imports",
    "init": "inleer.cli.ops:init",
    "mail": "inleer.cli.mail:mail",
    "plugin": "inleer.cli.plugin:plugin",
    "plugins": "inleer.cli.plugins:plugins",
    "report": "inleer.cli.report:report",
    "routes": "inleer.cli.routes:routes",
    "policy": "inleer.cli.policy:policy",
    "serve": "inleer.cli.ops:serve",
    "user": "inleer.cli.user:user",
    "worker": "inleer.cli.ops:worker",
}


@click.group(cls=PluginCommands, places=COMMANDS)
@click.version_option(__version__)
@click.pass_context
def main(ctx: click.Context) -> None:
    """Inleer volgt een groep werkzoekenden van een toekomstige baan naar een blijvende."""
    ctx.ensure_object(Cli)
