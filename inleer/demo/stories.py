"""What people wrote and agreed in the demo: intentions, notes and escalations, as the editions tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from inleer.demo.logins import Team
from inleer.demo.people import Person
from inleer.extend.demo import DemoEdition
from inleer.intentions.actions import Answer, confirm_by_telephone, draft
from inleer.intentions.asking import Chosen, ask
from inleer.intentions.models import JobIntention
from inleer.people.models import Candidate
from inleer.policy import Actor, unscoped

# What a coach writes about whoever has no story of their own.
_SHORT = (
    "Voortgang besproken. Het gaat goed, geen bijzonderheden.",
    "Bij het leerhome gesproken. Vindt de lessen leuk en de groep fijn.",
    "Gebeld over de werktijden van straks. Wil graag ochtenden.",
    "Kennisgemaakt met de begeleider op de werkplek.",
)


def intentions(
    manager: Actor, cohort: Cohort, edition: DemoEdition, kind: str, organisations: Mapping[str, UUID]
) -> None:
    """What the employers have in mind, as far as it was asked."""
    begins = next((p.starts_on for p in phases_of(cohort.id) if p.kind == "work"), None)
    for employer in edition.employers:
        if employer.intention is None:
            continue
        low, high = employer.intention.hours
        values = {
            "function": edition.function,
            "kind": kind,
            "positions": employer.intention.places,
            "hours_min": low,
            "hours_max": high,
            "from_on": begins,
            "contact_name": "afdeling personeel",
            "contact_email": f"personeel@{employer.slug}.example",
        }
        draft(manager, cohort, organisations[employer.slug], values)


def requests(manager: Actor, cohort: Cohort, edition: DemoEdition, organisations: Mapping[str, UUID]) -> None:
    """One employer, with two commitments, is asked by mail and has not answered yet."""
    employer = next((e for e in reversed(edition.employers) if e.intention is not None), None)
    if employer is None:
        return
    mine = JobIntention.employer_id == organisations[employer.slug]
    statement = select(JobIntention).where(JobIntention.cohort_id == cohort.id, mine)
    first = db.session.execute(unscoped(statement, "demo data")).scalars().one()
    values = {name: getattr(first, name) for name in ("kind", "hours_min", "hours_max", "from_on")}
    contact = {name: getattr(first, name) for name in ("contact_name", "contact_email")}
    function = f"{first.function}, avonddienst"
    second = draft(
        manager, cohort, first.employer_id, {**values, **contact, "function": function, "positions": 2}
    )
    db.session.flush()
    ask(manager, cohort, [Chosen(row.id, row.version) for row in (first, second)])


def answers(coach: Actor, cohort: Cohort, edition: DemoEdition, organisations: Mapping[str, UUID]) -> None:
    """The employers that answered did so by telephone."""
    statement = unscoped(select(JobIntention).where(JobIntention.cohort_id == cohort.id), "demo data")
    by_employer = {row.employer_id: row for row in db.session.execute(statement).scalars()}
    for employer in edition.employers:
        if employer.intention is None or employer.intention.answered_days_ago is None:
            continue
        row = by_employer[organisations[employer.slug]]
        answer = Answer(
            on=clock.today() - timedelta(days=employer.intention.answered_days_ago),
            answered_by="afdeling personeel",
            positions=row.positions,
            hours_min=row.hours_min,
            hours_max=row.hours_max,
        )
        confirm_by_telephone(coach, row, answer, row.version)


def first_contacts(team: Team, group: Sequence[Person], enrolments: Mapping[str, UUID]) -> None:
    """Everybody selected for a coming edition was spoken to at the intake."""
    text = "Intake gedaan. Gemotiveerd, kan op de start beginnen."
    for n, person in enumerate(group):
        day = clock.today() - timedelta(days=5 + n)
        write_note(team.coach_of(n), _candidate(enrolments[person.number]), text, "cohort", "talk", day)


def casework(team: Team, cohort: Cohort, group: Sequence[Person], enrolments: Mapping[str, UUID]) -> None:
    """Contact moments with everybody but the silent ones, and the escalations of the leerhome."""
    today = clock.today()
    for person in group:
        note = person.about.note
        if note is not None:
            day = today - timedelta(days=note.days_ago)
            candidate = _candidate(enrolments[person.number])
            write_note(team.coach, candidate, note.text, note.audience, note.channel, day)
    others = [(n, p) for n, p in enumerate(group) if p.about.note is None and not p.about.silent]
    for place, (n, person) in enumerate(others):
        day = today - timedelta(days=3 + 2 * place % 25)
        text = _SHORT[place % len(_SHORT)]
        write_note(team.coach_of(n), _candidate(enrolments[person.number]), text, "cohort", "talk", day)
    for person in group:
        told_by = person.about.escalation
        if told_by is not None:
            candidate = _candidate(enrolments[person.number])
            escalate(team.coordinator, candidate, cohort.id, told_by.category, told_by.urgency, told_by.text)


def introduction_done(actor: Actor, cohort: Cohort, enrolments: Mapping[str, UUID]) -> None:
    """Who was there from the start completed the introduction weeks; the phase has no rules."""
    phase = next((p for p in phases_of(cohort.id) if p.kind == "introduction"), None)
    if phase is None:
        return
    statement = select(Enrolment.id).where(
        Enrolment.id.in_(enrolments.values()), Enrolment.joined_on <= phase.starts_on
    )
    people = db.session.execute(unscoped(statement, "demo data")).scalars().all()
    complete(actor, phase, people, likely_day(clock.today(), phase.ends_on, has_rules=False), "")


def _candidate(enrolment_id: UUID) -> Candidate:
    statement = (
        select(Candidate)
        .join(Enrolment, Enrolment.candidate_id == Candidate.id)
        .where(Enrolment.id == enrolment_id)
    )
    return db.session.execute(unscoped(statement, "demo data")).scalar_one()
