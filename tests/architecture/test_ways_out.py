"""Promise 53, in the code: only the guarded client opens connections over HTTP, and only the mail speaks SMTP."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.syntax import called_name, product

#: Modules that reach out, by their first part or in full.
WAYS = frozenset(
    """
    aiohttp asyncio authlib ftplib http.client http.server httpx httpx2 imaplib poplib pycurl requests smtplib socket
    socketserver ssl telnetlib urllib.request urllib3 websockets xmlrpc
    """.split()  # noqa: SIM905 - names, as one imports them
)
#: file: what it may import, and why.
REVIEWED = {
    "inleer/outgoing.py": {"http.client", "socket", "ssl"},  # the guarded client itself
    "inleer/jobs/mail.py": {"smtplib", "ssl"},  # mail, to the server that the operator set
    "inleer/ops/checks_network.py": {"socket"},  # the doctor, to that same server
    "inleer/ops/serve.py": {"socket"},  # lets others in
}


def ways(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """(module, line) of every way out that a file imports, also by hand."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Import | ast.ImportFrom | ast.Call):
            continue
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.Call):
            said = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            names = said if called_name(node) in ("import_module", "__import__") else []
        elif not node.level:
            names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            way = name if name in WAYS else name.partition(".")[0]
            if way in WAYS:
                yield way, node.lineno


def test_only_the_guarded_client_goes_out() -> None:
    assert [
        f"{path}:{line} {way}"
        for path, tree in product()
        for way, line in ways(tree)
        if way not in REVIEWED.get(path, set())
    ] == []


def test_nothing_is_listed_that_is_not_used() -> None:
    used = {path: {way for way, _line in ways(tree)} for path, tree in product() if path in REVIEWED}
    assert used == REVIEWED


@pytest.mark.parametrize(
    "planted",
    [
        "import socket",
        "import http.client as h",
        "from http import client",
        "from urllib import request",
        "from urllib.request import urlopen",
        "def f():\n    import requests",
        "from httpx import Client",
        "import_module('http.client')",
        "from authlib.integrations.requests_client import OAuth2Session",
    ],
)
def test_a_planted_way_out_is_found(planted: str) -> None:
    assert list(ways(ast.parse(planted)))


@pytest.mark.parametrize(
    "harmless", ["from http import HTTPStatus", "from urllib.parse import urlsplit", "import email"]
)
def test_what_stays_inside_is_not_found(harmless: str) -> None:
    assert list(ways(ast.parse(harmless))) == []
