"""How the people of the test world stand to its things. Written by hand, from docs/access.md, not from the code."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from inleer.policy import Role
from tests.sectors import Sector, sector_of, sectors, side_of
from tests.world import Side, World

AGENCY_ROLES = (Role.COACH, Role.PROGRAMME_MANAGER, Role.ADMINISTRATOR, Role.CANDIDATE, Role.STEERING_GROUP)
EMPLOYER_ROLES = (Role.EMPLOYER, Role.WORKPLACE_SUPERVISOR)


@dataclass(frozen=True)
class Thing:
    """One thing of a model in the world: its id and how each role stands to it (empty: not at all)."""

    name: str
    id: UUID
    relations: dict[Role, frozenset[str]]
    side: Side


def _by_house(
    agency: str = "", school: str = "", leerhome: str = "", employer: str = "", coach: str = ""
) -> dict[Role, frozenset[str]]:
    found = {role: frozenset(agency.split()) for role in AGENCY_ROLES}
    found[Role.COACH] = frozenset((agency + " " + coach).split())
    found[Role.TEACHER] = frozenset(school.split())
    found[Role.LEERHOME_COORDINATOR] = frozenset(leerhome.split())
    found.update({role: frozenset(employer.split()) for role in EMPLOYER_ROLES})
    return found


def things(world: World) -> dict[str, list[Thing]]:
    """The things of each model: own caseload, own organisation, foreign and non-existent."""
    own = world.own
    person = {"agency": "agency", "school": "school", "leerhome": "leerhome"}
    mine, colleagues = _by_house(**person, coach="caseload"), _by_house(**person)
    cohort = _by_house(agency="agency", school="school", leerhome="leerhome", employer="employer")
    lesson = _by_house(agency="agency", school="school organiser", leerhome="leerhome")
    introduction = _by_house(agency="agency", school="school", leerhome="leerhome organiser")
    own_things: dict[str, list[tuple[str, UUID, dict[Role, frozenset[str]]]]] = {
        "Candidate": [
            ("caseload", own.candidates[0], mine),
            ("organisation", own.candidates[-1], colleagues),
        ],
        "Enrolment": [
            ("caseload", own.enrolments[0], mine),
            ("organisation", own.enrolments[-1], colleagues),
        ],
        "CoachChange": [
            ("by the manager", found(own, "coach_change"), _by_house(agency="agency", coach="caseload"))
        ],
        "PhaseCompletion": [("caseload", found(own, "phase_completion"), mine)],
        "CandidateMerge": [("caseload", found(own, "merge"), _by_house(coach="caseload"))],
        "Placement": [
            (
                "own",
                found(own, "placement"),
                _by_house(agency="agency", leerhome="leerhome", coach="caseload"),
            )
        ],
        "Cohort": [("own", own.cohort, cohort)],
        "Session": [("lesson", own.sessions[0], lesson), ("introduction", own.sessions[-1], introduction)],
        "JobIntention": [
            ("not asked", own.intention, _by_house(agency="agency")),
            ("asked", found(own, "asked"), _by_house(agency="agency", employer="employer")),
        ],
        "IntentionRequest": [
            ("own", found(own, "intention_request"), _by_house(agency="agency", employer="employer"))
        ],
        "IntentionMessage": [("own", found(own, "intention_message_question"), _by_house(agency="agency"))],
        "Escalation": [
            ("own", own.escalation, _by_house(agency="agency", leerhome="leerhome", coach="caseload"))
        ],
    }
    note = _by_house(leerhome="cohort", coach="own cohort")
    managed = _by_house(agency="managed partner")
    managed[Role.TEACHER] = frozenset({"own"})
    employing = _by_house(agency="managed partner employer", employer="own")
    teacher = _by_house(agency="managed")
    teacher[Role.TEACHER] = frozenset({"own"})
    request = _by_house(agency="agency", leerhome="leerhome")
    signal = _by_house(agency="agency", leerhome="leerhome", coach="caseload")
    own_things |= {
        "Note": [("cohort", own.notes["cohort"], note)],
        "Cover": [("own", found(own, "cover"), _by_house(agency="any"))],
        "Signal": [("own", found(own, "signal"), signal)],
        "Organisation": [
            ("own", own.agency, _by_house(agency="own partner")),
            ("school", own.school, managed),
            ("employer", own.employer, employing),
        ],
        "Membership": [("teacher", membership(own, Role.TEACHER), teacher)],
        "HelpRequest": [("own", found(own, "zorg_help_request"), request)],
        "Visit": [("own", found(own, "zorg_visit"), request)],
        "ImportRun": [
            ("own", found(own, "import_run"), _by_house(agency="agency")),
            ("waiting", found(own, "held_file"), _by_house(agency="agency")),
        ],
        "ImportMapping": [("own", found(own, "import_mapping"), _by_house(agency="agency"))],
    }
    core = {
        model: [Thing(name, id_, relations, own) for name, id_, relations in rows] + strangers(world, model)
        for model, rows in own_things.items()
    }
    return core | {m: t for sector in sectors().values() for m, t in _things_in(world, sector).items()}


def things_for(world: World, endpoint: str) -> dict[str, list[Thing]]:
    """The things that a page is about: those of its plugin's edition, else those of the world's own."""
    sector = sector_of(endpoint)
    if sector is None:
        return things(world)
    side, other = side_of(world.own, sector), side_of(world.foreign, sector)
    person = {"agency": "agency", "school": "school", "leerhome": "leerhome"}
    nobody: dict[Role, frozenset[str]] = {}
    people = [
        Thing("caseload", side.enrolments[0], _by_house(**person, coach="caseload"), side),
        Thing("foreign", other.enrolments[0], nobody, other),
        Thing("non-existent", uuid4(), nobody, other),
    ]
    return {**_things_in(world, sector), "Enrolment": people}


def _things_in(world: World, sector: Sector) -> dict[str, list[Thing]]:
    """The things of a plugin's own models, in its edition."""
    side, other = side_of(world.own, sector), side_of(world.foreign, sector)
    nobody: dict[Role, frozenset[str]] = {}
    return {
        model: [
            Thing("own", found(side, table), _by_house(**house), side),
            Thing("foreign", found(other, table), nobody, other),
            Thing("non-existent", uuid4(), nobody, other),
        ]
        for model, (table, house) in sector.things.items()
    }


