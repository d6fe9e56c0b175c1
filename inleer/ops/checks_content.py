"""Checks of what is in the database: plugins, routes, people who can manage, messages, figures, copies."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, distinct, func, select

from inleer import clock
from inleer.accounts.models import Membership, Organisation, User
from inleer.accounts.sessions import HAS_KEY
from inleer.attendance import rollups
from inleer.calendars.rules import UnknownVacations, dutch_calendar
from inleer.cohorts.models import Enrolment
from inleer.db import db
from inleer.i18n import _, format_date
from inleer.jobs import daily, outbox
from inleer.leerroutes.definition import canonical, digest
from inleer.leerroutes.models import RouteVersion
from inleer.ops import rotation
from inleer.ops.backup import SUFFIX
from inleer.ops.checkup import Outcome, Patient, check, fail, ok, warn
from inleer.policy import PROFESSIONAL_ROLES, Role, unscoped

DAY = timedelta(days=1)
WHY = "inleer doctor counts, it shows nobody"
BATCH = 200


@check("settings")
def plugins_start(patient: Patient) -> Outcome:
    """That every plugin that is on can be imported and says what it brings."""
    names = [plugin.name for plugin in patient.registry.plugins]
    return ok(_("De plugins die aan staan, werken: %(names)s.", names=", ".join(names) or _("geen")))


@check("registry")
def plugins_missing(patient: Patient) -> Outcome:
    """Names in INLEER_PLUGINS that are not installed: the app starts without them."""
    missing = patient.registry.missing
    if missing:
        return fail(
            _("In INLEER_PLUGINS staat wat niet geïnstalleerd is: %(names)s.", names=", ".join(missing))
        )
    return ok(_("Alle plugins uit INLEER_PLUGINS zijn geïnstalleerd."))


@check("schema", "app", "registry")
def routes_published(patient: Patient) -> Outcome:
    """That what the plugins define is what was published."""
    stored = {
        (row.key, row.version): row.sha256 for row in db.session.execute(select(RouteVersion)).scalars()
    }
    waiting, changed = [], []
    for owned in patient.registry.routes:
        name = f"{owned.value.key} {owned.value.version}"
        sha256 = stored.get((owned.value.key, owned.value.version))
        if sha256 is None:
            waiting.append(name)
        elif sha256 != digest(canonical(owned.value)):
            changed.append(name)
    if changed:
        return fail(
            _("Deze routes zijn na publicatie in de plugin veranderd: %(names)s.", names=", ".join(changed))
        )
    if waiting:
        return warn(_("Nog te publiceren (inleer routes publish): %(names)s.", names=", ".join(waiting)))
    return ok(_("Alle routes van de plugins zijn gepubliceerd."))


@check("schema", "app")
def routes_unchanged(_patient: Patient) -> Outcome:
    """That no published route was changed in the database."""
    rows = db.session.execute(select(RouteVersion)).scalars()
    changed = [f"{row.key} {row.version}" for row in rows if digest(row.content) != row.sha256]
    if changed:
        return fail(_("Deze routes zijn in de database veranderd: %(names)s.", names=", ".join(changed)))
    return ok(_("De gepubliceerde routes zijn ongeschonden."))


@check("schema", "app")
def work_agency(_patient: Patient) -> Outcome:
    """That there is an organisation to work for."""
    agencies = (
        select(func.count())
        .select_from(Organisation)
        .where(Organisation.kind == "work_agency", Organisation.archived_at.is_(None))
    )
    count = db.session.execute(unscoped(agencies, WHY)).scalar_one()
    if not count:
        return fail(_("Er is geen werkbedrijf. Voer uit: inleer init"))
    return ok(_("Aantal werkbedrijven: %(n)s.", n=count))


@check("schema", "app")
def administrator(_patient: Patient) -> Outcome:
    """That somebody can manage people and settings."""
    if not _people(Membership.role == Role.ADMINISTRATOR.value):
        return warn(_("Er is nog geen beheerder met een wachtwoord. Voer uit: inleer user invite"))
    return ok(_("Er is een beheerder."))


@check("schema", "app")
def second_factors(_patient: Patient) -> Outcome:
    """That professionals have set up their second factor."""
    professional = Membership.role.in_([role.value for role in PROFESSIONAL_ROLES])
    without = _people(professional, User.totp_confirmed_at.is_(None), ~HAS_KEY)
    if without:
        return warn(_("Professionals die nog geen tweede factor instelden: %(n)s.", n=without))
    return ok(_("Alle professionals hebben een tweede factor."))


@check("schema", "app")
def former_keys(patient: Patient) -> Outcome:
    """That a rotation of the key was finished, and the former keys are gone."""
    waiting = len(rotation.outdated())
    count = len(patient.settings.secret_key_fallbacks)
    if waiting and not count:
        return fail(_("Tweede factoren die met geen enkele sleutel te lezen zijn: %(n)s.", n=waiting))
    if waiting:
        return warn(
            _("Nog om te zetten naar de nieuwe sleutel: %(n)s. De worker doet dat elke dag.", n=waiting)
        )
    if count:
        return warn(_("Er zijn nog %(n)s oude sleutels geldig. Alles is omgezet: haal ze weg.", n=count))
    return ok(_("Er zijn geen oude sleutels meer geldig."))


@check("schema", "app")
def outbox_flows(_patient: Patient) -> Outcome:
    """That messages leave: the worker runs."""
    found = outbox.backlog()
    if found["late"]:
        return fail(
            _("Berichten die langer dan een uur wachten: %(n)s. Draait inleer worker?", n=found["late"])
        )
    return ok(_("Wachtende berichten: %(n)s, geen te lang.", n=found["waiting"]))


@check("schema", "app")
def dead_letters(_patient: Patient) -> Outcome:
    """That no message was given up."""
    failed = outbox.backlog()["failed"]
    if failed:
        return fail(
            _(
                "Niet aangekomen berichten: %(n)s. Los de oorzaak op; dan: inleer worker --retry-failed",
                n=failed,
            )
        )
    return ok(_("Er zijn geen berichten blijven liggen."))


@check("schema", "app")
def daily_jobs(_patient: Patient) -> Outcome:
    """That the day's work is done every day."""
    last = min(daily.last_runs().values(), default=None)
    if last is None:
        return warn(_("Het dagelijkse werk is nog nooit gedaan. Start inleer worker."))
    if last < clock.today() - DAY:
        return fail(
            _(
                "Het dagelijkse werk is sinds %(day)s niet gedaan. Draait inleer worker?",
                day=format_date(last),
            )
        )
    return ok(_("Het dagelijkse werk is gedaan tot en met %(day)s.", day=format_date(last)))


