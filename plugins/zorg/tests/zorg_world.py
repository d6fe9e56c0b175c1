"""A world in which the neighbourhood placement has been going on for weeks.

It stands still on Friday 20 November 2026: the edition began on 31 August, the neighbourhood phase on 28 September,
and the autumn vacation of 17 to 25 October lies in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from inleer_zorg import actions
from inleer_zorg.actions import VisitInput
from inleer_zorg.models import HelpRequest, Visit
from werkzeug.test import TestResponse

from inleer.cohorts.enrolments import enrol
from inleer.cohorts.models import Cohort
from inleer.db import db, unit_of_work
from inleer.people.actions import create_candidate
from inleer.policy import Actor, Role, unscoped
from tests.world import World, browse, one, token_in

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
BEGINS = date(2026, 9, 28)
WALK: dict[str, Any] = {
    "requester": "Mevr. J.",
    "task": "walking",
    "description": "Een rondje door het park.",
    "area": "Boswijk",
    "weekday": 3,
    "starts": time(10, 30),
    "agreed_minutes": 60,
    "asked_on": date(2026, 9, 21),
}


@dataclass
class Zorg:
    """A world with shortcuts for this plugin; ``side`` is the half of the world that is acted on."""

    app: Flask
    world: World

    @property
    def cohort(self) -> UUID:
        return self.world.own.cohort

    @property
    def people(self) -> list[UUID]:
        return self.world.own.enrolments

    def actor(self, role: Role = Role.LEERHOME_COORDINATOR) -> Actor:
        return self.world.own.actors[role]

    def ask(self, **changes: Any) -> HelpRequest:
        """A help request of the own cohort."""
        with unit_of_work():
            return actions.create(self.actor(), self.cohort, {**WALK, **changes})

    def given(self, person: int = 0, **changes: Any) -> HelpRequest:
        """A help request that is assigned to a participant."""
        made = self.ask(**changes)
        with unit_of_work():
            actions.assign(self.actor(), made, self.people[person], made.version)
        return made

    def visit(self, request: HelpRequest, on: date, minutes: int = 60, person: int = 0) -> Visit:
        """A visit that was recorded."""
        with unit_of_work():
            visit = VisitInput(self.people[person], on, minutes, "Ging goed.")
            return actions.record_visit(self.actor(), request, visit)[0]

    def enlarge(self, people: int) -> None:
        """Let more people take part, until there are so many."""
        manager, side = self.actor(Role.PROGRAMME_MANAGER), self.world.own
        with unit_of_work():
            cohort = one(Cohort, side.cohort)
            for number in range(len(side.enrolments), people):
                values = {"first_name": f"Extra{number}", "last_name": f"Mens{number}"}
                candidate = create_candidate(manager, side.agency, values, f"X-{number}")
                side.candidates.append(candidate.id)
                side.enrolments.append(enrol(manager, cohort, candidate.id).id)

    def browser(self, role: Role = Role.LEERHOME_COORDINATOR) -> Browser:
        return Browser(browse(self.app, self.actor(role)))

    def url(self, tail: str) -> str:
        return f"/zorg/{self.cohort}/{tail}"

    def stored(self, row: HelpRequest | Visit) -> Any:
        """The row as it is in the database now."""
        db.session.rollback()
        db.session.expire_all()
        return one(type(row), row.id)

    def all(self, model: type[HelpRequest] | type[Visit]) -> list[Any]:
        db.session.rollback()
        return list(db.session.execute(unscoped(db.select(model), "test")).scalars())


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
