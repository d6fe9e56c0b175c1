"""Imports: all or nothing, or the good rows when that is asked; one run with everything it did, to take it back."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from inleer import audit, clock
from inleer.cohorts.models import Cohort
from inleer.db import db, new_id
from inleer.errors import Forbidden, ImportProblem
from inleer.events import figures_changed
from inleer.exchange.cells import Notice
from inleer.exchange.holding import hold_register
from inleer.exchange.kinds import Kind, kind_named, make_plan
from inleer.exchange.ledger import Ledger
from inleer.exchange.models import ImportRun
from inleer.exchange.plan_common import VERDICTS, Options, Plan
from inleer.exchange.senders import with_mapping
from inleer.i18n import _
from inleer.policy import Actor, Perm, can

MAX_FILENAME = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did, or would do. ``run_id`` None: nothing was saved. The counts are rows that are saved."""

    run_id: UUID | None
    created: int
    updated: int
    unchanged: int
    rejected: Sequence[ImportProblem]
    notices: Sequence[Notice]
    refused: bool

    def as_json(self) -> dict[str, Any]:
        """The shape that scripts know: `inleer import … --json`."""
        return {
            "import_id": str(self.run_id) if self.run_id else None,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": [{"row": p.row, "column": p.column, "message": p.message} for p in self.rejected],
            "warnings": [{"row": n.row, "column": n.column, "message": n.message} for n in self.notices],
        }


def import_file(
    actor: Actor,
    cohort: Cohort,
    kind_key: str,
    data: bytes,
    filename: str,
    *,
    skip_invalid: bool = False,
    options: Options | None = None,
) -> Outcome:
    """Read a file into a cohort that was loaded in scope.

    Any invalid row: nothing is saved and ``refused`` is set, unless ``skip_invalid``. A file that cannot be read at
    all is always refused. Raises Forbidden without the right to import, ImportProblem for an unknown kind.
    """
    check_right(actor, cohort)
    kind = kind_named(kind_key)
    hold(cohort, kind)
    options = with_mapping(cohort, kind, options)
    plan = make_plan(cohort, kind, data, filename, options)
    if is_refused(plan, skip_invalid):
        return outcome(plan, None, skip_invalid)
    run = new_run(actor, cohort, kind, data, filename)
    run.sender_id = options.sender_id
    figures = save(actor, cohort, kind, plan, run)
    result = outcome(plan, run.id, skip_invalid)
    del plan  # a large file and the figures of a large group need not stand in memory together
    figures_changed.fire(actor, figures)
    return result


def try_file(
    actor: Actor,
    cohort: Cohort,
    kind_key: str,
    data: bytes,
    filename: str,
    *,
    skip_invalid: bool = False,
    options: Options | None = None,
) -> Outcome:
    """What :func:`import_file` would do; saves nothing."""
    check_right(actor, cohort)
    kind = kind_named(kind_key)
    chosen = with_mapping(cohort, kind, options)
    return outcome(make_plan(cohort, kind, data, filename, chosen), None, skip_invalid)


def outcome(plan: Plan[Any], run_id: UUID | None, skip_invalid: bool) -> Outcome:
    """The counts of a plan; all 0 when it is refused."""
    refused = is_refused(plan, skip_invalid)
    counts = dict.fromkeys(VERDICTS, 0) if refused else plan.counts()
    return Outcome(
        run_id=run_id,
        created=counts["created"],
        updated=counts["updated"],
        unchanged=counts["unchanged"],
        rejected=plan.problems,
        notices=plan.notices,
        refused=refused,
    )


def is_refused(plan: Plan[Any], skip_invalid: bool) -> bool:
    """Whether nothing of it may be saved."""
    return not plan.readable or (bool(plan.problems) and not skip_invalid)


def new_run(actor: Actor, cohort: Cohort, kind: Kind, data: bytes, filename: str) -> ImportRun:
    """A run for this file. The name of the file is kept without any folder."""
    return ImportRun(
        id=new_id(),
        cohort_id=cohort.id,
        kind=kind.key,
        filename=filename.replace("\\", "/").rpartition("/")[2][-MAX_FILENAME:],
        sha256=hashlib.sha256(data).hexdigest(),
        state="preview",
        created_at=clock.now(),
        by_id=actor.user_id,
        by_name=actor.name,
        counts={},
    )


def save(actor: Actor, cohort: Cohort, kind: Kind, plan: Plan[Any], run: ImportRun) -> frozenset[UUID]:
    """Do what the plan says and note each thing. Returns the enrolments whose figures must be made again."""
    run.state, run.counts = "done", plan.counts()
    run.content = run.grid = run.mapping = None  # they serve while the file waits
    db.session.add(run)
    db.session.flush()  # what is noted refers to it
    ledger = Ledger(run.id)
    kind.apply(ledger, actor, cohort, plan)
    ledger.close()
    audit.record(
        actor,
        "import.done",
        run,
        details={"cohort": str(cohort.id), "kind": kind.key, "sha256": run.sha256, **run.counts},
        covers=ledger.covers,
    )
    return frozenset(ledger.figures)


def hold(cohort: Cohort, kind: Kind | None = None) -> None:
    """Two imports into one cohort come one after the other: the second is compared with what the first saved.

    So does one that writes marks (``kind``) and a register. Held before the file is read: one process reads one file
    at a time, and who waits for that may not have the register that the other needs.
    """
    # Not the strongest lock: whoever saves a register refers to the cohort (signals), and must not wait for that.
    db.session.refresh(cohort, with_for_update={"key_share": True})
    if kind is not None and kind.marks:
        hold_register(cohort.id)


def check_right(actor: Actor, cohort: Cohort) -> None:
    """Raises Forbidden without the right to import into this cohort, ImportProblem for one that was cancelled."""
    relations = {"agency"} if cohort.agency_id == actor.organisation_id else set()
    decision = can(actor, Perm.COHORT_IMPORT, relations)
    if not decision.allowed:
        raise Forbidden(decision.reason)
    if cohort.state == "cancelled":
        raise ImportProblem(_("Deze lichting is geannuleerd: er wordt niets meer ingelezen."))
