"""A small world for a plugin: an agency with its partners, a cohort on the plugin's route that began, and people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from inleer import audit, clock
from inleer.accounts.models import Membership, User
from inleer.accounts.organisations import OrganisationData, create
from inleer.accounts.sessions import start_session
from inleer.cohorts.actions import NewCohort, add_partner, create_cohort
from inleer.cohorts.enrolments import enrol
from inleer.cohorts.models import Cohort
from inleer.db import db, new_id, unit_of_work
from inleer.extend import Registry
from inleer.leerroutes.actions import publish
from inleer.leerroutes.queries import route_version
from inleer.people.actions import create_candidate
from inleer.policy import Actor, Role, system_actor, unscoped

HTTPS = "https://localhost"
#: Where each role works, of those that a plugin can give permissions to.
HOMES: Mapping[Role, str] = {
    Role.COACH: "work_agency",
    Role.PROGRAMME_MANAGER: "work_agency",
    Role.ADMINISTRATOR: "work_agency",
    Role.TEACHER: "school",
    Role.LEERHOME_COORDINATOR: "leerhome",
    Role.EMPLOYER: "employer",
}


@dataclass(frozen=True, slots=True)
class PluginWorld:
    """Ids and people of the world. ``actors``: one per role; ``foreign_coach`` works at another agency."""

    app: Flask
    agency_id: UUID
    cohort_id: UUID
    enrolment_ids: tuple[UUID, ...]
    candidate_ids: tuple[UUID, ...]
    actors: Mapping[Role, Actor]
    foreign_coach: Actor

    def browse(self, actor: Actor) -> FlaskClient:
        """A browser without scripts in which this actor is logged in."""
        return browse(self.app, actor)


def build_world(app: Flask, route_key: str, people: int = 3, weeks: int = 8) -> PluginWorld:
    """Make a world within an application context: a cohort on the newest version of the route, ``weeks`` ago begun."""
    registry: Registry = app.extensions["inleer"]
    with unit_of_work():
        publish(system_actor(), registry)
    homes = {kind: _organisation(kind) for kind in ("work_agency", "school", "leerhome", "employer")}
    actors = {role: make_actor(role, homes[kind]) for role, kind in HOMES.items()}
    manager = actors[Role.PROGRAMME_MANAGER]
    start = clock.today() - timedelta(weeks=weeks)
    route = route_version(route_key, max(r.value.version for r in registry.routes if r.key == route_key))
    assert route is not None  # published just now
    with unit_of_work():
        new = NewCohort(slug="proef", name="Proeflichting", starts_on=start, region="midden")
        cohort = create_cohort(manager, homes["work_agency"], route, new)
        for kind in ("school", "leerhome", "employer"):
            add_partner(manager, cohort, homes[kind], kind, start)
        enrolled = [
            _person(manager, cohort.id, homes["work_agency"], actors[Role.COACH], n) for n in range(people)
        ]
    return PluginWorld(
        app=app,
        agency_id=homes["work_agency"],
        cohort_id=cohort.id,
        enrolment_ids=tuple(one for one, _candidate in enrolled),
        candidate_ids=tuple(candidate for _one, candidate in enrolled),
        actors=actors,
        foreign_coach=make_actor(Role.COACH, _organisation("work_agency")),
    )


def add_people(world: PluginWorld, number: int) -> tuple[UUID, ...]:
    """Let so many more people take part; returns their enrolments."""
    manager, coach = world.actors[Role.PROGRAMME_MANAGER], world.actors[Role.COACH]
    first = len(world.enrolment_ids) + 100
    with unit_of_work():
        made = [_person(manager, world.cohort_id, world.agency_id, coach, first + n) for n in range(number)]
    return tuple(one for one, _candidate in made)


def make_actor(role: Role, organisation_id: UUID) -> Actor:
    """A stored user who works in this role at an organisation."""
    with unit_of_work() as session:
        user = User(
            id=new_id(),
            email=f"{role.value}-{new_id().hex[:8]}@example.nl",
            name=f"Proef {role.value}",
            active=True,
            created_at=clock.now(),
        )
        session.add(user)
        session.flush()
        member = Membership(
            id=new_id(),
            user_id=user.id,
            organisation_id=organisation_id,
            role=role.value,
            created_at=clock.now(),
        )
        session.add(member)
        audit.record(system_actor(), "user.created", user, covers=[member])
        return Actor(
            user_id=user.id,
            organisation_id=organisation_id,
            role=role,
            name=user.name,
            organisation_name="Proef",
            membership_id=member.id,
            trace_id="test",
            origin="web",
        )


def browse(app: Flask, actor: Actor) -> FlaskClient:
    """A browser without scripts in which this actor is logged in, second factor included."""
    assert actor.membership_id is not None  # a user, not the system
    with unit_of_work():
        token = start_session(actor.user_id, actor.membership_id, "test", second_factor=True)
    client = Browser(app, app.response_class, use_cookies=True)
    with client.session_transaction(base_url=HTTPS) as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    return client


class Browser(FlaskClient):
    """A test client over https: session cookies go over nothing else."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """A request, to https unless said otherwise, that shares no database session with the test.

        It has an application context of its own: in that of the test the user of the request before would still be
        logged in, also in another browser.
        """
        kwargs.setdefault("base_url", HTTPS)
        db.session.remove()
        with self.application.app_context():
            return super().open(*args, **kwargs)


def _organisation(kind: str) -> UUID:
    with unit_of_work():
        region = "midden" if kind in ("work_agency", "school") else None
        return create(
            system_actor(), kind, OrganisationData(f"Proef {kind} {new_id().hex[:6]}", region=region)
        ).id


def _person(manager: Actor, cohort_id: UUID, agency_id: UUID, coach: Actor, number: int) -> tuple[UUID, UUID]:
    found = unscoped(select(Cohort).where(Cohort.id == cohort_id), "a test's own cohort")
    cohort = db.session.execute(found).scalar_one()
    values = {"first_name": f"Voor{number}", "last_name": f"Achter{number}"}
    candidate = create_candidate(manager, agency_id, values, f"P-{new_id().hex[:12]}", coach.user_id)
    return enrol(manager, cohort, candidate.id).id, candidate.id
