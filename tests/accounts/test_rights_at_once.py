"""Promise 8: a role, a login or an organisation that is taken away is gone at the next request."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from inleer import clock
from inleer.accounts.models import Membership, Organisation, User, UserSession
from inleer.accounts.people import deactivate, end_all_sessions, end_membership, reactivate
from inleer.db import db, unit_of_work
from inleer.errors import DomainError
from inleer.policy import Actor, Role, unscoped
from tests.accounts.logins import Login, add_role, change, give_password, make_login, sign_in, stored
from tests.actors import make_actor, make_organisation

Act = Callable[[Actor, Membership], object]


def act(action: Act, actor: Actor, membership_id: object) -> None:
    with unit_of_work() as session:
        statement = select(Membership).where(Membership.id == membership_id)
        action(actor, session.execute(unscoped(statement, "test")).scalar_one())


@pytest.mark.parametrize("action", [end_membership, deactivate, end_all_sessions])
def test_by_the_administrator(app: Flask, action: Act):
    login = make_login(Role.COACH)
    admin = make_actor(Role.ADMINISTRATOR, login.actor.organisation_id)
    client = app.test_client()
    sign_in(client, login)
    assert client.get("/account").status_code == 200
    act(action, admin, login.actor.membership_id)
    assert urlsplit(client.get("/account").location).path == "/inloggen"
    db.session.rollback()
    assert all(row.ended_at for row in db.session.execute(select(UserSession)).scalars())


@pytest.mark.parametrize(
    ("model", "key", "values"),
    [
        (User, "user_id", {"active": False}),
        (Membership, "membership_id", {"ended_at": clock.now()}),
        (Membership, "membership_id", {"invited_as": "X"}),
        (Organisation, "organisation_id", {"archived_at": clock.now()}),
    ],
)
def test_the_row_alone_is_enough(app: Flask, model: type, key: str, values: dict[str, object]):
    """Also without ending sessions: who is logged in is read anew at every request."""
    login = make_login(Role.EMPLOYER)
    client = app.test_client()
    sign_in(client, login)
    change(model, getattr(login.actor, key), **values)
    assert client.get("/account").status_code == 303


def test_another_role_stays(app: Flask):
    login = make_login(Role.EMPLOYER)
    other = add_role(login, Role.STEERING_GROUP, make_organisation("work_agency").id)
    first, second = app.test_client(), app.test_client()
    sign_in(first, login)
    change(Membership, login.actor.membership_id, ended_at=clock.now())
    sign_in(second, login)
    assert second.get("/account").status_code == 200
    change(Membership, other, ended_at=clock.now())
    assert second.get("/account").status_code == 303


def test_switched_off_login_can_be_switched_on(app: Flask):
    login = make_login(Role.EMPLOYER)
    employer = login.actor.organisation_id
    agency = make_organisation("work_agency").id
    change(Organisation, employer, managed_by_id=agency)
    admin = make_actor(Role.ADMINISTRATOR, agency)
    act(deactivate, admin, login.actor.membership_id)
    assert give_password(app.test_client(), login).status_code == 422
    act(reactivate, admin, login.actor.membership_id)
    assert give_password(app.test_client(), login).status_code == 303


def test_login_of_others_cannot_be_switched_off(app: Flask):
    login = make_login(Role.STEERING_GROUP)
    admin = make_actor(Role.ADMINISTRATOR, login.actor.organisation_id)
    add_role(login, Role.STEERING_GROUP, make_organisation("work_agency").id)
    with pytest.raises(DomainError, match="organisatie buiten dit beheer"):
        act(deactivate, admin, login.actor.membership_id)
    assert stored(login).active
    act(end_membership, admin, login.actor.membership_id)


@pytest.mark.parametrize("action", [end_membership, deactivate])
def test_not_oneself(app: Flask, action: Act):
    admin: Login = make_login(Role.ADMINISTRATOR)
    with pytest.raises(DomainError):
        act(action, admin.actor, admin.actor.membership_id)
