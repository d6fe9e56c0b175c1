"""docs/trust.md maps each promise to its tests; a promise called met must name tests that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MAP = ROOT / "docs" / "trust.md"
# The promises of the first edition of this product, by number.
REQUIRED = {
    1,
    2,
    3,
    4,
    5,
    8,
    7,
    11,
    13,
    14,
    16,
    17,
    18,
    19,
    22,
    23,
    24,
    25,
    27,
    31,
    36,
    38,
    45,
    46,
    47,
    48,
    50,
    51,
}
REQUIRED |= {57, 59, 61, 64}
ROW = re.compile(r"^\| (\d+) \| (.+?) \| (gehaald|deels|later) \| (.*?) \|", re.MULTILINE)


def rows() -> dict[int, tuple[str, list[str]]]:
    """State and test ids per promise."""
    text = MAP.read_text(encoding="utf-8")
    return {int(n): (state, re.findall(r"`([^`]+)`", tests)) for n, _what, state, tests in ROW.findall(text)}


def exists(test_id: str) -> bool:
    """Whether ``path::name`` (or ``path``) is a test in this repository."""
    path, _sep, name = test_id.partition("::")
    file = ROOT / path
    if not file.is_file():
        return False
    if not name:
        return True
    tree = ast.parse(file.read_text(encoding="utf-8"))
    names = {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    names |= {
        t.id
        for n in ast.walk(tree)
        if isinstance(n, ast.Assign)
        for t in n.targets
        if isinstance(t, ast.Name)
    }
    return name in names


def test_every_required_promise_has_a_row() -> None:
    assert set(rows()) >= REQUIRED


def test_what_is_called_met_names_tests_that_exist() -> None:
    wrong = {
        number: [t for t in tests if not exists(t)] or "names no test"
        for number, (state, tests) in rows().items()
        if state in ("gehaald", "deels") and (not tests or not all(map(exists, tests)))
    }
    assert not wrong


def test_a_test_that_does_not_exist_is_found() -> None:
    """The control of this check."""
    assert not exists("tests/architecture/test_trust_map.py::test_nothing_of_the_kind")
    assert exists("tests/architecture/test_trust_map.py::test_every_required_promise_has_a_row")
