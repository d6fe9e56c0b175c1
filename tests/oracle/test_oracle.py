"""The oracle and the generator themselves: right on the published figures, independent, and sharp enough."""

from __future__ import annotations

import ast
import csv
import json
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from .facts import Candidate
from .generate import Edition, edition
from .oracle import RULE, Rules, applies, is_school_week, person_differences, reached_on, report
from .rawfiles import read_folder
from .vacations import PUBLIC_HOLIDAYS, REGIONS, VACATIONS

LELYSTAD = Path(__file__).parents[1] / "data" / "lelystad-2020"
SEEDS = range(200)
MONDAY = date(2022, 3, 14)  # ten school weeks without a vacation in region midden follow

NEAR_MISSES = {
    "three weeks": Rules(window_weeks=3),
    "five weeks": Rules(window_weeks=5),
    "28 days": Rules(calendar_days=28),
    "15:59 is enough": Rules(threshold=959),
    "more than 16 hours": Rules(threshold=961),
    "vacation ignored": Rules(vacations=False),
    "vacation lessons count": Rules(vacation_sessions_count=True),
    "a public holiday takes the week out": Rules(holiday_breaks_week=True),
    "a vacation on Saturday takes the week out": Rules(any_vacation_day=True),
    "calendar of another region": Rules(region="zuid"),
    "last day instead of first": Rules(last_instead_of_first=True),
    "O is always the whole session": Rules(whole_session=True),
    "lateness is unexcused": Rules(late_is_unexcused=True),
    "unrecorded is present": Rules(unrecorded_is_present=True),
    "cancelled sessions count": Rules(cancelled_counts=True),
    "old law after 2026": Rules(new_limit=23),
    "new law before 2026": Rules(old_limit=27),
    "law of 2027": Rules(new_limit_from=date(2027, 1, 1)),
    "age limit included": Rules(limit_inclusive=True),
    "age at the start": Rules(age_at_start=True),
    "basic qualification ignored": Rules(qualification_ignored=True),
    "unknown taken for qualified": Rules(unknown_is_qualified=True),
}

CASES = {
    "about 18, new law", "about 18, old law", "about 23, new law", "about 23, old law", "about 27, new law",
    "about 27, old law", "across Christmas", "across a vacation", "bad attendance rows", "bad candidate rows",
    "bad timetable rows", "cancelled session", "csv", "does not start on Monday", "exact", "fifth week", "ics",
    "ics-rrule", "ics-utc", "just under", "late joiner", "lesson in a vacation", "lesson on a public holiday",
    "mark before joining", "moved session", "nothing recorded", "partial O", "restart", "session on Saturday",
    "spans a vacation", "two sessions a day", "unrecorded session", "vacation lesson",
}  # fmt: skip


@cache
def made(seed: int) -> Edition:
    return edition(seed)


def test_oracle_equals_the_published_figures():
    expected = json.loads((LELYSTAD / "expected.json").read_text("utf-8"))
    facts = read_folder(LELYSTAD, date(2020, 10, 19), "noord")
    figures = report(facts, date(2021, 4, 1))
    for key in ("candidates", "sessions", "planned_hours", "attendance_rows", "positions"):
        assert figures[key] == expected[key], key
    assert person_differences(expected, figures) == []
    assert facts.rejected["candidates"] == [row for row, _why in expected["rejected_candidate_rows"]]
    assert facts.rejected["attendance"] == expected["rejected_attendance_rows"]
    assert facts.rejected["intentions"] == expected["rejected_intention_rows"]


@pytest.mark.parametrize("fault", NEAR_MISSES)
def test_the_seeds_tell_a_near_miss_from_the_rule(fault):
    rules = NEAR_MISSES[fault]
    caught = (seed for seed in SEEDS if _figures(made(seed), rules) != _figures(made(seed), RULE))
    assert next(caught, None) is not None, f"no seed notices: {fault}"


def _figures(this: Edition, rules: Rules) -> list[object]:
    return [report(this.facts, day, rules) for day in (this.midway, this.at)]


def test_a_planted_fault_in_one_figure_is_named():
    figures = report(made(0).facts, made(0).at)
    number = made(0).facts.candidates[0].number
    theirs = {
        n: {**f, "present_pct": f["present_pct_one_of"][0]} for n, f in figures["per_candidate"].items()
    }
    assert person_differences({"per_candidate": theirs}, figures) == []
    theirs[number]["unexcused_hours"] += 0.01
    found = person_differences({"per_candidate": theirs}, figures)
    assert len(found) == 1 and found[0].startswith(f"{number} unexcused_hours")


def test_every_case_occurs_often_enough():
    counts = Counter(case for seed in SEEDS for case in made(seed).cases)
    # the cases that only the writing of the files adds
    in_files = {"bad attendance rows", "bad candidate rows", "bad timetable rows", "mark before joining"}
    assert {case: counts[case] for case in CASES - in_files if counts[case] < 8} == {}


