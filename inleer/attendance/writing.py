"""Writing what was typed over the marks as they were seen; what somebody else changed meanwhile is looked at again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from inleer import clock
from inleer.attendance.marks import (
    Kept,
    MarkConflict,
    MarkInput,
    Recorded,
    change_of,
    held,
    mark_for,
    same,
    write,
)
from inleer.cohorts.models import Session
from inleer.errors import DomainError
from inleer.events import MarkChange
from inleer.policy import Actor


@dataclass
class Done:
    """What became of a save: new or changed marks and what figures must know of them; those of others in the way.

    ``stored``: the marks that there were.
    """

    saved: list[Recorded] = field(default_factory=list)
    changes: list[MarkChange] = field(default_factory=list)
    conflicts: list[MarkConflict] = field(default_factory=list)
    stored: dict[UUID, Kept] = field(default_factory=dict)


def written(
    actor: Actor,
    session: Session,
    typed: Sequence[MarkInput],
    seen: Mapping[UUID, Kept] | None,
    *,
    many: bool = False,
) -> Done:
    """Write what was typed over the marks as they were seen. Raises DomainError for a mark that cannot be.

    Where one is no longer as it was seen, it is looked at again, held now, and what was typed with it.
    """
    done, moment, todo = Done(), clock.now(), typed
    while todo:
        stored = held(session, [t.enrolment_id for t in todo]) if seen is None else seen
        done.stored.update(stored)
        marks = _wanted(actor, session, todo, stored, moment, done.conflicts, many)
        # Before they are written: what is stored is read again afterwards.
        changes = [change_of(session, stored.get(mark.enrolment_id), mark) for mark in marks]
        missed = write(session, marks, stored)
        done.saved += [mark for mark in marks if mark.enrolment_id not in missed]
        done.changes += [change for change in changes if change.enrolment_id not in missed]
        todo, seen = [t for t in todo if t.enrolment_id in missed], None
    return done


def _wanted(
    actor: Actor,
    session: Session,
    typed: Sequence[MarkInput],
    stored: Mapping[UUID, Kept],
    moment: datetime,
    conflicts: list[MarkConflict],
    many: bool,
) -> list[Recorded]:
    """The marks that must be written; those of somebody else are added to ``conflicts``."""
    marks = []
    for cell in typed:
        before = stored.get(cell.enrolment_id)
        if before is not None and same(before, cell):
            continue
        try:
            marks.append(mark_for(actor, session, cell, before, moment))
        except MarkConflict as conflict:
            conflicts.append(conflict)
        except DomainError as error:
            if not many:
                raise
            raise DomainError(error.message, f"{error.field}-{cell.enrolment_id}") from error
    return marks
