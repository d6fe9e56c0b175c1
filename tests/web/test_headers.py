"""Promises 18, 22, 50 and 51: headers and cookies on every response, errors included; hosts that are not ours."""

from __future__ import annotations

import re

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from inleer.accounts.models import UserSession
from inleer.db import db
from inleer.policy import Role
from inleer.policy.guard import public
from inleer.policy.startup import policy_of
from tests.accounts.logins import make_login, post, sign_in, token_in
from tests.actors import make_organisation
from tests.policy.facts import things_for
from tests.policy.test_matrix import model_of, url_of
from tests.web.rules import readable, writable
from tests.world import browse, build

EXACT = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "frame-src 'none'",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:|\bdata:[a-z]+/", re.IGNORECASE
)


def check(response, where: str) -> None:
    for name, value in EXACT.items():
        assert response.headers.getlist(name) == [value], (where, name)
    assert "Server" not in response.headers or "Werkzeug" not in response.headers["Server"], where
    if response.mimetype == "text/html":
        assert not INLINE.search(response.text), (where, INLINE.search(response.text))


def check_private(response, where: str) -> None:
    assert response.headers["Cache-Control"] == "no-store", where
    assert "Cookie" in response.headers.get("Vary", ""), where


@pytest.mark.parametrize("role", [None, Role.COACH, Role.ADMINISTRATOR, Role.EMPLOYER])
def test_every_page_has_the_headers(app: Flask, client: FlaskClient, role: Role | None):
    if role:
        sign_in(client, make_login(role))
    for endpoint, path in readable(app):
        response = client.get(path)
        assert response.status_code < 500, (endpoint, response.status_code)
        check(response, endpoint)
        check_private(response, endpoint)


