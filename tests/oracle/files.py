"""Writes an edition as the files that organisations send, with some rows that must be refused.

Only the form is decided here (headers, order of columns, notations, encoding, which bad rows); what the good
rows say are the facts. Row numbers of bad rows are noted as in the sheet, 1-based, titles and blanks included.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import openpyxl

from . import timetable
from .facts import Candidate, Facts, Mark

if TYPE_CHECKING:
    from .generate import Edition

Row = dict[str, Any]
DATES: tuple[Callable[[date], Any], ...] = (
    lambda day: datetime(day.year, day.month, day.day),
    lambda day: day.strftime("%d-%m-%Y"),
    lambda day: (day - date(1899, 12, 30)).days,
    lambda day: day.isoformat(),
    lambda day: day.strftime("%d/%m/%Y"),
    lambda day: f"{day.day}-{day.month}-{day.year}",
)
TEXT_DATES = (DATES[1], DATES[1], DATES[3], DATES[4], DATES[5])
CANDIDATE_HEADERS = {
    "number": ("Klantnr", "Klantnummer", "Cliëntnummer"), "first": ("Voornaam", "Roepnaam"),
    "infix": ("Tussenv.", "Tussenvoegsel"), "last": ("Achternaam",), "born": ("Geb.datum", "Geboortedatum"),
    "postcode": ("Postcode",), "phone": ("Telefoon", "Telefoonnummer"), "mail": ("E-mail", "E-mailadres"),
    "level": ("Taalniveau",), "benefit": ("Uitkering",), "licence": ("Rijbewijs",), "remark": ("Opmerking",),
    "joined": ("Instapdatum",), "qualification": ("Startkwalificatie",),
}  # fmt: skip
ATTENDANCE_HEADERS = {
    "number": ("Studentnr", "Studentnummer", "Klantnr"), "name": ("Naam",), "day": ("Datum", "Lesdatum"),
    "code": ("Les", "Lescode"), "status": ("Code",), "minutes": ("Minuten",),
}  # fmt: skip
INTENTION_HEADERS = {
    "employer": ("Werkgever",), "branch": ("Branche",), "contact": ("Contactpersoon",), "mail": ("E-mail",),
    "function": ("Functie",), "positions": ("Aantal", "Aantal plaatsen"), "low": ("Uren min",), "high": ("Uren max",),
    "kind": ("Soort",), "from": ("Vanaf",), "remark": ("Toelichting",),
}  # fmt: skip
KINDS = {
    "intention": "intentie", "guarantee": "garantie", "conditional_contract": "voorwaardelijk contract",
}  # fmt: skip
POSTCODES = ("8219jf", "8216 GK", "1011 AB", "9711LM", "3511 xp", "5211 ZT")


def write(made: Edition, folder: Path) -> None:
    """Write kandidaten.xlsx, rooster.ics or rooster.csv, presentie.csv and intenties.xlsx into the folder."""
    rng = Random(f"files {made.seed}")
    folder.mkdir(parents=True, exist_ok=True)
    made.timetable_file = timetable.write(rng, made, folder)
    _candidates(rng, made, folder / "kandidaten.xlsx")
    _attendance(rng, made, folder / "presentie.csv")
    _intentions(rng, made.facts, folder / "intenties.xlsx")


def has_bad_rows(facts: Facts) -> bool:
    """Whether some row of the four files must be refused."""
    return any(facts.rejected.values())


def _candidates(rng: Random, made: Edition, path: Path) -> None:
    facts = made.facts
    columns = [name for name in CANDIDATE_HEADERS if name not in ("joined", "qualification")]
    if any(candidate.joined for candidate in facts.candidates):
        columns.append("joined")
    if any(candidate.qualification != "unknown" for candidate in facts.candidates):
        columns.append("qualification")
    rows = [(_person(rng, made, number, who), True) for number, who in enumerate(facts.candidates)]
    if rng.random() < 0.35:
        made.cases.add("bad candidate rows")
        for bad in _bad_people(rng, made, [row for row, _good in rows]):
            # never before the row it repeats
            rows.insert(
                len(rows) if bad in [row for row, _good in rows] else rng.randint(0, len(rows)), (bad, False)
            )
    made.facts.rejected["candidates"] = _sheet(rng, path, CANDIDATE_HEADERS, columns, rows, titles=True)


def _person(rng: Random, made: Edition, index: int, who: Candidate) -> Row:
    qualification = {"yes": ("ja", "Ja"), "no": ("nee", "Nee"), "unknown": ("", "onbekend")}[
        who.qualification
    ]
    number: Any = int(who.number) if who.number.startswith("1") else who.number + rng.choice(("", "", " "))
    return {
        "number": number, "first": who.first, "infix": who.infix or None,
        "last": who.last.upper() if rng.random() < 0.2 else who.last, "born": rng.choice(DATES)(who.born),
        "postcode": rng.choice(POSTCODES),
        "phone": f"{rng.choice(('06-', '06', '+31 6 ', '00316'))}{index + 21}345678",
        "mail": rng.choice((None, f"kandidaat{made.seed}.{index}@voorbeeld.nl")),
        "level": rng.choice(("NT1", "A1", "A2", "B1", "B2")), "benefit": "Participatiewet",
        "licence": rng.choice(("ja", "nee")), "remark": rng.choice((None, None, "belt liever", "=1+1")),
        "joined": rng.choice(DATES)(who.joined) if who.joined else None, "qualification": rng.choice(qualification),
    }  # fmt: skip


def _bad_people(rng: Random, made: Edition, good: list[Row]) -> list[Row]:
    def other(index: int, **changes: Any) -> Row:
        number = f"X{made.seed:05d}{index:02d}"
        return {**good[0], "number": number, "mail": None, "first": "Niet", "last": "Goed", **changes}

    found = [
        other(1, born="31-02-1990"), other(2, number=None), other(3, level="C9"), other(4, postcode="82 32A"),
        other(5, postcode="82 32A", level="C9"), dict(rng.choice(good)),
    ]  # fmt: skip
    return rng.sample(found, rng.randint(1, 3))


def _sheet(
    rng: Random, path: Path, headers: dict[str, tuple[str, ...]], columns: list[str],
    rows: list[tuple[Row, bool]], titles: bool,
) -> list[int]:  # fmt: skip
    """Write rows below a header in shuffled order; returns the row numbers of the bad ones."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = rng.choice(("Export", "Blad1", "Gegevens"))
    number, refused = 0, []
    if titles:
        for title in rng.choice(
            ([], [], ["Export kandidaten"], ["Export kandidaten", None], [None, "Lijst", None])
        ):
            number += 1
            sheet.cell(number, 1, title)
    if rng.random() < 0.6:
        rng.shuffle(columns)
    number += 1
    for place, name in enumerate(columns, 1):
        sheet.cell(number, place, rng.choice(headers[name]))
    for row, good in rows:
        number += 1 if rng.random() < 0.97 else 2  # sometimes a blank row in between
        for place, name in enumerate(columns, 1):
            sheet.cell(number, place, row[name])
        if not good:
            refused.append(number)
    book.save(path)
    return refused


