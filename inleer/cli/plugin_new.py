"""``inleer plugin new NAME``: a working distribution with a route, a rule, a table, a page, a box and tests."""

from __future__ import annotations

import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

import click

from inleer import __version__
from inleer.extend import CORE, installed
from inleer.extend.types import API_VERSION
from inleer.i18n import _
from inleer.migrate import core_owner

NAME = re.compile(r"[a-z][a-z0-9_]{1,29}")
SUFFIX = ".txt"


@click.command()
@click.argument("name")
@click.option("--title", default="", help="naam van de route; anders de naam van de plugin")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="map waarin de plugin komt; anders inleer-NAME in de huidige map",
)
def new(name: str, title: str, folder: Path | None) -> None:
    """Schrijf een nieuwe plugin die werkt, met een route, een regel, een tabel, een bladzijde en tests."""
    if not NAME.fullmatch(name) or name == CORE:
        raise click.UsageError(
            _(
                "%(name)s kan niet: gebruik 2 tot 30 kleine letters, cijfers en _, te beginnen met een letter.",
                name=name,
            )
        )
    if name in installed():
        raise click.UsageError(_("Er is al een plugin %(name)s geïnstalleerd.", name=name))
    dist = name.replace("_", "-")
    place = folder or Path(f"inleer-{dist}")
    if place.exists() and any(place.iterdir()):
        raise click.UsageError(_("De map %(folder)s bestaat al en is niet leeg.", folder=place))
    words = {
        "name": name,
        "dist": dist,
        "title": title or name.replace("_", " ").capitalize(),
        "core": core_owner().head,
        "api": str(API_VERSION),
        "inleer": __version__,
    }
    written = _write(files("inleer.cli") / "skeleton", place, words)
    click.echo(_("%(n)s bestanden geschreven in %(folder)s.", n=written, folder=place))
    click.echo(_("Verder: pip install -e %(folder)s, en dan python -m pytest %(folder)s/tests", folder=place))


def _write(source: Traversable, target: Path, words: dict[str, str | None]) -> int:
    """Write a folder of the skeleton with the words filled in; returns the number of files."""
    target.mkdir(parents=True, exist_ok=True)
    written = 0
    for part in sorted(source.iterdir(), key=lambda found: found.name):
        if part.is_dir():
            written += _write(part, target / _renamed(part.name, words), words)
        elif part.name.endswith(SUFFIX):
            text = Template(part.read_text(encoding="utf-8")).substitute(words)
            (target / part.name.removesuffix(SUFFIX)).write_text(text, encoding="utf-8")
            written += 1
    return written


def _renamed(folder: str, words: dict[str, str | None]) -> str:
    """The package, and the folder of its templates, carry the plugin's name."""
    if folder == "package":
        return f"inleer_{words['name']}"
    return f"templates/{words['name']}" if folder == "templates" else folder