@check("schema", "app")
def figures(_patient: Patient) -> Outcome:
    """That the figures on lists equal a recount."""
    people = list(db.session.execute(unscoped(select(Enrolment.candidate_id).distinct(), WHY)).scalars())
    wrong = sum(
        len(rollups.verify(part)) for part in (people[n : n + BATCH] for n in range(0, len(people), BATCH))
    )
    if wrong:
        return fail(_("Deelnames waarvan de opgetelde cijfers niet kloppen: %(n)s.", n=wrong))
    return ok(_("De opgetelde cijfers kloppen met een hertelling."))


@check()
def vacations_known(_patient: Patient) -> Outcome:
    """That the school vacations of today and of the coming year are known."""
    today = clock.today()
    for days, answer in ((0, fail), (365, warn)):
        for region in ("noord", "midden", "zuid"):
            try:
                dutch_calendar(region, today, today + days * DAY)
            except UnknownVacations as error:
                return answer(str(error))
    return ok(_("De schoolvakanties van het komende jaar zijn bekend."))


@check("settings")
def backups(patient: Patient) -> Outcome:
    """That there is a copy of at most a day old."""
    folder = patient.settings.var_dir / "backups"
    newest = max((path.stat().st_mtime for path in folder.glob(f"*{SUFFIX}")), default=None)
    if newest is None:
        return warn(_("Er is geen back-up in %(path)s. Voer elke dag uit: inleer backup create", path=folder))
    hours = int((clock.now().timestamp() - newest) // 3600)
    if hours > 25:
        return warn(
            _("De laatste back-up is %(n)s uur oud. Voer elke dag uit: inleer backup create", n=hours)
        )
    return ok(_("De laatste back-up is %(n)s uur oud.", n=hours))


def _people(*conditions: ColumnElement[bool]) -> int:
    statement = (
        select(func.count(distinct(User.id)))
        .join(Membership, Membership.user_id == User.id)
        .where(User.active, User.password_hash.is_not(None), Membership.ended_at.is_(None), *conditions)
    )
    return int(db.session.execute(unscoped(statement, WHY)).scalar_one())
