"""Fictional workplaces, group assignments and placements for a demo cohort."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from inleer.plugin import Actor, Cohort, load, partners_of
from inleer_gemeente import actions, assignments, queries
from inleer_gemeente.access import VIEW
from inleer_gemeente.actions import PlaceInput, WorkplaceInput
from inleer_gemeente.assignments import AssignmentInput
from inleer_gemeente.models import Workplace
from inleer_gemeente.rows import Round, Row
from inleer_gemeente.words import PROFILES

#: Per directorate its functions with their supervisors, and how many trainees it has.
_WONEN = (("Woonadviseur", "R. Bos"), ("Planner", "M. Idrissi"), ("Toezichthouder", "J. Vos"))
_SOCIAAL = (("Klantmanager", "S. Pinas"), ("Beleidsondersteuner", "T. Smid"), ("Data-assistent", "Y. Aksoy"))
_BUITEN = (("Werkvoorbereider", "P. Klaver"), ("Ecoloog", "N. Roos"), ("Gebiedsassistent", "D. Wit"))
_DIENSTEN = (("Publieksadviseur", "A. Maas"), ("Redacteur", "F. Kok"), ("Procesondersteuner", "L. Haan"))
DIRECTORATES: Final = (
    ("Directie Wonen", _WONEN, 4),
    ("Directie Sociaal", _SOCIAAL, 4),
    ("Directie Buitenruimte", _BUITEN, 3),
    ("Directie Dienstverlening", _DIENSTEN, 3),
)
DAY: Final = timedelta(days=1)
UNTRAINED: Final = "J. Vos"
#: So many trainees have a second period already; hours a week at the workplace.
SECOND, HOURS = 9, 28


def seed(actor: Actor, cohort_id: UUID) -> int:
    """Add workplaces, assignments and placements when there are none yet; returns the number of rows."""
    cohort = load(actor, VIEW, Cohort, cohort_id)
    host = next((row.organisation_id for row in partners_of(cohort_id) if row.kind == "employer"), None)
    periods = queries.rounds(cohort_id)
    if host is None or not periods or queries.sites(actor, cohort_id):
        return 0
    people = [row for row in queries.trainees(actor, cohort_id) if row.takes_part]
    placed, number = 0, 0
    for place, (directorate, functions, size) in enumerate(DIRECTORATES):
        values = WorkplaceInput(
            host, directorate, "", list(PROFILES)[place], cohort.starts_on, _last_day(periods), places=2
        )
        made = [_workplace(actor, cohort, values, *both) for both in functions]
        placed += len(made) + _place(actor, people[number : number + size], number, made, periods)
        number += size
    return placed + _assignments(actor, cohort_id, people, periods) + _profiles(actor, people)


def _last_day(periods: list[Round]) -> date:
    return periods[-1].ends_on or periods[-1].starts_on


def _workplace(
    actor: Actor, cohort: Cohort, values: WorkplaceInput, function: str, supervisor: str
) -> Workplace:
    """One supervisor still has to be trained: the page shows what that keeps from being agreed."""
    trained = None if supervisor == UNTRAINED else cohort.starts_on - 14 * DAY
    filled = replace(values, function=function, supervisor_name=supervisor, supervisor_trained_on=trained)
    return actions.add_workplace(actor, cohort.id, filled)


def _place(
    actor: Actor, group: list[Row], number: int, workplaces: list[Workplace], periods: list[Round]
) -> int:
    """Where the trainees of a directorate are: the first period agreed, the second proposed for some."""
    done = 0
    for place, row in enumerate(group):
        for turn, period in enumerate(periods[:2]):
            if turn and number + place >= SECOND:
                continue
            workplace = workplaces[(place + turn) % len(workplaces)]
            agreed = turn == 0 and workplace.supervisor_trained_on is not None
            actions.place_trainee(
                actor, row.enrolment_id, PlaceInput(workplace.id, period.key, HOURS, agreed)
            )
            done += 1
    return done


def _assignments(actor: Actor, cohort_id: UUID, people: list[Row], periods: list[Round]) -> int:
    half = len(people) // 2
    for title, client, who in (
        ("Hoe bereikt de gemeente jongeren?", "Directie Dienstverlening", people[:half]),
        ("Groener maken van schoolpleinen", "Directie Buitenruimte", people[half:]),
    ):
        members = tuple(row.enrolment_id for row in who)
        first, last = periods[0].starts_on, periods[0].ends_on or periods[0].starts_on
        assignments.add(actor, cohort_id, AssignmentInput(title, client, first, last, members))
    return 2


def _profiles(actor: Actor, people: list[Row]) -> int:
    for place, row in enumerate(people):
        actions.set_profile(actor, row.enrolment_id, list(PROFILES)[min(place // 4, len(PROFILES) - 1)])
    return len(people)
