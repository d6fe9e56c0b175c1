"""Promise 22, in the code itself: no address is built from what a request says about its host.

Links that leave (mails) start with ``Settings.base_url``. Flask's ``_external=True`` and the host of the request
would take whatever a proxy lets through.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.syntax import ROOT, called_name, dotted, product

FROM_REQUEST = frozenset({"host", "host_url", "url_root", "root_url", "base_url", "url", "server", "environ"})
HEADERS = frozenset({"host", "x-forwarded-host", "forwarded", "origin", "referer"})
REQUESTS = frozenset({"request", "flask.request"})
TEMPLATES = (ROOT / "templates", ROOT / "plugins")
IN_TEMPLATE = re.compile(
    r"_external|request\.(?:host|host_url|url_root|root_url|base_url|url|server|environ)\b"
)


def from_host(path: str, tree: ast.Module) -> Iterator[str]:
    """Where a file builds something from the host that a request names."""
    for node in ast.walk(tree):
        where = f"{path}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.keyword) and node.arg in ("_external", "_scheme", "_anchor_external"):
            yield f"{where}: {node.arg}"
        elif isinstance(node, ast.Constant) and node.value == "_external":
            yield f"{where}: _external in a dictionary"
        elif isinstance(node, ast.Attribute) and node.attr in FROM_REQUEST and dotted(node.value) in REQUESTS:
            yield f"{where}: request.{node.attr}"
        elif isinstance(node, ast.Call) and called_name(node) == "external_url_for":
            yield f"{where}: external_url_for"
        else:
            yield from (f"{where}: header {name}" for name in _headers(node))


def _headers(node: ast.AST) -> Iterator[str]:
    """Names of host headers that a node reads from a request."""
    if isinstance(node, ast.Subscript) and dotted(node.value).endswith("request.headers"):
        asked: ast.expr | None = node.slice
    elif isinstance(node, ast.Call) and dotted(node.func) in {
        f"{r}.headers.{m}" for r in REQUESTS for m in ("get", "getlist")
    }:
        asked = node.args[0] if node.args else None
    else:
        return
    if isinstance(asked, ast.Constant) and str(asked.value).lower() in HEADERS:
        yield str(asked.value)


def test_no_address_comes_from_the_host_of_a_request() -> None:
    assert [problem for path, tree in product() for problem in from_host(path, tree)] == []


def test_no_template_does_it_either() -> None:
    files = [file for folder in TEMPLATES for file in folder.rglob("*.html")]
    assert len(files) > 30
    assert [str(file) for file in files if IN_TEMPLATE.search(file.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "planted",
    [
        'url_for("account.login", _external=True)',
        'url_for("account.login", **{"_external": True})',
        "link = request.host_url + path",
        "link = request.url_root",
        "link = flask.request.host",
        'link = request.headers["Host"]',
        'link = request.headers.get("X-Forwarded-Host", "")',
        'link = request.environ["HTTP_HOST"]',
    ],
)
def test_a_planted_address_is_found(planted: str) -> None:
    assert len(list(from_host("planted.py", ast.parse(planted)))) == 1


def test_a_planted_address_in_a_template_is_found() -> None:
    assert IN_TEMPLATE.search("{{ url_for('x', _external=True) }}") and IN_TEMPLATE.search(
        "{{ request.host_url }}"
    )
    assert not IN_TEMPLATE.search("{{ request.path }} {{ request.url_rule }}")
