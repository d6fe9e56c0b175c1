"""The list of a coach's candidates, or of the people of a leerhome's cohorts: read, filtered, put in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import String, and_, bindparam, or_

from inleer import clock
from inleer.cohorts.models import ENROLMENT_STATES, Enrolment
from inleer.people.models import Candidate
from inleer.people.rules import fold
from inleer.policy import Actor, Perm, Role, fetch, scope, scoped_select
from inleer.reports.frame import WINDOW_REACH, Frame
from inleer.reports.people_columns import among, joined_up, people_columns, put_together
from inleer.reports.people_rows import CURRENT, ENDED, PersonRow

_built: dict[Role, Any] = {}
#: Filters on the state: key → (word, states).
STATES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "nu": ("doen mee of starten nog", CURRENT),
    "gestopt": ("gestopt of afgerond", ENDED),
    "alle": ("iedereen", ENROLMENT_STATES),
}
SORTS = ("signaal", "naam", "aanwezig", "ongeoorloofd", "fase", "contact")


@dataclass(frozen=True, slots=True)
class View:
    """What the user asked to see; every part is in the URL. ``signal`` is "", "ja", "nee" or the key of a rule."""

    state: str = "nu"
    cohort: str = ""
    signal: str = ""
    coach: str = ""
    search: str = ""
    sort: str = "signaal"
    descending: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class ListRow:
    """A person with what depends on today: the phase, and unexcused minutes in the window with its norm."""

    person: PersonRow
    phase: str
    unexcused: int
    norm: int
    weeks: int
    days: int | None
    contact_limit: int

    @property
    def forgotten(self) -> bool:
        """Whether nobody had contact for longer than agreed."""
        return self.days is None or self.days > self.contact_limit


def candidates_of(actor: Actor, state: str) -> list[PersonRow]:
    """The candidates that the actor may list, with the enrolments in one of the states behind ``state``.

    Who is not enrolled yet is listed too, unless only those who ended are asked for.
    """
    if actor.role not in _built:
        _built[actor.role] = _statement(actor)
    states = list(STATES.get(state, STATES["nu"])[1])
    rows = fetch(actor, _built[actor.role], states=states, reach=clock.today() - WINDOW_REACH).all()
    people = put_together(rows)
    return people if state != "gestopt" else [p for p in people if p.enrolment_id is not None]


def _statement(actor: Actor) -> Any:
    statement = people_columns(actor, weeks=False).select_from(Candidate)
    enrolled = and_(Enrolment.candidate_id == Candidate.id, scope(actor, Enrolment, Perm.ENROLMENT_VIEW))
    statement = statement.outerjoin(Enrolment, enrolled)
    states = bindparam("states", expanding=True, type_=String())
    return scoped_select(
        joined_up(statement, actor)
        .where(
            among(actor, Candidate, Perm.CANDIDATE_LIST),
            or_(Enrolment.id.is_(None), Enrolment.state.in_(states)),
        )
        .order_by(Candidate.sort_name, Candidate.id, Enrolment.joined_on.desc())
    )


def with_today(people: Sequence[PersonRow], frame: Frame, today: date) -> list[ListRow]:
    """Add what follows from today, the calendar and the settings of each person's cohort."""
    settings: dict[UUID, tuple[dict[str, int], date, str]] = {}
    for cohort_id in {p.cohort_id for p in people if p.cohort_id}:
        values = frame.settings(cohort_id, today)
        start = frame.window_start(cohort_id, today, values["sixteen_hours.weeks"])
        phase = frame.phase_on(cohort_id, today)
        settings[cohort_id] = (values, start, phase.name if phase else "")
    empty = (frame.settings(UUID(int=0), today), today, "")
    rows = []
    for person in people:
        values, start, phase_name = settings[person.cohort_id] if person.cohort_id else empty
        rows.append(
            ListRow(
                person=person,
                phase=phase_name,
                unexcused=person.unexcused_since(start),
                norm=values["sixteen_hours.threshold_minutes"],
                weeks=values["sixteen_hours.weeks"],
                days=person.days_since_contact(today),
                contact_limit=values["contact.days"],
            )
        )
    return rows


def filtered(rows: Sequence[ListRow], view: View) -> list[ListRow]:
    """The rows that the view asks for, in its order. Searching ignores case and accents, % and _ are letters."""
    wanted = fold(view.search)
    tests: list[Callable[[ListRow], bool]] = []
    if view.cohort:
        tests.append(lambda r: str(r.person.cohort_id) == view.cohort)
    if view.coach:
        tests.append(lambda r: str(r.person.coach_id) == view.coach)
    if wanted:
        tests.append(lambda r: wanted in _spoken(r.person) or wanted in r.person.sort_name)
    if view.signal == "ja":
        tests.append(lambda r: bool(r.person.signals))
    elif view.signal == "nee":
        tests.append(lambda r: not r.person.signals)
    elif view.signal:
        tests.append(lambda r: any(s.rule == view.signal for s in r.person.signals))
    found = [r for r in rows if all(test(r) for test in tests)]
    return in_order(found, view.sort, view.descending)


def _spoken(person: PersonRow) -> str:
    return fold(f"{person.first_name} {person.tussenvoegsel} {person.last_name}")


def in_order(rows: Sequence[ListRow], sort: str, descending: bool) -> list[ListRow]:
    """Rows sorted by one of SORTS; names decide between equals. Unknown figures always come last."""
    keys: dict[str, Callable[[ListRow], tuple[Any, ...]]] = {
        "signaal": lambda r: (r.person.urgency, -r.unexcused),
        "naam": lambda r: (r.person.sort_name,),
        "aanwezig": lambda r: (r.person.share,),
        "ongeoorloofd": lambda r: (r.unexcused,),
        "fase": lambda r: (r.person.cohort, r.phase),
        # Never yet is the longest ago.
        "contact": lambda r: (r.days is None, r.days or 0),
    }
    by_name = sorted(rows, key=lambda r: r.person.sort_name)
    key = keys.get(sort, keys["signaal"])
    if not descending:
        return sorted(by_name, key=key)
    last = [r for r in by_name if sort == "aanwezig" and not r.person.planned]
    return [*sorted((r for r in by_name if r not in last), key=key, reverse=True), *last]
