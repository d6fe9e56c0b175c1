"""Writes the timetable of an edition: iCalendar by hand (no library that the product uses), or CSV."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from . import files

if TYPE_CHECKING:
    from .generate import Edition, Lesson

NAMES = {"INTRO": "Introductie Leerhome", "ZD2": "Zorg en Dienstverlening niv. 2", "NT2": "NT2-les"}
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
TIMEZONE = """BEGIN:VTIMEZONE
TZID:Europe/Amsterdam
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
END:DAYLIGHT
END:VTIMEZONE"""


def write(rng: Random, made: Edition, folder: Path) -> str:
    """Write rooster.csv or rooster.ics and return its name; bad rows of the CSV are noted in the facts."""
    if made.timetable_form == "csv":
        _csv(rng, made, folder / "rooster.csv")
        return "rooster.csv"
    zone = TIMEZONE.splitlines() if rng.random() < 0.5 else []
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//ROC rooster//NL", *zone]
    series: dict[int, list[Lesson]] = {}
    for number, lesson in enumerate(made.lessons):
        if made.timetable_form == "ics-rrule" and lesson.series is not None:
            series.setdefault(lesson.series, []).append(lesson)
        else:
            lines += _event(made, f"{made.seed}-{number}", lesson)
    for key, lessons in series.items():
        lines += _recurring(made, f"{made.seed}-reeks{key}", lessons)
    text = "".join(_folded(line) + "\r\n" for line in [*lines, "END:VCALENDAR"])
    (folder / "rooster.ics").write_bytes(text.encode())
    return "rooster.ics"


def _moment(made: Edition, name: str, day: date, clock: time) -> str:
    local = datetime.combine(day, clock, AMSTERDAM)
    if made.timetable_form == "ics-utc":
        return f"{name}:{local.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f"{name};TZID=Europe/Amsterdam:{local:%Y%m%dT%H%M%S}"


def _event(made: Edition, uid: str, lesson: Lesson, extra: tuple[str, ...] = ()) -> list[str]:
    end = (datetime.combine(lesson.day, lesson.begin) + timedelta(minutes=lesson.minutes)).time()
    hours, minutes = divmod(lesson.minutes, 60)
    length = (
        f"DURATION:PT{hours}H{minutes}M" if made.seed % 3 == 0 else _moment(made, "DTEND", lesson.day, end)
    )
    return [
        "BEGIN:VEVENT", f"UID:{uid}@roc.voorbeeld.nl", "DTSTAMP:20190101T000000Z",
        f"SUMMARY:{NAMES[lesson.code]}", _moment(made, "DTSTART", lesson.day, lesson.begin), length,
        "LOCATION:Leerhome\\, lokaal met een heel lange naam achter in de gang op de tweede verdieping",
        *(["STATUS:CANCELLED"] if lesson.cancelled else []), *extra, "END:VEVENT",
    ]  # fmt: skip


def _recurring(made: Edition, uid: str, lessons: list[Lesson]) -> list[str]:
    """One weekly series: free weeks are EXDATE, moved and cancelled lessons are exceptions by RECURRENCE-ID."""
    days = sorted(lesson.original or lesson.day for lesson in lessons)
    plain = next((x for x in lessons if not x.original), lessons[0])
    head = type(plain)(days[0], plain.begin, plain.minutes, plain.code)
    every = [days[0] + timedelta(weeks=n) for n in range((days[-1] - days[0]).days // 7 + 1)]
    rule = f"RRULE:FREQ=WEEKLY;COUNT={len(every)}"
    free = tuple(_moment(made, "EXDATE", day, plain.begin) for day in every if day not in days)
    lines = _event(made, uid, head, (rule, *free))
    for lesson in lessons:
        if lesson.original or lesson.cancelled:
            which = _moment(made, "RECURRENCE-ID", lesson.original or lesson.day, plain.begin)
            lines += _event(made, uid, lesson, (which, "SEQUENCE:1"))
    return lines


def _folded(line: str) -> str:
    """Lines longer than 75 octets continue on the next line after a space (RFC 5545, 3.1)."""
    parts = [line[n : n + 70] for n in range(0, len(line), 70)]
    return "\r\n ".join(parts)


def _csv(rng: Random, made: Edition, path: Path) -> None:
    header = [
        "Datum", rng.choice(("Begin", "Begintijd", "Van")), rng.choice(("Einde", "Eindtijd", "Tot")), "Lescode",
        rng.choice(("Omschrijving", "Vak")), rng.choice(("Locatie", "Lokaal")),
    ]  # fmt: skip
    rows = []
    for lesson in made.lessons:
        end = datetime.combine(lesson.day, lesson.begin) + timedelta(minutes=lesson.minutes)
        begin = lesson.begin.strftime("%H:%M")
        rows.append(
            [f"{lesson.day:%d-%m-%Y}", begin, f"{end:%H:%M}", lesson.code, NAMES[lesson.code], "Lokaal 1.02"]
        )
    if rng.random() < 0.3:
        made.cases.add("bad timetable rows")
        year = made.facts.start.year
        bad = rng.choice(([f"31-02-{year}", "09:00", "12:00"], [rows[-1][0], "23:00", "22:00"]))
        place = rng.randint(0, len(rows))
        rows.insert(place, [*bad, "FOUT", "Zorg en Dienstverlening niv. 2", "Lokaal 1.02"])
        made.facts.rejected["sessions"] = [place + 2]
    files.write_csv(rng, path, [header, *rows])
