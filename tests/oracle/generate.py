"""Seeded editions of the WijkLeerbedrijf: ``edition(seed)`` is the same on every machine and in every run.

A seed decides region, start (2019-2026), length, group, timetable and who was absent when. Every third or so
person is given a story that tells the right 16-hour rule from a near miss (``stories.py``). The files that
organisations would send are written by ``files.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from pathlib import Path
from random import Random

from . import files, stories
from .facts import Facts, Intention, Session
from .vacations import PUBLIC_HOLIDAYS, REGIONS, VACATIONS, vacation_days

FIRST_START, LAST_START = date(2019, 9, 2), date(2026, 12, 7)
VACATION_NAMES = ("herfst", "kerst", "voorjaar", "mei", "zomer")
THEMES = (*VACATION_NAMES, "feestdag", "wet 2026", "gewoon", "kerst", "zaterdag")
EMPLOYERS = (
    "Zorggroep De Waterlinie", "Woonzorg Het Baken", "Stichting Polderlicht", "Thuiszorg Noordersluis",
    "Wijkteam 't Hoekje", "Zorgcentrum De Linde & Zn.", "Verpleeghuis Ons Erf", "Buurtzorg Über de Brug",
    "Stichting Señor", "Hospice De Överkant",
)  # fmt: skip
FUNCTIONS = ("Helpende zorg en welzijn", "Verzorgende IG", "Huishoudelijke hulp", "Medewerker voeding")


@dataclass(frozen=True)
class Lesson:
    """A session with what the timetable file says beside: the clock, and the series it recurs in."""

    day: date
    begin: time
    minutes: int
    code: str
    cancelled: bool = False
    series: int | None = None
    original: date | None = None  # moved within its series from this day


@dataclass
class Edition:
    """One edition: the facts, how its timetable is sent, and the days on which figures are asked."""

    seed: int
    facts: Facts
    lessons: list[Lesson]
    timetable_form: str  # "ics", "ics-rrule", "ics-utc" or "csv"
    at: date  # after the last session
    midway: date  # in between, a day without session
    cases: set[str] = field(default_factory=set)
    timetable_file: str = ""

    @property
    def slug(self) -> str:
        """The edition's key; every seed has its own."""
        return f"editie-{self.seed}"


def edition(seed: int, folder: Path | None = None) -> Edition:
    """The edition of this seed. With a folder, its four files are written there and
    ``facts.rejected`` tells which rows of them must be refused."""
    rng = Random(f"edition {seed}")
    theme = THEMES[seed % len(THEMES)]
    region = rng.choice(REGIONS)
    start, weeks, holiday = _when(rng, theme, region)
    form = rng.choice(("ics", "ics-rrule", "ics-utc", "csv", "csv"))
    lessons = _timetable(rng, theme, region, start, weeks, holiday, form)
    facts = Facts(start, region)
    facts.sessions = [Session(x.day, x.code, x.minutes, x.cancelled) for x in lessons]
    last = max(session.day for session in facts.sessions)
    made = Edition(seed, facts, lessons, form, last + timedelta(days=rng.randint(1, 14)), last)
    _tag(made)
    stories.people(rng, made)
    facts.intentions = _intentions(rng)
    made.midway = _midway(rng, facts, last)
    if folder is not None:
        files.write(made, folder)
    return made


