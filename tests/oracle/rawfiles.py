"""Reads the files of lelystad-2020 in the plainest way, apart from the product's importers.

It knows only the notations that occur there, and refuses the rows that the README beside the files calls bad.
"""

from __future__ import annotations

import csv
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl

from .facts import Candidate, Facts, Intention, Mark, Session

LEVELS = {"NT1", "A0", "A1", "A2", "B1", "B2", "C1", "C2"}


def read_folder(folder: Path, start: date, region: str) -> Facts:
    """All four files of a folder, bad rows set aside with their row number."""
    facts = Facts(start, region)
    _candidates(folder / "kandidaten.xlsx", facts)
    _sessions(folder / "rooster.ics", facts)
    _attendance(folder / "presentie.csv", facts)
    _intentions(folder / "intenties.xlsx", facts)
    return facts


def _rows(path: Path, first_header: str) -> list[tuple[int, dict[str, Any]]]:
    sheet = openpyxl.load_workbook(path).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    at = next(number for number, row in enumerate(rows) if row[0] == first_header)
    names = [str(name) for name in rows[at]]
    return [(number + 1, dict(zip(names, rows[number], strict=True))) for number in range(at + 1, len(rows))]


def _date(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, int):
        return date(1899, 12, 30) + timedelta(days=value)
    try:
        return datetime.strptime(str(value), "%d-%m-%Y").date()
    except ValueError:
        return None


def _candidates(path: Path, facts: Facts) -> None:
    seen = set()
    for number, row in _rows(path, "Klantnr"):
        client, born = str(row["Klantnr"] or "").strip(), _date(row["Geb.datum"])
        postcode_ok = re.fullmatch(r"\d{4} ?[A-Za-z]{2}", str(row["Postcode"]))
        if not client or client in seen or born is None or not postcode_ok or row["Taalniveau"] not in LEVELS:
            facts.rejected["candidates"].append(number)
            continue
        seen.add(client)
        names = (str(row["Voornaam"]), str(row["Tussenv."] or ""), str(row["Achternaam"]))
        facts.candidates.append(Candidate(client, *names, born))


def _sessions(path: Path, facts: Facts) -> None:
    for event in path.read_text("utf-8").split("BEGIN:VEVENT")[1:]:
        begin, end = (
            datetime.strptime(moment, "%Y%m%dT%H%M%S")
            for moment in re.findall(r"DT(?:START|END);TZID=Europe/Amsterdam:(\w+)", event)
        )
        facts.sessions.append(Session(begin.date(), "", int((end - begin).total_seconds()) // 60))


def _attendance(path: Path, facts: Facts) -> None:
    known = {candidate.number for candidate in facts.candidates}
    planned = {session.day: session.minutes for session in facts.sessions}
    with path.open(encoding="cp1252", newline="") as file:
        for number, row in enumerate(csv.DictReader(file, delimiter=";"), start=2):
            day, code = _date(row["Datum"]), row["Code"].upper()
            if (
                row["Studentnr"] not in known
                or code not in ("A", "TL", "VV", "Z", "G", "O")
                or day not in planned
            ):
                facts.rejected["attendance"].append(number)
                continue
            missed = int(row["Minuten"]) if row["Minuten"] else 0 if code == "A" else planned[day]
            facts.marks.append(Mark(row["Studentnr"], day, "", code, missed))


def _intentions(path: Path, facts: Facts) -> None:
    for number, row in _rows(path, "Werkgever"):
        places, low, high = row["Aantal"], row["Uren min"], row["Uren max"]
        if not (places is None or isinstance(places, int)) or low > high or _date(row["Vanaf"]) is None:
            facts.rejected["intentions"].append(number)
            continue
        kind = {"intentie": "intention"}[row["Soort"]]
        facts.intentions.append(Intention(row["Werkgever"], row["Functie"], places, kind, (low, high)))
