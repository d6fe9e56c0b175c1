"""What every command shares: settings and app made when first asked for, and errors shown as one Dutch sentence."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click
from sqlalchemy.exc import DBAPIError

from inleer.cli.click_words import in_dutch
from inleer.config import ConfigError, Settings, from_environment
from inleer.db.away import away
from inleer.errors import DomainError, InleerError

if TYPE_CHECKING:
    from flask import Flask


class Cli:
    """The settings and the app of one command line; both are made when a command first asks for them."""

    def __init__(self, settings: Settings | None = None, app: Flask | None = None) -> None:
        """Use these in place of those from the environment."""
        self._given = settings, app

    @property
    def has_settings(self) -> bool:
        """Whether settings were given, and nothing is to be read from the environment."""
        return self._given[0] is not None

    @cached_property
    def settings(self) -> Settings:
        """The settings; raises ConfigError."""
        return self._given[0] or from_environment()

    @cached_property
    def app(self) -> Flask:
        """The application; raises ConfigError or PluginError."""
        from inleer.app import create_app

        return self._given[1] or create_app(self.settings)


in_dutch()
pass_cli = click.make_pass_decorator(Cli, ensure=True)


class Commands(click.Group):
    """Commands by name, each imported when it is asked for: `inleer doctor` must run when an import file cannot."""

    def __init__(self, *args: Any, places: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        """``places``: name of the command → "module:attribute"."""
        super().__init__(*args, **kwargs)
        self.places = dict(places or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names."""
        return sorted({*self.places, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import the command."""
        place = self.places.get(name)
        if place is None:
            return super().get_command(ctx, name)
        module, _, attribute = place.partition(":")
        found: click.Command = getattr(import_module(module), attribute)
        return found

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run; a program that asked for ``--json`` gets an error as JSON on standard output, with the same status."""
        words = list(sys.argv[1:] if args is None else args)
        if "--json" not in words or not standalone_mode:
            return super().main(args, prog_name, complete_var, standalone_mode, **extra)
        try:
            status = super().main(words, prog_name, complete_var, False, **extra)
        except click.ClickException as error:
            click.echo(json.dumps({"error": {"message": error.format_message()}}, ensure_ascii=False))
            sys.exit(error.exit_code)
        except click.Abort:
            sys.exit(1)
        sys.exit(status if isinstance(status, int) else 0)

    def invoke(self, ctx: click.Context) -> Any:
        """Run, and show what the user can mend as a sentence on stderr with exit status 1."""
        from inleer.extend import PluginError
        from inleer.migrate import MigrationError, SchemaError

        try:
            return super().invoke(ctx)
        except DomainError as error:
            raise click.ClickException(error.message) from error
        except (ConfigError, PluginError, MigrationError, SchemaError, InleerError) as error:
            raise click.ClickException(str(error)) from error
        except DBAPIError as error:
            sentence = away(error, ctx.ensure_object(Cli).settings.database_url)
            if sentence is None:
                raise
            raise click.ClickException(sentence) from error