def home_of(world: World, endpoint: str) -> Side:
    """The own half of the world in which a page without a thing of its own is opened."""
    sector = sector_of(endpoint)
    return world.own if sector is None else side_of(world.own, sector)


def membership(side: Side, role: Role) -> UUID:
    """The membership of the actor with this role."""
    found_id = side.actors[role].membership_id
    assert found_id is not None
    return found_id


def found(side: Side, table: str) -> UUID:
    """A row of this table that belongs to a side; the world made at least one."""
    return side.others[table]


def strangers(world: World, model: str) -> list[Thing]:
    """The same kind of thing on the other side, and an id that nobody has."""
    other = world.foreign
    foreign = {
        "Candidate": other.candidates[0],
        "Enrolment": other.enrolments[0],
        "CoachChange": found(other, "coach_change"),
        "PhaseCompletion": found(other, "phase_completion"),
        "Placement": found(other, "placement"),
        "Cohort": other.cohort,
        "Session": other.sessions[0],
        "JobIntention": other.others["asked"],
        "IntentionRequest": found(other, "intention_request"),
        "IntentionMessage": found(other, "intention_message_question"),
        "Escalation": other.escalation,
        "Note": other.notes["cohort"],
        "Cover": found(other, "cover"),
        "Signal": found(other, "signal"),
        "CandidateMerge": found(other, "merge"),
        "Organisation": other.school,
        "Membership": membership(other, Role.TEACHER),
        "HelpRequest": found(other, "zorg_help_request"),
        "Visit": found(other, "zorg_visit"),
        "ImportRun": found(other, "held_file"),
        "ImportMapping": found(other, "import_mapping"),
    }[model]
    nobody: dict[Role, frozenset[str]] = {}
    return [Thing("foreign", foreign, nobody, other), Thing("non-existent", uuid4(), nobody, other)]
