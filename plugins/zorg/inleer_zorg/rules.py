"""What may be written down about a resident, which steps a help request can take, when hours count. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from inleer.plugin import DomainError, _, format_date, format_hours

TASKS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "groceries": "boodschappen",
        "company": "gezelschap",
        "housekeeping": "licht huishoudelijk werk",
        "cooking": "samen koken en eten",
        "walking": "wandelen",
        "odd_job": "klusje in of om huis",
        "escort": "vervoer of begeleiding",
        "digital": "hulp met telefoon of computer",
    }
)
STATES: Final[Mapping[str, str]] = MappingProxyType(
    {"open": "open", "assigned": "toegewezen", "done": "afgerond", "withdrawn": "ingetrokken"}
)
#: The steps between states; from done and withdrawn the way back goes to where the request came from.
STEPS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "open": frozenset({"assigned", "withdrawn"}),
        "assigned": frozenset({"assigned", "open", "done", "withdrawn"}),
        "done": frozenset({"assigned"}),
        "withdrawn": frozenset({"open", "assigned"}),
    }
)
WEEKDAYS: Final = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
MOST_MINUTES: Final = 600
DAY_MINUTES: Final = 24 * 60
#: Planning value (docs/decisions/0081): four hours of visits in each of about twenty weeks. No source gives one.
NEEDED_MINUTES: Final = 80 * 60
#: School weeks in a row without a visit before somebody looks (docs/decisions/0082).
QUIET_WEEKS: Final = 3

_SALUTATION = r"(?:dhr\.?|mevr\.?|mw\.?|mevrouw|meneer|familie|fam\.?)"
_NAME = r"[^\W\d_]+(?:[-'’][^\W\d_]+)*"
_INITIALS = r"(?:[^\W\d_]\.){1,5}"
_REQUESTER = re.compile(rf"(?:{_SALUTATION}\s)?(?:{_INITIALS}|{_NAME})", re.IGNORECASE)
_NUMBER = re.compile(r"(?:\d[\s.-]?){6,}")
_POSTCODE = re.compile(r"\b[1-9]\d{3}\s?[A-Z]{2}\b")
_MEDICAL = re.compile(
    r"\b(?:alzheimer|beroerte|bsn|burgerservicenummer|dement|depress|diabet|diagnos|epilep|handicap|hartfalen"
    r"|incontinen|kanker|medicatie|medicijn|medisch|parkinson|psychi|suikerziekte|verslav|ziektebeeld)",
    re.IGNORECASE,
)


def check_requester(text: str) -> str:
    """The name by which a resident is known here: a first name or initials, at most with a form of address.

    Raises DomainError for anything that says more.
    """
    name = " ".join(text.split())
    if not _REQUESTER.fullmatch(name):
        raise DomainError(
            _("Vul alleen een voornaam of voorletters in, bijvoorbeeld “Mevr. J.” of “Ahmed”."), "requester"
        )
    return name


def check_text(text: str, field: str) -> str:
    """A short text without medical data, numbers that identify somebody, mail addresses or postcodes.

    Raises DomainError. It catches slips, it proves nothing: the help under the field says what belongs there.
    """
    words = " ".join(text.split())
    if _MEDICAL.search(words):
        raise DomainError(
            _("Schrijf geen medische gegevens op. Beschrijf alleen wat er gedaan wordt."), field
        )
    if _NUMBER.search(words) or _POSTCODE.search(words) or "@" in words:
        raise DomainError(
            _("Schrijf geen telefoonnummer, postcode, e-mailadres of ander nummer van de bewoner op."), field
        )
    return words


def check_step(state: str, to: str) -> None:
    """Raise DomainError when a help request cannot go from one state to the other."""
    if to not in STEPS[state]:
        raise DomainError(
            _(
                "Deze hulpvraag is %(from)s en kan niet %(to)s worden.",
                **{"from": STATES[state]},
                to=STATES[to],
            )
        )


def check_visit_day(
    on: date,
    today: date,
    begins: date | None,
    joined: date | None,
    left: date | None,
    pauses: Iterable[tuple[date, date | None]],
) -> None:
    """Refuse a day on which this person cannot have visited a resident.

    ``begins`` is the first day of the neighbourhood phase; pauses are (first day, last day or None). Raises
    DomainError on the field "on".
    """
    if on > today:
        problem = _("Deze dag is nog niet geweest. Leg het bezoek daarna vast.")
    elif begins is None:
        problem = _("Deze lichting heeft geen wijkstage.")
    elif on < begins:
        problem = _("De wijkstage begint op %(on)s.", on=format_date(begins, "lang"))
    elif joined is None or on < joined:
        problem = _("Deze deelnemer deed op die dag nog niet mee.")
    elif left is not None and on > left:
        problem = _("Deze deelnemer is gestopt op %(on)s.", on=format_date(left, "lang"))
    elif any(first <= on and (last is None or on <= last) for first, last in pauses):
        problem = _("Deze deelnemer had op die dag pauze.")
    else:
        return
    raise DomainError(problem, "on")


def check_minutes(minutes: int, others_that_day: int) -> None:
    """Refuse a visit that is too short or too long, or that makes more than 24 hours in a day. Raises DomainError."""
    if not 1 <= minutes <= MOST_MINUTES:
        raise DomainError(_("Vul een aantal minuten in van 1 tot %(most)s.", most=MOST_MINUTES), "minutes")
    if others_that_day + minutes > DAY_MINUTES:
        raise DomainError(_("Met de andere bezoeken van die dag samen is dit meer dan 24 uur."), "minutes")


def hours_verdict(minutes: int, begins: date | None, today: date) -> tuple[bool | None, str]:
    """Whether the hours in the neighbourhood are enough, and why; None while that cannot be said yet."""
    if begins is None:
        return None, _("Deze lichting heeft geen wijkstage.")
    if today < begins:
        return None, _("De wijkstage begint op %(on)s.", on=format_date(begins, "lang"))
    text = _(
        "%(hours)s van %(needed)s bezoeken in de wijk.",
        hours=format_hours(minutes),
        needed=format_hours(NEEDED_MINUTES),
    )
    return minutes >= NEEDED_MINUTES, text


def quiet_since(last: date, mondays: Sequence[date], today: date) -> date | None:
    """The day on which ``QUIET_WEEKS`` whole school weeks had passed since ``last``; None when that is not yet so.

    ``last`` is the day after which it is quiet; ``mondays`` are the school weeks around it, in order. The week of
    ``last`` itself does not count, nor does a week that is not over.
    """
    whole = [m for m in mondays if m > last and m + timedelta(days=7) <= today]
    return whole[QUIET_WEEKS - 1] + timedelta(days=7) if len(whole) >= QUIET_WEEKS else None
