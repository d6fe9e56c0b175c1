"""The rule that asks for a certificate before the work begins, and the signals about certificates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from inleer.plugin import RuleDef, SignalDef, SignalFinding, Tone, Verdict, _, format_date
from inleer_logistiek import figures, rules
from inleer_logistiek.figures import Facts


def may_drive(enrolment_ids: Sequence[UUID], today: date) -> Mapping[UUID, Verdict]:
    """Whether each of these people has a valid certificate for a truck in the warehouse."""
    found = figures.facts(enrolment_ids)
    nothing = Facts("", None, None)
    return {
        one: Verdict(*rules.truck_verdict(found.get(one, nothing).certificates, today))
        for one in enrolment_ids
    }


def expires(enrolment_ids: Sequence[UUID], today: date) -> Sequence[SignalFinding]:
    """Who has a certificate of which the last day is near or has been, and none of that kind that lasts longer."""
    found = figures.facts(enrolment_ids)
    return [finding for one, facts in found.items() for finding in _expiring(one, facts, today)]


def _expiring(enrolment_id: UUID, facts: Facts, today: date) -> Iterator[SignalFinding]:
    for kind in rules.KINDS:
        last = rules.best(c for c in facts.certificates if c[0] == kind)
        if last is None or last[1] is None or rules.state_of(last[1], today) == "valid":
            continue
        words = _("%(kind)s: laatste dag %(on)s.", kind=rules.KINDS[kind], on=format_date(last[1]))
        yield SignalFinding(
            enrolment_id=enrolment_id, cause=f"{kind}-{last[1]}", on=last[1] - rules.WARNING, text=words
        )


def missing(enrolment_ids: Sequence[UUID], today: date) -> Sequence[SignalFinding]:
    """Who may not drive a truck yet, in the second half of the practice phase and up to the first day of work."""
    return [
        SignalFinding(
            enrolment_id=one,
            cause="ontbreekt",
            on=half,
            text=_("Over de helft van de praktijk en nog geen certificaat voor heftruck, reachtruck of EPT."),
        )
        for one, facts in figures.facts(enrolment_ids).items()
        if (half := _late(facts, today)) is not None
    ]


def _late(facts: Facts, today: date) -> date | None:
    """The day from which somebody without any certificate for a truck is late; None when that is not so now.

    One that was valid and is not any more is told by the other signal.
    """
    if facts.state != "active" or facts.practice is None:
        return None
    half = rules.half_way(*facts.practice)
    if today < half or (facts.work_starts is not None and facts.work_starts <= today):
        return None
    return None if any(kind in rules.TRUCKS for kind, _until in facts.certificates) else half


#: Where the certificates of one person stand, and one is added.
PAGE: Final = "logistiek.person"
RULE: Final = RuleDef(
    key="logistiek.forklift",
    name="Certificaat voor heftruck, reachtruck of EPT",
    explain="Een certificaat voor heftruck, reachtruck of EPT dat op die dag geldig is, voor het werken begint.",
    check=may_drive,
)
EXPIRES: Final = SignalDef(
    key="logistiek.expires",
    name="Certificaat verloopt",
    explain="De laatste dag van een certificaat is binnen 30 dagen of voorbij, en er is geen nieuwer.",
    evaluate=expires,
    tone=Tone.WARNING,
    endpoint=PAGE,
)
MISSING: Final = SignalDef(
    key="logistiek.missing",
    name="Certificaat ontbreekt",
    explain="Over de helft van de praktijkfase en nog geen certificaat voor heftruck, reachtruck of EPT.",
    evaluate=missing,
    tone=Tone.WARNING,
    endpoint=PAGE,
)
