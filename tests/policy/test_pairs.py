"""Promise 5: every (role, relation) pair of the role table, each on its own.

What a person may do with a thing follows from how the person stands to it. How that is for the things of the test
world is written by hand (``tests/policy/facts.py`` and ``NOTES`` below, from docs/access.md). For each pair the things
inside the relation are reached with every permission that the pair gives; the others of the own organisation are
refused (403), and what is outside every relation does not exist (404). Then the person moves to another organisation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from uuid import UUID

import pytest
from flask import Flask

from inleer import audit, clock
from inleer.accounts.models import Membership
from inleer.casework.actions import write_note
from inleer.db import Base, unit_of_work
from inleer.errors import Forbidden, NotVisible
from inleer.people.models import Candidate
from inleer.policy import ROLE_TABLE, Actor, Perm, Role, allowed_relations, can, load
from inleer.policy.scope import _build_scope, _relations, relations_of
from inleer.signals.models import Signal
from tests.actors import make_actor
from tests.policy.facts import AGENCY_ROLES, Thing, membership, things
from tests.world import World, build, one

PAIRS = sorted({(role, r) for role, table in ROLE_TABLE.items() for cell in table.values() for r in cell})
# What the first part of a permission is about. A lesson's attendance is reached through the lesson.
ABOUT = {
    "cohort": "Cohort",
    "enrolment": "Enrolment",
    "candidate": "Candidate",
    "note": "Note",
    "escalation": "Escalation",
    "session": "Session",
    "attendance": "Session",
    "signal": "Signal",
    "intention": "JobIntention",
    "import": "ImportRun",
    "organisation": "Organisation",
    "employer": "Organisation",
    "user": "Membership",
    "phase": "PhaseCompletion",
    "placement": "Placement",
}
# Pairs about rows that are read by a list of their own, not one by one: the log of the own organisation, and people
# who could be one person (tests/web/test_merging_pages.py).
LISTS = {Perm.AUDIT_VIEW, Perm.DUPLICATE_VIEW}
# A permission about one thing that is exercised on another: planning attendance, writing about a candidate.
ON = {
    Perm.NOTE_WRITE: "Candidate",
    Perm.ESCALATION_RAISE: "Candidate",
    Perm.COHORT_IMPORT: "Cohort",
    "phase:group": "Cohort",
}


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=3, weeks=1)


def models() -> dict[str, type[Base]]:
    """The models by name."""
    return {mapper.class_.__name__: mapper.class_ for mapper in Base.registry.mappers}


def model_of(perm: str) -> str:
    """The name of the model that a permission is exercised on."""
    return ON.get(perm) or ABOUT[perm.split(":", 1)[0]]


def notes(world: World) -> list[Thing]:
    """Notes on a candidate of the coach, and how the coach and the coordinator stand to each, by hand."""
    own = world.own
    coach, leerhome = Role.COACH, Role.LEERHOME_COORDINATOR
    second = make_actor(leerhome, own.leerhome, "tweede coördinator")
    assert own.other_coach is not None
    # (by whom, audience, on whose candidate, how the coach stands to it, how the coordinator does)
    written: list[tuple[Actor, str, int, str, str]] = [
        (own.actors[coach], "own_organisation", 0, "own own_organisation", ""),
        (own.actors[coach], "coaches", 0, "own coaches", ""),
        (own.actors[coach], "candidate", 0, "own cohort", "cohort"),
        (own.actors[coach], "coaches", -1, "own", ""),
        (own.other_coach, "own_organisation", 0, "own_organisation", ""),
        (own.other_coach, "cohort", -1, "", "cohort"),
        (own.actors[leerhome], "own_organisation", 0, "", "own own_organisation"),
        (own.actors[leerhome], "coaches", 0, "coaches", "own"),
        (second, "own_organisation", 0, "", "own_organisation"),
        (second, "coaches", 0, "coaches", ""),
        (second, "candidate", 0, "cohort", "cohort"),
    ]
    found = []
    with unit_of_work():
        for author, audience, number, of_coach, of_leerhome in written:
            candidate = one(Candidate, own.candidates[number])
            note = write_note(author, candidate, f"{audience} {number}", audience, "talk", clock.today())
            relations = {
                coach: frozenset(of_coach.split()),
                leerhome: frozenset(of_leerhome.split()),
            }
            found.append(Thing(f"{author.name}, {audience}", note.id, relations, own))
    return found


def unrecorded(world: World, number: int) -> Thing:
    """A signal that a session was not recorded, in nobody's caseload: the teacher's lesson (0), or the leerhome's."""
    own, agency = world.own, frozenset({"agency"})
    with unit_of_work() as session:
        row = Signal(
            subject_id=own.sessions[number],
            session_id=own.sessions[number],
            cohort_id=own.cohort,
            rule="core.unrecorded",
            cause=f"test {number}",
            tone="warn",
            on=clock.today(),
            text="Niet geregistreerd",
            facts={},
            owner_id=own.actors[Role.TEACHER].user_id,
            raised_at=clock.now(),
        )
        session.add(row)
        audit.record(own.actors[Role.TEACHER], "test.made", row)
    relations = dict.fromkeys((Role.COACH, Role.PROGRAMME_MANAGER, *_WITHOUT_CASES), agency)
    organiser = frozenset({"organiser"})
    relations[Role.TEACHER] = frozenset() if number else organiser
    relations[Role.LEERHOME_COORDINATOR] = frozenset({"leerhome"}) | (organiser if number else frozenset())
    return Thing(f"unrecorded session {number}", row.id, relations, own)


