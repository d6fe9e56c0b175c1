"""Signals are computed when attendance is saved, and swept daily for what only time brings about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from uuid import UUID

from flask import current_app
from sqlalchemy import select

from inleer import audit, clock
from inleer.attendance.queries import PersonMarks, persons
from inleer.attendance.rollups import CalendarCache, calendars_for, claim, counted, reached, rebuild
from inleer.cohorts.models import Session
from inleer.db import db, new_id
from inleer.errors import DomainError, StaleEdit
from inleer.extend import CORE, Registry, faults
from inleer.extend.types import SignalFinding, Tone
from inleer.i18n import _
from inleer.policy import Actor, unscoped
from inleer.signals.models import Signal
from inleer.signals.rules import Raised, about_person
from inleer.signals.writing import Known, known_of, write_changed

TONES = {Tone.INFO: "info", Tone.WARNING: "warn", Tone.URGENT: "bad"}
UNRECORDED = "core.unrecorded"
TAKING_PART = ("selected", "active", "paused")


def follow_attendance(actor: Actor, enrolment_ids: frozenset[UUID]) -> None:
    """Listener: make the roll-ups of these people again from all their marks, and their signals with them."""
    recount(actor, claim(enrolment_ids))


def follow_person(actor: Actor, candidate_ids: frozenset[UUID]) -> None:
    """Listener: who these people are changed, and with it what their absence means."""
    people = persons(candidate_ids)
    if people:
        settle(actor, people, findings(people, calendars_for(people)))


def recount(actor: Actor, candidate_ids: Iterable[UUID]) -> None:
    """Roll-ups and signals of these people, who are held, from all their marks."""
    people = persons(candidate_ids)
    if people:
        calendars = calendars_for(people)
        rebuild(people, calendars)
        settle(actor, people, findings(people, calendars))


def findings(people: Sequence[PersonMarks], calendars: CalendarCache) -> dict[UUID, list[Raised]]:
    """What the core's rules find about these people today."""
    return {person.candidate_id: _core_findings(person, calendars) for person in people}


def settle(
    actor: Actor,
    people: Sequence[PersonMarks],
    core: Mapping[UUID, Sequence[Raised]],
    known: Mapping[UUID, Sequence[Known]] | None = None,
) -> None:
    """Bring the signals of these people up to date: new causes are raised, causes that went away are over.

    ``core`` is what the core's rules find; the plugins' are asked here. ``known``: their signals, where they were read.
    """
    if known is None:
        known = known_of([p.candidate_id for p in people])
    from_plugins, silent = _plugin_findings(people)
    changed: list[Known] = []
    for person in people:
        found = [*core[person.candidate_id], *from_plugins.get(person.candidate_id, [])]
        heard = [one for one in known.get(person.candidate_id, ()) if _is_heard(one.rule, silent)]
        changed += _settle(actor, person, found, heard)
    write_changed(changed)


def _core_findings(person: PersonMarks, calendars: CalendarCache) -> list[Raised]:
    calendar = calendars.of(person)
    today = clock.today()
    settings = calendars.settings(person.agency_id)
    marks = [m for e in person.enrolments for m in counted(e, today)]
    found = about_person(
        marks,
        reached(person, calendar, settings=settings),
        calendar,
        settings,
        today,
        person.birth_date,
        person.startkwalificatie,
    )
    return that_hold(person, found)


def that_hold(person: PersonMarks, found: list[Raised]) -> list[Raised]:
    """Of who takes part no longer only what was reached stays; the warnings are over."""
    taking_part = any(e.state in TAKING_PART for e in person.enrolments)
    return found if taking_part else [f for f in found if f.rule == "core.sixteen_hours"]


def _plugin_findings(people: Sequence[PersonMarks]) -> tuple[Mapping[UUID, list[Raised]], set[str]]:
    """What the plugins find about these people; and the rules that could not be asked: nothing is known of them."""
    registry: Registry = current_app.extensions["inleer"]
    silent: set[str] = set()
    if not registry.signals:
        return {}, silent
    enrolments: dict[UUID, UUID] = {}
    by_route: dict[str, list[UUID]] = {}
    for person in people:
        for enrolment in person.enrolments:
            if enrolment.state in TAKING_PART:
                enrolments[enrolment.enrolment_id] = person.candidate_id
                by_route.setdefault(enrolment.route_key, []).append(enrolment.enrolment_id)
    found: dict[UUID, list[Raised]] = {}
    for route_key, ids in by_route.items():
        for raised_for, raised in _evaluate(registry, route_key, ids, silent):
            found.setdefault(enrolments[raised_for], []).append(raised)
    return found, silent


def _is_heard(rule: str, silent: set[str]) -> bool:
    """Whether it is known if this rule holds; not of a plugin that failed, or that is off: its signals stay."""
    registry: Registry = current_app.extensions["inleer"]
    on = {CORE, *(plugin.name for plugin in registry.plugins)}
    return rule not in silent and rule.partition(".")[0] in on


