"""Every component as the style guide shows it: well formed, labelled, and without anything inline."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from flask import Flask

from inleer.resources import resource
from inleer.web.stijlgids import SampleForm, sample_context
from tests.kit import XSS, Page, assert_sound, kit_app, macro, render

TEMPLATES = resource("templates")
STATIC = resource("static")
KIT = ["base.html", *(f"{folder}/**/*.html" for folder in ("layouts", "components", "stijlgids", "errors"))]
ACTOR = SimpleNamespace(
    name="M. de Graaf", role_label="werkcoach", organisation_name="Werkbedrijf Voorbeeldstad"
)
PLANTED = [
    "<p><b>x</p>",
    '<p id="a"></p><p id="a"></p>',
    '<label for="b">x</label>',
    '<p style="color:red">x</p>',
    '<p onclick="x()">x</p>',
    "<script>x()</script>",
    "<style>p{}</style>",
    '<input name="x">',
    '<input id="c" aria-label="x" aria-describedby="d">',
]


@pytest.fixture(scope="module")
def app() -> Flask:
    """The kit, with the one address of the application that it names: where a choice of columns is sent."""
    made = kit_app()
    made.add_url_rule("/kolommen/<name>", "columns.choose", lambda name: name, methods=["POST"])
    for step in ("keep", "remove"):
        made.add_url_rule(
            f"/weergaven/{step}/<name>", f"saved_views.{step}", lambda name: name, methods=["POST"]
        )
    return made


@pytest.fixture(scope="module")
def guide(app: Flask) -> str:
    return render(
        app,
        "stijlgids/index.html",
        current_actor=ACTOR,
        nav=[("Vandaag", "/", False), ("Lichtingen", "/lichtingen", True)],
        switches=[("docent ROC · ROC Voorbeeld", "/wissel/1")],
        account_links=[("Mijn account", "/account")],
        logout_url="/uit",
        messages=[
            ("ok", "Opgeslagen."),
            ("ok", {"text": "16 gevuld.", "undo_url": "/terug", "fields": {"batch": "9"}}),
        ],
        demo=True,
        **sample_context(),
    )


@pytest.mark.parametrize("fault", PLANTED)
def test_the_reader_of_pages_finds_planted_faults(fault: str) -> None:
    with pytest.raises(AssertionError):
        assert_sound(fault)


def test_the_style_guide_is_sound(guide: str) -> None:
    page = assert_sound(guide)
    assert len(page.all("h1")) == 1 and len(page.all("main")) == 1
    assert page.all("html")[0]["lang"] == "nl"


def test_every_post_form_carries_a_token(guide: str) -> None:
    forms = re.findall(r"<form\b[^>]*method=\"post\".*?</form>", guide, flags=re.S)
    without = [
        form[:120]
        for form in forms
        if "csrf_token" not in form and 'action="#" novalidate data-unsaved' not in form
    ]
    assert forms and without == []  # the one exception shows fields only: its form class has no token


def test_every_macro_is_shown_in_the_style_guide() -> None:
    defined = {
        name
        for file in ("buttons", "status", "page", "forms", "table", "figures", "register")
        for name in re.findall(
            r"{%-? (?:macro|set) ([a-z]\w*)(?:\(| = \w+_markup)",
            (TEMPLATES / f"components/{file}.html").read_text(),
        )
    }
    shown = "".join(path.read_text() for path in TEMPLATES.glob("stijlgids/*.html"))
    elsewhere = {
        "csrf",
        "flash",
        "kept_fields",
        "register_help",
        "sticky_footer",
    }  # inside others, and in layouts
    assert {name for name in defined - elsewhere if f"{name}(" not in shown} == set()


def test_every_static_file_that_the_base_names_is_there(guide: str) -> None:
    wanted = {value.partition("?")[0] for value in re.findall(r'(?:href|src)="/static/([^"]+)"', guide)}
    assert len(wanted) > 10
    assert {
        name for name in wanted if not name.startswith("vendor/") and not (STATIC / name).is_file()
    } == set()


def test_style_sheets_stay_within_the_site() -> None:
    for sheet in (STATIC / "css").glob("*.css"):
        text = sheet.read_text()
        assert "data:" not in text and "@import" not in text and "http" not in text, sheet.name
        for target in re.findall(r'url\("([^"]+)"\)', text):
            path = (sheet.parent / target).resolve()
            assert path.is_relative_to(STATIC.resolve()), target
            assert path.is_file() or "vendor" in path.parts, target


def test_templates_hold_nothing_inline() -> None:
    files = [path for pattern in KIT for path in TEMPLATES.glob(pattern)]
    assert len(files) > 25
    for path in files:
        assert not re.search(r"\sstyle=|\son[a-z]+=\"|javascript:|data:image|\|safe\b", path.read_text()), (
            path.name
        )


def test_scripts_use_nothing_that_the_policy_refuses() -> None:
    for path in (STATIC / "js").glob("*.js"):
        assert not re.search(
            r"\beval\(|new Function|\.style\b|setAttribute\(\"style|document\.write", path.read_text()
        ), path.name


def test_a_field_ties_label_help_and_error_together(app: Flask) -> None:
    form = SampleForm()
    form.email.errors = ["Dit adres klopt niet."]
    text = macro(app, "forms.html", "{{ kit.field(form.email, autocomplete='email') }}", form=form)
    page = assert_sound(text)
    control = page.all("input")[0]
    assert control["aria-describedby"] == "email-help email-fout" and control["aria-invalid"] == "true"
    assert (
        control["type"] == "email" and control["inputmode"] == "email" and control["autocomplete"] == "email"
    )
    assert "(niet verplicht)" in text and "Dit adres klopt niet." in text


def test_a_required_field_is_not_called_optional(app: Flask) -> None:
    text = macro(app, "forms.html", "{{ kit.field(form.name) }}", form=SampleForm())
    assert "niet verplicht" not in text and "required" in text


@pytest.mark.parametrize("name", list(SampleForm()._fields))
@pytest.mark.parametrize("wrong", [False, True])
def test_every_kind_of_field_is_sound(app: Flask, name: str, wrong: bool) -> None:
    form = SampleForm()
    if wrong:
        form[name].errors = [XSS[0]]
    page = assert_sound(macro(app, "forms.html", "{{ kit.field(f, help='Uitleg') }}", f=form[name]))
    assert f"{name}-help" in page.values("id") and (f"{name}-fout" in page.values("id")) is wrong


def test_the_error_summary_links_to_the_fields(app: Flask) -> None:
    form = SampleForm()
    form.name.errors = ["Vul een naam in."]
    form.answer.errors = ["Kies een antwoord."]
    form.form_errors = ["Dit formulier is al verstuurd."]
    call = "{{ kit.error_summary(form) }}{{ kit.field(form.name) }}{{ kit.field(form.answer) }}"
    page = assert_sound(macro(app, "forms.html", call, form=form))
    targets = [a["href"] for a in page.all("a")]
    assert targets == ["#name", "#answer-0"]
    assert {t[1:] for t in targets if t} <= set(page.values("id"))


def test_a_form_without_errors_has_no_summary(app: Flask) -> None:
    assert macro(app, "forms.html", "{{ kit.error_summary(form) }}", form=SampleForm()).strip() == ""


def test_a_sorted_column_says_so_and_turns_around(app: Flask) -> None:
    columns = [{"label": "Naam", "key": "naam"}]
    call = "{% call kit.table(columns, 'De groep', sort='naam', direction='asc') %}{% endcall %}"
    page = Page(macro(app, "table.html", call, columns=columns))
    assert page.all("th")[0]["aria-sort"] == "ascending"
    assert page.all("a")[0]["href"] == "/lijst?sort=naam&dir=desc"


@pytest.mark.parametrize(("page_number", "pages"), [(1, 1), (1, 2), (5, 9), (9, 9)])
def test_pagination(app: Flask, page_number: int, pages: int) -> None:
    text = macro(app, "table.html", "{{ kit.pagination(page, pages) }}", page=page_number, pages=pages)
    links = [a["href"] or "" for a in Page(text).all("a")]
    assert (links == []) is (pages == 1)
    assert all(link.startswith("/lijst?sort=naam&page=") for link in links)
    assert (f"page={page_number - 1}" in " ".join(links)) is (page_number > 1)


def test_a_question_before_a_destructive_step(app: Flask) -> None:
    source = (
        "{% extends 'layouts/confirm.html' %}{% block title %}Lichting annuleren{% endblock %}"
        "{% block consequence %}<p>20 deelnemers verliezen hun plek.</p>{% endblock %}"
        "{% block submit %}Lichting annuleren{% endblock %}{% block cancel_url %}/lichtingen{% endblock %}"
    )
    with app.test_request_context("/lichtingen/1/annuleren"):
        text = app.jinja_env.from_string(source).render()
    page = assert_sound(text)
    assert "utrecht-button--danger" in text and "/lichtingen" in [a["href"] for a in page.all("a")]
