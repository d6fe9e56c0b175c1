"""How the people of the test world stand to its things. Written by hand, from docs/access.md, not from the code."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from inleer.policy import Role
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
        "PhaseCompletion": [("caseload", found(own, "phase_completion"), mine)],
        "Cohort": [("own", own.cohort, cohort)],
        "Session": [("lesson", own.sessions[0], lesson), ("introduction", own.sessions[-1], introduction)],
        "JobIntention": [("own", own.intention, _by_house(agency="agency", employer="employer"))],
        "Escalation": [
            ("own", own.escalation, _by_house(agency="agency", leerhome="leerhome", coach="caseload"))
        ],
    }
    note = _by_house(leerhome="cohort", coach="own cohort")
    managed = _by_house(agency="managed partner")
    managed[Role.TEACHER] = frozenset({"own"})
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
        ],
        "Membership": [("teacher", membership(own, Role.TEACHER), teacher)],
        "HelpRequest": [("own", found(own, "zorg_help_request"), request)],
        "Visit": [("own", found(own, "zorg_visit"), request)],
        "ImportRun": [("own", found(own, "import_run"), _by_house(agency="agency"))],
    }
    return {
        model: [Thing(name, id_, relations, own) for name, id_, relations in rows] + strangers(world, model)
        for model, rows in own_things.items()
    }


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
        "PhaseCompletion": found(other, "phase_completion"),
        "Cohort": other.cohort,
        "Session": other.sessions[0],
        "JobIntention": other.intention,
        "Escalation": other.escalation,
        "Note": other.notes["cohort"],
        "Cover": found(other, "cover"),
        "Signal": found(other, "signal"),
        "Organisation": other.school,
        "Membership": membership(other, Role.TEACHER),
        "HelpRequest": found(other, "zorg_help_request"),
        "Visit": found(other, "zorg_visit"),
        "ImportRun": found(other, "import_run"),
    }[model]
    nobody: dict[Role, frozenset[str]] = {}
    return [Thing("foreign", foreign, nobody, other), Thing("non-existent", uuid4(), nobody, other)]
