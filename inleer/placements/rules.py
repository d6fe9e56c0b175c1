"""Pure rules of placements: steps, days of the week, dates and hours, and when two are in each other's way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol, TypeVar

from inleer.errors import DomainError
from inleer.i18n import _

STEPS: Mapping[str, frozenset[str]] = {
    "proposed": frozenset({"agreed", "ended_early"}),
    "agreed": frozenset({"running", "ended_early"}),
    "running": frozenset({"completed", "ended_early"}),
    "completed": frozenset(),
    "ended_early": frozenset(),
}
STATE_WORDS: Mapping[str, str] = {
    "proposed": "voorgesteld",
    "agreed": "afgesproken",
    "running": "loopt",
    "completed": "afgerond",
    "ended_early": "eerder gestopt",
}
KIND_WORDS: Mapping[str, str] = {
    "neighbourhood": "wijkstage",
    "adl": "ADL-stage",
    "shadowing": "meeloopstage",
    "orientation_job": "oriëntatiebaan",
    "rotation": "rotatie",
    "on_site": "werkplek op locatie",
}
ENDED_BY_WORDS: Mapping[str, str] = {
    "candidate": "de kandidaat zelf",
    "employer": "de werkgever",
    "school": "de school",
    "leerhome": "de leerhome",
    "agency": "het werkbedrijf",
}
WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
WEEKDAYS_SHORT = ("ma", "di", "wo", "do", "vr", "za", "zo")
#: A full working week; a day has no more than 24 hours.
MOST_HOURS, HOURS_IN_A_DAY = 40, 24
#: Three years: longer is a slip of the pen in the year.
MOST_DAYS = 3 * 366


class Placed(Protocol):
    """What the rule about overlap needs of a placement."""

    @property
    def from_on(self) -> date:
        """The first day."""

    @property
    def last_on(self) -> date:
        """The last day, included; before ``from_on`` when it never began."""

    @property
    def weekdays(self) -> int:
        """The days of the week, as a sum (see :func:`days_sum`)."""


@dataclass(frozen=True)
class Span:
    """Days of a placement without the rest of it."""

    from_on: date
    last_on: date
    weekdays: int


P = TypeVar("P", bound=Placed)


def days_sum(days: Iterable[int]) -> int:
    """Days of the week (Monday is 0) as the one number in which they are stored. Raises ValueError for another day."""
    total = 0
    for day in days:
        if day not in range(7):
            raise ValueError(f"not a day of the week: {day}")
        total |= 1 << day
    return total


def days_of(weekdays: int) -> tuple[int, ...]:
    """The days of the week (Monday is 0) in a stored number, in their order."""
    return tuple(day for day in range(7) if weekdays >> day & 1)


def weekdays_text(weekdays: int) -> str:
    """The days in short words; three or more in a row as a span: "ma t/m do", "ma, wo en vr"."""
    days = days_of(weekdays)
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return _("%(first)s t/m %(last)s", first=WEEKDAYS_SHORT[days[0]], last=WEEKDAYS_SHORT[days[-1]])
    words = [WEEKDAYS_SHORT[day] for day in days]
    return _(" en ").join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def overlap(one: Placed, other: Placed) -> bool:
    """Whether two placements of one person are in each other's way: their dates overlap and they share a weekday.

    Both last days are included, so the second of two that touch begins the day after. One that never began is in
    nobody's way. A shared weekday counts also when it does not fall in the days in which the dates overlap.
    """
    if one.last_on < one.from_on or other.last_on < other.from_on:
        return False
    dates = one.from_on <= other.last_on and other.from_on <= one.last_on
    return dates and one.weekdays & other.weekdays != 0


def first_overlap(new: Placed, others: Iterable[P]) -> P | None:
    """The earliest of the others that is in the way of a new placement."""
    return min((o for o in others if overlap(new, o)), key=lambda o: o.from_on, default=None)


def check_step(old: str, new: str) -> None:
    """Refuse a transition that does not exist, with the ones that do. Raises DomainError."""
    if new not in STEPS[old]:
        possible = ", ".join(STATE_WORDS[s] for s in sorted(STEPS[old])) or _("niets meer")
        words = {"old": STATE_WORDS[old], "new": STATE_WORDS[new], "possible": possible}
        text = _("Van “%(old)s” kan dit niet naar “%(new)s”. Wel mogelijk: %(possible)s.", **words)
        raise DomainError(text)


def check_plan(kind: str, from_on: date, until_on: date, weekdays: int, hours: int) -> None:
    """Refuse a plan with impossible dates, days or hours. Raises DomainError with the field."""
    if kind not in KIND_WORDS:
        raise DomainError(_("Kies een soort."), "kind")
    if until_on < from_on:
        raise DomainError(_("De laatste dag ligt voor de eerste dag."), "until_on")
    if until_on - from_on >= timedelta(days=MOST_DAYS):
        raise DomainError(_("Dit duurt langer dan drie jaar. Controleer het jaartal."), "until_on")
    if not 0 < weekdays < 1 << len(WEEKDAYS):
        raise DomainError(_("Kies minstens één dag van de week."), "weekdays")
    if not 1 <= hours <= MOST_HOURS:
        raise DomainError(_("Vul een getal in van 1 tot en met 40."), "hours")
    days = len(days_of(weekdays))
    if hours > days * HOURS_IN_A_DAY:
        raise DomainError(
            _("%(hours)s uur per week past niet in %(days)s dag.", hours=hours, days=days), "hours"
        )


def fell_through(state: str, until_on: date, today: date) -> bool:
    """Whether a placement is over on the calendar though nobody recorded that it began."""
    return state in ("proposed", "agreed") and until_on < today


def state_word(state: str, until_on: date, today: date) -> str:
    """The state in Dutch: the stored one, or that its days are over and it never began."""
    return (
        _("voorbij, begin niet vastgelegd") if fell_through(state, until_on, today) else _(STATE_WORDS[state])
    )


def check_start(from_on: date, today: date) -> None:
    """Refuse to let a placement run before its first day. Raises DomainError."""
    if from_on > today:
        raise DomainError(_("De eerste dag ligt in de toekomst. Leg het begin vast op of na die dag."))


def check_completed(until_on: date, today: date) -> None:
    """Refuse to complete a placement before its last day: that is ending early. Raises DomainError."""
    if until_on > today:
        raise DomainError(
            _(
                "De laatste dag ligt in de toekomst. Wijzig de datum, of leg vast dat de plaatsing eerder stopt."
            )
        )


def check_ending(from_on: date, until_on: date, ended_on: date, by: str, reason: str, today: date) -> None:
    """Refuse an early end without who and why, or on a day that is not of the placement. Raises DomainError.

    The day before the first is allowed, also ahead of time: then it never began.
    """
    if by not in ENDED_BY_WORDS:
        raise DomainError(_("Kies wie het initiatief nam."), "by")
    if not reason.strip():
        raise DomainError(_("Schrijf op waarom de plaatsing eerder stopt."), "reason")
    never_began = from_on - timedelta(days=1)
    if ended_on < never_began:
        raise DomainError(_("De laatste dag ligt voor de eerste dag van de plaatsing."), "ended_on")
    if ended_on > today and ended_on != never_began:
        raise DomainError(_("De laatste dag ligt in de toekomst. Leg dit vast op of na die dag."), "ended_on")
    if ended_on >= until_on:
        raise DomainError(_("Op deze dag eindigt de plaatsing al volgens plan, of later."), "ended_on")
