"""Promise 16, in time: logging in, a forgotten password and an invitation do not tell who has an account."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count

import pytest
from flask import Flask
from flask.testing import FlaskClient

from inleer.accounts import passwords
from inleer.config import Settings
from inleer.policy import Role
from tests.accounts.logins import PASSWORD, make_login, sign_in, token_in
from tests.timing import APART_MS, apart

Send = Callable[[str], object]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Hashes that take far longer than the difference allowed, as in production; cheaper, for there are hundreds."""
    many = replace(settings, login_tries=10_000, login_mails=10_000, wrong_passwords=10_000)
    return replace(many, argon2_memory_kib=8_192, argon2_time=2)


def sender(client: FlaskClient, page: str, status: int, **fields: str) -> Send:
    """Send the form of a page with this address, as often as asked, with the token of one visit."""
    token = token_in(client.get(page))

    def send(email: str) -> object:
        response = client.post(page, data={"csrf_token": token, "email": email, **fields})
        assert response.status_code == status, response.text
        return response

    return send


def test_logging_in_takes_as_long_for_an_unknown_address(app: Flask, client: FlaskClient) -> None:
    known = make_login(Role.EMPLOYER).email
    send = sender(client, "/inloggen", 422, password="iets heel anders dan dat")
    assert apart(lambda: send(known), lambda: send("niemand@example.nl")) <= APART_MS


def test_a_login_that_hashes_for_who_exists_only_is_found(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: no work for an unknown address."""
    real = passwords.verify_password
    monkeypatch.setattr(
        "inleer.accounts.signing_in.verify_password",
        lambda stored, given: bool(stored) and real(stored, given),
    )
    known = make_login(Role.EMPLOYER).email
    send = sender(client, "/inloggen", 422, password="iets heel anders dan dat")
    assert apart(lambda: send(known), lambda: send("niemand@example.nl"), pairs=12) > APART_MS


def test_a_forgotten_password_takes_as_long_for_an_unknown_address(app: Flask, client: FlaskClient) -> None:
    known = make_login(Role.EMPLOYER).email
    send = sender(client, "/wachtwoord-vergeten", 200)
    assert apart(lambda: send(known), lambda: send("niemand@example.nl")) <= APART_MS


def test_an_invitation_takes_as_long_for_who_has_an_account(app: Flask, client: FlaskClient) -> None:
    """Each invitation is of somebody else: a second one of the same person is another act."""
    admin = make_login(Role.ADMINISTRATOR)
    known: Iterator[str] = iter([make_login(Role.EMPLOYER).email for _n in range(100)])
    numbers = count()
    sign_in(client, admin)
    fields = {"name": "Zelfde Naam", "organisation": str(admin.actor.organisation_id), "role": "coach"}
    send = sender(client, "/beheer/mensen/uitnodigen", 200, **fields)
    unknown = lambda: send(f"nieuw{next(numbers)}@example.nl")  # noqa: E731 - as short as its neighbour
    assert apart(lambda: send(next(known)), unknown, pairs=30) <= APART_MS


def test_the_password_of_these_tests_is_expensive(app: Flask) -> None:
    """The control: hashing takes longer than the difference that is allowed."""
    hashed = passwords.hash_password(PASSWORD)
    assert apart(lambda: passwords.verify_password(hashed, "x" * 20), lambda: None, pairs=5) > APART_MS
