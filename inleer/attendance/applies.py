"""What reaching 16 hours means for this person on that day. Pure.

Source: domain.md, "What it means depends on the person" (Leerplichtwet, WEB 8.1.8, DUO "Soorten verzuim").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

Qualification = Literal["yes", "no", "unknown"]

#: (valid from, age limit): the first values of a dated setting. Under this age the Doorstroompunt has a task.
AGE_LIMITS: Sequence[tuple[date, int]] = ((date.min, 23), (date(2026, 1, 1), 27))


class Applicability(StrEnum):
    """``mandatory``: the school must report. ``local``: by local agreement. ``unknown``: no date of birth."""

    MANDATORY = "mandatory"
    LOCAL = "local"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"


_UNKNOWN_NOTE = "Of er een startkwalificatie is, is onbekend; dit telt als geen startkwalificatie."


@dataclass(frozen=True, slots=True)
class Applies:
    """The outcome with its reason: ``text_nl`` is a Dutch text for the screen, ``age`` is in completed
    years.

    ``qualification_unknown`` is set whenever the basic qualification is unknown; the text says so where it
    matters.
    """

    kind: Applicability
    qualification_unknown: bool
    age: int | None
    text_nl: str


def age_limit_on(on: date, limits: Sequence[tuple[date, int]] = AGE_LIMITS) -> int:
    """The age limit that was law on a day. Raises ValueError when no value is valid yet."""
    valid = [(start, limit) for start, limit in limits if start <= on]
    if not valid:
        raise ValueError(f"no age limit on {on}")
    return max(valid)[1]


def age_on(birth_date: date, on: date) -> int:
    """Completed years; born on 29 February counts from 1 March. ValueError when ``on`` lies before the birth."""
    if on < birth_date:
        raise ValueError("De geboortedatum ligt in de toekomst.")
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def applicability(birth_date: date | None, qualification: Qualification, on: date, age_limit: int) -> Applies:
    """Whether a report is mandatory, a local agreement or not applicable, with the age on day ``on``.

    ``on`` is the day on which 16 hours were reached, else the day asked about; ``age_limit`` is the setting
    that was valid then (``age_limit_on``): the local agreement holds for those who are younger. An unknown
    qualification counts as none. Without a date of birth the outcome is ``unknown``, unless the person has
    a basic qualification. Raises ValueError for another qualification and for a birth after ``on``.
    """
    if qualification not in ("yes", "no", "unknown"):
        raise ValueError(f"unknown qualification {qualification!r}")
    age = None if birth_date is None else age_on(birth_date, on)
    if qualification == "yes":
        text = "Niet van toepassing: deze persoon heeft een startkwalificatie."
        return Applies(Applicability.NOT_APPLICABLE, False, age, text)
    unknown = qualification == "unknown"
    if age is None:
        text = "Niet te bepalen: de geboortedatum is onbekend. Vul die eerst in."
        return Applies(Applicability.UNKNOWN, unknown, age, text)
    if age >= age_limit:
        text = f"Niet van toepassing: deze persoon is {age_limit} jaar of ouder."
        return Applies(Applicability.NOT_APPLICABLE, unknown, age, text)
    note = f" {_UNKNOWN_NOTE}" if unknown else ""
    without = "" if unknown else " en zonder startkwalificatie"
    if age < 18:
        text = f"Melden is verplicht: jonger dan 18 jaar{without}. De school doet de melding."
        return Applies(Applicability.MANDATORY, unknown, age, text + note)
    text = (
        f"Melden is een lokale afspraak: 18 tot {age_limit} jaar{without}. "
        "Verplicht is melden bij het Doorstroompunt na 4 weken aaneengesloten afwezigheid."
    )
    return Applies(Applicability.LOCAL, unknown, age, text + note)
