"""The files of Lelystad 2020 through the command line: every figure equals expected.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .commandline import KINDS, World, copied, new_world, rejected_rows
from .facts import Kind

DATA = Path(__file__).parents[1] / "data" / "lelystad-2020"
EXPECTED: dict[str, Any] = json.loads((DATA / "expected.json").read_text("utf-8"))
SLUG, AT = "lelystad-2020", "2021-04-01"
FILES = {
    "candidates": "kandidaten.xlsx", "sessions": "rooster.ics", "attendance": "presentie.csv",
    "intentions": "intenties.xlsx",
}  # fmt: skip
REJECTED = {
    "candidates": [row for row, _why in EXPECTED["rejected_candidate_rows"]],
    "sessions": [],
    "attendance": EXPECTED["rejected_attendance_rows"],
    "intentions": EXPECTED["rejected_intention_rows"],
}
CREATED = {
    "candidates": EXPECTED["candidates"], "sessions": EXPECTED["sessions"],
    "attendance": EXPECTED["attendance_rows"], "intentions": len(EXPECTED["intentions"]),
}  # fmt: skip


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    world = new_world(tmp_path_factory.mktemp("empty"))
    world.create_cohort(SLUG, "2020-10-19", "noord")
    return world


@pytest.fixture
def world(empty, tmp_path):
    return copied(empty, tmp_path / "world")


def take_in(world: World, kind: Kind, *options: str, code: int = 0) -> dict[str, Any]:
    return world.take_in(kind, DATA / FILES[kind], SLUG, *options, code=code)


def figure(world: World, kind: Kind) -> int:
    """How many things of a kind the report counts."""
    figures = world.report(SLUG, AT)
    key = {"attendance": "attendance_rows"}.get(kind, kind)
    return len(figures[key]) if kind == "intentions" else figures[key]


def before(world: World, kind: Kind) -> None:
    """Take in what a file of this kind needs."""
    for earlier in KINDS[: KINDS.index(kind)]:
        take_in(world, earlier, "--skip-invalid")


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_every_figure(database, tmp_path):
    world = new_world(tmp_path, database)
    world.create_cohort(SLUG, "2020-10-19", "noord")
    for kind in KINDS:
        answer = take_in(world, kind, "--skip-invalid")
        assert rejected_rows(answer) == REJECTED[kind], kind
        assert (answer["created"], answer["updated"], answer["unchanged"]) == (CREATED[kind], 0, 0), kind
        assert answer["import_id"]
    check_every_figure(world.report(SLUG, AT))
    # without a day the figures are those of today, and this edition is over
    check_every_figure(world.report(SLUG))


def check_every_figure(got: dict[str, Any]) -> None:
    for key in ("candidates", "sessions", "planned_hours", "attendance_rows", "positions"):
        assert got[key] == EXPECTED[key], key
    intentions = {one["employer"]: one for one in got["intentions"]}
    assert len(intentions) == len(got["intentions"]) == len(EXPECTED["intentions"])
    for wanted in EXPECTED["intentions"]:
        one = intentions[wanted["employer"]]
        assert {key: one[key] for key in wanted} == wanted
        assert (one["function"], one["state"]) == ("Helpende zorg en welzijn", "draft")
    assert got["per_candidate"].keys() == EXPECTED["per_candidate"].keys()
    for number, wanted in EXPECTED["per_candidate"].items():
        one = got["per_candidate"][number]
        # given for those who reached it; nothing for the others
        figures = {"sixteen_hours_applies": None, **wanted}
        assert {key: one.get(key) for key in figures} == figures, number


@pytest.mark.parametrize("kind", [kind for kind in KINDS if REJECTED[kind]])
def test_one_bad_row_saves_nothing(world, kind):
    before(world, kind)
    answer = take_in(world, kind, code=2)
    assert rejected_rows(answer) == REJECTED[kind]
    assert answer["created"] == answer["updated"] == 0
    assert figure(world, kind) == 0


def test_every_problem_of_a_row_is_told(world):
    """Row 27 has a wrong postcode and an unknown language level: two problems, each with its column."""
    answer = take_in(world, "candidates", code=2)
    columns = {problem["column"] for problem in answer["rejected"] if problem["row"] == 27}
    assert columns == {"Postcode", "Taalniveau"}
    assert {p["column"] for p in answer["rejected"] if p["row"] == 25} == {"Geb.datum"}
    assert {p["column"] for p in answer["rejected"] if p["row"] == 26} == {"Klantnr"}


def test_the_last_intention_names_number_hours_and_date(world):
    answer = take_in(world, "intentions", code=2)
    columns = {problem["column"] for problem in answer["rejected"]}
    assert {"Aantal", "Vanaf"} <= columns
    assert columns & {"Uren min", "Uren max"}


@pytest.mark.parametrize("kind", KINDS)
def test_dry_run_saves_nothing(world, kind):
    before(world, kind)
    answer = take_in(world, kind, "--dry-run", "--skip-invalid")
    assert rejected_rows(answer) == REJECTED[kind]
    assert figure(world, kind) == 0
    take_in(world, kind, "--dry-run", code=2 if REJECTED[kind] else 0)
    assert figure(world, kind) == 0


def test_the_same_files_twice_create_nothing_new(world):
    for kind in KINDS:
        take_in(world, kind, "--skip-invalid")
    first = world.report(SLUG, AT)
    for kind in KINDS:
        answer = take_in(world, kind, "--skip-invalid")
        assert (answer["created"], answer["updated"]) == (0, 0), kind
        assert rejected_rows(answer) == REJECTED[kind]
    assert world.report(SLUG, AT) == first
