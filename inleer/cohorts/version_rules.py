"""Moving a cohort to another version of its route: which phase becomes which, what cannot be, the new dates. Pure.

Why it works this way is in docs/decisions/0025-moving-to-another-version.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from inleer.errors import DomainError
from inleer.extend.types import PhaseDef, PhaseKind, RouteDefinition
from inleer.i18n import _, format_date, ngettext
from inleer.leerroutes.rules import PhaseDates

#: Old key → new key; None: the phase disappears.
PhaseMap = Mapping[str, str | None]
#: States in which nothing of a cohort changes any more.
CLOSED = ("completed", "cancelled")


@dataclass(frozen=True, slots=True)
class Held:
    """A phase of the cohort as it is: its dates, and how much was recorded in it (completions, sessions with marks)."""

    key: str
    name: str
    starts_on: date
    ends_on: date | None
    moved: bool
    completions: int = 0
    sessions: int = 0


@dataclass(frozen=True, slots=True)
class Placed:
    """A phase of the cohort after the move. ``old`` is what it was, None when it is new; ``why`` says in words where
    its dates come from."""

    old: Held | None
    key: str
    name: str
    kind: PhaseKind
    position: int
    starts_on: date
    ends_on: date | None
    moved: bool
    why: str

    @property
    def redated(self) -> bool:
        """Whether the move gives other dates to a phase that was there."""
        return self.old is not None and (self.old.starts_on, self.old.ends_on) != (
            self.starts_on,
            self.ends_on,
        )


@dataclass(frozen=True, slots=True)
class Move:
    """What a move does: the phases after it, those that disappear, and what does not fit (phase, sentence)."""

    phase_map: PhaseMap
    placed: tuple[Placed, ...]
    gone: tuple[Held, ...]
    refused: tuple[tuple[str, str], ...]

    @property
    def loose(self) -> tuple[str, ...]:
        """Sentences about phases that after the move do not follow each other day by day."""
        return tuple(_loose(self.placed))


def suggest(held: Iterable[Held], new: RouteDefinition) -> dict[str, str | None]:
    """The phase map to begin with: each phase becomes the phase with the same key, or disappears."""
    there = {phase.key for phase in new.phases}
    return {phase.key: phase.key if phase.key in there else None for phase in held}


def refusals(held: Sequence[Held], new: RouteDefinition, phase_map: PhaseMap) -> Iterator[tuple[str, str]]:
    """(key of the cohort's phase, sentence) of everything in a phase map that cannot be."""
    there = {phase.key for phase in new.phases}
    taken: dict[str, str] = {}
    for phase in held:
        to = phase_map.get(phase.key)
        if to is None:
            if sentence := _kept_by(phase):
                yield phase.key, sentence
        elif to not in there:
            yield phase.key, _("Versie %(v)s heeft geen fase “%(key)s”.", v=new.version, key=to)
        elif to in taken:
            yield (
                phase.key,
                _(
                    "Fase “%(one)s” en fase “%(other)s” kunnen niet allebei “%(to)s” worden.",
                    one=taken[to],
                    other=phase.name,
                    to=new.phase(to).name,
                ),
            )
        else:
            taken[to] = phase.name
    known = {phase.key for phase in held}
    for key in phase_map:
        if key not in known:
            yield key, _("De lichting heeft geen fase “%(key)s”.", key=key)


def _kept_by(phase: Held) -> str:
    """What was recorded in a phase, and keeps it from disappearing; empty when nothing was."""
    found = []
    if phase.completions:
        found.append(ngettext("%(n)s afronding", "%(n)s afrondingen", phase.completions))
    if phase.sessions:
        found.append(
            ngettext("%(n)s geregistreerde bijeenkomst", "%(n)s geregistreerde bijeenkomsten", phase.sessions)
        )
    if not found:
        return ""
    return _(
        "Fase “%(name)s” kan niet verdwijnen; daarin is vastgelegd: %(what)s. Kies welke fase haar vervangt.",
        name=phase.name,
        what=_(" en ").join(found),
    )


def plan(
    held: Sequence[Held],
    laid_old: Sequence[PhaseDates],
    new: RouteDefinition,
    laid_new: Sequence[PhaseDates],
    phase_map: PhaseMap,
    today: date,
) -> Move:
    """What a move does with this phase map. ``laid_old`` and ``laid_new`` are the phases of both versions as they lie
    on the calendar of today from the cohort's start."""
    refused = tuple(refusals(held, new, phase_map))
    by_key = {phase.key: phase for phase in held}
    origin: dict[str, Held] = {}
    for key, to in phase_map.items():
        if to is not None and key in by_key:
            origin.setdefault(to, by_key[key])
    before = {dates.key: dates for dates in laid_old}
    placed = tuple(
        _place(n, phase, dates, origin.get(phase.key), before, today)
        for n, (phase, dates) in enumerate(zip(new.phases, laid_new, strict=True))
    )
    stays = {one.old.key for one in placed if one.old is not None}
    return Move(phase_map, placed, tuple(p for p in held if p.key not in stays), refused)


def _place(
    position: int,
    phase: PhaseDef,
    laid: PhaseDates,
    old: Held | None,
    before: Mapping[str, PhaseDates],
    today: date,
) -> Placed:
    if old is None:
        start, end, why = laid.start, laid.end, _("zoals de route haar legt")
    else:
        start, end, why = _dates(old, before.get(old.key), laid, today)
    return Placed(
        old=old,
        key=phase.key,
        name=phase.name,
        kind=phase.kind,
        position=position,
        starts_on=start,
        ends_on=end,
        moved=old is not None and old.moved,
        why=why,
    )


def _dates(old: Held, was: PhaseDates | None, laid: PhaseDates, today: date) -> tuple[date, date | None, str]:
    """The dates of a phase that stays: a date changes only when the new version lays it elsewhere, nobody chose it by
    hand and it has not passed."""
    if old.ends_on is not None and old.ends_on < today:
        return old.starts_on, old.ends_on, _("is geweest, blijft")
    opened = old.ends_on is None and laid.end is not None
    if old.moved and not opened:
        return old.starts_on, old.ends_on, _("met de hand verplaatst, blijft")
    same_start = was is not None and was.start == laid.start
    begun = old.starts_on <= today
    start = old.starts_on if same_start or begun or old.moved else laid.start
    if was is not None and was.end == laid.end and not opened:
        end = old.ends_on
    else:
        # A start that stayed behind takes its end along: a phase keeps the length that the version gives.
        end = laid.end + (start - laid.start) if laid.end is not None else None
    if end is not None and end < start:
        end = start
    if (start, end) == (old.starts_on, old.ends_on):
        return start, end, _("blijft")
    return (
        start,
        end,
        _("is begonnen, alleen het einde verandert") if begun else _("zoals de nieuwe versie haar legt"),
    )


def _loose(placed: Sequence[Placed]) -> Iterator[str]:
    for one, following in pairwise(placed):
        if one.ends_on is None:
            continue
        gap = (following.starts_on - one.ends_on).days - 1
        if gap > 0:
            days = ngettext("%(n)s dag", "%(n)s dagen", gap)
            yield _(
                "Tussen “%(one)s” en “%(other)s” ligt dan %(days)s.",
                one=one.name,
                other=following.name,
                days=days,
            )
        elif gap < 0:
            last = one.ends_on if following.ends_on is None else min(one.ends_on, following.ends_on)
            yield _(
                "“%(one)s” en “%(other)s” overlappen dan tot en met %(last)s.",
                one=one.name,
                other=following.name,
                last=format_date(last),
            )


def check_possible(state: str, route_key: str, now: tuple[str, int], wanted: tuple[str, int]) -> None:
    """Refuse a move that no phase map makes possible. ``now`` and ``wanted`` are (key, version) of a route version."""
    if state in CLOSED:
        raise DomainError(_("Deze lichting is afgesloten en houdt haar versie."))
    if wanted[0] != route_key or now[0] != wanted[0]:
        raise DomainError(
            _("Een lichting gaat alleen naar een andere versie van haar eigen route."), "version"
        )
    if now[1] == wanted[1]:
        raise DomainError(_("Deze lichting heeft versie %(v)s al.", v=now[1]), "version")


def days_inside(days: Iterable[date], first: date, last: date | None) -> int:
    """How many of these days lie in a period; without a last day it never ends."""
    return sum(1 for day in days if first <= day and (last is None or day <= last))
