"""The audit log for the administrator: own organisation, ids, actions and field names; never values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from inleer import clock
from inleer.accounts import unusual_reads
from inleer.accounts.models import User
from inleer.accounts.queries import PER_PAGE, Page
from inleer.audit import AuditEvent
from inleer.db import db
from inleer.errors import Forbidden
from inleer.i18n import _, format_date
from inleer.policy import ROLE_LABELS, Actor, Perm, Role, can, fetch, unscoped


@dataclass(frozen=True)
class AuditFilter:
    """What is asked. ``user`` is an id; ``since`` and ``until`` are days, both included."""

    action: str = ""
    user: UUID | None = None
    kind: str = ""
    subject: str = ""
    since: date | None = None
    until: date | None = None
    page: int = 1


@dataclass(frozen=True)
class AuditRow:
    """One change: when, who in which role from where, what, on which thing, and which fields."""

    sequence: int
    at: datetime
    who: str
    role: str
    origin: str
    action: str
    kind: str
    subject: str
    outcome: str
    fields: tuple[str, ...]
    trace_id: str
    note: str = ""


def audit_events(actor: Actor, asked: AuditFilter) -> Page[AuditRow]:
    """The newest changes first, of the actor's own organisation. Raises Forbidden without the right."""
    found = _filtered(_own(actor), asked)
    total = int(fetch(actor, found.with_only_columns(func.count(), maintain_column_froms=True)).scalar_one())
    page = min(asked.page, max(1, -(-total // PER_PAGE)))
    rows = found.order_by(AuditEvent.sequence.desc()).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    shown = tuple(_row(event, name) for event, name in fetch(actor, rows))
    return Page(_with_readers(shown), page, total)


def _with_readers(rows: tuple[AuditRow, ...]) -> tuple[AuditRow, ...]:
    """The same, where an alert about dossiers that were opened names the person it is about."""
    asked = [UUID(row.subject) for row in rows if row.action == unusual_reads.ACTION]
    if not asked:
        return rows
    found = db.session.execute(
        unscoped(select(User.id, User.name).where(User.id.in_(asked)), "people with a role at this agency")
    )
    names = {str(row.id): row.name for row in found}
    return tuple(
        replace(row, note=f"{names.get(row.subject, '')}: {row.note}") if row.note else row for row in rows
    )


def audit_choices(actor: Actor) -> tuple[list[str], list[str], list[tuple[UUID, str]]]:
    """What there is to filter on: actions, kinds of things, and who acted (id and name)."""
    own = _own(actor)
    actions = own.with_only_columns(AuditEvent.action, maintain_column_froms=True).distinct()
    kinds = own.with_only_columns(AuditEvent.subject_kind, maintain_column_froms=True).distinct()
    users = own.with_only_columns(AuditEvent.user_id, User.name, maintain_column_froms=True).distinct()
    return (
        list(fetch(actor, actions.order_by(AuditEvent.action)).scalars()),
        list(fetch(actor, kinds.order_by(AuditEvent.subject_kind)).scalars()),
        [(r.user_id, r.name) for r in fetch(actor, users.where(User.id.is_not(None)).order_by(User.name))],
    )


def _own(actor: Actor) -> Select[*tuple[Any, ...]]:
    decision = can(actor, Perm.AUDIT_VIEW, ("own",))
    if not decision.allowed:
        raise Forbidden(decision.reason)
    own: Select[*tuple[Any, ...]] = select(AuditEvent, User.name).outerjoin(
        User, User.id == AuditEvent.user_id
    )
    return own.where(AuditEvent.organisation_id == actor.organisation_id)


def _filtered(found: Select[*tuple[Any, ...]], asked: AuditFilter) -> Select[*tuple[Any, ...]]:
    for column, value in (
        (AuditEvent.action, asked.action),
        (AuditEvent.user_id, asked.user),
        (AuditEvent.subject_kind, asked.kind),
        (AuditEvent.subject_id, asked.subject),
    ):
        if value:
            found = found.where(column == value)
    if asked.since:
        found = found.where(AuditEvent.at >= clock.at(asked.since, time.min))
    if asked.until and asked.until < date.max:
        found = found.where(AuditEvent.at < clock.at(asked.until + timedelta(days=1), time.min))
    return found


def _row(event: AuditEvent, name: str | None) -> AuditRow:
    fields = event.details.get("fields", [])
    return AuditRow(
        sequence=event.sequence,
        at=event.at,
        who=name or "",
        role=ROLE_LABELS[Role(event.role)],
        origin=event.origin,
        action=event.action,
        kind=event.subject_kind,
        subject=event.subject_id,
        outcome=event.outcome,
        fields=tuple(str(f) for f in fields),
        trace_id=event.trace_id,
        note=_note(event),
    )


def _note(event: AuditEvent) -> str:
    """What an alert about dossiers that were opened says; "" for a change."""
    if event.action != unusual_reads.ACTION:
        return ""
    told = event.details
    return _(
        "%(people)s dossiers op %(day)s; gewoon is %(usual)s, de grens is %(most)s",
        people=told["people"],
        day=format_date(date.fromisoformat(told["day"])),
        usual=told["usual"],
        most=told["most"],
    )
