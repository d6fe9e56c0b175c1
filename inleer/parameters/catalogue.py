"""All parameters there are, with unit, source and official values per date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Parameter:
    """One parameter: Dutch name, unit, allowed range, source, and its official values by first day."""

    key: str
    name: str
    unit: str
    minimum: int
    maximum: int
    source: str
    official: tuple[tuple[date, int], ...]


_ALWAYS = date(2000, 1, 1)

CATALOGUE: tuple[Parameter, ...] = (
    Parameter(
        "sixteen_hours.threshold_minutes",
        "Grens ongeoorloofd verzuim",
        "minuten",
        60,
        6000,
        "Leerplichtwet 1969, art. 21a: 16 uur in 4 weken",
        ((_ALWAYS, 960),),
    ),
    Parameter(
        "sixteen_hours.weeks",
        "Venster van de 16-uursregel",
        "schoolweken",
        1,
        12,
        "Leerplichtwet 1969, art. 21a",
        ((_ALWAYS, 4),),
    ),
    Parameter(
        "sixteen_hours.age_limit",
        "Leeftijdsgrens Doorstroompunt",
        "jaar (tot)",
        18,
        35,
        "WEB art. 8.1.8; vanaf 2026 Wet van school naar duurzaam werk: 27 jaar",
        ((_ALWAYS, 23), (date(2026, 1, 1), 27)),
    ),
    Parameter(
        "warning.unexcused_minutes",
        "Vroege waarschuwing ongeoorloofd verzuim",
        "minuten in 4 schoolweken",
        30,
        6000,
        "afspraak",
        ((_ALWAYS, 480),),
    ),
    Parameter(
        "warning.no_shows", "Niet verschenen achter elkaar", "sessies", 2, 10, "afspraak", ((_ALWAYS, 2),)
    ),
    Parameter(
        "warning.attendance_percent",
        "Ondergrens aanwezigheid over 4 schoolweken",
        "%",
        1,
        100,
        "afspraak",
        ((_ALWAYS, 80),),
    ),
    Parameter("register.lock_days", "Register gaat dicht na", "dagen", 0, 90, "afspraak", ((_ALWAYS, 14),)),
    Parameter("intention.stale_days", "Intentie verouderd na", "dagen", 7, 365, "afspraak", ((_ALWAYS, 60),)),
    Parameter("contact.days", "Geen contact sinds", "dagen", 7, 365, "afspraak", ((_ALWAYS, 30),)),
)

BY_KEY = {p.key: p for p in CATALOGUE}