def _evaluate(
    registry: Registry, route_key: str, ids: Sequence[UUID], silent: set[str]
) -> Iterable[tuple[UUID, Raised]]:
    """What the plugin's signals find among these enrolments; a failing one is logged, and named in ``silent``."""
    today = clock.today()
    for owned in registry.signals_for(route_key):
        definition = owned.value
        result = faults.call(
            registry.faults,
            db.session(),
            owned.plugin,
            definition.key,
            partial(definition.evaluate, ids, today),
            faults.records(SignalFinding, len(ids)),
        )
        if isinstance(result, faults.Unavailable):
            silent.add(definition.key)
            continue
        for finding in result:
            if finding.enrolment_id in ids:
                tone = TONES[definition.tone]
                yield (
                    finding.enrolment_id,
                    Raised(definition.key, finding.cause, finding.on, tone, finding.text),
                )


def _settle(
    actor: Actor, person: PersonMarks, found: Iterable[Raised], known: Sequence[Known]
) -> list[Known]:
    """Raise what is new; the signals that changed are returned, still to be written."""
    by_cause = {(s.rule, s.cause): s for s in known}
    holding = {(raised.rule, raised.cause): raised for raised in found}
    changed: dict[UUID, Known] = {}
    for cause, raised in holding.items():
        signal = by_cause.get(cause)
        if signal is None:
            _raise(actor, person, raised)
            continue
        if signal.state == "over":
            set_state(actor, signal, "open")
            changed[signal.id] = signal
        if (signal.text, signal.tone) != (raised.text, raised.tone):
            signal.text, signal.tone, signal.facts = raised.text, raised.tone, dict(raised.facts)
            audit.record(actor, "signal.updated", _row(signal), details={"rule": raised.rule})
            changed[signal.id] = signal
    for cause, signal in by_cause.items():
        if cause not in holding and signal.state == "open":
            set_state(actor, signal, "over")
            changed[signal.id] = signal
    return list(changed.values())


def _raise(actor: Actor, person: PersonMarks, raised: Raised) -> None:
    current = [e for e in person.enrolments if e.state in TAKING_PART] or list(person.enrolments)
    signal = Signal(
        id=new_id(),
        subject_id=person.candidate_id,
        candidate_id=person.candidate_id,
        cohort_id=current[-1].cohort_id,
        rule=raised.rule,
        cause=raised.cause,
        tone=raised.tone,
        on=raised.on,
        text=raised.text,
        facts=dict(raised.facts),
        owner_id=person.coach_id,
        state="open",
        raised_at=clock.now(),
    )
    db.session.add(signal)
    audit.record(actor, "signal.raised", _row(signal), details={"rule": raised.rule, "cause": raised.cause})


def set_state(actor: Actor, signal: Signal | Known, state: str) -> None:
    """Record in which state a signal comes, and let it."""
    audit.record(actor, "signal.state_changed", _row(signal), details={"from": signal.state, "to": state})
    signal.state = state


def _row(signal: Signal | Known) -> tuple[str, UUID]:
    """A signal as the audit trail names it, without a flush for each: a group's signals are written at once."""
    return "signal", signal.id


def handle(actor: Actor, signal: Signal, note: str, version: int) -> None:
    """The owner dealt with it. Raises DomainError without a note, StaleEdit for an older version."""
    if version != signal.version:
        raise StaleEdit(signal, version)
    if signal.state != "open":
        raise DomainError(_("Dit signaal is al afgehandeld."))
    if not note.strip():
        raise DomainError(_("Schrijf kort op wat er is gedaan of afgesproken."), "note")
    audit.record(actor, "signal.handled", signal, details={"rule": signal.rule})
    signal.state, signal.handled_at = "handled", clock.now()
    signal.handled_by_name, signal.handled_note = actor.name, note.strip()
    _waive(actor, signal, actor.name, note.strip())


def reopen(actor: Actor, signal: Signal, version: int) -> None:
    """Undo handling. Raises StaleEdit, DomainError."""
    if version != signal.version:
        raise StaleEdit(signal, version)
    if signal.state != "handled":
        raise DomainError(_("Dit signaal is niet afgehandeld."))
    set_state(actor, signal, "open")
    signal.handled_at = signal.handled_by_name = signal.handled_note = None
    _waive(actor, signal, None, None)


def _waive(actor: Actor, signal: Signal, by_name: str | None, note: str | None) -> None:
    """That nobody recorded a session is dealt with (or again not): the session says so, and waits no longer."""
    if signal.rule != UNRECORDED:
        return
    statement = unscoped(select(Session).where(Session.id == signal.session_id), "a signal loaded in scope")
    session = db.session.execute(statement).scalar_one()
    session.waived_by_name, session.waived_note = by_name, note
    audit.record(actor, "session.waived" if by_name else "session.awaited", session)
