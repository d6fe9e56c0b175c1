"""Marks as they are kept: what was typed, whether somebody else was first, and writing them so that nothing is lost.

A mark is changed only where it still is as it was read, a new one is inserted unless somebody else just did: so the
second of two saves always finds what the first wrote, on both databases. docs/decisions/0061-one-cell-two-people.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Column, Integer, String, Table, and_, select, true, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm.util import identity_key
from sqlalchemy.sql.dml import ReturningInsert, ReturningUpdate

from inleer import clock
from inleer.attendance.models import Attendance
from inleer.attendance.rules import STATUSES, check_minutes, has_been, missed_minutes
from inleer.attendance.stamps import clean, fingerprint
from inleer.cohorts.models import Session
from inleer.db import db
from inleer.db.many import as_json, given_rows
from inleer.errors import DomainError, NotVisible, StaleEdit
from inleer.events import MarkChange
from inleer.i18n import _
from inleer.policy import Actor

_TABLE = cast(Table, Attendance.__table__)
#: What a mark was when it was read: only if it still is, it is changed.
_SEEN = tuple(
    Column(f"seen_{name}", kind)
    for name, kind in (("version", Integer), ("status", String), ("minutes", Integer), ("note", String))
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A mark as it is or becomes, with the names of the columns. ``recorded_by_id`` None: it was not read."""

    enrolment_id: UUID
    session_id: UUID
    version: int
    status: str
    minutes: int | None
    missed: int
    note: str | None
    recorded_by_name: str
    recorded_at: datetime
    recorded_by_id: UUID | None = None


Kept = Attendance | Recorded


def named(mark: Recorded) -> tuple[str, str]:
    """A mark as the audit trail names it: the kind, and the columns of its key."""
    return _TABLE.name, f"{mark.enrolment_id}/{mark.session_id}"


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

    def __init__(self, stored: Kept, typed: MarkInput) -> None:
        super().__init__(stored, typed.version)
        self.stored = stored
        self.typed = typed


def same(stored: Kept, typed: MarkInput) -> bool:
    """Whether saving would change nothing."""
    note_stays = typed.note is None or clean(stored.note or "") == clean(typed.note)
    return note_stays and (stored.status, stored.minutes) == (typed.status, typed.minutes)


def check_allowed(typed: Sequence[MarkInput], allowed: Iterable[UUID]) -> None:
    """Raises NotVisible for a person who is not in the register, DomainError for one who is there twice."""
    ids = {t.enrolment_id for t in typed}
    if not ids.issubset(allowed):
        raise NotVisible
    if len(ids) != len(typed):
        raise DomainError(_("Dezelfde persoon staat twee keer in de lijst."))


