"""Texts of mails with fixed places to fill in: plain replacement, nothing else. No ``format``, no templates.

A place is a name in braces, ``{naam}``. What stands in a text and is no place of that text stays what it is. Values are
filled in once: braces in a value are just braces. In HTML everything that is filled in or written is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from inleer.errors import DomainError
from inleer.i18n import _

#: Anything in braces: what is no place of the text is refused when it is saved.
_BRACES = re.compile(r"\{[^{}]*\}")
_BREAK = re.compile(r"\n\s*\n")
MOST_SUBJECT, MOST_BODY = 200, 4000


@dataclass(frozen=True)
class Link:
    """An address, and the words of its link in HTML."""

    url: str
    words: str


@dataclass(frozen=True)
class Block:
    """Several paragraphs that we make: in plain text, and in HTML that is safe."""

    text: str
    html: Markup


Value = str | Link | Block


@dataclass(frozen=True)
class MailText:
    """A mail that can be worded anew. ``places``: name → what it is, in Dutch; ``needed``: those that must stay.

    ``example`` has a value for each place, for the preview.
    """

    key: str
    name: str
    subject: str
    body: str
    places: Mapping[str, str]
    needed: frozenset[str]
    example: Mapping[str, Value]


@dataclass(frozen=True)
class Filled:
    """A subject of one line, and a body in plain text and in HTML (without a frame)."""

    subject: str
    text: str
    html: Markup


def fill(subject: str, body: str, values: Mapping[str, Value]) -> Filled:
    """Both texts with their places filled in."""
    return Filled(" ".join(_plain(subject, values).split()), _plain(body, values) + "\n", _html(body, values))


def check(known: MailText, subject: str, body: str) -> None:
    """Refuse a text that is empty, too long, lacks what it needs, or has other places. Raises DomainError."""
    for field, text, most in (("subject", subject, MOST_SUBJECT), ("body", body, MOST_BODY)):
        if not text.strip():
            raise DomainError(_("Vul een tekst in."), field)
        if len(text) > most:
            raise DomainError(_("Hoogstens %(n)s tekens.", n=most), field)
        _check_places(known, field, text)
    if "\n" in subject:
        raise DomainError(_("Het onderwerp is één regel."), "subject")
    missing = [name for name in sorted(known.needed) if f"{{{name}}}" not in body]
    if missing:
        raise DomainError(
            _("In de tekst ontbreekt {%(name)s}: zonder dat werkt de mail niet.", name=missing[0]), "body"
        )


def _check_places(known: MailText, field: str, text: str) -> None:
    blocks = {name for name, value in known.example.items() if not isinstance(value, str)}
    for found in _BRACES.findall(text):
        name = found[1:-1]
        if name not in known.places or (field == "subject" and name in blocks):
            allowed = ", ".join(f"{{{n}}}" for n in known.places if field == "body" or n not in blocks)
            raise DomainError(
                _("%(found)s is hier geen invulveld. Kies uit: %(allowed)s.", found=found, allowed=allowed),
                field,
            )


def _plain(text: str, values: Mapping[str, Value]) -> str:
    def put(found: re.Match[str]) -> str:
        value = values.get(found[0][1:-1], found[0])
        if isinstance(value, Link):
            return value.url
        return value.text if isinstance(value, Block) else value

    return _BRACES.sub(put, text)


def _html(text: str, values: Mapping[str, Value]) -> Markup:
    """Paragraphs; a block stands between paragraphs, wherever its place is."""
    made, start = Markup(""), 0
    for found in _BRACES.finditer(text):
        value = values.get(found[0][1:-1])
        if isinstance(value, Block):
            made += _paragraphs(text[start : found.start()], values) + value.html
            start = found.end()
    return made + _paragraphs(text[start:], values)


def _paragraphs(text: str, values: Mapping[str, Value]) -> Markup:
    parts = [part.strip() for part in _BREAK.split(text) if part.strip()]
    return Markup("").join(Markup("<p>{}</p>\n").format(_inline(part, values)) for part in parts)


def _inline(text: str, values: Mapping[str, Value]) -> Markup:
    made, start = Markup(""), 0
    for found in _BRACES.finditer(text):
        made += _lines(text[start : found.start()]) + _value(values.get(found[0][1:-1], found[0]))
        start = found.end()
    return made + _lines(text[start:])


def _value(value: Value) -> Markup:
    if isinstance(value, Link):
        return Markup('<a href="{}">{}</a>').format(value.url, value.words)
    return value.html if isinstance(value, Block) else _lines(value)


def _lines(text: str) -> Markup:
    return Markup("<br />").join(escape(line) for line in text.split("\n"))
