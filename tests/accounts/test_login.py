"""Promises 14, 16, 17, 23 for logging in: second factor, no enumeration, sessions, no open redirect."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from inleer import clock
from inleer.accounts import passwords, second_factor
from inleer.accounts.models import Membership, User, UserSession
from inleer.audit import AuditEvent
from inleer.db import db
from inleer.jobs.models import Outbox
from inleer.policy import PROFESSIONAL_ROLES, Role
from tests.accounts.logins import (
    PASSWORD,
    add_role,
    change,
    code_of,
    give_password,
    make_login,
    post,
    sign_in,
    stored,
    token_in,
    waiting_secret,
)
from tests.actors import make_organisation


def sessions() -> list[UserSession]:
    db.session.rollback()
    return list(db.session.execute(select(UserSession).order_by(UserSession.created_at)).scalars())


@pytest.mark.parametrize("role", sorted(PROFESSIONAL_ROLES))
def test_professional_needs_the_second_factor(client: FlaskClient, role: Role):
    login = make_login(role)
    assert urlsplit(give_password(client, login).location).path == "/tweede-factor"
    assert urlsplit(client.get("/account").location).path == "/tweede-factor"
    assert post(client, "/tweede-factor", code="000000").status_code == 422
    assert urlsplit(client.get("/account").location).path == "/tweede-factor"
    assert urlsplit(post(client, "/tweede-factor", code=code_of(login)).location).path == "/"
    assert client.get("/account").status_code == 200


def test_other_roles_log_in_with_a_password(client: FlaskClient):
    assert urlsplit(give_password(client, make_login(Role.EMPLOYER)).location).path == "/"


def test_who_set_up_a_second_factor_is_asked_for_it(client: FlaskClient):
    login = make_login(Role.EMPLOYER, second=True)
    assert urlsplit(give_password(client, login).location).path == "/tweede-factor"


def test_one_professional_role_is_enough(client: FlaskClient):
    login = make_login(Role.EMPLOYER)
    add_role(login, Role.COACH, make_organisation("work_agency").id)
    assert urlsplit(give_password(client, login).location).path == "/tweede-factor/instellen"


def test_code_works_once(app: Flask):
    login = make_login(Role.COACH)
    first, second = app.test_client(), app.test_client()
    give_password(first, login)
    give_password(second, login)
    code = code_of(login)
    assert post(first, "/tweede-factor", code=code).status_code == 303
    assert post(second, "/tweede-factor", code=code).status_code == 422


def test_earlier_code_is_refused_after_a_later_one():
    secret, now = second_factor.new_secret(), clock.now()
    step = second_factor.matching_step(secret, second_factor.current_code(secret, now), now, None)
    before = second_factor.current_code(secret, now - timedelta(seconds=30))
    assert step is not None
    assert second_factor.matching_step(secret, before, now, None) == step - 1
    assert second_factor.matching_step(secret, before, now, step) is None


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "４５６７８９", "123 45", "0" * 40])
def test_odd_codes_match_nothing(code: str):
    assert second_factor.matching_step(second_factor.new_secret(), code, clock.now(), None) is None


def test_first_login_sets_up_the_second_factor(client: FlaskClient):
    login = make_login(Role.COACH, second=False)
    assert urlsplit(give_password(client, login).location).path == "/tweede-factor/instellen"
    page = client.get("/tweede-factor/instellen")
    assert "<svg" in page.text and "data:" not in page.text
    secret = re.search(r'<code class="reference">([A-Z2-7 ]+)</code>', page.text)
    assert secret
    plain = secret.group(1).replace(" ", "")
    assert stored(login).totp_secret is None
    assert plain not in str(stored(login).totp_pending)
    assert post(client, "/tweede-factor/instellen", code="123456").status_code == 422
    done = post(client, "/tweede-factor/instellen", code=second_factor.current_code(plain, clock.now()))
    codes = re.findall(r"[a-z2-9]{4}(?:-[a-z2-9]{4}){3}", done.text)
    assert done.status_code == 200 and len(codes) == 10
    user = stored(login)
    assert user.totp_secret and user.totp_pending is None
    assert not any(code in str(user.recovery_hashes) for code in codes)
    assert client.get("/account").status_code == 200


def test_recovery_code_works_once(app: Flask):
    login = make_login(Role.COACH)
    one, two = app.test_client(), app.test_client()
    sign_in(one, login)
    page = post(one, "/account/herstelcodes", current=PASSWORD)
    code = re.findall(r"[a-z2-9]{4}(?:-[a-z2-9]{4}){3}", page.text)[3]
    give_password(two, login)
    assert post(two, "/tweede-factor", code=code.upper().replace("-", " ")).status_code == 303
    three = app.test_client()
    give_password(three, login)
    assert post(three, "/tweede-factor", code=code).status_code == 422
    assert len(stored(login).recovery_hashes or []) == 9


def test_new_second_factor_asks_for_the_old_one_first(client: FlaskClient):
    login = make_login(Role.COACH)
    give_password(client, login)
    page = client.get("/tweede-factor")
    fields = {"csrf_token": token_in(page), "current": PASSWORD}
    assert client.post("/tweede-factor/opnieuw", data=fields).status_code == 403
    assert stored(login).totp_pending is None


def test_a_waiting_secret_is_not_shown_before_the_old_factor(app: Flask):
    login = make_login(Role.COACH)
    own, stolen = app.test_client(), app.test_client()
    sign_in(own, login)
    post(own, "/tweede-factor/opnieuw", "/account/tweede-factor", current=PASSWORD)
    secret = waiting_secret(login)
    assert secret and second_factor.grouped(secret) in own.get("/tweede-factor/instellen").text
    give_password(stolen, login)  # somebody who knows the password alone
    for answer in (
        stolen.get("/tweede-factor/instellen"),
        post(stolen, "/tweede-factor/instellen", "/tweede-factor"),
    ):
        assert urlsplit(answer.location).path == "/tweede-factor"
        assert second_factor.grouped(secret) not in answer.text


def test_a_first_secret_is_for_one_session(app: Flask):
    login = make_login(Role.COACH, second=False)
    first, second = app.test_client(), app.test_client()
    give_password(first, login)
    shown = waiting_secret(login)
    assert shown and second_factor.grouped(shown) in first.get("/tweede-factor/instellen").text
    give_password(second, login)
    other = waiting_secret(login)
    page = second.get("/tweede-factor/instellen").text
    assert other and other != shown and second_factor.grouped(shown) not in page
    # the first session sees neither, cannot finish with what it saw, and can ask for a new one
    page = first.get("/tweede-factor/instellen").text
    assert not any(second_factor.grouped(s) in page for s in (shown, other))
    fields = {"csrf_token": token_in(first.get("/tweede-factor/instellen"))}
    code = second_factor.current_code(other, clock.now())
    refused = first.post("/tweede-factor/instellen", data={**fields, "code": code})
    assert refused.status_code != 303 and stored(login).totp_secret is None
    page_url = "/tweede-factor/instellen"
    assert post(first, "/tweede-factor/opnieuw", page_url, current=PASSWORD).status_code == 303
    code = second_factor.current_code(str(waiting_secret(login)), clock.now())
    assert post(first, page_url, code=code).status_code == 200
    assert stored(login).totp_secret


def test_second_factor_can_move_to_another_phone(client: FlaskClient):
    login = make_login(Role.COACH)
    sign_in(client, login)
    assert post(client, "/tweede-factor/opnieuw", "/account/tweede-factor", current="x").status_code == 422
    response = post(client, "/tweede-factor/opnieuw", "/account/tweede-factor", current=PASSWORD)
    assert response.status_code == 303
    assert stored(login).totp_secret and stored(login).totp_pending


def test_unknown_address_wrong_password_and_switched_off_login_read_the_same(app: Flask):
    known, off = make_login(Role.EMPLOYER), make_login(Role.EMPLOYER)
    change(User, off.actor.user_id, active=False)
    invited = make_login(Role.EMPLOYER)
    change(User, invited.actor.user_id, password_hash=None)
    seen = set()
    for email, password in (
        (known.email, "iets heel anders dan dat"),
        ("niemand@example.nl", PASSWORD),
        (off.email, PASSWORD),
        (invited.email, PASSWORD),
    ):
        client = app.test_client()
        response = post(client, "/inloggen", email=email, password=password)
        body = response.text.replace(email, "")
        body = re.sub(r'value="[^"]{60,}"', "", body).replace(token_in(response), "")
        headers = sorted((k, v) for k, v in response.headers if k not in ("Set-Cookie", "Content-Length"))
        seen.add((response.status_code, body, str(headers)))
    assert len(seen) == 1
    assert next(iter(seen))[0] == 422


def test_work_is_done_for_an_unknown_address_too(app: Flask, monkeypatch: pytest.MonkeyPatch):
    verified: list[str] = []
    hasher = passwords._hasher()
    monkeypatch.setattr(passwords, "_hasher", lambda: Counting(hasher, verified))
    client = app.test_client()
    post(client, "/inloggen", email="niemand@example.nl", password=PASSWORD)
    assert len(verified) == 1


class Counting:
    """A hasher that tells how often it verified."""

    def __init__(self, hasher, verified) -> None:
        self.hasher, self.verified = hasher, verified
        self.memory_cost, self.time_cost = hasher.memory_cost, hasher.time_cost

    def verify(self, stored_hash: str, password: str) -> bool:
        self.verified.append(stored_hash)
        return bool(self.hasher.verify(stored_hash, password))


def test_forgotten_password_reads_the_same_and_writes_the_same(app: Flask):
    login = make_login(Role.EMPLOYER)
    seen = set()
    for email in (login.email, "niemand@example.nl"):
        before = (count(Outbox), count(AuditEvent))
        client = app.test_client()
        response = post(client, "/wachtwoord-vergeten", email=email)
        seen.add(
            (response.status_code, response.text, count(Outbox) - before[0], count(AuditEvent) - before[1])
        )
    assert len(seen) == 1
    rows = [row.payload for row in db.session.execute(select(Outbox)).scalars()]
    assert all(set(payload) == {"user_id"} for payload in rows)


def count(model: type) -> int:
    db.session.rollback()
    return db.session.execute(select(func.count()).select_from(model)).scalar_one()


def test_session_id_is_new_at_every_step(client: FlaskClient):
    login = make_login(Role.COACH)
    other = add_role(login, Role.COACH, make_organisation("work_agency", "Tweede").id)
    client.get("/inloggen")
    cookies = [cookie(client)]
    give_password(client, login)
    cookies.append(cookie(client))
    hashes = [sessions()[0].token_hash]
    post(client, "/tweede-factor", code=code_of(login))
    cookies.append(cookie(client))
    hashes.append(sessions()[0].token_hash)
    where = sessions()[0].membership_id
    target = other if where != other else login.actor.membership_id
    post(client, f"/rol/{target}", "/account")
    cookies.append(cookie(client))
    hashes.append(sessions()[0].token_hash)
    assert len(set(cookies)) == 4 and len(set(hashes)) == 3
    assert sessions()[0].membership_id == target


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie("__Host-inleer", "localhost")
    return found.value if found else ""


def test_old_cookie_is_worthless_after_the_second_factor(app: Flask):
    login = make_login(Role.COACH)
    client, thief = app.test_client(), app.test_client()
    give_password(client, login)
    thief.set_cookie("__Host-inleer", cookie(client), domain="localhost", secure=True)
    assert urlsplit(thief.get("/account").location).path == "/tweede-factor"
    post(client, "/tweede-factor", code=code_of(login))
    assert urlsplit(thief.get("/account").location).path == "/inloggen"


def test_cookie_does_not_hold_what_is_stored(client: FlaskClient):
    sign_in(client, make_login(Role.EMPLOYER))
    row = sessions()[0]
    assert len(row.token_hash) == 64
    assert row.token_hash not in cookie(client)


def test_idle_and_absolute_end(app: Flask):
    login = make_login(Role.EMPLOYER)
    start = clock.now()
    for minutes, works in ((29, True), (31, False)):
        with clock.frozen(start):
            client = app.test_client()
            sign_in(client, login)
        with clock.frozen(start + timedelta(minutes=minutes)):
            assert (client.get("/account").status_code == 200) is works
    with clock.frozen(start):
        client = app.test_client()
        sign_in(client, login)
    for step in range(1, 31):  # used every 20 minutes
        moment = start + timedelta(minutes=20 * step)
        with clock.frozen(moment):
            works = client.get("/account").status_code == 200
        assert works is (moment < start + timedelta(hours=10)), moment - start


def test_use_is_noted_at_most_once_a_minute(client: FlaskClient):
    login = make_login(Role.EMPLOYER)
    start = clock.now()
    seen = []
    with clock.frozen(start):
        sign_in(client, login)
    for seconds in (10, 59, 61, 100, 125):
        with clock.frozen(start + timedelta(seconds=seconds)):
            client.get("/account")
        seen.append((sessions()[0].last_seen_at - start).total_seconds())
    assert seen == [0, 0, 61, 61, 125]


def test_logging_out_ends_the_session_on_the_server(client: FlaskClient):
    sign_in(client, make_login(Role.EMPLOYER))
    kept = cookie(client)
    response = post(client, "/uitloggen", "/account")
    assert response.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    client.set_cookie("__Host-inleer", kept, domain="localhost", secure=True)
    assert client.get("/account").status_code == 303
    assert sessions()[0].ended_at is not None


def test_own_sessions_can_be_ended_one_by_one(app: Flask):
    login = make_login(Role.EMPLOYER)
    phone, desk, stranger = app.test_client(), app.test_client(), app.test_client()
    sign_in(phone, login)
    sign_in(desk, login)
    on_phone = sessions()[0]
    sign_in(stranger, make_login(Role.EMPLOYER))
    path = f"/account/sessies/{on_phone.id}/beeindigen"
    assert post(stranger, path, "/account").status_code == 404
    assert path in desk.get("/account").text
    assert post(desk, path, "/account").status_code == 303
    assert phone.get("/account").status_code == 303
    assert desk.get("/account").status_code == 200


def test_password_change_ends_the_other_sessions(app: Flask):
    login = make_login(Role.EMPLOYER)
    here, there = app.test_client(), app.test_client()
    sign_in(here, login)
    sign_in(there, login)
    new = "vijf andere losse woorden"
    assert post(here, "/account/wachtwoord", current="fout wachtwoord", password=new).status_code == 422
    assert post(here, "/account/wachtwoord", current=PASSWORD, password="kort").status_code == 422
    assert post(here, "/account/wachtwoord", current=PASSWORD, password=new).status_code == 303
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 303
    assert post(app.test_client(), "/inloggen", email=login.email, password=new).status_code == 303


def test_name_change_shows_at_once(client: FlaskClient):
    sign_in(client, make_login(Role.EMPLOYER))
    assert post(client, "/account/naam", name="  Zoë\u0308   de  Wit ").status_code == 303
    assert "Zoë de Wit" in client.get("/account").text or "de Wit" in client.get("/account").text


def test_next_leads_back_through_both_steps(client: FlaskClient):
    login = make_login(Role.COACH)
    first = client.get("/account?x=1")
    page = client.get(first.location)
    assert 'value="/account?x=1"' in page.text
    after = post(client, "/inloggen", email=login.email, password=PASSWORD, next="/account?x=1")
    step = urlsplit(after.location)
    assert step.path == "/tweede-factor"
    done = post(client, "/tweede-factor", code=code_of(login), next="/account?x=1")
    assert done.location.endswith("/account?x=1")


def test_login_is_audited(client: FlaskClient):
    sign_in(client, make_login(Role.COACH))
    actions = set(db.session.execute(select(AuditEvent.action)).scalars())
    assert {"login.started", "second_factor.passed"} <= actions


def test_rehash_with_stronger_parameters(app: Flask):
    login = make_login(Role.EMPLOYER)
    before = stored(login).password_hash
    app.config["INLEER"] = replace(app.config["INLEER"], argon2_memory_kib=128)
    client = app.test_client()
    assert give_password(client, login).status_code == 303
    after = stored(login).password_hash
    assert before != after and "m=128" in str(after)


def test_without_a_role_there_is_no_session(app: Flask):
    login = make_login(Role.EMPLOYER)
    change(Membership, login.actor.membership_id, ended_at=clock.now())
    client = app.test_client()
    response = give_password(client, login)
    assert response.status_code == 422 and "geen rol" in response.text
    assert sessions() == []


def test_one_statement_says_who_is_logged_in(client: FlaskClient):
    login = make_login(Role.EMPLOYER)
    add_role(login, Role.STEERING_GROUP, make_organisation("work_agency").id)
    sign_in(client, login)
    seen: list[str] = []

    def note(_connection, _cursor, statement: str, *_rest) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    assert client.get("/account/naam").status_code == 200
    event.remove(db.engine, "before_cursor_execute", note)
    assert len([s for s in seen if not s.startswith("BEGIN")]) == 1, seen
