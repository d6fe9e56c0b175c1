"""The page on which a file that waits is mended: its rows, those with a problem first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from inleer.cohorts.models import Cohort
from inleer.exchange.forms import RowInput
from inleer.exchange.header_look import Look
from inleer.exchange.kinds import KINDS
from inleer.exchange.mending import all_texts, seen
from inleer.exchange.models import ImportRow, ImportRun
from inleer.exchange.pages import SLUG_OF
from inleer.exchange.queries_waiting import rows_changed
from inleer.exchange.waiting import is_large, is_waiting
from inleer.i18n import _
from inleer.policy import Actor, Perm, load

PER_PAGE = 20
#: Filters of the rows: key in the address → word.
SHOWS: Mapping[str, str] = {
    "problemen": "Met een probleem",
    "hersteld": "Hersteld",
    "weggelaten": "Weggelaten",
    "alle": "Alle rijen",
}


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell. ``text``: as it is now; ``original``: as the file has it; ``edited``: shown as a box to type in;
    ``theirs``: what a colleague put there meanwhile, None when that is the same."""

    place: int
    name: str
    text: str
    original: str
    mended: bool
    edited: bool
    messages: tuple[str, ...] = ()
    theirs: str | None = None


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row. ``messages`` are about the row as a whole; ``by`` and ``at``: who changed it last."""

    number: int
    version: int
    left_out: bool
    cells: tuple[GridCell, ...]
    messages: tuple[str, ...]
    by: str = ""
    at: datetime | None = None
    stale: bool = False
    refused: str = ""

    @property
    def bad(self) -> bool:
        """Whether something about it is wrong."""
        return bool(self.messages) or any(cell.messages for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Tried:
    """What somebody sent that could not be saved: because somebody else was first (``stale``), or why not."""

    sent: RowInput
    stale: bool = False
    refused: str = ""


def rows_page(
    actor: Actor, run: ImportRun, args: Mapping[str, str], tried: Tried | None = None
) -> dict[str, Any]:
    """The rows of a file that waits, filtered and by page, as the address says."""
    cohort = load(actor, Perm.COHORT_VIEW, Cohort, run.cohort_id)
    changed = rows_changed(run.id)
    look = seen(run)
    whole = bool(look.columns) and not is_large(run)
    show = args.get("toon", "")
    if show not in SHOWS or (show == "alle" and not whole):
        show = "problemen"
    texts = dict((run.grid or {}).get("rows", {}))
    if show == "alle":
        texts = all_texts(run)
    numbers = _numbers(run, look, changed, texts)
    opened = _number(args.get("rij", ""))
    page, pages = _page(args, len(numbers[show]))
    some = numbers[show][(page - 1) * PER_PAGE : page * PER_PAGE]
    if tried is not None and tried.sent.row not in some:
        some = [tried.sent.row, *some]
    problems = _by_row(run)
    rows = [
        _row(look, n, texts.get(str(n), {}), changed.get(n), problems.get(n, ()), opened == n) for n in some
    ]
    return {
        "cohort": cohort,
        "run": run,
        "kind": KINDS[run.kind],
        "slug": SLUG_OF[run.kind],
        "waiting": is_waiting(run),
        "show": show,
        "shows": {key: word for key, word in SHOWS.items() if key != "alle" or whole},
        "counts": {key: len(found) for key, found in numbers.items()},
        "rows": [_tried(row, tried) if tried and tried.sent.row == row.number else row for row in rows],
        "page": page,
        "pages": pages,
        "per_page": PER_PAGE,
        "total": len(numbers[show]),
        "general": problems.get(None, ()),
        "recheck": bool(run.counts.get("recheck")),
    }


def _numbers(
    run: ImportRun, look: Look, changed: Mapping[int, ImportRow], texts: Mapping[str, Any]
) -> dict[str, list[int]]:
    bad = sorted(
        {entry[0] for entry in run.counts.get("problems", ()) if entry[0] is not None and entry[0] > look.row}
    )
    wrong = set(bad)
    return {
        "problemen": bad,
        "hersteld": sorted(n for n, row in changed.items() if row.cells and not row.left_out),
        "weggelaten": sorted(n for n, row in changed.items() if row.left_out),
        "alle": [*bad, *(n for n in sorted(map(int, texts)) if n not in wrong)],
    }


def _by_row(run: ImportRun) -> dict[int | None, list[tuple[str, str]]]:
    """Problems by row: (column, sentence)."""
    found: dict[int | None, list[tuple[str, str]]] = {}
    for row, column, message in run.counts.get("problems", ()):
        found.setdefault(row, []).append((column or "", message))
    return found


def _row(
    look: Look,
    number: int,
    original: Mapping[str, str],
    changed: ImportRow | None,
    problems: Sequence[tuple[str, str]],
    opened: bool,
) -> GridRow:
    mends: Mapping[str, str] = changed.cells if changed else {}
    names = {column.place: column.name for column in look.columns if column.key}
    beyond = sorted({int(p) for p in {*original, *mends}} - names.keys())
    names |= {place: _("extra cel %(n)s", n=place + 1) for place in beyond}
    by_name: dict[str, list[str]] = {}
    for column, message in problems:
        by_name.setdefault(column, []).append(message)
    cells = []
    for place, name in names.items():
        key = str(place)
        said = tuple(by_name.pop(name, ()))
        was, mended = original.get(key, ""), key in mends
        edited = bool(said) or mended or opened or place in beyond
        cells.append(GridCell(place, name, mends.get(key, was), was, mended, edited, said))
    rest = tuple(f"{column}: {text}" if column else text for column, some in by_name.items() for text in some)
    by, at = (changed.by_name, changed.changed_at) if changed else ("", None)
    version, out = (changed.version, changed.left_out) if changed else (0, False)
    return GridRow(number, version, out, tuple(cells), rest, by, at)


def _tried(row: GridRow, tried: Tried) -> GridRow:
    """The row with what was typed still in it; beside it what somebody else put there meanwhile."""
    cells = []
    for cell in row.cells:
        mine = tried.sent.texts.get(cell.place)
        if mine is None:
            cells.append(cell)
            continue
        theirs = cell.text if tried.stale and mine.strip() != cell.text else None
        cells.append(replace(cell, text=mine, edited=True, theirs=theirs))
    return replace(row, cells=tuple(cells), stale=tried.stale, refused=tried.refused)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else 0


def _page(args: Mapping[str, str], total: int) -> tuple[int, int]:
    pages = max(1, -(-total // PER_PAGE))
    return min(max(_number(args.get("page", "1")), 1), pages), pages
