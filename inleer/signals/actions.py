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
from inleer.cohorts.models import Cohort, Session, SessionCohort
from inleer.db import db, new_id
from inleer.errors import DomainError, StaleEdit
from inleer.extend import Registry, faults
from inleer.extend.types import SignalFinding, Tone
from inleer.i18n import _, format_date
from inleer.policy import Actor, unscoped
from inleer.signals.models import Signal
from inleer.signals.rules import Raised, about_person
from inleer.signals.writing import write_changed

TONES = {Tone.INFO: "info", Tone.WARNING: "warn", Tone.URGENT: "bad"}
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


def settle(actor: Actor, people: Sequence[PersonMarks], core: Mapping[UUID, Sequence[Raised]]) -> None:
    """Bring the signals of these people up to date: new causes are raised, causes that went away are over.

    ``core`` is what the core's rules find; the plugins' are asked here.
    """
    known: dict[UUID, list[Signal]] = {}
    statement = unscoped(
        select(Signal).where(Signal.candidate_id.in_([p.candidate_id for p in people])),
        "rules over people loaded in scope",
    )
    for signal in db.session.execute(statement).scalars():
        if signal.candidate_id is not None:
            known.setdefault(signal.candidate_id, []).append(signal)
    from_plugins = _plugin_findings(people)
    changed: list[Signal] = []
    for person in people:
        found = [*core[person.candidate_id], *from_plugins.get(person.candidate_id, [])]
        changed += _settle(actor, person, found, known.get(person.candidate_id, []))
    write_changed(changed)


def _core_findings(person: PersonMarks, calendars: CalendarCache) -> list[Raised]:
    calendar = calendars.of(person)
    today = clock.today()
    settings = calendars.settings(today, person.agency_id)
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


def _plugin_findings(people: Sequence[PersonMarks]) -> Mapping[UUID, list[Raised]]:
    registry: Registry = current_app.extensions["inleer"]
    if not registry.signals:
        return {}
    enrolments: dict[UUID, UUID] = {}
    by_route: dict[str, list[UUID]] = {}
    for person in people:
        for enrolment in person.enrolments:
            if enrolment.state in TAKING_PART:
                enrolments[enrolment.enrolment_id] = person.candidate_id
                by_route.setdefault(enrolment.route_key, []).append(enrolment.enrolment_id)
    found: dict[UUID, list[Raised]] = {}
    for route_key, ids in by_route.items():
        for raised_for, raised in _evaluate(registry, route_key, ids):
            found.setdefault(enrolments[raised_for], []).append(raised)
    return found


def _evaluate(registry: Registry, route_key: str, ids: Sequence[UUID]) -> Iterable[tuple[UUID, Raised]]:
    """What the plugin's signals find among these enrolments; a failing one is logged and finds nothing."""
    today = clock.today()
    for owned in registry.signals_for(route_key):
        definition = owned.value
        result = faults.call(
            registry.faults,
            db.session(),
            owned.plugin,
            definition.key,
            partial(definition.evaluate, ids, today),
            faults.records(SignalFinding),
        )
        if isinstance(result, faults.Unavailable):
            continue
        for finding in result:
            if finding.enrolment_id in ids:
                tone = TONES[definition.tone]
                yield (
                    finding.enrolment_id,
                    Raised(definition.key, finding.cause, finding.on, tone, finding.text),
                )


def _settle(
    actor: Actor, person: PersonMarks, found: Iterable[Raised], known: Sequence[Signal]
) -> Iterable[Signal]:
    """Raise what is new; the signals that changed are returned, still to be written."""
    by_cause = {(s.rule, s.cause): s for s in known if s.session_id is None}
    holding = {(raised.rule, raised.cause): raised for raised in found}
    for cause, raised in holding.items():
        signal = by_cause.get(cause)
        if signal is None:
            _raise(actor, person, raised)
            continue
        if signal.state == "over":
            _set_state(actor, signal, "open")
        if (signal.text, signal.tone) != (raised.text, raised.tone):
            signal.text, signal.tone, signal.facts = raised.text, raised.tone, dict(raised.facts)
            audit.record(actor, "signal.updated", _row(signal), details={"rule": raised.rule})
    for cause, signal in by_cause.items():
        if cause not in holding and signal.state == "open":
            _set_state(actor, signal, "over")
    return [signal for signal in by_cause.values() if db.session.is_modified(signal)]


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


def _set_state(actor: Actor, signal: Signal, state: str) -> None:
    audit.record(actor, "signal.state_changed", _row(signal), details={"from": signal.state, "to": state})
    signal.state = state


def _row(signal: Signal) -> tuple[str, UUID]:
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


def reopen(actor: Actor, signal: Signal, version: int) -> None:
    """Undo handling. Raises StaleEdit, DomainError."""
    if version != signal.version:
        raise StaleEdit(signal, version)
    if signal.state != "handled":
        raise DomainError(_("Dit signaal is niet afgehandeld."))
    _set_state(actor, signal, "open")
    signal.handled_at = signal.handled_by_name = signal.handled_note = None


def sweep_unrecorded(actor: Actor) -> int:
    """Raise a signal for each past session that nobody recorded; those recorded since are over. Returns how many."""
    today = clock.today()
    rows = db.session.execute(
        unscoped(
            select(Session, SessionCohort.cohort_id)
            .join(SessionCohort, SessionCohort.session_id == Session.id)
            .join(Cohort, Cohort.id == SessionCohort.cohort_id)
            .where(
                Session.on < today,
                Session.state.in_(("planned", "open")),
                Cohort.state.in_(("recruiting", "running")),
            )
            .order_by(Session.on),
            "daily sweep",
        )
    ).all()
    waiting = {s.id: (s, cohort_id) for s, cohort_id in rows}
    statement = unscoped(select(Signal).where(Signal.rule == "core.unrecorded"), "daily sweep")
    known = {s.subject_id: s for s in db.session.execute(statement).scalars()}
    for session_id, (session, cohort_id) in waiting.items():
        signal = known.get(session_id)
        if signal is None:
            _raise_unrecorded(actor, session, cohort_id)
        elif signal.state == "over":
            _set_state(actor, signal, "open")
    for session_id, signal in known.items():
        if session_id not in waiting and signal.state == "open":
            _set_state(actor, signal, "over")
    return len(waiting)


def _raise_unrecorded(actor: Actor, session: Session, cohort_id: UUID) -> None:
    signal = Signal(
        subject_id=session.id,
        session_id=session.id,
        cohort_id=cohort_id,
        rule="core.unrecorded",
        cause=f"unrecorded:{session.id}",
        tone="warn",
        on=session.on,
        text=_(
            "%(title)s van %(on)s is nog niet geregistreerd.", title=session.title, on=format_date(session.on)
        ),
        facts={},
        owner_id=session.substitute_id or session.teacher_id,
        raised_at=clock.now(),
    )
    db.session.add(signal)
    audit.record(actor, "signal.raised", signal, details={"rule": "core.unrecorded"})


def sessions_settled(actor: Actor, session_ids: frozenset[UUID]) -> None:
    """Listener: these sessions are recorded or cancelled now; the signal that they were not is over."""
    statement = unscoped(
        select(Signal).where(Signal.session_id.in_(session_ids), Signal.state == "open"),
        "signals of sessions loaded in scope",
    )
    for signal in db.session.execute(statement).scalars():
        _set_state(actor, signal, "over")
