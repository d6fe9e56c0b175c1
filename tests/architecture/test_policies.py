"""Promise 1, in the code itself: a view declares exactly one policy, directly under its address.

``check_policies`` refuses at start what an application registers; this looks at how it is written. A decorator
between the address and the policy would run before the gate, and a second policy would hide the first.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.syntax import called_name, functions, product

ROUTES = frozenset({"route", "get", "post", "put", "patch", "delete"})
POLICIES = frozenset({"guarded", "public"})
# An error handler answers without a gate, so all of them stand in one file.
BY_HAND = frozenset({"add_url_rule", "register_error_handler", "errorhandler", "app_errorhandler"})
# Around the views of plugins stands a watch for faults; functools.wraps takes their policy along.
BY_HAND_ALLOWED = frozenset({"inleer/web/errors.py", "inleer/web/plugin_pages.py"})


def guards_of(tree: ast.Module) -> set[str]:
    """Names that declare a policy in this file: the two of the core, and local functions that apply one."""
    local = {
        f.name
        for f in tree.body
        if isinstance(f, ast.FunctionDef)
        for inner in functions(f)
        if inner is not f and any(called_name(d) in POLICIES for d in inner.decorator_list)
    }
    return local | POLICIES


def is_route(decorator: ast.expr) -> bool:
    """Whether a decorator gives a view its address: ``@bp.get("/…")``."""
    return (
        isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr in ROUTES
    )


def undeclared(path: str, tree: ast.Module) -> Iterator[str]:
    """What is wrong with the policies of the views in a file."""
    guards = guards_of(tree)
    for view in functions(tree):
        routes = [n for n, d in enumerate(view.decorator_list) if is_route(d)]
        if not routes:
            continue
        found = [n for n, d in enumerate(view.decorator_list) if called_name(d) in guards]
        where = f"{path}:{view.lineno} {view.name}"
        if not found:
            yield f"{where}: no policy"
        elif len(found) > 1:
            yield f"{where}: {len(found)} policies"
        elif routes != list(range(len(routes))) or found[0] != len(routes):
            yield f"{where}: something stands between the address and the policy"
    for node in ast.walk(tree):
        if path not in BY_HAND_ALLOWED and (name := _by_hand(node)):
            yield f"{path}:{getattr(node, 'lineno', 0)}: {name} registers past the decorators"


def _by_hand(node: ast.AST) -> str:
    """How a statement registers or replaces a view where no decorator shows it; empty when it does not."""
    if isinstance(node, ast.Call) and called_name(node) in BY_HAND:
        return called_name(node)
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
        return "view_functions" if called_name(node.value) == "view_functions" else ""
    return ""


def views(tree: ast.Module) -> int:
    """How many functions in a file have an address."""
    return sum(any(map(is_route, f.decorator_list)) for f in functions(tree))


def test_every_view_declares_one_policy_directly_under_its_address() -> None:
    assert [problem for path, tree in product() for problem in undeclared(path, tree)] == []
    assert sum(views(tree) for _path, tree in product()) > 100, "this test sees no views"


@pytest.mark.parametrize(
    ("planted", "problem"),
    [
        ('@bp.get("/x")\ndef view(): ...', "no policy"),
        ('@bp.route("/x", methods=["POST"])\n@login_required\ndef view(): ...', "no policy"),
        ('@guarded(P)\n@bp.get("/x")\ndef view(): ...', "between"),
        ('@bp.get("/x")\n@cached\n@guarded(P)\ndef view(): ...', "between"),
        ('@bp.get("/x")\n@public("r")\n@guarded(P)\ndef view(): ...', "2 policies"),
        ('def make():\n    @bp.get("/x")\n    def view(): ...', "no policy"),
        ('bp.add_url_rule("/x", view_func=view)', "add_url_rule"),
        ('app.view_functions["x"] = view', "view_functions"),
        ("@bp.app_errorhandler(404)\ndef view(e): ...", "app_errorhandler"),
        (
            'def local(v):\n    @other\n    def run(): ...\n    return run\n@bp.get("/x")\n@local\ndef view(): ...',
            "no policy",
        ),
    ],
)
def test_a_planted_view_is_found(planted: str, problem: str) -> None:
    found = list(undeclared("planted.py", ast.parse(planted)))
    assert len(found) == 1 and problem in found[0]


@pytest.mark.parametrize(
    "sound",
    [
        '@bp.get("/x")\n@guarded(P, on=M)\ndef view(m): ...',
        '@bp.get("/x")\n@bp.post("/y")\n@public("why")\n@cached\ndef view(): ...',
        'def about(v):\n    @guarded(P)\n    def run(): ...\n    return run\n@bp.get("/x")\n@about\ndef view(): ...',
        "def get(): ...\nsession.get(Model, 1)",
    ],
)
def test_a_sound_view_is_left_alone(sound: str) -> None:
    assert list(undeclared("sound.py", ast.parse(sound))) == []
