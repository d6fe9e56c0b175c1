"""``inleer cohort``: create an edition."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import click

from inleer import clock
from inleer.accounts.models import REGIONS
from inleer.cli.acting import DAY, acting, for_agency
from inleer.cli.base import Cli, pass_cli
from inleer.cli.lookups import agency_named, partner_named, route_named
from inleer.cohorts.actions import NewCohort, add_partner, create_cohort, plan_phases, planning_calendar
from inleer.cohorts.models import Cohort
from inleer.cohorts.sessions import generate_sessions
from inleer.i18n import _
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


def _plan_sessions(actor: Actor, made: Cohort, hosts: dict[str, UUID]) -> int:
    """Plan the sessions of the weekly strands; returns how many."""
    calendar = planning_calendar(made.region, hosts.get("school"), made.starts_on)
    return len(generate_sessions(actor, made, definition_by_id(made.route_version_id), calendar, hosts))
