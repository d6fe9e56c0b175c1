"""A small world for tests: two work agencies that know nothing of each other, each with an edition and people.

``build(app)`` makes both; every personal text carries the agency's canary, so that a crawl can see where it leaks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import TypeVar
from uuid import UUID

from flask import Flask, current_app
from flask.testing import FlaskClient
from inleer_zorg.models import HelpRequest, Visit
from sqlalchemy import select

from inleer import audit, clock
from inleer.accounts.sessions import start_session
from inleer.attendance.actions import MarkInput, record_many
from inleer.casework.actions import escalate, write_note
from inleer.cohorts.actions import NewCohort, add_partner, create_cohort
from inleer.cohorts.enrolments import enrol
from inleer.cohorts.models import Cohort, Enrolment, PhaseCompletion, Session
from inleer.cohorts.sessions import NewSession, plan_session
from inleer.db import db, unit_of_work
from inleer.exchange.models import ImportMapping, ImportRow, ImportRun
from inleer.exchange.plan_common import Options
from inleer.exchange.preview import start
from inleer.intentions.actions import draft, note
from inleer.intentions.answering import Given, answer, link_actor, text_of
from inleer.intentions.asking import Chosen, ask
from inleer.intentions.models_requests import IntentionMessage
from inleer.intentions.queries_requests import names_of
from inleer.intentions.statements import terms_of
from inleer.leerroutes.actions import publish
from inleer.leerroutes.queries import route_version
from inleer.merging.actions import merge
from inleer.people.actions import arrange_cover, create_candidate
from inleer.people.models import Candidate, CoachChange
from inleer.placements.actions import Plan, propose
from inleer.placements.rules import days_sum
from inleer.policy import Actor, Role, system_actor, unscoped
from inleer.signals.models import Signal
from tests.actors import make_actor, make_organisation
from tests.snapshots import remembered

M = TypeVar("M")
NOBODY = UUID(int=0)
ROUTE = ("zorg.wijkleerbedrijf", 2)


@dataclass
class Side:
    """One agency's half of the world. ``canary`` is a string in every free text that belongs to it."""

    canary: str
    agency: UUID
    school: UUID
    leerhome: UUID
    employer: UUID
    actors: dict[Role, Actor] = field(default_factory=dict)
    other_coach: Actor | None = None
    other_teacher: Actor | None = None
    cohort: UUID = NOBODY
    candidates: list[UUID] = field(default_factory=list)
    enrolments: list[UUID] = field(default_factory=list)
    sessions: list[UUID] = field(default_factory=list)
    intention: UUID = NOBODY
    notes: dict[str, UUID] = field(default_factory=dict)
    escalation: UUID = NOBODY
    others: dict[str, UUID] = field(default_factory=dict)
    #: The same half in the edition of a plugin, by its name (tests.sectors.side_of).
    editions: dict[str, Side] = field(default_factory=dict)


@dataclass
class World:
    """Both sides. ``own`` is the side tests act in; ``foreign`` must never show up there."""

    own: Side
    foreign: Side


def build(app: Flask, people: int = 4, weeks: int = 3) -> World:
    """The world inside an application context: ``people`` candidates a side, ``weeks`` of past lessons."""
    return remembered(("world", people, weeks), lambda: _make(people, weeks))


def _make(people: int, weeks: int) -> World:
    with unit_of_work():
        publish(system_actor(), current_app.extensions["inleer"])
    return World(_side("KANARIEA", people, weeks), _side("KANARIEB", people, weeks))


def _side(canary: str, people: int, weeks: int) -> Side:
    agency = make_organisation("work_agency", f"Werkbedrijf {canary}").id
    school, leerhome, employer = (
        make_organisation(kind, f"{kind} {canary}", managed_by=agency).id
        for kind in ("school", "leerhome", "employer")
    )
    side = Side(canary, agency, school, leerhome, employer)
    homes = {
        Role.TEACHER: side.school,
        Role.LEERHOME_COORDINATOR: side.leerhome,
        Role.EMPLOYER: side.employer,
    }
    for role in Role:
        if role is not Role.SYSTEM:
            home = homes.get(role, side.employer if role is Role.WORKPLACE_SUPERVISOR else agency)
            side.actors[role] = make_actor(role, home, f"{role.value} {canary}")
    side.other_coach = make_actor(Role.COACH, agency, f"tweede coach {canary}")
    side.other_teacher = make_actor(Role.TEACHER, side.school, f"tweede docent {canary}")
    with unit_of_work():
        _cohort(side, people, weeks)
    with unit_of_work():
        _marks(side)
    with unit_of_work():
        _merged(side)
    with unit_of_work():
        _casework(side)
    with unit_of_work():
        _others(side)
    return side


