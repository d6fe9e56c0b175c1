"""Pure rules of cohorts: which transitions exist, and the words for states."""

from __future__ import annotations

from collections.abc import Mapping

from inleer.errors import DomainError
from inleer.i18n import _

COHORT_STEPS: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"recruiting", "cancelled"}),
    "recruiting": frozenset({"running", "cancelled"}),
    "running": frozenset({"completed", "cancelled"}),
    "completed": frozenset(),
    "cancelled": frozenset(),
}
ENROLMENT_STEPS: Mapping[str, frozenset[str]] = {
    "lead": frozenset({"invited", "intake", "withdrawn"}),
    "invited": frozenset({"intake", "withdrawn"}),
    "intake": frozenset({"selected", "waitlisted", "rejected", "withdrawn"}),
    "waitlisted": frozenset({"selected", "rejected", "withdrawn"}),
    "selected": frozenset({"active", "withdrawn"}),
    "active": frozenset({"paused", "completed", "dropped_out", "moved"}),
    "paused": frozenset({"active", "completed", "dropped_out", "moved"}),
    "rejected": frozenset(),
    "withdrawn": frozenset(),
    "completed": frozenset(),
    "dropped_out": frozenset(),
    "moved": frozenset(),
}
SESSION_STEPS: Mapping[str, frozenset[str]] = {
    "planned": frozenset({"open", "recorded", "cancelled"}),
    "open": frozenset({"recorded", "cancelled"}),
    "recorded": frozenset({"open", "locked"}),
    "locked": frozenset(),
    "cancelled": frozenset({"planned"}),
}
STATE_WORDS: Mapping[str, str] = {
    "draft": "concept",
    "recruiting": "werving",
    "running": "loopt",
    "completed": "afgerond",
    "cancelled": "geannuleerd",
    "lead": "in beeld",
    "invited": "uitgenodigd",
    "intake": "intake",
    "selected": "geselecteerd",
    "waitlisted": "wachtlijst",
    "rejected": "afgewezen",
    "withdrawn": "teruggetrokken",
    "active": "doet mee",
    "paused": "gepauzeerd",
    "dropped_out": "gestopt",
    "moved": "naar andere lichting",
    "planned": "gepland",
    "open": "open",
    "recorded": "geregistreerd",
    "locked": "dicht",
}
# Who initiated comes first, then the reason; "unknown" and "other" are no reasons (74 % were unusable elsewhere).
DROPOUT_REASONS: Mapping[str, Mapping[str, str]] = {
    "candidate": {
        "no_motivation": "dit werk past niet bij mij",
        "other_job": "heeft ander werk gevonden",
        "other_study": "gaat een andere opleiding doen",
        "private": "privéomstandigheden",
        "travel": "reizen of vervoer lukt niet",
        "childcare": "kinderopvang lukt niet",
        "money": "geld of schulden",
        "too_heavy": "te zwaar naast andere dingen",
        "moved_house": "verhuisd",
        "no_contact": "niet meer bereikbaar",
    },
    "school": {
        "absence": "te veel afwezig",
        "level": "niveau niet haalbaar",
        "language": "taal niet voldoende",
        "behaviour": "gedrag",
    },
    "employer": {
        "no_place": "geen plek meer",
        "performance": "functioneren op de werkplek",
        "behaviour": "gedrag",
        "vog": "geen VOG",
    },
    "agency": {
        "absence": "te veel afwezig",
        "no_contact": "niet meer bereikbaar",
        "right_ended": "recht op ondersteuning gestopt",
        "better_route": "andere route past beter",
    },
}
INITIATORS: Mapping[str, str] = {
    "candidate": "de kandidaat zelf",
    "school": "de school",
    "employer": "de werkgever",
    "agency": "het werkbedrijf",
}
WOULD_RETURN: Mapping[str, str] = {"yes": "ja", "maybe": "misschien", "no": "nee"}


def check_step(steps: Mapping[str, frozenset[str]], old: str, new: str) -> None:
    """Refuse a transition that does not exist, with the ones that do. Raises DomainError."""
    if new in steps[old]:
        return
    possible = ", ".join(STATE_WORDS[s] for s in sorted(steps[old])) or _("niets meer")
    if new not in steps:
        raise DomainError(_("Kies wat de volgende stap is. Mogelijk: %(possible)s.", possible=possible))
    raise DomainError(
        _(
            "Van “%(old)s” kan dit niet naar “%(new)s”. Wel mogelijk: %(possible)s.",
            old=STATE_WORDS[old],
            new=STATE_WORDS[new],
            possible=possible,
        )
    )


def check_dropout(initiator: str, reason: str, would_return: str) -> None:
    """Refuse a dropout without initiator, a reason that belongs to it, and the answer about returning."""
    if initiator not in INITIATORS:
        raise DomainError(_("Kies wie het initiatief nam."), "initiator")
    if reason not in DROPOUT_REASONS[initiator]:
        raise DomainError(_("Kies een reden."), "reason")
    if would_return not in WOULD_RETURN:
        raise DomainError(_("Kies of de kandidaat terug zou willen komen."), "would_return")