def _attendance(rng: Random, made: Edition, path: Path) -> None:
    facts = made.facts
    show: Callable[[date], Any] = rng.choice(TEXT_DATES)
    names = {who.number: " ".join(filter(None, (who.first, who.infix, who.last))) for who in facts.candidates}
    planned = {(session.day, session.code): session.minutes for session in facts.sessions}
    lower = rng.random() < 0.3

    def line(mark: Mark) -> Row:
        whole = mark.status in ("O", "Z", "G") and mark.missed == planned[mark.day, mark.code]
        blank = mark.status == "A" or (whole and rng.random() < 0.4)
        status = mark.status.lower() if lower and rng.random() < 0.5 else mark.status
        return {"number": mark.number, "name": names[mark.number], "day": show(mark.day), "code": mark.code,
                "status": status, "minutes": "" if blank else str(mark.missed)}  # fmt: skip

    marks = sorted(
        facts.marks, key=lambda mark: (mark.day, mark.number) if lower else (mark.number, mark.day)
    )
    rows = [(line(mark), True) for mark in marks]
    if rows and rng.random() < 0.35:
        made.cases.add("bad attendance rows")
        for bad, repeats in _bad_lines(rng, made, rows, show):
            rows.insert(len(rows) if repeats else rng.randint(0, len(rows)), (bad, False))
    facts.rejected["attendance"] = [n for n, (_row, good) in enumerate(rows, 2) if not good]
    columns = [name for name in ATTENDANCE_HEADERS if name != "name" or rng.random() < 0.7]
    if rng.random() < 0.5:
        rng.shuffle(columns)
    header = [rng.choice(ATTENDANCE_HEADERS[name]) for name in columns]
    write_csv(rng, path, [header, *([row[name] for name in columns] for row, _good in rows)])


