"""Saving job intentions: employers that are new, that they take part, and drafts of what they commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from inleer import clock
from inleer.accounts.models import Organisation
from inleer.accounts.organisations import slugify
from inleer.cohorts.models import Cohort, Partner
from inleer.db import db, new_id
from inleer.events import intention_changed
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
            employer_id = _employer_of(step, employers)
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
    _new_partners(ledger, cohort, [_employer_of(step, employers) for step in plan.steps])
    ledger.create(JobIntention, made)
    ledger.create(IntentionEvent, events, note=False)
    ledger.create(IntentionEvent, later)
    changed = (s.what.intention.id for s in plan.steps if s.what.intention and s.changes)
    intention_changed.fire(actor, {*changed, *(row["id"] for row in made)})


def _employer_of(step: Step[IntentionWork], new: Mapping[str, UUID]) -> UUID:
    return step.what.employer_id or new[fold(step.what.row.employer)]


def _new_partners(ledger: Ledger, cohort: Cohort, employer_ids: Sequence[UUID]) -> None:
    """Who gives an intention takes part in the cohort from today; whose part somebody ended stays out."""
    there = select(Partner.organisation_id).where(Partner.cohort_id == cohort.id, Partner.kind == "employer")
    known = set(db.session.execute(there).scalars())
    rows = [
        {
            "id": new_id(),
            "version": 1,
            "cohort_id": cohort.id,
            "organisation_id": employer_id,
            "kind": "employer",
            "since_on": clock.today(),
            "ended_on": None,
        }
        for employer_id in dict.fromkeys(employer_ids)
        if employer_id not in known
    ]
    ledger.create(Partner, rows)


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
