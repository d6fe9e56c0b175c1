"""Which days are free and which weeks are school weeks. Pure: dates in, dates out.

A school week is a Monday–Sunday week in which no Monday–Friday day is a vacation day. Public holidays and
closing days do not take a school week away; a single vacation day on a weekday does. Weeks are known by the
date of their Monday, never by a number, so a year with 53 weeks needs no special care.
Interpretations are explained in docs/decisions/0010-school-calendar.md.
"""

from __future__ import annotations

import calendar as month_lengths
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Literal, get_args

Region = Literal["noord", "midden", "zuid"]

DAY = timedelta(days=1)
WEEK = timedelta(days=7)

# In the law this day is only put on a par with a public holiday; schools may teach on it.
_NOT_FREE_BY_ITSELF = "goede vrijdag"
# A year of the national regulation is complete when it has these five.
_SUMMER = "zomervakantie"
_VACATIONS = frozenset({"kerstvakantie", "voorjaarsvakantie", "meivakantie", _SUMMER, "herfstvakantie"})


class UnknownVacations(ValueError):
    """The national school vacations of ``year`` are not known; the message is a Dutch sentence."""

    def __init__(self, region: str, year: int) -> None:
        super().__init__(f"Voor {year} zijn geen schoolvakanties bekend (regio {region}).")
        self.region = region
        self.year = year


@dataclass(frozen=True, slots=True)
class Period:
    """The days ``start`` to ``end``, both included. Raises ValueError when the end lies before the start."""

    start: date
    end: date
    name: str = ""

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"De einddatum {self.end} ligt voor de begindatum {self.start}.")

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def overlaps(self, first: date, last: date) -> bool:
        """Whether the period shares a day with ``first`` to ``last`` (included)."""
        return self.start <= last and first <= self.end


@dataclass(frozen=True)
class SchoolCalendar:
    """The calendar of one institution.

    ``vacations`` take school weeks away; ``holidays`` (day → name) and ``closed`` only make days free.
    ``first`` and ``last`` bound what the calendar knows; every question about a day outside raises
    ValueError, because "no vacation" would be a wrong answer there.
    """

    vacations: tuple[Period, ...]
    holidays: Mapping[date, str] = field(hash=False)
    closed: tuple[Period, ...] = ()
    first: date = date.min
    last: date = date.max

    def covers(self, day: date) -> bool:
        """Whether the calendar knows this day."""
        return self.first <= day <= self.last

    def is_vacation(self, day: date) -> bool:
        """Whether the day lies in a vacation."""
        return self._find(self.vacations, day) is not None

    def is_free(self, day: date) -> bool:
        """Whether the day is a public holiday, a vacation day or a closing day. A weekend is not free by
        itself.
        """
        return self.reason(day) is not None

    def reason(self, day: date) -> str | None:
        """Why the day is free, in Dutch; None on an ordinary day. The name of a holiday goes first."""
        vacation = self._find(self.vacations, day)
        if day in self.holidays:
            return self.holidays[day]
        if vacation is not None:
            return vacation.name or "Vakantie"
        closing = self._find(self.closed, day)
        return None if closing is None else closing.name or "Gesloten"

    def is_school_week(self, day: date) -> bool:
        """Whether the week of ``day`` (usually its Monday) has no vacation on Monday to Friday."""
        start = monday(day)
        if start not in self._weeks:
            friday = start + 4 * DAY
            self._require(start)
            self._require(friday)
            self._weeks[start] = not any(vacation.overlaps(start, friday) for vacation in self.vacations)
        return self._weeks[start]

    @cached_property
    def _weeks(self) -> dict[date, bool]:
        """What was found of each week: the absence rules ask for the same weeks for every person."""
        return {}

    @cached_property
    def _spans(self) -> dict[tuple[date, date], tuple[date, ...]]:
        """The school weeks of the spans that were asked for."""
        return {}

    def _find(self, periods: tuple[Period, ...], day: date) -> Period | None:
        self._require(day)
        return next((period for period in periods if day in period), None)

    def _require(self, day: date) -> None:
        if not self.covers(day):
            raise ValueError(
                f"Deze kalender loopt van {self.first} tot en met {self.last}; {day} valt daarbuiten."
            )


@lru_cache(maxsize=4096)
def monday(day: date) -> date:
    """The Monday of the week of ``day``."""
    return day - day.weekday() * DAY


def school_weeks(calendar: SchoolCalendar, first: date, last: date) -> tuple[date, ...]:
    """The Mondays of the school weeks that share a day with ``first`` to ``last``; none when last < first."""
    if last < first:
        return ()
    key = (monday(first), monday(last))
    known = calendar._spans.get(key)
    if known is None:
        count = (key[1] - key[0]).days // 7 + 1
        known = tuple(
            week for week in (key[0] + n * WEEK for n in range(count)) if calendar.is_school_week(week)
        )
        calendar._spans[key] = known
    return known


def week_index(calendar: SchoolCalendar, start: date, day: date) -> int | None:
    """The number of the school week that ``day`` is in, counting the week of ``start`` as 1.

    None when the week of ``day`` is not a school week or lies before ``start``. When the week of ``start`` is
    not a school week, the first one after it is 1.
    """
    if monday(day) < monday(start) or not calendar.is_school_week(day):
        return None
    return len(school_weeks(calendar, monday(start), day))


