"""Writes of attendance. Every mark is saved on its own with its version; two people on one cell see each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from inleer import audit, clock
from inleer.attendance.closing import is_closed
from inleer.attendance.marks import (
    Kept,
    MarkConflict,
    MarkInput,
    change_of,
    check_allowed,
    held,
    left_by_fill,
    named,
    same,
    saw,
)
from inleer.attendance.models import Attendance, AttendanceCorrection
from inleer.attendance.queries import lock_days
from inleer.attendance.stamps import Stamp
from inleer.attendance.writing import Done, written
from inleer.cohorts.models import Session
from inleer.cohorts.sessions import lock_session, open_session, reopen_session
from inleer.db import db
from inleer.errors import DomainError
from inleer.events import marks_changed
from inleer.i18n import _
from inleer.policy import Actor, unscoped

__all__ = [
    "MarkConflict",
    "MarkInput",
    "check_recordable",
    "clear_marks",
    "clear_own",
    "closed",
    "correct_mark",
    "fill_empty",
    "record_many",
    "record_mark",
    "remeasure",
    "reopen",
]


def record_mark(
    actor: Actor,
    session: Session,
    typed: MarkInput,
    allowed: Iterable[UUID],
    seen: Mapping[UUID, Kept] | None = None,
) -> Kept:
    """Save one mark. ``allowed`` are the enrolments in this session's register, ``seen`` the marks just read of them.

    The same mark once more changes nothing, so that a browser may repeat a save. Raises DomainError for an
    impossible mark or a closed session, MarkConflict when someone else was first, NotVisible for a person who is
    not in the register.
    """
    check_recordable(session)
    check_allowed([typed], allowed)
    done = written(actor, session, [typed], seen)
    for conflict in done.conflicts:
        raise conflict
    if not done.saved:
        return done.stored[typed.enrolment_id]
    open_session(actor, session)
    audit.record(actor, "attendance.recorded", named(done.saved[0]), details={"status": typed.status})
    marks_changed.fire(actor, done.changes)
    return done.saved[0]


def record_many(
    actor: Actor,
    session: Session,
    typed: Sequence[MarkInput],
    allowed: Iterable[UUID],
    seen: Mapping[UUID, Kept] | None = None,
) -> tuple[Sequence[Kept], list[MarkConflict]]:
    """Save a whole register in one transaction; cells that someone else changed are returned as conflicts.

    Raises DomainError with field ``minutes-ID`` when a cell cannot be: then nothing at all is saved. Raises what
    :func:`record_mark` does for a closed session or a person who is not in the register.
    """
    check_recordable(session)
    check_allowed(typed, allowed)
    done = written(actor, session, typed, seen, many=True)
    _saved_many(actor, session, done)
    return done.saved, done.conflicts


def fill_empty(actor: Actor, session: Session, allowed: Iterable[UUID]) -> Sequence[Kept]:
    """Mark everybody without a mark as present, all at one moment; what is filled already stays.

    Returns the new marks. Raises DomainError for a closed session.
    """
    check_recordable(session)
    everybody = [MarkInput(enrolment_id, "present", None, 0) for enrolment_id in allowed]
    stored = held(session, [t.enrolment_id for t in everybody])
    done = written(actor, session, [t for t in everybody if t.enrolment_id not in stored], stored)
    _saved_many(actor, session, done)
    if done.saved:
        session.filled_at = done.saved[0].recorded_at  # what the undo is about, also when the page was left
    return done.saved


def clear_marks(
    actor: Actor, session: Session, stamps: Mapping[UUID, Stamp], allowed: Iterable[UUID]
) -> list[UUID]:
    """Undo a bulk mark: cells that still are as the last one left them become empty again. Returns which.

    ``stamps`` of the marks as a page showed them; one that no bulk mark made stays, whoever made it. Raises DomainError
    for a closed session, NotVisible for a person who is not in the register.
    """
    check_recordable(session)
    typed = [MarkInput(i, "", None, left.version, seen=left.seen) for i, left in stamps.items()]
    check_allowed(typed, allowed)
    stored = held(session, stamps)
    seen = [
        stored[t.enrolment_id] for t in typed if t.enrolment_id in stored and saw(t, stored[t.enrolment_id])
    ]
    filled_at = session.filled_at
    cleared = [m for m in seen if left_by_fill(m.recorded_at, m.version, m.status, filled_at)]
    _clear(actor, session, cleared)
    return [m.enrolment_id for m in cleared]


def clear_own(actor: Actor, session: Session, typed: MarkInput, allowed: Iterable[UUID]) -> None:
    """Make one cell empty again, by who filled it. Nothing happens when it is empty already.

    Raises DomainError for a mark of somebody else and for a closed session, MarkConflict when it was changed since
    the page was shown, NotVisible for a person who is not in the register.
    """
    check_recordable(session)
    check_allowed([typed], allowed)
    stored = held(session, [typed.enrolment_id]).get(typed.enrolment_id)
    if stored is None:
        return
    if not saw(typed, stored):
        raise MarkConflict(stored, typed)
    if stored.recorded_by_id != actor.user_id:
        text = _(
            "Dit vulde %(name)s in. Leegmaken kan alleen wie het invulde; kies wat klopt.",
            name=stored.recorded_by_name,
        )
        raise DomainError(text, "status")
    _clear(actor, session, [stored])


def correct_mark(
    actor: Actor, session: Session, typed: MarkInput, reason: str, allowed: Iterable[UUID]
) -> AttendanceCorrection:
    """Change a mark after the register closed, with a reason that stays visible.

    Raises DomainError (field "reason" without one), MarkConflict, NotVisible.
    """
    if not closed(session):
        raise DomainError(_("Deze les is nog niet dicht: pas de aanwezigheid gewoon aan."))
    if not reason.strip():
        raise DomainError(_("Vul de reden van de verandering in."), "reason")
    check_allowed([typed], allowed)
    stored = held(session, [typed.enrolment_id])
    before = stored.get(typed.enrolment_id)
    old = (before.status, before.missed) if before else (None, None)
    if before is not None and same(before, typed):
        raise DomainError(_("Er is niets veranderd."))
    if session.state == "recorded":
        lock_session(actor, session)
    done = written(actor, session, [typed], stored)
    for conflict in done.conflicts:
        raise conflict
    if not done.saved:
        raise DomainError(_("Er is niets veranderd."))
    mark = done.saved[0]
    correction = AttendanceCorrection(
        enrolment_id=typed.enrolment_id,
        session_id=session.id,
        old_status=old[0],
        old_missed=old[1],
        new_status=mark.status,
        new_missed=mark.missed,
        reason=reason.strip(),
        by_id=actor.user_id,
        by_name=actor.name,
        at=clock.now(),
    )
    db.session.add(correction)
    audit.record(
        actor,
        "attendance.corrected",
        named(mark),
        details={"from": old[0] or "", "to": mark.status},
        covers=[correction],
    )
    marks_changed.fire(actor, done.changes)
    return correction


def reopen(actor: Actor, session: Session) -> None:
    """Open a finished register again. Raises DomainError when it closed already, or was not finished."""
    if closed(session):
        raise DomainError(_("Deze les is dicht. Een verbetering kan nog, met een reden."))
    reopen_session(actor, session)


def remeasure(actor: Actor, session_ids: frozenset[UUID]) -> None:
    """Listener: sessions got other times, so who missed all of one missed another number of minutes."""
    db.session.flush()
    statement = (
        select(Attendance, Session.planned_minutes)
        .join(Session, Session.id == Attendance.session_id)
        .where(
            Attendance.session_id.in_(session_ids),
            Attendance.minutes.is_(None),
            Attendance.missed > 0,
            Attendance.missed != Session.planned_minutes,
        )
        .order_by(Attendance.session_id, Attendance.enrolment_id)
        .with_for_update(of=Attendance)
    )
    rows = db.session.execute(unscoped(statement, "marks of a loaded session")).all()
    for mark, planned in rows:
        mark.missed = planned
    for session_id in sorted({mark.session_id for mark, _planned in rows}):
        marks = [mark for mark, _planned in rows if mark.session_id == session_id]
        audit.record(actor, "attendance.remeasured", ("session", session_id), covers=marks)


def closed(session: Session) -> bool:
    """Whether a change in this session's register is a correction now."""
    if session.state != "recorded":
        return session.state == "locked"
    days = lock_days([session.id], clock.today())
    return is_closed(session.state, session.on, session.recorded_at, days[session.id], clock.today())