def held(session: Session, enrolment_ids: Iterable[UUID]) -> dict[UUID, Attendance]:
    """The marks there are for these people, held until the end of the transaction, in one order for everybody."""
    statement = (
        select(Attendance)
        .where(Attendance.session_id == session.id, Attendance.enrolment_id.in_(list(enrolment_ids)))
        .order_by(Attendance.enrolment_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {m.enrolment_id: m for m in db.session.execute(statement).scalars()}


def write(session: Session, marks: Sequence[Recorded], seen: Mapping[UUID, Kept]) -> set[UUID]:
    """Write marks that are new or were as in ``seen``, in two statements at most.

    Returns of whom the mark was not written, because somebody else was there first.
    """
    # One order for everybody: nobody waits in a circle.
    ordered = sorted(marks, key=lambda mark: mark.enrolment_id)
    new = [_row(mark) for mark in ordered if mark.enrolment_id not in seen]
    changed = [_row(mark, seen[mark.enrolment_id]) for mark in ordered if mark.enrolment_id in seen]
    made: set[UUID] = set()
    connection = db.session.connection()
    dialect = connection.dialect
    for statement, columns, rows in (
        (_changing(dialect.name), [*_TABLE.columns, *_SEEN], changed),
        (_inserting(dialect.name), list(_TABLE.columns), new),
    ):
        if rows:
            written = connection.execute(statement, {"marks": as_json(dialect, columns, rows)})
            made.update(row.enrolment_id for row in written)
    if changed:
        _forget(session, made)
    return {mark.enrolment_id for mark in marks} - made


def _row(mark: Recorded, seen: Kept | None = None) -> dict[str, Any]:
    row = {c.key: getattr(mark, c.key) for c in _TABLE.columns}
    if seen is not None:
        row |= {c.key: getattr(seen, c.key.removeprefix("seen_")) for c in _SEEN}
    return row


def _forget(session: Session, enrolment_ids: Iterable[UUID]) -> None:
    """Whoever still holds one of these from before the write reads it again: the write went past the ORM."""
    for enrolment_id in enrolment_ids:
        known = db.session.identity_map.get(identity_key(Attendance, (enrolment_id, session.id)))
        if known is not None:
            db.session.expire(known)


@lru_cache(maxsize=2)
def _changing(dialect: str) -> ReturningUpdate[tuple[UUID]]:
    """Marks are held one after the other, in the order of the enrolments, and changed where they are as they were."""
    given = given_rows(dialect, [*_TABLE.columns, *_SEEN], "marks")
    here = [_TABLE.c[key] == given.c[key] for key in ("enrolment_id", "session_id")]
    rows = (
        select(*given.c)
        .join_from(given, _TABLE, and_(*here))
        .order_by(given.c.enrolment_id)
        .with_for_update(of=_TABLE)
        .subquery("rows")
    )
    still = [_TABLE.c[c.key.removeprefix("seen_")].is_not_distinct_from(rows.c[c.key]) for c in _SEEN]
    return (
        update(_TABLE)
        .where(*(_TABLE.c[key] == rows.c[key] for key in ("enrolment_id", "session_id")), *still)
        .values({c.key: rows.c[c.key] for c in _TABLE.columns if not c.primary_key})
        .returning(_TABLE.c.enrolment_id)
    )


@lru_cache(maxsize=2)
def _inserting(dialect: str) -> ReturningInsert[tuple[UUID]]:
    """An insert that leaves alone what another transaction wrote; it waits for one that is still open."""
    kind = sqlite.insert if dialect == "sqlite" else postgresql.insert
    rows = select(*given_rows(dialect, list(_TABLE.columns), "marks").c).where(true())
    new = kind(_TABLE).from_select([c.key for c in _TABLE.columns], rows)
    return new.on_conflict_do_nothing().returning(_TABLE.c.enrolment_id)


def change_of(session: Session, before: Kept | None, after: Kept | None) -> MarkChange:
    """What figures must know of a mark that comes, changes or goes; asked for before it is written."""
    mark = after or before
    if mark is None:
        raise ValueError("no mark at all")
    judged = [m is not None and STATUSES[m.status].judged for m in (before, after)]
    past = has_been(session.state, session.ends_at, clock.now())
    more = judged[1] - judged[0] if past else 0
    return MarkChange(mark.enrolment_id, session.on, more, more * session.planned_minutes)


def saw(typed: MarkInput, stored: Kept) -> bool:
    """Whether who typed this saw the mark as it is stored now. An emptied cell can be filled by whoever comes."""
    if typed.version != stored.version:
        return False
    return typed.seen in (None, fingerprint(stored.status, stored.minutes, stored.note))


def left_by_fill(
    recorded_at: datetime | None, version: int, status: str | None, filled_at: datetime | None
) -> bool:
    """Whether a mark still is as the last "lege op aanwezig" of its session, at ``filled_at``, left it."""
    return filled_at is not None and (recorded_at, version, status) == (filled_at, 1, "present")


def mark_for(
    actor: Actor, session: Session, typed: MarkInput, stored: Kept | None, moment: datetime
) -> Recorded:
    """The mark as it must become; :func:`write` writes it. Raises MarkConflict, DomainError for one that cannot be."""
    if typed.status not in STATUSES:
        raise DomainError(_("Kies een aanwezigheid."), "status")
    if stored is not None and not saw(typed, stored):
        raise MarkConflict(stored, typed)
    status = STATUSES[typed.status]
    check_minutes(status, session.planned_minutes, typed.minutes)
    note = typed.note if typed.note is not None or stored is None else stored.note
    return Recorded(
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
