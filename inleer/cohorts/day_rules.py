"""Pure rules of the days in steps of an enrolment: what lies outside the edition, or in the wrong order.

Each returns every problem with the days that are given; a day that is not filled in has none here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from inleer.errors import DomainError
from inleer.i18n import _, format_date

#: How long a pause lasts at most, and how far ahead a first day may lie: an edition with aftercare lasts for years.
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Span:
    """An edition on the calendar, both days included; ``last`` None: its last phase has no end."""

    name: str
    first: date
    last: date | None


def first_possible(span: Span, last_day: date) -> date:
    """The first day that somebody can have in an edition after the last day in another."""
    return max(span.first, last_day + timedelta(days=1))


def first_day(
    on: date | None, span: Span, today: date, left: date | None = None, field: str = "on"
) -> list[DomainError]:
    """A first day lies in the edition, and not after the last day."""
    if on is None:
        return []
    if on < span.first:
        text = _(
            "%(name)s begint op %(day)s. Kies die dag of een latere.",
            name=span.name,
            day=format_date(span.first),
        )
        return [DomainError(text, field)]
    if left is not None and on > left:
        return [DomainError(_("De instapdatum ligt na de laatste dag."), field)]
    return _too_late(on, span, max(today, span.first), field)


def last_day(on: date | None, joined: date | None, today: date, field: str = "left_on") -> list[DomainError]:
    """A last day is not before the first one, and is recorded on that day or later."""
    if on is None:
        return []
    if joined is not None and on < joined:
        return [DomainError(_("De laatste dag ligt voor de instapdatum."), field)]
    if on > today:
        text = _("De laatste dag ligt in de toekomst. Leg dit vast op of na die dag.")
        return [DomainError(text, field)]
    return []


def back_day(on: date | None, pause_from: date, span: Span, today: date) -> list[DomainError]:
    """The first day back is not before the pause began, and lies in the edition."""
    if on is None:
        return []
    if on < pause_from:
        return [DomainError(_("De kandidaat kan niet terug zijn voor de pauze begon."), "on")]
    return _too_late(on, span, today, "on")


def pause_days(
    first: date | None, until: date | None, joined: date | None, span: Span, paused_until: date | None
) -> list[DomainError]:
    """A pause lies after the first day, not over a former one (until ``paused_until``), and ends in the edition."""
    found: list[DomainError] = []
    if first is not None and joined is not None and first < joined:
        found.append(DomainError(_("De pauze begint voor de instapdatum."), "from_on"))
    elif first is not None and paused_until is not None and first <= paused_until:
        text = _(
            "Tot en met %(day)s was er al een pauze. Kies een latere eerste dag.",
            day=format_date(paused_until),
        )
        found.append(DomainError(text, "from_on"))
    if first is not None and until is not None and until < first:
        found.append(DomainError(_("De laatste dag ligt voor de eerste dag."), "until_on"))
    return found + pause_end(until, first, span)


def pause_end(until: date | None, first: date | None, span: Span) -> list[DomainError]:
    """A pause ends before the edition does, for then the person comes back; it lasts a year at most."""
    if until is None:
        return []
    if span.last is not None and until >= span.last:
        text = _(
            "%(name)s eindigt op %(day)s. De laatste dag van een pauze ligt daarvoor.",
            name=span.name,
            day=format_date(span.last),
        )
        return [DomainError(text, "until_on")]
    if first is not None and until > first + LONGEST:
        return [
            DomainError(_("Een pauze duurt hoogstens een jaar. Kies een eerdere laatste dag."), "until_on")
        ]
    return []


def _too_late(on: date, span: Span, today: date, field: str) -> list[DomainError]:
    if span.last is not None and on > span.last:
        text = _(
            "%(name)s eindigt op %(day)s. Kies een eerdere dag.", name=span.name, day=format_date(span.last)
        )
        return [DomainError(text, field)]
    if on > today + LONGEST:
        return [DomainError(_("Deze dag ligt meer dan een jaar vooruit. Kies een eerdere dag."), field)]
    return []
