"""Names, percentages with their base, addresses that keep the filters, input that is kept."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask, request
from hypothesis import given
from hypothesis import strategies as st

from inleer.resources import resource
from inleer.web import filters, markup

NAME = ("Rachid", "van den", "Berg")
part = st.text(st.characters(categories=("L", "Zs")), max_size=12).map(str.strip)


@pytest.fixture
def app() -> Flask:
    return Flask("inleer", static_folder=str(resource("static")), static_url_path="/static")


@pytest.mark.parametrize(
    ("name", "listed", "full", "short"),
    [
        (NAME, "Berg, Rachid van den", "Rachid van den Berg", "R. van den Berg"),
        (("Zoë", "", "Aydın"), "Aydın, Zoë", "Zoë Aydın", "Z. Aydın"),
        (("Kevin", "van 't", "Hof"), "Hof, Kevin van 't", "Kevin van 't Hof", "K. van 't Hof"),
        (("", "", "O"), "O", "O", "O"),
        (("Madonna", "", ""), "Madonna", "Madonna", "Madonna"),
    ],
)
def test_names(name: tuple[str, str, str], listed: str, full: str, short: str) -> None:
    assert filters.list_name(*name) == listed
    assert filters.full_name(*name) == full
    assert filters.short_name(*name) == short


@given(part, part, part)
def test_names_have_no_loose_ends(given_name: str, infix: str, family: str) -> None:
    for text in (filters.list_name(given_name, infix, family), filters.full_name(given_name, infix, family)):
        assert text == text.strip() and not text.endswith(",")


def test_names_sort_under_the_family_name_without_accents() -> None:
    people = [
        ("Kevin", "van 't", "Hof"),
        ("Fatima", "", "El Amrani"),
        ("Mehmet", "", "Şahin"),
        ("Zoë", "", "Aydın"),
        NAME,
    ]
    ordered = sorted(people, key=lambda name: filters.name_sort_key(*name))
    assert [family for _given, _infix, family in ordered] == ["Aydın", "Berg", "El Amrani", "Hof", "Şahin"]


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Rachid van den Berg", "RB"), ("Inês Bakker-Öztürk", "IÖ"), ("Madonna", "M"), ("", "?"), ("!!", "?")],
)
def test_initials(name: str, letters: str) -> None:
    assert filters.initials(name) == letters


def test_a_percentage_carries_its_base() -> None:
    assert filters.percent_of(1500, 1800).striptags() == "83 % 25 van 30 u"
    assert filters.percent_of(16, 19, "count").striptags() == "84 % 16 van 19"
    assert "83\xa0%" in filters.percent_of(1500, 1800)  # number and sign stay on one line


def test_a_percentage_of_nothing_or_of_something_unknown_is_no_number() -> None:
    assert filters.percent_of(0, 0).striptags() == "nog niets te tellen"
    assert filters.percent_of(None, 60).striptags() == "onbekend"
    with pytest.raises(KeyError):
        filters.percent_of(1, 2, "euros")


def test_relative_dates_have_the_exact_date_beside_them() -> None:
    text = filters.ago(date(2026, 11, 14), date(2026, 11, 17))
    assert text.striptags() == "3 dagen geleden (14 nov 2026)"
    assert 'datetime="2026-11-14"' in text
    assert filters.ago(None).striptags() == "onbekend"


def test_time_tags() -> None:
    assert filters.time_tag(date(2026, 11, 17)).striptags() == "17 nov 2026"
    assert filters.time_tag(datetime(2026, 11, 17, 8, 7, tzinfo=UTC)).striptags() == "17 nov 2026 om 09:07"
    assert filters.time_tag(None).striptags() == "onbekend"


def test_an_address_keeps_the_other_filters(app: Flask) -> None:
    with app.test_request_context("/lichtingen?plek=Boswijk&plek=Atolwijk&page=3&q=%26%3D"):
        assert (
            filters.query_url(page=None, sort="naam")
            == "/lichtingen?plek=Boswijk&plek=Atolwijk&q=%26%3D&sort=naam"
        )
        assert filters.query_url(plek=None, page=None, q=None) == "/lichtingen"


@given(st.dictionaries(st.text(min_size=1, max_size=5), st.text(max_size=8), max_size=4))
def test_an_address_reads_back_as_it_was_asked(values: dict[str, str]) -> None:
    web = Flask("inleer")
    with web.test_request_context("/x"):
        address = filters.query_url(**values)
    with web.test_request_context(address):
        assert request.args.to_dict() == values


def test_an_asset_carries_a_mark_of_its_content(app: Flask, tmp_path: Path) -> None:
    app.static_folder = str(tmp_path)
    (tmp_path / "a.css").write_text("one")
    app.debug = True
    asset = filters.asset_of(app)
    with app.test_request_context("/"):
        first = asset("a.css")
        (tmp_path / "a.css").write_text("two, and longer")
        second = asset("a.css")
        missing = asset("b.css")
    assert first.startswith("/static/a.css?v=") and second.startswith("/static/a.css?v=") and first != second
    assert missing == "/static/b.css"


def test_an_asset_follows_the_place_where_the_app_is_mounted(app: Flask) -> None:
    with app.test_request_context("/", base_url="https://voorbeeld.test/inleer"):
        assert filters.asset_of(app)("css/tokens.css").startswith("/inleer/static/css/tokens.css?v=")


def test_input_is_kept_for_our_own_forms_only(app: Flask) -> None:
    form = {
        "note": "Belde vrijdag.",
        "csrf_token": "t",
        "password": "geheim",
        "new_password": "geheim",
        "code": "123456",
    }
    with app.test_request_context("/x", method="POST", data=form, headers={"Sec-Fetch-Site": "same-origin"}):
        assert filters.kept_input() == [("note", "Belde vrijdag.")]
    for site in (
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ):
        with app.test_request_context("/x", method="POST", data=form, headers=site):
            assert filters.kept_input() == []
    with app.test_request_context("/x?note=1", headers={"Sec-Fetch-Site": "same-origin"}):
        assert filters.kept_input() == []


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"onmouseover="x', "{{7*7}}", "&amp;"])
def test_row_components_escape_what_they_are_given(text: str) -> None:
    pieces = [
        markup.chip(text, "warn"),
        markup.bar_number(1, 2, text),
        markup.row_head(text, text, text),
        markup.cell(text, text),
        markup.register_segment(text, text, [(text, text, text, text, "may")], text),
    ]
    for piece in pieces:
        assert "<script" not in piece and '"onmouseover' not in piece


def test_a_chip_has_a_word_and_an_icon_and_refuses_other_tones() -> None:
    assert "16 uur bereikt" in markup.chip("16 uur bereikt", "bad") and "<svg" in markup.chip("x", "bad")
    with pytest.raises(KeyError):
        markup.chip("x", "red")


def test_an_unknown_cell_is_not_empty() -> None:
    assert "onbekend" in markup.cell("Plekken", None)
    assert ">0<" in markup.cell("Plekken", 0, numeric=True)


def test_one_status_is_chosen_at_most() -> None:
    statuses = markup.register_statuses()
    for value, *_rest in statuses:
        assert markup.register_segment("7", value, statuses).count(" checked") == 1
    assert " checked" not in markup.register_segment("7", "", statuses)
    assert [letter for _value, letter, *_rest in statuses] == list("ALVZGO")
