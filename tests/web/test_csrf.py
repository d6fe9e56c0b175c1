"""Promise 19: every unsafe method of every rule without a token is 400 and changes nothing."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from inleer.db import Base, db
from inleer.policy import Role
from inleer.policy.guard import public
from tests.accounts.logins import make_login, sign_in, token_in
from tests.web.rules import writable


def content() -> str:
    """A digest of all rows of all tables."""
    db.session.rollback()
    digest = hashlib.sha256()
    with db.engine.connect() as connection:
        for table in sorted(Base.metadata.tables):
            rows = sorted(str(tuple(row)) for row in connection.execute(text(f'SELECT * FROM "{table}"')))
            digest.update(f"{table}{rows}".encode())
    return digest.hexdigest()


def refused(client: FlaskClient, method: str, path: str, **kwargs: Any) -> bool:
    return client.open(path, method=method, **kwargs).status_code == 400


@pytest.mark.parametrize("role", [None, Role.ADMINISTRATOR])
def test_every_unsafe_rule_refuses_without_token(app: Flask, client: FlaskClient, role: Role | None):
    if role:
        sign_in(client, make_login(role))
    rules = list(writable(app))
    assert len(rules) > 20
    before = content()
    for endpoint, method, path in rules:
        assert refused(client, method, path), endpoint
        assert refused(client, method, path, data={"csrf_token": "vals", "name": "x"}), endpoint
        assert refused(client, method, path, json={"csrf_token": "vals"}), endpoint
    assert content() == before


def test_a_token_of_another_session_is_refused(app: Flask, client: FlaskClient):
    sign_in(client, make_login(Role.EMPLOYER))
    other = token_in(app.test_client().get("/inloggen"))
    response = client.post("/account/naam", data={"csrf_token": other, "name": "X"})
    assert response.status_code == 400


def test_a_token_from_before_the_login_is_refused(app: Flask, client: FlaskClient):
    old = token_in(client.get("/inloggen"))
    sign_in(client, make_login(Role.EMPLOYER))
    assert client.post("/account/naam", data={"csrf_token": old, "name": "X"}).status_code == 400


def test_the_walk_finds_a_rule_that_is_exempt(app: Flask, client: FlaskClient):
    """The planted fault: a view that CSRF protection skips must be seen."""

    def planted() -> str:
        return "gedaan"

    view = public("test")(planted)
    app.add_url_rule("/geplant", "planted", view, methods=["POST"])
    app.extensions["csrf"].exempt(view)
    app.extensions["csrf"]._exempt_views.add(f"{view.__module__}.{view.__name__}")
    missed = [e for e, method, path in writable(app) if not refused(client, method, path)]
    assert missed == ["planted"]
