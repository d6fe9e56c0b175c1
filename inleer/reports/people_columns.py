"""The statement behind lists of people: one row per person and open signal, put together in Python.

Weeks are packed into one string per person, so that a list of any length is one statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    String,
    and_,
    bindparam,
    false,
    func,
    literal,
    null,
    select,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import aliased

from inleer.accounts.models import User
from inleer.attendance.models import EnrolmentTotal, EnrolmentWeek
from inleer.casework.models import Escalation, Note
from inleer.cohorts.models import Cohort, Enrolment
from inleer.people.models import Candidate
from inleer.policy import ACTOR_ORG, Actor, Perm, may_ever, scope
from inleer.reports.people_rows import URGENCY, PersonRow, SignalRow, parse_minutes, parse_weeks
from inleer.signals.models import Signal

REACH = bindparam("reach", type_=Date())
_Other = aliased(Enrolment)


def among(actor: Actor, model: Any, perm: str) -> ColumnElement[bool]:
    """The row is one that ``actor`` has ``perm`` on, for statements whose own tables the scope uses too."""
    seen = select(model.id).where(scope(actor, model, perm)).correlate(None)
    return model.id.in_(seen)  # type: ignore[no-any-return]


def _packed(*columns: Any) -> Any:
    text: Any = sql_cast(columns[0], String())
    for column in columns[1:]:
        text = text + literal("/") + sql_cast(column, String())
    return func.aggregate_strings(text, ";")


def weeks_column() -> ColumnElement[str]:
    """The weeks of this enrolment since ``reach``."""
    week = EnrolmentWeek
    packed = _packed(
        week.monday, week.planned, week.missed, week.late, week.ill, week.excused, week.unexcused
    )
    return (
        select(packed)
        .where(week.enrolment_id == Enrolment.id, week.monday >= REACH)
        .correlate(Enrolment)
        .scalar_subquery()
    )


def unexcused_column() -> ColumnElement[str]:
    """The weeks with unexcused absence since ``reach``, over all enrolments of the candidate."""
    return (
        select(_packed(EnrolmentWeek.monday, EnrolmentWeek.window_unexcused))
        .join(_Other, _Other.id == EnrolmentWeek.enrolment_id)
        .where(
            _Other.candidate_id == Candidate.id,
            EnrolmentWeek.monday >= REACH,
            EnrolmentWeek.window_unexcused > 0,
        )
        .correlate(Candidate)
        .scalar_subquery()
    )


def contact_column(actor: Actor) -> ColumnElement[Any]:
    """The day of the last contact that the actor's own organisation wrote down."""
    if not may_ever(actor, Perm.NOTE_READ):
        return sql_cast(null(), Date())
    return (
        select(func.max(Note.on))
        .where(
            Note.candidate_id == Candidate.id, Note.organisation_id == ACTOR_ORG, Note.removed_at.is_(None)
        )
        .correlate(Candidate)
        .scalar_subquery()
    )


def _escalations(actor: Actor) -> ColumnElement[Any]:
    return (
        select(func.count(Escalation.id))
        .where(
            Escalation.candidate_id == Candidate.id,
            Escalation.state == "open",
            scope(actor, Escalation, Perm.ESCALATION_VIEW),
        )
        .correlate(Candidate)
        .scalar_subquery()
    )


def _mine(actor: Actor) -> ColumnElement[bool]:
    return among(actor, Candidate, Perm.CANDIDATE_VIEW) if may_ever(actor, Perm.CANDIDATE_VIEW) else false()


def people_columns(actor: Actor, *, weeks: bool) -> Any:
    """The columns of :class:`PersonRow`; the caller adds FROM and WHERE, and ``joined_up`` the joins."""
    return select(
        Enrolment.id.label("enrolment_id"),
        Candidate.id.label("candidate_id"),
        Enrolment.cohort_id,
        Cohort.name.label("cohort"),
        Enrolment.state,
        Candidate.first_name,
        Candidate.tussenvoegsel,
        Candidate.last_name,
        Candidate.sort_name,
        Candidate.coach_id,
        User.name.label("coach"),
        Enrolment.joined_on,
        Enrolment.left_on,
        Enrolment.dropout_initiator,
        Enrolment.dropout_reason,
        Enrolment.would_return,
        EnrolmentTotal.planned,
        EnrolmentTotal.missed,
        (weeks_column() if weeks else null()).label("weeks"),
        unexcused_column().label("unexcused"),
        contact_column(actor).label("contact_on"),
        _mine(actor).label("mine"),
        _escalations(actor).label("escalations"),
        Signal.id.label("signal_id"),
        Signal.rule,
        Signal.tone,
        Signal.on.label("signal_on"),
        Signal.text,
        Signal.version.label("signal_version"),
    )


def joined_up(statement: Select[Any], actor: Actor) -> Select[Any]:
    """Add what hangs on an enrolment and its candidate, once both are in the statement.

    An enrolment that came by a move which was taken back is in no list; who is not enrolled stays.
    """
    return (
        statement.outerjoin(Cohort, Cohort.id == Enrolment.cohort_id)
        .outerjoin(EnrolmentTotal, EnrolmentTotal.enrolment_id == Enrolment.id)
        .outerjoin(User, User.id == Candidate.coach_id)
        .outerjoin(
            Signal,
            and_(
                Signal.candidate_id == Candidate.id,
                Signal.state == "open",
                scope(actor, Signal, Perm.SIGNAL_VIEW),
            ),
        )
        .where(Enrolment.taken_back.is_not(True))
    )


def put_together(rows: Sequence[Any]) -> list[PersonRow]:
    """One row per person and enrolment, signals by urgency; in the order of the first appearance."""
    grouped: dict[tuple[UUID, UUID | None], list[Any]] = {}
    for row in rows:
        grouped.setdefault((row.candidate_id, row.enrolment_id), []).append(row)
    return [_person(found) for found in grouped.values()]


def _person(rows: Sequence[Any]) -> PersonRow:
    row = rows[0]
    return PersonRow(
        enrolment_id=row.enrolment_id,
        candidate_id=row.candidate_id,
        cohort_id=row.cohort_id,
        cohort=row.cohort or "",
        state=row.state or "",
        first_name=row.first_name,
        tussenvoegsel=row.tussenvoegsel,
        last_name=row.last_name,
        sort_name=row.sort_name,
        coach_id=row.coach_id,
        coach=row.coach,
        joined_on=row.joined_on,
        left_on=row.left_on,
        planned=row.planned or 0,
        missed=row.missed or 0,
        weeks=parse_weeks(row.weeks),
        unexcused=parse_minutes(row.unexcused),
        contact_on=row.contact_on,
        mine=bool(row.mine),
        escalations=row.escalations or 0,
        signals=tuple(_signals(rows)),
        initiator=row.dropout_initiator,
        reason=row.dropout_reason,
        would_return=row.would_return,
    )


def _signals(rows: Iterable[Any]) -> list[SignalRow]:
    found = [
        SignalRow(r.signal_id, r.rule, r.tone, r.signal_on, r.text, r.signal_version)
        for r in rows
        if r.signal_id is not None
    ]
    # Of equal urgency the core's own come first: those are about attendance, which every route has.
    return sorted(found, key=lambda s: (URGENCY[s.tone], not s.rule.startswith("core."), -s.on.toordinal()))
