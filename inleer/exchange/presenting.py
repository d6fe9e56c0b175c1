"""A plan in words, as plain values that can wait with the file for a decision: what the preview shows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from inleer.attendance.rules import STATUSES
from inleer.cohorts.forms import KIND_WORDS as SESSION_KINDS
from inleer.cohorts.rules import STATE_WORDS
from inleer.errors import ImportProblem
from inleer.exchange.cells import Notice
from inleer.exchange.plan_common import Change, Plan, Step, field_label, in_words
from inleer.intentions.rules import KIND_WORDS as INTENTION_KINDS

#: More than these are counted on the page, and are all in the download (problems) or the file itself (changes).
PROBLEMS_SHOWN = 5_000
CHANGES_SHOWN = 2_000

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
    moved = [step for step in plan.steps if step.verdict != "unchanged"]
    names: Mapping[Any, str] = getattr(plan.known, "names", {})
    return {
        **plan.counts(),
        "readable": plan.readable,
        "problems": [[p.row, p.column, p.message] for p in plan.problems[:PROBLEMS_SHOWN]],
        "problem_count": len(plan.problems),
        "notices": [[n.row, n.column, n.message] for n in plan.notices[:PROBLEMS_SHOWN]],
        "changes": [_row(plan.kind, step, names) for step in moved[:CHANGES_SHOWN]],
        "change_count": len(moved),
        "digest": digest(plan),
    }


def kept(view: Mapping[str, Any]) -> dict[str, Any]:
    """What stays of a view once it is decided: counts, and what was left out; no personal values."""
    names = ("created", "updated", "unchanged", "rejected", "problems", "problem_count", "notices")
    return {name: view[name] for name in names if name in view}


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
    return [step.row, step.verdict, step.label, [_change(kind, change, names) for change in step.changes]]


def _change(kind: str, change: Change, names: Mapping[Any, str]) -> list[str]:
    words = _WORDS.get((kind, change.field))
    old, new = (names.get(value, value) for value in (change.old, change.new))
    return [field_label(change.field), in_words(old, words), in_words(new, words)]
