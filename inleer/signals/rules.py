"""The core's signals about a person: which rules hold now, each with its cause. Pure over the person's marks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from inleer.attendance.rules import (
    Mark,
    Qualification,
    Reached,
    applicability,
    below_percentage,
    no_shows_in_a_row,
    unexcused_in_window,
)
from inleer.calendars.rules import SchoolCalendar
from inleer.i18n import _, format_date, format_hours

RULES: Mapping[str, str] = {
    "core.sixteen_hours": "16 uur ongeoorloofd in 4 schoolweken",
    "core.unexcused_warning": "8 uur ongeoorloofd in 4 schoolweken",
    "core.no_shows": "2 keer achter elkaar niet verschenen",
    "core.below_percentage": "aanwezigheid onder 80 % over 4 schoolweken",
    "core.unrecorded": "geweest, maar nog niet geregistreerd",
}


@dataclass(frozen=True)
class Raised:
    """A rule that holds: which, since when, why, and the facts behind it."""

    rule: str
    cause: str
    on: date
    tone: str
    text: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def about_person(
    marks: Sequence[Mark],
    times: Sequence[Reached],
    calendar: SchoolCalendar,
    settings_on: Callable[[date], Mapping[str, int]],
    today: date,
    birth_date: date | None,
    startkwalificatie: str,
    shares: Sequence[Mark] | None = None,
) -> list[Raised]:
    """Every rule that holds for a person today. ``marks`` are over all cohorts, on the days they took part.

    ``settings_on`` gives the parameters of a day: reaching the norm is judged by the law of that day, the warnings by
    today's. ``shares``: what the attendance percentage is computed from, where that is not ``marks``.
    """
    settings = settings_on(today)
    raised = [_sixteen(t, settings_on(t.on), birth_date, startkwalificatie) for t in times]
    warning = unexcused_in_window(
        marks,
        calendar,
        as_of=today,
        threshold_minutes=settings["warning.unexcused_minutes"],
        weeks=settings["sixteen_hours.weeks"],
        times=times,
    )
    no_shows = no_shows_in_a_row(marks, needed=settings["warning.no_shows"], as_of=today)
    low = below_percentage(
        marks if shares is None else shares,
        calendar,
        as_of=today,
        percentage=settings["warning.attendance_percent"],
        weeks=settings["sixteen_hours.weeks"],
    )
    for rule, found in (
        ("core.unexcused_warning", warning),
        ("core.no_shows", no_shows),
        ("core.below_percentage", low),
    ):
        if found is not None:
            raised.append(Raised(rule, found.cause_key, found.on, "warn", found.text_nl))
    return raised


def _sixteen(
    time: Reached, settings: Mapping[str, int], birth_date: date | None, startkwalificatie: str
) -> Raised:
    # A day of birth after that day is a mistake of the keyboard; a teacher's save does not stumble over it.
    born = None if birth_date is None or birth_date > time.on else birth_date
    applies = applicability(
        born, cast(Qualification, startkwalificatie), time.on, settings["sixteen_hours.age_limit"]
    )
    text = _(
        "Bereikte op %(on)s %(hours)s ongeoorloofd verzuim. %(applies)s",
        on=format_date(time.on),
        hours=format_hours(time.minutes),
        applies=applies.text_nl,
    )
    return Raised(
        rule="core.sixteen_hours",
        cause=time.cause_key,
        on=time.on,
        tone="info" if applies.kind.value == "not_applicable" else "bad",
        text=text,
        facts={
            "begin": time.begin.isoformat(),
            "end": time.on.isoformat(),
            "minutes": time.minutes,
            "by_week": [[week.isoformat(), minutes] for week, minutes in time.by_week],
            "applies": applies.kind.value,
            "qualification_unknown": applies.qualification_unknown,
            "age": applies.age,
        },
    )
