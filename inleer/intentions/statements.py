"""What an employer commits to, in words: the text that is shown, kept word for word with its SHA-256, and mailed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Protocol

from inleer.i18n import _, format_date

#: The name of a commitment, and what it binds to (domain.md, Kinds). Each kind reads differently.
TITLES: Mapping[str, str] = {
    "intention": "Intentie",
    "guarantee": "Baangarantie",
    "conditional_contract": "Voorwaardelijk contract",
}
SHORT: Mapping[str, str] = {
    "intention": "Een intentie is een inspanning, geen garantie.",
    "guarantee": "Een baangarantie is een resultaat: deze plekken zijn er.",
    "conditional_contract": "Een voorwaardelijk contract bindt, behalve als de voorwaarde niet uitkomt.",
}
BINDS: Mapping[str, str] = {
    "intention": (
        "Dit is een intentie. De werkgever spant zich in om deze plekken aan te bieden. De werkgever garandeert niet"
        " dat de plekken er komen, en niemand kan aan deze intentie een recht op een baan ontlenen."
    ),
    "guarantee": (
        "Dit is een baangarantie. De werkgever staat in voor het resultaat: voor zoveel deelnemers die de route"
        " afronden, is er een baan met deze uren. Kan de werkgever dat niet meer nakomen, dan meldt hij dat meteen."
    ),
    "conditional_contract": (
        "Dit is een voorwaardelijk contract. De werkgever is aan het contract gebonden. Het vervalt alleen als de"
        " voorwaarde niet uitkomt. Die voorwaarde is objectief en de werkgever beslist er niet zelf over,"
        " bijvoorbeeld een diploma op een datum."
    ),
}


class HasTerms(Protocol):
    """What is read of an intention."""

    function: Any
    kind: Any
    positions: Any
    hours_min: Any
    hours_max: Any
    from_on: Any
    conditions: Any


@dataclass(frozen=True)
class Terms:
    """What a commitment says. Hours are per week; what is None is unknown."""

    function: str
    kind: str
    positions: int | None
    hours_min: int | None
    hours_max: int | None
    from_on: date | None
    conditions: str | None

    def kept(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {**asdict(self), "from_on": self.from_on.isoformat() if self.from_on else None}


def terms_of(intention: HasTerms) -> Terms:
    """What an intention says now."""
    return Terms(
        function=intention.function,
        kind=intention.kind,
        positions=intention.positions,
        hours_min=intention.hours_min,
        hours_max=intention.hours_max,
        from_on=intention.from_on,
        conditions=intention.conditions,
    )


def terms_kept(kept: Mapping[str, Any]) -> Terms:
    """What :meth:`Terms.kept` kept."""
    return Terms(**{**kept, "from_on": date.fromisoformat(kept["from_on"]) if kept["from_on"] else None})


def places_words(positions: int | None) -> str:
    """ "5 plekken", "1 plek", or that no number was named."""
    if positions is None:
        return _("nog geen aantal plekken genoemd")
    return _("1 plek") if positions == 1 else _("%(n)s plekken", n=positions)


def hours_words(low: int | None, high: int | None) -> str:
    """ "20 tot 28 uur per week"; empty limits say so."""
    if low is None and high is None:
        return _("uren nog onbekend")
    if high is None or low == high:
        return _("%(n)s uur per week", n=low)
    if low is None:
        return _("tot %(n)s uur per week", n=high)
    return _("%(low)s tot %(high)s uur per week", low=low, high=high)


def in_one_line(terms: Terms) -> str:
    """Places, hours and the first day in one line."""
    parts = [places_words(terms.positions), hours_words(terms.hours_min, terms.hours_max)]
    if terms.from_on:
        parts.append(_("vanaf %(on)s", on=format_date(terms.from_on, "lang")))
    return ", ".join(parts)


def commitment(terms: Terms, employer: str, cohort: str, agency: str) -> str:
    """The whole text of a commitment, as it is shown before the answer."""
    lines = [
        _(
            "%(title)s van %(employer)s aan %(agency)s",
            title=_(TITLES[terms.kind]),
            employer=employer,
            agency=agency,
        ),
        _("Voor: %(cohort)s", cohort=cohort),
        _("Functie: %(text)s", text=terms.function),
        _("Plekken: %(text)s", text=places_words(terms.positions)),
        _("Uren: %(text)s", text=hours_words(terms.hours_min, terms.hours_max)),
        _("Vanaf: %(on)s", on=format_date(terms.from_on, "lang") if terms.from_on else _("nog onbekend")),
    ]
    if terms.conditions:
        lines.append(_("Voorwaarden: %(text)s", text=terms.conditions))
    return "\n".join([*lines, "", _(BINDS[terms.kind])])


def stated(text: str, answer: str, name: str, on: date) -> str:
    """What is kept and mailed: the text that was shown, the answer, who gave it and when."""
    said = _(
        "Antwoord: %(answer)s\nGegeven door: %(name)s\nOp: %(on)s",
        answer=answer,
        name=name,
        on=format_date(on, "lang"),
    )
    return f"{text}\n\n{said}"


def sha256(text: str) -> str:
    """The SHA-256 of a text in UTF-8, in hexadecimals."""
    return hashlib.sha256(text.encode()).hexdigest()


_LABELS: Mapping[str, str] = {
    "function": "Functie",
    "kind": "Soort toezegging",
    "positions": "Plekken",
    "hours_min": "Uren per week, minstens",
    "hours_max": "Uren per week, hoogstens",
    "from_on": "Vanaf",
    "conditions": "Voorwaarden",
}


def differences(before: Terms, now: Terms) -> list[tuple[str, str, str]]:
    """What changed as (what, before, now), in words."""
    found = []
    for name, label in _LABELS.items():
        old, new = getattr(before, name), getattr(now, name)
        if old != new:
            found.append((_(label), _value(name, old), _value(name, new)))
    return found


def _value(name: str, value: Any) -> str:
    if value is None:
        return _("onbekend")
    if name == "kind":
        return _(TITLES[value])
    return format_date(value, "lang") if isinstance(value, date) else str(value)
