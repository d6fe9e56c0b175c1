"""Taking a whole import back: everything it did, or nothing at all when something was built on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import null, update

from inleer import audit, clock
from inleer.cohorts.models import Cohort, Enrolment, Session
from inleer.db import Base, db
from inleer.errors import DomainError, NotVisible
from inleer.events import (
    attendance_recorded,
    enrolment_changed,
    figures_changed,
    intention_changed,
    person_changed,
    session_retimed,
    session_settled,
)
from inleer.exchange.actions import hold
from inleer.exchange.apply_sessions import BEARS_ON_FIGURES, enrolments_of
from inleer.exchange.ledger import restored, table_of
from inleer.exchange.models import ImportItem, ImportRun
from inleer.exchange.obstacles import obstacles
from inleer.exchange.queries_undo import (
    Item,
    Stored,
    by_kind,
    delete_dependents,
    delete_things,
    items_of,
    marks_of,
    stored_things,
)
from inleer.i18n import _
from inleer.intentions.models import JobIntention
from inleer.people.models import Candidate
from inleer.policy import Actor, Perm, load

Known = Mapping[tuple[str, tuple[UUID, ...]], Stored]


class UndoRefused(DomainError):
    """Something was built on the import; ``reasons`` are Dutch sentences about what stands in the way."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(_("Terugdraaien kan niet meer. %(reasons)s", reasons=" ".join(reasons)))
        self.reasons = tuple(reasons)


def undo_by_id(actor: Actor, run_id: UUID) -> dict[str, int]:
    """Take back the import with this id; see :func:`undo`. Raises DomainError when it does not exist."""
    try:
        return undo(actor, load(actor, Perm.IMPORT_UNDO, ImportRun, run_id))
    except NotVisible as error:
        raise DomainError(_("Deze inlezing bestaat niet.")) from error


def undo(actor: Actor, run: ImportRun) -> dict[str, int]:
    """Take back all that an import did; returns how many things by table. The run was loaded with the right to undo it.

    Created things disappear, changed ones get their former values. Raises UndoRefused, and changes nothing, when
    something of it was changed or used since; DomainError when it was taken back before.
    """
    hold(load(actor, Perm.IMPORT_UNDO, Cohort, run.cohort_id))
    db.session.refresh(run, with_for_update=True)
    if run.state != "done":
        raise DomainError(_("Deze inlezing is niet opgeslagen, of al teruggedraaid."))
    items = items_of(run.id)
    stored = stored_things(items)
    reasons = obstacles(run, items, stored)
    if reasons:
        raise UndoRefused(reasons)
    people = {one for one, _session in marks_of(items)} | enrolments_of(_counted_otherwise(items))
    figures = people | {item.key[0] for item in _changed(items, Enrolment)}
    changed = _restore(items, stored)
    _delete(items)
    run.state, run.undone_at = "undone", clock.now()
    _forget_values(run)
    audit.record(
        actor,
        "import.undone",
        run,
        details={"cohort": str(run.cohort_id), "kind": run.kind, "things": len(items)},
        covers=changed,
    )
    person_changed.fire(actor, [c.id for c in changed if isinstance(c, Candidate)])
    sessions = [s for s in changed if isinstance(s, Session)]
    session_retimed.fire(actor, [s.id for s in sessions])
    session_settled.fire(actor, [s.id for s in sessions if s.state == "cancelled"])
    figures_changed.fire(actor, figures)
    enrolment_changed.fire(actor, [e.id for e in changed if isinstance(e, Enrolment)])
    intention_changed.fire(actor, [i.id for i in changed if isinstance(i, JobIntention)])
    attendance_recorded.fire(actor, people)
    return dict(Counter(item.kind for item in items))


def _restore(items: Sequence[Item], stored: Known) -> list[Any]:
    """Give changed things their former values. Earlier imports know them by their new version from now on."""
    changed = []
    for item in reversed(items):
        if item.before is not None:
            row = stored[item.kind, item.key].row
            for name, value in item.before.items():
                if name != "version":
                    setattr(row, name, restored(type(row), name, value))
            changed.append((item, row))
    db.session.flush()
    for item, row in changed:
        assert item.before is not None  # chosen above
        statement = (
            update(ImportItem)
            .where(
                ImportItem.kind == item.kind,
                ImportItem.object_id == item.object_id,
                ImportItem.version == item.before["version"],
            )
            .values(version=row.version)
        )
        db.session.execute(statement)
    return [row for _item, row in changed]


def _delete(items: Sequence[Item]) -> None:
    """Remove what was created and what only hangs on it; what refers goes before what it refers to."""
    made = by_kind(items, "created")
    for kind, keys in made.items():
        delete_dependents(kind, [key[0] for key in keys])
    for table in reversed(Base.metadata.sorted_tables):
        if table.name in made:
            delete_things(table.name, made[table.name])


def _changed(items: Sequence[Item], model: type[Base]) -> list[Item]:
    return [item for item in items if item.before is not None and item.kind == table_of(model)]


def _counted_otherwise(items: Sequence[Item]) -> list[UUID]:
    """Sessions whose marks count otherwise once the import is gone."""
    return [item.key[0] for item in _changed(items, Session) if set(item.before or ()) & BEARS_ON_FIGURES]


def _forget_values(run: ImportRun) -> None:
    """The former values served only to go back; they may be personal."""
    db.session.execute(update(ImportItem).where(ImportItem.import_id == run.id).values(before=null()))
