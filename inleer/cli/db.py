"""``inleer db``: the schema of this database, per owner (the core and each plugin)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

import click

from inleer.cli.base import Cli, pass_cli
from inleer.extend import manifests
from inleer.i18n import _
from inleer.migrate import (
    CORE_OWNER,
    Owner,
    all_owners,
    orphans,
    reading,
    schema_problems,
    status,
)
from inleer.migrate import downgrade as run_downgrade
from inleer.migrate import upgrade as run_upgrade
from inleer.migrate.drift import drift, load_models

STATES = {"current": "bij", "empty": "leeg", "behind": "loopt achter", "unknown": "nieuwer dan deze inleer"}


@click.group()
def db() -> None:
    """De tabellen van deze database: bijwerken, nakijken, terugzetten."""


def owners_of(cli: Cli) -> tuple[Owner, ...]:
    """The core and the plugins that are on."""
    return all_owners(manifests(cli.settings.plugins))


def say(lines: Sequence[str]) -> None:
    """Print what happened, or that nothing did."""
    for line in lines or [_("Niets te doen.")]:
        click.echo(line)


@db.command()
@pass_cli
def upgrade(cli: Cli) -> None:
    """Werk de tabellen bij: eerst de kern, dan elke plugin. Alles lukt, of er verandert niets."""
    say(run_upgrade(cli.settings, owners_of(cli)))


@db.command()
@click.argument("revision")
@click.option("--owner", default=CORE_OWNER, show_default=True, help="core, of de naam van een plugin")
@click.option("--yes", is_flag=True, help="niet vragen of het zeker is")
@pass_cli
def downgrade(cli: Cli, revision: str, owner: str, yes: bool) -> None:
    """Zet een eigenaar terug naar REVISION ("base" haalt al zijn tabellen weg). Gegevens kunnen verdwijnen."""
    if not yes:
        question = _(
            "%(owner)s terugzetten naar %(to)s? Gegevens kunnen verdwijnen.", owner=owner, to=revision
        )
        click.confirm(question, abort=True)
    say(run_downgrade(cli.settings, owners_of(cli), owner, revision))


@db.command("status")
@click.option("--json", "as_json", is_flag=True, help="als JSON")
@pass_cli
def show_status(cli: Cli, as_json: bool) -> None:
    """Laat per eigenaar zien welke revisie er staat en welke nodig is."""
    owners = owners_of(cli)
    with reading(cli.settings.database_url) as connection:
        entries, left = status(connection, owners), orphans(connection, owners)
    if as_json:
        click.echo(json.dumps({"owners": [asdict(entry) for entry in entries], "orphans": left}))
        return
    for entry in entries:
        click.echo(f"{entry.owner}: {entry.current or '-'} ({_(STATES[entry.state])}; {entry.head})")
    for name in left:
        click.echo(_("%(name)s: tabellen aanwezig, plugin staat uit of is niet geïnstalleerd", name=name))


@db.command()
@pass_cli
def check(cli: Cli) -> None:
    """Kijk na of de tabellen zijn zoals deze versie ze nodig heeft. Anders: exit 1."""
    owners = owners_of(cli)
    metadata = load_models(owners)
    with reading(cli.settings.database_url) as connection:
        problems = schema_problems(connection, owners)
        if not problems:
            problems = [
                _(
                    "%(owner)s: de tabellen verschillen van het model: %(change)s",
                    owner=owner.name,
                    change=change,
                )
                for owner in owners
                for change in drift(connection, owner, owners, metadata)
            ]
    for sentence in problems:
        click.echo(sentence, err=True)
    if problems:
        raise SystemExit(1)
    click.echo(_("De tabellen kloppen."))
