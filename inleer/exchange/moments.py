"""Days and times from cells: Dutch notations, ISO 8601, and Excel's numbers."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from math import isfinite

from inleer.clock import AMSTERDAM
from inleer.errors import DomainError, ImportProblem
from inleer.exchange.cells import Cell
from inleer.exchange.values import clean, shown
from inleer.i18n import _
from inleer.people.rules import check_birth_date

#: Outside these days a date is a mistake of the keyboard or of Excel, not a fact.
EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)
#: Sessions, starts and intentions lie in the time of the programmes.
PLANNED_FROM = date(2000, 1, 1)
LONGEST_DATE = 60

_FAKE_DAY = 60
_LAST_SERIAL = 2_958_465
_MONTHS = ("jan", "feb", "maa", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_NUMERIC = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]+)", re.ASCII)
_WORDS = re.compile(r"(?:[a-z]+,? )?([0-9]{1,2})[- ]([a-z]+)\.?[- ]([0-9]+)", re.ASCII)
_ISO = re.compile(r"[0-9]{4}-(?:[0-9]{2}-[0-9]{2}|W[0-9]{2}-[1-7])|[0-9]{8}", re.ASCII)
_SLASHED_ISO = re.compile(r"([0-9]{4})[/.]([0-9]{1,2})[/.]([0-9]{1,2})", re.ASCII)
_SERIAL = re.compile(r"[0-9]{5}(?:[.,][0-9]+)?", re.ASCII)
_CLOCK_TAIL = re.compile(r"[T ]+[0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?(?: ?uur)?$", re.ASCII)
_CLOCK = re.compile(
    r"([0-9]{1,2})[:.u]([0-9]{2})(?:[:.]([0-9]{2}))?(?: ?(?:uur|u))?", re.ASCII | re.IGNORECASE
)
_WHOLE_HOUR = re.compile(r"([0-9]{1,2}) ?(?:uur|u)", re.ASCII | re.IGNORECASE)
_FOUR_DIGITS = re.compile(r"([0-9]{2})([0-9]{2})", re.ASCII)


def parse_date(value: Cell, date1904: bool = False, earliest: date = EARLIEST, latest: date = LATEST) -> date:
    """A day from ``earliest`` to ``latest``: a date cell, a day number of Excel, or text.

    Text: 1-2-2026, 01/02/2026, 1.2.2026 (day first), 2026-02-01 and 2026-W05-7 (ISO 8601), 20260201, "1 mrt. 2026",
    a day number of five digits; a time behind it is left out. ``date1904``: Excel counts from 1904. Refused: years
    of two digits, days that do not exist, days without year or month, Excel's numbers 60 (29-02-1900), 0 and below.
    """
    day = _as_day(value, date1904)
    if not earliest <= day <= latest:
        raise ImportProblem(
            _(
                "%(day)s kan hier niet; verwacht is een dag van %(first)s tot en met %(last)s.",
                day=_dutch(day),
                first=_dutch(earliest),
                last=_dutch(latest),
            )
        )
    return day


def parse_planned_date(value: Cell, date1904: bool = False) -> date:
    """A day of a session, a start or an intention: 2000 to 2100."""
    return parse_date(value, date1904, earliest=PLANNED_FROM)


def parse_birth_date(value: Cell, today: date, date1904: bool = False) -> date:
    """A date of birth of somebody from 14 to 100 years old on ``today``."""
    born = parse_date(value, date1904, earliest=date.min, latest=date.max)
    try:
        check_birth_date(born, today)
    except DomainError as error:
        raise ImportProblem(error.message) from error
    return born


def _dutch(day: date) -> str:
    return f"{day.day:02d}-{day.month:02d}-{day.year:04d}"


def _as_day(value: Cell, date1904: bool) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _of_serial(value, date1904)
    if isinstance(value, timedelta):
        return _of_serial(value / timedelta(days=1), date1904)
    if isinstance(value, str):
        return _of_text(value, date1904)
    raise ImportProblem(_("Hier hoort een datum; er staat %(value)s.", value=shown(value)))


def _of_serial(number: float, date1904: bool) -> date:
    if not isfinite(number) or not 1 <= number < _LAST_SERIAL + 1:
        raise ImportProblem(
            _("%(value)s is geen datum. Vul een datum in, zoals 31-12-2026.", value=shown(number))
        )
    whole = int(number)
    if date1904:
        whole = min(whole, (date.max - date(1904, 1, 1)).days)
        return date(1904, 1, 1) + timedelta(days=whole)
    if whole == _FAKE_DAY:
        raise ImportProblem(
            _("Excel telt hier 29-02-1900, een dag die niet bestaat. Vul de juiste datum in.")
        )
    # Excel believes in that day, so the days before it are counted from one day later.
    return date(1899, 12, 30 if whole > _FAKE_DAY else 31) + timedelta(days=whole)


@lru_cache(maxsize=20_000)
def _of_text(raw: str, date1904: bool) -> date:
    text = clean(raw)
    # No notation is longer, and looking for a time at the end of a very long text takes very long.
    day = _CLOCK_TAIL.sub("", text) if len(text) <= LONGEST_DATE else ""
    if _SERIAL.fullmatch(day):
        return _of_serial(float(day.replace(",", ".")), date1904)
    parts = _day_month_year(day.lower())
    try:
        if parts:
            return date(*parts)
        if _ISO.fullmatch(day):
            return date.fromisoformat(day)
    except ValueError as fault:
        raise ImportProblem(
            _("%(value)s bestaat niet. Vul een bestaande datum in, zoals 31-12-2026.", value=shown(text))
        ) from fault
    raise ImportProblem(
        _("“%(value)s” is geen datum. Schrijf dag-maand-jaar, zoals 31-12-2026.", value=shown(text))
    )


def _day_month_year(text: str) -> tuple[int, int, int] | None:
    """(year, month, day) as written, or None for another notation. Raises ImportProblem for a short year."""
    slashed = _SLASHED_ISO.fullmatch(text)
    if slashed:
        return int(slashed.group(1)), int(slashed.group(2)), int(slashed.group(3))
    numeric, words = _NUMERIC.fullmatch(text), _WORDS.fullmatch(text)
    found = numeric or words
    if found is None:
        return None
    day, month_text, year = found.groups()
    if len(year) != 4:
        raise ImportProblem(_("Schrijf het jaar met vier cijfers; er staat “%(value)s”.", value=shown(text)))
    month = int(month_text) if numeric else _month(month_text)
    return (int(year), month, int(day)) if month is not None else None


def _month(word: str) -> int | None:
    """1 to 12 for a Dutch month in full or abbreviated (mrt, maart, sept); None for another word."""
    short = {"mrt": "maa", "mar": "maa", "may": "mei", "oct": "okt"}.get(word[:3], word[:3])
    full = (
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    )
    if short not in _MONTHS:
        return None
    month = _MONTHS.index(short)
    return month + 1 if len(word) == 3 or full[month].startswith(word) else None


def parse_time(value: Cell) -> time:
    """A time of day to the minute: a time cell, a part of a day (0,375), or 9:00, 09.00, 9u30, "9 uur", 0900."""
    if isinstance(value, datetime):
        return value.time().replace(microsecond=0)
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    if isinstance(value, timedelta):
        value = value / timedelta(days=1)
    if isinstance(value, float) and 0 < value < 1:
        minutes = min(round(value * 24 * 60), 24 * 60 - 1)
        return time(minutes // 60, minutes % 60)
    text = clean(value) if isinstance(value, str) else ""
    match = _CLOCK.fullmatch(text) or _FOUR_DIGITS.fullmatch(text) or _WHOLE_HOUR.fullmatch(text)
    if match:
        hour, minute = int(match.group(1)), int(match.group(2)) if match.re is not _WHOLE_HOUR else 0
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise ImportProblem(
        _("“%(value)s” is geen tijd. Schrijf uren en minuten, zoals 09:30.", value=shown(value))
    )


def parse_time_range(value: Cell) -> tuple[time, time]:
    """Begin and end from one cell: "09:00 - 12:30", "9.00-12.30 uur", "9:00 tot 12:30"."""
    text = clean(value) if isinstance(value, str) else ""
    ends = re.split(r"\s*(?:-|–|—|t/m|tot)\s*", text, maxsplit=1)
    if len(ends) != 2:
        raise ImportProblem(
            _("Schrijf begin en einde, zoals 09:00-12:30; er staat “%(value)s”.", value=shown(value))
        )
    return parse_time(ends[0]), parse_time(ends[1])


def in_amsterdam(day: date, clock: time) -> datetime:
    """The moment (UTC) at which Amsterdam clocks show this time.

    In the night that winter time begins, a time that comes twice is taken the first time. A time that is
    skipped in the night that summer time begins raises ImportProblem.
    """
    moment = datetime.combine(day, clock, AMSTERDAM).astimezone(UTC)
    if moment.astimezone(AMSTERDAM).replace(tzinfo=None) != datetime.combine(day, clock):
        raise ImportProblem(
            _(
                "Op %(day)s bestaat %(clock)s niet: de klok gaat dan een uur vooruit.",
                day=_dutch(day),
                clock=f"{clock:%H:%M}",
            )
        )
    return moment
