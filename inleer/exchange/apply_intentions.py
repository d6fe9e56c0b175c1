"""Saving job intentions: employers that are new, and drafts of what they commit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from inleer import clock
from inleer.accounts.models import Organisation
from inleer.accounts.organisations import slugify
from inleer.cohorts.models import Cohort
from inleer.db import db, new_id
from inleer.exchange.ledger import Ledger
from inleer.exchange.plan_common import Plan, Step
from inleer.exchange.plan_intentions import IntentionWork, values_of
from inleer.exchange.queries_known import chunks
from inleer.exchange.values import fold
from inleer.intentions.models import IntentionEvent, JobIntention
from inleer.policy import Actor, unscoped


def apply(ledger: Ledger, actor: Actor, cohort: Cohort, plan: Plan[IntentionWork]) -> None:
    """Save the good rows. A new intention is a draft; a new employer is managed by the cohort's agency."""
    employers = _new_employers(ledger, cohort, plan.steps)
    made: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    later: list[dict[str, Any]] = []
    for step in plan.steps:
        work = step.what
        if work.intention is None:
            employer_id = work.employer_id or employers[fold(work.row.employer)]
            values = values_of(work.row)
            row = {
                "id": new_id(),
                "cohort_id": cohort.id,
                "employer_id": employer_id,
                "state": "draft",
                **values,
            }
            made.append(row)
            events.append(_event(actor, row["id"], None, None, work.row.positions))
        elif step.changes:
            old = work.intention.positions
            ledger.change(work.intention, {change.field: change.new for change in step.changes})
            if work.intention.positions != old:
                later.append(_event(actor, work.intention.id, "draft", old, work.intention.positions))
    ledger.create(JobIntention, made)
    ledger.create(IntentionEvent, events, note=False)
    ledger.create(IntentionEvent, later)


def _new_employers(ledger: Ledger, cohort: Cohort, steps: Sequence[Step[IntentionWork]]) -> dict[str, UUID]:
    first: dict[str, IntentionWork] = {}
    for step in steps:
        if step.what.employer_id is None:
            first.setdefault(fold(step.what.row.employer), step.what)
    slugs = _free_slugs([work.row.employer for work in first.values()])
    rows: list[dict[str, Any]] = [
        {
            "id": new_id(),
            "slug": slug,
            "name": work.row.employer,
            "kind": "employer",
            "sector": work.row.sector,
            "managed_by_id": cohort.agency_id,
            "contact_name": work.row.contact_name,
            "contact_email": work.row.contact_email,
        }
        for work, slug in zip(first.values(), slugs, strict=True)
    ]
    ledger.create(Organisation, rows)
    return {name: row["id"] for name, row in zip(first, rows, strict=True)}


def _free_slugs(names: Sequence[str]) -> list[str]:
    """A short name for each, unique over all organisations."""
    wanted = [slugify(name) for name in names]
    taken: set[str] = set()
    for some in chunks(wanted):
        statement = select(Organisation.slug).where(Organisation.slug.in_(some))
        taken.update(db.session.execute(unscoped(statement, "unique")).scalars())
    found = []
    for slug in wanted:
        free = slug if slug not in taken else f"{slug}-{new_id().hex[:8]}"
        taken.add(free)
        found.append(free)
    return found


def _event(
    actor: Actor, intention_id: UUID, old: str | None, old_positions: int | None, positions: int | None
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "intention_id": intention_id,
        "at": clock.now(),
        "on": clock.today(),
        "from_state": old,
        "to_state": "draft",
        "channel": "import",
        "old_positions": old_positions,
        "new_positions": positions,
        "by_id": actor.user_id,
        "by_name": actor.name,
    }
