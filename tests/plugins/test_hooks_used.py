"""A hook ships only when a plugin uses it: documented, called, in the dummy and used by plugins are one list."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from inleer.extend import specs
from inleer.extend.manager import COLLECTED, EVENTS
from tests.plugins import dummy
from tools.imports import plugin_packages

HOOKS_PAGE = Path(__file__).parents[2] / "docs" / "plugins" / "hooks.md"
HOOKS = sorted(name for name in vars(specs) if name.startswith("inleer_"))


def hooks_of(package: Path) -> Iterator[str]:
    """The hooks that the module of a plugin implements: functions with the decorator."""
    tree = ast.parse((package / "__init__.py").read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and any(
            getattr(mark, "id", "") == "hookimpl" for mark in node.decorator_list
        ):
            yield node.name


def test_the_lists_of_hooks_are_one_list() -> None:
    documented = re.findall(r"^## (inleer_\w+)$", HOOKS_PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    called = {*COLLECTED, *EVENTS}
    in_dummy = {name for name in vars(dummy) if name.startswith("inleer_")}
    assert len(documented) == len(set(documented))
    assert set(HOOKS) == set(documented) == called == in_dummy
    used = {hook for package in plugin_packages() for hook in hooks_of(package)}
    assert used <= set(HOOKS)


@pytest.mark.parametrize("hook", HOOKS)
def test_a_plugin_of_the_repository_uses_it(hook: str) -> None:
    users = [package.name for package in plugin_packages() if hook in set(hooks_of(package))]
    assert users, f"no plugin uses {hook}"
