"""The syntax trees of the product's own code, for tests that look at how it is written."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from tools.imports import plugin_packages

ROOT = Path(__file__).resolve().parents[2]
#: What is served or run: the core and the plugins that come with it, without their tests and migrations.
PRODUCT = (ROOT / "inleer", *plugin_packages())


@lru_cache(maxsize=1)
def product() -> tuple[tuple[str, ast.Module], ...]:
    """(path, tree) of every file of the product."""
    files = (file for folder in PRODUCT for file in sorted(folder.rglob("*.py")))
    return tuple(
        (file.relative_to(ROOT).as_posix(), ast.parse(file.read_text(encoding="utf-8")))
        for file in files
        if "migrations" not in file.parts
    )


def called_name(node: ast.expr) -> str:
    """The last part of what is called or used: ``get`` of ``@bp.get("/x")``, ``guarded`` of ``@guarded(...)``."""
    if isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function in a tree, those in classes and in functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def dotted(node: ast.expr) -> str:
    """``request.host_url`` as text; empty for anything but names and attributes."""
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return node.id if isinstance(node, ast.Name) else ""
