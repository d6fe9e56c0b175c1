"""What the plugin says of itself: the names of what it records, the personal data it keeps, its command."""

from __future__ import annotations

import json
from typing import Final

import click

from inleer.plugin import (
    AuditActionDef,
    CommandDef,
    PersonalDataDef,
    _,
    clock,
    cohort_named,
    format_hours,
    system_actor,
    unit_of_work,
)
from inleer_zorg import queries
from inleer_zorg.models import HelpRequest, Visit

AUDIT_ACTIONS: Final = (
    AuditActionDef(key="zorg_help_request.created", name="hulpvraag vastgelegd"),
    AuditActionDef(key="zorg_help_request.changed", name="hulpvraag gewijzigd"),
    AuditActionDef(
        key="zorg_help_request.state_changed", name="hulpvraag toegewezen, vrijgegeven of afgesloten"
    ),
    AuditActionDef(key="zorg_visit.recorded", name="bezoek vastgelegd"),
    AuditActionDef(key="zorg_visit.changed", name="bezoek gewijzigd"),
    AuditActionDef(key="zorg_visit.removed", name="bezoek weggehaald"),
    AuditActionDef(key="zorg_visit.restored", name="bezoek teruggezet"),
)

PERSONAL_DATA: Final = (
    PersonalDataDef(
        key="zorg.requests",
        name="Hulpvragen van bewoners",
        model=HelpRequest,
        columns={
            "requester": "voornaam of voorletters van de bewoner",
            "description": "wat de bewoner vraagt",
            "area": "de wijk waar de bewoner woont",
        },
        other=frozenset({"task", "state"}),
    ),
    PersonalDataDef(
        key="zorg.visits",
        name="Bezoeken aan bewoners",
        model=Visit,
        link="enrolment_id",
        columns={"remark": "opmerking bij een bezoek", "recorded_by_name": "wie het bezoek vastlegde"},
    ),
)


@click.command("hours")
@click.argument("slug")
@click.option("--json", "as_json", is_flag=True, help="als JSON, in minuten per deelname")
def hours(slug: str, as_json: bool) -> None:
    """Laat zien hoeveel uren elke deelnemer van een lichting in de wijk maakte."""
    actor = system_actor()
    with unit_of_work(write=False):
        cohort = cohort_named(actor, slug)
        people = queries.people(actor, cohort.id)
    if as_json:
        figures = {str(one.enrolment_id): one.minutes for one in people}
        click.echo(json.dumps({"cohort": slug, "at": str(clock.today()), "minutes": figures}, indent=2))
        return
    for one in people:
        click.echo(f"{one.name:<30}  {format_hours(one.minutes):>9}")
    if not people:
        click.echo(_("Deze lichting heeft nog geen deelnemers."))


COMMANDS: Final = (CommandDef(key="zorg.hours", command=hours),)
