"""``inleer routes``: the routes that plugins bring, and their published versions."""

from __future__ import annotations

import json

import click

from inleer.cli.acting import acting
from inleer.cli.base import Cli, pass_cli
from inleer.errors import DomainError, NotVisible
from inleer.extend import Registry
from inleer.i18n import _, format_date
from inleer.leerroutes.actions import publish as publish_routes
from inleer.leerroutes.compare import compare, known_names
from inleer.leerroutes.definition import canonical
from inleer.leerroutes.queries import PublishedRoute, published_route, published_routes
from inleer.leerroutes.words import words
from inleer.policy import Actor


@click.group()
def routes() -> None:
    """Inleerroutes: wat plugins aanbieden en wat gepubliceerd is."""


@routes.command("list")
@pass_cli
def list_routes(cli: Cli) -> None:
    """Laat elke gepubliceerde versie zien, en wat nog niet gepubliceerd is."""
    with acting(cli, write=False) as actor:
        published = published_routes(actor)
        registry: Registry = cli.app.extensions["inleer"]
        for route in published:
            newest = f" ({_('nieuwste')})" if route.is_newest else ""
            click.echo(
                f"{route.key} {route.version}{newest}  {route.name}  {format_date(route.published_at)}"
            )
        known = {(r.key, r.version) for r in published}
        waiting = [o.value for o in registry.routes if (o.value.key, o.value.version) not in known]
        for definition in waiting:
            click.echo(f"{definition.key} {definition.version}  {definition.name}  {_('niet gepubliceerd')}")
        if not published and not waiting:
            click.echo(_("Geen enkele plugin die aan staat heeft een route."))


@routes.command()
@click.argument("key")
@click.option("--version", type=click.IntRange(min=1), help="de nieuwste als u niets zegt")
@click.option("--json", "as_json", is_flag=True, help="de opgeslagen definitie als JSON")
@pass_cli
def show(cli: Cli, key: str, version: int | None, as_json: bool) -> None:
    """Laat een gepubliceerde route zien: fasen, bijeenkomsten, afspraken met werkgevers."""
    with acting(cli, write=False) as actor:
        found = _named(actor, key, version)
        if as_json:
            click.echo(json.dumps(json.loads(canonical(found.definition)), ensure_ascii=False, indent=2))
        else:
            click.echo("\n".join(words(found.definition, known_names(cli.app.extensions["inleer"]))))


@routes.command("compare")
@click.argument("key")
@click.argument("old", metavar="VAN", type=click.IntRange(min=1))
@click.argument("new", metavar="NAAR", type=click.IntRange(min=1))
@click.option("--json", "as_json", is_flag=True, help="als JSON")
@pass_cli
def compare_versions(cli: Cli, key: str, old: int, new: int, as_json: bool) -> None:
    """Laat in zinnen zien wat er anders is tussen twee versies van een route."""
    with acting(cli, write=False) as actor:
        names = known_names(cli.app.extensions["inleer"])
        before, after = (_named(actor, key, version).definition for version in (old, new))
        found = compare(before, after, names)
        if as_json:
            phases = [
                {"phase": p.phase.key, "state": p.state, "sentences": p.sentences} for p in found.phases
            ]
            said = {"key": key, "from": old, "to": new, "general": found.general, "phases": phases}
            click.echo(json.dumps(said, ensure_ascii=False, indent=2))
            return
        for sentence in found.sentences or (_("Niets: beide versies hebben dezelfde inhoud."),):
            click.echo(sentence)


def _named(actor: Actor, key: str, version: int | None) -> PublishedRoute:
    """A published version. Raises DomainError that lists the published ones."""
    try:
        return published_route(actor, key, version)
    except NotVisible as error:
        names = ", ".join(f"{r.key} {r.version}" for r in published_routes(actor)) or "-"
        raise DomainError(
            _("Deze route is niet gepubliceerd. Gepubliceerd: %(names)s.", names=names)
        ) from error


@routes.command()
@pass_cli
def publish(cli: Cli) -> None:
    """Publiceer elke versie die nog niet gepubliceerd is. Een gepubliceerde versie verandert nooit meer."""
    with acting(cli) as actor:
        for done in publish_routes(actor, cli.app.extensions["inleer"]):
            state = _("gepubliceerd") if done.state == "published" else _("was al gepubliceerd")
            click.echo(f"{done.key} {done.version}: {state}")
