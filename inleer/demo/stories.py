"""What people wrote and agreed in the demo: intentions, notes and an escalation."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from inleer import clock
from inleer.casework.actions import escalate, write_note
from inleer.cohorts.completion import complete
from inleer.cohorts.completion_rules import likely_day
from inleer.cohorts.models import Cohort, Enrolment
from inleer.cohorts.queries import phases_of
from inleer.db import db
from inleer.intentions.actions import Answer, confirm_by_telephone, draft
from inleer.intentions.models import JobIntention
from inleer.people.models import Candidate
from inleer.policy import Actor, unscoped

FUNCTION = "Helpende zorg en welzijn"
# slug, places (None: unknown), hours, confirmed this many days ago (None: still a draft)
_INTENTIONS = (
    ("zorggroep-de-waterlinie", 7, (20, 28), 12),
    ("woonzorg-het-baken", 5, (20, 28), 34),
    ("stichting-polderlicht", 4, (16, 24), 71),
    ("thuiszorg-noordersluis", None, (16, 24), None),
)
_NOTES = (
    (
        "V3100",
        2,
        "telephone",
        "cohort",
        "Gebeld over de gemiste lessen. Reist nu met de bus; die valt vaak uit.",
    ),
    ("V3101", 6, "talk", "coaches", "Wil graag door. Heeft opvang geregeld voor de dinsdag."),
    ("V3102", 9, "mail", "cohort", "Vraagt of de praktijkdag naar donderdag kan."),
    ("V3107", 20, "visit", "own_organisation", "Bezocht op de wijkstage. De buurvrouw is heel tevreden."),
    ("V3110", 40, "talk", "candidate", "Afspraak: volgende maand samen kijken naar werkgevers in de buurt."),
)
# For everybody else a short contact moment; two people are left without, so that the worklist has something to say.
_SHORT = (
    "Voortgang besproken. Het gaat goed, geen bijzonderheden.",
    "Bij het leerhome gesproken. Vindt de lessen leuk en de groep fijn.",
    "Gebeld over de werktijden van straks. Wil graag ochtenden.",
    "Kennisgemaakt met de begeleider in de wijk.",
)
_WITHOUT = ("V3112", "V3118")


def intentions(manager: Actor, coach: Actor, cohort: Cohort, organisations: dict[str, UUID]) -> None:
    """Four employers: two fresh, one old, one without a number."""
    for slug, places, (low, high), _days in _INTENTIONS:
        draft(manager, cohort, organisations[slug], _values(places, low, high, "intention", cohort))


def _values(places: int | None, low: int, high: int, kind: str, cohort: Cohort) -> dict[str, object]:
    return {
        "function": FUNCTION,
        "kind": kind,
        "positions": places,
        "hours_min": low,
        "hours_max": high,
        "from_on": cohort.starts_on + timedelta(days=365),
        "contact_name": "afdeling personeel",
    }


def first_contacts(people: dict[str, Actor], enrolments: dict[str, UUID]) -> None:
    """Everybody selected for the coming edition was spoken to at the intake."""
    for n, number in enumerate(sorted(enrolments)):
        coach = people["coach2"] if int(number[1:]) % 5 == 4 else people["coach"]
        day = clock.today() - timedelta(days=5 + n)
        text = "Intake gedaan. Gemotiveerd, kan op de start beginnen."
        write_note(coach, _candidate(enrolments[number]), text, "cohort", "talk", day)


def guarantees(manager: Actor, cohort: Cohort, organisations: dict[str, UUID]) -> None:
    """The edition that comes runs by version 1: guarantees with a number."""
    for slug, places in (("zorggroep-de-waterlinie", 6), ("woonzorg-het-baken", 4)):
        draft(manager, cohort, organisations[slug], _values(places, 24, 28, "guarantee", cohort))


def casework(people: dict[str, Actor], cohort: Cohort, enrolments: dict[str, UUID]) -> None:
    """Answers by telephone, contact moments and one open escalation."""
    _answers(people["coach"], cohort)
    today = clock.today()
    for number, days, channel, audience, text in _NOTES:
        candidate = _candidate(enrolments[number])
        write_note(people["coach"], candidate, text, audience, channel, today - timedelta(days=days))
    told = {number for number, *_rest in _NOTES} | set(_WITHOUT)
    for n, number in enumerate(sorted(set(enrolments) - told)):
        coach = people["coach2"] if int(number[1:]) % 5 == 4 else people["coach"]
        day = today - timedelta(days=3 + 2 * n % 25)
        write_note(coach, _candidate(enrolments[number]), _SHORT[n % len(_SHORT)], "cohort", "talk", day)
    escalate(
        people["leerhome"],
        _candidate(enrolments["V3103"]),
        cohort.id,
        "childcare",
        "this_week",
        "Haar opvang is gestopt. Ze komt sindsdien later of niet. Kun je meedenken?",
    )


def introduction_done(coordinator: Actor, cohort: Cohort, enrolments: dict[str, UUID]) -> None:
    """Who was there from the start completed the introduction weeks; the phase has no rules."""
    phase = next(p for p in phases_of(cohort.id) if p.key == "introductie")
    statement = select(Enrolment.id).where(
        Enrolment.id.in_(enrolments.values()), Enrolment.joined_on <= phase.starts_on
    )
    people = db.session.execute(unscoped(statement, "demo data")).scalars().all()
    complete(coordinator, phase, people, likely_day(clock.today(), phase.ends_on), "")


def _answers(coach: Actor, cohort: Cohort) -> None:
    statement = unscoped(select(JobIntention).where(JobIntention.cohort_id == cohort.id), "demo data")
    days_ago = {places: days for _slug, places, _hours, days in _INTENTIONS}
    for intention in db.session.execute(statement).scalars():
        days = days_ago[intention.positions]
        if days is None:
            continue
        answer = Answer(
            on=clock.today() - timedelta(days=days),
            answered_by="afdeling personeel",
            positions=intention.positions,
            hours_min=intention.hours_min,
            hours_max=intention.hours_max,
        )
        confirm_by_telephone(coach, intention, answer, intention.version)


def _candidate(enrolment_id: UUID) -> Candidate:
    statement = (
        select(Candidate)
        .join(Enrolment, Enrolment.candidate_id == Candidate.id)
        .where(Enrolment.id == enrolment_id)
    )
    return db.session.execute(unscoped(statement, "demo data")).scalar_one()
