"""The figures of an edition by brute force: loops over every day and every window, nothing clever.

Definitions: design/domain.md, "Attendance and absence". Where the text leaves room, the reading is written
beside the line that takes it. ``Rules`` holds what the planted faults change; its defaults are the rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from .facts import Candidate, Facts, Mark, Session
from .vacations import PUBLIC_HOLIDAYS, REGIONS, vacation_days


@dataclass(frozen=True)
class Rules:
    """The rule (defaults), and the near misses that the seeds must be able to tell from it."""

    window_weeks: int = 4
    threshold: int = 960  # minutes: 16 hours
    vacations: bool = True  # False: vacation weeks are ordinary weeks
    vacation_sessions_count: bool = False  # True: their minutes slip into the window of the week before
    holiday_breaks_week: bool = False  # True: a public holiday takes the week out like a vacation
    any_vacation_day: bool = False  # True: a vacation on Saturday or Sunday takes the week out too
    region: str | None = None  # other than the edition's own
    calendar_days: int | None = None  # a sliding window of days instead of weeks
    last_instead_of_first: bool = False
    whole_session: bool = False  # True: O always costs the whole session
    late_is_unexcused: bool = False
    late_from: date | None = None  # the school's own rule: from this day on late and left early are unexcused
    unrecorded_is_present: bool = False
    cancelled_counts: bool = False
    old_limit: int = 23
    new_limit: int = 27
    new_limit_from: date = date(2026, 1, 1)
    limit_inclusive: bool = False
    age_at_start: bool = False
    qualification_ignored: bool = False
    unknown_is_qualified: bool = False


RULE = Rules()


def report(facts: Facts, at: date, rules: Rules = RULE) -> dict[str, Any]:
    """The figures of `inleer report cohort`, computed at the end of the day ``at``."""
    held = [s for s in facts.sessions if rules.cancelled_counts or not s.cancelled]
    known = [intention.positions for intention in facts.intentions if intention.positions is not None]
    return {
        "candidates": len(facts.candidates),
        # cancelled sessions count for nobody, so they are in neither of these two
        "sessions": len(held),
        "planned_hours": hours(sum(s.minutes for s in held)),
        "attendance_rows": len(facts.marks),
        "positions": sum(known),
        "intentions": [
            {"employer": i.employer, "function": i.function, "positions": i.positions, "kind": i.kind,
             "hours": list(i.hours), "state": "draft"}
            for i in facts.intentions
        ],
        "per_candidate": {c.number: of_candidate(facts, c, at, rules) for c in facts.candidates},
    }  # fmt: skip


def differences(got: dict[str, Any], want: dict[str, Any]) -> list[str]:
    """In which figures a report differs from the oracle's, in words; empty when they agree.

    Keys that only the report has are its own business; so is the order of the intentions.
    """
    found = [
        f"{key}: {got.get(key)!r}, oracle {want[key]!r}"
        for key in ("candidates", "sessions", "planned_hours", "attendance_rows", "positions")
        if got.get(key) != want[key]
    ]
    sent = sorted(({k: i.get(k) for k in want["intentions"][0]} for i in got.get("intentions", [])), key=str)
    if sent != sorted(want["intentions"], key=str):
        found.append(f"intentions: {sent!r}, oracle {want['intentions']!r}")
    return found + person_differences(got, want)


def person_differences(got: dict[str, Any], want: dict[str, Any]) -> list[str]:
    """The same for the figures per candidate alone."""
    theirs, ours = got.get("per_candidate", {}), want["per_candidate"]
    found = [f"only one has candidate {number}" for number in sorted(set(theirs) ^ set(ours))]
    for number in sorted(set(theirs) & set(ours)):
        for key, value in ours[number].items():
            mine = theirs[number].get(key.removesuffix("_one_of"))
            if mine not in (value if key.endswith("_one_of") else (value,)):
                found.append(f"{number} {key}: {mine!r}, oracle {value!r}")
    return found


def of_candidate(facts: Facts, candidate: Candidate, at: date, rules: Rules = RULE) -> dict[str, Any]:
    """The figures of one person; the keys are those of the report, without the name."""
    base = judged_sessions(facts, candidate, at, rules)
    planned = sum(session.minutes for session, _mark in base)
    missed = sum(mark.missed for _session, mark in base)
    unexcused = [(session.day, unexcused_minutes(session, mark, rules)) for session, mark in base]
    day = reached_on(unexcused, rules.region or facts.region, rules)
    return {
        "planned_hours": hours(planned),
        "present_pct_one_of": percentages(planned - missed, planned),
        "unexcused_hours": hours(sum(minutes for _day, minutes in unexcused)),
        "sixteen_hours_reached_on": day.isoformat() if day else None,
        "sixteen_hours_applies": applies(candidate, facts.start if rules.age_at_start else day, rules)
        if day
        else None,
    }


def judged_sessions(
    facts: Facts, candidate: Candidate, at: date, rules: Rules = RULE
) -> list[tuple[Session, Mark]]:
    """Past, not cancelled sessions since joining that have a mark for this person (the base of the percentage).

    The day of joining itself counts. Nobody leaves: the files of an edition have no column for it.
    """
    joined = candidate.joined or facts.start
    marks = {(mark.day, mark.code): mark for mark in facts.marks if mark.number == candidate.number}
    found = []
    for session in facts.sessions:
        if session.cancelled and not rules.cancelled_counts:
            continue
        if session.day > at or session.day < joined:
            continue
        mark = marks.get((session.day, session.code))
        if mark is None and rules.unrecorded_is_present:
            mark = Mark(candidate.number, session.day, session.code, "A", 0)
        if mark is not None:
            found.append((session, mark))
    return found


def unexcused_minutes(session: Session, mark: Mark, rules: Rules = RULE) -> int:
    """Only code O is unexcused; being late or leaving early is not, unless the school says so for that day."""
    if mark.status == "O":
        return session.minutes if rules.whole_session else mark.missed
    by_school = rules.late_from is not None and session.day >= rules.late_from
    if (rules.late_is_unexcused or by_school) and mark.status in ("TL", "VV"):
        return mark.missed
    return 0


def reached_on(unexcused: Iterable[tuple[date, int]], region: str, rules: Rules = RULE) -> date | None:
    """The first day on which the unexcused minutes within some 4 consecutive school weeks reach 16 hours.

    Every day and every window that holds it are tried; minutes after that day do not count yet.
    """
    absent = sorted((day, minutes) for day, minutes in unexcused if minutes > 0)
    if not absent:
        return None
    hits = []
    windows = _windows(absent[0][0], absent[-1][0], region, rules)
    for day, _minutes in absent:
        for window in windows:
            if day not in window:
                continue
            if (
                sum(minutes for other, minutes in absent if other in window and other <= day)
                >= rules.threshold
            ):
                hits.append(day)
                break
    if not hits:
        return None
    return hits[-1] if rules.last_instead_of_first else hits[0]


@cache
def _windows(first: date, last: date, region: str, rules: Rules) -> list[frozenset[date]]:
    """Every run of consecutive school weeks around these days, each as the set of its days."""
    if rules.calendar_days:
        span = (last - first).days + 1
        return [
            _days(first + timedelta(days=n - rules.calendar_days + 1), rules.calendar_days)
            for n in range(span)
        ]
    # 12 weeks more on both sides: longer than any vacation, so no window is cut off at the edge
    monday = first - timedelta(days=first.weekday() + 12 * 7)
    weeks: list[frozenset[date]] = []
    while monday <= last + timedelta(weeks=12):
        days = _days(monday, 7)
        if is_school_week(monday, region, rules):
            weeks.append(days)
        elif rules.vacation_sessions_count and weeks:
            weeks[-1] = weeks[-1] | days
        monday += timedelta(days=7)
    size = rules.window_weeks
    return [frozenset().union(*weeks[n : n + size]) for n in range(len(weeks) - size + 1)]


def _days(first: date, number: int) -> frozenset[date]:
    return frozenset(first + timedelta(days=n) for n in range(number))


def is_school_week(monday: date, region: str, rules: Rules = RULE) -> bool:
    """Whether no day from Monday to Friday is a vacation day. A public holiday is not a vacation."""
    if region not in REGIONS:
        raise ValueError(region)
    for number in range(7 if rules.any_vacation_day else 5):
        day = monday + timedelta(days=number)
        if rules.vacations and day in _vacation_days(region):
            return False
        if rules.holiday_breaks_week and day in PUBLIC_HOLIDAYS:
            return False
    return True


_vacation_days = cache(vacation_days)


def age_on(born: date, day: date) -> int:
    """Completed years; someone born on 29 February is a year older on 1 March."""
    years = day.year - born.year
    return years - 1 if (day.month, day.day) < (born.month, born.day) else years


def applies(candidate: Candidate, day: date, rules: Rules = RULE) -> str:
    """What reaching 16 hours on ``day`` means: mandatory, local or not_applicable."""
    qualification = "unknown" if rules.qualification_ignored else candidate.qualification
    if qualification == "yes" or (rules.unknown_is_qualified and qualification == "unknown"):
        return "not_applicable"
    age = age_on(candidate.born, day)
    if age < 18:
        return "mandatory"
    limit = rules.new_limit if day >= rules.new_limit_from else rules.old_limit
    if age < limit or (rules.limit_inclusive and age == limit):
        return "local"
    return "not_applicable"


def hours(minutes: int) -> float:
    """Minutes as hours with two decimals."""
    return float(_rounded(Fraction(minutes, 60), "0.01"))


def percentages(part: int, whole: int) -> tuple[float | None, ...]:
    """One decimal; None when there is nothing to take it of.

    The definitions do not say what becomes of an exact half (99.25), and expected.json does not tell either:
    both ways of rounding are right, so both values are given.
    """
    if not whole:
        return (None,)
    value = Fraction(100 * part, whole)
    return tuple(sorted({float(_rounded(value, "0.1", way)) for way in (ROUND_HALF_UP, ROUND_HALF_EVEN)}))


def _rounded(value: Fraction, step: str, way: str = ROUND_HALF_UP) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal(step), way)
