"""Saving attendance in bulk: marks by a few statements, sessions opened or recorded, figures made again once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, update

from inleer import clock
from inleer.attendance.models import Attendance
from inleer.attendance.rules import NOT_APPLICABLE, STATUSES
from inleer.cohorts.ends import count_at_end
from inleer.cohorts.models import Cohort, Session
from inleer.db import db
from inleer.errors import DomainError
from inleer.events import attendance_recorded, session_settled
from inleer.exchange.ledger import Ledger, batches
from inleer.exchange.plan_attendance import (
    KnownAttendance,
    MarkWork,
    Participant,
    Stamp,
    StoredMark,
    takes_part,
)
from inleer.exchange.plan_common import Plan
from inleer.i18n import _
from inleer.policy import Actor

_MARKS = cast(Table, Attendance.__table__)


def apply(ledger: Ledger, actor: Actor, cohort: Cohort, plan: Plan[MarkWork]) -> None:
    """Save the marks. A session in which everybody now has a judged mark counts as recorded."""
    stamp = {"recorded_by_id": actor.user_id, "recorded_by_name": actor.name, "recorded_at": clock.now()}
    new = [step.what for step in plan.steps if step.verdict == "created"]
    changed = [step.what for step in plan.steps if step.verdict == "updated"]
    ledger.create(Attendance, (_row(work, stamp) for work in new))
    _update(ledger, changed, stamp)
    recorded = _session_states(ledger, [*new, *changed], plan.known)
    db.session.flush()
    session_settled.fire(actor, recorded)
    people = {work.enrolment_id for work in (*new, *changed)}
    attendance_recorded.fire(actor, people)
    ledger.figures.update(people)


def _row(work: MarkWork, stamp: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "enrolment_id": work.enrolment_id,
        "session_id": work.session.id,
        "status": work.status,
        "minutes": work.minutes,
        "missed": work.missed,
        **stamp,
    }


def _update(ledger: Ledger, changed: Sequence[MarkWork], stamp: Mapping[str, Any]) -> None:
    """Change stored marks, each only when it still is what the plan saw."""
    statement = (
        update(_MARKS)
        .where(
            _MARKS.c.enrolment_id == bindparam("mark_enrolment"),
            _MARKS.c.session_id == bindparam("mark_session"),
            _MARKS.c.version == bindparam("mark_version"),
        )
        .values(version=_MARKS.c.version + 1)
    )
    for batch in batches(changed):
        rows = [_changed_row(work, work.stored.version, stamp) for work in batch if work.stored]
        if db.session.connection().execute(statement, rows).rowcount != len(rows):
            raise DomainError(
                _("Iemand heeft deze aanwezigheid intussen veranderd. Lees het bestand opnieuw in.")
            )
    stored = (((work.enrolment_id, work.session.id), work.stored) for work in changed)
    ledger.note_changes(Attendance, ((key, _before(mark)) for key, mark in stored if mark))


def _before(mark: StoredMark) -> dict[str, Any]:
    values = mark._asdict()
    stamp: Stamp = values.pop("stamp")
    return {**values, **stamp._asdict()}


def _changed_row(work: MarkWork, version: int, stamp: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "mark_enrolment": work.enrolment_id,
        "mark_session": work.session.id,
        "mark_version": version,
        "status": work.status,
        "minutes": work.minutes,
        "missed": work.missed,
        **stamp,
    }


def _session_states(ledger: Ledger, works: Sequence[MarkWork], known: KnownAttendance) -> list[UUID]:
    """Open the sessions in which marks came in; recorded when nobody is left without one. Returns those."""
    marked = _judged(works, known)
    recorded = []
    for session in {work.session.id: work.session for work in works}.values():
        complete = all(p.enrolment_id in marked.get(session.id, ()) for p in _expected(session, known))
        state = "recorded" if complete and session.state in ("planned", "open") else session.state
        if state == "planned":
            state = "open"
        if state != session.state:
            stamp = clock.now() if state == "recorded" else session.recorded_at
            ledger.change(session, {"state": state, "recorded_at": stamp})
            if state == "open":
                count_at_end(session)
            if state == "recorded":
                recorded.append(session.id)
    return recorded


def _judged(works: Sequence[MarkWork], known: KnownAttendance) -> dict[UUID, set[UUID]]:
    """Who has a judged mark, by session, after these marks are saved."""
    statuses = {key: mark.status for key, mark in known.marks.items()}
    statuses.update(((w.enrolment_id, w.session.id), w.status) for w in works)
    found: dict[UUID, set[UUID]] = {}
    for (enrolment_id, session_id), status in statuses.items():
        if status == NOT_APPLICABLE or STATUSES[status].judged:
            found.setdefault(session_id, set()).add(enrolment_id)
    return found


def _expected(session: Session, known: KnownAttendance) -> list[Participant]:
    return [p for p in known.participants.values() if takes_part(p, session.on)]
