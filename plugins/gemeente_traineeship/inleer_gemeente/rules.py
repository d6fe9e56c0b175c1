"""The rules that count for placing trainees: pure functions over what is planned. Texts are for professionals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from inleer.plugin import DomainError, _, format_date, holds_bsn

#: Somebody with one of these states has a place in the group.
TAKING_PART: Final = ("selected", "active", "paused")


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers of the programme on a day: size of the group, trainees per directorate, days to look ahead."""

    group_min: int = 12
    group_target: int = 14
    group_max: int = 16
    directorate_min: int = 3
    directorate_max: int = 4
    ahead_days: int = 30


@dataclass(frozen=True, slots=True)
class Period:
    """A stay of one trainee at a workplace: in which phase, as what, with whom, from and until a day."""

    phase_key: str
    function: str
    directorate: str
    supervisor: str
    trained_on: date | None
    from_on: date
    until_on: date
    placement_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is not as the programme asks. One that ``blocks`` keeps a placement from being agreed."""

    code: str
    text: str
    blocks: bool = False


def same_function(one: str, other: str) -> bool:
    """Whether two functions are the same, whatever the capitals and spaces."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def check_text(text: str, field: str) -> str:
    """A short text with single spaces. Raises DomainError for a citizen service number."""
    words = " ".join(text.split())
    if holds_bsn(words):
        raise DomainError(_("Dit lijkt een burgerservicenummer; dat wordt hier niet vastgelegd."), field)
    return words


def repeated(period: Period, others: Iterable[Period]) -> Problem | None:
    """That a trainee had, or will have, this function in another period; ``others`` may hold the period itself."""
    for other in others:
        same = other is period or (period.placement_id and other.placement_id == period.placement_id)
        if not same and same_function(other.function, period.function):
            words = {"name": period.function, "on": format_date(other.from_on)}
            text = _("%(name)s is al de functie van de periode die op %(on)s begint.", **words)
            return Problem("function", text, blocks=True)
    return None


def untrained(period: Period) -> Problem | None:
    """That the supervisor was not trained before the first day of the period."""
    if period.trained_on is not None and period.trained_on < period.from_on:
        return None
    words = {"who": period.supervisor or _("de begeleider"), "on": format_date(period.from_on)}
    if period.trained_on is None:
        text = _("Een training van %(who)s staat er nog niet. Die hoort voor %(on)s te zijn.", **words)
    else:
        day = format_date(period.trained_on)
        text = _(
            "De training van %(who)s is pas op %(day)s. Die hoort voor %(on)s te zijn.", day=day, **words
        )
    return Problem("supervisor", text, blocks=True)


def problems_of(period: Period, others: Sequence[Period]) -> list[Problem]:
    """Everything that keeps this period from being agreed."""
    return [p for p in (repeated(period, others), untrained(period)) if p is not None]


def taken(stays: Iterable[tuple[date, date]], from_on: date, until_on: date) -> int:
    """The highest number of stays (first and last day) at one moment between two days, both included."""
    inside = [(max(a, from_on), min(b, until_on)) for a, b in stays if a <= until_on and from_on <= b]
    return max((sum(a <= day <= b for a, b in inside) for day, _last in inside), default=0)


def without_first(first: Sequence[Period], start: date, today: date, limits: Limits) -> Problem | None:
    """That the first workplace of somebody is not known although the start is near, or has been."""
    if first or (start - today).days > limits.ahead_days:
        return None
    return Problem(
        "first", _("Nog geen eerste werkplek. De lichting begint op %(on)s.", on=format_date(start))
    )


def group_problem(people: int, limits: Limits) -> Problem | None:
    """That the group is smaller or larger than the programme allows."""
    if limits.group_min <= people <= limits.group_max:
        return None
    words = {"n": people, "min": limits.group_min, "max": limits.group_max, "target": limits.group_target}
    text = _(
        "%(n)s trainees; de groep is %(min)s tot en met %(max)s, met %(target)s als streefgetal.", **words
    )
    return Problem("group", text)


def guarantee_problem(guaranteed: tuple[int, date] | None, people: int) -> Problem | None:
    """That fewer jobs afterwards are guaranteed than there are trainees; ``guaranteed`` is how many since which day."""
    places, since = guaranteed or (0, None)
    if places >= people:
        return None
    if since is None or not places:
        text = _("Er is nog geen baangarantie bevestigd, voor %(people)s trainees.", people=people)
        if since is not None:
            text = _(
                "Er is sinds %(on)s geen baangarantie bevestigd, voor %(people)s trainees.",
                people=people,
                on=format_date(since),
            )
        return Problem("guarantee", text)
    words = {"n": places, "people": people, "on": format_date(since), "short": people - places}
    text = _("Baangarantie voor %(n)s van %(people)s trainees, sinds %(on)s: %(short)s te weinig.", **words)
    return Problem("guarantee", text)


def directorate_problems(names: Iterable[str], limits: Limits) -> list[Problem]:
    """The directorates with fewer or more trainees in a period than agreed; ``names`` has one for each trainee."""
    low, high = limits.directorate_min, limits.directorate_max
    range_text = _("%(low)s of %(high)s", low=low, high=high)
    if high != low + 1:
        range_text = _("%(low)s tot en met %(high)s", low=low, high=high)
    return [
        Problem(
            "directorate", _("%(name)s: %(n)s, afgesproken is %(range)s.", name=name, n=n, range=range_text)
        )
        for name, n in sorted(Counter(names).items())
        if not low <= n <= high
    ]
