"""A world in which a group in logistics is over the half of its practice.

It stands still on Friday 20 November 2026: the edition began on 31 August; its practice phase is from 21 September to
20 December, so its second half began on 6 November.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from inleer_logistiek import actions
from inleer_logistiek.actions import CertificateInput
from inleer_logistiek.models import Certificate
from werkzeug.test import TestResponse

from inleer.cohorts.actions import NewCohort, add_partner, create_cohort
from inleer.cohorts.enrolments import enrol
from inleer.cohorts.models import Cohort
from inleer.db import db, unit_of_work
from inleer.leerroutes.queries import route_version
from inleer.people.actions import create_candidate
from inleer.policy import Actor, Role, unscoped
from tests.world import Side, World, browse, one, token_in

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
START, HALF, WORK = date(2026, 8, 31), date(2026, 11, 6), date(2027, 1, 11)
FORKLIFT = CertificateInput("forklift", date(2026, 10, 1), date(2031, 9, 30), "De Kade", "DK-1")


@dataclass
class Logistiek:
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
        route = route_version("logistiek.leerbedrijf", 1)
        assert route is not None
        slug = f"logistiek-{side.canary.lower()}"
        new = NewCohort(slug=slug, name=f"Logistiek {side.canary}", starts_on=START, region="midden")
        cohort = create_cohort(manager, side.agency, route, new)
        for organisation, kind in ((side.school, "school"), (side.leerhome, "leerhome")):
            add_partner(manager, cohort, organisation, kind, since_on=START)
        half = replace(side, cohort=cohort.id, candidates=[], enrolments=[], others={})
        self._enrol(half, cohort)
        return half

    def _enrol(self, side: Side, cohort: Cohort) -> None:
        number, manager = len(side.enrolments), side.actors[Role.PROGRAMME_MANAGER]
        values = {"first_name": f"Extra{number}", "last_name": f"Mens{number} {side.canary}"}
        coach = side.actors[Role.COACH].user_id
        made = create_candidate(manager, side.agency, values, f"L-{side.canary}-{number}", coach)
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

    def give(self, person: int = 0, **changes: Any) -> Certificate:
        """A certificate that was recorded."""
        with unit_of_work():
            return actions.add(self.actor(), self.cohort, self.people[person], replace(FORKLIFT, **changes))

    def browser(self, role: Role = Role.COACH) -> Browser:
        return Browser(browse(self.app, self.actor(role)))

    def url(self, tail: str) -> str:
        return f"/logistiek/{self.cohort}/{tail}"

    def stored(self, row: Certificate) -> Certificate:
        """The row as it is in the database now."""
        db.session.rollback()
        db.session.expire_all()
        return one(Certificate, row.id)

    def all(self) -> list[Certificate]:
        db.session.rollback()
        return list(db.session.execute(unscoped(db.select(Certificate), "test")).scalars())


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
