"""Checks of the database: reachable, durable, the right tables, keys and triggers, an unbroken audit trail."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import inspect, make_url, text

from inleer.audit import verify_chain
from inleer.db import db, unit_of_work
from inleer.i18n import _
from inleer.migrate import orphans, status
from inleer.migrate.status import sentence_for
from inleer.ops import anchors
from inleer.ops.checkup import Outcome, Patient, check, fail, ok, warn

APPEND_ONLY = ("audit_event", "read_log")
SQLITE_TRIGGERS = frozenset(
    f"{table}_no_{verb}"
    for table in (*APPEND_ONLY, "route_version")
    for verb in ("update", "delete", "replace")
) | {
    "pause_no_overlap_insert",
    "pause_no_overlap_update",
}
POSTGRESQL_TRIGGERS = frozenset(f"{table}_append_only" for table in APPEND_ONLY) | {
    "pause_no_overlap",
    "route_version_published",
}
OLDEST_POSTGRESQL = 140_000
MAX_SKEW = timedelta(seconds=5)


@check("settings")
def database(patient: Patient) -> Outcome:
    """That the database answers, and is not too old."""
    connection = patient.connection
    connection.execute(text("SELECT 1"))
    name, version = connection.dialect.name, connection.dialect.server_version_info or ()
    shown = ".".join(str(part) for part in version)
    if name == "postgresql" and version < (OLDEST_POSTGRESQL // 10_000,):
        return fail(_("PostgreSQL %(version)s is te oud; nodig is 14 of nieuwer.", version=shown))
    return ok(_("De database antwoordt (%(name)s %(version)s).", name=name, version=shown))


@check("settings")
def database_file(patient: Patient) -> Outcome:
    """That others cannot read the file of the embedded database."""
    made = make_url(patient.settings.database_url)
    if made.drivername != "sqlite":
        return ok(_("De database is een server, geen bestand."))
    path = Path(made.database or "")
    closed_folder = not stat.S_IMODE(path.parent.stat().st_mode) & 0o077
    if not closed_folder and stat.S_IMODE(path.stat().st_mode) & 0o077:
        return warn(_("Anderen kunnen %(path)s lezen. Voer uit: chmod 600 %(path)s", path=path))
    return ok(_("Alleen inleer kan het databasebestand lezen."))


@check("connection")
def core_schema(patient: Patient) -> Outcome:
    """That the core's tables are of this version."""
    entry = status(patient.connection, patient.owners)[0]
    wrong = sentence_for(entry)
    return fail(wrong) if wrong else ok(_("De tabellen van de kern zijn bij (%(head)s).", head=entry.head))


@check("connection")
def plugin_schemas(patient: Patient) -> Outcome:
    """That the tables of each plugin that is on are of its version."""
    entries = status(patient.connection, patient.owners)[1:]
    wrong = [sentence for entry in entries if (sentence := sentence_for(entry))]
    if wrong:
        return fail(" ".join(wrong))
    return ok(_("De tabellen van de plugins zijn bij (%(n)s met tabellen).", n=len(entries)))


@check("connection")
def orphaned_tables(patient: Patient) -> Outcome:
    """Tables of plugins that are off: kept on purpose, named so that nobody forgets them."""
    left = orphans(patient.connection, patient.owners)
    if left:
        return warn(_("Er staan tabellen van plugins die uit staan: %(names)s.", names=", ".join(left)))
    return ok(_("Er staan geen tabellen van plugins die uit staan."))


@check("connection", "app")
def durability(_patient: Patient) -> Outcome:
    """That a save that was confirmed survives a power cut (promise 28)."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            found = {
                name: connection.execute(text(f"PRAGMA {name}")).scalar()
                for name in ("journal_mode", "synchronous")
            }
            wrong = [n for n, good in (("journal_mode", "wal"), ("synchronous", 2)) if found[n] != good]
        else:
            names = ("fsync", "full_page_writes", "synchronous_commit")
            wrong = [n for n in names if connection.execute(text(f"SHOW {n}")).scalar() == "off"]
    if wrong:
        return fail(
            _("Opgeslagen gegevens kunnen bij stroomuitval verdwijnen: %(names)s.", names=", ".join(wrong))
        )
    return ok(_("Wat opgeslagen is, overleeft een stroomstoring."))


@check("connection", "app")
def foreign_keys_on(_patient: Patient) -> Outcome:
    """That the database refuses references to nothing."""
    with db.engine.connect() as connection:
        if (
            connection.dialect.name == "sqlite"
            and connection.execute(text("PRAGMA foreign_keys")).scalar() != 1
        ):
            return fail(_("De database let niet op verwijzingen (foreign_keys staat uit)."))
        if connection.dialect.name == "postgresql" and (
            connection.execute(text("SHOW session_replication_role")).scalar() != "origin"
        ):
            return fail(_("De database let niet op verwijzingen (session_replication_role)."))
    return ok(_("De database let op verwijzingen."))


@check("connection", "app")
def waiting_for_locks(_patient: Patient) -> Outcome:
    """That writers wait for each other, and not for ever."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            enough = int(connection.execute(text("PRAGMA busy_timeout")).scalar_one()) >= 5000
        else:
            names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
            enough = all(connection.execute(text(f"SHOW {name}")).scalar() != "0" for name in names)
    if not enough:
        return fail(_("Er is geen grens aan het wachten op de database."))
    return ok(_("Het wachten op de database heeft een grens."))


