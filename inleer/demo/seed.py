"""Fill an empty demo database with two editions: one that runs since eleven weeks, one that is recruiting."""

from __future__ import annotations

from datetime import date, time, timedelta
from random import Random
from uuid import UUID

from flask import current_app
from sqlalchemy import select

from inleer import audit, clock
from inleer.attendance.actions import MarkInput, record_many
from inleer.cohorts import planning
from inleer.cohorts.actions import NewCohort, add_partner, change_state, create_cohort
from inleer.cohorts.enrolments import drop_out, enrol
from inleer.cohorts.models import Cohort, Enrolment, Session
from inleer.cohorts.sessions import NewSession, finish_session, plan_session, sessions_of
from inleer.db import db, unit_of_work
from inleer.demo import stories
from inleer.demo.logins import AGENCY, EMPLOYERS, LEERHOME, SCHOOL, make_logins, make_organisations
from inleer.demo.people import Person, mark_for, next_group, running_group
from inleer.extend import Registry
from inleer.leerroutes.queries import route_version
from inleer.people.actions import create_candidate
from inleer.policy import Actor, system_actor, unscoped
from inleer.signals.daily import sweep

RUNNING_WEEKS = 11
RUNNING, COMING = "zorg-nu", "zorg-straks"


def is_seeded() -> bool:
    """Whether the demo data is there already."""
    statement = unscoped(select(Cohort.id).where(Cohort.slug == RUNNING), "demo data")
    return db.session.execute(statement).first() is not None


def seed() -> None:
    """Make the demo data once; on later days only today's lesson is added. Call it in an app context."""
    if not is_seeded():
        _make()
    with unit_of_work():
        _lesson_today()
        sweep(system_actor(), clock.today())


def _make() -> None:
    system = system_actor()
    today = clock.today()
    start = today - timedelta(weeks=RUNNING_WEEKS, days=today.weekday())
    with unit_of_work():
        organisations = make_organisations(system)
        people = make_logins(system, organisations)
    group = running_group()
    with unit_of_work(), clock.frozen(clock.at(start - timedelta(days=60), time(10))):
        running = _edition(people, organisations, start, RUNNING, 2)
        enrolments = _enrol(people, organisations[AGENCY], running, group)
        stories.intentions(people["programma"], people["coach"], running, organisations)
    _plugins(system, running.id)  # before the attendance: that raises signals over all there is
    for session_id in _past_sessions(running.id):
        _attendance(people, session_id, group, enrolments, running)
    with unit_of_work():
        change_state(people["programma"], running, "running")
        stories.casework(people, running, enrolments)
        stories.introduction_done(people["leerhome"], running, enrolments)
        _dropout(people["coach"], group, enrolments)
    with unit_of_work():
        coming = _edition(people, organisations, start + timedelta(weeks=20), COMING, 1)
        selected = _enrol(people, organisations[AGENCY], coming, next_group())
        stories.first_contacts(people, selected)
        stories.guarantees(people["programma"], coming, organisations)
    _plugins(system, coming.id)


def _edition(
    people: dict[str, Actor], organisations: dict[str, UUID], start: date, slug: str, version: int
) -> Cohort:
    route = route_version("zorg.wijkleerbedrijf", version)
    if route is None:
        raise RuntimeError("the demo needs the route zorg.wijkleerbedrijf: is the plugin zorg on?")
    manager = people["programma"]
    name = f"WijkLeerbedrijf Zorg · lichting {start.year}" + (
        " (najaar)" if start.month > 6 else " (voorjaar)"
    )
    new = NewCohort(slug=slug, name=name, starts_on=start, region="midden")
    cohort = create_cohort(manager, organisations[AGENCY], route, new)
    since = clock.today()
    for organisation, kind in (
        (SCHOOL, "school"),
        (LEERHOME, "leerhome"),
        *((e, "employer") for e in EMPLOYERS),
    ):
        add_partner(manager, cohort, organisations[organisation], kind, since)
    planning.generate(manager, cohort)
    teacher = people["docent"].user_id
    for session in sessions_of(cohort.id):
        if session.organisation_id == organisations[SCHOOL]:
            session.teacher_id, session.location = teacher, "lokaal 1.12"
        else:
            session.location = "Leerhome De Brug"
        audit.record(manager, "session.changed", session, fields=["location", "teacher_id"])
    return cohort


