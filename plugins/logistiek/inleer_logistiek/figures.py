"""What the core asks about many people at once: certificates for the rule and the signals. One statement each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from inleer.plugin import CohortPhase, Enrolment, db, unscoped
from inleer_logistiek.models import Certificate
from inleer_logistiek.queries import IDS
from inleer_logistiek.routes import PRACTICE, WORK
from inleer_logistiek.rules import Dated

_ASKED: Final = "people whom the core chose"
_PRACTICE, _WORK = aliased(CohortPhase), aliased(CohortPhase)

_FACTS = unscoped(
    select(
        Enrolment.id,
        Enrolment.state,
        _PRACTICE.starts_on.label("practice_starts"),
        _PRACTICE.ends_on.label("practice_ends"),
        _WORK.starts_on.label("work_starts"),
        Certificate.kind,
        Certificate.valid_until,
    )
    .outerjoin(_PRACTICE, and_(_PRACTICE.cohort_id == Enrolment.cohort_id, _PRACTICE.key == PRACTICE))
    .outerjoin(_WORK, and_(_WORK.cohort_id == Enrolment.cohort_id, _WORK.key == WORK))
    .outerjoin(Certificate, and_(Certificate.enrolment_id == Enrolment.id, Certificate.removed_at.is_(None)))
    .where(Enrolment.id.in_(IDS))
    .order_by(Enrolment.id, Certificate.kind, Certificate.valid_until),
    _ASKED,
)


@dataclass(slots=True)
class Facts:
    """What the rule and the signals look at of one person."""

    state: str
    practice: tuple[date, date] | None
    work_starts: date | None
    certificates: list[Dated] = field(default_factory=list)


def facts(enrolment_ids: Sequence[UUID]) -> dict[UUID, Facts]:
    """The certificates of these people, with the dates of the phases in which they matter."""
    found: dict[UUID, Facts] = {}
    for row in db.session.execute(_FACTS, {"ids": list(enrolment_ids)}):
        one = found.setdefault(row.id, Facts(row.state, _phase(row), row.work_starts))
        if row.kind is not None:
            one.certificates.append((row.kind, row.valid_until))
    return found


def _phase(row: Any) -> tuple[date, date] | None:
    if row.practice_starts is None or row.practice_ends is None:
        return None
    return row.practice_starts, row.practice_ends
