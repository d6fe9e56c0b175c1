"""What differs between two phases of a route, as Dutch sentences. Pure.

Each attribute of a record stands in the table of its record (``PHASE``, ``STRAND``) with the function that words it; a
test compares the tables with the records, so that a new attribute cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from inleer.extend.types import Duration, DurationUnit, PhaseDef, PhaseKind, SessionKind, Strand
from inleer.i18n import _
from inleer.leerroutes.words import (
    HOST_WORDS,
    WEEKDAYS,
    duration_unit,
    duration_words,
    enumerated,
    strand_words,
)

PHASE_KINDS: Final[Mapping[PhaseKind, str]] = {
    PhaseKind.RECRUITMENT: "werving",
    PhaseKind.INFORMATION: "voorlichting",
    PhaseKind.INTAKE: "intake",
    PhaseKind.INTRODUCTION: "introductie",
    PhaseKind.LEARNING: "leren",
    PhaseKind.SELECTION: "selectie",
    PhaseKind.WORK: "werken",
    PhaseKind.AFTERCARE: "nazorg",
}
SESSION_KINDS: Final[Mapping[SessionKind, str]] = {
    SessionKind.INTRODUCTION: "introductie",
    SessionKind.LESSON: "les",
    SessionKind.NT2: "NT2-les",
    SessionKind.INTERVISION: "intervisie",
    SessionKind.PRACTICE: "praktijk",
    SessionKind.INFORMATION: "voorlichting",
    SessionKind.SELECTION: "selectie",
}


@dataclass(frozen=True, slots=True)
class Around:
    """In which phase (its name in the new version) a sentence is about something, and the names of rules and field
    groups by key."""

    phase: str
    names: Mapping[str, str]

    def name(self, key: str) -> str:
        """The name behind a key; the key itself when its plugin is off."""
        return self.names.get(key, key)


Say = Callable[[Any, Any, Around], Iterator[str]]


def phase_differences(old: PhaseDef, new: PhaseDef, names: Mapping[str, str]) -> tuple[str, ...]:
    """What differs between a phase and the phase that takes its place; empty when both are equal."""
    # A binding rule that is gone altogether is told once.
    still = replace(old, binding=tuple(rule for rule in old.binding if rule in new.completion))
    return tuple(told(PHASE, still, new, Around(new.name, names)))


def told(table: Mapping[str, Say], old: Any, new: Any, around: Around) -> Iterator[str]:
    """The sentences about every attribute in the table that differs."""
    for attribute, say in table.items():
        before, after = getattr(old, attribute), getattr(new, attribute)
        if before != after:
            yield from say(before, after, around)


def rows_told(
    old: Sequence[Any], new: Sequence[Any], key: Callable[[Any], str], added: Say, removed: Say, order: str
) -> Iterator[str]:
    """The sentences about what was added to and removed from a list, and ``order`` when what stayed stands in another
    order. ``added`` and ``removed`` get the item twice."""
    before, after = [key(item) for item in old], [key(item) for item in new]
    nowhere = Around("", {})
    for item in new:
        if key(item) not in before:
            yield from added(item, item, nowhere)
    for item in old:
        if key(item) not in after:
            yield from removed(item, item, nowhere)
    if [k for k in before if k in after] != [k for k in after if k in before]:
        yield order


def _phase_key(old: str, new: str, around: Around) -> Iterator[str]:
    yield _(
        "Fase “%(phase)s” heeft de sleutel %(new)s in plaats van %(old)s.",
        phase=around.phase,
        new=new,
        old=old,
    )


def _phase_name(old: str, new: str, _around: Around) -> Iterator[str]:
    yield _("Fase “%(old)s” heet “%(new)s”.", old=old, new=new)


def _phase_kind(old: PhaseKind, new: PhaseKind, around: Around) -> Iterator[str]:
    yield _(
        "Fase “%(phase)s” is van de soort %(new)s in plaats van %(old)s.",
        phase=around.phase,
        new=_(PHASE_KINDS[new]),
        old=_(PHASE_KINDS[old]),
    )


def _duration(old: Duration, new: Duration, around: Around) -> Iterator[str]:
    if new.unit is DurationUnit.OPEN:
        yield _(
            "Fase “%(phase)s” heeft geen vast einde meer; zij duurde %(old)s.",
            phase=around.phase,
            old=duration_words(old),
        )
    elif old.unit is DurationUnit.OPEN:
        yield _(
            "Fase “%(phase)s” duurt %(new)s; zij had geen vast einde.",
            phase=around.phase,
            new=duration_words(new),
        )
    else:
        yield _(
            "Fase “%(phase)s” duurt %(new)s in plaats van %(old)s.",
            phase=around.phase,
            new=_short(new, old),
            old=duration_words(old),
        )


def _short(new: Duration, old: Duration) -> str:
    """The new duration without its unit when that is the word that ends the sentence: "6 in plaats van 5 maanden"."""
    same = duration_unit(new) == duration_unit(old)
    return duration_words(new).removesuffix(f" {duration_unit(new)}") if same else duration_words(new)


def _before_start(_old: bool, new: bool, around: Around) -> Iterator[str]:
    if new:
        yield _("Fase “%(phase)s” ligt voor de start in plaats van erna.", phase=around.phase)
    else:
        yield _("Fase “%(phase)s” ligt na de start in plaats van ervoor.", phase=around.phase)


def _completion(old: tuple[str, ...], new: tuple[str, ...], around: Around) -> Iterator[str]:
    def added(rule: str, _same: str, _nowhere: Around) -> Iterator[str]:
        yield _(
            "Fase “%(phase)s” vraagt ook de regel “%(rule)s”.", phase=around.phase, rule=around.name(rule)
        )

    def removed(rule: str, _same: str, _nowhere: Around) -> Iterator[str]:
        yield _(
            "Fase “%(phase)s” vraagt de regel “%(rule)s” niet meer.",
            phase=around.phase,
            rule=around.name(rule),
        )

    order = _("De regels van fase “%(phase)s” staan in een andere volgorde.", phase=around.phase)
    return rows_told(old, new, str, added, removed, order)


def _binding(old: tuple[str, ...], new: tuple[str, ...], around: Around) -> Iterator[str]:
    for rule in new:
        if rule not in old:
            yield _(
                "De regel “%(rule)s” van fase “%(phase)s” is bindend: afronden met een reden kan niet.",
                rule=around.name(rule),
                phase=around.phase,
            )
    for rule in old:
        if rule not in new:
            yield _(
                "De regel “%(rule)s” van fase “%(phase)s” is niet meer bindend: afronden met een reden kan.",
                rule=around.name(rule),
                phase=around.phase,
            )


def _checkpoints(old: tuple[int, ...], new: tuple[int, ...], around: Around) -> Iterator[str]:
    yield _(
        "Fase “%(phase)s” heeft %(new)s in plaats van %(old)s.",
        phase=around.phase,
        new=_looks(new),
        old=_looks(old),
    )


def _looks(months: tuple[int, ...]) -> str:
    if not months:
        return _("geen peiling")
    return _("een peiling na %(months)s maanden", months=enumerated([str(m) for m in months]))


def _strands(old: tuple[Strand, ...], new: tuple[Strand, ...], around: Around) -> Iterator[str]:
    def added(strand: Strand, _same: Strand, _nowhere: Around) -> Iterator[str]:
        yield _("Nieuw in fase “%(phase)s”: %(strand)s.", phase=around.phase, strand=strand_words(strand))

    def removed(strand: Strand, _same: Strand, _nowhere: Around) -> Iterator[str]:
        yield _("Niet meer in fase “%(phase)s”: %(strand)s.", phase=around.phase, strand=strand_words(strand))

    order = _("De lijnen van fase “%(phase)s” staan in een andere volgorde.", phase=around.phase)
    yield from rows_told(old, new, _key, added, removed, order)
    known = {strand.key: strand for strand in old}
    for strand in new:
        if strand.key in known:
            yield from _strand(known[strand.key], strand, around)


def _key(strand: Strand) -> str:
    return strand.key


def _strand(old: Strand, new: Strand, around: Around) -> Iterator[str]:
    """One strand. What only means something with or without a timetable is said in one sentence when that changes."""
    table = dict(STRAND)
    if old.makes_sessions != new.makes_sessions:
        for attribute in ("start", "end", "hours_per_week"):
            del table[attribute]
    for sentence in told(table, old, new, Around(new.name, {})):
        yield _("Fase “%(phase)s”: %(sentence)s", phase=around.phase, sentence=sentence)


def _strand_key(old: str, new: str, around: Around) -> Iterator[str]:
    yield _("“%(name)s” heeft de sleutel %(new)s in plaats van %(old)s.", name=around.phase, new=new, old=old)


def _strand_name(old: str, new: str, _around: Around) -> Iterator[str]:
    yield _("“%(old)s” heet “%(new)s”.", old=old, new=new)


def _attribute(sentence: str, words: Callable[[Any], str]) -> Say:
    """A sentence with new and old in it, both worded by ``words``; ``around.phase`` is the name of the strand."""

    def say(old: Any, new: Any, around: Around) -> Iterator[str]:
        yield _(sentence, name=around.phase, new=words(new), old=words(old))

    return say


def _days(weekdays: tuple[int, ...]) -> str:
    if not weekdays:
        return _("zonder vaste dag")
    return _("op %(days)s", days=enumerated([_(WEEKDAYS[day]) for day in weekdays]))


def _counts(_old: bool, new: bool, around: Around) -> Iterator[str]:
    if new:
        yield _("verzuim bij “%(name)s” telt mee voor het 16-uurssignaal.", name=around.phase)
    else:
        yield _("verzuim bij “%(name)s” telt niet meer mee voor het 16-uurssignaal.", name=around.phase)


def _makes_sessions(_old: bool, new: bool, around: Around) -> Iterator[str]:
    if new:
        yield _("“%(name)s” staat in het rooster in plaats van als uren per week.", name=around.phase)
    else:
        yield _("“%(name)s” staat als uren per week in plaats van in het rooster.", name=around.phase)


PHASE: Final[Mapping[str, Say]] = {
    "key": _phase_key,
    "name": _phase_name,
    "kind": _phase_kind,
    "duration": _duration,
    "before_start": _before_start,
    "strands": _strands,
    "completion": _completion,
    "binding": _binding,
    "checkpoints": _checkpoints,
}
STRAND: Final[Mapping[str, Say]] = {
    "key": _strand_key,
    "name": _strand_name,
    "session_kind": _attribute(
        "“%(name)s” is %(new)s in plaats van %(old)s.", lambda kind: _(SESSION_KINDS[kind])
    ),
    "host": _attribute("“%(name)s” is %(new)s in plaats van %(old)s.", lambda host: _(HOST_WORDS[host])),
    "weekdays": _attribute("“%(name)s” is %(new)s in plaats van %(old)s.", _days),
    "start": _attribute("“%(name)s” begint om %(new)s in plaats van %(old)s.", str),
    "end": _attribute("“%(name)s” eindigt om %(new)s in plaats van %(old)s.", str),
    "counts": _counts,
    "makes_sessions": _makes_sessions,
    "hours_per_week": _attribute("“%(name)s” is %(new)s in plaats van %(old)s uur per week.", str),
}
