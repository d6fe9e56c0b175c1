"""A session that ends in the middle of a form costs nobody what was typed (corpus 47)."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from inleer import clock
from inleer.accounts.kept_input import keep, open_kept
from inleer.db import new_id
from inleer.policy import Role
from tests.accounts.logins import (
    PASSWORD,
    Login,
    code_of,
    forget_last_step,
    make_login,
    sign_in,
    stored,
    token_in,
)

NASTY = '"><script>alert(1)</script> é {{7*7}}\nregel 2'


def sealed_in(text: str) -> str:
    found = re.search(r'name="kept"[^>]*value="([^"]*)"', text)
    assert found
    return html.unescape(found.group(1))


def expired_post(client: FlaskClient, login: Login, name: str):
    """Open a form, wait until the session is over, send it."""
    start = clock.now()
    sign_in(client, login)
    token = token_in(client.get("/account/naam"))
    with clock.frozen(start + timedelta(hours=11)):
        return client.post("/account/naam", data={"csrf_token": token, "name": name})


def test_input_travels_through_both_steps_and_is_sent_by_hand(client: FlaskClient):
    login = make_login(Role.COACH, name="Oude Naam")
    ended = expired_post(client, login, NASTY)
    assert ended.status_code == 401
    assert "<script>alert" not in ended.text and "verstuur het opnieuw" in ended.text
    sealed = sealed_in(ended.text)
    assert "alert" not in sealed
    fields = {"csrf_token": token_in(ended), "email": login.email, "password": PASSWORD, "kept": sealed}
    wrong = client.post("/inloggen", data={**fields, "password": "verkeerd"})
    assert wrong.status_code == 422 and sealed_in(wrong.text) == sealed
    step = client.post("/inloggen", data=fields)
    assert step.status_code == 200 and "Tweede factor" in step.text
    forget_last_step(login)
    fields = {"csrf_token": token_in(step), "code": code_of(login), "kept": sealed_in(step.text)}
    page = client.post("/tweede-factor", data=fields)
    assert page.status_code == 200 and "Uw invoer is er nog" in page.text
    assert "<script>alert" not in page.text
    assert stored(login).name == "Oude Naam"
    value = re.search(r'name="name" value="([^"]*)"', page.text)
    assert value and html.unescape(value.group(1)) == NASTY
    sent = client.post(
        "/account/naam", data={"csrf_token": token_in(page), "name": html.unescape(value.group(1))}
    )
    assert urlsplit(sent.location).path == "/account"
    assert "script" in stored(login).name


def test_somebody_else_does_not_get_it(client: FlaskClient):
    login, other = make_login(Role.EMPLOYER), make_login(Role.EMPLOYER)
    ended = expired_post(client, login, "geheim plan")
    fields = {"csrf_token": token_in(ended), "email": other.email, "password": PASSWORD}
    response = client.post("/inloggen", data={**fields, "kept": sealed_in(ended.text)})
    assert response.status_code == 303


def test_passwords_are_never_kept(client: FlaskClient):
    login = make_login(Role.EMPLOYER)
    start = clock.now()
    sign_in(client, login)
    token = token_in(client.get("/account/wachtwoord"))
    fields = {"csrf_token": token, "current": PASSWORD, "password": "een nieuw lang wachtwoord"}
    with clock.frozen(start + timedelta(hours=11)):
        ended = client.post("/account/wachtwoord", data=fields)
    assert ended.status_code == 401 and sealed_in(ended.text) == ""


def test_a_stranger_gets_the_login_page(client: FlaskClient):
    token = token_in(client.get("/inloggen"))
    response = client.post("/account/naam", data={"csrf_token": token, "name": "X"})
    assert response.status_code == 401 and sealed_in(response.text) == ""


@pytest.mark.parametrize("sealed", ["", "onzin", "gAAAAA", "\x00", "é" * 50])
def test_tampering_yields_nothing(app: Flask, sealed: str):
    with app.test_request_context(base_url="https://localhost"):
        assert open_kept(sealed, new_id()) is None


def test_only_for_its_owner_and_not_for_ever(app: Flask, monkeypatch: pytest.MonkeyPatch):
    owner = new_id()
    fields = {"a": ["1", "2"], "csrf_token": "x"}
    with app.test_request_context("/beheer?x=1", method="POST", base_url="https://localhost", data=fields):
        sealed = keep(owner)
        kept = open_kept(sealed, owner)
        assert kept and kept.fields == (("a", "1"), ("a", "2")) and kept.path == "/beheer?x=1"
        assert open_kept(sealed, new_id()) is None
        monkeypatch.setattr("inleer.accounts.kept_input.MAX_AGE", -1)
        assert open_kept(sealed, owner) is None
