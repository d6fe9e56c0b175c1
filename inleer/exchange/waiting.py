"""A file that waits: what it would do now, with its columns as somebody said and its rows as they were mended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from inleer import audit, clock
from inleer.cohorts.models import Cohort
from inleer.db import db
from inleer.errors import DomainError
from inleer.exchange.actions import check_right
from inleer.exchange.grid import Mend
from inleer.exchange.header_look import look_of
from inleer.exchange.kinds import KINDS, make_plan
from inleer.exchange.models import ImportRow, ImportRun
from inleer.exchange.plan_common import Options, Plan
from inleer.exchange.presenting import view_of
from inleer.exchange.queries_waiting import rows_changed
from inleer.i18n import _
from inleer.jobs import outbox
from inleer.policy import Actor, Perm, load

#: Asks the worker to read a file; ``preview.plan_in_background`` does it.
PLAN_JOB = "import.plan"
#: Larger files (some 10,000 lines) take longer than somebody should wait for a page.
INLINE_BYTES = 300 * 1024
#: What stays with a file whatever is found in it.
_CHOSEN = ("coach_id",)


def is_large(run: ImportRun) -> bool:
    """Whether a file is read by the worker, not while somebody waits for a page."""
    return len(run.content or b"") > INLINE_BYTES


def is_waiting(run: ImportRun) -> bool:
    """Whether the worker has yet to read or save it."""
    return run.state == "preview" and "waiting" in run.counts


def rows_in(run: ImportRun) -> int:
    """How many rows of a file were judged."""
    return sum(run.counts.get(name, 0) for name in ("created", "updated", "unchanged", "rejected"))


def marks_waiting(for_what: str, run: ImportRun) -> dict[str, Any]:
    """What the page says of a file that the worker has yet to read or save. ``stage``: how far the worker is."""
    size = len(run.content or b"") // 1024
    now = clock.now().isoformat()
    return {"waiting": for_what, "stage": "queue", "since": now, "kilobytes": size, "rows": rows_in(run)}


def have_planned(run: ImportRun) -> None:
    """Leave it to the worker to read a file as a whole; the page says that it is being worked on."""
    run.counts = {**run.counts, **marks_waiting("plan", run)}
    outbox.enqueue(PLAN_JOB, {"run_id": str(run.id)})


def hold_run(actor: Actor, run: ImportRun) -> Cohort:
    """The cohort of a file that waits, once nobody else changes the file. Raises DomainError when it is decided."""
    cohort = load(actor, Perm.COHORT_IMPORT, Cohort, run.cohort_id)
    check_right(actor, cohort)
    db.session.refresh(run, with_for_update=True)
    if run.state != "preview":
        raise DomainError(_("Dit bestand is al opgeslagen."))
    if is_waiting(run):
        raise DomainError(_("Er wordt aan dit bestand gewerkt. Wacht tot dat klaar is."))
    return cohort


def mends_of(rows: Mapping[int, ImportRow]) -> dict[int, Mend]:
    """Rows as people changed them, for the plan."""
    return {
        number: Mend({int(place): text for place, text in row.cells.items()}, row.left_out)
        for number, row in rows.items()
        if row.cells or row.left_out
    }


def options_of(run: ImportRun, rows: Mapping[int, ImportRow] | None = None) -> Options:
    """What was chosen and mended beside a file that waits."""
    coach_id = run.counts.get("coach_id")
    changed = rows_changed(run.id) if rows is None else rows
    return Options(UUID(coach_id) if coach_id else None, run.sender_id, run.mapping or {}, mends_of(changed))


def plan_now(cohort: Cohort, run: ImportRun) -> tuple[Plan[Any], dict[str, Any]]:
    """What the file would do now, and what the page shows of that."""
    rows = rows_changed(run.id)
    plan = make_plan(cohort, KINDS[run.kind], run.content or b"", run.filename, options_of(run, rows))
    return plan, {**view_of(plan), **chosen(run), **what_people_did(plan.grid, rows)}


def look_again(cohort: Cohort, run: ImportRun) -> None:
    """Show what the file would do now."""
    plan, view = plan_now(cohort, run)
    run.counts, run.grid = view, dict(plan.grid)


def forget_rows(actor: Actor, run: ImportRun) -> None:
    """What people typed goes with the file."""
    rows = list(rows_changed(run.id).values())
    if not rows:
        return
    audit.record(actor, "import.rows_forgotten", run, details={"rows": len(rows)}, covers=rows)
    for row in rows:
        db.session.delete(row)
    db.session.flush()  # they refer to the run, which may go next


def chosen(run: ImportRun) -> dict[str, Any]:
    """What was chosen beside the file."""
    return {name: run.counts[name] for name in _CHOSEN if name in run.counts}


def what_people_did(grid: Mapping[str, Any], rows: Mapping[int, ImportRow]) -> dict[str, Any]:
    """Which cells were mended and which rows were left out, by whom; no values."""
    names = {c.place: c.name for c in look_of(grid["look"]).columns} if grid.get("look") else {}
    mended = [
        [row.row, [names.get(int(place), "") for place in sorted(row.cells, key=int)], row.by_name]
        for row in rows.values()
        if row.cells and not row.left_out
    ]
    left_out = [[row.row, row.by_name] for row in rows.values() if row.left_out]
    return {"mended": mended, "left_out": left_out}
