"""What a timetable would do: which sessions are new, moved, changed or cancelled. Pure.

How a row finds its session: docs/decisions/0051-matching.md; how it says what it does: ``timetable_words``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from inleer import clock
from inleer.cohorts.models import Session
from inleer.cohorts.rules import SESSION_STEPS
from inleer.cohorts.sessions import session_minutes
from inleer.errors import DomainError
from inleer.exchange.names import person_or_email
from inleer.exchange.plan_common import Change, Draft, Step, same_text, verdict_of
from inleer.exchange.rows_common import Parsed
from inleer.exchange.rows_sessions import SessionRow
from inleer.exchange.timetable_words import remark_on, way_of
from inleer.exchange.values import fold
from inleer.i18n import _, format_datetime


@dataclass(frozen=True, slots=True)
class KnownSessions:
    """What is known before. ``hosts``: kind of partner (school, leerhome) → organisation; ``teachers``: name or
    e-mail address, folded → user, for the teachers of these partners; ``names``: of hosts and teachers; ``closed``:
    sessions whose register is closed on ``today``; ``marks``: how many people have a mark in a session."""

    sessions: Sequence[Session]
    hosts: Mapping[str, UUID]
    teachers: Mapping[str, UUID]
    names: Mapping[UUID, str]
    closed: frozenset[UUID]
    today: date
    marks: Mapping[UUID, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SessionWork:
    """What to do for one row: the values to store, and the session that gets them (None: a new one)."""

    values: Mapping[str, Any]
    session: Session | None


def plan(parsed: Parsed[SessionRow], known: KnownSessions) -> Draft[SessionWork]:
    """What each row does, with every problem that only shows beside what is planned already."""
    draft: Draft[SessionWork] = Draft(parsed.columns)
    matches = _match(parsed.rows, known.sessions)
    unknown_teachers: set[str] = set()
    for place, (number, row) in enumerate(parsed.rows):
        try:
            session_minutes(row.starts_at, row.ends_at)
        except DomainError as error:
            draft.refuse(number, "end", error.message)
            continue
        values = _values(row, known)
        session = matches.get(place)
        label = f"{row.title}, {format_datetime(row.starts_at)}"
        if row.teacher and values["teacher_id"] is None:
            unknown_teachers.add(row.teacher)
        if session is None:
            draft.steps.append(Step(number, "created", label, SessionWork(values, None), way="created"))
            continue
        changes = _changes(session, values)
        refusal = _refusal(session, changes, known)
        if refusal:
            draft.refuse(number, *refusal)
            continue
        kept = _is_kept(session, values)
        if kept:
            draft.notice(number, "cancelled", _kept(session, label))
        verdict, marks = verdict_of(True, changes), known.marks.get(session.id, 0)
        said = way_of(changes, kept), remark_on(session, changes, kept, marks)
        draft.steps.append(Step(number, verdict, label, SessionWork(values, session), changes, *said))
    for name in sorted(unknown_teachers):
        message = _(
            "Docent “%(name)s” is bij de school niet bekend; de les heeft nog geen docent.", name=name
        )
        draft.notice(None, "teacher", message)
    draft.untouched = _untouched(known, {session.id for session in matches.values()})
    return draft


def _untouched(known: KnownSessions, found: Collection[UUID]) -> tuple[str, ...]:
    """What is planned from today on and is not in the file: that stays planned."""
    left = [s for s in known.sessions if s.id not in found and s.state == "planned" and s.on >= known.today]
    return tuple(
        f"{s.title}, {format_datetime(s.starts_at)}" for s in sorted(left, key=lambda s: s.starts_at)
    )


def _is_kept(session: Session, values: Mapping[str, Any]) -> bool:
    """Whether people decided otherwise than the file, which says what the timetable before it said."""
    as_before = session.file_cancelled == values["cancelled"]
    return bool(as_before and values["cancelled"] != (session.state == "cancelled"))


def _match(rows: Sequence[tuple[int, SessionRow]], sessions: Sequence[Session]) -> dict[int, Session]:
    """Which session each row is (by its place in the file): by the sender's own key, else by start and title,
    else by start alone. Each session is given away once."""
    left = {session.id: session for session in sessions}
    found: dict[int, Session] = {}

    def give(ways: Iterable[tuple[int, Any]], of: Any) -> None:
        index: dict[Any, list[Session]] = {}
        for session in left.values():
            for key in of(session):
                index.setdefault(key, []).append(session)
        for place, key in ways:
            free = [s for s in index.get(key, ()) if s.id in left]
            if place not in found and free:
                found[place] = left.pop(free[0].id)

    numbered = list(enumerate(row for _number, row in rows))
    give(((n, r.uid) for n, r in numbered if r.uid), lambda s: [s.external_uid] if s.external_uid else [])
    give(
        ((n, (r.starts_at, fold(r.title), fold(r.code or ""))) for n, r in numbered),
        lambda s: [(s.starts_at, fold(s.title), fold(s.code or ""))],
    )
    give(((n, (r.starts_at, fold(r.title))) for n, r in numbered), lambda s: [(s.starts_at, fold(s.title))])
    # A session with a key of its own, at the same time under another title, is another session.
    give(
        ((n, r.starts_at) for n, r in numbered),
        lambda s: [] if s.external_uid else [s.starts_at],
    )
    return found


def _values(row: SessionRow, known: KnownSessions) -> dict[str, Any]:
    teacher = known.teachers.get(person_or_email(row.teacher)) if row.teacher else None
    return {
        "title": row.title,
        "code": row.code,
        "kind": row.kind,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "location": row.location,
        "teacher_id": teacher,
        "organisation_id": _host(row.kind, known.hosts),
        "external_uid": row.uid,
        "cancelled": row.cancelled,
    }


def _host(kind: str, hosts: Mapping[str, UUID]) -> UUID | None:
    """The organiser: the leerhome for the introduction when there is one, else the school; nobody when neither."""
    if kind == "introduction" and "leerhome" in hosts:
        return hosts["leerhome"]
    return hosts.get("school")


def _changes(session: Session, values: Mapping[str, Any]) -> tuple[Change, ...]:
    """Fields that differ. What the file does not say (no place, no teacher, no key) stays as it is."""
    changes = []
    for name in ("title", "code", "kind", "starts_at", "ends_at", "location", "teacher_id", "external_uid"):
        old, new = getattr(session, name), values[name]
        alike = same_text(old, new) if isinstance(new, str) else old == new
        if new is not None and not alike:
            changes.append(Change(name, old, new))
    if session.organisation_id is None and values["organisation_id"] is not None:
        changes.append(Change("organisation_id", None, values["organisation_id"]))
    # Only what the file itself says anew: what people decided since stays.
    if session.file_cancelled != values["cancelled"]:
        if (session.state == "cancelled") != values["cancelled"]:
            changes.append(Change("state", session.state, "cancelled" if values["cancelled"] else "planned"))
        else:
            changes.append(Change("file_cancelled", session.file_cancelled, values["cancelled"]))
    return tuple(changes)


def _kept(session: Session, label: str) -> str:
    """Somebody decided otherwise than the file, which says what it said before."""
    if session.state == "cancelled":
        return _(
            "“%(lesson)s” is hier geannuleerd en blijft dat: het bestand zegt hetzelfde als eerder. "
            "Gaat de les toch door, herstel haar dan op de pagina van de les.",
            lesson=label,
        )
    return _(
        "“%(lesson)s” gaat hier door en dat blijft zo: het bestand meldde de annulering al eerder. "
        "Gaat de les toch niet door, annuleer haar dan op de pagina van de les.",
        lesson=label,
    )


def _refusal(session: Session, changes: Sequence[Change], known: KnownSessions) -> tuple[str, str] | None:
    """The column and the sentence when the session can no longer change in this way."""
    new = {c.field: c.new for c in changes}
    finished = session.state in ("recorded", "locked")
    if finished and new.keys() & {"starts_at", "ends_at", "kind"}:
        if session.state == "locked" or session.id in known.closed:
            return "start", _(
                "Deze les is dicht: tijd en soort veranderen niet meer. Klopt de aanwezigheid van een kandidaat niet, "
                "verbeter die dan in de lijst van de les, met een reden."
            )
        return "start", _(
            "Deze les is al geregistreerd: tijd en soort veranderen niet. Heropen eerst de lijst van de les "
            "en lees het bestand daarna opnieuw in."
        )
    if new.get("state") == "cancelled" and "cancelled" not in SESSION_STEPS[session.state]:
        return "cancelled", _("Deze les is al geregistreerd. Zet de registratie eerst open om te annuleren.")
    if session.state == "open" and "starts_at" in new and clock.local(new["starts_at"]).date() > known.today:
        return "start", _("Er is al aanwezigheid ingevuld: de les kan niet naar een latere dag.")
    return None