def _cohort(side: Side, people: int, weeks: int) -> None:
    manager = side.actors[Role.PROGRAMME_MANAGER]
    today = clock.today()
    start = today - timedelta(weeks=weeks, days=today.weekday())
    route = route_version(*ROUTE)
    assert route is not None
    slug = f"lichting-{side.canary.lower()}"
    new = NewCohort(slug=slug, name=f"Lichting {side.canary}", starts_on=start, region="midden")
    cohort = create_cohort(manager, side.agency, route, new)
    side.cohort = cohort.id
    for organisation, kind in (
        (side.school, "school"),
        (side.leerhome, "leerhome"),
        (side.employer, "employer"),
    ):
        add_partner(manager, cohort, organisation, kind, since_on=start)
    for number in range(people):
        # The last person is in the caseload of the other coach.
        owner = side.other_coach if number == people - 1 else side.actors[Role.COACH]
        assert owner is not None
        values = {
            "first_name": f"Voor{number}",
            "tussenvoegsel": "van",
            "last_name": f"Achter{number} {side.canary}",
            "email": f"k{number}@{side.canary.lower()}.example",
            "phone": f"+3161234{number:04d}",
            "birth_date": date(2004, 1, 1) + timedelta(days=number),
        }
        candidate = create_candidate(manager, side.agency, values, f"{side.canary}-{number}", owner.user_id)
        side.candidates.append(candidate.id)
        side.enrolments.append(enrol(manager, cohort, candidate.id).id)
    teacher = side.actors[Role.TEACHER].user_id
    for week in range(weeks):
        day = start + timedelta(weeks=week, days=1)
        new_session = NewSession(
            title=f"Les {side.canary}",
            kind="lesson",
            starts_at=clock.at(day, time(9)),
            ends_at=clock.at(day, time(15)),
            organisation_id=side.school,
            teacher_id=teacher,
        )
        side.sessions.append(plan_session(manager, [cohort.id], new_session).id)
    side.sessions.append(
        plan_session(
            manager,
            [cohort.id],
            NewSession(
                title=f"Vandaag {side.canary}",
                kind="introduction",
                starts_at=clock.at(today, time(9)),
                ends_at=clock.at(today, time(13)),
                organisation_id=side.leerhome,
            ),
        ).id
    )
    values = {
        "function": f"Helpende {side.canary}",
        "kind": "intention",
        "positions": 3,
        "hours_min": 20,
        "hours_max": 28,
        "contact_name": f"Contact {side.canary}",
    }
    side.intention = draft(manager, cohort, side.employer, values).id


def _marks(side: Side) -> None:
    teacher = side.actors[Role.TEACHER]
    session = one(Session, side.sessions[0])
    marks = [
        MarkInput(e, "unexcused" if n == 0 else "present", None, 0) for n, e in enumerate(side.enrolments)
    ]
    record_many(teacher, session, marks, side.enrolments)


def _casework(side: Side) -> None:
    coach, coordinator = side.actors[Role.COACH], side.actors[Role.LEERHOME_COORDINATOR]
    candidate = one(Candidate, side.candidates[0])
    for audience in ("own_organisation", "coaches", "cohort", "candidate"):
        text = f"Notitie {audience} {side.canary} {audience.upper()}"
        side.notes[audience] = write_note(coach, candidate, text, audience, "talk", clock.today()).id
    text = f"Melding {side.canary}"
    side.escalation = escalate(coordinator, candidate, side.cohort, "transport", "today", text).id


