"""Writes of attendance. Every mark is saved on its own with its version; two people on one cell see each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from inleer import audit, clock
from inleer.attendance.closing import is_closed
from inleer.attendance.marks import MarkConflict, MarkInput, change_of, held, mark_for, same, saw, write
from inleer.attendance.models import Attendance, AttendanceCorrection
from inleer.attendance.queries import lock_days
from inleer.attendance.stamps import Stamp
from inleer.cohorts.models import Session
from inleer.cohorts.sessions import lock_session, open_session, reopen_session
from inleer.db import db
from inleer.errors import DomainError
from inleer.events import MarkChange, marks_changed
from inleer.i18n import _
from inleer.policy import Actor, unscoped

__all__ = [
    "MarkConflict",
    "MarkInput",
    "check_recordable",
    "clear_marks",
    "closed",
    "correct_mark",
    "fill_empty",
    "record_many",
    "record_mark",
    "remeasure",
    "reopen",
]


def record_mark(actor: Actor, session: Session, typed: MarkInput, allowed: Iterable[UUID]) -> Attendance:
    """Save one mark. ``allowed`` are the enrolments in this session's register.

    The same mark once more changes nothing, so that a browser may repeat a save. Raises DomainError for an
    impossible mark or a closed session, MarkConflict when someone else was first, NotVisible for a person who is
    not in the register.
    """
    check_recordable(session)
    before = held(session, [typed], allowed).get(typed.enrolment_id)
    if before is not None and same(before, typed):
        return before
    mark = mark_for(actor, session, typed, before, clock.now())
    changed = change_of(session, before, mark)
    first = write(session, [mark]).get(typed.enrolment_id)
    if first is not None:
        return _unless_other(first, typed)
    open_session(actor, session)
    audit.record(actor, "attendance.recorded", mark, details={"status": typed.status})
    marks_changed.fire(actor, [changed])
    return mark


def record_many(
    actor: Actor, session: Session, typed: Sequence[MarkInput], allowed: Iterable[UUID]
) -> tuple[list[Attendance], list[MarkConflict]]:
    """Save a whole register in one transaction; cells that someone else changed are returned as conflicts.

    Raises DomainError with field ``minutes-ID`` when a cell cannot be: then nothing at all is saved. Raises what
    :func:`record_mark` does for a closed session or a person who is not in the register.
    """
    check_recordable(session)
    if not typed:
        return [], []
    stored = held(session, typed, allowed)
    moment = clock.now()
    marks: list[Attendance] = []
    conflicts: list[MarkConflict] = []
    for cell in typed:
        before = stored.get(cell.enrolment_id)
        if before is not None and same(before, cell):
            continue
        try:
            marks.append(mark_for(actor, session, cell, before, moment))
        except MarkConflict as conflict:
            conflicts.append(conflict)
        except DomainError as error:
            raise DomainError(error.message, f"{error.field}-{cell.enrolment_id}") from error
    changes = [change_of(session, stored.get(mark.enrolment_id), mark) for mark in marks]
    first = write(session, marks)
    clashes = [t for t in typed if t.enrolment_id in first and not same(first[t.enrolment_id], t)]
    saved = [mark for mark in marks if mark.enrolment_id not in first]
    _saved_many(actor, session, saved, changes)
    return saved, [*conflicts, *(MarkConflict(first[t.enrolment_id], t) for t in clashes)]


def fill_empty(actor: Actor, session: Session, allowed: Iterable[UUID]) -> list[Attendance]:
    """Mark everybody without a mark as present, all at one moment; what is filled already stays.

    Returns the new marks. Raises DomainError for a closed session.
    """
    check_recordable(session)
    everybody = [MarkInput(enrolment_id, "present", None, 0) for enrolment_id in allowed]
    stored = held(session, everybody, [t.enrolment_id for t in everybody])
    moment = clock.now()
    empty = [t for t in everybody if t.enrolment_id not in stored]
    new = [mark_for(actor, session, typed, None, moment) for typed in empty]
    changes = [change_of(session, None, mark) for mark in new]
    first = write(session, new)
    marks = [mark for mark in new if mark.enrolment_id not in first]
    _saved_many(actor, session, marks, changes)
    return marks


def clear_marks(
    actor: Actor, session: Session, stamps: Mapping[UUID, Stamp], allowed: Iterable[UUID]
) -> list[UUID]:
    """Undo a bulk mark: cells that still are as it left them become empty again. Returns which.

    ``stamps`` of the marks as the bulk left them. Raises DomainError for a closed session, NotVisible for a person
    who is not in the register.
    """
    check_recordable(session)
    typed = [MarkInput(i, "", None, left.version, seen=left.seen) for i, left in stamps.items()]
    stored = held(session, typed, allowed)
    cleared = [
        stored[t.enrolment_id] for t in typed if t.enrolment_id in stored and saw(t, stored[t.enrolment_id])
    ]
    if cleared:
        audit.record(
            actor,
            "attendance.cleared",
            session,
            details={"enrolments": [str(m.enrolment_id) for m in cleared]},
            covers=cleared,
        )
        changed = [change_of(session, mark, None) for mark in cleared]
        for mark in cleared:
            db.session.delete(mark)
        db.session.flush()
        marks_changed.fire(actor, changed)
    return [m.enrolment_id for m in cleared]


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
    before = held(session, [typed], allowed).get(typed.enrolment_id)
    if before is not None and same(before, typed):
        raise DomainError(_("Er is niets veranderd."))
    if session.state == "recorded":
        lock_session(actor, session)
    old = (before.status, before.missed) if before else (None, None)
    mark = mark_for(actor, session, typed, before, clock.now())
    changed = change_of(session, before, mark)
    for first in write(session, [mark]).values():
        raise MarkConflict(first, typed)
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
        mark,
        details={"from": old[0] or "", "to": mark.status},
        covers=[correction],
    )
    marks_changed.fire(actor, [changed])
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


def _unless_other(stored: Attendance, typed: MarkInput) -> Attendance:
    if same(stored, typed):
        return stored
    raise MarkConflict(stored, typed)


def _saved_many(
    actor: Actor, session: Session, saved: Sequence[Attendance], changes: Iterable[MarkChange]
) -> None:
    if not saved:
        return
    open_session(actor, session)
    audit.record(
        actor,
        "attendance.recorded_many",
        session,
        details={"marks": {str(m.enrolment_id): m.status for m in saved}},
        covers=saved,
    )
    done = {mark.enrolment_id for mark in saved}
    marks_changed.fire(actor, [change for change in changes if change.enrolment_id in done])
