"""One unit of work per request or command: it alone commits, and only then mail leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

WRITE_MODE: ContextVar[bool] = ContextVar("inleer_write_mode", default=False)
_commit_hooks: list[Callable[[Session], None]] = []
_AFTER = "inleer_after_commit"
_COMMITS = "inleer_unit_commits"


def add_commit_hook(hook: Callable[[Session], None]) -> Callable[[Session], None]:
    """Register what must happen inside every transaction, just before it commits (the audit chain)."""
    if hook not in _commit_hooks:
        _commit_hooks.append(hook)
    return hook


def after_commit(session: Session, action: Callable[[], None]) -> None:
    """Run ``action`` when the present unit of work has committed; forget it when it rolls back."""
    session.info.setdefault(_AFTER, []).append(action)


def in_write() -> bool:
    """Whether a write unit of work is open."""
    return WRITE_MODE.get()


def commits_itself(session: Session) -> bool:
    """Whether it is the unit of work that commits now, and no code inside it."""
    return _COMMITS in session.info


@contextmanager
def unit_of_work(write: bool = True) -> Iterator[Any]:
    """Open a transaction, yield the session, commit at the end; roll back and re-raise on any error.

    Raises RuntimeError when one is open already: actions flush, they never commit.
    """
    from inleer.db.core import db

    if WRITE_MODE.get():
        raise RuntimeError("a unit of work is open already")
    session = db.session()
    if session.in_transaction():
        session.commit()  # end the read transaction: SQLite cannot turn it into a write
    token = WRITE_MODE.set(write)
    try:
        yield session
        session.flush()
        for hook in _commit_hooks:
            hook(session)
        session.info[_COMMITS] = True
        session.commit()
        del session.info[_COMMITS]
    except BaseException:
        session.rollback()
        # What was collected (audit events, acts for after the commit) goes too. Before the first statement there is
        # no transaction yet, and then SQLAlchemy reports no rollback to whom collected it.
        session.info.clear()
        raise
    finally:
        WRITE_MODE.reset(token)
    for action in session.info.pop(_AFTER, []):
        action()
