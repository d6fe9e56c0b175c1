"""Seeded editions through the command line: every figure equals the oracle's, on both databases.

INLEER_TEST_EDITION_SEED moves the first seed (a failing seed is in the name of its test),
INLEER_TEST_EDITIONS sets their number: 200 unless told.
"""

from __future__ import annotations

import os
import shutil
from datetime import date, time, timedelta

import pytest

from . import files
from .commandline import KINDS, World, new_world, rejected_rows
from .facts import Candidate, Facts, Kind, Mark, Session
from .generate import Edition, Lesson, edition
from .oracle import Rules, differences, person_differences, report

FIRST_SEED = int(os.environ.get("INLEER_TEST_EDITION_SEED", "0"))
SEEDS = range(FIRST_SEED, FIRST_SEED + int(os.environ.get("INLEER_TEST_EDITIONS", "200")))
ON_BOTH = [("sqlite", seed) for seed in SEEDS] + [("postgresql", seed) for seed in SEEDS[:10]]


@pytest.fixture(scope="session")
def worlds(tmp_path_factory):
    """One world per database for all editions: they stand beside each other as in real use."""
    made: dict[str, World] = {}

    def world(database: str) -> World:
        if database not in made:
            made[database] = new_world(tmp_path_factory.mktemp(database), database)
        return made[database]

    return world


@pytest.mark.parametrize(("database", "seed"), ON_BOTH)
def test_edition(worlds, tmp_path, database, seed):
    world, this = worlds(database), edition(seed, tmp_path)
    world.create_cohort(this.slug, this.facts.start.isoformat(), this.facts.region)
    for kind in KINDS:
        path, rejected = tmp_path / file_name(this, kind), this.facts.rejected[kind]
        if rejected and seed % 10 == 3:
            answer = world.take_in(kind, path, this.slug, code=2)
            assert rejected_rows(answer) == rejected
        answer = world.take_in(kind, path, this.slug, *(["--skip-invalid"] if rejected else []))
        assert rejected_rows(answer) == rejected, kind
    wanted = report(this.facts, this.at)
    assert differences(world.report(this.slug, this.at.isoformat()), wanted) == []
    midway = report(this.facts, this.midway)
    assert person_differences(world.report(this.slug, this.midway.isoformat()), midway) == []
    if seed % 10 == 7:
        for kind in KINDS:
            answer = world.take_in(kind, tmp_path / file_name(this, kind), this.slug, "--skip-invalid")
            assert answer["created"] == 0, kind
        assert differences(world.report(this.slug, this.at.isoformat()), wanted) == []


@pytest.mark.parametrize(("database", "seed"), [("sqlite", 1), ("sqlite", 12), ("postgresql", 1)])
def test_a_school_at_which_lateness_is_unexcused(tmp_path, database, seed):
    """An edition at a school whose rule begins halfway: only later lessons follow it. In a world of its own."""
    world, this = new_world(tmp_path, database), edition(seed, tmp_path)
    half = this.midway
    world.make_school("roc", half)
    world.create_cohort(this.slug, this.facts.start.isoformat(), this.facts.region, "roc")
    for kind in KINDS:
        world.take_in(kind, tmp_path / file_name(this, kind), this.slug, "--skip-invalid")
    wanted = report(this.facts, this.at, Rules(late_from=half))
    got = world.report(this.slug, this.at.isoformat())
    assert differences(got, wanted) == []
    assert differences(got, report(this.facts, this.at)) != [], (
        "the rule makes no difference: take another seed"
    )
    assert differences(got, report(this.facts, this.at, Rules(late_is_unexcused=True))) != [], "nor its day"
    assert got["lateness_unexcused"] is True
    assert world.report(this.slug, (half - timedelta(days=1)).isoformat())["lateness_unexcused"] is False


def file_name(this: Edition, kind: Kind) -> str:
    names = {"candidates": "kandidaten.xlsx", "attendance": "presentie.csv", "intentions": "intenties.xlsx"}
    return names.get(kind, this.timetable_file)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_absence_in_two_editions_adds_up(worlds, tmp_path, database):
    """16 hours are counted per person over all cohorts; the hours of a cohort are its own."""
    world, monday = worlds(database), date(2022, 3, 14)
    one = _weekly(900_001, monday, 150)
    two = _weekly(900_002, monday + timedelta(days=1), 90)
    for this in (one, two):
        folder = tmp_path / this.slug
        files.write(this, folder)
        if this is two:  # the same person in the same words
            shutil.copy(tmp_path / one.slug / "kandidaten.xlsx", folder)
        world.create_cohort(this.slug, monday.isoformat(), "midden")
        for kind in KINDS:
            world.take_in(kind, folder / file_name(this, kind), this.slug, "--skip-invalid")
    for this, hours in ((one, 10.0), (two, 6.0)):
        figures = world.report(this.slug, "2022-06-01")["per_candidate"]["K90000100"]
        assert figures["unexcused_hours"] == hours
        assert figures["sixteen_hours_reached_on"] == "2022-04-05"
        assert figures["sixteen_hours_applies"] == "local"


def _weekly(seed: int, first: date, absent: int) -> Edition:
    """Four weekly lessons of four hours, so many minutes unexcused in each."""
    days = [first + timedelta(weeks=n) for n in range(4)]
    person = Candidate("K90000100", "Inês", "van den", "Berg", date(2003, 5, 1))
    facts = Facts(date(2022, 3, 14), "midden", [person], [Session(day, "ZD2", 240) for day in days])
    facts.marks = [Mark(person.number, day, "ZD2", "O", absent) for day in days]
    facts.intentions = edition(0).facts.intentions
    lessons = [Lesson(day, time(9), 240, "ZD2") for day in days]
    return Edition(seed, facts, lessons, "ics", days[-1] + timedelta(days=9), days[-1])
