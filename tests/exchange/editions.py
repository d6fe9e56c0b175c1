"""An edition to import into, and files to import: written by hand, so that a test shows what stands in them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from inleer import clock
from inleer.cohorts.actions import NewCohort, add_partner, create_cohort
from inleer.cohorts.models import Cohort
from inleer.db import db, unit_of_work
from inleer.exchange.actions import Outcome, import_file, try_file
from inleer.exchange.undo import undo_by_id
from inleer.leerroutes.actions import publish
from inleer.leerroutes.queries import route_version
from inleer.policy import Actor, Perm, Role, load, system_actor, unscoped
from tests.actors import make_actor, make_organisation

START = date(2026, 9, 7)  # a Monday
NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)

CANDIDATES = (
    "Klantnr",
    "Voornaam",
    "Tussenvoegsel",
    "Achternaam",
    "Geboortedatum",
    "Postcode",
    "E-mail",
    "Instapdatum",
)
SESSIONS = ("Datum", "Begin", "Einde", "Lescode", "Titel", "Locatie", "Docent", "Status")
MARKS = ("Studentnr", "Datum", "Les", "Code", "Minuten")
INTENTIONS = ("Werkgever", "Functie", "Aantal", "Uren min", "Uren max", "Soort", "Vanaf", "E-mail")


@dataclass
class Edition:
    """A cohort of a work agency with a school and a leerhome, and the programme manager who imports."""

    manager: Actor
    agency: UUID
    school: UUID
    leerhome: UUID
    cohort: UUID

    def load(self) -> Cohort:
        return load(self.manager, Perm.COHORT_IMPORT, Cohort, self.cohort)

    def take_in(
        self, kind: str, rows: Iterable[Sequence[Any]] | bytes, name: str = "bestand.csv", **options: Any
    ) -> Outcome:
        """Import rows (under the usual header of this kind) or a file, in a unit of work of its own."""
        data = rows if isinstance(rows, bytes) else sheet(kind, rows)
        with unit_of_work():
            return import_file(self.manager, self.load(), kind, data, name, **options)

    def try_out(
        self, kind: str, rows: Iterable[Sequence[Any]] | bytes, name: str = "bestand.csv", **options: Any
    ) -> Outcome:
        data = rows if isinstance(rows, bytes) else sheet(kind, rows)
        return try_file(self.manager, self.load(), kind, data, name, **options)

    def undo(self, found: Outcome) -> dict[str, int]:
        assert found.run_id is not None
        with unit_of_work():
            return undo_by_id(self.manager, found.run_id)


def sheet(kind: str, rows: Iterable[Sequence[Any]]) -> bytes:
    """A CSV with the usual header of a kind; dates as 31-12-2026."""
    header = {"candidates": CANDIDATES, "sessions": SESSIONS, "attendance": MARKS, "intentions": INTENTIONS}[
        kind
    ]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    for row in (header, *rows):
        cells = [
            f"{cell:%d-%m-%Y}" if isinstance(cell, date) else "" if cell is None else cell for cell in row
        ]
        writer.writerow([*cells, *[""] * (len(header) - len(cells))])
    return text.getvalue().encode()


def make_edition(
    app: Flask, slug: str = "proef-2026", agency: UUID | None = None, version: int = 2
) -> Edition:
    """A running edition that started on START."""
    if agency is None:
        agency = make_organisation("work_agency").id
    school = make_organisation("school", managed_by=agency).id
    leerhome = make_organisation("leerhome", managed_by=agency).id
    manager = make_actor(Role.PROGRAMME_MANAGER, agency, "Petra Planner")
    with unit_of_work():
        publish(system_actor(), app.extensions["inleer"])
        route = route_version("zorg.wijkleerbedrijf", version)
        assert route is not None
        cohort = create_cohort(manager, agency, route, NewCohort(slug, "Proef", START, "midden"))
        add_partner(manager, cohort, school, "school", START)
        add_partner(manager, cohort, leerhome, "leerhome", START)
        cohort_id = cohort.id
    return Edition(manager, agency, school, leerhome, cohort_id)


PEOPLE: Sequence[Sequence[Any]] = (
    ("K1", "Inês", "van den", "Berg", date(1998, 5, 1), "8232 AB", "ines@voorbeeld.nl", None),
    ("K2", "Said", None, "D'Angelo", date(2009, 2, 3), "8219JF", None, None),
    ("K3", "Noor", "el", "Amrani", date(1979, 1, 22), None, None, START + timedelta(days=14)),
)
#: Mondays: the first two at the leerhome, then lessons.
LESSONS: Sequence[Sequence[Any]] = (
    (START, "09:00", "13:00", "INTRO", "Introductie leerhome", "Leerhome", None, None),
    (START + timedelta(days=7), "09:00", "13:00", "INTRO", "Introductie leerhome", "Leerhome", None, None),
    (START + timedelta(days=14), "09:00", "15:00", "ZD2", "Zorg en Dienstverlening", "Lokaal 1", None, None),
    (START + timedelta(days=21), "09:00", "15:00", "ZD2", "Zorg en Dienstverlening", "Lokaal 1", None, None),
)
EMPLOYERS: Sequence[Sequence[Any]] = (
    ("Zorggroep Polder", "Helpende", 4, 20, 28, "intentie", date(2027, 9, 1), "hr@voorbeeld.nl"),
    ("Thuiszorg Sluis", "Huishoudelijke hulp", None, 16, 24, "intentie", date(2027, 9, 1), None),
)


def marks(*entries: tuple[str, int, str] | tuple[str, int, str, Any]) -> list[tuple[Any, ...]]:
    """Lines of a list of marks: (number, which lesson from 0, code[, minutes])."""
    return [(e[0], LESSONS[e[1]][0], LESSONS[e[1]][3], e[2], e[3] if len(e) > 3 else None) for e in entries]


def count(model: type[Any], *conditions: Any) -> int:
    """How many rows there are, past all scopes: for tests only."""
    statement = select(func.count()).select_from(model).where(*conditions)
    return int(db.session.execute(unscoped(statement, "test")).scalar_one())


def every(model: type[Any], *conditions: Any, order: Any = None) -> list[Any]:
    """The rows there are, past all scopes, as they are stored now."""
    statement = select(model).where(*conditions).order_by(*([order] if order is not None else []))
    fresh = unscoped(statement, "test").execution_options(populate_existing=True)
    return list(db.session.execute(fresh).scalars())


def frozen() -> Any:
    """The clock of these tests: some weeks after the start."""
    return clock.frozen(NOW)
