"""Pure rules of asking employers: who gets which mail, when it is reminded, when it ends, how many answered in time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID

from inleer.errors import DomainError
from inleer.i18n import _

#: An employer answers within this many days (domain.md, JobIntention); then it goes back to the sender.
ANSWER_DAYS = 14
#: A reminder follows when this many days have passed, each once.
REMIND_AFTER = (3, 7, 12)
#: Between two mails of ours to one contact at least this long, before another reminder.
BETWEEN_REMINDERS = timedelta(hours=24)
#: Mails with a link to one address in 24 hours, of whatever kind (promise 15).
MAILS_PER_DAY = 3
LINK_LIFETIME = timedelta(days=14)
#: What can be asked: what was never asked, what got no answer, and what was confirmed and is asked once more.
ASKABLE = ("draft", "expired", "confirmed")
#: What an employer can still answer. An answer that comes late counts.
ANSWERABLE = ("requested", "expired", "confirmed")


def stage_on(answer_by: date, day: date) -> int:
    """How many reminders should be behind us on this day, of a request with this last day."""
    begun = answer_by - timedelta(days=ANSWER_DAYS)
    return sum(1 for after in REMIND_AFTER if (day - begun).days >= after)


def last_day(asked_on: date) -> date:
    """The last day on which an answer is in time."""
    return asked_on + timedelta(days=ANSWER_DAYS)


def contact_key(employer_id: UUID, email: str) -> tuple[UUID, str]:
    """Intentions with the same key go in one mail."""
    return employer_id, email.strip().casefold()


T = TypeVar("T")


def grouped(items: Iterable[tuple[UUID, str, T]]) -> dict[tuple[UUID, str], list[T]]:
    """(employer, e-mail, thing) by contact, in the order of first appearance."""
    found: dict[tuple[UUID, str], list[T]] = {}
    for employer_id, email, thing in items:
        found.setdefault(contact_key(employer_id, email), []).append(thing)
    return found


@dataclass(frozen=True)
class Asked:
    """One time that an intention was asked: the day, and the day of the answer."""

    asked_on: date
    answered_on: date | None


@dataclass(frozen=True)
class Response:
    """How many were answered within 14 days, of how many that were asked; ``waiting`` can still be in time."""

    in_time: int
    asked: int
    waiting: int


def response(rows: Sequence[Asked], today: date) -> Response:
    """The response of employers: answered within 14 days ÷ asked (domain.md, KPI definitions)."""
    in_time = sum(1 for r in rows if r.answered_on is not None and r.answered_on <= last_day(r.asked_on))
    waiting = sum(1 for r in rows if r.answered_on is None and today <= last_day(r.asked_on))
    return Response(in_time, len(rows), waiting)


def check_chosen(number: int) -> None:
    """Refuse to ask nobody. Raises DomainError."""
    if not number:
        raise DomainError(_("Kies minstens één intentie om te vragen."), "chosen")


def check_askable(state: str, employer: str) -> None:
    """Refuse to ask what ended, or what is asked already. Raises DomainError."""
    if state == "requested":
        raise DomainError(
            _("%(name)s is al gevraagd. Stuur de link opnieuw als dat nodig is.", name=employer)
        )
    if state not in ASKABLE:
        raise DomainError(
            _("Wat %(name)s heeft afgezegd of ingetrokken, vraagt u niet opnieuw.", name=employer)
        )


def check_limit(mails: int, email: str) -> None:
    """Refuse one mail too many to an address. Raises DomainError."""
    if mails >= MAILS_PER_DAY:
        raise DomainError(
            _(
                "%(email)s kreeg de laatste 24 uur al %(n)s mails van ons. Probeer het morgen, of bel.",
                email=email,
                n=MAILS_PER_DAY,
            )
        )
