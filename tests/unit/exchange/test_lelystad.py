"""The real files of one edition: what is refused, and what is read, equals expected.json."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from inleer.exchange.reading import read_attendance, read_candidates, read_intentions, read_sessions

FOLDER = Path(__file__).parents[2] / "data" / "lelystad-2020"
EXPECTED: dict[str, Any] = json.loads((FOLDER / "expected.json").read_text("utf-8"))


def _bytes(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def test_candidates() -> None:
    parsed = read_candidates(_bytes("kandidaten.xlsx"), "kandidaten.xlsx")
    assert Counter(problem.row for problem in parsed.problems) == {13: 1, 25: 1, 26: 1, 27: 2}
    assert {problem.row for problem in parsed.problems} == {
        row for row, _why in EXPECTED["rejected_candidate_rows"]
    }
    assert [(p.row, p.column) for p in parsed.problems if p.row == 27] == [
        (27, "Postcode"),
        (27, "Taalniveau"),
    ]
    assert len(parsed.rows) == EXPECTED["candidates"]
    for _number, row in parsed.rows:
        name = " ".join(filter(None, (row.first_name, row.tussenvoegsel, row.last_name)))
        assert name.casefold() == EXPECTED["per_candidate"][row.client_number]["name"].casefold()


def test_a_formula_in_a_column_that_is_not_stored_is_a_warning() -> None:
    parsed = read_candidates(_bytes("kandidaten.xlsx"), "kandidaten.xlsx")
    assert [(w.row, w.column) for w in parsed.warnings if "formule" in w.message] == [(9, "Opmerking")]
    assert [w.column for w in parsed.warnings if "niet opgeslagen" in w.message] == ["Opmerking"]


def test_timetable() -> None:
    parsed = read_sessions(_bytes("rooster.ics"), "rooster.ics")
    assert not parsed.problems and len(parsed.rows) == EXPECTED["sessions"]
    hours = sum((row.ends_at - row.starts_at for _n, row in parsed.rows), timedelta()) / timedelta(hours=1)
    assert hours == EXPECTED["planned_hours"]
    assert Counter(row.kind for _number, row in parsed.rows) == {"introduction": 16, "lesson": 16}


def test_attendance() -> None:
    parsed = read_attendance(_bytes("presentie.csv"), "presentie.csv")
    # Row 642 is a student nobody knows: only who knows the candidates can tell.
    assert [(problem.row, problem.column) for problem in parsed.problems] == [(643, "Code")]
    assert "“Q”" in parsed.problems[0].message
    assert len(parsed.rows) == EXPECTED["attendance_rows"] + 1 and parsed.rows[-1][0] == 642


def test_intentions() -> None:
    parsed = read_intentions(_bytes("intenties.xlsx"), "intenties.xlsx")
    assert [(p.row, p.column) for p in parsed.problems] == [
        (6, "E-mail"),
        (6, "Aantal"),
        (6, "Uren min"),
        (6, "Vanaf"),
    ]
    assert {problem.row for problem in parsed.problems} == set(EXPECTED["rejected_intention_rows"])
    read = [
        {
            "employer": row.employer,
            "positions": row.positions,
            "kind": row.kind,
            "hours": [row.hours_min, row.hours_max],
        }
        for _number, row in parsed.rows
    ]
    assert read == EXPECTED["intentions"]
