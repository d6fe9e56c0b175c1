"""`inleer init`: everything a new installation needs; running it again changes nothing."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from flask import Flask
from sqlalchemy import make_url, select

from inleer.accounts import organisations
from inleer.accounts.models import Organisation
from inleer.config import SECRET_FILE, Settings
from inleer.db import db, unit_of_work
from inleer.extend import manifests
from inleer.i18n import _
from inleer.leerroutes.actions import publish
from inleer.migrate import all_owners, upgrade
from inleer.policy import system_actor, unscoped

FIRST_AGENCY = "Werkbedrijf"


def make_var(folder: Path) -> None:
    """Make the folder for database, mail and back-ups; only we can look into it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def make_secret(folder: Path) -> Path | None:
    """Make the key file (0600) when there is none yet; returns it when it was made."""
    path = folder / SECRET_FILE
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
    return path


def migrate(settings: Settings) -> list[str]:
    """Make or update the tables of the core and of the plugins that are on; returns what was done.

    A new embedded database is made so that only we can read it, whatever the folder allows.
    """
    path = Path(make_url(settings.database_url).database or "")
    if settings.is_sqlite and path.parent.is_dir():
        os.close(os.open(path, os.O_CREAT | os.O_RDONLY, 0o600))
    return upgrade(settings, all_owners(manifests(settings.plugins)))


def fill(app: Flask) -> list[str]:
    """Publish the routes, and make a first work agency when there is none; returns Dutch lines about what was done."""
    actor = system_actor()
    lines = []
    with app.app_context(), unit_of_work():
        for published in publish(actor, app.extensions["inleer"]):
            if published.state == "published":
                route = {"key": published.key, "version": published.version}
                lines.append(_("Route %(key)s versie %(version)s gepubliceerd", **route))
        agencies = unscoped(select(Organisation.id).where(Organisation.kind == "work_agency"), "first set-up")
        if db.session.execute(agencies.limit(1)).first() is None:
            made = organisations.create(
                actor, "work_agency", organisations.OrganisationData(name=FIRST_AGENCY)
            )
            lines.append(_("Organisatie %(name)s gemaakt (%(slug)s)", name=made.name, slug=made.slug))
    return lines
