"""Promise 61: what goes wrong is logged by kind and place, never with what somebody typed or the address asked for."""

from __future__ import annotations

import json

import pytest
import structlog
from flask import Flask
from sqlalchemy.exc import IntegrityError

from inleer import audit
from inleer.accounts.models import User
from inleer.db import db, new_id, unit_of_work
from inleer.jobs import daily
from inleer.policy import Role, system_actor
from inleer.web import logs
from tests.accounts.logins import make_login, stored

TOKEN = "aB3" * 14 + "x"


def test_an_error_in_the_error_page_tells_no_address_and_no_message(
    app: Flask, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The path of an invitation is a secret: Flask's own line would hold it."""
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def broken(*_args: object, **_more: object) -> None:
        raise ZeroDivisionError("geheim van Fatima")

    monkeypatch.setattr("inleer.accounts.links.find", broken)
    monkeypatch.setattr("inleer.web.errors.render_template", broken)
    answer = app.test_client().get(f"/uitnodiging/{TOKEN}")
    assert (answer.status_code, answer.mimetype) == (500, "text/plain")
    assert "Fatima" not in answer.text and answer.headers["Content-Security-Policy"].startswith("default-src")
    written = "\n".join(lines)
    assert "error_page" in written and "ZeroDivisionError" in written
    assert TOKEN not in written and "Fatima" not in written


def test_an_error_on_a_page_is_logged_with_its_place_and_without_its_message(
    app: Flask, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def broken(*_args: object, **_more: object) -> None:
        raise ZeroDivisionError("geheim van Fatima")

    monkeypatch.setattr("inleer.accounts.links.find", broken)
    assert app.test_client().get(f"/uitnodiging/{TOKEN}").status_code == 500
    (line,) = [json.loads(line) for line in lines if "unexpected" in line]
    assert (line["level"], line["kind"], line["error"]) == (
        "error",
        "ZeroDivisionError",
        ["ZeroDivisionError"],
    )
    raised = broken.__code__.co_firstlineno + 1
    assert line["frames"][-1].startswith(f"{__file__}:{raised} ")
    assert any("inleer/accounts/views/" in frame for frame in line["frames"])
    written = "\n".join(lines)
    assert TOKEN not in written and "Fatima" not in written


def test_an_error_past_all_handlers_is_logged_the_same_way(
    app: Flask, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Flask's own line would hold the path."""
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def broken(*_args: object, **_more: object) -> None:
        raise ZeroDivisionError("geheim van Fatima")

    monkeypatch.setattr("inleer.accounts.links.find", broken)
    app.error_handler_spec[None][None].pop(Exception)
    app.test_client().get(f"/uitnodiging/{TOKEN}")
    assert "error_past_handlers" in lines[0] and TOKEN not in lines[0] and "Fatima" not in lines[0]


def test_a_refused_row_is_logged_without_its_values(app: Flask, lines: list[str]) -> None:
    """The control is in the error itself: PostgreSQL names the value, so its message may not be printed."""
    login = make_login(Role.EMPLOYER)
    twice = stored(login).email

    def add() -> None:
        with unit_of_work() as session:
            user = User(
                id=new_id(), email=twice, name="Fatima", active=True, created_at=stored(login).created_at
            )
            session.add(user)
            audit.record(system_actor(), "user.create", user)

    with pytest.raises(IntegrityError) as caught:
        add()
    assert "Fatima" not in str(caught.value), "the parameters of a statement are hidden"
    assert db.engine.dialect.name == "sqlite" or twice in str(caught.value)
    structlog.get_logger().error("refused", exc_info=caught.value)
    assert "IntegrityError" in lines[0] and twice not in lines[0]


def test_a_daily_job_that_fails_is_logged_by_kind_and_place(
    app: Flask, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise LookupError("Fatima")

    monkeypatch.setattr("inleer.jobs.daily._run", broken)
    daily.run_due()
    line = json.loads(lines[0])
    assert line["event"] == "daily_job_failed" and line["error"] == ["LookupError"]
    assert any("test_logs.py" in frame and frame.endswith(" broken") for frame in line["frames"])
    assert "Fatima" not in lines[0]


def test_the_chain_of_causes_is_named() -> None:
    try:
        try:
            raise KeyError("Fatima")
        except KeyError as first:
            raise ValueError("Fatima") from first
    except ValueError as second:
        event = logs.without_message(None, "error", {"event": "x", "exc_info": second})
    assert event["error"] == ["ValueError", "KeyError"] and "Fatima" not in str(event)
