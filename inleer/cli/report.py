"""``inleer report``: figures for people and for scripts."""

from __future__ import annotations

import json
from datetime import date

import click

from inleer import clock
from inleer.cli.acting import DAY, acting, for_agency
from inleer.cli.base import Cli, pass_cli
from inleer.cli.lookups import cohort_named
from inleer.i18n import _, format_date, format_hours, format_percent
from inleer.reports.cohort_figures import CohortReport, cohort_report
from inleer.reports.cohort_report import as_json


@click.group()
def report() -> None:
    """Cijfers."""


@report.command("cohort")
@click.argument("slug")
@click.option("--at", type=DAY, help="stand aan het eind van deze dag; vandaag als u niets zegt")
@click.option("--json", "as_json_text", is_flag=True, help="als JSON")
@pass_cli
def cohort_command(cli: Cli, slug: str, at: date | None, as_json_text: bool) -> None:
    """Laat de cijfers van een lichting zien."""
    with acting(cli, write=False) as system:
        cohort = cohort_named(system, slug)
        made = cohort_report(for_agency(system, cohort.agency_id), cohort, at or clock.today())
        click.echo(
            json.dumps(as_json(made), ensure_ascii=False, indent=2) if as_json_text else in_words(made)
        )


def in_words(made: CohortReport) -> str:
    """The report as a table for a terminal."""
    head = [
        f"{made.cohort.name} ({made.cohort.slug}), {format_date(made.at, 'lang')}",
        _(
            "%(people)s deelnemers, %(sessions)s bijeenkomsten (%(hours)s), %(positions)s bekende plekken",
            people=len(made.people),
            sessions=made.totals.sessions,
            hours=format_hours(made.totals.planned_minutes),
            positions=made.positions,
        ),
        _("Te laat en eerder weg telt bij deze school als ongeoorloofd.")
        if made.late_counts
        else _("Te laat en eerder weg telt bij deze school niet als ongeoorloofd."),
    ]
    width = max((len(p.name) for p in made.people), default=4)
    lines = [
        f"{p.key:<10} {p.name:<{width}}  {format_percent(p.figures.present_pct, 1):>9}"
        f"  {format_hours(p.figures.unexcused):>8} {_('ongeoorloofd')}"
        + (f"  {_('16 uur op %(day)s', day=format_date(p.reached_on))}" if p.reached_on else "")
        for p in made.people
    ]
    return "\n".join([*head, *lines])
