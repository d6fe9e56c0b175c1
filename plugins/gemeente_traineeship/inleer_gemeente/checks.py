"""The completion rules, and the signals about workplaces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from inleer.plugin import Placement, RuleDef, SignalDef, SignalFinding, Tone, Verdict, _, format_date
from inleer_gemeente import figures, rules
from inleer_gemeente.declared import limits
from inleer_gemeente.figures import Crowd, Facts
from inleer_gemeente.routes import WORKPLACES
from inleer_gemeente.rules import Limits, Period, Problem


def ready(enrolment_ids: Sequence[UUID], today: date) -> Mapping[UUID, Verdict]:
    """Whether somebody can begin: first workplace known, its supervisor trained, first group assignment known."""
    found = figures.facts(enrolment_ids)
    return {one: _ready(found[one]) if one in found else _unknown() for one in enrolment_ids}


def _ready(facts: Facts) -> Verdict:
    first = [p for p in facts.periods if p.phase_key == WORKPLACES[0]]
    if not first:
        return Verdict(False, _("Nog geen eerste werkplek."))
    problem = rules.untrained(first[0])
    if problem is not None:
        return Verdict(False, problem.text)
    if facts.first_assignment is None:
        return Verdict(False, _("De eerste groepsopdracht is nog niet bekend."))
    words = {"function": first[0].function, "place": first[0].directorate}
    return Verdict(True, _("Begint als %(function)s bij %(place)s; begeleider getraind.", **words))


def distinct(enrolment_ids: Sequence[UUID], today: date) -> Mapping[UUID, Verdict]:
    """Whether somebody has another function in each period so far."""
    found = figures.facts(enrolment_ids)
    return {one: _distinct(found[one], today) if one in found else _unknown() for one in enrolment_ids}


def _distinct(facts: Facts, today: date) -> Verdict:
    begun = [p for p in facts.periods if p.from_on <= today]
    if not begun:
        return Verdict(False, _("Nog op geen werkplek geweest."))
    for one in begun:
        problem = rules.repeated(one, begun)
        if problem is not None:
            return Verdict(False, problem.text)
    names = ", ".join(p.function for p in begun)
    return Verdict(True, _("Tot nu toe: %(names)s.", names=names))


def placeable(enrolment_ids: Sequence[UUID], today: date) -> Mapping[UUID, Verdict]:
    """Whether what is agreed for somebody and did not begin is as the programme asks."""
    found, elsewhere = figures.facts(enrolment_ids), figures.unlisted(enrolment_ids)
    crowds = figures.crowds({facts.cohort_id for facts in found.values()})
    numbers = {agency: limits(agency, today) for agency in {f.agency_id for f in found.values()}}
    said = {}
    for one in enrolment_ids:
        if one not in found:
            said[one] = _unknown()
        elif one in elsewhere:
            said[one] = Verdict(False, _unlisted(elsewhere[one]))
        else:
            facts = found[one]
            said[one] = _placeable(facts, crowds[facts.cohort_id], numbers[facts.agency_id], today)
    return said


def _unlisted(placement: Placement) -> str:
    words = {"function": placement.function, "place": placement.department or _("geen directie ingevuld")}
    return _(
        "%(function)s (%(place)s) is geen werkplek van deze lichting. Leg de werkplek eerst vast, of kies een andere.",
        **words,
    )


def _placeable(facts: Facts, crowd: Crowd, numbers: Limits, today: date) -> Verdict:
    decided = [p for p in facts.periods if p not in facts.within("proposed")]
    for period in reversed(facts.within("agreed")):
        if period.until_on < today:
            continue
        problems = rules.problems_of(period, decided) + _crowded(period, crowd, numbers)
        if problems:
            return Verdict(False, f"{problems[0].text} {_(WAYS_OUT[problems[0].code])}")
    return Verdict(True, _("Wat is afgesproken, past bij het programma."))


def _crowded(period: Period, crowd: Crowd, numbers: Limits) -> list[Problem]:
    """That a workplace or directorate has more trainees in a period than it may have."""
    days = (period.from_on, period.until_on)
    site = crowd.workplace.get(period.placement_id) if period.placement_id else None
    if site is not None and rules.taken(crowd.at[site], *days) > crowd.places[site]:
        return [
            Problem("places", _("Op deze werkplek is in die periode geen plaats meer vrij."), blocks=True)
        ]
    there = rules.taken(crowd.inside.get(period.directorate, []), *days)
    if there > numbers.directorate_max:
        return rules.directorate_problems([period.directorate] * there, numbers)
    return []


def _unknown() -> Verdict:
    return Verdict(None, _("Onbekend."))


def nowhere(enrolment_ids: Sequence[UUID], today: date) -> Sequence[SignalFinding]:
    """Who takes part and has no workplace for a period that begins soon, or has begun."""
    findings = []
    found = figures.facts(enrolment_ids)
    ahead = {agency: limits(agency, today).ahead_days for agency in {f.agency_id for f in found.values()}}
    for one, facts in found.items():
        missing = _missing(facts, today + timedelta(days=ahead[facts.agency_id]))
        if missing is None:
            continue
        key, begins = missing
        text = _("Nog geen werkplek voor de periode die op %(on)s begint.", on=format_date(begins))
        on = begins - timedelta(days=ahead[facts.agency_id])
        findings.append(SignalFinding(enrolment_id=one, cause=f"{key}-{begins}", on=on, text=text))
    return findings


def _missing(facts: Facts, horizon: date) -> tuple[str, date] | None:
    """The latest period up to a day without a workplace; None when there is none."""
    if facts.state not in rules.TAKING_PART:
        return None
    near = [(key, begins) for key, begins in facts.rounds.items() if begins <= horizon]
    if not near:
        return None
    key, begins = max(near, key=lambda item: item[1])
    return None if any(p.phase_key == key for p in facts.periods) else (key, begins)


def against(enrolment_ids: Sequence[UUID], today: date) -> Sequence[SignalFinding]:
    """Who has a placement that was agreed although a rule of the programme keeps it from that."""
    findings = []
    for one, facts in figures.facts(enrolment_ids).items():
        for period in facts.within("agreed", "running"):
            if period.until_on < today:
                continue
            earlier = [p for p in facts.periods if p.from_on < period.from_on]
            for problem in rules.problems_of(period, earlier):
                cause, on = f"{problem.code}-{period.placement_id}", min(today, period.from_on)
                findings.append(SignalFinding(enrolment_id=one, cause=cause, on=on, text=problem.text))
    return findings


#: What to do about what keeps a placement from being agreed.
WAYS_OUT: Final = {
    "function": "Kies een andere functie.",
    "supervisor": "Leg de training vast bij de werkplek, of kies een andere.",
    "places": "Kies een andere werkplek.",
    "directorate": "Kies een werkplek bij een andere directie.",
}
PLACEABLE: Final = RuleDef(
    key="gemeente.placeable",
    name="Regels voor plaatsen",
    explain="Afspreken kan op een werkplek van de lichting met plaats, in een functie die nog niet geweest is, bij een"
    " begeleider die op tijd getraind is en een directie die niet vol is.",
    check=placeable,
    agreeing=True,
)
READY: Final = RuleDef(
    key="gemeente.ready",
    name="Klaar voor de start",
    explain="De eerste werkplek is bekend, de begeleider daar is getraind en er is een eerste groepsopdracht.",
    check=ready,
)
FUNCTIONS: Final = RuleDef(
    key="gemeente.functions",
    name="Telkens een andere functie",
    explain="In elke periode die begonnen is, heeft een trainee een andere functie.",
    check=distinct,
)
NOWHERE: Final = SignalDef(
    key="gemeente.nowhere",
    name="Nog geen werkplek",
    explain="Een periode begint binnenkort of is begonnen, en er is nog geen werkplek.",
    evaluate=nowhere,
    tone=Tone.WARNING,
)
AGAINST: Final = SignalDef(
    key="gemeente.against",
    name="Plaatsing klopt niet",
    explain="Een afgesproken plaatsing is in een eerdere functie, of de begeleider is niet op tijd getraind.",
    evaluate=against,
    tone=Tone.WARNING,
)
