"""What the plugin says of itself: its settings, the names of what it records, and the personal data it keeps."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from inleer.plugin import ALWAYS, AuditActionDef, Parameter, PersonalDataDef, settings
from inleer_gemeente.models import Assignment, GroupDays, Stay, Trainee, Workplace
from inleer_gemeente.rules import Limits

_SOURCE: Final = "Openbare beschrijving van het mbo-traineeship “maatwerk”"
_OURS: Final = "afspraak"


def _number(key: str, name: str, unit: str, bounds: tuple[int, int], value: int, source: str) -> Parameter:
    return Parameter(f"gemeente.{key}", name, unit, *bounds, source, ((ALWAYS, value),))


SETTINGS: Final = (
    _number("group_min", "Traineegroep: kleinste", "trainees", (1, 100), 12, _SOURCE),
    _number("group_target", "Traineegroep: streefgetal", "trainees", (1, 100), 14, _SOURCE),
    _number("group_max", "Traineegroep: grootste", "trainees", (1, 100), 16, _SOURCE),
    _number("directorate_min", "Trainees per directie: minstens", "trainees", (0, 50), 3, _SOURCE),
    _number("directorate_max", "Trainees per directie: hoogstens", "trainees", (1, 50), 4, _SOURCE),
    _number("ahead_days", "Werkplek bekend voor het begin van een periode", "dagen", (0, 180), 30, _OURS),
)


def limits(agency_id: UUID, on: date) -> Limits:
    """The numbers that hold for a work agency on a day."""
    values = settings(agency_id, on)
    return Limits(**{p.key.partition(".")[2]: values[p.key] for p in SETTINGS})


AUDIT_ACTIONS: Final = tuple(
    AuditActionDef(key=key, name=name)
    for key, name in {
        "gemeente_workplace.added": "werkplek toegevoegd",
        "gemeente_workplace.changed": "werkplek gewijzigd",
        "gemeente_workplace.removed": "werkplek weggehaald",
        "gemeente_workplace.restored": "werkplek teruggezet",
        "gemeente_stay.taken": "plaats op een werkplek bezet",
        "gemeente_stay.freed": "plaats op een werkplek vrijgekomen",
        "gemeente_assignment.added": "groepsopdracht toegevoegd",
        "gemeente_assignment.changed": "groepsopdracht gewijzigd",
        "gemeente_assignment.removed": "groepsopdracht weggehaald",
        "gemeente_assignment.restored": "groepsopdracht teruggezet",
        "gemeente_trainee.profiled": "profiel van een trainee vastgelegd",
    }.items()
)

PERSONAL_DATA: Final = (
    PersonalDataDef(
        key="gemeente.workplaces",
        name="Werkplekbegeleiders",
        model=Workplace,
        columns={
            "supervisor_name": "de naam van de werkplekbegeleider",
            "supervisor_trained_on": "wanneer die getraind is",
        },
        other=frozenset({"directorate", "function", "profile"}),
    ),
    PersonalDataDef(
        key="gemeente.assignments",
        name="Opdrachtgevers van groepsopdrachten",
        model=Assignment,
        columns={"client": "de opdrachtgever, soms met een naam"},
        other=frozenset({"title"}),
    ),
    PersonalDataDef(
        key="gemeente.trainees",
        name="Profielen van trainees",
        model=Trainee,
        link="enrolment_id",
        columns={"profile": "welk profiel een trainee heeft"},
    ),
    PersonalDataDef(
        key="gemeente.stays",
        name="Plaatsen van trainees",
        model=Stay,
        link="enrolment_id",
        columns={"workplace_id": "op welke werkplek een trainee is"},
        other=frozenset({"phase_key", "state"}),
    ),
    PersonalDataDef(
        key="gemeente.group_days",
        name="Groepsdagen van trainees",
        model=GroupDays,
        link="enrolment_id",
        columns={"attended": "op hoeveel groepsdagen een trainee er was"},
    ),
)
