"""Invitations and resets: GET shows, POST does; single use; an end; no takeover through an invitation (14, 16, 22)."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from inleer import clock
from inleer.accounts import links
from inleer.accounts.models import AccountToken, Membership, User
from inleer.accounts.people import forget_second_factor, invite, invite_again, request_reset
from inleer.accounts.sessions import load_user
from inleer.audit import AuditEvent
from inleer.db import db, unit_of_work
from inleer.errors import DomainError
from inleer.jobs.models import Outbox
from inleer.jobs.outbox import drain
from inleer.policy import Actor, Role, unscoped
from tests.accounts.logins import (
    PASSWORD,
    Login,
    change,
    code_of,
    give_password,
    make_login,
    post,
    sign_in,
    stored,
)
from tests.actors import make_actor, make_organisation

NEW = "paarse fiets in de regen"


def mails(app: Flask) -> list[str]:
    """What left, as text; the mail folder is emptied."""
    drain()
    found = []
    for path in sorted(
        Path(app.config["INLEER"].var_dir, "mail").glob("*.eml"), key=lambda p: p.stat().st_mtime_ns
    ):
        found.append(path.read_bytes().decode())
        path.unlink()
    return found


def link_in(mail: str) -> str:
    found = re.search(r"https://localhost(/\S+)", mail.replace("=\n", ""))
    assert found, mail
    return found.group(1)


def invited(
    actor: Actor, email: str = "nieuw@example.nl", role: Role = Role.COACH, name: str = "Nieuw Iemand"
):
    with unit_of_work():
        return invite(actor, name=name, email=email, role=role, organisation_id=actor.organisation_id)


def member(row: Membership) -> Membership:
    db.session.rollback()
    statement = select(Membership).where(Membership.id == row.id).execution_options(populate_existing=True)
    return db.session.execute(unscoped(statement, "test")).scalar_one()


def test_from_invitation_to_login(app: Flask, client: FlaskClient):
    row = invited(make_actor(Role.ADMINISTRATOR))
    (mail,) = mails(app)
    path = link_in(mail)
    assert "nieuw@example.nl" in mail
    for _round in range(3):
        page = client.get(path)
        assert page.status_code == 200 and "Nieuw Iemand" in page.text
    assert client.head(path).status_code == 200
    assert member(row).invited_as == "Nieuw Iemand"
    assert post(client, path, name="Nieuw Iemand", password="welkom2026!!").status_code == 422
    assert post(client, path, name="Noor Nieuw", password=NEW).status_code == 303
    assert member(row).invited_as is None
    assert client.get(path).status_code == 404
    again = post(client, "/inloggen", email="Nieuw@Example.nl", password=NEW)
    assert urlsplit(again.location).path == "/tweede-factor/instellen"


def test_links_are_stored_hashed_and_never_in_the_outbox(app: Flask):
    invited(make_actor(Role.ADMINISTRATOR))
    assert db.session.execute(select(AccountToken)).first() is None  # minted when the mail leaves
    token = link_in(mails(app)[0]).rpartition("/")[2]
    assert len(token) >= 43
    kept = [row.token_hash for row in db.session.execute(select(AccountToken)).scalars()]
    assert token not in kept and all(re.fullmatch(r"[0-9a-f]{64}", value) for value in kept)
    assert not any(token in str(row.payload) for row in db.session.execute(select(Outbox)).scalars())
    events = db.session.execute(select(AuditEvent.details)).scalars()
    assert not any(token in str(details) for details in events)


def test_invitation_ends_after_a_week_and_a_reset_after_an_hour(app: Flask, client: FlaskClient):
    start = clock.now()
    invited(make_actor(Role.ADMINISTRATOR))
    login = make_login(Role.EMPLOYER)
    with unit_of_work():
        request_reset(login.email, "")
    paths = [link_in(mail) for mail in mails(app)]
    invitation = next(p for p in paths if p.startswith("/uitnodiging/"))
    reset = next(p for p in paths if p.startswith("/wachtwoord/"))
    for path, last in ((invitation, timedelta(days=7)), (reset, timedelta(hours=1))):
        with clock.frozen(start + last - timedelta(minutes=1)):
            assert client.get(path).status_code == 200
        with clock.frozen(start + last + timedelta(minutes=1)):
            assert client.get(path).status_code == 404


def test_a_link_works_for_its_own_purpose_only(app: Flask, client: FlaskClient):
    invited(make_actor(Role.ADMINISTRATOR))
    token = link_in(mails(app)[0]).rpartition("/")[2]
    assert client.get(f"/wachtwoord/{token}").status_code == 404
    assert client.get(f"/uitnodiging/{token}x").status_code == 404
    assert client.get("/uitnodiging/%00").status_code == 404


def test_a_link_sent_again_leaves_the_earlier_one_valid_and_one_use_ends_both(
    app: Flask, client: FlaskClient
):
    admin = make_actor(Role.ADMINISTRATOR)
    row = invited(admin)
    first = link_in(mails(app)[0])
    with unit_of_work():
        invite_again(admin, member(row))
    second = link_in(mails(app)[0])
    assert first != second
    assert client.get(first).status_code == client.get(second).status_code == 200
    assert post(client, first, name="Noor", password=NEW).status_code == 303
    assert client.get(second).status_code == 404


def test_invitation_never_takes_over_an_account(app: Flask, client: FlaskClient):
    """An inviter sees a link; for who has an account it demands that account's password."""
    victim = make_login(Role.COACH)
    attacker = make_actor(Role.ADMINISTRATOR)
    with unit_of_work():
        row = invite(
            attacker, name="X", email=victim.email, role=Role.COACH, organisation_id=attacker.organisation_id
        )
        path = urlsplit(links.mint(links.INVITATION, row.user_id, row.id)).path
    assert "al een account" in client.get(path).text
    assert post(client, path, password=NEW).status_code == 422
    assert stored(victim).password_hash is not None
    assert urlsplit(give_password(client, victim).location).path == "/tweede-factor"
    assert member(row).invited_as == "X"
    assert post(client, path, password=PASSWORD).status_code == 303
    assert member(row).invited_as is None


