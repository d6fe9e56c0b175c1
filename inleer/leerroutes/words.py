"""A route in words: what `inleer routes show` prints and what stands beside the drawing on the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from inleer.extend.types import (
    Commitment,
    CommitmentKind,
    Duration,
    DurationUnit,
    GroupSize,
    Host,
    Matching,
    PhaseDef,
    RouteDefinition,
    Strand,
)
from inleer.i18n import _, ngettext

WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag")
HOST_WORDS: Mapping[Host, str] = {
    Host.LEERHOME: "bij de leerhome",
    Host.SCHOOL: "op school",
    Host.WORKPLACE: "op de werkplek",
}


def words(definition: RouteDefinition, names: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The route in Dutch sentences, one per line of text: what it is, for whom, each phase, and how it can
    end. ``names`` are those of rules, by key."""
    lines = [f"{definition.name} ({definition.key}, {_('versie %(n)s', n=definition.version)})"]
    lines += _before_phases(definition)
    for number, phase in enumerate(definition.phases, 1):
        lines.append(f"{number}. {phase_words(phase)}")
        lines += [f"   - {strand_words(strand)}" for strand in phase.strands]
        lines += [f"   - {rule}" for rule in rule_words(phase, names or {})]
    return (*lines, *_after_phases(definition))


def words_around(definition: RouteDefinition) -> tuple[str, ...]:
    """The same without its name and its phases: for a page that shows those in another way."""
    return (*_before_phases(definition), *_after_phases(definition))


def _before_phases(definition: RouteDefinition) -> list[str]:
    lines = [definition.summary, _("Duur: %(text)s.", text=definition.duration_text)]
    if definition.qualification:
        lines.append(_("Leidt op tot: %(text)s.", text=definition.qualification))
    return [*lines, group_words(definition.group), commitment_words(definition.commitment)]


def _after_phases(definition: RouteDefinition) -> list[str]:
    exits = _("Telt als geslaagd: %(names)s.", names=", ".join(e.name for e in definition.exits))
    return [exits, *(_("Bron: %(text)s", text=source) for source in definition.sources)]


def phase_words(phase: PhaseDef) -> str:
    """A phase on one line: its name, how long, and whether it lies before the start."""
    text = f"{phase.name}: {duration_words(phase.duration)}"
    if phase.before_start:
        text += _(", voor de start")
    if phase.checkpoints:
        months = ", ".join(str(m) for m in phase.checkpoints)
        text += _(", met een peiling na %(months)s maanden", months=months)
    return text


def rule_words(phase: PhaseDef, names: Mapping[str, str]) -> Iterator[str]:
    """What completing a phase asks, a line per rule; the key of a rule without a name."""
    for rule in phase.completion:
        name = names.get(rule, rule)
        if rule in phase.binding:
            yield _("Afronden vraagt altijd: %(rule)s (bindend, ook een reden helpt niet)", rule=name)
        else:
            yield _("Afronden vraagt: %(rule)s, of een reden", rule=name)


def duration_words(duration: Duration) -> str:
    """A duration in words, as in "4 schoolweken" or "3 tot 5 maanden"."""
    if duration.unit is DurationUnit.OPEN:
        return _("zonder vast einde")
    longest, unit = duration.longest or 0, duration_unit(duration)
    if duration.amount is None:
        return _("%(low)s tot %(high)s %(unit)s", low=duration.minimum, high=longest, unit=unit)
    return f"{longest} {unit}"


def duration_unit(duration: Duration) -> str:
    """The unit of a duration as its number asks for: "week", "weken"; empty when it is open."""
    if duration.unit is DurationUnit.OPEN:
        return ""
    longest = duration.longest or 0
    return {
        DurationUnit.DAYS: ngettext("dag", "dagen", longest),
        DurationUnit.WEEKS: ngettext("week", "weken", longest),
        DurationUnit.SCHOOL_WEEKS: ngettext("schoolweek", "schoolweken", longest),
        DurationUnit.MONTHS: ngettext("maand", "maanden", longest),
    }[duration.unit]


def strand_words(strand: Strand) -> str:
    """A weekly strand on one line: its name, when, and where."""
    where = _(HOST_WORDS[strand.host])
    if not strand.makes_sessions:
        return _(
            "%(name)s: %(hours)s uur per week %(where)s",
            name=strand.name,
            hours=strand.hours_per_week,
            where=where,
        )
    return _(
        "%(name)s: %(days)s van %(start)s tot %(end)s %(where)s",
        name=strand.name,
        days=enumerated([_(WEEKDAYS[day]) for day in strand.weekdays]),
        start=strand.start,
        end=strand.end,
        where=where,
    )


def group_words(group: GroupSize) -> str:
    """The size of the group in a sentence."""
    if group.min is None and group.max is None:
        return _("Groep: %(n)s deelnemers.", n=group.target)
    low, high = group.bounds
    return _("Groep: %(n)s deelnemers (%(low)s tot %(high)s).", n=group.target, low=low, high=high)


def commitment_words(commitment: Commitment | None) -> str:
    """What employers bind themselves to, in a sentence."""
    if commitment is None:
        return _("Werkgevers leggen zich niet vast.")
    kind = {
        CommitmentKind.INTENTION: _("een intentie: zij spannen zich in voor een baan"),
        CommitmentKind.GUARANTEE: _("een baangarantie"),
        CommitmentKind.CONDITIONAL_CONTRACT: _("een voorwaardelijk contract"),
    }[commitment.kind]
    timing = {
        Matching.UP_FRONT: _("de koppeling is vooraf"),
        Matching.LATE: _("de koppeling is laat in de route"),
        Matching.PER_ROUND: _("de koppeling is per ronde"),
        Matching.NONE: _("er is geen koppeling"),
    }[commitment.timing]
    places = (
        _("het aantal plaatsen mag nog onbekend zijn")
        if commitment.places_may_be_unknown
        else _("het aantal plaatsen staat vast")
    )
    return _("Werkgevers geven %(kind)s; %(timing)s; %(places)s.", kind=kind, timing=timing, places=places)


def enumerated(names: list[str]) -> str:
    """Words as a list in a sentence: "maandag, dinsdag en woensdag"."""
    return (
        names[0] if len(names) == 1 else _("%(most)s en %(last)s", most=", ".join(names[:-1]), last=names[-1])
    )
