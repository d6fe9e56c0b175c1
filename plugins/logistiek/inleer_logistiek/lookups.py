"""What the actions look up before they write: how somebody takes part, and what is there already."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from inleer.plugin import Enrolment, db, unscoped
from inleer_logistiek.models import Certificate


def participation(enrolment_id: UUID) -> Any:
    """The cohort and the state of an enrolment; None when there is no such enrolment.

    Internal: the caller compares the cohort with the one it loaded in scope. Locks the row on PostgreSQL, so that of
    two saves about one person the second sees what the first saved; SQLite has one writer anyway.
    """
    statement = (
        select(Enrolment.cohort_id, Enrolment.state)
        .where(Enrolment.id == enrolment_id)
        .with_for_update(key_share=True)
    )
    return db.session.execute(unscoped(statement, "who has a certificate; the cohort is compared")).first()


def same_day(enrolment_id: UUID, kind: str, obtained_on: date) -> Certificate | None:
    """The certificate of this kind that this person obtained on this day, unless it was taken back."""
    statement = select(Certificate).where(
        Certificate.enrolment_id == enrolment_id,
        Certificate.kind == kind,
        Certificate.obtained_on == obtained_on,
        Certificate.removed_at.is_(None),
    )
    found = db.session.execute(unscoped(statement, "double submission about a loaded person"))
    return found.scalar_one_or_none()
