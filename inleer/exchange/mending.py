"""Mending a file that waits, row by row, before anything of it is saved.

A row carries a version: whoever mends a row that somebody else changed meanwhile is refused and sees both. Every
change is checked at once by the rules of the import. A large file is checked row by row, and as a whole by the worker
before it is saved.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inleer import audit, clock
from inleer.cohorts.models import Cohort
from inleer.db import db, new_id
from inleer.errors import DomainError, ImportProblem, StaleEdit
from inleer.exchange.cells import Row, Table
from inleer.exchange.grid import put
from inleer.exchange.header_look import Look, look_of
from inleer.exchange.kinds import KINDS, ROWS_KEPT, plan_table, rows_as_texts
from inleer.exchange.models import ImportRow, ImportRun
from inleer.exchange.queries_waiting import rows_changed
from inleer.exchange.rows_common import MAX_CELL
from inleer.exchange.tables import read_table
from inleer.exchange.values import clean, too_long
from inleer.exchange.waiting import hold_run, is_large, look_again, options_of, what_people_did
from inleer.i18n import _
from inleer.policy import Actor

#: More rows than this are not mended by hand: the file is.
MOST_ROWS = ROWS_KEPT


def mend_row(actor: Actor, run: ImportRun, number: int, version: int, texts: Mapping[int, str]) -> bool:
    """Put these texts in a row (place from 0 → text, empty: nothing stands there) and check it again.

    ``version``: of the row as it was shown, 0 when nobody changed it yet. Returns whether anything changed. Raises
    StaleEdit when somebody changed the row since, DomainError for a place or a text that cannot be, and for a row that
    the file does not have.
    """
    cohort = hold_run(actor, run)
    sent = {place: _written(text) for place, text in texts.items()}
    original = original_texts(run, number)
    known = {column.place for column in seen(run).columns if column.key} | original.keys()
    if not sent.keys() <= known:
        raise DomainError(_("Deze kolom staat niet in het bestand. Open de bladzijde opnieuw."))
    row = _row(run, number, version)
    before = dict(row.cells)
    now = {int(place): text for place, text in before.items()} | sent
    cells = {str(place): text for place, text in sorted(now.items()) if text != original.get(place, "")}
    if cells == before and not row.left_out:
        return False
    changed = [place for place in {*cells, *before} if cells.get(place) != before.get(place)]
    row.cells, row.left_out = cells, False
    _note(actor, run, row, "import.row_mended", _keys(run, changed))
    _check(cohort, run, row)
    return True


def leave_out(actor: Actor, run: ImportRun, number: int, version: int, out: bool = True) -> bool:
    """Leave a row out of the import, or take it back in (``out`` False). Raises as :func:`mend_row`."""
    cohort = hold_run(actor, run)
    row = _row(run, number, version)
    if row.left_out == out:
        return False
    row.left_out = out
    _note(actor, run, row, "import.row_left_out" if out else "import.row_taken_in", [])
    _check(cohort, run, row)
    return True


def seen(run: ImportRun) -> Look:
    """The columns of a file that waits; none for an agenda, or for what could not be read."""
    stored = (run.grid or {}).get("look")
    return look_of(stored) if stored else Look(0, 0, (), ())


def original_texts(run: ImportRun, number: int) -> dict[int, str]:
    """What the file itself says in a row, by place. Raises DomainError for a row that it does not have."""
    rows: Mapping[str, Mapping[str, str]] = (run.grid or {}).get("rows", {})
    found = rows.get(str(number))
    if found is None and not is_large(run) and seen(run).columns and number > seen(run).row:
        found = all_texts(run, [number]).get(str(number))
    if found is None:
        raise DomainError(_("Deze rij staat niet in het bestand. Open de bladzijde opnieuw."))
    return {int(place): text for place, text in found.items()}


def all_texts(run: ImportRun, numbers: list[int] | None = None) -> dict[str, dict[str, str]]:
    """Rows of a file that is not large, by number; all of them when no numbers are given."""
    look = seen(run)
    try:
        table = read_table(run.content or b"", run.filename)
    except ImportProblem:
        return {}
    below = [row.number for row in table.rows if row.number > look.row]
    return rows_as_texts(table, look, below if numbers is None else numbers)


def _written(text: str) -> str:
    if len(text) > MAX_CELL:
        raise DomainError(too_long(len(text), MAX_CELL))
    try:
        return clean(text)
    except ImportProblem as problem:
        raise DomainError(problem.message) from problem


def _row(run: ImportRun, number: int, version: int) -> ImportRow:
    """The row as people changed it, a new one when nobody did. Raises StaleEdit for another version."""
    rows = rows_changed(run.id)
    row = rows.get(number)
    if (row.version if row else 0) != version:
        raise StaleEdit(row, version)
    if row is not None:
        return row
    bad = {entry[0] for entry in run.counts.get("problems", ())}
    if not seen(run).columns and number not in bad:
        raise DomainError(_("Deze rij staat niet in het bestand. Open de bladzijde opnieuw."))
    if seen(run).columns:
        original_texts(run, number)
    if len(rows) >= MOST_ROWS:
        raise DomainError(_("Er zijn al %(n)s rijen hersteld. Herstel de rest in het bestand.", n=MOST_ROWS))
    return ImportRow(id=new_id(), import_id=run.id, row=number, cells={}, left_out=False)


def _note(actor: Actor, run: ImportRun, row: ImportRow, action: str, fields: list[str]) -> None:
    """Who did what to which row: names of fields, no values."""
    row.changed_at, row.by_id, row.by_name = clock.now(), actor.user_id, actor.name
    db.session.add(row)
    audit.record(actor, action, run, fields=fields, details={"row": row.row}, covers=[row])


def _keys(run: ImportRun, places: list[str]) -> list[str]:
    """The columns at these places, by our own names."""
    keys = {str(column.place): column.key for column in seen(run).columns}
    return sorted({keys.get(place) or "other" for place in places})


def _check(cohort: Cohort, run: ImportRun, row: ImportRow) -> None:
    """Check by the rules of the import: the whole file, or of a large one this row alone."""
    db.session.flush()
    if not is_large(run):
        look_again(cohort, run)
        return
    found = [] if row.left_out else _problems_of(cohort, run, row)
    kept = [entry for entry in run.counts["problems"] if entry[0] != row.row]
    gone = len(run.counts["problems"]) - len(kept)
    run.counts = {
        **run.counts,
        "problems": sorted([*kept, *found], key=lambda entry: entry[0] or 0),
        "problem_count": run.counts["problem_count"] - gone + len(found),
        "rejected": run.counts["rejected"] - bool(gone) + bool(found),
        "recheck": True,
        **what_people_did(run.grid or {}, rows_changed(run.id)),
    }


def _problems_of(cohort: Cohort, run: ImportRun, row: ImportRow) -> list[list[Any]]:
    """What is wrong with one row of a large file, as far as that row alone tells."""
    kind, look = KINDS[run.kind], seen(run)
    if not look.columns:
        return []
    labels = {column.key: column.label for column in kind.columns}
    head = put((None,) * look.width, {c.place: labels[c.key] for c in look.columns if c.key})
    texts = {**original_texts(run, row.row), **{int(place): text for place, text in row.cells.items()}}
    table = Table((Row(look.row, head), Row(row.row, put((), texts))), "csv")
    plan = plan_table(cohort, kind, table, options_of(run, {}))
    names = {labels[c.key]: c.name for c in look.columns if c.key}
    return [[p.row, names.get(p.column or "", p.column), p.message] for p in plan.problems]
