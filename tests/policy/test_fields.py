"""Promise 5: every field with an audience is seen by exactly those to whom docs/access.md § Fields gives it.

Each field of one candidate holds a text of its own. For each way in which a person can stand to that candidate the
whole application is crawled, and what was seen is compared with the table below, which was written by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from inleer import clock
from inleer.attendance.actions import MarkInput, record_many
from inleer.casework.actions import escalate, write_note
from inleer.casework.models import Note
from inleer.cohorts.models import Partner, Session
from inleer.db import db, unit_of_work
from inleer.people.actions import arrange_cover
from inleer.people.models import Candidate, Cover
from inleer.policy import Actor, Role, unscoped
from inleer.policy.startup import STATIC
from tests.accounts.logins import change
from tests.actors import make_actor
from tests.policy.test_canary import text_of
from tests.world import World, browse, build, one

AUDIENCES = ("own_organisation", "coaches", "cohort", "candidate")
# A note of the coach or of the leerhome for an audience; a note on a mark; the candidate's own data.
FIELDS = {
    **{f"coach: {a}": f"Werkcoachnotitie-{a}-einde" for a in AUDIENCES},
    **{f"leerhome: {a}": f"Leerhomenotitie-{a}-einde" for a in AUDIENCES},
    "mark": "Lesnotitie-einde",
    "phone": "06 55512340",
    "email": "alleen.voor.coaches@voorbeeld.nl",
    "postcode": "8232 XZ",
    "help": "Escalatie-einde",
}
DOSSIER = {"phone", "email", "postcode", "help"}
OF_COACH = {f"coach: {a}" for a in AUDIENCES}
# What a coach reads: the own notes and those of the own organisation, and what others wrote for coaches or wider.
CASELOAD = {*OF_COACH, "leerhome: coaches", "leerhome: cohort", "leerhome: candidate", "mark", *DOSSIER}
# What the leerhome reads of the coach's notes: those for the cohort and wider.
FOR_COHORT = {"coach: cohort", "coach: candidate"}
LEERHOME_SHARED = {"leerhome: own_organisation", "leerhome: cohort", "leerhome: candidate"}
NOTHING: set[str] = set()

Who = Callable[[World], Actor]


def _role(role: Role) -> Who:
    return lambda w: w.own.actors[role]


def _colleague(w: World) -> Actor:
    assert w.own.other_coach is not None
    return w.own.other_coach


def _substitute(w: World) -> Actor:
    """A colleague who covers for the coach today."""
    coach, today = w.own.actors[Role.COACH], clock.today()
    with unit_of_work():
        arrange_cover(coach, coach.user_id, _colleague(w).user_id, today, today)
    return _colleague(w)


def _past_substitute(w: World) -> Actor:
    """A colleague whose cover ended yesterday."""
    found, day = _substitute(w), clock.today() - timedelta(days=1)
    cover = select(Cover.id).where(Cover.from_on == clock.today())
    (row,) = db.session.execute(unscoped(cover, "test")).scalars()
    change(Cover, row, from_on=day, until_on=day)
    return found


def _second_of(role: Role) -> Who:
    return lambda w: make_actor(role, w.own.actors[role].organisation_id, f"tweede {role.value}")


def _former_leerhome(w: World) -> Actor:
    """The coordinator of a leerhome that was a partner until yesterday."""
    _end(w, "leerhome")
    return w.own.actors[Role.LEERHOME_COORDINATOR]


def _former_school(w: World) -> Actor:
    _end(w, "school")
    return w.own.actors[Role.TEACHER]


def _end(w: World, kind: str) -> None:
    found = select(Partner.id).where(Partner.cohort_id == w.own.cohort, Partner.kind == kind)
    (row,) = db.session.execute(unscoped(found, "test")).scalars()
    change(Partner, row, ended_on=clock.today() - timedelta(days=1))


def _not_organiser(w: World) -> Actor:
    """A teacher of the school that is a partner, of which somebody else organises the lesson."""
    change(Session, w.own.sessions[0], organisation_id=w.own.leerhome)
    return w.own.actors[Role.TEACHER]


def _moved_away(role: Role) -> Who:
    """Who worked here in this role, and now does elsewhere."""
    return lambda w: make_actor(role, w.foreign.actors[role].organisation_id)


#: (role, how they stand to the candidate): who that is, and which fields they see.
TABLE: dict[tuple[Role, str], tuple[Who, set[str]]] = {
    (Role.COACH, "caseload"): (_role(Role.COACH), CASELOAD),
    (Role.COACH, "caseload by cover"): (_substitute, CASELOAD),
    (Role.COACH, "cover that ended"): (_past_substitute, NOTHING),
    (Role.COACH, "agency"): (_colleague, NOTHING),
    (Role.COACH, "elsewhere"): (_moved_away(Role.COACH), NOTHING),
    (Role.LEERHOME_COORDINATOR, "leerhome, author"): (
        _role(Role.LEERHOME_COORDINATOR),
        {*LEERHOME_SHARED, "leerhome: coaches", *FOR_COHORT, *DOSSIER},
    ),
    (Role.LEERHOME_COORDINATOR, "leerhome, colleague of the author"): (
        _second_of(Role.LEERHOME_COORDINATOR),
        {*LEERHOME_SHARED, *FOR_COHORT, *DOSSIER},
    ),
    (Role.LEERHOME_COORDINATOR, "partner until yesterday"): (_former_leerhome, NOTHING),
    (Role.LEERHOME_COORDINATOR, "elsewhere"): (_moved_away(Role.LEERHOME_COORDINATOR), NOTHING),
    (Role.TEACHER, "organiser"): (_role(Role.TEACHER), {"mark"}),
    (Role.TEACHER, "organiser, colleague"): (_second_of(Role.TEACHER), {"mark"}),
    (Role.TEACHER, "school"): (_not_organiser, NOTHING),
    (Role.TEACHER, "partner until yesterday"): (_former_school, NOTHING),
    (Role.TEACHER, "elsewhere"): (_moved_away(Role.TEACHER), NOTHING),
    (Role.PROGRAMME_MANAGER, "agency"): (_role(Role.PROGRAMME_MANAGER), NOTHING),
    (Role.ADMINISTRATOR, "own"): (_role(Role.ADMINISTRATOR), NOTHING),
    (Role.EMPLOYER, "employer"): (_role(Role.EMPLOYER), NOTHING),
    (Role.WORKPLACE_SUPERVISOR, "employer"): (_role(Role.WORKPLACE_SUPERVISOR), NOTHING),
    (Role.CANDIDATE, "agency"): (_role(Role.CANDIDATE), NOTHING),
    (Role.STEERING_GROUP, "agency"): (_role(Role.STEERING_GROUP), NOTHING),
}


@pytest.fixture
def world(app: Flask) -> World:
    """The world, with a text of its own in every field of the first candidate."""
    made = build(app, people=2, weeks=1)
    own = made.own
    coach, coordinator = own.actors[Role.COACH], own.actors[Role.LEERHOME_COORDINATOR]
    change(
        Candidate,
        own.candidates[0],
        **{name: FIELDS[name] for name in ("phone", "email", "postcode")},
    )
    with unit_of_work():
        candidate = one(Candidate, own.candidates[0])
        for name, author in (("coach", coach), ("leerhome", coordinator)):
            for audience in AUDIENCES:
                write_note(author, candidate, FIELDS[f"{name}: {audience}"], audience, "talk", clock.today())
        escalate(coordinator, candidate, own.cohort, "money", "today", FIELDS["help"])
    with unit_of_work():
        lesson = one(Session, own.sessions[0])
        typed = MarkInput(own.enrolments[0], "ill", None, 1, FIELDS["mark"])
        record_many(own.actors[Role.TEACHER], lesson, [typed], own.enrolments)
    return made


def pages(app: Flask, world: World) -> list[str]:
    """Every rule that is read, about the candidate or what hangs on it, also as a file."""
    own = world.own
    ids: dict[str, Any] = {
        "candidate_id": own.candidates[0],
        "enrolment_id": own.enrolments[0],
        "session_id": own.sessions[0],
        "cohort_id": own.cohort,
        "escalation_id": own.escalation,
        "intention_id": own.intention,
        "organisation_id": own.school,
        **{f"{name}_id": row for name, row in own.others.items()},
    }
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint == STATIC or "GET" not in (rule.methods or ()):
            continue
        values = {a: ids.get(a) or _word(rule, a, ids) for a in rule.arguments}
        url = app.url_map.bind("localhost").build(rule.endpoint, values)
        found += [url, f"{url}?format=csv"] if not rule.arguments else [url]
    return found


def _word(rule: Any, name: str, ids: dict[str, Any]) -> Any:
    place = rule._converters[name]
    if place.__class__.__name__ == "UUIDConverter":
        return ids["candidate_id"]
    return min(getattr(place, "items", ["zorg.intake" if name == "group_key" else "x"]))


def seen(app: Flask, world: World, actor: Actor) -> set[str]:
    """The fields that this person gets to see anywhere."""
    client, found = browse(app, actor), set()
    for url in pages(app, world):
        page = text_of(client.get(url))
        found |= {name for name, text in FIELDS.items() if text in page}
    return found


@pytest.mark.parametrize(
    ("role", "relation"), TABLE, ids=[f"{role.value}-{relation}" for role, relation in TABLE]
)
def test_a_field_is_seen_by_its_audience_and_nobody_else(
    app: Flask, world: World, role: Role, relation: str
) -> None:
    who, expected = TABLE[role, relation]
    actor = who(world)
    assert actor.role is role
    assert seen(app, world, actor) == expected


def test_every_role_is_in_the_table() -> None:
    assert {role for role, _relation in TABLE} == set(Role) - {Role.SYSTEM}


def test_a_field_that_is_shown_to_more_people_is_found(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: a note for coaches that was written down for the whole cohort."""
    found = select(Note.id).where(Note.text == FIELDS["coach: coaches"])
    (note,) = db.session.execute(unscoped(found, "test")).scalars()
    change(Note, note, audience="cohort")
    who, expected = TABLE[Role.LEERHOME_COORDINATOR, "leerhome, author"]
    assert seen(app, world, who(world)) - expected == {"coach: coaches"}