@check("connection", "app")
def writing_starts_at_once(_patient: Patient) -> Outcome:
    """That a transaction that will write takes SQLite's lock at its start (BEGIN IMMEDIATE)."""
    if db.engine.dialect.name != "sqlite":
        return ok(_("Schrijvers wachten per rij op elkaar."))
    with unit_of_work() as session:
        session.connection()
        other = db.engine.raw_connection()
        try:
            other.driver_connection.execute("PRAGMA busy_timeout=0")  # type: ignore[union-attr]
            other.driver_connection.execute("BEGIN IMMEDIATE")  # type: ignore[union-attr]
        except Exception as error:
            if "locked" not in str(error):
                raise
            return ok(_("Wie gaat schrijven, is meteen aan de beurt of wacht."))
        finally:
            other.invalidate()
    return fail(_("Twee schrijvers kunnen elkaar laten mislukken (geen BEGIN IMMEDIATE)."))


@check("connection")
def integrity(patient: Patient) -> Outcome:
    """That the database itself finds nothing broken."""
    connection = patient.connection
    if connection.dialect.name == "sqlite":
        found = str(connection.execute(text("PRAGMA quick_check")).scalar())
        if found != "ok":
            return fail(_("De database is beschadigd: zet een back-up terug."))
        return ok(_("De database is heel."))
    if connection.execute(text("SHOW data_checksums")).scalar() == "off":
        return warn(_("PostgreSQL bewaart geen controlegetallen (data_checksums): schade valt niet op."))
    return ok(_("PostgreSQL bewaart controlegetallen."))


@check("connection")
def references(patient: Patient) -> Outcome:
    """That no row refers to one that is gone."""
    connection = patient.connection
    if connection.dialect.name == "sqlite":
        broken = len(connection.execute(text("PRAGMA foreign_key_check")).all())
    else:
        question = "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND NOT convalidated"
        broken = int(connection.execute(text(question)).scalar_one())
    if broken:
        return fail(_("Verwijzingen die naar niets wijzen: %(n)s.", n=broken))
    return ok(_("Alle verwijzingen kloppen."))


@check("schema")
def triggers(patient: Patient) -> Outcome:
    """That the audit trail, the read log and published routes refuse changes in the database itself."""
    connection = patient.connection
    if connection.dialect.name == "sqlite":
        found = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
        missing = SQLITE_TRIGGERS - set(found.scalars())
    else:
        found = connection.execute(
            text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')")
        )
        missing = POSTGRESQL_TRIGGERS - set(found.scalars())
    if missing:
        return fail(
            _(
                "De database beschermt niet alles: %(names)s ontbreekt of staat uit.",
                names=", ".join(sorted(missing)),
            )
        )
    return ok(_("De database weigert wijzigingen in het auditspoor en in gepubliceerde routes."))


@check("connection")
def database_role(patient: Patient) -> Outcome:
    """That the app's role cannot switch triggers off for everybody."""
    if patient.connection.dialect.name == "sqlite":
        return ok(_("SQLite kent geen rollen; de rechten zijn die van het bestand."))
    powerful = patient.connection.execute(
        text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    ).scalar()
    if powerful:
        return warn(
            _("inleer gebruikt een databaserol die alles mag (superuser). Geef inleer een eigen rol.")
        )
    return ok(_("De databaserol van inleer mag niet alles."))


@check("schema", "app")
def audit_chain(_patient: Patient) -> Outcome:
    """That nobody changed, removed or reordered the audit trail."""
    problems = verify_chain(db.session())
    db.session.rollback()
    if problems:
        return fail(
            _("Het auditspoor is aangetast: %(first)s (%(n)s fouten).", first=problems[0], n=len(problems))
        )
    return ok(_("Het auditspoor is ongeschonden."))


@check("schema", "app")
def audit_heads(patient: Patient) -> Outcome:
    """That the trail still holds every head that was noted: nobody cut off its end or made it anew."""
    folder = patient.settings.var_dir
    days = anchors.broken(folder)
    if days:
        return fail(
            _(
                "Het auditspoor is ingekort of vervangen: het klopt niet met %(file)s van %(day)s.",
                file=anchors.FILE,
                day=days[0],
            )
        )
    count = sum(1 for _row in anchors.noted(folder))
    return ok(_("Het auditspoor klopt met de genoteerde koppen (%(n)s).", n=count))


@check("connection")
def clock_skew(patient: Patient) -> Outcome:
    """That this machine and the database agree what time it is."""
    if patient.connection.dialect.name == "sqlite":
        return ok(_("De database gebruikt de klok van deze machine."))
    there = patient.connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    if abs(there - datetime.now(UTC)) > MAX_SKEW:
        return fail(_("De klokken van deze machine en de database lopen te ver uiteen."))
    return ok(_("De klokken van deze machine en de database zijn gelijk."))


@check("connection")
def unknown_tables(patient: Patient) -> Outcome:
    """That the database is ours alone: a back-up and a restore take everything in it."""
    known = {"alembic_version", *(owner.version_table for owner in patient.owners)}
    from inleer.migrate.drift import load_models

    names = set(inspect(patient.connection).get_table_names())
    prefixes = tuple(f"{name}_" for name in orphans(patient.connection, patient.owners))
    models = set(load_models(patient.owners).tables)
    others = {n for n in names - known - models if not n.startswith(("alembic_version_", *prefixes))}
    if others:
        return warn(
            _(
                "Er staan tabellen in de database die niet van inleer zijn: %(names)s.",
                names=", ".join(sorted(others)),
            )
        )
    return ok(_("In de database staan alleen tabellen van inleer."))
