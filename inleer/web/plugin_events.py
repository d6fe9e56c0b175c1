"""Plugins follow what happens to people of their own routes: after the core's own work, in the same transaction.

Each is called by itself, in a savepoint. When one fails its own changes are undone and the save of the user stands;
the call is kept in the outbox and tried again, as the system user, in a unit of work of its own.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import Uuid, bindparam, select

from inleer import events
from inleer.cohorts.models import Cohort, Enrolment
from inleer.db import db, unit_of_work
from inleer.events import MarkChange, PhaseDone
from inleer.extend import Registry, egress, faults
from inleer.extend.registry import Listener, is_active
from inleer.intentions.models import JobIntention
from inleer.jobs import outbox
from inleer.jobs.outbox import Message
from inleer.policy import Actor, system_actor, unscoped

RETRY = "plugin.event"
_IDS = bindparam("ids", type_=Uuid(), expanding=True)
_OF_PEOPLE = (
    select(Enrolment.id, Enrolment.cohort_id, Cohort.route_key)
    .join(Cohort, Cohort.id == Enrolment.cohort_id)
    .where(Enrolment.id.in_(_IDS))
)
_OF_INTENTIONS = (
    select(JobIntention.id, JobIntention.cohort_id, Cohort.route_key)
    .join(Cohort, Cohort.id == JobIntention.cohort_id)
    .where(JobIntention.id.in_(_IDS))
)


#: Of enrolments and intentions: the cohort and its route. Neither ever changes (another edition is another
#: enrolment), so that a save of a register asks no more of the database because a plugin follows it.
_known: dict[UUID, tuple[UUID, str]] = {}
MOST_KNOWN = 50_000


def install() -> None:
    """Connect the events to the hooks; called once by create_app, after the core's own listeners."""
    events.enrolment_changed.connect(_enrolments)
    events.phase_completed.connect(_phases)
    events.placement_changed.connect(_placements)
    events.intention_changed.connect(_intentions)
    events.marks_changed.connect(_marks)
    events.attendance_recorded.connect(_attendance)
    outbox.register(RETRY, _again)


def _enrolments(actor: Actor, ids: frozenset[UUID]) -> None:
    _tell(actor, "inleer_on_enrolment_changed", "enrolment_ids", ids)


def _phases(actor: Actor, done: frozenset[PhaseDone]) -> None:
    for phase_key in sorted({one.phase_key for one in done}):
        ids = [one.enrolment_id for one in done if one.phase_key == phase_key]
        _tell(actor, "inleer_on_phase_completed", "enrolment_ids", ids, phase_key=phase_key)


def _placements(actor: Actor, ids: frozenset[UUID]) -> None:
    _tell(actor, "inleer_on_placement_changed", "enrolment_ids", ids)


def _intentions(actor: Actor, ids: frozenset[UUID]) -> None:
    _tell(actor, "inleer_on_intention_changed", "intention_ids", ids)


def _marks(actor: Actor, changes: frozenset[MarkChange]) -> None:
    _attendance(actor, frozenset(change.enrolment_id for change in changes))


def _attendance(actor: Actor, ids: frozenset[UUID]) -> None:
    _tell(actor, "inleer_on_attendance_recorded", "enrolment_ids", ids)


def _tell(actor: Actor, hook: str, named: str, ids: Collection[UUID], **more: str) -> None:
    """Call the plugins that implement ``hook``, each with the ids of one cohort of its own routes at a time."""
    registry: Registry = current_app.extensions["inleer"]
    listeners = registry.listeners_to(hook)
    if not listeners:
        return
    for cohort_id, (route_key, members) in _by_cohort(named, ids).items():
        for listener in listeners:
            if is_active(listener.plugin, route_key):
                _call(registry, listener, actor, {"cohort_id": cohort_id, named: members, **more})


def _by_cohort(named: str, ids: Collection[UUID]) -> Mapping[UUID, tuple[str, list[UUID]]]:
    statement = _OF_INTENTIONS if named == "intention_ids" else _OF_PEOPLE
    if new := sorted(one for one in ids if one not in _known):
        if len(_known) + len(new) > MOST_KNOWN:
            _known.clear()
        rows = db.session.execute(unscoped(statement, "changed by who had the right to"), {"ids": new})
        _known.update({row.id: (row.cohort_id, row.route_key) for row in rows})
    found: dict[UUID, tuple[str, list[UUID]]] = {}
    for one in sorted(_known.keys() & set(ids)):  # what was taken away since has nobody to tell
        cohort_id, route_key = _known[one]
        found.setdefault(cohort_id, (route_key, []))[1].append(one)
    return found


def _call(registry: Registry, listener: Listener, actor: Actor, about: Mapping[str, Any]) -> None:
    call = partial(listener.call, actor=actor, **about)
    said = faults.call(registry.faults, db.session(), listener.plugin, _key(listener), call, faults.nothing)
    if isinstance(said, faults.Unavailable):
        outbox.enqueue(RETRY, {"plugin": listener.plugin, "hook": listener.hook, "about": _plain(about)})


def _key(listener: Listener) -> str:
    """What a fault in it is called, as "zorg.on_phase_completed"."""
    return f"{listener.plugin}.{listener.hook.removeprefix('inleer_')}"


def _again(message: Message) -> None:
    """Handler of the outbox: call the plugin once more. Whatever it raises means: later again."""
    registry: Registry = current_app.extensions["inleer"]
    hook, plugin = message.payload["hook"], message.payload["plugin"]
    found = [listener for listener in registry.listeners_to(hook) if listener.plugin == plugin]
    if not found:
        raise LookupError(f"plugin {plugin} is off, or follows {hook} no more")
    actor, began = system_actor("worker"), time.perf_counter()
    try:
        with unit_of_work(), egress.running(plugin):
            faults.nothing(found[0].call(actor=actor, **_ids(message.payload["about"])))
    except (Exception, SystemExit) as error:
        faults.note_fault(registry.faults, plugin, _key(found[0]), error, began)
        if isinstance(error, SystemExit):  # it would end the worker
            raise RuntimeError(f"plugin {plugin} exits") from error
        raise


def _plain(about: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: [str(one) for one in value] if isinstance(value, list) else str(value)
        for name, value in about.items()
    }


def _ids(about: Mapping[str, Any]) -> dict[str, Any]:
    """What :func:`_plain` made, as ids again."""
    return {
        name: [UUID(one) for one in value]
        if isinstance(value, list)
        else (UUID(value) if name.endswith("_id") else value)
        for name, value in about.items()
    }
