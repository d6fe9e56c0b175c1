"""A large cohort without marks, and a file that has them all: what promise 46 is measured with."""

from __future__ import annotations

from random import Random

from flask import Flask
from sqlalchemy import select

from bench.generate import ROUTE, copy_rows
from bench.rows import Maker
from bench.shapes import MARKS_EACH, Size, schedule
from bench.world import World
from inleer import clock
from inleer.db import db
from inleer.leerroutes.models import RouteVersion
from inleer.policy import unscoped

CODES = ("A",) * 17 + ("Z", "G", "O")


def prepare(app: Flask, rows: int) -> tuple[str, list[str]]:
    """Make the cohort; returns its slug and the lines of a file with at most ``rows`` marks."""
    with app.app_context():
        statement = select(RouteVersion).where(RouteVersion.key == ROUTE[0], RouteVersion.version == ROUTE[1])
        route = db.session.execute(unscoped(statement, "generated data")).scalar_one()
        db.session.commit()
        people = rows // MARKS_EACH + 1
        maker, slug, numbers = _cohort(route.id, people)
        copy_rows(maker.world)
        db.session.remove()
    plan = maker.plans[0]
    chance = Random(rows)
    lines = [
        f"{number};{day.strftime('%d-%m-%Y')};{chance.choice(CODES)}"
        for number in numbers
        for day in plan.past
    ]
    return slug, ["Studentnummer;Datum;Code", *lines[:rows]]


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
