"""What the tests of the core need of each plugin beside the one that the test world is about.

The world of ``tests.world`` runs a route of the plugin zorg. Every other plugin in plugins/ describes in
``plugins/FOLDER/tests/sector.py`` an edition of its own in that world:

- ``ROUTE``: key and version of one of its routes, with the name of the plugin in front;
- ``rows(side)``: make one row in each of its tables, in an open unit of work; returns ids by name of table;
- ``THINGS``: model → (table, how houses stand to the row), for the models that its pages are about;
- ``CASES``: a case for each of its rules that changes something (tests/web/walk.py);
- ``CHOSEN``: (table, column) → a value that the table's checks accept (tests/rows.py).

The edition is made when a test first asks for it.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from tests.world import Side

ROOT = Path(__file__).resolve().parents[1]
PEOPLE = 2


@dataclass(frozen=True)
class Sector:
    """A plugin as its ``sector.py`` describes it."""

    name: str
    route: tuple[str, int]
    rows: Callable[[Side], dict[str, UUID]]
    things: dict[str, tuple[str, dict[str, str]]]
    cases: list[Any]
    chosen: dict[tuple[str, str], Any]


@lru_cache(maxsize=1)
def sectors() -> dict[str, Sector]:
    """The plugins that describe an edition, by name."""
    found = [_read(path) for path in sorted(ROOT.glob("plugins/*/tests/sector.py"))]
    return {sector.name: sector for sector in found}


def _read(path: Path) -> Sector:
    spec = importlib.util.spec_from_file_location(f"sector_{path.parts[-3]}", path)
    assert spec is not None and spec.loader is not None
    module: ModuleType = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    name = module.ROUTE[0].partition(".")[0]
    return Sector(name, module.ROUTE, module.rows, module.THINGS, module.CASES, module.CHOSEN)


def sector_of(endpoint: str) -> Sector | None:
    """The plugin that this page belongs to, None for the core and for the plugin of the world itself."""
    return sectors().get(endpoint.partition(".")[0])


def side_of(side: Side, sector: Sector) -> Side:
    """The same half of the world, in the edition of this plugin: its cohort, people and rows."""
    if sector.name not in side.editions:
        side.editions[sector.name] = _make(side, sector)
    return side.editions[sector.name]


def _make(side: Side, sector: Sector) -> Side:
    # Here: tests.rows asks for the columns of a plugin without needing the application.
    from inleer import clock
    from inleer.cohorts.actions import NewCohort, add_partner, create_cohort
    from inleer.cohorts.enrolments import enrol
    from inleer.db import unit_of_work
    from inleer.leerroutes.queries import route_version
    from inleer.people.actions import create_candidate
    from inleer.policy import Role

    manager, coach = side.actors[Role.PROGRAMME_MANAGER], side.actors[Role.COACH]
    start = clock.today() - timedelta(weeks=1, days=clock.today().weekday())
    with unit_of_work():
        route = route_version(*sector.route)
        assert route is not None
        slug = f"{sector.name}-{side.canary.lower()}".replace("_", "-")
        new = NewCohort(slug=slug, name=f"{sector.name} {side.canary}", starts_on=start, region="midden")
        cohort = create_cohort(manager, side.agency, route, new)
        for organisation, kind in (
            (side.school, "school"),
            (side.leerhome, "leerhome"),
            (side.employer, "employer"),
        ):
            add_partner(manager, cohort, organisation, kind, since_on=start)
        half = replace(side, cohort=cohort.id, candidates=[], enrolments=[], others={}, editions={})
        for number in range(PEOPLE):
            names = {"first_name": f"Ander{number}", "last_name": f"Achter{number} {side.canary}"}
            key = f"{sector.name}-{side.canary}-{number}"
            person = create_candidate(manager, side.agency, names, key, coach.user_id)
            half.candidates.append(person.id)
            half.enrolments.append(enrol(manager, cohort, person.id).id)
        half.others.update(sector.rows(half))
    return half