def add_school_weeks(calendar: SchoolCalendar, start: date, count: int) -> date:
    """The last day (Sunday) of the ``count``-th school week, counting the week of ``start`` as the first.

    Raises ValueError when ``count`` < 1 or when the calendar ends before that week.
    """
    if count < 1:
        raise ValueError("Het aantal schoolweken moet minstens 1 zijn.")
    week = monday(start)
    while True:
        count -= calendar.is_school_week(week)
        if count == 0:
            return week + 6 * DAY
        if week > date.max - 2 * WEEK:
            raise ValueError("De kalender heeft niet zo veel schoolweken.")
        week += WEEK


def add_months(day: date, count: int) -> date:
    """``count`` months later (negative: earlier) on the same day of the month, or on the month's last day."""
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    month += 1
    return date(year, month, min(day.day, month_lengths.monthrange(year, month)[1]))


def dutch_calendar(
    region: Region,
    first: date,
    last: date,
    *,
    extra: Sequence[Period] = (),
    removed: Sequence[Period] = (),
    closed: Sequence[Period] = (),
) -> SchoolCalendar:
    """The Dutch public holidays and the school vacations of a region, for at least ``first`` to ``last``.

    ``extra`` adds vacations of the institution, ``removed`` takes days out of the national vacations (not
    out of ``extra``), ``closed`` are closing days that are no vacation. Source: the national vacation
    regulation, as carried by the ``holidays`` library. Raises UnknownVacations (a ValueError) that names
    the year without data, and ValueError for an unknown region or last < first.
    """
    if region not in get_args(Region):
        raise ValueError(f"Onbekende regio: {region}. Kies noord, midden of zuid.")
    if last < first:
        raise ValueError(f"De einddatum {last} ligt voor de begindatum {first}.")
    years = _years(region, first, last)
    vacations = _joined([period for data in years for period in data.vacations])
    for gap in removed:
        vacations = [part for period in vacations for part in _without(period, gap)]
    return SchoolCalendar(
        vacations=tuple(sorted([*vacations, *extra], key=lambda period: (period.start, period.end))),
        holidays=MappingProxyType({day: name for data in years for day, name in data.holidays}),
        closed=tuple(closed),
        first=date(years[0].year, 1, 1),
        last=years[-1].known_until or last,
    )


@dataclass(frozen=True, slots=True)
class _Year:
    """National data of one year; ``known_until`` is None without data."""

    year: int
    vacations: tuple[Period, ...]
    holidays: tuple[tuple[date, str], ...]
    known_until: date | None


def _years(region: str, first: date, last: date) -> list[_Year]:
    """The data of every year that the whole weeks of ``first`` to ``last`` touch; stops at the first gap."""
    years: list[_Year] = []
    for number in range(first.year, last.year + 1):
        years.append(_known(region, number))
    sunday = monday(last) + 6 * DAY
    if monday(first).year < first.year:
        years.insert(0, _known(region, first.year - 1))
    if sunday.year > last.year:
        years.append(_known(region, sunday.year))
    known_until = years[-1].known_until
    if known_until is None or sunday > known_until:
        raise UnknownVacations(region, sunday.year)
    return years


@lru_cache(maxsize=2048)
def vacations_known(day: date) -> bool:
    """Whether the school vacations of the week of this day are published, in every region."""
    try:
        for region in get_args(Region):
            _years(region, day, day)
    except UnknownVacations:
        return False
    return True


def _known(region: str, year: int) -> _Year:
    data = _year(region, year)
    if data.known_until is None:
        raise UnknownVacations(region, year)
    return data


@lru_cache(maxsize=128)
def _year(region: str, year: int) -> _Year:
    import holidays as public_data  # here: slow to import, and not every process asks for a calendar

    school = public_data.country_holidays(
        "NL", subdiv=region.capitalize(), years=year, categories=("school",), language="nl"
    )
    public = public_data.country_holidays("NL", years=year, categories=("public",), language="nl")
    vacations = _joined([Period(day, day, name) for day, name in sorted(school.items())])
    free = tuple((d, name) for d, name in sorted(public.items()) if name.casefold() != _NOT_FREE_BY_ITSELF)
    return _Year(year, tuple(vacations), free, _known_until(year, vacations))


def _known_until(year: int, vacations: Sequence[Period]) -> date | None:
    """31 December of a complete year; the end of the summer vacation when the autumn is not published yet."""
    ends = {period.name.casefold(): period.end for period in vacations}
    if ends.keys() >= _VACATIONS:
        return date(year, 12, 31)
    until_summer = _VACATIONS - {"herfstvakantie"}
    return ends[_SUMMER] if ends.keys() >= until_summer else None


def _joined(periods: Sequence[Period]) -> list[Period]:
    """Joins neighbouring periods of the same name, so that Christmas is one vacation and not two."""
    joined: list[Period] = []
    for period in periods:
        if joined and joined[-1].name == period.name and joined[-1].end + DAY >= period.start:
            joined[-1] = Period(joined[-1].start, max(joined[-1].end, period.end), period.name)
        else:
            joined.append(period)
    return joined


def _without(period: Period, gap: Period) -> list[Period]:
    if not period.overlaps(gap.start, gap.end):
        return [period]
    parts = []
    if period.start < gap.start:
        parts.append(Period(period.start, gap.start - DAY, period.name))
    if gap.end < period.end:
        parts.append(Period(gap.end + DAY, period.end, period.name))
    return parts
