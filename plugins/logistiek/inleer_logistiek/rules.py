"""Kinds of certificates, until when one is valid, what may be written down, and what the rule says. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from inleer.plugin import DomainError, _, format_date, holds_bsn

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "forklift": "Heftruck",
        "reachtruck": "Reachtruck",
        "ept": "Elektrische pallettruck (EPT)",
        "vca": "VCA-basis",
        "code95": "Code 95",
    }
)
#: The same, short enough for the head of a column.
SHORT: Final[Mapping[str, str]] = MappingProxyType({**KINDS, "ept": "EPT", "vca": "VCA"})
#: With one of these somebody may drive in the warehouse: "forklift or similar".
TRUCKS: Final = ("forklift", "reachtruck", "ept")
STATES: Final[Mapping[str, str]] = MappingProxyType(
    {"valid": "geldig", "expiring": "verloopt binnenkort", "expired": "verlopen"}
)
#: So long before the last day somebody looks at a certificate.
WARNING: Final = timedelta(days=30)
#: Years outside these are slips of the keyboard.
FIRST_YEAR, LAST_YEAR = 1970, 2100

Dated = tuple[str, date | None]


def state_of(valid_until: date | None, today: date) -> str:
    """How a certificate stands on a day; one without a last day stays valid. The last day itself is valid."""
    if valid_until is None:
        return "valid"
    if valid_until < today:
        return "expired"
    return "expiring" if valid_until <= today + WARNING else "valid"


def check_days(obtained_on: date, valid_until: date | None, today: date) -> None:
    """Refuse days that cannot be. Raises DomainError on the field that is wrong."""
    if obtained_on > today:
        raise DomainError(
            _("Deze dag is nog niet geweest. Leg het certificaat vast als het behaald is."), "obtained_on"
        )
    if obtained_on.year < FIRST_YEAR:
        raise DomainError(_("Controleer het jaar: dit is van voor %(year)s.", year=FIRST_YEAR), "obtained_on")
    if valid_until is None:
        return
    if valid_until < obtained_on:
        raise DomainError(
            _("De laatste dag ligt voor de dag waarop het certificaat behaald is."), "valid_until"
        )
    if valid_until.year > LAST_YEAR:
        raise DomainError(_("Controleer het jaar: dit is na %(year)s.", year=LAST_YEAR), "valid_until")


def check_text(text: str, field: str) -> str:
    """A short text with single spaces. Raises DomainError for a citizen service number."""
    words = " ".join(text.split())
    if holds_bsn(words):
        raise DomainError(_("Dit lijkt een burgerservicenummer; dat wordt hier niet vastgelegd."), field)
    return words


def best(certificates: Iterable[Dated]) -> Dated | None:
    """The certificate that is valid longest; None when there is none."""
    return max(certificates, key=lambda c: c[1] or date.max, default=None)


def truck_verdict(certificates: Iterable[Dated], today: date) -> tuple[bool, str]:
    """Whether somebody may drive a truck in the warehouse today, and by which certificate (kind, last day)."""
    found = best(c for c in certificates if c[0] in TRUCKS)
    if found is None:
        return False, _("Geen certificaat voor heftruck, reachtruck of EPT.")
    kind, until = found
    if until is None:
        return True, _("%(kind)s, zonder einddatum.", kind=KINDS[kind])
    words = {"kind": KINDS[kind], "on": format_date(until)}
    if until < today:
        return False, _("%(kind)s was geldig tot en met %(on)s.", **words)
    return True, _("%(kind)s, geldig tot en met %(on)s.", **words)


def half_way(starts_on: date, ends_on: date) -> date:
    """The first day of the second half of a phase; both days belong to it."""
    return starts_on + timedelta(days=((ends_on - starts_on).days + 2) // 2)