def _bad_lines(
    rng: Random, made: Edition, rows: list[tuple[Row, bool]], show: Callable[[date], Any]
) -> list[tuple[Row, bool]]:
    """Rows to refuse; the second value says that the row repeats an earlier one."""
    some, facts = rng.choice(rows)[0], made.facts
    free = max(session.day for session in facts.sessions) + timedelta(days=1)
    ill = next((row for row, _good in rows if row["status"].upper() in "ZGO"), some)
    # a row of a person refused in the other file, of one who had not joined yet, and so on
    found = [
        ({**some, "number": "9ONBEKEND"}, False), ({**some, "number": f"X{made.seed:05d}01"}, False),
        ({**some, "status": "Q"}, False), ({**some, "day": f"31-02-{facts.start.year}"}, False),
        ({**some, "day": show(free)}, False), ({**some, "status": "O", "minutes": "1200"}, False),
        ({**some, "status": "TL", "minutes": "vijf"}, False), (dict(ill), True),
    ]  # fmt: skip
    if "two sessions a day" in made.cases:
        double = _on_a_double_day(made, some, show)
        found += [(double, False)] if double else []
    found += [({**some, **early}, False) for early in _before_joining(made, show)]
    return rng.sample(found, rng.randint(1, 4))


def _on_a_double_day(made: Edition, some: Row, show: Callable[[date], Any]) -> Row | None:
    """Two sessions that day and a lesson code that is neither: which one is meant cannot be known."""
    days = [session.day for session in made.facts.sessions]
    day = next(day for day in days if days.count(day) > 1)
    return {**some, "number": made.facts.candidates[0].number, "day": show(day), "code": "GYM"}


def _before_joining(made: Edition, show: Callable[[date], Any]) -> list[Row]:
    found = []
    for who in made.facts.candidates:
        earlier = [s for s in made.facts.sessions if who.joined and s.day < who.joined and not s.cancelled]
        if earlier:
            made.cases.add("mark before joining")
            found.append({"number": who.number, "day": show(earlier[-1].day), "code": earlier[-1].code})
    return found


def _intentions(rng: Random, facts: Facts, path: Path) -> None:
    rows: list[tuple[Row, bool]] = []
    for number, intention in enumerate(facts.intentions, 1):
        row = {
            "employer": intention.employer, "branch": "zorg", "contact": "HR-adviseur",
            "mail": f"hr{number}@voorbeeld.nl", "function": intention.function, "positions": intention.positions,
            "low": intention.hours[0], "high": intention.hours[1], "kind": KINDS[intention.kind],
            "from": rng.choice(DATES)(facts.start + timedelta(days=365)), "remark": None,
        }  # fmt: skip
        rows.append((row, True))
    if rng.random() < 0.25:
        bad = rng.choice(({"positions": "twee"}, {"low": 30, "high": 12}, {"from": "volgend jaar"}))
        rows.append(({**rows[0][0], "employer": "Stichting Fout Formulier", **bad}, False))
    facts.rejected["intentions"] = _sheet(
        rng, path, INTENTION_HEADERS, list(INTENTION_HEADERS), rows, titles=False
    )


def write_csv(rng: Random, path: Path, rows: list[list[str]]) -> None:
    """Write text rows in one of the encodings and separators in use; letters that cp1252 lacks become "?"."""
    encoding = rng.choice(("cp1252", "cp1252", "utf-8", "utf-8-sig", "utf-16"))
    text = io.StringIO()
    ending = rng.choice(("\r\n", "\n"))
    csv.writer(text, delimiter=rng.choice(";;,\t"), lineterminator=ending).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding, errors="replace"))
