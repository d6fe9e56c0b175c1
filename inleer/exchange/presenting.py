"""A plan in words, as plain values that can wait with the file for a decision: what the preview shows."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from inleer.attendance.rules import STATUSES
from inleer.cohorts.forms import KIND_WORDS as SESSION_KINDS
from inleer.cohorts.rules import STATE_WORDS
from inleer.errors import ImportProblem
from inleer.exchange.cells import Notice
from inleer.exchange.plan_common import Change, Plan, Step, field_label, in_words
from inleer.i18n import _
from inleer.intentions.rules import KIND_WORDS as INTENTION_KINDS

#: More than these are counted on the page, and are all in the download (problems) or the file itself (changes).
PROBLEMS_SHOWN = 5_000
CHANGES_SHOWN = 2_000
UNTOUCHED_SHOWN = 200

#: Where the places of problems and notices stay once their sentences went.
_PLACES = {"problems": "problem_places", "notices": "notice_places"}
_QUALIFICATION = {"yes": "ja", "no": "nee", "unknown": "onbekend"}
#: Words for codes, by kind of file and field.
_WORDS: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("candidates", "startkwalificatie"): _QUALIFICATION,
    ("sessions", "kind"): SESSION_KINDS,
    ("sessions", "state"): STATE_WORDS,
    ("intentions", "kind"): INTENTION_KINDS,
    ("attendance", "status"): {key: status.label_nl.lower() for key, status in STATUSES.items()},
}


def view_of(plan: Plan[Any]) -> dict[str, Any]:
    """What a page shows of a plan: counts, problems, notices, and field by field what will change."""
    moved = [step for step in plan.steps if step.verdict != "unchanged" or step.way == "kept"]
    same = [step for step in plan.steps if step.verdict == "unchanged" and step.way != "kept"]
    names: Mapping[Any, str] = getattr(plan.known, "names", {})
    return {
        **plan.counts(),
        "readable": plan.readable,
        "problems": [[p.row, p.column, p.message] for p in plan.problems[:PROBLEMS_SHOWN]],
        "problem_count": len(plan.problems),
        "notices": [[n.row, n.column, n.message] for n in plan.notices[:PROBLEMS_SHOWN]],
        "changes": [_row(plan.kind, step, names) for step in moved[:CHANGES_SHOWN]],
        "change_count": len(moved),
        "same": [_row(plan.kind, step, names) for step in same[:CHANGES_SHOWN]],
        "ways": dict(Counter(step.way for step in plan.steps if step.way)),
        "untouched": list(plan.untouched[:UNTOUCHED_SHOWN]) if not plan.problems else [],
        "untouched_count": len(plan.untouched) if not plan.problems else 0,
        "digest": digest(plan),
    }


def kept(view: Mapping[str, Any]) -> dict[str, Any]:
    """What stays of a view once it is decided: counts, what was left out, and what was wrong in skipped rows.

    The sentences about those can name what was typed or stood in the file: they go when the file is seven days old
    (see :func:`without_sentences`).
    """
    names = (
        "created", "updated", "unchanged", "rejected", "problems", "problem_count", "notices", "ways", "mended",
        "left_out",
    )  # fmt: skip
    return {name: view[name] for name in names if name in view}


def without_sentences(counts: Mapping[str, Any]) -> dict[str, Any]:
    """What stays of a decided view for good: of problems and notices only where they were; no personal values."""
    stays = {name: value for name, value in counts.items() if name not in _PLACES}
    found = {_PLACES[name]: [entry[:2] for entry in counts[name]] for name in _PLACES if name in counts}
    return {**stays, **found}


def told(counts: Mapping[str, Any], name: str) -> list[tuple[int | None, str | None, str]]:
    """The ``problems`` or ``notices`` of a view as (row, column, sentence), also when the sentences went."""
    if name in counts:
        return [(row, column, message) for row, column, message in counts[name]]
    gone = _("De uitleg is na zeven dagen gewist.")
    return [(row, column, gone) for row, column in counts.get(_PLACES[name], ())]


def digest(plan: Plan[Any]) -> str:
    """Equal for plans that do the same: a decision about one never saves another."""
    found = hashlib.sha256()
    for step in plan.steps:
        found.update(repr((step.row, step.verdict, step.label, step.changes)).encode())
    found.update(repr(_places(plan.problems)).encode())
    return found.hexdigest()


def _places(entries: Iterable[ImportProblem | Notice]) -> list[tuple[int | None, str | None, str]]:
    return [(entry.row, entry.column, entry.message) for entry in entries]


def _row(kind: str, step: Step[Any], names: Mapping[Any, str]) -> list[Any]:
    fields = [_change(kind, change, names) for change in step.changes]
    return [step.row, step.way or step.verdict, step.label, fields, step.remark]


def _change(kind: str, change: Change, names: Mapping[Any, str]) -> list[str]:
    words = _WORDS.get((kind, change.field))
    old, new = (names.get(value, value) for value in (change.old, change.new))
    return [field_label(change.field), in_words(old, words), in_words(new, words)]
