"""All parameters there are, with unit, source and official values per date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

#: The first day of what holds as long as inleer reaches back.
ALWAYS = date(2000, 1, 1)


@dataclass(frozen=True)
class Parameter:
    """One parameter: Dutch name, unit, allowed range, source, and its official values by first day.

    Values are whole numbers. The first official value holds from 1-1-2000 on. A plugin's key is "plugin.name". Raises
    ValueError for a range that is empty or does not hold an official value.
    """

    key: str
    name: str
    unit: str
    minimum: int
    maximum: int
    source: str
    official: tuple[tuple[date, int], ...]

    def __post_init__(self) -> None:
        days = [day for day, _value in self.official]
        if not days or days != sorted(set(days)) or days[0] > ALWAYS:
            raise ValueError(f"{self.key}: official values start on {ALWAYS} and go up")
        if not all(self.minimum <= value <= self.maximum for _day, value in self.official):
            raise ValueError(f"{self.key}: an official value outside the range")


CATALOGUE: tuple[Parameter, ...] = (
    Parameter(
        "sixteen_hours.threshold_minutes",
        "Grens ongeoorloofd verzuim",
        "minuten",
        60,
        6000,
        "Leerplichtwet 1969, art. 21a: 16 uur in 4 weken",
        ((ALWAYS, 960),),
    ),
    Parameter(
        "sixteen_hours.weeks",
        "Venster van de 16-uursregel",
        "schoolweken",
        1,
        12,
        "Leerplichtwet 1969, art. 21a",
        ((ALWAYS, 4),),
    ),
    Parameter(
        "sixteen_hours.age_limit",
        "Leeftijdsgrens Doorstroompunt",
        "jaar (tot)",
        18,
        35,
        "WEB art. 8.1.8; vanaf 2026 Wet van school naar duurzaam werk: 27 jaar",
        ((ALWAYS, 23), (date(2026, 1, 1), 27)),
    ),
    Parameter(
        "warning.unexcused_minutes",
        "Vroege waarschuwing ongeoorloofd verzuim, in 4 schoolweken",
        "minuten",
        30,
        6000,
        "afspraak",
        ((ALWAYS, 480),),
    ),
    Parameter(
        "warning.no_shows",
        "Niet verschenen achter elkaar",
        "bijeenkomsten",
        2,
        10,
        "afspraak",
        ((ALWAYS, 2),),
    ),
    Parameter(
        "warning.attendance_percent",
        "Ondergrens aanwezigheid over 4 schoolweken",
        "%",
        1,
        100,
        "afspraak",
        ((ALWAYS, 80),),
    ),
    Parameter("register.lock_days", "Register gaat dicht na", "dagen", 0, 90, "afspraak", ((ALWAYS, 14),)),
    Parameter("intention.stale_days", "Intentie verouderd na", "dagen", 7, 365, "afspraak", ((ALWAYS, 60),)),
    Parameter("contact.days", "Geen contact sinds", "dagen", 7, 365, "afspraak", ((ALWAYS, 30),)),
    Parameter(
        "reads.most",
        "Melding van ongewone inzage boven",
        "kandidaten per persoon per dag",
        10,
        10_000,
        "afspraak; en meer dan drie keer wat voor deze persoon gewoon is",
        ((ALWAYS, 150),),
    ),
)

BY_KEY = {p.key: p for p in CATALOGUE}
