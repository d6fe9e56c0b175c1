"""Promise 54: places in a text are filled in by plain replacement, and nothing else in it has any meaning."""

from __future__ import annotations

from email import message_from_string
from html.parser import HTMLParser

import pytest
from markupsafe import Markup

from inleer.errors import DomainError
from inleer.jobs.texts import Block, Link, MailText, Value, check, fill
from tests.corpus.xss import XSS

KNOWN = MailText(
    key="test",
    name="Proef",
    subject="Hallo {naam}",
    body="Beste {naam},\n\n{lijst}\n\n{link}",
    places={"naam": "wie", "lijst": "wat", "link": "waar"},
    needed=frozenset({"link"}),
    example={
        "naam": "Jan",
        "lijst": Block("- een", Markup("<ul><li>een</li></ul>")),
        "link": Link("https://x", "Open"),
    },
)
#: What a template engine, ``format`` or ``%`` would act upon.
MEANINGLESS = (
    "{{x.__init__}}",
    "{{ 7*7 }}",
    "{0.__class__}",
    "{naam.__class__.__mro__}",
    "{naam!r}",
    "{naam:>10}",
    "{naam[0]}",
    "{% for x in y %}",
    "{# remark #}",
    "%(naam)s %s %d",
    "${naam} $naam",
    "<%= naam %>",
)


class Tags(HTMLParser):
    """The tags of a piece of HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag with its attributes."""
        self.found.append(" ".join([tag, *(name for name, _value in attrs)]))


@pytest.mark.parametrize("text", MEANINGLESS)
def test_what_is_no_place_stays_as_it_was_written(text: str) -> None:
    filled = fill(text, text, {"x": "GEVULD", "y": "GEVULD", "0": "GEVULD"})
    assert filled.text == f"{text}\n" and filled.subject == text
    assert "GEVULD" not in filled.html


@pytest.mark.parametrize("text", [t for t in MEANINGLESS if "{" in t and "$" not in t])
def test_what_is_no_place_is_refused_when_it_is_saved(text: str) -> None:
    with pytest.raises(DomainError) as refused:
        check(KNOWN, "Hallo", f"{text} {{link}}")
    assert refused.value.field == "body" and "geen invulveld" in refused.value.message


def test_braces_in_a_value_are_not_filled_in_again() -> None:
    filled = fill("Hallo {naam}", "{naam} {link}", {"naam": "{link}{naam}", "link": "geheim"})
    assert filled.text == "{link}{naam} geheim\n"
    assert filled.html == "<p>{link}{naam} geheim</p>\n"


@pytest.mark.parametrize("payload", XSS)
def test_values_and_words_are_escaped_in_html(payload: str) -> None:
    values: dict[str, Value] = {"naam": payload, "link": Link(f"https://x/?{payload}", payload)}
    filled = fill("x", f"Beste {{naam}},\n{payload}\n\n{{link}}", values)
    assert {tag.split()[0] for tag in Tags(filled.html).found} <= {"p", "br", "a"}
    assert all(tag in ("p", "br", "a href") for tag in Tags(filled.html).found)


def test_a_value_cannot_add_a_line_to_the_subject() -> None:
    filled = fill("Hallo {naam}", "x", {"naam": "Jan\r\nBcc: x@y.nl"})
    assert filled.subject == "Hallo Jan Bcc: x@y.nl"
    assert message_from_string(f"Subject: {filled.subject}\n\n")["Bcc"] is None


def test_paragraphs_lines_links_and_blocks() -> None:
    filled = fill(KNOWN.subject, "Beste {naam},\neen\n\n{lijst}\nen {link}.", KNOWN.example)
    assert filled.subject == "Hallo Jan"
    assert filled.text == "Beste Jan,\neen\n\n- een\nen https://x.\n"
    assert filled.html == (
        '<p>Beste Jan,<br />een</p>\n<ul><li>een</li></ul><p>en <a href="https://x">Open</a>.</p>\n'
    )


@pytest.mark.parametrize(
    ("subject", "body", "field"),
    [
        ("", "{link}", "subject"),
        ("Hallo", " ", "body"),
        ("Hallo", "zonder", "body"),
        ("Hallo\nBcc: x", "{link}", "subject"),
        ("Hallo {link}", "{link}", "subject"),
        ("x" * 201, "{link}", "subject"),
        ("Hallo", "{link}" + "x" * 4000, "body"),
        ("Hallo", "{link} {onbekend}", "body"),
    ],
)
def test_a_text_that_cannot_work_is_refused(subject: str, body: str, field: str) -> None:
    with pytest.raises(DomainError) as refused:
        check(KNOWN, subject, body)
    assert refused.value.field == field


def test_the_text_of_inleer_itself_is_accepted() -> None:
    check(KNOWN, KNOWN.subject, KNOWN.body)