def test_errors_and_odd_requests_have_them_too(app: Flask, client: FlaskClient):
    for endpoint, method, path in writable(app):
        check(client.open(path, method=method), f"{method} {endpoint}")
    for method, path, status in (
        ("GET", "/bestaat-niet", 404),
        ("DELETE", "/inloggen", 405),
        ("TRACE", "/inloggen", 405),
        ("GET", "/account/%00", 404),
        ("GET", "/static/bestaat-niet.css", 404),
    ):
        response = client.open(path, method=method)
        assert response.status_code == status, path
        check(response, path)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "role", [Role.COACH, Role.TEACHER, Role.LEERHOME_COORDINATOR, Role.PROGRAMME_MANAGER]
)
def test_pages_about_real_things_have_them_too(app: Flask, role: Role) -> None:
    """Above most answers are 404; here every page opens on something of the role's own, downloads included."""
    world = build(app, people=2, weeks=1)
    browser, seen = browse(app, world.own.actors[role]), set()
    for rule in app.url_map.iter_rules():
        policy = policy_of(app, rule.endpoint) if rule.endpoint != "static" else None
        if policy is None or policy.perm is None or "GET" not in (rule.methods or ()):
            continue
        thing = things_for(world, rule.endpoint)[model_of(policy)][0] if policy.model else None
        for query in ("", "?format=csv", "?format=xlsx") if thing is None else ("",):
            response = browser.get(url_of(app, world, rule, policy, thing) + query)
            check(response, rule.endpoint)
            check_private(response, rule.endpoint)
            if response.status_code == 200:
                seen.add(response.mimetype)
            if response.mimetype not in ("text/html", "application/json"):
                assert response.headers["Content-Disposition"].startswith("attachment"), rule.endpoint
    assert "text/html" in seen
    assert role is not Role.COACH or {"text/csv", XLSX} <= seen, "no download was seen"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_answers_to_forms_have_them_too(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused input, a conflict, a change, a fragment for a script, and a database that is away."""
    agency = make_organisation("work_agency", "Werkbedrijf")
    other = make_organisation("employer", "Zorggroep", managed_by=agency.id)
    sign_in(client, make_login(Role.ADMINISTRATOR, agency.id))
    page = f"/beheer/organisaties/{other.id}/wijzigen"
    token = token_in(client.get(page))
    seen = set()
    for version, name in (("1", ""), ("99", "Anders"), ("1", "Anders"), ("x", "Anders")):
        form = {"csrf_token": token, "version": version, "name": name}
        for extra in ({}, {"HX-Request": "true"}):
            response = client.post(page, data=form, headers=extra)
            check(response, f"{page} {version}")
            check_private(response, f"{page} {version}")
            seen.add(response.status_code)
    stranger = app.test_client().get(page, headers={"HX-Request": "true"})
    check(stranger, "login for a script")

    def away(*_args: object, **_more: object) -> None:
        raise OperationalError("SELECT 1", {}, ConnectionError("weg"))

    monkeypatch.setattr("inleer.accounts.views.login.show", away)
    gone = app.test_client().get("/inloggen")
    check(gone, "503")
    check_private(gone, "503")
    assert {*seen, stranger.status_code, gone.status_code} >= {303, 401, 409, 422, 503}


def test_a_page_with_a_script_in_it_is_found(app: Flask) -> None:
    """The planted faults: a script in the page, and a header that a view takes away."""

    @public("planted")
    def planted() -> str:
        return "<p>x</p>" if request.args else "<p onclick=alert(1)>x</p>"

    app.add_url_rule("/geplant", "planted", planted)
    with pytest.raises(AssertionError):
        check(app.test_client().get("/geplant"), "planted")
    response = app.test_client().get("/geplant?zonder=1")
    check(response, "without it")
    del response.headers["Content-Security-Policy"]
    with pytest.raises(AssertionError):
        check(response, "no policy")


def test_static_files_have_them_too(client: FlaskClient):
    response = client.get("/static/css/tokens.css")
    assert response.status_code == 200
    check(response, "static")
    assert "no-store" not in response.headers["Cache-Control"]


def test_an_unforeseen_error_has_them_and_tells_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch):
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def broken(*_args: object) -> None:
        raise ZeroDivisionError("geheim gegeven")

    monkeypatch.setattr("inleer.accounts.views.login.show", broken)
    response = app.test_client().get("/inloggen")
    assert response.status_code == 500
    check(response, "500")
    assert (
        "geheim" not in response.text
        and "ZeroDivision" not in response.text
        and "Traceback" not in response.text
    )


def test_one_small_cookie(client: FlaskClient):
    login = make_login(Role.COACH)
    sign_in(client, login)
    response = post(client, "/account/naam", name="Cookie Test")
    cookies = response.headers.getlist("Set-Cookie")
    assert len(cookies) == 1
    head, *attributes = [part.strip() for part in cookies[0].split(";")]
    assert head.startswith("__Host-inleer=") and len(cookies[0]) < 4096
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} == set(attributes)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "evil.example:443",
        "evil.localhost",
        "localhost:443@evil.example",
        "evil.example#localhost",
        "localhost\\.evil.example",
        "127.0.0.1",
        "[::1]",
        "localhost,evil.example",
        "localhost/evil",
        "",
    ],
)
def test_another_host_is_refused(client: FlaskClient, host: str):
    response = client.get("/inloggen", headers={"Host": host})
    assert response.status_code == 400, host
    check(response, host)
    assert "evil" not in response.text


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-Prefix": "/evil"},
        {"Forwarded": "host=evil.example;proto=http"},
        {"X-Original-URL": "/evil", "X-Rewrite-URL": "/evil"},
        {"X-Host": "evil.example"},
    ],
)
def test_forwarded_headers_are_not_believed(client: FlaskClient, headers: dict[str, str]):
    response = client.get("/account", headers=headers)
    assert response.status_code == 303 and "evil" not in response.location
    assert "evil" not in client.get("/inloggen", headers=headers).text


def test_own_host_with_and_without_port(client: FlaskClient):
    for host in ("localhost", "localhost:443"):
        assert client.get("/inloggen", headers={"Host": host}).status_code == 200


def test_a_forged_cookie_is_nobody(client: FlaskClient):
    for value in ("x", "." * 100, "eyJfdXNlcl9pZCI6ImEifQ.Zx.abc", "\u20ac"):
        client.set_cookie("__Host-inleer", value, domain="localhost", secure=True)
        assert client.get("/account").status_code == 303
    db.session.rollback()
    assert db.session.execute(select(UserSession)).first() is None


def test_get_changes_nothing(app: Flask, client: FlaskClient):
    """Reading every page, head first, writes no audit event (nothing that matters changes)."""
    from inleer.audit import AuditEvent

    sign_in(client, make_login(Role.ADMINISTRATOR))
    db.session.rollback()
    before = db.session.execute(
        select(AuditEvent.sequence).order_by(AuditEvent.sequence.desc()).limit(1)
    ).scalar_one()
    for _endpoint, path in readable(app):
        client.head(path)
        client.get(path)
    db.session.rollback()
    after = db.session.execute(
        select(AuditEvent.sequence).order_by(AuditEvent.sequence.desc()).limit(1)
    ).scalar_one()
    assert before == after
    assert token_in(client.get("/account"))