def test_one_invitation_accepted_does_not_accept_the_other(app: Flask, client: FlaskClient):
    one, two = make_actor(Role.ADMINISTRATOR), make_actor(Role.ADMINISTRATOR)
    first, second = invited(one), invited(two)
    path = link_in(mails(app)[0])
    assert post(client, path, name="Noor", password=NEW).status_code == 303
    assert [member(first).invited_as, member(second).invited_as].count(None) == 1


def test_pending_role_gives_nothing(app: Flask, client: FlaskClient):
    login = make_login(Role.EMPLOYER)
    admin = make_actor(Role.ADMINISTRATOR)
    row = invited(admin, login.email)
    sign_in(client, login)
    assert "Wissel naar" not in client.get("/account").text
    assert post(client, f"/rol/{row.id}", "/account").status_code == 404


def test_reset_keeps_the_second_factor_and_ends_sessions(app: Flask):
    login = make_login(Role.COACH)
    inside, outside = app.test_client(), app.test_client()
    sign_in(inside, login)
    post(outside, "/wachtwoord-vergeten", email=login.email.upper())
    path = link_in(mails(app)[0])
    assert post(outside, path, password="te kort").status_code == 422
    assert inside.get("/account").status_code == 200
    assert post(outside, path, password=NEW).status_code == 303
    assert outside.get(path).status_code == 404
    assert inside.get("/account").status_code == 303
    fresh = Login(login.actor, login.email, login.secret, NEW)
    assert urlsplit(give_password(outside, fresh).location).path == "/tweede-factor"
    assert post(outside, "/tweede-factor", code="000000").status_code == 422
    assert stored(login).totp_secret is not None


def test_no_mail_for_unknown_invited_or_switched_off(app: Flask, client: FlaskClient):
    off = make_login(Role.EMPLOYER)
    change(User, off.actor.user_id, active=False)
    fresh = make_actor(Role.EMPLOYER)
    email = db.session.get_one(User, fresh.user_id).email
    for address in ("niemand@example.nl", off.email, email):
        assert post(client, "/wachtwoord-vergeten", email=address).status_code == 200
    assert mails(app) == []


@pytest.mark.parametrize(
    "address", ["a@b\r\nBcc: x@evil.example", "geen adres", "a@b", "a b@c.nl", "x" * 250 + "@b.nl"]
)
def test_odd_addresses_are_refused(client: FlaskClient, address: str):
    response = post(client, "/wachtwoord-vergeten", email=address)
    assert response.status_code == 422 and "e-mailadres" in response.text


def test_mail_links_come_from_the_base_url(app: Flask, client: FlaskClient):
    login = make_login(Role.EMPLOYER)
    page = client.get("/wachtwoord-vergeten")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert token
    client.post(
        "/wachtwoord-vergeten",
        data={"csrf_token": token.group(1), "email": login.email},
        headers={
            "X-Forwarded-Host": "evil.example",
            "X-Forwarded-Proto": "http",
            "Forwarded": "host=evil.example",
        },
    )
    (mail,) = mails(app)
    assert "evil.example" not in mail and "https://localhost/wachtwoord/" in mail.replace("=\n", "")


def test_organisations_and_roles_must_fit(app: Flask):
    admin = make_actor(Role.ADMINISTRATOR)
    school = make_organisation("school", managed_by=admin.organisation_id).id
    with pytest.raises(DomainError) as refused, unit_of_work():
        invite(admin, name="X", email="x@example.nl", role=Role.COACH, organisation_id=school)
    assert refused.value.field == "role"
    with unit_of_work():
        invite(admin, name="X", email="x@example.nl", role=Role.TEACHER, organisation_id=school)


def test_lost_phone_means_a_mail_and_a_new_second_factor(app: Flask, client: FlaskClient):
    login = make_login(Role.COACH)
    admin = make_actor(Role.ADMINISTRATOR, login.actor.organisation_id)
    sign_in(client, login)
    statement = select(Membership).where(Membership.id == login.actor.membership_id)
    with unit_of_work() as session:
        forget_second_factor(admin, session.execute(unscoped(statement, "test")).scalar_one())
    assert client.get("/account").status_code == 303
    assert "tweede factor" in mails(app)[0]
    assert urlsplit(give_password(client, login).location).path == "/tweede-factor/instellen"


def test_key_rotation_keeps_second_factors(app: Flask, client: FlaskClient):
    from dataclasses import replace

    login = make_login(Role.COACH)
    old = app.config["INLEER"]
    rotated = replace(
        old, secret_key="an-entirely-different-key-0123456789", secret_key_fallbacks=(old.secret_key,)
    )
    app.config.update(
        INLEER=rotated, SECRET_KEY=rotated.secret_key, SECRET_KEY_FALLBACKS=list(rotated.secret_key_fallbacks)
    )
    give_password(client, login)
    assert post(client, "/tweede-factor", code=code_of(login)).status_code == 303
    app.config["INLEER"] = replace(rotated, secret_key_fallbacks=())
    other = app.test_client()
    give_password(other, login)
    assert "niet meer leesbaar" in post(other, "/tweede-factor", code=code_of(login)).text


def test_unknown_session_token_is_nobody(app: Flask):
    with app.test_request_context(base_url="https://localhost"):
        assert load_user("x" * 43) is None
        assert load_user("") is None
        assert load_user("\x00") is None
