"""A world in which a group of trainees is in its first month.

It stands still on Friday 20 November 2026: the edition began on 1 November; workplaces begin on 1 December 2026,
1 July 2027 and 1 February 2028.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from inleer_gemeente import actions, assignments
from inleer_gemeente.actions import PlaceInput, WorkplaceInput
from inleer_gemeente.assignments import AssignmentInput
from inleer_gemeente.models import Assignment, Stay, Workplace
from werkzeug.test import TestResponse

from inleer.cohorts.actions import NewCohort, add_partner, create_cohort
from inleer.cohorts.enrolments import enrol
from inleer.cohorts.models import Cohort
from inleer.db import db, unit_of_work
from inleer.leerroutes.queries import route_version
from inleer.people.actions import create_candidate
from inleer.placements.models import Placement
from inleer.policy import Actor, Role, unscoped
from tests.world import Side, World, browse, one, token_in

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TODAY, START = date(2026, 11, 20), date(2026, 11, 1)
FIRST, SECOND, THIRD = date(2026, 12, 1), date(2027, 7, 1), date(2028, 2, 1)
END = date(2028, 8, 31)
TRAINED = date(2026, 11, 10)


@dataclass
class Traineeship:
    """A world with shortcuts for this plugin, with an edition of its route on both sides."""

    app: Flask
    world: World
    own: Side = field(init=False)
    foreign: Side = field(init=False)

    def __post_init__(self) -> None:
        with unit_of_work():
            self.own, self.foreign = (self._edition(s) for s in (self.world.own, self.world.foreign))
        self.enlarge(4)

    def _edition(self, side: Side) -> Side:
        manager = side.actors[Role.PROGRAMME_MANAGER]
        route = route_version("gemeente.mbo_maatwerk", 1)
        assert route is not None
        slug = f"gemeente-{side.canary.lower()}"
        new = NewCohort(slug=slug, name=f"Trainees {side.canary}", starts_on=START, region="midden")
        cohort = create_cohort(manager, side.agency, route, new)
        for organisation, kind in ((side.leerhome, "leerhome"), (side.employer, "employer")):
            add_partner(manager, cohort, organisation, kind, since_on=START)
        half = replace(side, cohort=cohort.id, candidates=[], enrolments=[], others={})
        self._enrol(half, cohort)
        return half

    def _enrol(self, side: Side, cohort: Cohort) -> None:
        number, manager = len(side.enrolments), side.actors[Role.PROGRAMME_MANAGER]
        values = {"first_name": f"Extra{number}", "last_name": f"Mens{number:02} {side.canary}"}
        coach = side.actors[Role.COACH].user_id
        made = create_candidate(manager, side.agency, values, f"G-{side.canary}-{number}", coach)
        side.candidates.append(made.id)
        side.enrolments.append(enrol(manager, cohort, made.id, state="active").id)

    def enlarge(self, people: int) -> None:
        """Let more people take part, until there are so many."""
        with unit_of_work():
            cohort = one(Cohort, self.own.cohort)
            while len(self.own.enrolments) < people:
                self._enrol(self.own, cohort)

    @property
    def cohort(self) -> UUID:
        return self.own.cohort

    @property
    def people(self) -> list[UUID]:
        return self.own.enrolments

    def actor(self, role: Role = Role.COACH) -> Actor:
        return self.own.actors[role]

    def values(self, **changes: Any) -> WorkplaceInput:
        """A workplace as somebody fills it in."""
        made = WorkplaceInput(
            self.own.employer, "Directie Wonen", "Adviseur", "space", START, END, 2, "T. Begeleider", TRAINED
        )
        return replace(made, **changes)

    def workplace(self, **changes: Any) -> Workplace:
        """A workplace that was added."""
        with unit_of_work():
            return actions.add_workplace(self.actor(), self.cohort, self.values(**changes))

    def place(
        self, workplace: Workplace, person: int = 0, number: int = 1, agreed: bool = False, hours: int = 28
    ) -> Placement:
        """A trainee placed in a period."""
        with unit_of_work():
            wanted = PlaceInput(workplace.id, f"werkplek_{number}", hours, agreed)
            return actions.place_trainee(self.actor(), self.people[person], wanted)

    def assignment(self, *people: int, **changes: Any) -> Assignment:
        """A group assignment that was added."""
        members = tuple(self.people[n] for n in people)
        values = AssignmentInput("Wijkonderzoek", "Directie Wonen", FIRST, SECOND, members)
        with unit_of_work():
            return assignments.add(self.actor(), self.cohort, replace(values, **changes))

    def stays(self) -> list[Stay]:
        """The places that are taken now."""
        db.session.rollback()
        return list(db.session.execute(unscoped(db.select(Stay), "test")).scalars())

    def browser(self, role: Role = Role.COACH) -> Browser:
        return Browser(browse(self.app, self.actor(role)))

    def url(self, tail: str) -> str:
        return f"/gemeente/{self.cohort}/{tail}"


@dataclass
class Browser:
    """A logged-in browser without scripts."""

    client: FlaskClient

    def get(self, url: str) -> TestResponse:
        return self.client.get(url)

    def post(self, url: str, form: str, **fields: Any) -> TestResponse:
        """Send a form with the token of the page ``form``."""
        token = token_in(self.client.get(form).text)
        data = {name: value for name, value in fields.items() if value is not None}
        return self.client.post(url, data={"csrf_token": token, **data})
