"""Two versions of a route in words: what differs, as Dutch sentences. Pure.

Each attribute stands in a table with the function that words it (see :mod:`inleer.leerroutes.compare_phases`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from inleer.errors import DomainError
from inleer.extend import Registry
from inleer.extend.types import (
    Commitment,
    CommitmentKind,
    Exit,
    ExitKind,
    GroupSize,
    Matching,
    PhaseDef,
    RouteDefinition,
)
from inleer.i18n import _
from inleer.leerroutes.compare_phases import Around, Say, phase_differences, rows_told, told
from inleer.leerroutes.words import commitment_words, phase_words

EXIT_KINDS: Final[Mapping[ExitKind, str]] = {
    ExitKind.JOB: "een baan",
    ExitKind.BBL: "een bbl-opleiding",
    ExitKind.FURTHER_STUDY: "een vervolgopleiding",
    ExitKind.JOB_ELSEWHERE: "een baan elders",
}
COMMITMENT_KINDS: Final[Mapping[CommitmentKind, str]] = {
    CommitmentKind.INTENTION: "een intentie",
    CommitmentKind.GUARANTEE: "een garantie",
    CommitmentKind.CONDITIONAL_CONTRACT: "een voorwaardelijk contract",
}
TIMINGS: Final[Mapping[Matching, str]] = {
    Matching.UP_FRONT: "vooraf",
    Matching.LATE: "laat in de route",
    Matching.PER_ROUND: "per ronde",
    Matching.NONE: "nergens in de route",
}
#: How a phase of one version stands to the other version.
SAME, CHANGED, NEW, GONE = "same", "changed", "new", "gone"


@dataclass(frozen=True, slots=True)
class PhaseComparison:
    """A phase: in the old version, in the new one, or in both; ``state`` is SAME, CHANGED, NEW or GONE."""

    old: PhaseDef | None
    new: PhaseDef | None
    state: str
    sentences: tuple[str, ...]

    @property
    def phase(self) -> PhaseDef:
        """The phase as it is in the new version, or was in the old one."""
        found = self.new or self.old
        assert found is not None  # one of both is always there
        return found


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two versions: of the route as a whole, and phase by phase in the new version's order, those
    that disappeared last."""

    general: tuple[str, ...]
    phases: tuple[PhaseComparison, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """All sentences, the route as a whole first."""
        return self.general + tuple(s for phase in self.phases for s in phase.sentences)


def compare(
    old: RouteDefinition,
    new: RouteDefinition,
    names: Mapping[str, str] | None = None,
    phase_map: Mapping[str, str | None] | None = None,
) -> Comparison:
    """What differs between two versions of one route, apart from the number of the version.

    ``names`` are the names of rules and field groups by key. ``phase_map`` says which phase takes the place of which
    (old key → new key, None: no phase); without it phases with the same key belong together. Raises DomainError for
    two routes.
    """
    if old.key != new.key:
        raise DomainError(_("Dit zijn twee routes: vergelijk twee versies van dezelfde route."))
    known = names or {}
    pairs = {p.key: p.key for p in old.phases} if phase_map is None else phase_map
    general = tuple(told(ROUTE, old, new, Around("", known)))
    return Comparison(general + tuple(_order(old, new, pairs)), tuple(_phases(old, new, pairs, known)))


def known_names(registry: Registry) -> dict[str, str]:
    """The names of all rules and field groups of the plugins that are on, by key."""
    rules = {owned.key: owned.value.name for owned in registry.rules}
    return rules | {owned.key: owned.value.name for owned in registry.fields}


def _phases(
    old: RouteDefinition, new: RouteDefinition, pairs: Mapping[str, str | None], names: Mapping[str, str]
) -> Iterator[PhaseComparison]:
    origin = {to: old.phase(key) for key, to in pairs.items() if to is not None}
    for phase in new.phases:
        before = origin.get(phase.key)
        if before is None:
            yield PhaseComparison(None, phase, NEW, tuple(_new_phase(phase, names)))
            continue
        sentences = phase_differences(before, phase, names)
        yield PhaseComparison(before, phase, CHANGED if sentences else SAME, sentences)
    stayed = {p.key for p in origin.values() if pairs[p.key] in {n.key for n in new.phases}}
    for phase in old.phases:
        if phase.key not in stayed:
            sentence = _("Vervallen fase: %(phase)s.", phase=phase_words(phase))
            yield PhaseComparison(phase, None, GONE, (sentence,))


def _new_phase(phase: PhaseDef, names: Mapping[str, str]) -> Iterator[str]:
    yield _("Nieuwe fase: %(phase)s.", phase=phase_words(phase))
    # What it holds is said as if it was added to an empty phase.
    yield from phase_differences(replace(phase, strands=(), completion=(), binding=()), phase, names)


def _order(old: RouteDefinition, new: RouteDefinition, pairs: Mapping[str, str | None]) -> Iterator[str]:
    there = [p.key for p in new.phases]
    moved = [pairs[p.key] for p in old.phases if pairs.get(p.key) in there]
    if moved != [key for key in there if key in moved]:
        yield _("De fasen staan in een andere volgorde.")


def _instead(sentence: str) -> Say:
    """A sentence with the new and the old text in it."""

    def say(old: Any, new: Any, _around: Around) -> Iterator[str]:
        yield _(sentence, new=new, old=old)

    return say


def _qualification(old: str, new: str, _around: Around) -> Iterator[str]:
    if not old:
        yield _("De route leidt op tot %(new)s; eerst stond er niets.", new=new)
    elif not new:
        yield _("De route leidt niet meer op tot %(old)s.", old=old)
    else:
        yield _("De route leidt op tot %(new)s in plaats van %(old)s.", new=new, old=old)


def _commitment(old: Commitment | None, new: Commitment | None, around: Around) -> Iterator[str]:
    if new is None or old is None:
        yield _("%(new)s Dat was: %(old)s", new=commitment_words(new), old=commitment_words(old))
    else:
        yield from told(COMMITMENT, old, new, around)


def _commitment_kind(old: CommitmentKind, new: CommitmentKind, _around: Around) -> Iterator[str]:
    yield _(
        "Werkgevers geven %(new)s in plaats van %(old)s.",
        new=_(COMMITMENT_KINDS[new]),
        old=_(COMMITMENT_KINDS[old]),
    )


def _timing(old: Matching, new: Matching, _around: Around) -> Iterator[str]:
    yield _(
        "Mensen en plaatsen worden %(new)s gekoppeld in plaats van %(old)s.",
        new=_(TIMINGS[new]),
        old=_(TIMINGS[old]),
    )


def _places(_old: bool, new: bool, _around: Around) -> Iterator[str]:
    if new:
        yield _("Het aantal plaatsen van een werkgever mag nog onbekend zijn; het stond vast.")
    else:
        yield _("Het aantal plaatsen van een werkgever staat vast; het mocht nog onbekend zijn.")


def _group(old: GroupSize, new: GroupSize, around: Around) -> Iterator[str]:
    yield from told(GROUP, old, new, around)


def _bound(sentence: str) -> Say:
    def say(old: int | None, new: int | None, _around: Around) -> Iterator[str]:
        nothing = _("niet vastgelegd")
        yield _(sentence, new=nothing if new is None else new, old=nothing if old is None else old)

    return say


def _exits(old: tuple[Exit, ...], new: tuple[Exit, ...], around: Around) -> Iterator[str]:
    def added(one: Exit, _same: Exit, _nowhere: Around) -> Iterator[str]:
        yield _(
            "Telt nu ook als geslaagd: “%(name)s” (%(kind)s).", name=one.name, kind=_(EXIT_KINDS[one.kind])
        )

    def removed(one: Exit, _same: Exit, _nowhere: Around) -> Iterator[str]:
        yield _(
            "Telt niet meer als geslaagd: “%(name)s” (%(kind)s).", name=one.name, kind=_(EXIT_KINDS[one.kind])
        )

    order = _("De uitkomsten staan in een andere volgorde.")
    yield from rows_told(old, new, lambda one: str(one.key), added, removed, order)
    known = {one.key: one for one in old}
    for one in new:
        if one.key in known:
            yield from told(EXIT, known[one.key], one, Around(one.name, around.names))


def _exit_key(old: str, new: str, around: Around) -> Iterator[str]:
    yield _(
        "De uitkomst “%(name)s” heeft de sleutel %(new)s in plaats van %(old)s.",
        name=around.phase,
        new=new,
        old=old,
    )


def _exit_kind(old: ExitKind, new: ExitKind, around: Around) -> Iterator[str]:
    yield _(
        "De uitkomst “%(name)s” is %(new)s in plaats van %(old)s.",
        name=around.phase,
        new=_(EXIT_KINDS[new]),
        old=_(EXIT_KINDS[old]),
    )


def _texts(added_text: str, removed_text: str, order: str) -> Say:
    """A list of keys or texts: what was added, what was removed, and whether the order changed."""

    def say(old: tuple[str, ...], new: tuple[str, ...], around: Around) -> Iterator[str]:
        def added(one: str, _same: str, _nowhere: Around) -> Iterator[str]:
            yield _(added_text, name=around.name(one))

        def removed(one: str, _same: str, _nowhere: Around) -> Iterator[str]:
            yield _(removed_text, name=around.name(one))

        return rows_told(old, new, str, added, removed, _(order))

    return say


def _phases_apart(_old: Any, _new: Any, _around: Around) -> Iterator[str]:
    """Phases are compared one by one, and their order apart."""
    return iter(())


ROUTE: Final[Mapping[str, Say]] = {
    "key": _phases_apart,
    "version": _phases_apart,
    "name": _instead("De route heet “%(new)s” in plaats van “%(old)s”."),
    "summary": _instead("De samenvatting is: “%(new)s” Dat was: “%(old)s”"),
    "duration_text": _instead("De hele route duurt %(new)s in plaats van %(old)s."),
    "qualification": _qualification,
    "commitment": _commitment,
    "group": _group,
    "exits": _exits,
    "field_groups": _texts(
        "De intake krijgt de vragen van “%(name)s”.",
        "De intake heeft de vragen van “%(name)s” niet meer.",
        "De groepen vragen van de intake staan in een andere volgorde.",
    ),
    "phases": _phases_apart,
    "sources": _texts(
        "Nieuwe bron: %(name)s.", "Geen bron meer: %(name)s.", "De bronnen staan in een andere volgorde."
    ),
}
COMMITMENT: Final[Mapping[str, Say]] = {
    "kind": _commitment_kind,
    "timing": _timing,
    "places_may_be_unknown": _places,
}
GROUP: Final[Mapping[str, Say]] = {
    "target": _bound("De groep is bedoeld voor %(new)s deelnemers in plaats van %(old)s."),
    "min": _bound("Het minimum van de groep is %(new)s in plaats van %(old)s."),
    "max": _bound("Het maximum van de groep is %(new)s in plaats van %(old)s."),
}
EXIT: Final[Mapping[str, Say]] = {
    "key": _exit_key,
    "name": _instead("De uitkomst “%(old)s” heet “%(new)s”."),
    "kind": _exit_kind,
}
