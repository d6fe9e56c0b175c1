"""Every action that the core records has a Dutch name; those of plugins are looked at by the contract suite."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import inleer
from inleer.accounts.models import User
from inleer.audit.words import ACTIONS, KINDS
from inleer.intentions.answering import ANSWERS
from inleer.intentions.models import INTENTION_STATES

ROOT = Path(inleer.__file__).parent
ACTION = re.compile(r"[a-z_]+\.[a-z_]+")
THINGS = {key.partition(".")[0] for key in ACTIONS} - {"attendance", "account", "intention"}
#: What is no action though it looks like one: settings, and kinds of mail.
OTHER = frozenset({"reads.most", "login.html"})


def recorded(source: str) -> Iterator[str]:
    """The actions in a module that records: literal ones, and any literal that could be one given by a variable."""
    tree = ast.parse(source)
    calls = [
        node.args[1]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", "") == "record"
        and isinstance(node.func, ast.Attribute)
        and getattr(node.func.value, "id", "") == "audit"
    ]
    for given in calls:
        if isinstance(given, ast.Constant):
            yield str(given.value)
        elif isinstance(given, ast.JoinedStr):
            yield ast.unparse(given)
        else:
            yield from _literals(tree)


def _literals(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) else None
        if not isinstance(text, str) or not ACTION.fullmatch(text):
            continue
        if text.partition(".")[0] in THINGS and text not in OTHER:
            yield text


def unnamed(source: str) -> list[str]:
    """Recorded actions without a name."""
    return [action for action in recorded(source) if action not in ACTIONS and action not in COMPOSED]


#: Composed ones, as the source writes them, with all that they can be.
COMPOSED = {
    "f'intention.{state}'": INTENTION_STATES,
    "f'intention.{given.answer}'": ("question", "contact"),
}


def test_every_action_has_a_dutch_name() -> None:
    found = {
        (path.name, action)
        for path in sorted(ROOT.rglob("*.py"))
        for action in unnamed(path.read_text("utf-8"))
    }
    assert not found, f"give them a name in inleer/audit/words.py: {sorted(found)}"
    assert {"question", "contact"} < set(ANSWERS)
    for parts in COMPOSED.values():
        assert {f"intention.{part}" for part in parts} - {"intention.draft"} <= set(ACTIONS)


@pytest.mark.parametrize(
    "planted",
    [
        'audit.record(actor, "cohort.burnt", cohort)',
        'audit.record(actor, f"cohort.{how}", cohort)',
        'NAME = "cohort.burnt"\naudit.record(actor, NAME, cohort)',
    ],
)
def test_the_look_finds_what_has_no_name(planted: str) -> None:
    assert unnamed(planted)
    assert not unnamed('audit.record(actor, "cohort.created", cohort)')


def test_names_are_words_and_kinds_are_tables() -> None:
    assert all(name and "_" not in name and "." not in name for name in (*ACTIONS.values(), *KINDS.values()))
    assert User.__tablename__ in KINDS
