"""Language: texts through gettext, and dates, times, hours and percentages as a reader expects them.

The source texts are Dutch, so Dutch needs no catalogue. Another language is a gettext catalogue named
``inleer`` under ``inleer/locale/<language>/LC_MESSAGES/`` and nothing else.

Board pages call these functions hundreds of times, so the slow part (Babel's pattern work) is cached per value.
"""

from __future__ import annotations

import gettext as stdlib_gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date as babel_date
from babel.numbers import format_decimal

DEFAULT_LANGUAGE = "nl"
LOCALE_DIR = Path(__file__).parent / "locale"
NBSP = "\N{NO-BREAK SPACE}"

# A date is written in one of these ways; the keys are the allowed values of ``style``.
DATE_PATTERNS = {
    "kort": "d MMM y",
    "lang": "d MMMM y",
    "dag": "EEE d MMM",
    "dag_lang": "EEEE d MMMM y",
    "dag_maand": "d MMMM",
    "maand": "LLLL y",
    "cijfers": "dd-MM-y",
}

_AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_language: ContextVar[str] = ContextVar("inleer_language", default=DEFAULT_LANGUAGE)


@lru_cache(maxsize=16)
def _catalogue(language: str) -> stdlib_gettext.NullTranslations:
    """The texts of a language; without a catalogue the Dutch source texts themselves."""
    return stdlib_gettext.translation("inleer", localedir=LOCALE_DIR, languages=[language], fallback=True)


def language() -> str:
    """The language of the current request or command, as a two-letter code."""
    return _language.get()


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Use another language inside the block; a language without a catalogue reads Dutch."""
    token = _language.set(code)
    try:
        yield
    finally:
        _language.reset(token)


def _(text: str, /, **params: object) -> str:
    """Translate a Dutch source text and fill its ``%(name)s`` places.

    Without params the text is taken as it is, so a bare percent sign needs no doubling.
    Raises KeyError when the text names a parameter that was not given.
    """
    translated = _catalogue(_language.get()).gettext(text)
    return translated % params if params else translated


def ngettext(singular: str, plural: str, n: int, /, **params: object) -> str:
    """Translate a text with a count: ``singular`` for 1, else ``plural``. ``%(n)s`` is the count."""
    translated = _catalogue(_language.get()).ngettext(singular, plural, n)
    return translated % {"n": n, **params}


def unknown() -> str:
    """The word for a value that nobody knows: never 0 and never an empty place."""
    return _("onbekend")


@lru_cache(maxsize=4096)
def _date(day: date, style: str, code: str) -> str:
    return babel_date(day, DATE_PATTERNS[style], locale=code)


def _day(moment: date | datetime) -> date:
    """The day in Amsterdam; raises ValueError for a datetime without a time zone."""
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:
        raise ValueError("naive datetime")
    return moment.astimezone(_AMSTERDAM).date()


def format_date(day: date | datetime | None, style: str = "kort") -> str:
    """A date in words; None reads "onbekend".

    ``style``: kort (17 nov 2026), lang (17 november 2026), dag (di 17 nov), dag_lang (dinsdag 17 november 2026),
    dag_maand (17 november), maand (november 2026), cijfers (17-11-2026). Raises KeyError for another style.
    """
    if day is None:
        return unknown()
    return _date(_day(day), style, _language.get())


def format_time(moment: datetime | time | None) -> str:
    """A time of day in Amsterdam as 09:05; a bare ``time`` is already local. None reads "onbekend"."""
    if moment is None:
        return unknown()
    if isinstance(moment, datetime):
        if moment.tzinfo is None:
            raise ValueError("naive datetime")
        moment = moment.astimezone(_AMSTERDAM).time()
    return f"{moment.hour:02d}:{moment.minute:02d}"


def format_datetime(moment: datetime | None) -> str:
    """A moment as "17 nov 2026 om 09:05"; None reads "onbekend"."""
    if moment is None:
        return unknown()
    return _("%(date)s om %(time)s", date=format_date(moment), time=format_time(moment))


def format_period(start: datetime, end: datetime) -> str:
    """A part of one day as "09:00–15:30"."""
    return f"{format_time(start)}\N{EN DASH}{format_time(end)}"


@lru_cache(maxsize=4096)
def _number(value: Decimal, decimals: int, code: str) -> str:
    rounded = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return str(format_decimal(rounded, locale=code, decimal_quantization=False))


def format_number(value: int | float | Decimal | None, decimals: int = 0) -> str:
    """A number with a decimal comma, rounded half up; trailing zeros fall away. None reads "onbekend"."""
    if value is None:
        return unknown()
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    return _number(exact, decimals, _language.get())


@lru_cache(maxsize=4096)
def _hours(minutes: int, style: str, code: str) -> str:
    if style == "lang":
        return _hours_in_words(minutes)
    if style == "kort_min" and 0 < minutes < 60:
        return f"{minutes}{NBSP}{_('min')}"
    number = _number(Decimal(minutes) / 60, 2, code)
    return number if style == "getal" else f"{number}{NBSP}{_('u')}"


def _hours_in_words(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    parts = [_("%(n)s uur", n=hours)] if hours or not rest else []
    if rest:
        parts.append(ngettext("%(n)s minuut", "%(n)s minuten", rest))
    return f" {_('en')} ".join(parts)


def format_hours(minutes: int | None, style: str = "kort") -> str:
    """A number of minutes as hours; None reads "onbekend".

    ``style``: kort (7,5 u), kort_min (the same, but 25 min under an hour), getal (7,5), lang (7 uur en 30 minuten).
    Raises KeyError for another style.
    """
    if minutes is None:
        return unknown()
    if style not in ("kort", "kort_min", "getal", "lang"):
        raise KeyError(style)
    return _hours(minutes, style, _language.get())


def format_percent(value: int | float | Decimal | None, decimals: int = 0) -> str:
    """A percentage between 0 and 100 as "83 %", rounded half up; None reads "onbekend"."""
    if value is None:
        return unknown()
    return f"{format_number(value, decimals)}{NBSP}%"


def format_relative(day: date | datetime, today: date) -> str:
    """How far a day lies from ``today``: vandaag, gisteren, 3 dagen geleden, over 2 weken, 5 maanden geleden.

    Weeks from 14 days on, months (of 30 days) from 60 on. Show the exact date beside it.
    """
    days = (_day(day) - today).days
    near = {0: _("vandaag"), -1: _("gisteren"), 1: _("morgen")}
    if days in near:
        return near[days]
    distance = _distance(abs(days))
    return (
        _("over %(distance)s", distance=distance)
        if days > 0
        else _("%(distance)s geleden", distance=distance)
    )


def _distance(days: int) -> str:
    if days < 14:
        return ngettext("%(n)s dag", "%(n)s dagen", days)
    if days < 60:
        return ngettext("%(n)s week", "%(n)s weken", days // 7)
    return ngettext("%(n)s maand", "%(n)s maanden", days // 30)