def _when(rng: Random, theme: str, region: str) -> tuple[date, int, date | None]:
    """Start, number of weeks, and the public holiday that must be a lesson day (theme "feestdag")."""
    weeks = rng.randint(6, 20)
    holiday = None
    if theme in VACATION_NAMES:
        days = [first for name, first, _last in VACATIONS[region] if name == theme]
        anchor = rng.choice([day for day in days if FIRST_START < day - timedelta(weeks=8) < LAST_START])
        weeks = max(weeks, 11 if theme == "zomer" else 7)
        start = anchor - timedelta(weeks=rng.randint(2, 5), days=anchor.weekday())
    elif theme == "feestdag":
        free = [vacation_days(region), {date(y, 12, d) for y in range(2019, 2028) for d in (25, 26)}]
        days = [d for d in sorted(PUBLIC_HOLIDAYS) if d.weekday() < 5 and not any(d in off for off in free)]
        holiday = rng.choice([day for day in days if FIRST_START < day - timedelta(weeks=8) < LAST_START])
        start = holiday - timedelta(weeks=rng.randint(1, 5), days=holiday.weekday())
    elif theme == "wet 2026":
        start = date(2025, 10, 6) + timedelta(weeks=rng.randint(0, 14))
        weeks = max(weeks, 9)
    else:
        start = FIRST_START + timedelta(weeks=rng.randint(0, (LAST_START - FIRST_START).days // 7))
    if rng.random() < 0.2:  # not every edition starts on a Monday
        start += timedelta(days=rng.randint(1, 3))
    return start, weeks, holiday


def _timetable(
    rng: Random, theme: str, region: str, start: date, weeks: int, holiday: date | None, form: str
) -> list[Lesson]:
    """Introduction mornings first, then lesson days; vacations mostly free, public holidays sometimes."""
    intro_weeks, minutes = rng.randint(0, 3), rng.choice((180, 210, 240, 240))
    intro = [
        Lesson(date.min + timedelta(days=d), time(9), minutes, "INTRO")
        for d in rng.sample(range(5), rng.randint(2, 4))
    ]
    later = _lesson_days(rng, theme, holiday, form)
    off = vacation_days(region)
    in_vacation, on_holidays = rng.random() < 0.45, holiday is not None or rng.random() < 0.5
    lessons: list[Lesson] = []
    for week in range(weeks):
        monday = start - timedelta(days=start.weekday()) + timedelta(weeks=week)
        planned = [
            replace(x, day=monday + (x.day - date.min)) for x in (intro if week < intro_weeks else later)
        ]
        # a start in the summer leaves too few school weeks: then there are lessons in the vacation
        if any(monday + timedelta(days=d) in off for d in range(5)):
            planned = planned[:1] if in_vacation or weeks - week + len(lessons) < 8 else []
        lessons += [x for x in planned if x.day >= start and (on_holidays or x.day not in PUBLIC_HOLIDAYS)]
    if form.startswith("ics"):
        lessons = _cancel_and_move(rng, lessons)
    return sorted(lessons, key=lambda lesson: (lesson.day, lesson.begin))


def _lesson_days(rng: Random, theme: str, holiday: date | None, form: str) -> list[Lesson]:
    """The weekly lessons; ``day`` counts from date.min, a Monday. Two on one day only in a file with codes."""
    days = rng.sample(range(5), rng.choice((1, 1, 2, 2, 3)))
    if holiday is not None:
        days = sorted({holiday.weekday(), *days[1:]})
    if theme == "zaterdag":
        days = [*days[:1], 5]
    lessons = []
    for number, day in enumerate(sorted(days)):
        minutes = rng.choice((240, 300, 330, 345, 360, 360, 380))
        weekday = date.min + timedelta(days=day)
        lessons.append(Lesson(weekday, time(9), minutes, "ZD2", series=number))
        if form == "csv" and rng.random() < 0.4:
            lessons.append(
                Lesson(weekday, time(16, 30), rng.choice((90, 100, 120)), "NT2", series=number + 10)
            )
    return lessons


def _cancel_and_move(rng: Random, lessons: list[Lesson]) -> list[Lesson]:
    """Some sessions are cancelled in the timetable itself, one may be moved to a free day beside it."""
    changed = list(lessons)
    if len(changed) > 6 and rng.random() < 0.5:
        for number in rng.sample(range(len(changed)), rng.randint(1, 2)):
            changed[number] = replace(changed[number], cancelled=True)
    taken = {lesson.day for lesson in changed}
    movable = [
        n for n, x in enumerate(changed) if x.series is not None and not x.cancelled and x.day.weekday() < 4
    ]
    for number in rng.sample(movable, min(1, len(movable))):
        target = changed[number].day + timedelta(days=1)
        if target not in taken and rng.random() < 0.6:
            shorter = changed[number].minutes - rng.choice((0, 30, 60))
            changed[number] = replace(
                changed[number], day=target, minutes=shorter, begin=time(10, 30), original=changed[number].day
            )
    return changed


def _tag(made: Edition) -> None:
    """Note which cases this timetable holds; stories add theirs."""
    facts, off = made.facts, vacation_days(made.facts.region)
    days = {session.day for session in facts.sessions}
    held = {session.day for session in facts.sessions if not session.cancelled}
    between = {min(days) + timedelta(days=n) for n in range((max(days) - min(days)).days)}
    checks = {
        "across Christmas": any((d.month, d.day) == (12, 31) for d in between),
        "spans a vacation": bool(between & off),
        "lesson in a vacation": bool(held & {d for d in off if d.weekday() < 5}),
        "lesson on a public holiday": bool(held & PUBLIC_HOLIDAYS),
        "cancelled session": any(session.cancelled for session in facts.sessions),
        "moved session": any(lesson.original for lesson in made.lessons),
        "two sessions a day": len(days) < len(facts.sessions),
        "session on Saturday": any(day.weekday() == 5 for day in held),
        "does not start on Monday": facts.start.weekday() > 0,
        made.timetable_form: True,
    }
    made.cases |= {name for name, found in checks.items() if found}


def _midway(rng: Random, facts: Facts, last: date) -> date:
    """A day without session after everybody has joined: whether "past" includes that day is then no question."""
    joined = max(candidate.joined or facts.start for candidate in facts.candidates)
    taken = {session.day for session in facts.sessions}
    free = [day for day in _days(joined, last) if day not in taken]
    return rng.choice(free) if free else last + timedelta(days=1)


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _intentions(rng: Random) -> list[Intention]:
    """One to five employers; some give no number of places."""
    found = []
    for employer in rng.sample(EMPLOYERS, rng.randint(1, 5)):
        low = rng.choice((8, 12, 16, 20, 24, 28))
        kind = rng.choice(("intention", "intention", "intention", "guarantee", "conditional_contract"))
        places = None if rng.random() < 0.25 else rng.randint(1, 9)
        found.append(
            Intention(employer, rng.choice(FUNCTIONS), places, kind, (low, low + rng.choice((0, 4, 8))))
        )
    return found
