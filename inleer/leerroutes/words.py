"""A route in words: what `inleer routes show` prints and what stands beside the drawing on the page."""

from __future__ import annotations

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


def words(definition: RouteDefinition) -> tuple[str, ...]:
    """The route in Dutch sentences, one per line of text: what it is, for whom, each phase, and how it can
    end."""
    lines = [
        f"{definition.name} ({definition.key}, {_('versie %(n)s', n=definition.version)})",
        definition.summary,
        _("Duur: %(text)s.", text=definition.duration_text),
    ]
    if definition.qualification:
        lines.append(_("Leidt op tot: %(text)s.", text=definition.qualification))
    lines += [group_words(definition.group), commitment_words(definition.commitment)]
    for number, phase in enumerate(definition.phases, 1):
        lines.append(f"{number}. {phase_words(phase)}")
        lines += [f"   - {strand_words(strand)}" for strand in phase.strands]
    lines.append(_("Telt als geslaagd: %(names)s.", names=", ".join(e.name for e in definition.exits)))
    lines += [_("Bron: %(text)s", text=source) for source in definition.sources]
    return tuple(lines)


def phase_words(phase: PhaseDef) -> str:
    """A phase on one line: its name, how long, and whether it lies before the start."""
    text = f"{phase.name}: {duration_words(phase.duration)}"
    if phase.before_start:
        text += _(", voor de start")
    if phase.checkpoints:
        months = ", ".join(str(m) for m in phase.checkpoints)
        text += _(", met een peiling na %(months)s maanden", months=months)
    return text


def duration_words(duration: Duration) -> str:
    """A duration in words, as in "4 schoolweken" or "3 tot 5 maanden"."""
    if duration.unit is DurationUnit.OPEN:
        return _("zonder vast einde")
    longest = duration.longest or 0
    units = {
        DurationUnit.DAYS: ngettext("dag", "dagen", longest),
        DurationUnit.WEEKS: ngettext("week", "weken", longest),
        DurationUnit.SCHOOL_WEEKS: ngettext("schoolweek", "schoolweken", longest),
        DurationUnit.MONTHS: ngettext("maand", "maanden", longest),
    }
    if duration.amount is None:
        return _(
            "%(low)s tot %(high)s %(unit)s", low=duration.minimum, high=longest, unit=units[duration.unit]
        )
    return f"{longest} {units[duration.unit]}"


def strand_words(strand: Strand) -> str:
    """A weekly strand on one line: its name, when, and where."""
    where = {
        Host.LEERHOME: _("bij de leerhome"),
        Host.SCHOOL: _("op school"),
        Host.WORKPLACE: _("op de werkplek"),
    }[strand.host]
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
        days=_enumerate([_(WEEKDAYS[day]) for day in strand.weekdays]),
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


def _enumerate(names: list[str]) -> str:
    return (
        names[0] if len(names) == 1 else _("%(most)s en %(last)s", most=", ".join(names[:-1]), last=names[-1])
    )
