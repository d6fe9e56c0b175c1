"""Make one edition of the demo as its plugin describes it, with everything that happened in it so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
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
from inleer.cohorts.sessions import finish_session, sessions_of
from inleer.db import db, unit_of_work
from inleer.demo import stories
from inleer.demo.logins import AGENCY, LEERHOME, LEERHOME_NAME, SCHOOL, Team, add_organisations, team_of
from inleer.demo.people import Person, group_of, mark_for
from inleer.extend import Registry
from inleer.extend.demo import DemoEdition, DemoPattern
from inleer.extend.types import Host
from inleer.leerroutes.queries import definition_of, route_version
from inleer.people.actions import create_candidate
from inleer.policy import Actor, system_actor, unscoped

ENROLLED_BEFORE = timedelta(days=60)
LATE = timedelta(days=28)
_HOSTS = {Host.SCHOOL: SCHOOL, Host.LEERHOME: LEERHOME}


def make(edition: DemoEdition, people: dict[str, Actor], organisations: Mapping[str, UUID]) -> None:
    """The edition with its people, agreements and, when it runs, all that happened since it began."""
    today = clock.today()
    start = today + timedelta(weeks=edition.weeks, days=-today.weekday())
    runs = start <= today
    team, group = team_of(edition, people), group_of(edition)
    with unit_of_work():
        known = {**organisations, **add_organisations(system_actor(), organisations[AGENCY], edition)}
    with unit_of_work(), clock.frozen(clock.at(start - ENROLLED_BEFORE, time(10))) if runs else nullcontext():
        cohort, commitment = _cohort(edition, team, known, start)
        enrolments = _enrol(team, known[AGENCY], cohort, group)
        if commitment:
            stories.intentions(team.manager, cohort, edition, commitment, known)
        if not runs:
            stories.first_contacts(team, group, enrolments)
            if commitment:
                stories.requests(team.manager, cohort, edition, known)
    _plugins(edition, cohort.id)  # before the attendance: that raises signals over all there is
    if runs:
        _history(edition, team, cohort, group, enrolments, known)


def _history(
    edition: DemoEdition,
    team: Team,
    cohort: Cohort,
    group: Sequence[Person],
    enrolments: Mapping[str, UUID],
    organisations: Mapping[str, UUID],
) -> None:
    past = [s.id for s in sessions_of(cohort.id, last=clock.today() - timedelta(days=1))]
    for place, session_id in enumerate(past):
        if place != len(past) - 2:  # the last lesson but one is left to be recorded
            _attendance(team, session_id, (place, len(past)), group, enrolments, cohort)
    with unit_of_work():
        change_state(team.manager, cohort, "running")
        stories.answers(team.coach, cohort, edition, organisations)
        stories.casework(team, cohort, group, enrolments)
        stories.introduction_done(team.coordinator, cohort, enrolments)
        _dropouts(team.coach, group, enrolments)


def _cohort(
    edition: DemoEdition, team: Team, organisations: Mapping[str, UUID], start: date
) -> tuple[Cohort, str]:
    """The cohort with partners and timetable, and what its route asks of employers (empty: nothing)."""
    route = route_version(edition.route_key, edition.version)
    if route is None:
        raise RuntimeError(f"the demo needs {edition.route_key}, version {edition.version}: publish it first")
    season = "najaar" if start.month > 6 else "voorjaar"
    name = f"{edition.name} · lichting {start.year} ({season})"
    new = NewCohort(slug=edition.slug, name=name, starts_on=start, region="midden")
    cohort = create_cohort(team.manager, organisations[AGENCY], route, new)
    definition = definition_of(route)
    hosts = {strand.host for phase in definition.phases for strand in phase.strands}
    partners = [(slug, host.value) for host, slug in _HOSTS.items() if host in hosts]
    for slug, kind in (*partners, *((e.slug, "employer") for e in edition.employers)):
        add_partner(team.manager, cohort, organisations[slug], kind, clock.today())
    planning.generate(team.manager, cohort)
    for session in sessions_of(cohort.id):
        if session.organisation_id == organisations[SCHOOL]:
            session.teacher_id, session.location = team.teacher.user_id, "lokaal 1.12"
        else:
            session.location = LEERHOME_NAME
        audit.record(team.manager, "session.changed", session, fields=["location", "teacher_id"])
    return cohort, definition.commitment.kind.value if definition.commitment else ""


def _enrol(team: Team, agency_id: UUID, cohort: Cohort, group: Sequence[Person]) -> dict[str, UUID]:
    """Candidates of the coaches, enrolled; returns enrolment ids by client number."""
    made = {}
    for n, person in enumerate(group):
        coach = team.coach_of(n).user_id
        candidate = create_candidate(team.manager, agency_id, person.values(), person.number, coach)
        joined = cohort.starts_on + LATE if person.pattern is DemoPattern.JOINS_LATE else None
        state = "active" if cohort.starts_on <= clock.today() + ENROLLED_BEFORE else None
        made[person.number] = enrol(team.manager, cohort, candidate.id, joined, state).id
    return made


def _attendance(
    team: Team,
    session_id: UUID,
    lesson: tuple[int, int],
    group: Sequence[Person],
    enrolments: Mapping[str, UUID],
    cohort: Cohort,
) -> None:
    """Record one past lesson as it was on its day; ``lesson`` is which one of how many."""
    place, total = lesson
    with unit_of_work():
        session = db.session.execute(
            unscoped(select(Session).where(Session.id == session_id), "demo data")
        ).scalar_one()
        chance = Random(session.on.toordinal())
        actor = team.teacher if session.teacher_id else team.coordinator
        marks = []
        for person in group:
            if person.pattern is DemoPattern.JOINS_LATE and session.on < cohort.starts_on + LATE:
                continue
            if person.pattern is DemoPattern.STOPPED and place > total - 5:
                continue
            status, minutes = mark_for(person.pattern, place, total, session.planned_minutes, chance)
            marks.append(MarkInput(enrolments[person.number], status, minutes, 0))
        with clock.frozen(session.ends_at):
            record_many(actor, session, marks, enrolments.values())
            finish_session(actor, session)


def _dropouts(coach: Actor, group: Sequence[Person], enrolments: Mapping[str, UUID]) -> None:
    text = "Geen plek in de opvang op dinsdag."
    for number in (p.number for p in group if p.pattern is DemoPattern.STOPPED):
        statement = select(Enrolment).where(Enrolment.id == enrolments[number])
        row = db.session.execute(unscoped(statement, "demo data")).scalar_one()
        last_day = clock.today() - timedelta(days=25)
        drop_out(coach, row, last_day, "candidate", "childcare", "yes", row.version, text)


def _plugins(edition: DemoEdition, cohort_id: UUID) -> None:
    registry: Registry = current_app.extensions["inleer"]
    for owned in registry.demo_for(edition.route_key):
        with unit_of_work():
            owned.value.seed(system_actor(), cohort_id)