def check_recordable(session: Session) -> None:
    """Raises DomainError, with the reason, when nobody can record attendance for this session now."""
    if session.state == "cancelled":
        raise DomainError(_("Deze les is geannuleerd."))
    if session.on > clock.today():
        raise DomainError(_("Deze les is nog niet geweest."))
    if closed(session):
        raise DomainError(_("Deze les is dicht. Een verbetering kan nog, met een reden."))


def _clear(actor: Actor, session: Session, marks: Sequence[Attendance]) -> None:
    """Take away these marks, which are held."""
    if not marks:
        return
    audit.record(
        actor,
        "attendance.cleared",
        session,
        details={"enrolments": [str(m.enrolment_id) for m in marks]},
        covers=marks,
    )
    changed = [change_of(session, mark, None) for mark in marks]
    for mark in marks:
        db.session.delete(mark)
    db.session.flush()
    marks_changed.fire(actor, changed)


def _saved_many(actor: Actor, session: Session, done: Done) -> None:
    if not done.saved:
        return
    open_session(actor, session)
    audit.record(
        actor,
        "attendance.recorded_many",
        session,
        details={"marks": {str(m.enrolment_id): m.status for m in done.saved}},
        covers=[named(mark) for mark in done.saved],
    )
    marks_changed.fire(actor, done.changes)
