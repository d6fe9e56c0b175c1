"""Marks as they are kept: what was typed, whether somebody else was first, and writing them so that nothing is lost.

A mark that exists is read with a lock, a new one is inserted unless somebody else just did: so the second of two
saves always finds what the first wrote, on both databases. docs/decisions/0061-one-cell-two-people.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm.util import identity_key
from sqlalchemy.sql.dml import ReturningInsert

from inleer.attendance.models import Attendance
from inleer.attendance.rules import STATUSES, check_minutes, missed_minutes
from inleer.attendance.stamps import clean, fingerprint
from inleer.cohorts.models import Session
from inleer.db import db
from inleer.errors import DomainError, NotVisible, StaleEdit
from inleer.events import MarkChange
from inleer.i18n import _
from inleer.policy import Actor

_TABLE = cast(Table, Attendance.__table__)
_KEYS = ("enrolment_id", "session_id")
_CHANGE = (
    update(_TABLE)
    .where(
        *(_TABLE.c[key] == bindparam(f"new_{key}") for key in _KEYS),
        _TABLE.c.version == bindparam("new_version") - 1,
    )
    .values({c.key: bindparam(f"new_{c.key}") for c in _TABLE.columns if c.key not in _KEYS})
)


@dataclass(frozen=True)
class MarkInput:
    """What someone recorded for one person. ``version`` is that of the mark they saw (0: empty).

    ``minutes`` None: none, or the whole session. ``note`` None leaves the note as it is, "" removes it.
    ``seen`` is the fingerprint of the mark they saw, when a page carried it.
    """

    enrolment_id: UUID
    status: str
    minutes: int | None
    version: int
    note: str | None = None
    seen: str | None = None


class MarkConflict(StaleEdit):
    """Someone else marked the same cell first; ``stored`` is their mark, ``typed`` what this user chose."""

    def __init__(self, stored: Attendance, typed: MarkInput) -> None:
        super().__init__(stored, typed.version)
        self.stored = stored
        self.typed = typed


def same(stored: Attendance, typed: MarkInput) -> bool:
    """Whether saving would change nothing."""
    note_stays = typed.note is None or clean(stored.note or "") == clean(typed.note)
    return note_stays and (stored.status, stored.minutes) == (typed.status, typed.minutes)


def held(session: Session, typed: Sequence[MarkInput], allowed: Iterable[UUID]) -> dict[UUID, Attendance]:
    """The marks there are for these people, held until the end of the transaction, in one order for everybody."""
    ids = [t.enrolment_id for t in typed]
    permitted = set(allowed)
    if not permitted.issuperset(ids):
        raise NotVisible
    if len(set(ids)) != len(ids):
        raise DomainError(_("Dezelfde persoon staat twee keer in de lijst."))
    return _stored(session, ids)


def _stored(session: Session, enrolment_ids: Sequence[UUID]) -> dict[UUID, Attendance]:
    statement = (
        select(Attendance)
        .where(Attendance.session_id == session.id, Attendance.enrolment_id.in_(enrolment_ids))
        .order_by(Attendance.enrolment_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {m.enrolment_id: m for m in db.session.execute(statement).scalars()}


def write(session: Session, marks: Sequence[Attendance]) -> dict[UUID, Attendance]:
    """Write new and changed marks, in two statements at most. Returns what somebody else wrote a moment before us.

    Changed marks are held since they were read; a new one may meet a mark that did not exist then.
    """
    rows = [{c.key: getattr(mark, c.key) for c in _TABLE.columns} for mark in marks]
    rows.sort(key=lambda row: row["enrolment_id"])  # one order for everybody: nobody waits in a circle
    changed = [{f"new_{name}": value for name, value in row.items()} for row in rows if row["version"] > 1]
    new = [row for row in rows if row["version"] == 1]
    if changed:
        if db.session.connection().execute(_CHANGE, changed).rowcount != len(changed):
            raise RuntimeError("a mark changed while it was held")
        _forget(marks)
    if not new:
        return {}
    made = set(db.session.connection().execute(_inserting(), new).scalars())
    late = [row["enrolment_id"] for row in new if row["enrolment_id"] not in made]
    return _stored(session, late) if late else {}


def _forget(marks: Sequence[Attendance]) -> None:
    """Whoever still holds one of these from before the write reads it again: the write went past the ORM."""
    for mark in marks:
        known = db.session.identity_map.get(identity_key(instance=mark))
        if known is not None:
            db.session.expire(known)


def _inserting() -> ReturningInsert[tuple[UUID]]:
    """An insert that leaves alone what another transaction wrote; it waits for one that is still open."""
    kind = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    return kind(_TABLE).on_conflict_do_nothing().returning(_TABLE.c.enrolment_id)


def change_of(session: Session, before: Attendance | None, after: Attendance | None) -> MarkChange:
    """What figures must know of a mark that comes, changes or goes; asked for before it is written."""
    mark = after or before
    if mark is None:
        raise ValueError("no mark at all")
    judged = [m is not None and STATUSES[m.status].judged for m in (before, after)]
    return MarkChange(mark.enrolment_id, session.on, judged[1] - judged[0])


def saw(typed: MarkInput, stored: Attendance) -> bool:
    """Whether who typed this saw the mark as it is stored now. An emptied cell can be filled by whoever comes."""
    if typed.version != stored.version:
        return False
    return typed.seen in (None, fingerprint(stored.status, stored.minutes, stored.note))


def mark_for(
    actor: Actor, session: Session, typed: MarkInput, stored: Attendance | None, moment: datetime
) -> Attendance:
    """The mark as it must become; :func:`write` writes it. Raises MarkConflict, DomainError for one that cannot be."""
    if typed.status not in STATUSES:
        raise DomainError(_("Kies een aanwezigheid."), "status")
    if stored is not None and not saw(typed, stored):
        raise MarkConflict(stored, typed)
    status = STATUSES[typed.status]
    check_minutes(status, session.planned_minutes, typed.minutes)
    note = typed.note if typed.note is not None or stored is None else stored.note
    return Attendance(
        enrolment_id=typed.enrolment_id,
        session_id=session.id,
        version=stored.version + 1 if stored else 1,
        status=typed.status,
        minutes=typed.minutes,
        missed=missed_minutes(status, session.planned_minutes, typed.minutes),
        note=clean(note or "") or None,
        recorded_by_id=actor.user_id,
        recorded_by_name=actor.name,
        recorded_at=moment,
    )
