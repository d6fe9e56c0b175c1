"""``inleer mail bounces``: what mail servers sent back, so that no more mail goes to addresses that do not work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from inleer.cli.acting import acting
from inleer.cli.base import Cli, pass_cli
from inleer.i18n import _
from inleer.jobs import bounces
from inleer.jobs.dsn import MOST_BYTES, returned


@click.group()
def mail() -> None:
    """Mail die terugkwam."""


@mail.command(name="bounces")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@pass_cli
def read_bounces(cli: Cli, path: Path) -> None:
    """Lees berichten van mailservers in PATH (een bestand, een map of een maildir) en merk adressen die niet werken."""
    found = [returned(_start_of(one)) for one in _files(path)]
    with acting(cli) as actor:
        marked = sum(bounces.note(actor, back) for several in found for back in several)
    nothing = sum(1 for several in found if not several)
    click.echo(
        _(
            "Gelezen: %(read)s. Nieuw gemerkt: %(marked)s. Geen bericht over een mail van inleer: %(nothing)s.",
            read=len(found),
            marked=marked,
            nothing=nothing,
        )
    )


def _files(path: Path) -> Iterator[Path]:
    """The file, those in a folder, or those in the new and cur of a maildir; reading them again does no harm."""
    folders = [path / "new", path / "cur"] if (path / "new").is_dir() else [path]
    for folder in folders:
        if folder.is_file():
            yield folder
        elif folder.is_dir():
            yield from sorted(one for one in folder.iterdir() if one.is_file())


def _start_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES)
