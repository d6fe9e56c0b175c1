"""Pure rules of job intentions: steps, words, and how places are counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from inleer.errors import DomainError
from inleer.i18n import _

STEPS: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"requested", "confirmed", "declined"}),
    "requested": frozenset({"confirmed", "declined", "expired"}),
    "confirmed": frozenset({"withdrawn", "closed", "confirmed"}),
    "declined": frozenset(),
    "expired": frozenset({"requested"}),
    "withdrawn": frozenset(),
    "closed": frozenset(),
}
STATE_WORDS: Mapping[str, str] = {
    "draft": "nog niet gevraagd",
    "requested": "gevraagd",
    "confirmed": "bevestigd",
    "declined": "afgezegd",
    "expired": "geen antwoord",
    "withdrawn": "ingetrokken",
    "closed": "gesloten",
}
KIND_WORDS: Mapping[str, str] = {
    "intention": "intentie (inspanning)",
    "guarantee": "baangarantie (resultaat)",
    "conditional_contract": "voorwaardelijk contract",
}


class Confirmed(Protocol):
    """What freshness needs of an intention."""

    @property
    def state(self) -> str:
        """One of STATE_WORDS."""

    @property
    def confirmed_on(self) -> date | None:
        """The day of the last confirmation."""


class Intention(Protocol):
    """What counting needs of an intention."""

    @property
    def employer_id(self) -> UUID:
        """Whose intention it is; an employer may have several."""

    @property
    def state(self) -> str:
        """One of STATE_WORDS."""

    @property
    def positions(self) -> int | None:
        """Places; None when the employer named no number."""

    @property
    def hours_min(self) -> int | None:
        """Hours a week, at least."""

    @property
    def hours_max(self) -> int | None:
        """Hours a week, at most."""


@dataclass(frozen=True)
class Places:
    """Places of a cohort. ``without_number`` counts employers with an intention of which the number is unknown.

    ``hours_min`` and ``hours_max`` are the weekly hours of the confirmed places together, as far as an employer named
    them: of ``with_hours`` places.
    """

    confirmed: int
    waiting: int
    known: int
    without_number: int
    with_hours: int
    hours_min: int
    hours_max: int

    @property
    def average(self) -> tuple[int, int] | None:
        """Weekly hours (at least, at most) of a confirmed place with known hours; None when no hours are known."""
        if not self.with_hours:
            return None
        return round(self.hours_min / self.with_hours), round(self.hours_max / self.with_hours)

    @property
    def without_hours(self) -> int:
        """Confirmed places whose hours are unknown."""
        return self.confirmed - self.with_hours


def count_places(intentions: Iterable[Intention]) -> Places:
    """Confirmed, waiting and known places, and the weekly hours that the confirmed ones carry.

    Unknown hours are not zero hours: those places stay outside the sums. Only "at most" says nothing about at least.
    """
    rows = list(intentions)
    confirmed = [i for i in rows if i.state == "confirmed"]
    alive = [i for i in rows if i.state in ("draft", "requested", "confirmed", "expired")]
    timed = [(i.positions or 0, i.hours_min, i.hours_max) for i in confirmed]
    hours = [(n, low, low if high is None else high) for n, low, high in timed if low is not None]
    return Places(
        confirmed=sum(i.positions or 0 for i in confirmed),
        waiting=sum(i.positions or 0 for i in rows if i.state in ("draft", "requested")),
        known=sum(i.positions or 0 for i in alive),
        without_number=len({i.employer_id for i in alive if i.positions is None}),
        with_hours=sum(n for n, _low, _high in hours),
        hours_min=sum(n * low for n, low, _high in hours),
        hours_max=sum(n * high for n, _low, high in hours),
    )


def is_stale(intention: Confirmed, today: date, days: int) -> bool:
    """Whether a confirmed intention was not confirmed anew for more than ``days`` days."""
    return (
        intention.state == "confirmed"
        and intention.confirmed_on is not None
        and (today - intention.confirmed_on).days > days
    )


def check_step(old: str, new: str) -> None:
    """Refuse a step that does not exist. Raises DomainError with the ones that do."""
    if new not in STEPS[old]:
        possible = ", ".join(STATE_WORDS[s] for s in sorted(STEPS[old])) or _("niets meer")
        raise DomainError(
            _(
                "Een intentie die “%(old)s” is, kan niet “%(new)s” worden. Wel mogelijk: %(possible)s.",
                old=STATE_WORDS[old],
                new=STATE_WORDS[new],
                possible=possible,
            )
        )


def check_changeable(state: str, said: Sequence[str]) -> None:
    """Refuse a change of what was written down. ``said``: the changed fields that an employer answers for.

    Raises DomainError: a confirmed intention changes with an answer, one that ended not at all.
    """
    if state in ("declined", "withdrawn", "closed"):
        raise DomainError(
            _("Deze intentie is %(state)s en verandert niet meer.", state=_(STATE_WORDS[state]))
        )
    if state == "confirmed" and said:
        raise DomainError(
            _("De werkgever heeft dit bevestigd. Leg een nieuw antwoord vast als er iets anders geldt."),
            said[0],
        )


def check_values(kind: str, positions: int | None, hours_min: int | None, hours_max: int | None) -> None:
    """Refuse impossible numbers. A guarantee names a number; hours are 1 to 40 a week. Raises DomainError."""
    if kind not in KIND_WORDS:
        raise DomainError(_("Kies het soort toezegging."), "kind")
    if positions is not None and not 1 <= positions <= 500:
        raise DomainError(
            _("Vul een aantal plekken in van 1 tot 500, of laat leeg als het onbekend is."), "positions"
        )
    if kind == "guarantee" and positions is None:
        raise DomainError(_("Een baangarantie noemt een aantal plekken."), "positions")
    for name, hours in (("hours_min", hours_min), ("hours_max", hours_max)):
        if hours is not None and not 1 <= hours <= 40:
            raise DomainError(_("Vul uren per week in van 1 tot 40."), name)
    if hours_min is not None and hours_max is not None and hours_min > hours_max:
        raise DomainError(_("Het minimum aantal uren is hoger dan het maximum."), "hours_max")
