"""Who takes part and who was absent when: stories that tell the right 16-hour rule from its near misses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

from . import oracle
from .facts import Candidate, Mark, Qualification, Session

if TYPE_CHECKING:
    from .generate import Edition

FIRST_NAMES = (
    "Inês", "Daniël", "Rachid", "Wendy", "Jeroen", "Zoë", "Joëlle", "Fatima", "Łukasz", "Şeyma", "Hülya", "Noor",
    "Tesfay", "Olena", "IJsbrand", "Renée", "Đorđe", "Nguyệt", "O", "Anne-Marie", "Abdi", "Björn",
)  # fmt: skip
INFIXES = ("", "", "", "", "van", "de", "van den", "van der", "in 't", "van 't", "ter", "'t", "op de")
LAST_NAMES = (
    "Bakker-Öztürk", "Nguyễn", "Berg", "Shevchenko", "Vries", "Veld", "Visser", "Şahin", "D'Angelo", "Osman", "Aydın",
    "Haddad", "Horst", "Hof", "Kowalczyk", "El Amrani", "Meulen", "Null", "Broek-de Vries", "Müller", "Ðorđević",
)  # fmt: skip
STORIES = (
    "exact", "exact", "just under", "fifth week", "across a vacation", "vacation lesson", "restart", "heavy",
    "late", "ill", "nothing recorded", "ordinary", "ordinary", "ordinary",
)  # fmt: skip

Absences = dict[Session, int]


def people(rng: Random, made: Edition) -> None:
    """Fill candidates and marks: 3 to 12 people, some joining late, some lessons unrecorded for some."""
    facts = made.facts
    number_style = rng.choice(("K", "K", "number", "zero"))
    has_qualification, latecomers = rng.random() < 0.5, rng.random() < 0.35
    unrecorded = rng.choice((0.0, 0.0, 0.05, 0.2))
    held = [session for session in facts.sessions if not session.cancelled]
    for index in range(rng.randint(3, 12)):
        joined = None
        if latecomers and index % 3 == 1:
            joined = _joining_day(rng, made)
        own = [session for session in held if session.day >= (joined or facts.start)]
        story = rng.choice(STORIES) if index else "ordinary"  # never a file without a single mark
        person = Candidate(
            _number(made.seed, index, number_style),
            rng.choice(FIRST_NAMES), rng.choice(INFIXES), rng.choice(LAST_NAMES),
            date(1990, 6, 15), joined,
            _qualification(rng) if has_qualification else "unknown",
        )  # fmt: skip
        facts.marks += _marks(rng, made, person, own, story, unrecorded)
        facts.candidates.append(_with_birthday(rng, made, person))
    made.cases |= {"late joiner"} if latecomers else set()


def _number(seed: int, index: int, style: str) -> str:
    if style == "number":
        return str(10_000_000 + seed * 100 + index)
    return f"{'K' if style == 'K' else '00'}{seed:05d}{index:02d}"


def _qualification(rng: Random) -> Qualification:
    answers: tuple[Qualification, ...] = ("yes", "no", "unknown")
    return rng.choice(answers)


def _joining_day(rng: Random, made: Edition) -> date:
    """A day in the first half: a session's own day as often as not."""
    days = sorted({session.day for session in made.facts.sessions})
    day = rng.choice(days[: len(days) // 2 + 1])
    return max(day + timedelta(days=rng.choice((0, 0, 1))), made.facts.start + timedelta(days=1))


def _marks(
    rng: Random, made: Edition, person: Candidate, own: list[Session], story: str, unrecorded: float
) -> list[Mark]:
    if story == "nothing recorded":
        made.cases.add(story)
        return []
    planned = _planned_absence(rng, made, own, story)
    if planned is not None:
        made.cases.add(story)
    marks = []
    for session in own:
        if planned is not None and session in planned:
            status, missed = "O", planned[session]
        elif rng.random() < unrecorded:
            made.cases.add("unrecorded session")
            continue
        else:
            status, missed = _ordinary(rng, session, story, planned is None)
        if status == "O" and missed < session.minutes:
            made.cases.add("partial O")
        marks.append(Mark(person.number, session.day, session.code, status, missed))
    return marks


def _ordinary(rng: Random, session: Session, story: str, may_skip: bool) -> tuple[str, int]:
    """A mark by chance; people with a planned absence have no other unexcused minutes."""
    chances = {"heavy": (30, 2, 1, 5, 2, 40), "late": (15, 60, 20, 3, 2, 0), "ill": (20, 2, 1, 60, 10, 2)}
    weights = list(chances.get(story, (80, 6, 3, 5, 3, 4)))
    if not may_skip:
        weights[5] = 0
    status = rng.choices(("A", "TL", "VV", "Z", "G", "O"), weights)[0]
    if status == "A":
        return status, 0
    if status in ("TL", "VV"):
        return status, min(
            session.minutes - 5, rng.randint(30, 200) if story == "late" else rng.choice((5, 10, 45))
        )
    if rng.random() < 0.15:
        return status, rng.randint(1, session.minutes - 1)
    return status, session.minutes


def _planned_absence(rng: Random, made: Edition, own: list[Session], story: str) -> Absences | None:
    """Unexcused minutes per session for the stories that need exact sums; None when the timetable has no room."""
    weeks = _school_weeks(made, own)
    if story in ("exact", "just under"):
        target = rng.choice((960, 960, 961)) if story == "exact" else 959
        return _fill(rng, _run(rng, weeks, 4, target), target)
    if story == "fifth week":
        return _fill(rng, _run(rng, weeks, 5, 960), 960)
    if story == "across a vacation":
        return _fill(rng, _run(rng, weeks, 4, 960, gap=True), 960)
    if story == "restart":
        twice = [
            _fill(rng, _run(rng, half, 4, 960), 960)
            for half in (weeks[: len(weeks) // 2], weeks[len(weeks) // 2 :])
        ]
        return None if twice[0] is None or twice[1] is None else twice[0] | twice[1]
    if story == "vacation lesson":
        return _around_a_vacation_lesson(rng, made, weeks, own)
    return None


def _school_weeks(made: Edition, own: list[Session]) -> list[list[Session]]:
    """The sessions of each school week from the first to the last, weeks without session included."""
    if not own:
        return []
    monday = own[0].day - timedelta(days=own[0].day.weekday())
    weeks = []
    while monday <= own[-1].day:
        if oracle.is_school_week(monday, made.facts.region):
            weeks.append([s for s in own if monday <= s.day < monday + timedelta(days=7)])
        monday += timedelta(days=7)
    return weeks


def _run(
    rng: Random, weeks: list[list[Session]], size: int, minutes: int, gap: bool = False
) -> list[list[Session]] | None:
    """Consecutive school weeks with room for so many minutes; with a vacation in between when asked."""
    runs = [weeks[n : n + size] for n in range(len(weeks) - size + 1)]
    runs = [
        run for run in runs if run[0] and run[-1] and sum(s.minutes for week in run for s in week) >= minutes
    ]
    if gap:
        runs = [run for run in runs if (run[-1][0].day - run[0][0].day).days > 7 * size]
    return rng.choice(runs) if runs else None


def _fill(rng: Random, run: list[list[Session]] | None, target: int) -> Absences | None:
    """Unexcused minutes that sum to the target, some in the first week and some in the last."""
    if run is None:
        return None
    first, last = rng.choice(run[0]), rng.choice(run[-1])
    others = [session for week in run for session in week if session not in (first, last)]
    rng.shuffle(others)
    absent: Absences = {}
    left = target
    for session in [first, last, *others]:
        minutes = min(session.minutes, left)
        if minutes:
            absent[session] = minutes
        left -= minutes
    return absent


def _around_a_vacation_lesson(
    rng: Random, made: Edition, weeks: list[list[Session]], own: list[Session]
) -> Absences | None:
    """Just too little in the school weeks around a lesson in a vacation, enough together with it."""
    in_school = {session for week in weeks for session in week}
    extra = [session for session in own if session not in in_school]
    if not extra:
        return None
    lesson = rng.choice(extra)
    spans = [weeks[n : n + 4] for n in range(len(weeks) - 3)]
    spans = [run for run in spans if run[0] and run[-1] and run[0][0].day < lesson.day < run[-1][0].day]
    spans = [run for run in spans if sum(s.minutes for week in run for s in week) >= 900]
    target = rng.randint(960 - lesson.minutes, 900)
    absent = _fill(rng, rng.choice(spans), target) if spans else None
    return None if absent is None else {**absent, lesson: lesson.minutes}


def _years_before(day: date, years: int) -> date:
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - years, day=28 if leap_day else day.day)


def _with_birthday(rng: Random, made: Edition, person: Candidate) -> Candidate:
    """Who reached 16 hours is often 18, 23 or 27 on that very day, the day before or the day after."""
    base = oracle.judged_sessions(made.facts, person, made.at)
    unexcused = [(session.day, oracle.unexcused_minutes(session, mark)) for session, mark in base]
    reached = oracle.reached_on(unexcused, made.facts.region)
    born = made.facts.start - timedelta(days=rng.randint(17 * 366, 60 * 365))
    if reached and rng.random() < 0.8:
        years, offset = rng.choice((18, 23, 27)), rng.choice((-1, 0, 1))
        made.cases |= {
            "reached",
            f"about {years}, " + ("new" if reached >= date(2026, 1, 1) else "old") + " law",
        }
        born = _years_before(reached, years) + timedelta(days=offset)
    if (born.month, born.day) == (2, 29):  # the law has no single answer for that birthday
        born += timedelta(days=2)
    return replace(person, born=born)
