"""The card of one person in the register: its contract with the script and with the whole form."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from inleer.web.stijlgids import SampleCell
from tests.kit import XSS, assert_sound, kit_app, render


@pytest.fixture(scope="module")
def app() -> Flask:
    return kit_app()


CELL = SampleCell(
    "8f4c", "Berg, Rachid van den", ("present", "absent"), "L", 20, url="/les/1/8f4c", version=3
)


def cell(app: Flask, **changes: Any) -> str:
    values = {**CELL.__dict__, **changes}
    return render(app, "attendance/_cell.html", cell=SampleCell(**values))


def test_a_register_cell_keeps_its_contract(app: Flask) -> None:
    page = assert_sound(cell(app))
    card = page.all("div")[0]
    assert (card["data-enrolment"], card["data-version"], card["data-url"]) == ("8f4c", "3", "/les/1/8f4c")
    inputs = page.all("input")
    assert {a["name"] for a in inputs} == {"status-8f4c", "minutes-8f4c", "note-8f4c", "version-8f4c"}
    radios = [a for a in inputs if a.get("type") == "radio"]
    assert [a["data-code"] for a in radios] == list("ALVZGO")
    assert [a["value"] for a in radios if "checked" in a] == ["L"]
    assert [a["data-code"] for a in radios if "data-takes-minutes" in a] == ["L", "V"]
    assert [a["data-code"] for a in radios if "data-may-minutes" in a] == ["Z", "G", "O"]


def test_a_conflict_in_the_register_shows_both_and_carries_the_stored_values(app: Flask) -> None:
    other = SimpleNamespace(
        by="S. Yilmaz",
        moment=datetime(2026, 11, 17, 8, 12, tzinfo=UTC),
        status="Z",
        minutes=None,
        note="belde",
    )
    text = cell(app, conflict=other)
    page = assert_sound(text)
    stored = next(a for a in page.all("div") if "data-conflict" in a)
    assert (stored["data-status"], stored["data-minutes"], stored["data-note"]) == ("Z", "", "belde")
    assert "S. Yilmaz, 09:12" in text and "<b>ziek</b>" in text and "<b>te laat</b>, 20 minuten" in text
    assert {a["data-keep"] for a in page.all("button")} == {"mine", "theirs"}


def test_an_error_in_the_register_stands_at_its_field(app: Flask) -> None:
    page = assert_sound(cell(app, errors={"minutes": "Vul de minuten in."}))
    minutes = next(a for a in page.all("input") if a["name"] == "minutes-8f4c")
    assert minutes["aria-invalid"] == "true" and minutes["aria-describedby"] == "f-8f4c"


def test_a_locked_cell_has_no_inputs_but_a_way_to_correct(app: Flask) -> None:
    page = assert_sound(cell(app, locked=True, correct_url="/les/1/8f4c/corrigeer"))
    assert page.all("input") == [] and page.all("a")[0]["href"] == "/les/1/8f4c/corrigeer"


def test_a_report_beforehand_still_has_to_be_judged(app: Flask) -> None:
    assert "nog beoordelen" in cell(app, reported="afspraak", judged=False)
    assert "nog beoordelen" not in cell(app, reported="afspraak", judged=True)


@pytest.mark.parametrize("payload", XSS)
def test_the_register_escapes_names_and_notes(app: Flask, payload: str) -> None:
    other = SimpleNamespace(
        by=payload, moment=datetime(2026, 11, 17, 8, 12, tzinfo=UTC), status="Z", minutes=None, note=payload
    )
    page = assert_sound(
        cell(app, name=payload, note=payload, reported=payload, conflict=other, errors={"note": payload})
    )
    assert page.all("script") == [] and page.all("img") == []
