"""Every link that a role is shown opens for that role: a page is never offered that then refuses."""

from __future__ import annotations

import re
from collections import deque
from html import unescape
from urllib.parse import urlsplit

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from inleer.policy import Role
from tests.world import browse, build

ROLES = [
    Role.COACH,
    Role.LEERHOME_COORDINATOR,
    Role.TEACHER,
    Role.PROGRAMME_MANAGER,
    Role.ADMINISTRATOR,
]
HREF = re.compile(r'<a\b[^>]*\bhref="(/[^"#]*)')
IDENTIFIER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PER_SHAPE = 3


def refused_links(client: FlaskClient, start: str = "/") -> tuple[dict[str, str], int]:
    """Links that do not open, each with the page that shows it; and how many opened.

    Of pages that differ only in their id some are tried, those with other ids on the same page look alike.
    """
    queue, seen, shapes = deque([(start, "")]), {start}, dict[str, int]()
    refused: dict[str, str] = {}
    opened = 0
    while queue:
        address, shown_on = queue.popleft()
        response = client.get(address, follow_redirects=True)
        if response.status_code != 200:
            refused[address] = shown_on
            continue
        opened += 1
        for found in HREF.findall(response.text if response.mimetype == "text/html" else ""):
            link = unescape(found)
            shape = IDENTIFIER.sub("ID", urlsplit(link).path)
            if link not in seen and shapes.get(shape, 0) < PER_SHAPE and not link.startswith("/static/"):
                seen.add(link)
                shapes[shape] = shapes.get(shape, 0) + 1
                queue.append((link, address))
    return refused, opened


@pytest.mark.parametrize("role", ROLES)
def test_every_link_that_a_role_sees_opens(app: Flask, role: Role) -> None:
    world = build(app, people=4)
    refused, opened = refused_links(browse(app, world.own.actors[role]))
    assert refused == {}
    assert opened >= 8


def test_a_link_to_a_page_of_another_role_is_found(app: Flask) -> None:
    """The planted fault: a page for coaches with a link that only the administrator may follow."""
    world = build(app, people=4)

    @app.after_request
    def plant(response: Response) -> Response:
        if response.mimetype == "text/html" and response.status_code == 200:
            response.set_data(response.get_data(as_text=True) + '<a href="/beheer/mensen">fout</a>')
        return response

    refused, _opened = refused_links(browse(app, world.own.actors[Role.COACH]))
    assert set(refused) == {"/beheer/mensen"}
