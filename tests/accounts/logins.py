"""People who can log in, and a browser that does so: password, second factor, CSRF token from the page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from inleer import audit, clock
from inleer.accounts import second_factor
from inleer.accounts.models import Membership, User
from inleer.accounts.passwords import hash_password
from inleer.accounts.secrets import decrypt, encrypt
from inleer.accounts.signing_in import OF_SESSION, TOTP
from inleer.db import db, new_id, unit_of_work
from inleer.policy import PROFESSIONAL_ROLES, Actor, Role, system_actor
from inleer.policy.scope import SCOPED
from tests.actors import make_actor

PASSWORD = "vier losse woorden hier"
UNSCOPED = {SCOPED: "test"}
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True)
class Login:
    """Somebody with a password and, for professionals, a second factor."""

    actor: Actor
    email: str
    secret: str | None
    password: str = PASSWORD


def make_login(
    role: Role, organisation_id: UUID | None = None, name: str = "", second: bool | None = None
) -> Login:
    """A stored person of this role who can log in; with a second factor when the role needs one (or as asked)."""
    actor = make_actor(role, organisation_id, name)
    with_second = role in PROFESSIONAL_ROLES if second is None else second
    secret = second_factor.new_secret() if with_second else None
    values: dict[str, Any] = {"password_hash": hash_password(PASSWORD)}
    if secret:
        values |= {"totp_secret": encrypt(TOTP, secret), "totp_confirmed_at": clock.now()}
    change(User, actor.user_id, **values)
    return Login(actor, db.session.get_one(User, actor.user_id).email, secret)


def add_role(login: Login, role: Role, organisation_id: UUID) -> UUID:
    """Give somebody one more role."""
    with unit_of_work() as session:
        member = Membership(
            id=new_id(),
            user_id=login.actor.user_id,
            organisation_id=organisation_id,
            role=role.value,
            created_at=clock.now(),
        )
        session.add(member)
        audit.record(system_actor(), "membership.create", member)
    return member.id


def change(model: type[Any], row_id: Any, **values: Any) -> None:
    """Change a stored row behind the application's back."""
    with unit_of_work() as session:
        row = session.get_one(model, row_id, populate_existing=True, execution_options=UNSCOPED)
        for name, value in values.items():
            setattr(row, name, value)
        audit.record(system_actor(), "test.change", row)


def token_in(response: TestResponse) -> str:
    """The CSRF token of a page."""
    found = _TOKEN.search(response.text)
    assert found, f"no form on {response.request.path}: {response.status_code}"
    return found.group(1)


def post(client: FlaskClient, path: str, page: str | None = None, **fields: Any) -> TestResponse:
    """Send a form, with the token of ``page`` (default: the same address)."""
    token = token_in(client.get(page or path))
    return client.post(path, data={"csrf_token": token, **fields})


def give_password(client: FlaskClient, login: Login, **fields: Any) -> TestResponse:
    """The first step of logging in."""
    return post(client, "/inloggen", email=login.email, password=login.password, **fields)


def code_of(login: Login) -> str:
    """The code that this person's phone shows now."""
    assert login.secret
    return second_factor.current_code(login.secret, clock.now())


def waiting_secret(login: Login) -> str | None:
    """The secret that waits for its first code, of whichever session; None when none waits."""
    sealed = stored(login).totp_pending
    return decrypt(TOTP, sealed).partition(OF_SESSION)[2] if sealed else None


def sign_in(client: FlaskClient, login: Login) -> None:
    """Log in completely. The last code used is forgotten, so that a test may log in twice in 30 seconds."""
    response = give_password(client, login)
    assert response.status_code == 303, response.text
    if login.secret:
        forget_last_step(login)
        response = post(client, "/tweede-factor", code=code_of(login))
        assert response.status_code == 303, response.text
    assert urlsplit(response.location).path != "/tweede-factor"


def forget_last_step(login: Login) -> None:
    """As if half a minute had passed."""
    change(User, login.actor.user_id, totp_last_step=None)


def stored(login: Login) -> User:
    """The row of this person as it is now."""
    db.session.rollback()
    return db.session.get_one(User, login.actor.user_id, populate_existing=True)