def _enrol(people: dict[str, Actor], agency_id: UUID, cohort: Cohort, group: list[Person]) -> dict[str, UUID]:
    """Candidates of both coaches, enrolled; returns enrolment ids by client number."""
    made = {}
    for n, person in enumerate(group):
        coach = people["coach2"] if n % 5 == 4 else people["coach"]
        candidate = create_candidate(
            people["programma"], agency_id, person.values(), person.number, coach.user_id
        )
        joined = cohort.starts_on + timedelta(days=28) if person.pattern == "joins_late" else None
        state = "active" if cohort.starts_on <= clock.today() + timedelta(days=60) else None
        made[person.number] = enrol(people["programma"], cohort, candidate.id, joined, state).id
    return made


def _past_sessions(cohort_id: UUID) -> list[UUID]:
    return [s.id for s in sessions_of(cohort_id, last=clock.today() - timedelta(days=1))]


def _attendance(
    people: dict[str, Actor],
    session_id: UUID,
    group: list[Person],
    enrolments: dict[str, UUID],
    cohort: Cohort,
) -> None:
    """Record one past lesson as it was on its day; the last lesson but one is left to be recorded."""
    past = _past_sessions(cohort.id)
    place = past.index(session_id)
    if place == len(past) - 2:
        return
    with unit_of_work():
        session = db.session.execute(
            unscoped(select(Session).where(Session.id == session_id), "demo data")
        ).scalar_one()
        chance = Random(session.on.toordinal())
        actor = people["docent"] if session.teacher_id else people["leerhome"]
        marks = []
        for person in group:
            if person.pattern == "joins_late" and session.on < cohort.starts_on + timedelta(days=28):
                continue
            if person.pattern == "stopped" and place > len(past) - 5:
                continue
            status, minutes = mark_for(person.pattern, place, len(past), session.planned_minutes, chance)
            marks.append(MarkInput(enrolments[person.number], status, minutes, 0))
        with clock.frozen(session.ends_at):
            record_many(actor, session, marks, enrolments.values())
            finish_session(actor, session)


def _dropout(coach: Actor, group: list[Person], enrolments: dict[str, UUID]) -> None:
    number = next(p.number for p in group if p.pattern == "stopped")
    row = db.session.execute(
        unscoped(select(Enrolment).where(Enrolment.id == enrolments[number]), "demo data")
    ).scalar_one()
    last_day = clock.today() - timedelta(days=25)
    drop_out(
        coach,
        row,
        last_day,
        "candidate",
        "childcare",
        "yes",
        row.version,
        "Geen plek in de opvang op dinsdag.",
    )


def _lesson_today() -> None:
    """Whoever tries the demo finds a lesson to record, whatever day it is."""
    cohort = db.session.execute(
        unscoped(select(Cohort).where(Cohort.slug == RUNNING), "demo data")
    ).scalar_one()
    today = clock.today()
    if sessions_of(cohort.id, today, today):
        return
    hosts = planning.hosts_of(cohort)
    teacher = next((s.teacher_id for s in sessions_of(cohort.id) if s.teacher_id), None)
    plan_session(
        system_actor(),
        [cohort.id],
        NewSession(
            title="Zorg en Dienstverlening (inhaalles)",
            kind="lesson",
            starts_at=clock.at(today, time(9)),
            ends_at=clock.at(today, time(15, 30)),
            location="lokaal 1.12",
            organisation_id=hosts.get("school"),
            teacher_id=teacher,
        ),
    )


def _plugins(actor: Actor, cohort_id: UUID) -> None:
    registry: Registry = current_app.extensions["inleer"]
    for owned in registry.demo_for("zorg.wijkleerbedrijf"):
        with unit_of_work():
            owned.value.seed(actor, cohort_id)
