"""A large cohort without marks, and files with them: what promises 25 and 46 are measured with."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from random import Random
from statistics import median

from flask import Flask
from sqlalchemy import select

from bench.generate import ROUTE, copy_rows
from bench.rows import Maker
from bench.shapes import MARKS_EACH, Size, schedule
from bench.world import World
from inleer import clock
from inleer.cli.acting import for_agency
from inleer.cohorts.models import Cohort
from inleer.db import db, unit_of_work
from inleer.exchange.actions import import_file
from inleer.leerroutes.models import RouteVersion
from inleer.policy import system_actor, unscoped

CODES = ("A",) * 17 + ("Z", "G", "O")
HEADER = "Studentnummer;Datum;Code"
# Promise 25: a month of a whole group; saved so often, each time another month.
GRID_PEOPLE, GRID_DAYS, GRIDS = 60, 31, 3


@dataclass(frozen=True)
class Prepared:
    """The cohort's slug, the lines of a file with all marks but those of sixty people, and theirs a month at a time."""

    slug: str
    lines: list[str]
    grids: list[list[str]]


def prepare(app: Flask, rows: int) -> Prepared:
    """Make the cohort, and files of which the large one has at most ``rows`` marks."""
    with app.app_context():
        statement = select(RouteVersion).where(RouteVersion.key == ROUTE[0], RouteVersion.version == ROUTE[1])
        route = db.session.execute(unscoped(statement, "generated data")).scalar_one()
        db.session.commit()
        people = rows // MARKS_EACH + 1
        maker, slug, numbers = _cohort(route.id, people + GRID_PEOPLE)
        copy_rows(maker.world)
        db.session.remove()
    plan = maker.plans[0]
    chance = Random(rows)

    def lines(who: list[str], days: tuple[date, ...]) -> list[str]:
        return [f"{n};{day.strftime('%d-%m-%Y')};{chance.choice(CODES)}" for n in who for day in days]

    months = [plan.past[start : start + GRID_DAYS] for start in range(0, GRIDS * GRID_DAYS, GRID_DAYS)]
    grids = [[HEADER, *lines(numbers[people:], month)] for month in months]
    return Prepared(slug, [HEADER, *lines(numbers[:people], plan.past)[:rows]], grids)


def save_grids(app: Flask, prepared: Prepared) -> dict[str, float]:
    """Save each grid in this process: how many cells each has, and medians of the seconds (on the clock, of our CPU).

    Raises RuntimeError when one is not saved whole.
    """
    took, cpu = [], []
    for grid in prepared.grids:
        data = "\n".join(grid).encode()
        with app.app_context():
            began, before = time.perf_counter(), time.process_time()
            with unit_of_work():
                found = select(Cohort).where(Cohort.slug == prepared.slug)
                cohort = db.session.execute(unscoped(found, "generated data")).scalar_one()
                actor = for_agency(system_actor(), cohort.agency_id)
                outcome = import_file(actor, cohort, "attendance", data, "maand.csv")
            took.append(time.perf_counter() - began)
            cpu.append(time.process_time() - before)
        if outcome.refused or outcome.created != GRID_PEOPLE * GRID_DAYS:
            raise RuntimeError(f"a grid was not saved: {outcome.as_json()}")
    return {"cells": GRID_PEOPLE * GRID_DAYS, "seconds": median(took), "cpu": median(cpu)}


def _cohort(route_id: object, people: int) -> tuple[Maker, str, list[str]]:
    plan = schedule(clock.today(), 0)
    maker = Maker(Size(1), [plan], [], {"id": route_id, "key": ROUTE[0]}, "")
    maker.rng = Random("import")
    maker.world = World({}, [], maker.world.made)
    agency = maker.organisation("work_agency", "Werkbedrijf import", None)
    school = maker.organisation("school", "ROC import", agency)
    others = [maker.organisation("leerhome", "Leerhome import", agency)]
    others += [maker.organisation("employer", f"Zorg import {n}", agency) for n in range(3)]
    coach = maker.person("Coach import", "coach", agency)
    teacher = maker.person("Docent import", "teacher", school)
    cohort = maker.cohort(agency, "import", [school, *others], plan)
    for day in plan.past:
        session = maker.session(day, "planned", school, teacher)
        maker.world.tables.setdefault("session_cohort", []).append(
            {"cohort_id": cohort, "session_id": session}
        )
    numbers = []
    for n in range(people):
        candidate = maker.candidate(agency, coach, n)
        values = {"cohort_id": cohort, "candidate_id": candidate, "state": "active", "version": 1}
        maker.add("enrolment", joined_on=plan.start, **values)
        numbers.append(f"K{n:06}")
    return maker, "lichting-import", numbers
