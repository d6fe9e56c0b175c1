"""``inleer init``, ``serve``, ``worker`` and ``doctor``: setting up, running, and looking whether all is well."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from inleer.cli.base import Cli, pass_cli
from inleer.i18n import _


@click.command()
@pass_cli
def init(cli: Cli) -> None:
    """Maak een nieuwe installatie klaar: sleutel, database, tabellen, routes, eerste werkbedrijf. Mag vaker."""
    from inleer.ops import install

    if not os.environ.get("INLEER_SECRET_KEY") and not cli.has_settings:
        folder = Path(os.environ.get("INLEER_VAR_DIR", "var")).resolve()
        install.make_var(folder)
        made = install.make_secret(folder)
        if made is not None:
            click.echo(
                _("Sleutel gemaakt in %(path)s. Bewaar er een kopie van, apart van de back-ups.", path=made)
            )
    install.make_var(cli.settings.var_dir)
    lines = [*install.migrate(cli.settings), *install.fill(cli.app)]
    for line in lines:
        click.echo(line)
    click.echo(
        _("Klaar. Nodig nu een eerste beheerder uit met: inleer user invite")
        if lines
        else _("Niets te doen.")
    )


@click.command()
@pass_cli
def serve(cli: Cli) -> None:
    """Start de webserver (gunicorn) op INLEER_BIND, met INLEER_WORKERS processen."""
    from inleer.ops.serve import serve as run

    run(cli.settings)


@click.command()
@click.option("--once", is_flag=True, help="één ronde, en klaar (voor cron)")
@click.option("--retry-failed", is_flag=True, help="zet mislukte berichten opnieuw klaar, en klaar")
@pass_cli
def worker(cli: Cli, once: bool, retry_failed: bool) -> None:
    """Start het achtergrondwerk: mail versturen, dagelijkse controles."""
    from inleer.accounts.plugin_faults import forget
    from inleer.accounts.unusual_reads import look_back
    from inleer.cohorts.daily import begin
    from inleer.db import unit_of_work
    from inleer.jobs import daily, stuck
    from inleer.jobs import worker as jobs
    from inleer.ops.anchors import anchor
    from inleer.ops.rotation import rotate
    from inleer.ops.serve import check_database
    from inleer.policy import limits, system_actor
    from inleer.signals.daily import sweep

    check_database(cli.settings)
    daily.register(anchor)
    daily.register(begin)
    daily.register(forget)
    daily.register(rotate)
    daily.register(sweep)
    daily.register(look_back)
    daily.register(limits.forget)
    if retry_failed:
        with cli.app.app_context(), unit_of_work():
            revived = stuck.retry_all(system_actor())
        click.echo(_("%(n)s berichten staan opnieuw klaar.", n=revived))
    elif once:
        done = jobs.run_once(cli.app)
        click.echo(_("Verstuurd: %(sent)s, later opnieuw: %(retried)s, mislukt: %(failed)s.", **vars(done)))
    else:
        jobs.run(cli.app)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="als JSON")
@pass_cli
def doctor(cli: Cli, as_json: bool) -> None:
    """Controleer of deze installatie gezond en veilig is. Exit 1 als er iets mis is."""
    from inleer.ops.doctor import examine, healthy

    findings = examine(lambda: cli.settings)
    if as_json:
        click.echo(json.dumps([finding.as_dict() for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            click.echo(finding.line())
    if not healthy(findings):
        raise SystemExit(1)
