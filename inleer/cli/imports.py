"""``inleer import``: files of organisations into an edition, and a whole import back out of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import click

from inleer.cli.acting import Refused, acting, for_agency
from inleer.cli.base import Cli, pass_cli
from inleer.cli.lookups import coach_named, cohort_named
from inleer.exchange.actions import Outcome, import_file, try_file
from inleer.exchange.archive import MAX_BYTES
from inleer.exchange.plan_common import Options
from inleer.i18n import _, ngettext


@click.group("import")
def imports() -> None:
    """Bestanden van organisaties inlezen, en een inlezing terugdraaien."""


def _command(kind: str, help_text: str) -> click.Command:
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--cohort", required=True, help="korte naam van de lichting")
    @click.option("--dry-run", is_flag=True, help="laat zien wat er zou gebeuren; slaat niets op")
    @click.option("--skip-invalid", is_flag=True, help="sla de goede rijen op, ook als er foute zijn")
    @click.option("--json", "as_json", is_flag=True, help="als JSON")
    @pass_cli
    def run(
        cli: Cli,
        file: Path,
        cohort: str,
        dry_run: bool,
        skip_invalid: bool,
        as_json: bool,
        coach: str | None = None,
    ) -> None:
        work: Callable[..., Outcome] = try_file if dry_run else import_file
        with file.open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)  # one byte more is enough to be refused
        with acting(cli, write=not dry_run) as system:
            into = cohort_named(system, cohort)
            actor = for_agency(system, into.agency_id)
            options = Options(coach_named(into.agency_id, coach) if coach else None)
            found = work(actor, into, kind, data, file.name, skip_invalid=skip_invalid, options=options)
        _show(found, as_json, dry_run)
        if found.refused:
            raise SystemExit(Refused.exit_code)

    command = click.command(kind, help=help_text)(run)
    if kind == "candidates":
        told = "e-mailadres van de werkcoach van wie er nog geen heeft (een kolom Werkcoach gaat voor)"
        command.params.append(click.Option(["--coach"], metavar="EMAIL", help=told))
    return command


for _kind, _help in (
    ("candidates", "Lees kandidaten in (xlsx, csv) en schrijf ze in."),
    ("sessions", "Lees een rooster in (ics, xlsx, csv)."),
    ("attendance", "Lees presentie in (csv, xlsx)."),
    ("intentions", "Lees intenties van werkgevers in (xlsx, csv)."),
):
    imports.add_command(_command(_kind, _help))


@imports.command()
@click.argument("import_id", metavar="ID", type=click.UUID)
@pass_cli
def undo(cli: Cli, import_id: UUID) -> None:
    """Draai een hele inlezing terug, als er niets op voortgebouwd is."""
    from inleer.exchange.undo import undo_by_id

    with acting(cli) as system:
        taken = undo_by_id(system, import_id)
    parts = [words(taken[kind]) for kind, words in _THINGS.items() if taken.get(kind)]
    click.echo(_("Teruggedraaid: %(what)s.", what=", ".join(parts) or _("niets")))


#: What an import can have done, by table, in words with its number.
_THINGS: dict[str, Callable[[int], str]] = {
    "candidate": lambda n: ngettext("%(n)s kandidaat", "%(n)s kandidaten", n, n=n),
    "identifier": lambda n: ngettext("%(n)s nummer", "%(n)s nummers", n, n=n),
    "enrolment": lambda n: ngettext("%(n)s deelname", "%(n)s deelnames", n, n=n),
    "enrolment_event": lambda n: ngettext(
        "%(n)s stap in een deelname", "%(n)s stappen in een deelname", n, n=n
    ),
    "session": lambda n: ngettext("%(n)s bijeenkomst", "%(n)s bijeenkomsten", n, n=n),
    "attendance": lambda n: ngettext("%(n)s keer aanwezigheid", "%(n)s keer aanwezigheid", n, n=n),
    "job_intention": lambda n: ngettext("%(n)s intentie", "%(n)s intenties", n, n=n),
    "intention_event": lambda n: ngettext(
        "%(n)s stap van een intentie", "%(n)s stappen van een intentie", n, n=n
    ),
    "organisation": lambda n: ngettext("%(n)s organisatie", "%(n)s organisaties", n, n=n),
    "partner": lambda n: ngettext("%(n)s partner", "%(n)s partners", n, n=n),
}


def _show(found: Outcome, as_json: bool, dry_run: bool) -> None:
    if as_json:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
        return
    for problem in found.rejected:
        click.echo(_place(problem.row, problem.column) + problem.message, err=True)
    for notice in found.notices:
        click.echo(_("Let op: ") + _place(notice.row, notice.column) + notice.message, err=True)
    if found.refused:
        click.echo(_("Er is niets opgeslagen. Herstel de rijen, of gebruik --skip-invalid."), err=True)
        return
    counts = _(
        "%(created)s nieuw, %(updated)s veranderd, %(unchanged)s ongewijzigd, %(rejected)s geweigerd.",
        created=found.created,
        updated=found.updated,
        unchanged=found.unchanged,
        rejected=len({p.row for p in found.rejected}),
    )
    click.echo(f"{_('Proef:')} {counts}" if dry_run else counts)
    if found.run_id:
        click.echo(_("Terugdraaien kan met: inleer import undo %(id)s", id=found.run_id))


def _place(row: int | None, column: str | None) -> str:
    if row is None:
        return ""
    return _("Rij %(row)s, %(column)s: ", row=row, column=column) if column else _("Rij %(row)s: ", row=row)
