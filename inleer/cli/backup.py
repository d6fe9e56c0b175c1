"""``inleer backup``: encrypted copies, verified by restoring them."""

from __future__ import annotations

import json
from pathlib import Path

import click

from inleer.cli.base import Cli, pass_cli
from inleer.i18n import _
from inleer.ops import backup as ops
from inleer.ops.noting import note

FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def backup() -> None:
    """Versleutelde back-ups: maken, controleren, terugzetten."""


@backup.command()
@click.argument("file", type=FILE, required=False)
@click.option("--verify", "check", is_flag=True, help="zet de back-up daarna op proef terug en vergelijk")
@click.option("--keep-days", type=click.IntRange(min=1), help="verwijder oudere back-ups uit dezelfde map")
@click.option("--json", "as_json", is_flag=True, help="als JSON")
@pass_cli
def create(cli: Cli, file: Path | None, check: bool, keep_days: int | None, as_json: bool) -> None:
    """Maak een back-up in FILE (standaard: in de map backups onder INLEER_VAR_DIR)."""
    path = file or ops.default_path(cli.settings)
    manifest = ops.create(cli.settings, path)
    if check:
        ops.verify(cli.settings, path)
    gone = ops.prune(path.parent, keep_days) if keep_days else []
    note(cli.settings, "backup.create", path.name, {"rows": manifest.rows, "removed": len(gone)})
    _report(_("Back-up gemaakt: %(path)s", path=path), path, manifest, as_json)


@backup.command()
@click.argument("file", type=FILE)
@click.option("--json", "as_json", is_flag=True, help="als JSON")
@pass_cli
def verify(cli: Cli, file: Path, as_json: bool) -> None:
    """Zet FILE terug in een proefdatabase en vergelijk rij voor rij. Anders: exit 1."""
    manifest = ops.verify(cli.settings, file)
    _report(_("Deze back-up is compleet en komt terug zoals hij was."), file, manifest, as_json)


@backup.command()
@click.argument("file", type=FILE)
@click.option("--force", is_flag=True, help="vervang alles wat in de database staat")
@pass_cli
def restore(cli: Cli, file: Path, force: bool) -> None:
    """Zet FILE terug in de database van INLEER_DATABASE_URL. Lukt alles, of verandert er niets."""
    manifest = ops.restore(cli.settings, file, force)
    note(cli.settings, "backup.restore", file.name, {"rows": manifest.rows, "made_at": manifest.created_at})
    _report(_("Back-up teruggezet."), file, manifest, as_json=False)


def _report(sentence: str, path: Path, manifest: ops.Manifest, as_json: bool) -> None:
    if as_json:
        click.echo(
            json.dumps({"file": str(path), "rows": manifest.rows, **vars(manifest)}, ensure_ascii=False)
        )
        return
    click.echo(sentence)
    numbers = {"tables": len(manifest.tables), "rows": manifest.rows, "sequence": manifest.chain["sequence"]}
    click.echo(_("%(tables)s tabellen, %(rows)s rijen, auditspoor tot en met regel %(sequence)s", **numbers))
