"""Texts of pages address professionals neutrally or as "u"; "je" is for pages of candidates, which do not exist yet."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.syntax import ROOT, product

INFORMAL = re.compile(r"\b(je|jij|jou|jouw|jezelf|jullie)\b", re.IGNORECASE)
TEMPLATES = ("templates/**/*.html", "plugins/*/*/templates/**/*.html", "inleer/static/js/**/*.js")
_REMARK = re.compile(r"\{#.*?#\}|/\*.*?\*/", re.DOTALL)


def informal_lines(text: str) -> Iterator[tuple[int, str]]:
    """(line, words) of a template or script that says "je", outside its remarks."""
    bare = _REMARK.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)
    for number, line in enumerate(bare.splitlines(), 1):
        if INFORMAL.search(line):
            yield number, line.strip()


def informal_strings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, text) of every string that says "je", docstrings apart."""
    remarks = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in remarks:
            continue
        if INFORMAL.search(node.value):
            yield node.lineno, node.value


def test_no_page_says_je() -> None:
    files = [file for pattern in TEMPLATES for file in sorted(ROOT.glob(pattern))]
    assert len(files) > 100
    found = [
        f"{file.relative_to(ROOT)}:{number}: {line}"
        for file in files
        for number, line in informal_lines(file.read_text(encoding="utf-8"))
    ]
    found += [
        f"{path}:{number}: {text}" for path, tree in product() for number, text in informal_strings(tree)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ('{{ _("Daarna kun je dit ongedaan maken.") }}', [1]),
        ("{# wat je hier\n ziet #}\n<p>Jouw lessen</p>", [3]),
        ("/* je */ tell('Wil jij dit?')", [1]),
        ("{# je #}<p>Deze lessen, een project, objecten.</p>", []),
    ],
)
def test_a_template_that_says_je_is_found(text: str, lines: list[int]) -> None:
    assert [number for number, _line in informal_lines(text)] == lines


def test_a_string_that_says_je_is_found() -> None:
    tree = ast.parse(
        '"""Wat je ziet."""\ndef f():\n    """Je."""\n    return _(f"Kun je {x}?"), "project", "Jullie"'
    )
    assert sorted(informal_strings(tree)) == [(4, "Jullie"), (4, "Kun je ")]
