"""What becomes of a session at its end, and of one that will be held at another moment than was known."""

from __future__ import annotations

from inleer import audit, clock
from inleer.cohorts.models import Session
from inleer.jobs import outbox
from inleer.policy import Actor

#: A message that waits for the end of a session in which marks came in.
PAST_JOB = "session.past"


def count_at_end(session: Session) -> None:
    """Let the worker count the marks of this session at its end; when that has come, whoever calls this counts them.

    A message more than is needed does no harm. docs/decisions/0067-when-a-lesson-is-past.md.
    """
    if session.ends_at > clock.now():
        outbox.enqueue(PAST_JOB, {"session_id": str(session.id)}, due_at=session.ends_at)


def await_again(actor: Actor, session: Session) -> None:
    """That nobody would record it was said of another moment: it waits again. Nothing when nobody said so."""
    if session.waived_by_name is not None:
        session.waived_by_name = session.waived_note = None
        audit.record(actor, "session.awaited", session)
