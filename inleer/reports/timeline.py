"""One timeline of a candidate: steps, pauses, phases, notes, signals, escalations and corrections, in one statement.

Each part is read under its own scope: who may not read a kind of thing does not see it in the line.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Date, Integer, String, Uuid, bindparam, case, literal_column, null, select, union_all
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import aliased

from inleer.accounts.models import Organisation, User
from inleer.attendance.models import AttendanceCorrection
from inleer.casework.models import Escalation, Note
from inleer.cohorts.models import Cohort, Enrolment, EnrolmentEvent, Pause, PhaseCompletion, Session
from inleer.db import UtcDateTime
from inleer.people.models import Candidate, CoachChange
from inleer.policy import Actor, Perm, Role, fetch, may_ever, scope, scoped_select
from inleer.reports.moments import Moment, moment_of
from inleer.signals.models import Signal

_CANDIDATE = bindparam("candidate_id", type_=Uuid())
_built: dict[Role, Any] = {}


_COLUMNS: dict[str, Any] = {
    "id": sql_cast(null(), Uuid()),
    "at": sql_cast(null(), UtcDateTime()),
    "on": sql_cast(null(), Date()),
    "code": sql_cast(null(), String()),
    "more": sql_cast(null(), String()),
    "state": sql_cast(null(), String()),
    "text": sql_cast(null(), String()),
    "by": sql_cast(null(), String()),
    "answer": sql_cast(null(), String()),
    "place": sql_cast(null(), String()),
    "author_id": sql_cast(null(), Uuid()),
    "version": sql_cast(null(), Integer()),
    "before": sql_cast(null(), Date()),
    "other_id": sql_cast(null(), Uuid()),
    "returns": sql_cast(null(), String()),
    "undone_at": sql_cast(null(), UtcDateTime()),
    "undone_by": sql_cast(null(), String()),
}


def timeline_of(actor: Actor, candidate_id: UUID, limit: int = 200) -> list[Moment]:
    """What happened with a candidate that was loaded in scope, the latest first, as far as the actor may read it."""
    if actor.role not in _built:
        _built[actor.role] = _statement(actor)
    rows = fetch(actor, _built[actor.role], candidate_id=candidate_id).all()
    moments = [moment_of(row) for row in rows]
    return sorted(moments, key=lambda m: (m.on, m.at), reverse=True)[:limit]


def _part(what: str, **columns: Any) -> Any:
    filled = [columns.get(name, empty).label(name) for name, empty in _COLUMNS.items()]
    return select(literal_column(f"'{what}'", String()).label("what"), *filled)


def _statement(actor: Actor) -> Any:
    parts = [_steps(actor), _pauses(actor), _coaches(actor)]
    if may_ever(actor, Perm.NOTE_READ):
        parts.append(_notes(actor))
    if may_ever(actor, Perm.PHASE_VIEW):
        parts.append(_completions(actor))
    if may_ever(actor, Perm.SIGNAL_VIEW):
        parts.append(_signals(actor))
    if may_ever(actor, Perm.ESCALATION_VIEW):
        parts.append(_escalations(actor))
    if may_ever(actor, Perm.ATTENDANCE_VIEW):
        parts.append(_corrections(actor))
    combined: Any = union_all(*parts)
    return scoped_select(combined)


def _steps(actor: Actor) -> Any:
    return (
        _part(
            "step",
            id=EnrolmentEvent.id,
            at=EnrolmentEvent.at,
            on=EnrolmentEvent.on,
            code=EnrolmentEvent.to_state,
            more=EnrolmentEvent.from_state,
            state=Enrolment.dropout_reason,
            text=EnrolmentEvent.reason,
            by=EnrolmentEvent.by_name,
            answer=Enrolment.dropout_initiator,
            place=Cohort.name,
            before=EnrolmentEvent.joined_before,
            other_id=EnrolmentEvent.other_id,
            returns=Enrolment.would_return,
            undone_at=EnrolmentEvent.undone_at,
            undone_by=EnrolmentEvent.undone_by_name,
        )
        .select_from(EnrolmentEvent)
        .join(Enrolment, Enrolment.id == EnrolmentEvent.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.candidate_id == _CANDIDATE, scope(actor, Enrolment, Perm.ENROLMENT_VIEW))
    )


def _coaches(actor: Actor) -> Any:
    """Who was the coach before and after, by name; read by who reads the file."""
    before, after = aliased(User), aliased(User)
    return (
        _part(
            "coach",
            id=CoachChange.id,
            at=CoachChange.recorded_at,
            on=CoachChange.on,
            code=before.name,
            more=after.name,
            text=CoachChange.reason,
            by=CoachChange.by_name,
        )
        .select_from(CoachChange)
        .join(Candidate, Candidate.id == CoachChange.candidate_id)
        .join(after, after.id == CoachChange.to_id)
        .outerjoin(before, before.id == CoachChange.from_id)
        .where(Candidate.id == _CANDIDATE, scope(actor, Candidate, Perm.CANDIDATE_VIEW))
    )


def _pauses(actor: Actor) -> Any:
    return (
        _part("pause", id=Pause.id, on=Pause.until_on, text=Pause.reason, place=Cohort.name)
        .select_from(Pause)
        .join(Enrolment, Enrolment.id == Pause.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(
            Enrolment.candidate_id == _CANDIDATE,
            Pause.ended_on.is_(None),
            scope(actor, Enrolment, Perm.ENROLMENT_VIEW),
        )
    )


def _completions(actor: Actor) -> Any:
    return (
        _part(
            "phase",
            id=PhaseCompletion.id,
            at=PhaseCompletion.recorded_at,
            on=PhaseCompletion.completed_on,
            code=PhaseCompletion.phase_key,
            more=PhaseCompletion.phase_name,
            state=case((PhaseCompletion.fulfilled, "fulfilled"), else_="with_reason"),
            text=PhaseCompletion.reason,
            by=PhaseCompletion.recorded_by_name,
            answer=sql_cast(PhaseCompletion.verdicts, String()),
            place=Cohort.name,
        )
        .select_from(PhaseCompletion)
        .join(Enrolment, Enrolment.id == PhaseCompletion.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.candidate_id == _CANDIDATE, scope(actor, PhaseCompletion, Perm.PHASE_VIEW))
    )


def _notes(actor: Actor) -> Any:
    return (
        _part(
            "note",
            id=Note.id,
            at=Note.written_at,
            on=Note.on,
            code=Note.channel,
            more=Note.audience,
            text=Note.text,
            by=Note.author_name,
            place=Organisation.name,
            author_id=Note.author_id,
            version=Note.version,
        )
        .select_from(Note)
        .join(Organisation, Organisation.id == Note.organisation_id)
        .where(
            Note.candidate_id == _CANDIDATE,
            Note.removed_at.is_(None),
            scope(actor, Note, Perm.NOTE_READ),
        )
    )


def _signals(actor: Actor) -> Any:
    return _part(
        "signal",
        id=Signal.id,
        at=Signal.raised_at,
        on=Signal.on,
        code=Signal.rule,
        more=Signal.tone,
        state=Signal.state,
        text=Signal.text,
        by=Signal.handled_by_name,
        answer=Signal.handled_note,
        version=Signal.version,
    ).where(Signal.candidate_id == _CANDIDATE, scope(actor, Signal, Perm.SIGNAL_VIEW))


def _escalations(actor: Actor) -> Any:
    return _part(
        "escalation",
        id=Escalation.id,
        at=Escalation.raised_at,
        code=Escalation.category,
        more=Escalation.urgency,
        state=Escalation.state,
        text=Escalation.text,
        by=Escalation.raised_by_name,
        answer=Escalation.resolution,
        place=Escalation.acknowledged_by_name,
        version=Escalation.version,
    ).where(Escalation.candidate_id == _CANDIDATE, scope(actor, Escalation, Perm.ESCALATION_VIEW))


def _corrections(actor: Actor) -> Any:
    return (
        _part(
            "correction",
            id=AttendanceCorrection.id,
            at=AttendanceCorrection.at,
            code=AttendanceCorrection.new_status,
            more=AttendanceCorrection.old_status,
            text=AttendanceCorrection.reason,
            by=AttendanceCorrection.by_name,
            place=Session.title,
            answer=sql_cast(Session.on, String()),
        )
        .select_from(AttendanceCorrection)
        .join(Enrolment, Enrolment.id == AttendanceCorrection.enrolment_id)
        .join(Session, Session.id == AttendanceCorrection.session_id)
        .where(Enrolment.candidate_id == _CANDIDATE, scope(actor, Enrolment, Perm.ATTENDANCE_VIEW))
    )
