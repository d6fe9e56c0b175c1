"""Promise 14 with security keys: one question, one answer, of this person, on this site; the last one stays."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from inleer import clock
from inleer.accounts import people, security_keys
from inleer.accounts.models import Membership, SecurityKey, UserSession
from inleer.audit import AuditEvent
from inleer.db import db, unit_of_work
from inleer.policy import Role, unscoped
from tests.accounts.logins import Login, give_password, make_login, post, sign_in, stored, token_in
from tests.accounts.soft_key import SoftKey
from tests.actors import make_actor

START = datetime(2026, 12, 1, 9, tzinfo=UTC)
NEW, ADD, ASK, USE = (
    "/account/sleutels/nieuw",
    "/account/sleutels",
    "/tweede-factor/sleutel/vraag",
    "/tweede-factor/sleutel",
)


def options_in(response: TestResponse) -> str:
    """What the page asks of the key."""
    found = re.search(r'data-options="([^"]*)"', response.text)
    assert found, response.text
    return html.unescape(found.group(1))


def begin(client: FlaskClient, login: Login, name: str = "Sleutelbos") -> TestResponse:
    return post(client, NEW, name=name, current=login.password)


def add(client: FlaskClient, login: Login, key: SoftKey, name: str = "Sleutelbos") -> TestResponse:
    page = begin(client, login, name)
    data = {"csrf_token": token_in(page), "name": name, "answer": key.make(options_in(page))}
    return client.post(ADD, data=data)


def asked(client: FlaskClient) -> tuple[str, str]:
    """The token and the question of a page that asks for a key."""
    page = post(client, ASK, "/tweede-factor", next="", kept="")
    return token_in(page), options_in(page)


def answer(client: FlaskClient, token: str, text: str) -> TestResponse:
    return client.post(USE, data={"csrf_token": token, "answer": text, "next": "", "kept": ""})


def is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def keys() -> list[SecurityKey]:
    db.session.rollback()
    return list(db.session.execute(select(SecurityKey).order_by(SecurityKey.created_at)).scalars())


@pytest.fixture
def login(app: Flask) -> Login:
    return make_login(Role.COACH)


@pytest.fixture
def key(app: Flask, login: Login) -> SoftKey:
    """A key of this coach."""
    made, client = SoftKey(), app.test_client()
    sign_in(client, login)
    assert add(client, login, made).status_code == 303
    return made


@pytest.fixture
def half(app: Flask, login: Login) -> FlaskClient:
    """A browser that gave the password only."""
    client = app.test_client()
    give_password(client, login)
    return client


def test_a_key_is_added_named_and_leads_in(key: SoftKey, half: FlaskClient):
    assert not is_in(half)
    token, question = asked(half)
    assert urlsplit(answer(half, token, key.sign(question)).location).path == "/"
    page = half.get("/account")
    assert "Sleutelbos" in page.text
    assert keys()[0].used_at is not None and keys()[0].transports == ["usb"]
    actions = set(db.session.execute(select(AuditEvent.action)).scalars())
    assert {"security_key.added", "second_factor.passed"} <= actions


def test_an_answer_works_once(app: Flask, login: Login, key: SoftKey, half: FlaskClient):
    token, question = asked(half)
    once = key.sign(question)
    assert answer(half, token, once).status_code == 303 and is_in(half)
    again = app.test_client()
    give_password(again, login)
    token, _question = asked(again)
    refused = answer(again, token, once)
    assert urlsplit(refused.location).path == "/tweede-factor" and not is_in(again)
    assert "niet geaccepteerd" in again.get("/tweede-factor").text


def test_a_refused_answer_uses_the_question_up(key: SoftKey, half: FlaskClient):
    token, question = asked(half)
    answer(half, token, SoftKey().sign(question))
    answer(half, token, key.sign(question))
    assert not is_in(half)
    db.session.rollback()
    rows = db.session.execute(select(UserSession).where(UserSession.key_challenge.is_not(None)))
    assert rows.first() is None


def test_without_a_question_no_answer(key: SoftKey, half: FlaskClient):
    _token, question = asked(half)
    other = key.sign(question)
    post(half, "/uitloggen", "/tweede-factor")
    assert half.post(USE, data={"answer": other}).status_code == 400
    assert not is_in(half)


def test_an_answer_to_another_session_is_refused(app: Flask, login: Login, key: SoftKey, half: FlaskClient):
    other = app.test_client()
    give_password(other, login)
    token, _own = asked(half)
    _token, question = asked(other)
    answer(half, token, key.sign(question))
    assert not is_in(half)


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost", "https://localhost:444"])
def test_an_answer_of_another_site_is_refused(key: SoftKey, half: FlaskClient, origin: str):
    token, question = asked(half)
    key.origin = origin
    answer(half, token, key.sign(question))
    assert not is_in(half)


def test_a_question_for_another_site_is_refused(key: SoftKey, half: FlaskClient):
    token, question = asked(half)
    answer(half, token, key.sign(question.replace('"localhost"', '"evil.example"')))
    assert not is_in(half)


def test_the_key_of_somebody_else_is_refused(app: Flask, key: SoftKey, half: FlaskClient):
    other, stranger = app.test_client(), make_login(Role.COACH)
    sign_in(other, stranger)
    foreign = SoftKey()
    add(other, stranger, foreign)
    token, question = asked(half)
    answer(half, token, foreign.sign(question))
    assert not is_in(half)
    forged = SoftKey(id=key.id)  # says to be the key of this person, and cannot sign as it
    token, question = asked(half)
    answer(half, token, forged.sign(question))
    assert not is_in(half)


def test_a_copy_of_a_key_is_noticed(app: Flask, login: Login, key: SoftKey, half: FlaskClient):
    """Two keys that count on from the same number: the one that is behind is refused."""
    token, question = asked(half)
    key.count = 40
    answer(half, token, key.sign(question))
    assert is_in(half)
    again = app.test_client()
    give_password(again, login)
    token, question = asked(again)
    key.count = 20
    answer(again, token, key.sign(question))
    assert not is_in(again)


def test_a_question_lasts_five_minutes(key: SoftKey, login: Login, app: Flask):
    for seconds, works in ((299, True), (301, False), (-7200, False)):
        client = app.test_client()
        with clock.frozen(START):
            give_password(client, login)
            token, question = asked(client)
        with clock.frozen(START + timedelta(seconds=seconds)):
            answer(client, token, key.sign(question))
            assert is_in(client) is works, seconds


@pytest.mark.parametrize(
    "text", ["", "x", "null", "[]", "{}", '{"id": 3}', "9" * 30_000, '{"id": "a", "response": 1}']
)
def test_odd_answers_are_refused(key: SoftKey, half: FlaskClient, text: str):
    token, _question = asked(half)
    assert answer(half, token, text).status_code == 303
    assert not is_in(half)


def test_wrong_answers_are_counted(key: SoftKey, half: FlaskClient, app: Flask):
    """Promise 15: guessing ends here too."""
    seen = []
    for _n in range(21):
        token, question = asked(half)
        seen.append(answer(half, token, SoftKey().sign(question)).status_code)
    assert seen == [303] * 20 + [429]


def test_adding_asks_the_password_and_the_present_factor(app: Flask, login: Login, half: FlaskClient):
    assert urlsplit(half.get(NEW).location).path == "/tweede-factor"
    client = app.test_client()
    sign_in(client, login)
    assert post(client, NEW, name="Kluis", current="iets heel anders").status_code == 422
    page = client.get(NEW)
    data = {"csrf_token": token_in(page), "name": "Kluis", "answer": "{}"}
    assert urlsplit(client.post(ADD, data=data).location).path == NEW
    assert keys() == []


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost"])
def test_a_key_made_on_another_site_is_not_added(app: Flask, login: Login, origin: str):
    client = app.test_client()
    sign_in(client, login)
    assert urlsplit(add(client, login, SoftKey(origin)).location).path == NEW
    assert keys() == []


def test_what_was_asked_to_log_in_adds_no_key(app: Flask, login: Login, key: SoftKey, half: FlaskClient):
    token, question = asked(half)
    answer(half, token, key.sign(question))
    page = begin(half, login)
    asked_again = post(half, ASK, "/account", next="", kept="")
    made = SoftKey().make(options_in(page))
    data = {"csrf_token": token_in(asked_again), "name": "Kluis", "answer": made}
    assert urlsplit(half.post(ADD, data=data).location).path == NEW
    assert len(keys()) == 1


def test_the_same_key_twice_is_refused(app: Flask, login: Login, key: SoftKey):
    client = app.test_client()
    sign_in(client, login)
    assert urlsplit(add(client, login, key).location).path == NEW
    assert "al toegevoegd" in client.get(NEW).text and len(keys()) == 1


def test_a_key_can_be_the_first_factor(client: FlaskClient):
    login, key = make_login(Role.COACH, second=False), SoftKey()
    give_password(client, login)
    assert NEW in client.get("/tweede-factor/instellen").text
    page = add(client, login, key)
    codes = re.findall(r'<code class="reference">([a-z0-9-]+)</code>', page.text)
    assert len(codes) == 10 and is_in(client)
    post(client, "/uitloggen", "/account")
    assert urlsplit(give_password(client, login).location).path == "/tweede-factor"
    assert "Sleutel gebruiken" in client.get("/tweede-factor").text
    assert post(client, "/tweede-factor", code="000000").status_code == 422
    assert post(client, "/tweede-factor", code=codes[0]).status_code == 303
    assert is_in(client)


def test_a_new_password_by_mail_does_not_go_past_a_key(client: FlaskClient):
    from inleer.accounts import links

    login = make_login(Role.COACH, second=False)
    give_password(client, login)
    add(client, login, SoftKey())
    with unit_of_work():
        address = links.mint(links.RESET, login.actor.user_id)
    post(client, address.removeprefix("https://localhost"), password="vijf andere losse woorden")
    post(client, "/inloggen", email=login.email, password="vijf andere losse woorden")
    assert urlsplit(client.get("/account").location).path == "/tweede-factor"


def test_the_last_factor_of_a_professional_stays(client: FlaskClient):
    login = make_login(Role.COACH, second=False)
    give_password(client, login)
    add(client, login, SoftKey(), "Eerste")
    path = f"/account/sleutels/{keys()[0].id}/verwijderen"
    refused = post(client, path, current=login.password)
    assert refused.status_code == 422 and "enige tweede factor" in refused.text
    add(client, login, SoftKey(), "Tweede")
    assert post(client, path, current="iets heel anders").status_code == 422
    assert post(client, path, current=login.password).status_code == 303
    assert [row.name for row in keys()] == ["Tweede"]


def test_who_needs_no_factor_may_remove_the_last_key(client: FlaskClient):
    login = make_login(Role.EMPLOYER)
    sign_in(client, login)
    add(client, login, SoftKey())
    path = f"/account/sleutels/{keys()[0].id}/verwijderen"
    assert post(client, path, current=login.password).status_code == 303
    assert keys() == [] and stored(login).recovery_hashes is None
    assert is_in(client)


def test_keys_of_others_do_not_exist(app: Flask, key: SoftKey):
    stranger, client = make_login(Role.COACH), app.test_client()
    sign_in(client, stranger)
    path = f"/account/sleutels/{keys()[0].id}/verwijderen"
    assert client.get(path).status_code == 404
    assert post(client, path, "/account", current=stranger.password).status_code == 404
    assert len(keys()) == 1


def test_adding_a_key_ends_the_other_sessions(app: Flask, login: Login):
    here, there = app.test_client(), app.test_client()
    sign_in(here, login)
    sign_in(there, login)
    add(here, login, SoftKey())
    assert is_in(here) and not is_in(there)


def test_the_administrator_clears_keys_too(app: Flask, login: Login, key: SoftKey):
    admin = make_actor(Role.ADMINISTRATOR, login.actor.organisation_id)
    with unit_of_work():
        statement = select(Membership).where(Membership.id == login.actor.membership_id)
        people.forget_second_factor(admin, db.session.execute(unscoped(statement, "test")).scalar_one())
    assert keys() == []


def test_too_many_keys_are_refused(app: Flask, login: Login, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(security_keys, "MOST_KEYS", 2)
    client = app.test_client()
    sign_in(client, login)
    for n in range(2):
        add(client, login, SoftKey(), f"Sleutel {n}")
    refused = begin(client, login)
    assert refused.status_code == 422 and "al 2 sleutels" in refused.text


def test_at_a_bare_address_no_keys_are_offered(app: Flask, login: Login):
    """Browsers refuse them there."""
    from dataclasses import replace

    client = app.test_client()
    sign_in(client, login)
    app.config["INLEER"] = replace(app.config["INLEER"], base_url="https://127.0.0.1:5000")
    assert NEW not in client.get("/account").text
    assert client.get(NEW).status_code == 403
