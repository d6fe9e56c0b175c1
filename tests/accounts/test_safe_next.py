"""Promise 23: after logging in one stays on this site. The corpus of open redirects."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from inleer.accounts.safe_next import safe_next
from inleer.policy import Role
from tests.accounts.logins import make_login, post

EVIL = [
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\\/evil.example",
    "https://evil.example",
    "https:evil.example",
    "https:/evil.example",
    "http:evil.example/account",
    "javascript:alert(1)",
    "data:text/html,x",
    "%2f%2fevil.example",
    "/%2f%2fevil.example",
    "/%2fevil.example",
    "/%5cevil.example",
    "/%255cevil.example",
    "/\tevil.example",
    "/\n/evil.example",
    "/\r\nLocation: https://evil.example",
    "/%0d%0aLocation:%20https://evil.example",
    " //evil.example",
    "evil.example",
    "@evil.example",
    "/\x00//evil.example",
    "//localhost@evil.example",
    "/" + "a" * 3000,
    "//[::1",
]


@pytest.mark.parametrize("target", EVIL)
def test_refused(target: str):
    assert safe_next(target) is None


@pytest.mark.parametrize(
    "target", ["/", "/account", "/lichtingen?sort=name&dir=desc", "/a/b#c", "/zoek?q=a%2Fb", "/é"]
)
def test_accepted(target: str):
    assert safe_next(target) == target


@given(st.text(max_size=60))
def test_whatever_is_accepted_stays_here(target: str):
    accepted = safe_next(target)
    if accepted is not None:
        assert urlsplit(urljoin("https://localhost/inloggen", accepted)).netloc == "localhost"


def test_no_external_location_after_login(client: FlaskClient):
    login = make_login(Role.EMPLOYER)
    for target in EVIL:
        response = post(client, "/inloggen", email=login.email, password=login.password, next=target)
        assert response.status_code == 303
        assert urlsplit(response.location).netloc in ("", "localhost")
        assert urlsplit(response.location).path == "/"
        assert post(client, "/uitloggen", "/account").status_code == 303
