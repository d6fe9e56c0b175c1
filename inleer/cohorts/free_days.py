"""What vacations and public holidays do to a phase: pure functions on the free days inside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from inleer.i18n import _, format_date


class Free(Protocol):
    """Some days on which nobody is expected, with both ends."""

    @property
    def start(self) -> date: ...
    @property
    def end(self) -> date: ...
    @property
    def name(self) -> str: ...


@dataclass(frozen=True)
class Laid:
    """How a phase lies: its first day in ``free``, or (``whole``) no day on which anybody is expected."""

    free: Free
    whole: bool


def laid_on(days: Sequence[Free], start: date, end: date | None) -> Laid | None:
    """None when the first day of a phase is an ordinary one. ``days`` are the free days inside it, by date; weekends
    count as free only for the question whether anything is left. An open phase is never free as a whole."""
    on_first = next((free for free in days if free.start <= start <= free.end), None)
    if end is not None:
        weekdays = [
            d for n in range((end - start).days + 1) if (d := start + timedelta(days=n)).weekday() < 5
        ]
        if weekdays and all(any(free.start <= d <= free.end for free in days) for d in weekdays):
            return Laid(on_first or days[0], True)
    return Laid(on_first, False) if on_first is not None else None


def in_words(laid: Laid | None) -> str:
    """A sentence about it; empty when there is nothing to say."""
    if laid is None:
        return ""
    name = laid.free.name or _("vrije dagen")
    first, last = format_date(laid.free.start, "lang"), format_date(laid.free.end, "lang")
    when = first if first == last else _("%(from)s t/m %(to)s", **{"from": first, "to": last})
    if laid.whole:
        return _(
            "Alle dagen van deze fase zijn vrij: %(name)s, %(when)s. Kies andere dagen.", name=name, when=when
        )
    return _("De eerste dag is vrij: %(name)s, %(when)s.", name=name, when=when)


def nearest(days: Sequence[Free], today: date) -> Free | None:
    """The first that is not over; when all are, the last one. None when there are none."""
    return next((free for free in days if free.end >= today), days[-1] if days else None)