def _others(side: Side) -> None:
    """One row of everything else that a page can be about."""
    coach, manager = side.actors[Role.COACH], side.actors[Role.PROGRAMME_MANAGER]
    assert side.other_coach is not None
    later = clock.today() + timedelta(days=30)
    side.others["cover"] = arrange_cover(coach, coach.user_id, side.other_coach.user_id, later, later).id
    signal = Signal(
        subject_id=side.candidates[0],
        candidate_id=side.candidates[0],
        cohort_id=side.cohort,
        rule="core.no_shows",
        cause="test",
        tone="warn",
        on=clock.today(),
        text=f"Signaal {side.canary}",
        facts={},
        owner_id=coach.user_id,
        raised_at=clock.now(),
    )
    run = ImportRun(
        cohort_id=side.cohort,
        kind="candidates",
        filename=f"{side.canary}.xlsx",
        sha256="0" * 64,
        state="undone",
        created_at=clock.now(),
        by_id=manager.user_id,
        by_name=manager.name,
        counts={"created": 0, "updated": 0, "unchanged": 0},
    )
    db.session.add_all([signal, run])
    audit.record(manager, "test.made", signal)
    audit.record(manager, "test.made", run)
    side.others |= {"signal": signal.id, "import_run": run.id}
    _held_file(side)
    _completed_phase(side)
    _placement(side)
    _first_coach(side)
    _zorg(side)
    _asked(side)


def _asked(side: Side) -> None:
    """Two intentions that the manager asked by mail: about one the employer has a question, for one it names X."""
    manager, cohort = side.actors[Role.PROGRAMME_MANAGER], one(Cohort, side.cohort)
    values = {
        "kind": "intention",
        "hours_min": 20,
        "hours_max": 28,
        "contact_name": f"Contact {side.canary}",
        "contact_email": f"vraag@bedrijf-{side.canary.lower()}.example",
    }
    rows = [
        draft(manager, cohort, side.employer, {**values, "function": f"{name} {side.canary}", "positions": n})
        for name, n in (("Gevraagd", 2), ("Doorverwezen", 1))
    ]
    db.session.flush()
    request = ask(manager, cohort, [Chosen(row.id, row.version) for row in rows])[0]
    names = names_of(request)
    shown = [text_of(terms_of(row), names, sha=True) for row in rows]
    given = [
        Given(0, "question", shown[0], question=f"Vraag {side.canary}"),
        Given(
            1, "contact", shown[1], contact_name=f"Collega {side.canary}", contact_email="x@bedrijf.example"
        ),
    ]
    answer(link_actor(request, "test"), request, given, f"Antwoorder {side.canary}")
    # What a coach noted of a call is not for the employer (promise 4).
    coach, said = side.actors[Role.COACH], f"Opmerking {side.canary}"
    note(coach, rows[0], "requested", "requested", clock.today(), "telephone", "Jan", rows[0].positions, said)
    db.session.flush()
    statement = select(IntentionMessage).where(IntentionMessage.request_id == request.id)
    messages = db.session.execute(unscoped(statement, "test")).scalars()
    side.others |= {f"intention_message_{m.kind}": m.id for m in messages}
    side.others |= {"intention_request": request.id, "asked": rows[0].id, "referred": rows[1].id}


def _held_file(side: Side) -> None:
    """A file with one bad row, mended in part, that waits to be saved; and what its sender's headers mean."""
    manager = side.actors[Role.PROGRAMME_MANAGER]
    data = f"Klantnr;Achternaam;Geb.datum\nKL-1;Vast {side.canary};31-02-1990\n".encode()
    cohort = one(Cohort, side.cohort)
    run = start(manager, cohort, "candidates", data, f"wacht {side.canary}.csv", Options())
    by = {"changed_at": clock.now(), "by_id": manager.user_id, "by_name": manager.name}
    row = ImportRow(import_id=run.id, row=2, cells={"1": f"Hersteld {side.canary}"}, left_out=False, **by)
    mapping = ImportMapping(
        agency_id=side.agency,
        sender_id=side.leerhome,
        kind="candidates",
        headers={f"kolom{side.canary.lower()}": "email"},
        **by,
    )
    db.session.add_all([row, mapping])
    audit.record(manager, "test.made", run, covers=[row])
    audit.record(manager, "test.made", mapping)
    side.others |= {"held_file": run.id, "import_mapping": mapping.id}


