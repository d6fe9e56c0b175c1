"""Fill an empty demo database with the editions that the plugins describe."""

from __future__ import annotations

from datetime import time

from flask import current_app
from sqlalchemy import select

from inleer import clock
from inleer.accounts.models import User
from inleer.cohorts import planning
from inleer.cohorts.models import Cohort
from inleer.cohorts.sessions import NewSession, plan_session, sessions_of
from inleer.db import db, unit_of_work
from inleer.demo import editions
from inleer.demo.logins import LOGINS, make_logins, make_organisations
from inleer.extend import Registry
from inleer.extend.demo import DemoEdition
from inleer.policy import system_actor, unscoped
from inleer.signals.daily import sweep


def is_seeded() -> bool:
    """Whether the demo data is there already."""
    statement = select(User.id).where(User.email == LOGINS[0].email)
    return db.session.execute(statement).first() is not None


def seed() -> None:
    """Make the demo data once; on later days only today's lesson is added. Call it in an app context."""
    registry: Registry = current_app.extensions["inleer"]
    wanted = [edition for owned in registry.demo for edition in owned.value.editions]
    if not is_seeded():
        _make(wanted)
    with unit_of_work():
        for edition in wanted:
            if edition.lesson_today:
                _lesson_today(edition)
        sweep(system_actor(), clock.today())


def _make(wanted: list[DemoEdition]) -> None:
    system = system_actor()
    with unit_of_work():
        organisations = make_organisations(system)
        people = make_logins(system, organisations)
    for edition in wanted:
        editions.make(edition, people, organisations)


def _lesson_today(edition: DemoEdition) -> None:
    """Whoever tries the demo finds a lesson to record, whatever day it is."""
    statement = select(Cohort).where(Cohort.slug == edition.slug)
    cohort = db.session.execute(unscoped(statement, "demo data")).scalar_one_or_none()
    today = clock.today()
    if cohort is None or sessions_of(cohort.id, today, today):
        return
    hosts = planning.hosts_of(cohort)
    teacher = next((s.teacher_id for s in sessions_of(cohort.id) if s.teacher_id), None)
    plan_session(
        system_actor(),
        [cohort.id],
        NewSession(
            title=edition.lesson_today,
            kind="lesson",
            starts_at=clock.at(today, time(9)),
            ends_at=clock.at(today, time(15, 30)),
            location="lokaal 1.12",
            organisation_id=hosts.get("school"),
            teacher_id=teacher,
        ),
    )
