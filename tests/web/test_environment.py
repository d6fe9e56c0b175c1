"""The environment of templates gives what Jinja gives, only with less work."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment as Jinja
from jinja2 import StrictUndefined, UndefinedError, pass_context
from markupsafe import Markup, escape

from inleer.web.environment import Environment, written


class Kind(StrEnum):
    ODD = "<odd>"


class Shown:
    """Says itself how it is written as HTML."""

    def __html__(self) -> str:
        return "<b>zelf</b>"

    def __str__(self) -> str:
        return "<niet dit>"


class Bold(Markup):
    """HTML of another class."""


VALUES: tuple[Any, ...] = (
    "",
    "a & b",
    "<i>",
    "\"'",
    Markup("<i>"),
    Bold("<i>"),
    Kind.ODD,
    Shown(),
    7,
    1.5,
    None,
)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_is_written_as_markupsafe_writes_it(value: Any) -> None:
    assert str(written(value)) == str(escape(value))


@given(st.text())
def test_a_text_is_written_as_markupsafe_writes_it(text: str) -> None:
    assert written(text) == escape(text)
    assert written(Markup(text)) == text


TEMPLATE = """
{% macro cell(value, tone='mute') %}
<td class="{{ tone }}">{{ value }}{% if caller is defined %}{{ caller() }}{% endif %}</td>
{% endmacro %}
{% for value in values %}
{{ cell(value) }}{{ cell(value, tone='a"b') }}{{ value }}{{ plain(value, end='<') }}{{ loop.index }}
{% call cell(value) %}<p>{{ value }}</p>{% endcall %}{{ marked(value) }}{{ obj.method(value) }}{% endfor %}
{% set block %}<u>{{ values[1] }}</u>{% endset %}{{ block }}{{ block ~ '<' }}
{% autoescape false %}{{ values[1] }}{{ cell(values[1]) }}{% endautoescape %}
"""


class Object:
    def method(self, value: Any) -> str:
        return f"[{value}]"


@pass_context
def marked(context: Any, value: Any) -> str:
    return f"{context['name']}: {value}"


def plain(value: Any, end: str) -> str:
    return f"{value}{end}"


def test_a_page_is_that_of_jinja() -> None:
    known = {"values": VALUES, "plain": plain, "marked": marked, "obj": Object(), "name": "<n>"}
    options: dict[str, Any] = {
        "autoescape": True,
        "extensions": ["jinja2.ext.do"],
        "undefined": StrictUndefined,
    }
    ours = _environment(Environment, **options).from_string(TEMPLATE).render(known)
    assert ours == _environment(Jinja, **options).from_string(TEMPLATE).render(known)
    assert "&lt;odd&gt;" in ours
    assert "<b>zelf</b>" in ours


def test_what_is_not_there_is_still_an_error() -> None:
    environment = _environment(Environment, autoescape=True, undefined=StrictUndefined)
    for text in ("{{ gone }}", "{{ gone() }}", "{{ 'a'.gone }}"):
        with pytest.raises(UndefinedError):
            environment.from_string(text).render()


def _environment(kind: type[Jinja], **options: Any) -> Jinja:
    """Without an app: Flask's own environment asks it for a loader only."""
    made: Jinja = kind.__new__(kind)
    Jinja.__init__(made, **options)
    return made
