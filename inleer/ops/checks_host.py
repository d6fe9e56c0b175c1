"""Checks of the machine: Python, packages, settings, secrets, folders, clock."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from inleer import __version__
from inleer.config import SECRET_FILE, ConfigError, check_secret
from inleer.i18n import _
from inleer.ops.checkup import Outcome, Patient, check, fail, ok, warn
from inleer.resources import resource

PYTHON = (3, 11)
SPACE_FAIL, SPACE_WARN = 200 * 1024**2, 1024**3
# What every page needs, besides our own files.
VENDORED = (
    "htmx/htmx.min.js",
    "utrecht/utrecht.css",
    "voorbeeld/voorbeeld.css",
    "noto-sans/noto-sans-latin-400-normal.woff2",
)


@check()
def python(_patient: Patient) -> Outcome:
    """The version of Python."""
    found = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info < PYTHON:
        return fail(_("Python %(found)s is te oud; nodig is 3.11 of nieuwer.", found=found))
    return ok(_("Python %(found)s.", found=found))


@check()
def packages(_patient: Patient) -> Outcome:
    """That every package we need is installed."""
    missing = []
    for requirement in requires("inleer") or []:
        name = requirement.split(";")[0]
        for stop in "<>=!~[ ":
            name = name.split(stop)[0]
        try:
            if "extra ==" not in requirement:
                version(name)
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        return fail(
            _("Er ontbreken pakketten: %(names)s. Installeer inleer opnieuw.", names=", ".join(missing))
        )
    return ok(_("Alle pakketten van inleer %(version)s zijn er.", version=__version__))


@check()
def settings(patient: Patient) -> Outcome:
    """That the settings are known, usable, and none of them is weak."""
    try:
        _found = patient.settings
    except ConfigError as error:
        return fail(str(error))
    return ok(_("De instellingen zijn bekend en bruikbaar."))


@check("settings")
def secret(patient: Patient) -> Outcome:
    """That the key cannot be guessed, and its file only read by us."""
    try:
        check_secret(patient.settings.secret_key)
    except ConfigError as error:
        return fail(str(error))
    path = patient.settings.var_dir / SECRET_FILE
    if path.exists() and _open_to_others(path):
        return fail(_("%(path)s is leesbaar voor anderen. Voer uit: chmod 600 %(path)s", path=path))
    return ok(_("De geheime sleutel is sterk en afgeschermd."))


@check()
def user(_patient: Patient) -> Outcome:
    """Not as root: a fault in the app would have the whole machine."""
    if os.geteuid() == 0:
        return warn(_("inleer draait als root. Gebruik een eigen gebruiker zonder rechten."))
    return ok(_("inleer draait niet als root."))


@check("settings")
def var_folder(patient: Patient) -> Outcome:
    """That the folder for database, mail and back-ups is there, writable, and closed to others."""
    folder = patient.settings.var_dir
    if not folder.is_dir():
        return fail(_("De map %(path)s bestaat niet. Voer uit: inleer init", path=folder))
    if not os.access(folder, os.W_OK | os.X_OK):
        return fail(_("In de map %(path)s kan inleer niet schrijven.", path=folder))
    if _open_to_others(folder):
        return warn(_("Anderen kunnen in %(path)s kijken. Voer uit: chmod 700 %(path)s", path=folder))
    return ok(_("De map %(path)s is schrijfbaar en afgeschermd.", path=folder))


@check("settings")
def disk_space(patient: Patient) -> Outcome:
    """That the disk is not about to be full."""
    folder = patient.settings.var_dir
    free = shutil.disk_usage(folder if folder.exists() else Path("/")).free
    room = _("%(n)s MB", n=free // 1024**2)
    if free < SPACE_FAIL:
        return fail(_("De schijf is bijna vol: nog %(room)s vrij.", room=room))
    if free < SPACE_WARN:
        return warn(_("De schijf raakt vol: nog %(room)s vrij.", room=room))
    return ok(_("Er is %(room)s vrij op de schijf.", room=room))


@check()
def time_zone(_patient: Patient) -> Outcome:
    """That Amsterdam's clock is known, with summer time."""
    try:
        zone = ZoneInfo("Europe/Amsterdam")
    except ZoneInfoNotFoundError:
        return fail(_("De tijdzone Europe/Amsterdam is onbekend. Installeer het pakket tzdata."))
    year = datetime.now(UTC).year
    hours = [datetime(year, month, 1, 12, tzinfo=UTC).astimezone(zone).hour for month in (1, 7)]
    if hours != [13, 14]:
        return fail(_("De zomertijd van %(year)s klopt niet. Werk het pakket tzdata bij.", year=year))
    return ok(_("De tijdzone Europe/Amsterdam is bekend, met zomertijd."))


@check()
def clock_is_sane(_patient: Patient) -> Outcome:
    """That the clock is not before this version was made."""
    newest = max(path.stat().st_mtime for path in (resource("migrations") / "versions").glob("*.py"))
    if datetime.now(UTC).timestamp() < newest - 86_400:
        return fail(
            _(
                "De klok staat verkeerd: het is volgens deze machine %(now)s.",
                now=f"{datetime.now(UTC):%d-%m-%Y}",
            )
        )
    return ok(_("De klok loopt niet achter op deze versie."))


@check()
def files_for_pages(_patient: Patient) -> Outcome:
    """That templates and front-end files came along."""
    static, templates = resource("static"), resource("templates")
    missing = [name for name in VENDORED if not (static / "vendor" / name).is_file()]
    if not (templates / "base.html").is_file():
        missing.append("templates/base.html")
    if missing:
        return fail(
            _(
                "Er ontbreken bestanden voor de pagina's: %(names)s. Voer uit: make setup",
                names=", ".join(missing),
            )
        )
    return ok(_("De bestanden voor de pagina's zijn er."))


def _open_to_others(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
