"""What happens with a register that was sent: read it, save what was touched, say what stood in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from flask import url_for
from werkzeug.datastructures import MultiDict

from inleer import audit, clock
from inleer.attendance.actions import MarkConflict, clear_own, fill_empty, record_many, record_mark
from inleer.attendance.forms import PARTS, Typed, read_cell, read_register
from inleer.attendance.marks import Kept, MarkInput, Recorded
from inleer.attendance.presenters import Cell, address, cell, clash, is_empty
from inleer.attendance.queries_register import RegisterRow, register_rows
from inleer.attendance.stamps import stamp
from inleer.cohorts.models import Session
from inleer.cohorts.sessions import finish_session
from inleer.errors import DomainError, NotVisible, UnknownFields
from inleer.forms import TECHNICAL, tell
from inleer.i18n import _, format_time
from inleer.policy import Actor

#: Of a row of the register: how it is without a mark.
_EMPTY: Mapping[str, Any] = {
    "status": None,
    "minutes": None,
    "missed": 0,
    "note": None,
    "version": 0,
    "recorded_by_name": None,
    "recorded_at": None,
    "recorded_by_id": None,
}
ACTIONS = ("save", "fill", "done", "done_anyway")


@dataclass(frozen=True)
class Sent:
    """A register that was sent: the rows it is about, what was typed, what was saved, what stood in the way."""

    rows: list[RegisterRow]
    typed: Mapping[UUID, Typed] = field(default_factory=dict)
    saved: Sequence[Kept] = ()
    conflicts: Mapping[UUID, MarkConflict] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """200; 422 with errors (nothing is saved), 409 when every change met one of somebody else."""
        if any(t.errors for t in self.typed.values() if t.touched):
            return 422
        return 409 if self.conflicts and not self.saved else 200

    @property
    def in_the_way(self) -> bool:
        """Whether the person must look at the register again before anything else happens."""
        return bool(self.conflicts) or self.status == 422

    def empty(self) -> list[RegisterRow]:
        """Who is still empty, after what was saved."""
        done = {mark.enrolment_id for mark in self.saved}
        return [row for row in self.rows if is_empty(row) and row.enrolment_id not in done]


def read_action(form: Mapping[str, str]) -> str:
    """Which button was pressed; saving without one. Raises UnknownFields for a button that we do not have."""
    action = form.get("action", "save")
    if action not in ACTIONS:
        raise UnknownFields(("action",))
    return action


def save_register(actor: Actor, session: Session, form: MultiDict[str, str]) -> Sent:
    """Save the cells that were touched; those that somebody else changed come back as conflicts.

    The cell of which "leegmaken" was pressed becomes empty, whatever was typed in it. With one cell that cannot be,
    nothing is saved. Raises DomainError for a session that cannot be recorded now.
    """
    rows = register_rows(actor, session, recent=False)
    ids = [row.enrolment_id for row in rows]
    typed = read_register(form, ids, session.planned_minutes, also=("action", "clear"))
    chosen = next((i for i in typed if str(i) == form.get("clear")), None)
    if chosen is not None:
        typed[chosen] = replace(typed[chosen], errors={})
    touched = [t for i, t in typed.items() if t.touched and i != chosen]
    if any(t.errors for t in touched):
        return Sent(rows, typed)
    marks = [t.mark for t in touched if t.mark]
    saved, conflicts = record_many(actor, session, marks, ids, _seen(session, rows))
    found = {c.typed.enrolment_id: c for c in conflicts}
    if chosen is not None:
        shown = typed[chosen].stamp
        try:
            clear_own(actor, session, MarkInput(chosen, "", None, shown.version, seen=shown.seen), ids)
        except MarkConflict as conflict:
            found[chosen] = conflict
    return Sent(rows, typed, saved, found)


def carry_out(actor: Actor, session: Session, sent: Sent, action: str) -> str:
    """Do what the button says, now that everything is saved; returns the address to go on to."""
    register = url_for("attendance.register", session_id=session.id)
    if action == "fill":
        marks = fill_empty(actor, session, [row.enrolment_id for row in sent.rows])
        return url_for("attendance.register", session_id=session.id, gevuld="1" if marks else None)
    if action == "save":
        tell(_("Opgeslagen."))
        return register
    if action == "done" and sent.empty():
        return url_for("attendance.register", session_id=session.id, leeg="1", _anchor="nog-leeg")
    finish_session(actor, session)
    text = _("“%(title)s” is klaar.", title=session.title)
    tell(text, url_for("attendance.reopen", session_id=session.id))
    return url_for("attendance.lessons", dag=session.on.isoformat())


def save_cell(
    actor: Actor, session: Session, enrolment_id: UUID, form: MultiDict[str, str]
) -> tuple[Cell, int]:
    """Save one cell; returns it as it should be shown, with the status of the answer (200, 409 or 422).

    Raises NotVisible for a person who is not in this register, UnknownFields, DomainError for a foreign stamp.
    """
    unknown = {n for n, values in form.lists() if n not in PARTS or len(values) > 1} - TECHNICAL
    if unknown:
        raise UnknownFields(tuple(sorted(unknown)))
    rows = register_rows(actor, session)
    row = next((r for r in rows if r.enrolment_id == enrolment_id), None)
    if row is None:
        raise NotVisible
    typed = read_cell(enrolment_id, form, session.planned_minutes, clearable=True)
    if typed.mark is None:
        return _refused(actor, session, row, typed)
    mark: Kept | None = None
    try:
        if typed.mark.status:
            mark = record_mark(actor, session, typed.mark, [enrolment_id], _seen(session, [row]))
        else:
            clear_own(actor, session, typed.mark, [enrolment_id])
    except MarkConflict as conflict:
        audit.shown(actor, "candidate", [row.candidate_id])
        return conflicting(row, address("attendance.save_cell", session), typed, conflict), 409
    except DomainError as error:
        errors = {error.field or "status": error.message}
        return _refused(actor, session, row, replace(typed, errors=errors))
    now = replace(row, **_EMPTY) if mark is None else _as_stored(row, mark)
    shown = cell(now, address("attendance.save_cell", session), owner=actor.user_id)
    return replace(shown, time=format_time(clock.now())), 200


def conflicting(row: RegisterRow, url: str, typed: Typed, conflict: MarkConflict) -> Cell:
    """A cell that somebody else changed first: it holds what was typed, the present version, and what is stored."""
    stored = conflict.stored
    shown = cell(_as_stored(row, stored), url, typed=typed)
    version = stamp(stored.version, stored.status, stored.minutes, stored.note)
    return replace(shown, version=str(version), saved="", conflict=clash(stored))


def _seen(session: Session, rows: Sequence[RegisterRow]) -> dict[UUID, Kept]:
    """The marks in rows of a register that were read just now."""
    return {
        row.enrolment_id: Recorded(
            enrolment_id=row.enrolment_id,
            session_id=session.id,
            version=row.version,
            status=row.status,
            minutes=row.minutes,
            missed=row.missed,
            note=row.note,
            recorded_by_name=row.recorded_by_name,
            recorded_at=row.recorded_at,
            recorded_by_id=row.recorded_by_id,
        )
        for row in rows
        if row.status is not None and row.recorded_by_name is not None and row.recorded_at is not None
    }


def _refused(actor: Actor, session: Session, row: RegisterRow, typed: Typed) -> tuple[Cell, int]:
    audit.shown(actor, "candidate", [row.candidate_id])
    return cell(row, address("attendance.save_cell", session), typed=typed), 422


def _as_stored(row: RegisterRow, mark: Kept) -> RegisterRow:
    return replace(
        row,
        status=mark.status,
        minutes=mark.minutes,
        missed=mark.missed,
        note=mark.note,
        version=mark.version,
        recorded_by_name=mark.recorded_by_name,
        recorded_at=mark.recorded_at,
        recorded_by_id=mark.recorded_by_id,
    )
