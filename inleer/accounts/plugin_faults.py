"""Faults of plugins, stored for all processes; a plugin that keeps failing is stopped for a while and reported once.

The page that showed "niet beschikbaar" is not held up by this, nor undone: what a request met is stored after it, in a
unit of work of its own. So is the stop: an event in the audit trail of each work agency, a mail to its administrators.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from flask import Flask, current_app
from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from inleer import audit, clock
from inleer.accounts.models import Organisation, User
from inleer.accounts.notifications import PLUGIN_STOPPED, choices_of
from inleer.accounts.unusual_reads import administrators
from inleer.config import Settings
from inleer.db import db, in_write, rows_changed, unit_of_work
from inleer.extend import Registry
from inleer.extend.faultlog import FAULT, MOST_FAULTS, PAUSE, WITHIN, Fault, FaultLog
from inleer.extend.models import PluginFault, PluginStop
from inleer.i18n import _, format_time
from inleer.jobs import mail
from inleer.jobs.mail import Mail
from inleer.jobs.outbox import enqueue
from inleer.jobs.texts import Link, Value, fill
from inleer.policy import Actor, system_actor, unscoped

ACTION = "plugin.stopped"
MAIL = "plugin.stopped"
STOPPED = (
    "Plugin {plugin} is even stilgezet",
    "Beste {naam},\n\nDe plugin “{plugin}” ging in korte tijd {keer} keer fout. Inleer roept hem tot {tot} uur niet"
    " aan; zijn"
    " blokken tonen zolang “niet beschikbaar”, en zijn regels tellen niet als voldaan. Daarna wordt het opnieuw"
    " geprobeerd."
    " Er gaat niets verloren.\n\nWat er misging, staat hier:\n\n{link}\n\nBlijft het misgaan, meld het dan aan de"
    " maker van"
    " de plugin, of laat hem uitzetten.",
)
KEPT_DAYS = 30
_log = structlog.get_logger("inleer.extend")


def install(app: Flask) -> None:
    """Store after each request, and after each job of the worker; called once by create_app."""
    mail.register(MAIL, stopped_mail)
    app.teardown_request(_after)
    app.teardown_appcontext(_after)


def _after(_error: BaseException | None) -> None:
    registry: Registry = current_app.extensions["inleer"]
    if registry.faults.unsaved and not in_write():
        store(registry.faults)


def store(log: FaultLog) -> None:
    """Write what the log holds, and stop the plugins that failed too often over all processes.

    When the database does not take it, the faults are kept for the next time, and the log says so.
    """
    found = log.take()
    db.session.rollback()  # whatever the request left open is over
    try:
        with unit_of_work() as session:
            session.add_all(_row(fault) for fault in found)
            session.flush()
            failing = sorted({fault.plugin for fault in found if fault.kind == FAULT})
            stops = {plugin: until for plugin in failing if (until := _stop(plugin)) is not None}
    except SQLAlchemyError as error:
        log.put_back(found)
        _log.error("plugin_faults_not_stored", number=len(found), kind=type(error).__name__)
        return
    for plugin, until in stops.items():
        log.stop(plugin, until)


def forget(_actor: Actor, day: date) -> int:
    """Delete what is older than thirty days; returns how many. A daily job."""
    before = clock.at(day, datetime.min.time()) - timedelta(days=KEPT_DAYS)
    return rows_changed(delete(PluginFault).where(PluginFault.at < before))


def stored(plugin: str, most: int = 30) -> tuple[Fault, ...]:
    """The newest faults and slow calls of a plugin in all processes, newest first."""
    found = select(PluginFault).where(PluginFault.plugin == plugin)
    rows = db.session.scalars(found.order_by(PluginFault.at.desc(), PluginFault.id).limit(most))
    return tuple(Fault(r.at, r.plugin, r.key, r.kind, r.detail, r.seconds) for r in rows)


def stopped_until() -> dict[str, datetime]:
    """The plugins that are not called now, and until when."""
    rows = db.session.execute(
        select(PluginStop.plugin, PluginStop.until).where(PluginStop.until > clock.now())
    )
    return {row.plugin: row.until for row in rows}


def stopped_mail(payload: dict[str, Any]) -> Mail | None:
    """The mail to an administrator that a plugin is not called for a while. It names the plugin and nobody."""
    user = db.session.get(User, UUID(payload["user_id"]))
    if user is None or not user.active or not choices_of(user.id)[PLUGIN_STOPPED]:
        return None
    settings: Settings = current_app.config["INLEER"]
    values: dict[str, Value] = {
        "naam": user.name,
        "plugin": payload["plugin"],
        "keer": str(MOST_FAULTS),
        "tot": format_time(datetime.fromisoformat(payload["until"])),
        "link": Link(f"{settings.base_url}/beheer/plugins", _("Naar de plugins")),
    }
    return mail.letter(user.email, fill(_(STOPPED[0]), _(STOPPED[1]), values))


def _row(fault: Fault) -> PluginFault:
    return PluginFault(
        plugin=fault.plugin[:80],
        key=fault.key[:200],
        kind=fault.kind,
        detail=fault.detail[:300],
        at=fault.at,
        seconds=fault.seconds,
    )


def _stop(plugin: str) -> datetime | None:
    """Until when all processes leave this plugin alone; who finds the fault that is one too many reports it."""
    now = clock.now()
    agreed = db.session.scalars(
        select(PluginStop.until).where(PluginStop.plugin == plugin, PluginStop.until > now)
    ).one_or_none()
    if agreed is not None:
        return agreed
    recent = select(func.count()).where(
        PluginFault.plugin == plugin, PluginFault.kind == FAULT, PluginFault.at > now - WITHIN
    )
    if db.session.execute(recent).scalar_one() < MOST_FAULTS:
        return None
    until = now + PAUSE
    if _is_first(plugin, now, until):
        _report(plugin, until)
    return until


def _is_first(plugin: str, now: datetime, until: datetime) -> bool:
    """Whether this process sets the stop; of two at once the second waits for the first, and finds it set."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    new = dialect.insert(PluginStop).values(plugin=plugin, until=until)
    over = new.on_conflict_do_update(
        index_elements=[PluginStop.plugin],
        set_={"until": new.excluded.until},
        where=PluginStop.until <= now,
    )
    return db.session.execute(over.returning(PluginStop.plugin)).first() is not None


def _report(plugin: str, until: datetime) -> None:
    told = {"plugin": plugin, "faults": MOST_FAULTS, "until": until.isoformat()}
    for agency in _agencies():
        actor = replace(system_actor("breaker"), organisation_id=agency)
        audit.record(actor, ACTION, ("plugin", plugin), details=told, outcome="alert")
        for user_id in administrators(agency):
            enqueue(MAIL, {"user_id": str(user_id), "plugin": plugin, "until": until.isoformat()})


def _agencies() -> Iterable[UUID]:
    statement = select(Organisation.id).where(
        Organisation.kind == "work_agency", Organisation.archived_at.is_(None)
    )
    return db.session.scalars(unscoped(statement.order_by(Organisation.id), "who is told")).all()
