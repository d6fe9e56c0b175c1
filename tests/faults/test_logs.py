"""Promise 61, for servers that tests start as processes of their own: what they log is read."""

from __future__ import annotations

import pytest
from flask import Flask

from inleer.config import Settings
from inleer.policy import Role
from tests import plugin_logs
from tests.faults.server import Browser, Server
from tests.faults.test_kill import cookie_of
from tests.world import World, build

# Planted: every page that is asked for writes who asked, one way or another.
TELLS = """
import logging, structlog, inleer.app
plain = inleer.app.create_app
def create_app(*arguments):
    app = plain(*arguments)
    @app.before_request
    def tell():
        {line}
    return app
inleer.app.create_app = create_app
"""
WAYS = (
    "structlog.get_logger().info('opened', who='Voor1 Achter1')",
    "logging.getLogger('any').warning('opened by KANARIEA')",
    "print('opened by k1@kanariea.example')",
)


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=2, weeks=1)


def visit(app: Flask, settings: Settings, world: World, first: str = "") -> str:
    """A coach opens a file, and somebody an address with a token; returns what the server wrote."""
    cookie = cookie_of(app, world.own.actors[Role.COACH])
    with Server(settings, first) as server:
        assert Browser(server.port, cookie).get(f"/kandidaten/{world.own.candidates[0]}")[0] == 200
        assert Browser(server.port).get("/uitnodiging/" + "aB3" * 14 + "x")[0] in (200, 404, 410)
    return server.log.read_text()


def test_the_log_of_a_server_holds_nothing_personal(app: Flask, settings: Settings, world: World) -> None:
    before = plugin_logs.lines_read()
    wrote = visit(app, settings, world)
    assert plugin_logs.lines_read() - before == len(wrote.splitlines()) > 3
    assert plugin_logs.take_found() == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("line", WAYS, ids=["structlog", "logging", "print"])
def test_a_server_that_logs_a_name_is_found(app: Flask, settings: Settings, world: World, line: str) -> None:
    visit(app, settings, world, TELLS.format(line=line))
    assert plugin_logs.take_found()