def test_the_files_say_what_the_facts_say(tmp_path):
    cases = set()
    for seed in range(60):
        this = edition(seed, tmp_path / str(seed))
        cases |= this.cases
        refused = this.facts.rejected
        text = _decoded((tmp_path / str(seed) / "presentie.csv").read_bytes())
        rows = list(csv.reader(text.splitlines(), delimiter=next(sign for sign in ";\t," if sign in text)))
        assert len(rows) - 1 == len(this.facts.marks) + len(refused["attendance"])
        sheet = openpyxl.load_workbook(tmp_path / str(seed) / "kandidaten.xlsx").worksheets[0]
        numbers = {candidate.number for candidate in this.facts.candidates}
        good = {
            row for row in range(1, sheet.max_row + 1)
            if numbers & {str(cell.value).strip() for cell in sheet[row]} and row not in refused["candidates"]
        }  # fmt: skip
        assert len(good) == len(numbers)
    assert {"bad attendance rows", "bad candidate rows", "bad timetable rows", "mark before joining"} <= cases


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def test_a_seed_gives_the_same_edition_and_the_same_files(tmp_path):
    first, second = edition(77, tmp_path / "a"), edition(77, tmp_path / "b")
    assert first == second
    for name in (first.timetable_file, "presentie.csv"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert edition(78).facts != first.facts


def test_nothing_here_is_shared_with_the_product():
    """Only the adapter of the command line and the tests that call it may know inleer."""
    for path in Path(__file__).parent.glob("*.py"):
        if path.name in ("commandline.py", "test_editions.py", "test_expected.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            shared = [
                name
                for name in names
                if name.split(".")[0] in ("inleer", "inleer_zorg", "holidays", "icalendar")
            ]
            assert shared == [], path.name


def test_vacation_table_is_complete_and_in_order():
    for region in REGIONS:
        names = [name for name, _first, _last in VACATIONS[region]]
        assert names == ["zomer", *["herfst", "kerst", "voorjaar", "mei", "zomer"] * 9]
        ends = [day for _name, first, last in VACATIONS[region] for day in (first, last)]
        assert ends == sorted(ends)
        assert all(first.weekday() == 5 and last.weekday() == 6 for _name, first, last in VACATIONS[region])
        weeks = {
            name: {(last - first).days + 1 for n, first, last in VACATIONS[region] if n == name}
            for name in names
        }
        assert weeks == {"zomer": {44}, "herfst": {9}, "kerst": {16}, "voorjaar": {9}, "mei": {9}}


def test_public_holidays_have_seven_each_year():
    assert Counter(day.year for day in PUBLIC_HOLIDAYS) == dict.fromkeys(range(2019, 2029), 7)


# The window by hand, so that the oracle itself does not rest on its own loops alone.
WINDOWS = [
    ("16 hours in one day", [(0, 960)], 0),
    ("15:59", [(0, 480), (7, 479)], None),
    ("16:00 on the last day of the fourth week", [(0, 480), (27, 480)], 27),
    ("the same over five weeks", [(4, 480), (28, 480)], None),
    ("28 days apart at most, yet a fifth week", [(6, 480), (28, 480)], None),
    ("first day counts, later ones do not change it", [(0, 500), (1, 500), (8, 900)], 1),
]


@pytest.mark.parametrize(("story", "absent", "reached"), WINDOWS, ids=[story for story, *_ in WINDOWS])
def test_window(story, absent, reached):
    days = [(MONDAY + timedelta(days=n), minutes) for n, minutes in absent]
    assert reached_on(days, "midden") == (None if reached is None else MONDAY + timedelta(days=reached))


def test_weeks_around_a_vacation_are_neighbours():
    before, after = date(2020, 12, 14), date(2021, 1, 4)
    assert not is_school_week(date(2020, 12, 21), "noord") and not is_school_week(date(2020, 12, 28), "noord")
    # the Saturday on which the vacation begins belongs to the school week before it
    days = [(before + timedelta(days=5), 480), (after + timedelta(days=14), 480)]
    assert reached_on(days, "noord") == after + timedelta(days=14)
    assert reached_on([days[0], (after + timedelta(days=21), 480)], "noord") is None
    assert reached_on([(date(2020, 12, 22), 960)], "noord") is None


@pytest.mark.parametrize(
    ("born", "day", "qualification", "meaning"),
    [
        (date(2003, 1, 2), date(2021, 1, 1), "no", "mandatory"),
        (date(2003, 1, 1), date(2021, 1, 1), "no", "local"),
        (date(2003, 1, 2), date(2021, 1, 1), "yes", "not_applicable"),
        (date(1998, 1, 1), date(2021, 1, 1), "unknown", "not_applicable"),
        (date(1998, 1, 2), date(2021, 1, 1), "unknown", "local"),
        (date(2003, 1, 1), date(2025, 12, 31), "no", "local"),
        (date(2002, 12, 31), date(2025, 12, 31), "no", "not_applicable"),
        (date(2001, 1, 1), date(2026, 1, 1), "no", "local"),
        (date(1999, 1, 2), date(2026, 1, 1), "no", "local"),
        (date(1999, 1, 1), date(2026, 1, 1), "no", "not_applicable"),
    ],
)
def test_what_reaching_it_means(born, day, qualification, meaning):
    person = Candidate("1", "A", "", "B", born)
    assert applies(replace(person, qualification=qualification), day) == meaning
