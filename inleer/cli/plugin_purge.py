"""``inleer plugin purge NAME``: take the tables of a plugin away, after everything in them is in a file."""

from __future__ import annotations

import click
from sqlalchemy import func, select

from inleer.cli.acting import Refused, acting
from inleer.cli.base import Cli, pass_cli
from inleer.cohorts.models import Cohort
from inleer.db import db
from inleer.i18n import _
from inleer.ops import purging
from inleer.policy import unscoped

RUNNING = ("draft", "recruiting", "running")


@click.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="niet vragen of het zeker is")
@click.option("--with-running", is_flag=True, help="ook als er nog lichtingen van deze plugin lopen")
@pass_cli
def purge(cli: Cli, name: str, yes: bool, with_running: bool) -> None:
    """Haal de tabellen van plugin NAME weg. Eerst komen alle rijen in een bestand onder var/plugins."""
    with acting(cli, write=False):
        tables = purging.tables_of(db.session.connection(), name)
        running = _running(name)
    if running and not with_running:
        raise Refused(
            _(
                "Er lopen nog lichtingen van deze plugin: %(names)s. Zij houden hun groep, lessen en aanwezigheid, maar"
                " niet wat de plugin erbij bewaart. Toch weghalen: voeg --with-running toe.",
                names=", ".join(running),
            )
        )
    if not yes:
        question = _(
            "%(n)s tabellen van %(name)s weghalen? Alle rijen komen eerst in een bestand.",
            n=len(tables),
            name=name,
        )
        click.confirm(question, abort=True)
    with acting(cli) as actor:
        path, rows = purging.purge(actor, name, cli.settings.var_dir / "plugins")
    click.echo(_("Bewaard: %(n)s rijen in %(path)s", n=rows, path=path))
    click.echo(_("De tabellen van %(name)s zijn weg. Haal de plugin ook uit INLEER_PLUGINS.", name=name))


def _running(name: str) -> list[str]:
    """Names of the cohorts of the plugin's routes that are not over."""
    own = Cohort.route_key.startswith(f"{name}.", autoescape=True)
    statement = select(Cohort.name).where(own, Cohort.state.in_(RUNNING)).order_by(func.lower(Cohort.name))
    return list(db.session.scalars(unscoped(statement, "an operator asks which cohorts still run")))