_WITHOUT_CASES = (Role.ADMINISTRATOR, Role.CANDIDATE, Role.STEERING_GROUP)


def everything(world: World) -> dict[str, list[Thing]]:
    """All things of the world by model, with what only some relation reaches."""
    known = things(world)
    colleague = membership(world.own, Role.COACH)
    of_agency = dict.fromkeys(AGENCY_ROLES, frozenset({"own"}))
    return {
        **known,
        "Note": [*notes(world), *known["Note"][1:]],
        "Signal": [unrecorded(world, 0), unrecorded(world, -1), *known["Signal"]],
        "Membership": [Thing("colleague", colleague, of_agency, world.own), *known["Membership"]],
    }


def outcome(actor: Actor, perm: str, model: type[Base], row_id: UUID) -> str:
    """What the gate says: ok, 403 or 404."""
    try:
        load(actor, perm, model, row_id)
    except Forbidden:
        return "403"
    except NotVisible:
        return "404"
    return "ok"


def expected(thing: Thing, role: Role, perm: str) -> str:
    """What it should say, by how the role stands to the thing."""
    relations = thing.relations.get(role, frozenset())
    if not relations:
        return "404"
    return "ok" if relations & allowed_relations(role, perm) else "403"


def asked(role: Role, relation: str) -> list[str]:
    """The permissions that a pair gives on things."""
    table = ROLE_TABLE[role]
    return sorted(p for p, cell in table.items() if relation in cell and p not in LISTS)


def wrong(world: World, role: Role, relation: str, known: Mapping[str, list[Thing]]) -> Iterator[str]:
    """Where the gate does not follow the relation; also when the world holds nothing to try the pair on."""
    actor = world.own.actors[role]
    for perm in asked(role, relation):
        name = model_of(perm)
        if relation not in relations_of(models()[name]):
            continue  # the cell names several relations; this one does not exist for this kind of thing
        inside = [t for t in known[name] if relation in t.relations.get(role, frozenset())]
        if not inside:
            yield f"no {name} to which a {role} stands as {relation}"
        for thing in known[name]:
            got = outcome(actor, perm, models()[name], thing.id)
            if got != expected(thing, role, perm):
                yield f"{perm} on {name} {thing.name}: want {expected(thing, role, perm)}, got {got}"


@pytest.mark.parametrize(
    ("role", "relation"),
    [pair for pair in PAIRS if pair[1] != "any"],
    ids=lambda value: str(value),
)
def test_a_pair_gives_what_the_table_says_and_nothing_else(
    app: Flask, world: World, role: Role, relation: str
) -> None:
    known = everything(world)
    assert list(wrong(world, role, relation, known)) == []
    # Elsewhere in the same role: the relation is gone, and with it everything.
    moved = make_actor(role, world.foreign.actors[role].organisation_id)
    for perm in asked(role, relation):
        name = model_of(perm)
        own = [t for t in known[name] if t.side is world.own and t.name != "non-existent"]
        for thing in own:
            assert outcome(moved, perm, models()[name], thing.id) == "404", (perm, name, thing.name)


@pytest.mark.parametrize("role", sorted({role for role, relation in PAIRS if relation == "any"}))
def test_what_a_role_has_without_a_relation_is_about_no_other_organisation(
    app: Flask, world: World, role: Role
) -> None:
    actor = world.own.actors[role]
    for perm in asked(role, "any"):
        assert can(actor, perm).allowed
    if Perm.COVER_ARRANGE in asked(role, "any"):
        cover = models()["Cover"]
        assert outcome(actor, Perm.COVER_ARRANGE, cover, world.own.others["cover"]) == "ok"
        assert outcome(actor, Perm.COVER_ARRANGE, cover, world.foreign.others["cover"]) == "404"


def test_every_pair_is_tried_on_something(app: Flask) -> None:
    """A pair whose permissions are all about kinds of things without that relation would be tested on nothing."""
    empty = []
    for role, relation in PAIRS:
        perms = asked(role, relation)
        on = [p for p in perms if relation == "any" or relation in relations_of(models()[model_of(p)])]
        if not on and perms:
            empty.append((role, relation))
    assert empty == []


def test_a_pair_too_many_is_found(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: a relation that means more than it says."""
    monkeypatch.setitem(_relations[Membership], "own", lambda: Membership.id.is_not(None))
    _build_scope.cache_clear()
    try:
        found = list(wrong(world, Role.ADMINISTRATOR, "own", everything(world)))
    finally:
        monkeypatch.undo()
        _build_scope.cache_clear()
    assert any("Membership foreign" in fault for fault in found)
