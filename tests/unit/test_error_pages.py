"""Error pages: they work when nothing else does, keep the input, and give nothing away."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from tests.kit import XSS, assert_sound, kit_app, render

STATUSES = (400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503)


@pytest.fixture(scope="module")
def app() -> Flask:
    return kit_app()


@pytest.mark.parametrize("status", STATUSES)
def test_error_pages_work_when_nothing_else_does(app: Flask, status: int) -> None:
    page = assert_sound(render(app, f"errors/{status}.html", message=None, reference="7f3a9c12"))
    assert len(page.all("h1")) == 1


@pytest.mark.parametrize("status", STATUSES)
def test_error_pages_show_the_sentence_and_the_number_escaped(app: Flask, status: int) -> None:
    text = render(app, f"errors/{status}.html", message=XSS[0], reference="7f3a9c12")
    assert "7f3a9c12" in text and XSS[0] not in text


@pytest.mark.parametrize("status", [400, 401, 429, 500, 503])
def test_input_can_be_sent_again_after_a_failure(app: Flask, status: int) -> None:
    post = {"note": "Belde vrijdag.", "csrf_token": "old", "password": "geheim"}
    text = render(app, f"errors/{status}.html", path="/notitie?van=1", post=post, message=None, reference="")
    assert 'action="/notitie?van=1"' in text and 'name="note" value="Belde vrijdag."' in text
    assert "geheim" not in text and 'value="old"' not in text


def conflict(app: Flask, typed: str, **context: Any) -> str:
    field = SimpleNamespace(name="note", stored="Belde vrijdag.", typed=typed)
    post = {"note": typed, "version": "3", "csrf_token": "old"}
    return render(
        app,
        "errors/409.html",
        path="/notitie",
        post=post,
        fields=[field],
        version=4,
        reference="",
        message=None,
        **context,
    )


def test_a_conflict_shows_both_versions_and_keeps_the_input(app: Flask) -> None:
    text = conflict(
        app, "Belde maandag.", saved_at=datetime(2026, 11, 17, 8, 12, tzinfo=UTC), saved_by="S. Yilmaz"
    )
    page = assert_sound(text)
    assert "S. Yilmaz heeft dit opgeslagen op 17 nov 2026 om 09:12" in text
    assert "Belde vrijdag." in text and "<mark>Belde maandag.</mark>" in text
    hidden = {a["name"]: a["value"] for a in page.all("input") if a.get("type") == "hidden"}
    assert hidden["note"] == "Belde maandag." and hidden["version"] == "4" and hidden["csrf_token"] != "old"
    assert "Mijn invoer alsnog opslaan" in text and "Andere versie behouden" in text


@pytest.mark.parametrize("payload", XSS)
def test_the_conflict_page_escapes_what_was_typed(app: Flask, payload: str) -> None:
    page = assert_sound(conflict(app, payload))
    assert payload in [a.get("value") for a in page.all("input")]
    assert [a for a in page.all("script") if not a.get("src")] == [] and page.all("img") == []
