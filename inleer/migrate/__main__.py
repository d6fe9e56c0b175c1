"""``python -m inleer.migrate revision -m "what changes" [--owner zorg]``: maintenance of revisions."""

from __future__ import annotations

import click

from inleer.extend import manifests
from inleer.migrate.dev import revision as make_revision
from inleer.migrate.drift import load_models
from inleer.migrate.owners import CORE_OWNER, all_owners


@click.group()
def main() -> None:
    """Maintain the revisions of the core or of a plugin."""


@main.command()
@click.option("-m", "--message", required=True, help="what changes, in a few English words")
@click.option("--owner", "name", default=CORE_OWNER, show_default=True, help="core, or the name of a plugin")
def revision(message: str, name: str) -> None:
    """Write the next revision from the difference between the models and the revisions so far."""
    owners = all_owners(manifests())
    owner = next((o for o in owners if o.name == name), None)
    if owner is None:
        raise click.ClickException(f"no owner {name}: known are {', '.join(o.name for o in owners)}")
    path = make_revision(owner, owners, load_models(owners), message)
    click.echo(str(path) if path else "nothing to do")


if __name__ == "__main__":
    main()
