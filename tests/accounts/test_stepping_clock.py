"""Promise 34: a clock that steps two hours back or thirty days ahead revives nothing and keeps nobody out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from inleer import clock
from inleer.accounts import links, people
from inleer.accounts.models import User
from inleer.accounts.second_factor import recovery_hash
from inleer.audit import AuditEvent, verify_chain
from inleer.db import db, unit_of_work
from inleer.policy import Role
from tests.accounts.logins import (
    Login,
    change,
    code_of,
    forget_last_step,
    give_password,
    make_login,
    post,
    sign_in,
    stored,
)

START = datetime(2026, 12, 1, 9, tzinfo=UTC)
BACK, AHEAD = timedelta(hours=-2), timedelta(days=30)
#: What somebody's machine might say, one after the other.
STEPS = [timedelta(0), BACK, AHEAD, BACK, AHEAD + BACK]


def address(login: Login) -> str:
    with unit_of_work():
        return links.mint(links.RESET, login.actor.user_id).removeprefix("https://localhost")


def works(app: Flask, path: str) -> bool:
    return app.test_client().get(path).status_code == 200


def test_a_link_that_was_used_stays_used(app: Flask):
    login = make_login(Role.EMPLOYER)
    with clock.frozen(START):
        path = address(login)
        assert works(app, path)
        assert post(app.test_client(), path, password="vijf andere losse woorden").status_code == 303
    for step in STEPS:
        with clock.frozen(START + step):
            assert not works(app, path), step


def test_a_link_of_a_clock_that_was_ahead_ends_an_hour_later_all_the_same(app: Flask):
    """A link minted in thirty days' time would last as long when the clock is set right."""
    login = make_login(Role.EMPLOYER)
    with clock.frozen(START + AHEAD):
        path = address(login)
        assert works(app, path)
    for moment in (START, START + AHEAD + BACK):
        with clock.frozen(moment):
            assert not works(app, path)


def test_a_link_that_ended_is_not_revived_by_a_step_back(app: Flask):
    login = make_login(Role.EMPLOYER)
    with clock.frozen(START):
        path = address(login)
    with clock.frozen(START + AHEAD):
        assert not works(app, path)
    with clock.frozen(START + BACK):
        assert not works(app, path)


def test_a_session_that_ended_stays_ended(app: Flask):
    login, client = make_login(Role.EMPLOYER), app.test_client()
    with clock.frozen(START):
        sign_in(client, login)
        assert client.get("/account").status_code == 200
        kept = client.get_cookie("__Host-inleer", "localhost")
        assert kept is not None
        post(client, "/uitloggen", "/account")
    client.set_cookie("__Host-inleer", kept.value, domain="localhost", secure=True)
    for step in STEPS:
        with clock.frozen(START + step):
            assert client.get("/account").status_code == 303, step


def test_a_session_of_a_clock_that_was_ahead_does_not_last(app: Flask):
    login, client = make_login(Role.EMPLOYER), app.test_client()
    with clock.frozen(START + AHEAD):
        sign_in(client, login)
    with clock.frozen(START):
        assert client.get("/account").status_code == 303


def test_who_is_thrown_out_by_a_step_logs_in_again(app: Flask):
    """Seconds do no harm: the clocks of two machines differ."""
    login, client = make_login(Role.EMPLOYER), app.test_client()
    with clock.frozen(START):
        sign_in(client, login)
    with clock.frozen(START - timedelta(minutes=4)):
        assert client.get("/account").status_code == 200
    for step in (BACK, AHEAD):
        with clock.frozen(START + step):
            assert client.get("/account").status_code == 303
            assert give_password(app.test_client(), login).status_code == 303


def test_a_code_that_was_used_stays_used(app: Flask):
    login, client = make_login(Role.COACH), app.test_client()
    with clock.frozen(START):
        give_password(client, login)
        code = code_of(login)
        assert post(client, "/tweede-factor", code=code).status_code == 303
    for step in (timedelta(seconds=20), BACK, timedelta(0)):
        other = app.test_client()
        with clock.frozen(START + step):
            give_password(other, login)
            assert post(other, "/tweede-factor", code=code).status_code == 422


def test_after_a_clock_that_was_ahead_a_code_leads_in(app: Flask):
    """Two hours back a recovery code does: the order of codes by time is what makes them work once."""
    login = make_login(Role.COACH)
    with clock.frozen(START + AHEAD):
        sign_in(app.test_client(), login)
    client = app.test_client()
    with clock.frozen(START):
        give_password(client, login)
        assert post(client, "/tweede-factor", code=code_of(login)).status_code == 303
        client = app.test_client()
        change(User, login.actor.user_id, recovery_hashes=[recovery_hash("abcd-efgh")])
    with clock.frozen(START + BACK):
        give_password(client, login)
        assert post(client, "/tweede-factor", code=code_of(login)).status_code == 422
        assert post(client, "/tweede-factor", code="abcd-efgh").status_code == 303


def test_the_trail_keeps_its_order(app: Flask):
    login = make_login(Role.EMPLOYER)
    names = [f"Naam {n}" for n in range(len(STEPS))]
    for step, name in zip(STEPS, names, strict=True):
        with clock.frozen(START + step), unit_of_work():
            people.change_name(login.actor, name)
    db.session.rollback()
    changed = select(AuditEvent).where(AuditEvent.action == "user.changed").order_by(AuditEvent.sequence)
    found = list(db.session.execute(changed).scalars())
    assert [event.at - START for event in found] == STEPS
    assert verify_chain(db.session()) == []
    assert stored(login).name == names[-1]


@pytest.mark.parametrize("step", [BACK, AHEAD])
def test_nobody_waits_longer_than_a_window_after_a_step(app: Flask, step: timedelta):
    """Also see test_limits_over_time, where the clock steps at any moment."""
    login = make_login(Role.EMPLOYER)
    most = app.config["INLEER"].login_tries
    with clock.frozen(START):
        for n in range(most):
            post(app.test_client(), "/inloggen", email=f"iemand{n}@example.nl", password="iets heel anders")
        assert give_password(app.test_client(), login).status_code == 429
    with clock.frozen(START + step):
        assert urlsplit(give_password(app.test_client(), login).location).path == "/"
    forget_last_step(login)
    with clock.frozen(START + timedelta(hours=1)):
        assert give_password(app.test_client(), login).status_code == 303
