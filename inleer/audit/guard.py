"""The commit guard: no change to an audited model without an audit event, and no write outside a unit of work."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from inleer.audit.chain import COVERED, identity
from inleer.db import add_commit_hook, in_write

CHANGED = "inleer_audit_changed"


class UnauditedChange(RuntimeError):
    """A programming error: a row changed and no audit event accounts for it. The transaction rolls back."""


def _collect(session: Session, _context: object) -> None:
    changed = session.info.setdefault(CHANGED, set())
    # Asked for once: session.dirty is computed anew each time.
    dirty = [row for row in session.dirty if session.is_modified(row)]
    for row in (*session.new, *dirty, *session.deleted):
        if getattr(row, "__audited__", True):
            changed.add(identity(row))


def _refuse_outside(session: Session, _context: object, _instances: object) -> None:
    if not in_write() and (session.new or session.dirty or session.deleted):
        raise RuntimeError("a change outside a unit of work")


@add_commit_hook
def check_covered(session: Session) -> None:
    """Raise UnauditedChange when a changed row of an audited model has no event in this unit of work."""
    changed = session.info.pop(CHANGED, set())
    missing = changed - session.info.pop(COVERED, set())
    if missing:
        kinds = sorted({kind for kind, _ in missing})
        raise UnauditedChange(f"no audit event for changes to {', '.join(kinds)}")


def _forget(session: Session, *_args: Any) -> None:
    for key in (CHANGED, COVERED, "inleer_audit_pending"):
        session.info.pop(key, None)


def guard_changes(session: Any) -> None:
    """Install the guard on a session factory; called once by create_app."""
    if not event.contains(session, "after_flush", _collect):
        event.listen(session, "before_flush", _refuse_outside)
        event.listen(session, "after_flush", _collect)
        event.listen(session, "after_rollback", _forget)
