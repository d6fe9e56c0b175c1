"""The small components that stand in every row of a long list, written in Python because Jinja macros cost five
times as much. ``templates/components/`` exports them under the names that templates import."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from markupsafe import Markup, escape

from inleer import i18n
from inleer.i18n import _
from inleer.web import svg
from inleer.web.icons import icon

Status = tuple[str, str, str, str, str]

_MINUTES = {"must": " data-takes-minutes", "may": " data-may-minutes", "": ""}

_TONE_ICONS = {"ok": "check", "warn": "warn", "bad": "bad", "info": "info", "mute": ""}


@lru_cache(maxsize=2048)
def chip(text: str, tone: str = "mute", icon_name: str = "") -> Markup:
    """A status chip: icon, word and colour. ``tone``: ok, warn, bad, info or mute; KeyError for another."""
    name = icon_name or _TONE_ICONS[tone]
    picture = icon(name) if name else ""
    return Markup(f'<span class="utrecht-status-badge chip chip--{tone}">{picture}{escape(text)}</span>')  # nosec B704 - every part is escaped


def bar_number(value: float | None, maximum: float, text: str, tone: str = "ok") -> Markup:
    """A small bar with its number beside it; a value of None is unknown. Errors as :func:`inleer.web.svg.bar`."""
    return Markup(  # nosec B704 - every part is escaped
        f'<span class="bar-number">{svg.bar(value, maximum, tone)}<span>{escape(text)}</span></span>'
    )


def row_head(text: str, url: str = "", sub: str = "") -> Markup:
    """The first cell of a row: its name, with a link to the detail and a line under it."""
    name = escape(text)
    link = f'<a class="utrecht-link utrecht-link--html-a" href="{escape(url)}">{name}</a>' if url else name
    below = f"<small>{escape(sub)}</small>" if sub else ""
    return Markup(f'<th scope="row">{link}{below}</th>')  # nosec B704 - every part is escaped


def cell(label: str, value: object, numeric: bool = False) -> Markup:
    """A cell; ``label`` is its column's name, shown where a row is a card. None reads "onbekend"."""
    shown = f'<span class="soft">{escape(i18n.unknown())}</span>' if value is None else escape(value)
    kind = ' class="n"' if numeric else ""
    return Markup(f'<td data-label="{escape(label)}"{kind}>{shown}</td>')  # nosec B704 - every part is escaped


def register_statuses() -> tuple[Status, ...]:
    """The statuses that a teacher chooses from: (value, letter, word, short word, minutes).

    ``minutes``: "must" be given, "may" be given (without: the whole lesson), or "" where there are none.
    """
    return _register_statuses(i18n.language())


@lru_cache(maxsize=8)
def _register_statuses(_language: str) -> tuple[Status, ...]:
    return (
        ("A", "A", _("aanwezig"), _("aanwezig"), ""),
        ("L", "L", _("te laat"), _("te laat"), "must"),
        ("V", "V", _("eerder weg"), _("eerder weg"), "must"),
        ("Z", "Z", _("ziek"), _("ziek"), "may"),
        ("G", "G", _("geoorloofd afwezig"), _("geoorl."), "may"),
        ("O", "O", _("ongeoorloofd afwezig"), _("ongeoorl."), "may"),
    )


def register_segment(
    enrolment_id: object, status: str, statuses: Sequence[Status], described: str = ""
) -> Markup:
    """The radio buttons of one person in the register; ``described`` is the id of the error text, if any."""
    key = escape(enrolment_id)
    described_by = f' aria-describedby="{escape(described)}"' if described else ""
    inner = _segment(tuple(statuses), status).replace("\0", key)
    return Markup(  # nosec B704 - every part is escaped
        f'<div class="seg" role="radiogroup" aria-labelledby="naam-{key}"{described_by}>{inner}</div>'
    )


@lru_cache(maxsize=128)
def _segment(statuses: tuple[Status, ...], chosen: str) -> str:
    """The buttons with a NUL where the enrolment's id belongs: escaped text cannot hold one in HTML."""
    return "".join(_button(status, chosen) for status in statuses)


def _button(status: Status, chosen: str) -> str:
    value, letter, word, short, minutes = status
    code = escape(letter)
    extra = _MINUTES[minutes] + (" checked" if value == chosen else "")
    return (
        f'<input class="seg__input" type="radio" id="s-\0-{code}" name="status-\0" value="{escape(value)}"'
        f' data-code="{code}"{extra} aria-label="{code} {escape(word)}">'
        f'<label class="seg__label seg__label--{code.lower()}" for="s-\0-{code}">'
        f"<b>{code}</b><span>{escape(short)}</span></label>"
    )
