"""The guards of a change: only in a unit of work, which alone commits, and never without an audit event.

Objects are seen when the session flushes. A statement in bulk (``update(Model)``) passes no object by, so it is refused
on an audited model unless it is marked with :func:`in_bulk`, by code that records its event itself.
"""

from __future__ import annotations

from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.sql.base import Executable

from inleer.audit.chain import COVERED, PENDING, identity
from inleer.db import add_commit_hook, commits_itself, in_write

CHANGED = "inleer_audit_changed"
IN_BULK = "inleer_in_bulk"
S = TypeVar("S", bound=Executable)
_kept: WeakKeyDictionary[SessionTransaction, dict[Any, Any]] = WeakKeyDictionary()


class UnauditedChange(RuntimeError):
    """A programming error: a row changed and no audit event accounts for it. The transaction rolls back."""


def in_bulk(statement: S, reason: str) -> S:
    """Mark a statement that changes rows of an audited model without objects; ``reason`` says who records the event."""
    return statement.execution_options(**{IN_BULK: reason})


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


def _refuse_bulk(state: Any) -> None:
    if state.is_select or not (state.is_insert or state.is_update or state.is_delete):
        return
    if not in_write():
        raise RuntimeError("a change outside a unit of work")
    if IN_BULK in state.execution_options:
        return
    mapper = state.bind_mapper
    if mapper is not None and getattr(mapper.class_, "__audited__", True):
        raise UnauditedChange(f"a statement changes {mapper.class_.__name__} past the audit trail")


def _refuse_commit(session: Session) -> None:
    if in_write() and not session.in_nested_transaction() and not commits_itself(session):
        raise RuntimeError("a commit inside a unit of work: actions flush, they never commit")


@add_commit_hook
def check_covered(session: Session) -> None:
    """Raise UnauditedChange when a changed row of an audited model has no event in this unit of work."""
    changed = session.info.pop(CHANGED, set())
    missing = changed - session.info.pop(COVERED, set())
    if missing:
        kinds = sorted({kind for kind, _ in missing})
        raise UnauditedChange(f"no audit event for changes to {', '.join(kinds)}")


def _forget(session: Session, *_args: Any) -> None:
    if session.in_nested_transaction():
        return  # a savepoint went, not the work: see _give_back
    for key in (CHANGED, COVERED, PENDING):
        session.info.pop(key, None)


def _keep(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        kinds = (list, set, dict)
        notes = {name: n.copy() if isinstance(n, kinds) else n for name, n in session.info.items()}
        _kept[transaction] = notes


def _give_back(session: Session, transaction: SessionTransaction) -> None:
    """After the rollback of a savepoint: what was noted in it is forgotten, what was noted before it is not."""
    notes = _kept.pop(transaction, None)
    if notes is not None:
        session.info.clear()
        session.info.update(notes)


def guard_changes(session: Any) -> None:
    """Install the guards on a session factory; called once by create_app."""
    if event.contains(session, "after_flush", _collect):
        return
    for name, listener in (
        ("before_flush", _refuse_outside),
        ("after_flush", _collect),
        ("do_orm_execute", _refuse_bulk),
        ("before_commit", _refuse_commit),
        ("after_rollback", _forget),
        ("after_transaction_create", _keep),
        ("after_soft_rollback", _give_back),
    ):
        event.listen(session, name, listener)
