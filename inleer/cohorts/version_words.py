"""Moving a cohort to another version of its route, in words: what else follows from it, and what stands in the way of
taking it back. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inleer.cohorts.version_rules import CLOSED, Held, Move
from inleer.extend.types import PhaseDef, RouteDefinition
from inleer.i18n import _, ngettext


@dataclass(frozen=True, slots=True)
class Around:
    """What else belongs to the cohort: the bounds of its group, and people who finished, by the key of the exit."""

    group: tuple[int, int]
    finished: Mapping[str, int]


def consequences(
    old: RouteDefinition, new: RouteDefinition, held: Sequence[Held], move: Move, around: Around
) -> tuple[str, ...]:
    """What stays as it is although the version changes, and from when the new version counts, as sentences."""
    found = list(_of_phases(old, new, held, move))
    if old.commitment != new.commitment:
        found.append(
            _(
                "Intenties van werkgevers die er al zijn, blijven wat ze zijn. Nieuwe volgen versie %(v)s.",
                v=new.version,
            )
        )
    if set(old.field_groups) - set(new.field_groups):
        found.append(
            _(
                "Antwoorden op vragen die versie %(v)s niet heeft, blijven bewaard, buiten de intake.",
                v=new.version,
            )
        )
    if old.group != new.group:
        low, high = around.group
        found.append(_("De groepsgrootte van deze lichting blijft %(low)s tot %(high)s.", low=low, high=high))
    known = {one.key for one in new.exits}
    strangers = sum(count for key, count in around.finished.items() if key not in known)
    if strangers:
        found.append(
            ngettext(
                "%(n)s deelnemer rondde af met een uitkomst die versie %(v)s niet heeft. Dat blijft zo vastgelegd.",
                "%(n)s deelnemers rondden af met een uitkomst die versie %(v)s niet heeft. Dat blijft zo vastgelegd.",
                strangers,
                v=new.version,
            )
        )
    return tuple(found)


def _asked(phase: PhaseDef) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What completing a phase asks: its rules, and those that are binding."""
    return phase.completion, phase.binding


def _of_phases(old: RouteDefinition, new: RouteDefinition, held: Sequence[Held], move: Move) -> Sequence[str]:
    found = []
    completions = sum(phase.completions for phase in held)
    if completions:
        found.append(
            ngettext(
                "%(n)s afronding blijft staan, met wat de regels toen zeiden.",
                "%(n)s afrondingen blijven staan, met wat de regels toen zeiden.",
                completions,
            )
        )
    rules = {phase.key: _asked(phase) for phase in old.phases}
    if any(
        one.old is not None and rules.get(one.old.key, ((), ())) != _asked(new.phase(one.key))
        for one in move.placed
    ):
        found.append(
            _(
                "Wie een fase nog niet heeft afgerond, wordt beoordeeld met de regels van versie %(v)s.",
                v=new.version,
            )
        )
    found.append(
        _(
            "Bijeenkomsten die al gepland zijn, blijven staan. De weekindeling van versie %(v)s geldt bij het inplannen"
            " uit de route.",
            v=new.version,
        )
    )
    return found


@dataclass(frozen=True, slots=True)
class Since:
    """What happened to a cohort since it moved: names of phases with other dates, completions recorded, sessions held
    in phases that the move brought (by name), times that sessions were planned from the route, and people who
    finished with an exit that only the new version has."""

    state: str
    redated: Sequence[str] = ()
    completions: int = 0
    held: Sequence[tuple[str, int]] = ()
    planned: int = 0
    finished: int = 0


def obstacles(since: Since) -> list[str]:
    """What stands in the way of taking a move back, as sentences; empty when nothing was built on it."""
    found = []
    if since.state in CLOSED:
        found.append(_("De lichting is afgesloten."))
    found += [_("Fase “%(name)s” is daarna verplaatst.", name=name) for name in since.redated]
    if since.completions:
        found.append(
            ngettext(
                "Daarna is %(n)s fase van iemand afgerond.",
                "Daarna zijn %(n)s fasen van mensen afgerond.",
                since.completions,
            )
        )
    for name, count in since.held:
        found.append(
            ngettext(
                "In de nieuwe fase “%(name)s” is %(n)s bijeenkomst geregistreerd.",
                "In de nieuwe fase “%(name)s” zijn %(n)s bijeenkomsten geregistreerd.",
                count,
                name=name,
            )
        )
    if since.planned:
        found.append(_("Daarna zijn er bijeenkomsten ingepland uit de route."))
    if since.finished:
        found.append(
            ngettext(
                "%(n)s deelnemer rondde af met een uitkomst die alleen de nieuwe versie heeft.",
                "%(n)s deelnemers rondden af met een uitkomst die alleen de nieuwe versie heeft.",
                since.finished,
            )
        )
    return found