def _first_coach(side: Side) -> None:
    """That the programme manager gave the first candidate a coach."""
    manager, coach = side.actors[Role.PROGRAMME_MANAGER], side.actors[Role.COACH]
    row = CoachChange(
        candidate_id=side.candidates[0],
        to_id=coach.user_id,
        on=clock.today(),
        reason=f"Wissel {side.canary}",
        recorded_on=clock.today(),
        recorded_at=clock.now(),
        by_id=manager.user_id,
        by_name=manager.name,
    )
    db.session.add(row)
    audit.record(manager, "test.made", one(Candidate, side.candidates[0]), covers=[row])
    side.others["coach_change"] = row.id


def _merged(side: Side) -> None:
    """That the coach had entered the first candidate twice: the other row only leads there."""
    coach = side.actors[Role.COACH]
    values = {"first_name": "Dubbel", "last_name": f"Gevoegd {side.canary}"}
    gone = create_candidate(coach, side.agency, values, None, coach.user_id)
    db.session.flush()
    kept = one(Candidate, side.candidates[0])
    side.others |= {"merge": merge(coach, kept, gone).id, "merged": gone.id}


def _completed_phase(side: Side) -> None:
    """A phase that the coach completed although its rule was not fulfilled."""
    coach = side.actors[Role.COACH]
    verdict = {"name": "Regel", "state": "not_fulfilled", "text": f"Oordeel {side.canary}"}
    row = PhaseCompletion(
        enrolment_id=side.enrolments[0],
        phase_key="intake",
        phase_name="Intake",
        completed_on=clock.today(),
        verdicts={"zorg.test": verdict},
        fulfilled=False,
        reason=f"Reden {side.canary}",
        batch_id=NOBODY,
        recorded_at=clock.now(),
        recorded_by_id=coach.user_id,
        recorded_by_name=coach.name,
    )
    db.session.add(row)
    audit.record(coach, "test.made", row)
    side.others["phase_completion"] = row.id


def _placement(side: Side) -> None:
    """That the first candidate works at the employer in the weekend, from today."""
    coach, today = side.actors[Role.COACH], clock.today()
    plan = Plan(
        kind="orientation_job",
        host_id=side.employer,
        function=f"Stage {side.canary}",
        from_on=today,
        until_on=today + timedelta(weeks=8),
        weekdays=days_sum([5, 6]),
        hours=16,
        department=f"Afdeling {side.canary}",
        supervisor_name=f"Begeleider {side.canary}",
    )
    side.others["placement"] = propose(coach, one(Enrolment, side.enrolments[0]), plan).id


def _zorg(side: Side) -> None:
    """A help request of the plugin zorg, with one visit."""
    coordinator = side.actors[Role.LEERHOME_COORDINATOR]
    request = HelpRequest(
        cohort_id=side.cohort,
        requester="mw. V.",
        task="groceries",
        description=f"Hulpvraag {side.canary}",
        area="Boswijk",
        asked_on=clock.today(),
        state="assigned",
        enrolment_id=side.enrolments[0],
    )
    db.session.add(request)
    audit.record(coordinator, "test.made", request)
    visit = Visit(
        help_request_id=request.id,
        enrolment_id=side.enrolments[0],
        on=clock.today(),
        minutes=60,
        recorded_at=clock.now(),
        recorded_by_id=coordinator.user_id,
        recorded_by_name=coordinator.name,
    )
    db.session.add(visit)
    audit.record(coordinator, "test.made", visit)
    side.others |= {"zorg_help_request": request.id, "zorg_visit": visit.id}


def one(model: type[M], object_id: UUID) -> M:
    """A row by id, past all scopes: for tests only."""
    statement = unscoped(select(model).where(model.id == object_id), "test")  # type: ignore[attr-defined]
    return db.session.execute(statement).scalar_one()


def browse(app: Flask, actor: Actor) -> FlaskClient:
    """A browser in which this actor is logged in, second factor included."""
    assert actor.membership_id is not None
    with unit_of_work():
        token = start_session(actor.user_id, actor.membership_id, "test", second_factor=True)
    client = app.test_client()
    with client.session_transaction(base_url="https://localhost") as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    return client


def token_in(page: str) -> str:
    """The CSRF token of a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found is not None, "no csrf token on this page"
    return found.group(1)
