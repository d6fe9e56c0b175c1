"""Promise 42: no network for plugins, and no import of theirs but the plugin interface and what is no way out."""

from __future__ import annotations

import ast
import socket
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from inleer.db import db
from inleer.extend import egress, faults
from inleer.extend.egress import NoEgress
from inleer.extend.faultlog import FaultLog
from inleer.extend.faults import Unavailable
from inleer.policy import Role
from tests.architecture.syntax import product
from tests.plugins import failing
from tests.plugins.test_faults_served import app, world  # noqa: F401 - the fixtures
from tests.world import World, browse

SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
NETWORK = frozenset(
    """
    aiohttp asyncio ftplib http httpx imaplib nntplib poplib requests smtplib socket socketserver ssl telnetlib urllib3
    urllib.request xmlrpc
    """.split()  # noqa: SIM905 - names, as one imports them
)


@contextmanager
def listening() -> Iterator[tuple[str, int]]:
    """A server that nobody may reach; the test fails when somebody did."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        server.settimeout(0.05)
        yield server.getsockname()
        with pytest.raises(TimeoutError):
            server.accept()


def by_socket(host: str, port: int) -> Any:
    with closing(socket.socket()) as made:
        made.connect((host, port))


def by_name(_host: str, port: int) -> Any:
    return socket.create_connection(("localhost", port), timeout=1)


def by_url(host: str, port: int) -> Any:
    return urllib.request.urlopen(f"http://{host}:{port}/", timeout=1)


def by_datagram(host: str, port: int) -> Any:
    with closing(socket.socket(type=socket.SOCK_DGRAM)) as made:
        made.sendto(b"x", (host, port))


def by_name_server(_host: str, _port: int) -> Any:
    return socket.gethostbyname("localhost")


def as_server(_host: str, _port: int) -> Any:
    return socket.create_server(("127.0.0.1", 0))


def passed_over(host: str, port: int) -> Any:
    """As a plugin does that takes a refusal for a bad line."""
    try:
        return by_url(host, port)
    except OSError:
        return {}


WAYS = (by_socket, by_name, by_url, by_datagram, by_name_server, as_server, passed_over)


@pytest.mark.parametrize("way", WAYS)
def test_a_plugin_that_is_called_reaches_nobody(app: Flask, way: Callable[[str, int], Any]) -> None:  # noqa: F811
    log = FaultLog()
    with listening() as (host, port):
        said = faults.call(log, db.session(), "stuk", "stuk.vak", lambda: way(host, port), lambda r: r)
    assert said == Unavailable("stuk", "stuk.vak")
    assert log.recent[0].detail.startswith("NoEgress in ")
    assert "egress" not in log.recent[0].detail and "_refuse" not in log.recent[0].detail


@SQLITE
def test_nor_does_a_page_of_its_own(app: Flask, world: World) -> None:  # noqa: F811
    client = browse(app, world.own.actors[Role.COACH])
    with (
        listening() as (host, port),
        failing.failing("inleer_register_blueprints", lambda _r: by_url(host, port)),
    ):
        assert client.get(f"/stuk/{world.own.cohort}/").status_code == 500
    assert client.get(f"/stuk/{world.own.cohort}/").status_code == 200
    (fault,) = app.extensions["inleer"].faults.of("stuk")
    assert fault.key == "stuk.index" and fault.detail.startswith("NoEgress")


@SQLITE
def test_the_core_reaches_out_before_and_after(app: Flask) -> None:  # noqa: F811
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        with egress.running("stuk"), pytest.raises(NoEgress, match="'stuk' may not use the network"):
            socket.create_connection(server.getsockname(), timeout=1)
        socket.create_connection(server.getsockname(), timeout=1).close()


def test_the_database_is_no_network_also_when_its_connection_is_new(app: Flask) -> None:  # noqa: F811
    db.session.remove()
    db.engine.dispose()
    log = FaultLog()
    asked = lambda: db.session.execute(text("SELECT 7")).scalar_one()  # noqa: E731
    assert faults.call(log, db.session(), "stuk", "stuk.vak", asked, lambda r: r) == 7
    assert not log.recent


@SQLITE
def test_the_hook_is_set_once_in_a_process(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    added: list[object] = []
    monkeypatch.setattr(sys, "addaudithook", added.append)
    egress.install(db.engine)
    assert added == []


# --- what they import ------------------------------------------------------------------------------


def reaching(tree: ast.Module) -> Iterator[str]:
    """What a file of a plugin imports that it may not: ways to the network, and inleer beside inleer.plugin."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            module = node.module or ""
            names = [module, *(f"{module}.{alias.name}" for alias in node.names)]
        else:
            continue
        for name in names:
            first, parts = name.partition(".")[0], name.split(".")
            if first in NETWORK or ".".join(parts[:2]) in NETWORK:
                yield name
            if first == "inleer" and parts[:2] != ["inleer", "plugin"] and name != "inleer":
                yield name


def test_the_plugins_import_no_way_to_the_network_and_nothing_of_the_core() -> None:
    files = [(path, tree) for path, tree in product() if path.startswith("plugins/")]
    assert {path.split("/")[1] for path, _tree in files} >= {"zorg", "logistiek"}
    assert [(path, name) for path, tree in files for name in reaching(tree)] == []


@pytest.mark.parametrize(
    "planted",
    [
        "import socket",
        "def f():\n    import http.client",
        "from urllib import request",
        "import urllib.request as u",
        "from requests import get",
        "import httpx, smtplib",
        "from inleer.db import db",
        "from inleer import audit",
    ],
)
def test_a_planted_import_is_found(planted: str) -> None:
    assert list(reaching(ast.parse(planted)))


@pytest.mark.parametrize(
    "harmless", ["from inleer.plugin.core import db", "from urllib.parse import quote", "import html"]
)
def test_a_harmless_import_is_none(harmless: str) -> None:
    assert list(reaching(ast.parse(harmless))) == []
