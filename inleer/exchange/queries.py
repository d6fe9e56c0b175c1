"""Reads for the pages of imports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, or_, select

from inleer.accounts.models import Membership, Organisation, User
from inleer.db import db
from inleer.exchange.models import ImportRun
from inleer.policy import Actor, Role, fetch, scope, scoped_select, unscoped


@dataclass(frozen=True)
class RunLine:
    """One import of a cohort as the list shows it; the file itself is not read."""

    id: UUID
    kind: str
    filename: str
    state: str
    created_at: datetime
    by_name: str
    counts: dict[str, Any]
    undone_at: datetime | None


def runs_of(actor: Actor, cohort_id: UUID, limit: int = 200) -> list[RunLine]:
    """The imports of a cohort that the actor may see, newest first."""
    statement = scoped_select(
        select(
            ImportRun.id,
            ImportRun.kind,
            ImportRun.filename,
            ImportRun.state,
            ImportRun.created_at,
            ImportRun.by_name,
            ImportRun.counts,
            ImportRun.undone_at,
        )
        .where(ImportRun.cohort_id == bindparam("cohort_id"), scope(actor, ImportRun))
        .order_by(ImportRun.created_at.desc(), ImportRun.id)
        .limit(limit)
    )
    return [RunLine(**row._mapping) for row in fetch(actor, statement, cohort_id=cohort_id)]


def same_file_before(run: ImportRun) -> datetime | None:
    """When this very file was saved into this cohort before; None when it was not. The run was loaded in scope."""
    statement = (
        select(ImportRun.created_at)
        .where(
            ImportRun.cohort_id == run.cohort_id,
            ImportRun.kind == run.kind,
            ImportRun.sha256 == run.sha256,
            ImportRun.state == "done",
            ImportRun.id != run.id,
        )
        .order_by(ImportRun.created_at.desc())
        .limit(1)
    )
    return db.session.execute(unscoped(statement, "same cohort as a loaded import")).scalar_one_or_none()


def coaches_of(agency_id: UUID) -> Sequence[tuple[UUID, str, str]]:
    """The coaches of a work agency whose cohort was loaded in scope: (user, name, e-mail address), by name."""
    statement = (
        select(User.id, User.name, User.email)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.organisation_id == agency_id,
            Membership.role == Role.COACH.value,
            Membership.ended_at.is_(None),
            Membership.invited_as.is_(None),
            User.active,
        )
        .order_by(User.name, User.id)
    )
    rows = db.session.execute(unscoped(statement, "coaches of a loaded cohort's agency")).all()
    return [(row.id, row.name, row.email) for row in rows]


def previews_before(moment: datetime) -> Sequence[ImportRun]:
    """Files that were sent before a moment and wait for a decision."""
    statement = select(ImportRun).where(ImportRun.state == "preview", ImportRun.created_at < moment)
    return db.session.execute(unscoped(statement, "daily clean-up")).scalars().all()


def with_sentences_before(moment: datetime) -> Sequence[ImportRun]:
    """Decided files that were sent before a moment and still have sentences about what was wrong in them."""
    statement = select(ImportRun).where(
        ImportRun.state != "preview",
        ImportRun.created_at < moment,
        or_(*(ImportRun.counts[name].as_string().is_not(None) for name in ("problems", "notices"))),
    )
    return db.session.execute(unscoped(statement, "daily clean-up")).scalars().all()


def run_by_id(run_id: UUID) -> ImportRun | None:
    """An import for the background worker, as it is stored now."""
    statement = select(ImportRun).where(ImportRun.id == run_id).execution_options(populate_existing=True)
    return db.session.execute(unscoped(statement, "worker")).scalar_one_or_none()


def actor_of_membership(membership_id: UUID, trace_id: str) -> Actor | None:
    """Who acts in this role, for work that the worker does for them; None when role or login ended."""
    statement = (
        select(Membership, User, Organisation)
        .join(User, User.id == Membership.user_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Membership.id == membership_id,
            Membership.ended_at.is_(None),
            Membership.invited_as.is_(None),
            User.active,
            Organisation.archived_at.is_(None),
        )
    )
    row = db.session.execute(unscoped(statement, "worker")).one_or_none()
    if row is None:
        return None
    member, user, organisation = row
    return Actor(
        user_id=user.id,
        organisation_id=organisation.id,
        role=Role(member.role),
        name=user.name,
        organisation_name=organisation.name,
        membership_id=member.id,
        trace_id=trace_id,
        origin="worker",
    )
