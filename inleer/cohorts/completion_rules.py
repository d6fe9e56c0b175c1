"""When a phase is completed: what its rules say of one person, in words that can be kept. Pure.

A rule that is missing or fails never counts as fulfilled, and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from inleer.errors import DomainError
from inleer.extend.types import Verdict
from inleer.i18n import _, format_date

FULFILLED, NOT_FULFILLED, UNKNOWN, UNAVAILABLE = "fulfilled", "not_fulfilled", "unknown", "unavailable"
#: The states of a verdict, the worst last: word and tone.
VERDICT_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    FULFILLED: ("voldaan", "ok"),
    UNKNOWN: ("nog niet te zeggen", "info"),
    NOT_FULFILLED: ("niet voldaan", "warn"),
    UNAVAILABLE: ("niet beschikbaar", "bad"),
}
#: Who never comes to a phase any more; what somebody completed before that can still be recorded.
NEVER_STARTED: Final = ("rejected", "withdrawn")
_LONGEST_REASON: Final = 500


@dataclass(frozen=True, slots=True)
class Judged:
    """What one rule says of one person: ``state`` is a key of VERDICT_WORDS, ``text`` the Dutch sentence why.

    ``binding``: without this rule the phase cannot be completed, whatever the reason.
    """

    rule: str
    name: str
    state: str
    text: str
    binding: bool = False

    @property
    def refuses(self) -> bool:
        """Whether this rule keeps the phase from being completed."""
        return self.binding and self.state != FULFILLED


def judged(rule: str, name: str, verdict: Verdict) -> Judged:
    """A rule's own verdict. Only a plain True is fulfilled; None is not to be said yet."""
    otherwise = UNKNOWN if verdict.fulfilled is None else NOT_FULFILLED
    return Judged(rule, name, FULFILLED if verdict.fulfilled is True else otherwise, verdict.text)


def missing(rule: str) -> Judged:
    """The verdict of a rule that nobody brings: its plugin is off, or no longer has it."""
    text = _(
        "Deze regel is er niet: de plugin “%(plugin)s” staat uit of heeft hem niet meer.", plugin=owner(rule)
    )
    return Judged(rule, rule, UNAVAILABLE, text)


def failed(rule: str, name: str) -> Judged:
    """The verdict of a rule that raised an error or answered something else than verdicts."""
    text = _(
        "Deze regel gaf nu geen antwoord: er ging iets mis in de plugin “%(plugin)s”.", plugin=owner(rule)
    )
    return Judged(rule, name, UNAVAILABLE, text)


def owner(rule: str) -> str:
    """The plugin that a rule belongs to."""
    return rule.partition(".")[0]


def is_fulfilled(verdicts: Iterable[Judged]) -> bool:
    """Whether every rule is fulfilled; a phase without rules is for the person who completes it to judge."""
    return all(one.state == FULFILLED for one in verdicts)


def with_binding(verdicts: Iterable[Judged], binding: Sequence[str]) -> tuple[Judged, ...]:
    """The same verdicts, those of binding rules marked."""
    return tuple(replace(one, binding=one.rule in binding) for one in verdicts)


def check_binding(said: Iterable[tuple[str, Iterable[Judged]]]) -> None:
    """Refuse people of whom a binding rule is not fulfilled; ``said`` is the name and the verdicts of each.

    Raises DomainError, on the field "people", that names each such rule and of whom it is not fulfilled.
    """
    found: dict[tuple[str, str, str], list[str]] = {}
    for name, verdicts in said:
        for one in verdicts:
            if one.refuses:
                found.setdefault((one.rule, one.name, one.state), []).append(name)
    if found:
        parts = [
            _(
                "“%(rule)s” is %(state)s bij %(people)s.",
                rule=rule,
                state=_(VERDICT_WORDS[state][0]),
                people=", ".join(names),
            )
            for (_key, rule, state), names in found.items()
        ]
        ending = _(
            "Zolang een bindende regel niet is voldaan, kan deze fase niet worden afgerond, ook niet met een reden."
        )
        raise DomainError(" ".join([*parts, ending]), "people")


def worst(verdicts: Sequence[Judged]) -> str:
    """The state that decides: of several rules the worst one. FULFILLED when there are none."""
    order = list(VERDICT_WORDS)
    return max((one.state for one in verdicts), key=order.index, default=FULFILLED)


def to_store(verdicts: Iterable[Judged]) -> dict[str, Any]:
    """Verdicts as they are kept with a completion: rule → name, state, text, and binding when it was."""
    return {
        one.rule: {"name": one.name, "state": one.state, "text": one.text}
        | ({"binding": True} if one.binding else {})
        for one in verdicts
    }


def from_store(stored: Mapping[str, Any]) -> tuple[Judged, ...]:
    """Kept verdicts as they were."""
    return tuple(
        Judged(rule, kept["name"], kept["state"], kept["text"], kept.get("binding", False))
        for rule, kept in stored.items()
    )


def sentences(verdicts: Iterable[Judged]) -> str:
    """Verdicts on one line: name, word and sentence of each."""
    return " ".join(f"{one.name}: {_(VERDICT_WORDS[one.state][0])}. {one.text}" for one in verdicts)


def check_day(on: date, today: date, begins: date, state: str, left_on: date | None) -> None:
    """Refuse a day on which this person cannot have completed the phase. Raises DomainError on the field "on"."""
    if state in NEVER_STARTED:
        raise DomainError(_("Deze deelname is niet begonnen."))
    if on > today:
        raise DomainError(_("Deze dag is nog niet geweest. Leg het op of na die dag vast."), "on")
    if on < begins:
        raise DomainError(_("Deze fase begint pas op %(on)s.", on=format_date(begins, "lang")), "on")
    if left_on is not None and on > left_on:
        raise DomainError(
            _("De laatste dag van deze deelname was %(on)s.", on=format_date(left_on, "lang")), "on"
        )


def check_reason(fulfilled: bool, reason: str) -> str:
    """The reason as it is kept. Raises DomainError when the rules do not carry the completion and it is empty."""
    kept = " ".join(reason.split())
    if not fulfilled and not kept:
        raise DomainError(
            _("Niet elke regel is voldaan. Schrijf kort op waarom de fase toch is afgerond."), "reason"
        )
    if len(kept) > _LONGEST_REASON:
        raise DomainError(_("Houd de reden korter dan %(most)s tekens.", most=_LONGEST_REASON), "reason")
    return kept


def likely_day(today: date, ends: date | None, has_rules: bool) -> date:
    """The day to propose: the last day of a phase that is over, else today.

    With rules it is today: they speak of today, and what they say now may have become so after the phase had ended.
    """
    return ends if ends is not None and ends < today and not has_rules else today
