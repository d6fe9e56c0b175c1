"""The mailbox: in the demo everybody reads the mails and follows their links; elsewhere it does not exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
from flask import Flask

from inleer import clock
from inleer.app import create_app
from inleer.config import Settings
from inleer.db import db
from inleer.jobs.mail import Mail, envelope, keep_as_file
from inleer.jobs.outbox import Message
from inleer.web import mailbox
from inleer.web.headers import CSP
from tests.employers import asked, mails, make_town

ATTACK = "<script>alert(1)</script>"


@pytest.fixture
def demo(app: Flask, settings: Settings) -> Iterator[Flask]:
    """The same installation as a demo."""
    made = create_app(replace(settings, demo=True))
    made.test_client_class = app.test_client_class
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


def test_an_employer_reads_the_mail_and_its_link_works(app: Flask, demo: Flask) -> None:
    town = make_town()
    asked(town)
    assert mails(app)
    visitor = demo.test_client()
    assert "/postbus" in visitor.get("/inloggen").text
    page = visitor.get("/postbus").text
    assert "Klopt uw toezegging nog?" in page and "hr@baken.example" in page
    path = re.search(r'href="(/postbus/[0-9a-f-]{36})"', page)
    assert path is not None
    shown = visitor.get(path.group(1)).text
    link = re.search(r'href="https://localhost(/antwoord/[^"]+)"', shown)
    assert link is not None and "Functie 1" in shown
    assert visitor.get(link.group(1)).status_code == 200
    as_html = visitor.get(f"{path.group(1)}/opgemaakt")
    assert f'href="https://localhost{link.group(1)}"' in as_html.text
    assert as_html.headers["Content-Security-Policy"] == CSP


def test_without_mail_it_says_how_mail_gets_there(demo: Flask) -> None:
    assert "Nog geen mail" in demo.test_client().get("/postbus").text
    assert demo.test_client().get(f"/postbus/{uuid4()}").status_code == 404


def test_markup_in_a_mail_stays_text(demo: Flask, settings: Settings) -> None:
    message = Message(uuid4(), "x", {}, clock.now(), 1)
    keep_as_file(settings.var_dir / "mail", envelope(settings, message, Mail("a@b.nl", ATTACK, ATTACK)))
    for path in ("/postbus", f"/postbus/{message.id}"):
        page = demo.test_client().get(path).text
        assert ATTACK not in page and "&lt;script&gt;" in page
    assert demo.test_client().get(f"/postbus/{message.id}/opgemaakt").status_code == 404


@pytest.mark.parametrize("changes", [{"demo": False}, {"demo": True, "smtp_url": "smtp://127.0.0.1"}])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_outside_the_demo_it_does_not_exist(settings: Settings, changes: dict[str, object]) -> None:
    real = create_app(replace(settings, **changes))  # type: ignore[arg-type]
    assert not [rule for rule in real.url_map.iter_rules() if rule.endpoint.startswith("mailbox.")]
    with real.app_context():
        found, never = (real.test_client().get(path) for path in ("/postbus", "/bestaat-nooit"))
    assert found.status_code == never.status_code == 404
    assert "postbus" not in found.text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_even_when_its_pages_are_registered_they_stay_shut(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second lock: a mistake in whether the pages are there opens nothing."""
    with monkeypatch.context() as patched:
        patched.setattr(mailbox, "is_on", lambda _settings: True)
        real = create_app(settings)
    with real.app_context():
        assert real.test_client().get("/postbus").status_code == 404
