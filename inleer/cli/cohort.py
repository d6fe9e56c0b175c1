"""``inleer cohort``: create an edition, move it to another version of its route and back."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from uuid import UUID

import click

from inleer import clock
from inleer.accounts.models import REGIONS
from inleer.cli.acting import DAY, Refused, acting, for_agency
from inleer.cli.base import Cli, pass_cli
from inleer.cli.lookups import agency_named, cohort_named, partner_named, route_named
from inleer.cohorts.actions import NewCohort, add_partner, create_cohort, plan_phases, planning_calendar
from inleer.cohorts.models import Cohort
from inleer.cohorts.planning import missing_of
from inleer.cohorts.sessions import generate_sessions
from inleer.cohorts.versions import Preview, move_version, preview, take_back
from inleer.errors import DomainError
from inleer.i18n import _, format_date
from inleer.leerroutes.queries import definition_by_id, definition_of
from inleer.policy import Actor

HOSTS = ("school", "leerhome")


@click.group()
def cohort() -> None:
    """Lichtingen (edities van een route)."""


@cohort.command()
@click.option("--slug", required=True, help="korte naam, zoals lelystad-2026")
@click.option("--route", required=True, help="sleutel van de route, zoals zorg.wijkleerbedrijf")
@click.option("--version", required=True, type=click.IntRange(min=1), help="versie van de route")
@click.option("--name", required=True, help="naam zoals mensen haar zien")
@click.option("--start", required=True, type=DAY, help="eerste dag, zoals 2026-10-19")
@click.option("--region", required=True, type=click.Choice(REGIONS), help="regio van de schoolvakanties")
@click.option("--agency", help="werkbedrijf; hoeft niet als er maar een is")
@click.option("--school", help="school die meedoet (haar korte naam)")
@click.option("--leerhome", help="leerhome die meedoet (haar korte naam)")
@click.option(
    "--generate-sessions",
    "generate",
    is_flag=True,
    help="plan de bijeenkomsten uit het weekritme van de route",
)
@pass_cli
def create(
    cli: Cli,
    slug: str,
    route: str,
    version: int,
    name: str,
    start: date,
    region: str,
    agency: str | None,
    school: str | None,
    leerhome: str | None,
    generate: bool,
) -> None:
    """Maak een lichting en leg haar fasen op de kalender."""
    with acting(cli) as system:
        owner = agency_named(system, agency)
        actor = for_agency(system, owner.id)
        hosts: dict[str, UUID] = {
            kind: partner_named(kind, named).id
            for kind, named in zip(HOSTS, (school, leerhome), strict=True)
            if named
        }
        row = route_named(actor, route, version)
        laid = plan_phases(definition_of(row), start, region, hosts.get("school"))
        made = create_cohort(actor, owner.id, row, NewCohort(slug, name, start, region), laid)
        for kind, organisation_id in hosts.items():
            add_partner(actor, made, organisation_id, kind, min(start, clock.today()))
        planned = _plan_sessions(actor, made, hosts) if generate else None
        click.echo(_("Lichting %(slug)s is gemaakt bij %(agency)s.", slug=made.slug, agency=owner.name))
        if planned is not None:
            click.echo(_("%(n)s bijeenkomsten gepland.", n=planned))
        for lack in missing_of(actor, made):
            if lack.kind == "partner":  # an import brings the rest
                click.echo(lack.text)


def _plan_sessions(actor: Actor, made: Cohort, hosts: dict[str, UUID]) -> int:
    """Plan the sessions of the weekly strands; returns how many."""
    calendar = planning_calendar(made.region, hosts.get("school"), made.starts_on)
    return len(generate_sessions(actor, made, definition_by_id(made.route_version_id), calendar, hosts))


@cohort.command("move-version")
@click.argument("slug")
@click.option("--version", required=True, type=click.IntRange(min=1), help="versie van de route")
@click.option(
    "--map",
    "pairs",
    multiple=True,
    metavar="OUD=NIEUW",
    help="fase OUD van de lichting wordt fase NIEUW; niets achter = laat haar verdwijnen",
)
@click.option("--dry-run", is_flag=True, help="laat zien wat er zou gebeuren; slaat niets op")
@click.option("--json", "as_json", is_flag=True, help="als JSON")
@pass_cli
def move(cli: Cli, slug: str, version: int, pairs: tuple[str, ...], dry_run: bool, as_json: bool) -> None:
    """Zet lichting SLUG over naar een andere versie van haar route. Fasen met dezelfde sleutel horen bij elkaar."""
    with acting(cli, write=not dry_run) as system:
        found = cohort_named(system, slug)
        chosen = dict(_pair(pair) for pair in pairs)
        if dry_run:
            shown = preview(found, version, chosen)
        else:
            shown = move_version(for_agency(system, found.agency_id), found, version, chosen)
        if as_json:
            click.echo(json.dumps(_as_json(slug, shown, done=not dry_run), ensure_ascii=False, indent=2))
        else:
            _tell(slug, shown, dry_run)
        if shown.move.refused:  # of a rehearsal: the move itself raises
            raise SystemExit(Refused.exit_code)


@cohort.command("move-back")
@click.argument("slug")
@pass_cli
def move_back(cli: Cli, slug: str) -> None:
    """Draai de laatste overgang van lichting SLUG terug, als er niets op is voortgebouwd."""
    with acting(cli) as system:
        found = cohort_named(system, slug)
        had, has = take_back(for_agency(system, found.agency_id), found)
        click.echo(
            _(
                "Lichting %(slug)s volgt weer versie %(v)s, en niet meer versie %(old)s.",
                slug=slug,
                v=has,
                old=had,
            )
        )


def _pair(raw: str) -> tuple[str, str | None]:
    old, equals, new = raw.partition("=")
    if not old or not equals:
        raise DomainError(_("Schrijf --map als OUD=NIEUW, bijvoorbeeld wijk=praktijk."))
    return old, new or None


def _tell(slug: str, shown: Preview, dry_run: bool) -> None:
    for one in shown.move.placed:
        was = one.old.key if one.old is not None else _("nieuw")
        until = format_date(one.ends_on) if one.ends_on else _("open")
        click.echo(f"{was} -> {one.key}  {format_date(one.starts_on)} - {until}  {one.why}")
    for gone in shown.move.gone:
        click.echo(f"{gone.key} -> -  {_('verdwijnt')}")
    for sentence in (*shown.differences.sentences, *shown.move.loose, *shown.consequences):
        click.echo(sentence)
    for _key, sentence in shown.move.refused:
        click.echo(sentence, err=True)
    if dry_run:
        click.echo(_("Proef: er is niets opgeslagen."))
    else:
        click.echo(_("Lichting %(slug)s volgt nu versie %(v)s.", slug=slug, v=shown.new.version))


def _as_json(slug: str, shown: Preview, done: bool) -> dict[str, Any]:
    """The same for a program."""
    return {
        "cohort": slug,
        "from": shown.old.version,
        "to": shown.new.version,
        "moved": done,
        "phases": [
            {
                "old": one.old.key if one.old is not None else None,
                "new": one.key,
                "starts_on": str(one.starts_on),
                "ends_on": str(one.ends_on) if one.ends_on else None,
                "redated": one.redated,
                "why": one.why,
            }
            for one in shown.move.placed
        ],
        "gone": [one.key for one in shown.move.gone],
        "refused": [{"phase": key, "sentence": sentence} for key, sentence in shown.move.refused],
        "differences": shown.differences.sentences,
        "consequences": [*shown.move.loose, *shown.consequences],
    }
