"""Promise 15: how often logging in may be tried, over all workers and restarts, without locking anybody out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from inleer import clock
from inleer.accounts import links, people
from inleer.accounts.models import Membership
from inleer.app import create_app
from inleer.config import ConfigError, Settings, from_environment
from inleer.db import db, unit_of_work
from inleer.errors import DomainError
from inleer.jobs.models import Outbox
from inleer.policy import Role, limits
from inleer.policy.models import LoginTrace
from tests.accounts.logins import (
    Login,
    code_of,
    forget_last_step,
    give_password,
    make_login,
    post,
    sign_in,
    token_in,
)
from tests.client import Client

START = datetime(2026, 12, 1, 9, tzinfo=UTC)
WRONG = "iets heel anders dan dat"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, login_tries=5, login_mails=3, wrong_passwords=3)


def attempt(
    client: FlaskClient, email: str, password: str = WRONG, place: str = "203.0.113.1", **headers: str
) -> TestResponse:
    token = token_in(client.get("/inloggen"))
    data = {"csrf_token": token, "email": email, "password": password}
    return client.post("/inloggen", data=data, environ_base={"REMOTE_ADDR": place}, headers=headers)


def statuses(client: FlaskClient, emails: list[str], place: str = "203.0.113.1", **headers: str) -> list[int]:
    return [attempt(client, email, place=place, **headers).status_code for email in emails]


def rows() -> int:
    db.session.rollback()
    return db.session.execute(select(func.count()).select_from(LoginTrace)).scalar_one()


def test_one_address_may_be_wrong_so_often_in_an_hour(client: FlaskClient):
    emails = [f"iemand{n}@example.nl" for n in range(7)]
    with clock.frozen(START):
        assert statuses(client, emails) == [422] * 5 + [429] * 2
        assert attempt(client, "nog@example.nl", place="203.0.113.2").status_code == 422
    with clock.frozen(START + timedelta(minutes=59, seconds=59)):
        refused = attempt(client, "nog@example.nl")
        assert refused.status_code == 429 and refused.headers["Retry-After"] == "1"
    with clock.frozen(START + timedelta(hours=1)):
        assert attempt(client, "nog@example.nl").status_code == 422


def test_the_sentence_says_from_when(client: FlaskClient):
    with clock.frozen(START):
        statuses(client, [f"iemand{n}@example.nl" for n in range(5)])
        page = attempt(client, "nog@example.nl")
    assert "het laatste uur te vaak geprobeerd in te loggen. Probeer het na 11:00 opnieuw" in page.text
    assert WRONG not in page.text


def test_who_is_right_is_not_counted(app: Flask):
    """A whole office comes in through one address in the morning."""
    login = make_login(Role.EMPLOYER)
    for _n in range(8):
        assert give_password(app.test_client(), login).status_code == 303
    assert statuses(app.test_client(), ["een@example.nl"]) == [422]


def test_a_forgotten_field_is_not_counted(client: FlaskClient):
    for _n in range(8):
        assert attempt(client, "geen adres").status_code == 422
    assert rows() == 0


def test_a_guess_with_a_field_too_many_tells_nothing(client: FlaskClient):
    """Such a form is not counted, so it may not say whether the password was right."""
    login = make_login(Role.EMPLOYER)
    data = {"csrf_token": token_in(client.get("/inloggen")), "email": login.email, "extra": "1"}
    pages = [client.post("/inloggen", data={**data, "password": p}) for p in (login.password, WRONG)]
    assert [page.status_code for page in pages] == [422, 422]
    assert len({page.text.split("<main")[1].split("Noem dan")[0] for page in pages}) == 1
    assert client.get("/account").status_code == 303 and rows() == 0


def test_an_account_waits_after_so_many_wrong_passwords(client: FlaskClient):
    login = make_login(Role.EMPLOYER)
    with clock.frozen(START):
        for n in range(3):
            assert attempt(client, login.email, place=f"203.0.113.{n}").status_code == 422
        refused = attempt(client, login.email, login.password, "203.0.113.9")
        assert refused.status_code == 429 and "Wachtwoord vergeten" in refused.text
        assert refused.headers["Retry-After"] == "60"
    with clock.frozen(START + timedelta(minutes=1)):
        assert attempt(client, login.email, login.password, "203.0.113.9").status_code == 303


def test_the_wait_does_not_grow_by_trying_too_early(client: FlaskClient):
    with clock.frozen(START):
        for n in range(9):
            attempt(client, "doel@example.nl", place=f"203.0.113.{n}")
    with clock.frozen(START + timedelta(minutes=1)):
        assert attempt(client, "doel@example.nl", place="203.0.113.20").status_code == 422
        assert attempt(client, "doel@example.nl", place="203.0.113.21").headers["Retry-After"] == "120"


def attack(client: FlaskClient, email: str, moment: datetime) -> None:
    """Try until the account waits, from places of which nobody knows."""
    for n in range(6):
        with clock.frozen(moment):
            attempt(client, email, place=f"198.51.100.{n}")


def test_an_outsider_keeps_nobody_out_where_they_are_known(app: Flask):
    login = make_login(Role.EMPLOYER)
    with clock.frozen(START):
        assert attempt(app.test_client(), login.email, login.password).status_code == 303
    later = START + timedelta(days=29)
    attack(app.test_client(), login.email, later)
    with clock.frozen(later):
        assert attempt(app.test_client(), login.email, place="198.51.100.77").status_code == 429
        assert attempt(app.test_client(), login.email, login.password).status_code == 303


def test_where_the_owner_is_known_guessing_is_limited_too(app: Flask):
    login = make_login(Role.EMPLOYER)
    with clock.frozen(START):
        attempt(app.test_client(), login.email, login.password)
        assert statuses(app.test_client(), [login.email] * 4) == [422, 422, 422, 429]


def test_a_new_password_by_mail_always_leads_in(app: Flask):
    """The way out that only who reads the mail has, from a place where nobody was before."""
    login = make_login(Role.EMPLOYER)
    attack(app.test_client(), login.email, START)
    with clock.frozen(START):
        with unit_of_work():
            address = links.mint(links.RESET, login.actor.user_id)
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = "203.0.113.50"
        path = address.removeprefix("https://localhost")
        assert post(client, path, password="vijf andere losse woorden").status_code == 303
        assert attempt(client, login.email, "vijf andere losse woorden", "203.0.113.50").status_code == 303


def test_known_and_unknown_accounts_are_refused_alike(client: FlaskClient):
    """Promise 16."""
    login = make_login(Role.EMPLOYER)
    pages = []
    for email in (login.email, "niemand@example.nl"):
        with clock.frozen(START):
            for n in range(3):
                attempt(client, email, place=f"198.51.100.{n}")
            found = attempt(client, email, place="203.0.113.200")
        pages.append((found.status_code, found.text.split("<main")[1].split("Noem dan")[0], rows() % 6))
    assert pages[0] == pages[1]


def test_writing_an_address_otherwise_is_the_same_account(client: FlaskClient):
    emails = ["doel@example.nl", "DOEL@example.nl", "Doel@Example.nl", "doel@example.NL"]
    seen = [attempt(client, e, place=f"203.0.113.{n}").status_code for n, e in enumerate(emails)]
    assert seen == [422, 422, 422, 429]


def test_codes_are_counted_per_person(app: Flask):
    login = make_login(Role.COACH)
    for n in range(3):
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"203.0.113.{n}"
        give_password(client, login)
        assert post(client, "/tweede-factor", code="000000").status_code == 422
    forget_last_step(login)
    client = app.test_client()
    give_password(client, login)
    assert post(client, "/tweede-factor", code=code_of(login)).status_code == 429


def test_own_password_cannot_be_guessed_from_a_session_left_open(app: Flask):
    login = make_login(Role.EMPLOYER)
    client = app.test_client()
    sign_in(client, login)
    seen = [
        post(client, "/account/wachtwoord", current=WRONG, password="vijf andere losse woorden").status_code
        for _n in range(4)
    ]
    assert seen == [422, 422, 422, 429]


def test_forwarded_addresses_count_with_as_many_servers_as_are_set(app: Flask, settings: Settings):
    """Without servers in front what a browser says of itself changes nothing."""
    emails = [f"iemand{n}@example.nl" for n in range(6)]
    lies = [{"X-Forwarded-For": f"192.0.2.{n}"} for n in range(6)]
    seen = [attempt(app.test_client(), e, **lie).status_code for e, lie in zip(emails, lies, strict=True)]
    assert seen == [422] * 5 + [429]
    behind = create_app(replace(settings, proxy_count=1))
    behind.test_client_class = Client
    with behind.app_context():
        client = behind.test_client()
        forwarded = [f"192.0.2.{n}, 198.51.100.1" for n in range(6)]  # the last one is what our server saw
        seen = [
            attempt(client, e, **{"X-Forwarded-For": f}).status_code
            for e, f in zip(emails, forwarded, strict=True)
        ]
        assert seen == [422] * 5 + [429]
        other = {"X-Forwarded-For": "198.51.100.2"}
        assert attempt(client, "nog@example.nl", **other).status_code == 422
        db.session.remove()
        db.engine.dispose()


def mails() -> int:
    db.session.rollback()
    return db.session.execute(select(func.count()).select_from(Outbox)).scalar_one()


@pytest.mark.parametrize("known", [True, False])
def test_so_many_mails_go_to_an_address_in_an_hour(client: FlaskClient, known: bool):
    email = make_login(Role.EMPLOYER).email if known else "niemand@example.nl"
    with clock.frozen(START):
        for _n in range(3):
            assert post(client, "/wachtwoord-vergeten", email=email).status_code == 200
        refused = post(client, "/wachtwoord-vergeten", email=email.upper())
    assert refused.status_code == 422 and mails() == 3
    assert "het laatste uur al 3 mails. Kijk ook bij ongewenste mail, of probeer het na 11:00" in refused.text
    assert email.upper() in refused.text
    with clock.frozen(START + timedelta(hours=1)):
        assert post(client, "/wachtwoord-vergeten", email=email).status_code == 200


def test_invitations_count_as_mails(app: Flask):
    admin: Login = make_login(Role.ADMINISTRATOR)
    with unit_of_work():
        member: Membership = people.invite(
            admin.actor,
            name="Nieuw",
            email="nieuw@example.nl",
            role=Role.COACH,
            organisation_id=admin.actor.organisation_id,
        )
    for _n in range(2):
        with unit_of_work():
            people.invite_again(admin.actor, member)
    with pytest.raises(DomainError, match="het laatste uur al 3 mails"), unit_of_work():
        people.invite_again(admin.actor, member)


def test_a_restart_forgets_nothing(app: Flask, settings: Settings):
    with clock.frozen(START):
        assert statuses(app.test_client(), [f"iemand{n}@example.nl" for n in range(5)]) == [422] * 5
        again = create_app(settings)
        again.test_client_class = Client
        with again.app_context():
            assert attempt(again.test_client(), "nog@example.nl").status_code == 429
            db.session.remove()
            db.engine.dispose()


def test_a_limiter_that_fails_lets_nobody_in(app: Flask, monkeypatch: pytest.MonkeyPatch):
    """Promise 57."""
    login = make_login(Role.EMPLOYER)

    def breaks(*_args: object) -> None:
        raise RuntimeError("KANARIEFOUT")

    for name in ("_reserve", "_lock", "_key", "_moments", "_note", "full_until", "waits_until"):
        with monkeypatch.context() as patch:
            patch.setattr(limits, name, breaks)
            client = app.test_client()
            answer = give_password(client, login)
            assert answer.status_code == 500 and "KANARIE" not in answer.text, name
            assert client.get("/account").status_code == 303, name
    assert give_password(app.test_client(), login).status_code == 303


def test_nothing_readable_is_kept(client: FlaskClient):
    with clock.frozen(START):
        attempt(client, "doel@example.nl")
    db.session.rollback()
    for row in db.session.execute(select(LoginTrace)).scalars():
        assert len(row.key) == 64 and int(row.key, 16)


def test_what_nobody_looks_at_any_more_goes(client: FlaskClient):
    login = make_login(Role.EMPLOYER)
    with clock.frozen(START):
        attempt(client, login.email, login.password)
        attempt(client, "doel@example.nl")
    assert rows() == 3
    for days, left in ((29, 3), (30, 0)):
        with clock.frozen(START + timedelta(days=days)), unit_of_work():
            limits.forget(None, None)
        assert rows() == left


@pytest.mark.parametrize("name", ["INLEER_LOGIN_TRIES", "INLEER_LOGIN_MAILS", "INLEER_WRONG_PASSWORDS"])
def test_numbers_are_settings_of_at_least_one(name: str, tmp_path):
    env = {"INLEER_SECRET_KEY": "test-0123456789-abcdefghijklmnopqrstuvwxyz", "INLEER_VAR_DIR": str(tmp_path)}
    found = from_environment(env)
    assert (found.login_tries, found.login_mails, found.wrong_passwords) == (20, 10, 20)
    assert 7 in vars(from_environment({**env, name: "7"})).values()
    for odd in ("0", "-1", "veel"):
        with pytest.raises(ConfigError, match=name):
            from_environment({**env, name: odd})
