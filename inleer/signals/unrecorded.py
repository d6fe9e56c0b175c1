"""Sessions that were and that nobody recorded: raised by the daily sweep, over once they are recorded or off."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from inleer import audit, clock
from inleer.cohorts.models import Cohort, Session, SessionCohort
from inleer.db import db
from inleer.i18n import _, format_date
from inleer.policy import Actor, unscoped
from inleer.signals.actions import UNRECORDED, set_state
from inleer.signals.models import Signal


def sweep_unrecorded(actor: Actor) -> int:
    """Raise a signal for each past session that nobody recorded; those recorded since are over. Returns how many."""
    today = clock.today()
    rows = db.session.execute(
        unscoped(
            select(Session, SessionCohort.cohort_id)
            .join(SessionCohort, SessionCohort.session_id == Session.id)
            .join(Cohort, Cohort.id == SessionCohort.cohort_id)
            .where(
                Session.on < today,
                Session.state.in_(("planned", "open")),
                Session.waived_by_name.is_(None),
                Cohort.state.in_(("recruiting", "running")),
            )
            .order_by(Session.on),
            "daily sweep",
        )
    ).all()
    waiting = {s.id: (s, cohort_id) for s, cohort_id in rows}
    statement = unscoped(select(Signal).where(Signal.rule == "core.unrecorded"), "daily sweep")
    known = {s.subject_id: s for s in db.session.execute(statement).scalars()}
    for session_id, (session, cohort_id) in waiting.items():
        signal = known.get(session_id)
        if signal is None:
            _raise_unrecorded(actor, session, cohort_id)
        elif signal.state == "over":
            set_state(actor, signal, "open")
            _about_session(signal, session)
    for session_id, signal in known.items():
        if session_id not in waiting and signal.state == "open":
            set_state(actor, signal, "over")
    return len(waiting)


def _raise_unrecorded(actor: Actor, session: Session, cohort_id: UUID) -> None:
    signal = Signal(
        subject_id=session.id,
        session_id=session.id,
        cohort_id=cohort_id,
        rule="core.unrecorded",
        cause=f"unrecorded:{session.id}",
        tone="warn",
        facts={},
        raised_at=clock.now(),
    )
    _about_session(signal, session)
    db.session.add(signal)
    audit.record(actor, "signal.raised", signal, details={"rule": "core.unrecorded"})


def _about_session(signal: Signal, session: Session) -> None:
    """What the signal says of a session as it is now: it can have been moved or handed over since."""
    text = _(
        "%(title)s van %(on)s is nog niet geregistreerd.", title=session.title, on=format_date(session.on)
    )
    signal.text, signal.on, signal.owner_id = text, session.on, session.substitute_id or session.teacher_id


def sessions_settled(actor: Actor, session_ids: frozenset[UUID]) -> None:
    """Listener: these sessions are recorded or cancelled now; the signal that they were not is over."""
    statement = unscoped(
        select(Signal).where(Signal.session_id.in_(session_ids), Signal.state == "open"),
        "signals of sessions loaded in scope",
    )
    for signal in db.session.execute(statement).scalars():
        set_state(actor, signal, "over")


def sessions_awaited(actor: Actor, session_ids: frozenset[UUID]) -> None:
    """Listener: these sessions were moved, or go on after all. What was said about the moment before is over.

    The sweep raises the signal again when the session is not recorded then either.
    """
    statement = (
        select(Signal, Session.on)
        .join(Session, Session.id == Signal.session_id)
        .where(
            Signal.session_id.in_(session_ids),
            Signal.rule == UNRECORDED,
            Signal.state.in_(("open", "handled")),
            Session.waived_by_name.is_(None),
        )
    )
    for signal, on in db.session.execute(unscoped(statement, "signals of sessions loaded in scope")).all():
        if signal.state == "handled" or on >= clock.today():
            set_state(actor, signal, "over")
            signal.handled_at = signal.handled_by_name = signal.handled_note = None
