"""Fictional help requests and visits for a demo cohort. Residents, like everybody in the demo, do not exist."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Final
from uuid import UUID, uuid5

from inleer.plugin import Actor, Cohort, clock, db, load, people_changed, record, school_calendars
from inleer_zorg import lookups, queries
from inleer_zorg.access import VIEW
from inleer_zorg.actions import VisitInput, add_visit
from inleer_zorg.models import HelpRequest, Visit
from inleer_zorg.rows import Person

WEEK: Final = timedelta(days=7)
#: Requester, task, area, description, weekday, time, minutes. The first ones are given to participants.
RESIDENTS: Final = (
    ("Mevr. J.", "groceries", "Boswijk", "Samen naar de winkel en terug.", 0, time(10), 90),
    ("Ahmed", "company", "Atolwijk", "Koffie drinken en een spelletje.", 2, time(14), 120),
    ("Dhr. P.", "walking", "Zuiderzeewijk", "Een rondje langs de vaart.", 3, time(10, 30), 60),
    ("Mevr. B.", "housekeeping", "Boswijk", "Was vouwen en afwassen.", 4, time(9, 30), 120),
    ("Riet", "cooking", "Waterwijk", "Samen warm eten maken.", 2, time(16), 120),
    ("Fam. S.", "odd_job", "Atolwijk", "Lampen en een plank ophangen.", 4, time(13), 90),
    ("Mevr. A.", "escort", "Kustwijk", "Met de bus naar de markt.", 0, time(9), 150),
    ("Dhr. W.", "digital", "Landerijen", "Uitleg over beeldbellen.", 3, time(15), 60),
    ("Sjaan", "company", "Waterwijk", "Voorlezen uit de krant.", 0, time(14), 90),
    ("Mevr. K.", "groceries", "Zuiderzeewijk", "", 4, time(11), 75),
    ("Dhr. D.", "walking", "Kustwijk", "Naar het park, met een rustpauze.", 2, time(11), 75),
    ("Nadia", "cooking", "Boswijk", "Nieuwe recepten proberen.", 3, time(16, 30), 120),
    ("Omar", "digital", "Zuiderzeewijk", "Foto's op de computer zetten.", 0, time(15, 30), 60),
    ("Mevr. V.", "company", "Boswijk", "Samen naar het buurthuis.", 3, time(13, 30), 120),
    ("Dhr. H.", "groceries", "Waterwijk", "Zware boodschappen dragen.", 4, time(15), 60),
    ("Mevr. E.", "odd_job", "Kustwijk", "Balkon opruimen.", 2, time(9, 30), 90),
    ("Tineke", "walking", "Landerijen", "Met de hond naar buiten.", 0, time(11), 45),
    ("Mevr. L.", "housekeeping", "Landerijen", "Ramen lappen op de begane grond.", None, None, None),
    ("Dhr. T.", "odd_job", "Atolwijk", "Tuintje winterklaar maken.", None, None, 120),
    ("Greet", "company", "Kustwijk", "Zoekt iemand om mee te kaarten.", 3, time(14), 90),
)
#: So many requests stay open, so that the list has something that needs somebody.
LEFT_OPEN: Final = 3
#: In a cohort whose neighbourhood phase is still to come.
EARLY: Final = 4
#: The participants (by place in the list) who had no visits lately.
QUIET: Final = frozenset({3, 8})


def seed(actor: Actor, cohort_id: UUID) -> int:
    """Add the help requests that are not there yet, each with the visits up to today; returns the number of rows."""
    cohort = load(actor, VIEW, Cohort, cohort_id)
    people = [p for p in queries.people(actor, cohort_id) if p.takes_part]
    there = {r.id for r in queries.requests(actor, cohort_id)}
    added = 0
    for number, person in enumerate(_assigned(cohort, people)):
        request_id = uuid5(cohort_id, f"hulpvraag-{number}")
        if request_id not in there:
            added += _add(actor, cohort, request_id, number, person)
    people_changed(actor, (p.enrolment_id for p in people))
    return added


def _assigned(cohort: Cohort, people: list[Person]) -> list[Person | None]:
    """Who does each of the residents' requests; None: nobody yet."""
    if cohort.starts_on > clock.today():
        return [None] * EARLY
    taken: list[Person | None] = [*people[: len(RESIDENTS) - LEFT_OPEN]]
    return [*taken, *[None] * LEFT_OPEN]


def _add(actor: Actor, cohort: Cohort, request_id: UUID, number: int, person: Person | None) -> int:
    requester, task, area, description, weekday, starts, minutes = RESIDENTS[number]
    waiting = timedelta(days=4 + number // 4)
    made = HelpRequest(
        id=request_id,
        cohort_id=cohort.id,
        requester=requester,
        task=task,
        area=area,
        description=description,
        weekday=weekday,
        starts=starts,
        agreed_minutes=minutes,
        asked_on=clock.today() - waiting if person is None else cohort.starts_on,
        state="open" if person is None else "assigned",
        enrolment_id=None if person is None else person.enrolment_id,
    )
    db.session.add(made)
    db.session.flush()
    visits = [] if person is None else list(_visits(actor, made, person.enrolment_id, quiet=number in QUIET))
    details = {"cohort": str(cohort.id), "task": task}
    record(actor, "zorg_help_request.created", made, details=details, covers=visits)
    return 1 + len(visits)


def _visits(actor: Actor, made: HelpRequest, enrolment_id: UUID, *, quiet: bool) -> Iterator[Visit]:
    """A visit in each school week since the phase began; some a little longer or shorter than agreed."""
    facts = lookups.participation(enrolment_id, clock.today())
    if facts is None or facts.begins is None or facts.joined_on is None or made.weekday is None:
        return
    last = clock.today() - (4 * WEEK if quiet else timedelta(0))
    first = max(facts.begins, facts.joined_on)
    for place, day in enumerate(_agreed_days(made, first, last)):
        minutes = (made.agreed_minutes or 60) + (0, 15, 0, -15)[(place + made.weekday) % 4]
        visit = add_visit(actor, made, VisitInput(enrolment_id, day, minutes), "")
        db.session.flush()
        yield visit


def _agreed_days(made: HelpRequest, first: date, last: date) -> Iterator[date]:
    if last < first or made.weekday is None:
        return
    calendar = school_calendars([made.cohort_id], first, last)[made.cohort_id]
    day = first + timedelta(days=(made.weekday - first.weekday()) % 7)
    while day <= last:
        if calendar.is_school_week(day):
            yield day
        day += WEEK
