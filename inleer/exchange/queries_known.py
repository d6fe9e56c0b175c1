"""Reads for plans: what is known already about what stands in a file. All for a cohort that was loaded in scope."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import func, select

from inleer import clock
from inleer.accounts.models import Membership, Organisation, User
from inleer.attendance.closing import is_closed
from inleer.attendance.models import Attendance
from inleer.attendance.queries import FAR, codes_of, lock_days
from inleer.calendars.rules import Period
from inleer.cohorts.actions import partners_now
from inleer.cohorts.models import Cohort, Enrolment, Partner, Pause, Session, SessionCohort
from inleer.cohorts.sessions import sessions_of
from inleer.db import db
from inleer.exchange.names import person_key, person_or_email
from inleer.exchange.plan_attendance import KnownAttendance, Participant, Stamp, StoredMark
from inleer.exchange.plan_candidates import KnownCandidates, KnownPerson
from inleer.exchange.plan_intentions import KnownIntentions
from inleer.exchange.plan_sessions import KnownSessions
from inleer.exchange.queries import coaches_of
from inleer.exchange.rows_attendance import AttendanceRow
from inleer.exchange.rows_candidates import CandidateRow
from inleer.exchange.rows_common import Parsed
from inleer.exchange.values import fold
from inleer.intentions.models import JobIntention
from inleer.leerroutes.queries import definition_by_id
from inleer.people.models import Candidate, Identifier
from inleer.policy import Role, unscoped

#: So many values fit in one statement on both databases, and one plan stays in their caches.
CHUNK = 5_000
WHY = "import into a loaded cohort"
H = TypeVar("H", bound=Hashable)


def chunks(values: Iterable[H]) -> Iterator[list[H]]:
    """The different values, in lists that fit in one statement."""
    found = list(dict.fromkeys(values))
    for start in range(0, len(found), CHUNK):
        yield found[start : start + CHUNK]


def hosts_of(cohort: Cohort) -> dict[str, UUID]:
    """The school and leerhome partner of a cohort by kind; running ones go before ended ones."""
    found = {p.kind: p.organisation_id for p in partners_now(cohort.id) if p.kind in ("school", "leerhome")}
    past = db.session.execute(
        select(Partner.kind, Partner.organisation_id)
        .where(Partner.cohort_id == cohort.id, Partner.kind.in_(("school", "leerhome")))
        .order_by(Partner.since_on.desc())
    )
    for row in past:
        found.setdefault(row.kind, row.organisation_id)
    return found


def known_candidates(cohort: Cohort, parsed: Parsed[CandidateRow]) -> KnownCandidates:
    """The people of the agency who have these numbers, or the same name and date of birth."""
    rows = [row for _number, row in parsed.rows]
    people = _people(cohort, [row.client_number for row in rows])
    school = hosts_of(cohort).get("school")
    numbers = [row.student_number for row in rows if row.student_number]
    students = _owners(school, cohort.agency_id, numbers) if school else {}
    new = [row for row in rows if row.client_number not in people]
    coaches = coaches_of(cohort.agency_id)
    return KnownCandidates(
        starts_on=cohort.starts_on,
        today=clock.today(),
        school_id=school,
        people=people,
        students=students,
        alike=_alike(cohort.agency_id, {row.birth_date for row in new}),
        coaches=_by_name(coaches),
        names={user_id: name for user_id, name, _email in coaches},
    )


def _people(cohort: Cohort, numbers: Sequence[str]) -> dict[str, KnownPerson]:
    owners = _owners(cohort.agency_id, cohort.agency_id, numbers)
    candidates: dict[UUID, Candidate] = {}
    enrolments: dict[UUID, Enrolment] = {}
    for ids in chunks(owners.values()):
        asked = select(Candidate).where(Candidate.id.in_(ids))
        candidates.update((c.id, c) for c in db.session.execute(unscoped(asked, WHY)).scalars())
        there = select(Enrolment).where(Enrolment.cohort_id == cohort.id, Enrolment.candidate_id.in_(ids))
        enrolments.update((e.candidate_id, e) for e in db.session.execute(unscoped(there, WHY)).scalars())
    return {n: KnownPerson(candidates[owner], enrolments.get(owner)) for n, owner in owners.items()}


def _owners(organisation_id: UUID, agency_id: UUID, numbers: Sequence[str]) -> dict[str, UUID]:
    """Which candidates of the agency have these numbers at an organisation."""
    found: dict[str, UUID] = {}
    for some in chunks(numbers):
        statement = (
            select(Identifier.number, Identifier.candidate_id)
            .join(Candidate, Candidate.id == Identifier.candidate_id)
            .where(
                Identifier.organisation_id == organisation_id,
                Identifier.number.in_(some),
                Candidate.agency_id == agency_id,
            )
        )
        found.update((r.number, r.candidate_id) for r in db.session.execute(unscoped(statement, WHY)))
    return found


def _alike(agency_id: UUID, birth_dates: Iterable[date]) -> dict[tuple[str, date], tuple[str, ...]]:
    found: dict[tuple[str, date], tuple[str, ...]] = {}
    for days in chunks(birth_dates):
        statement = (
            select(Candidate.first_name, Candidate.last_name, Candidate.birth_date, Identifier.number)
            .join(Identifier, Identifier.candidate_id == Candidate.id)
            .where(
                Candidate.agency_id == agency_id,
                Candidate.birth_date.in_(days),
                Identifier.organisation_id == agency_id,
            )
        )
        for row in db.session.execute(unscoped(statement, WHY)):
            key = (person_key(row.first_name, row.last_name), row.birth_date)
            found[key] = (*found.get(key, ()), row.number)
    return found


def known_sessions(cohort: Cohort) -> KnownSessions:
    """All sessions of the cohort, its hosts, and the teachers and coordinators of these hosts."""
    hosts = hosts_of(cohort)
    people = _teachers(list(hosts.values()))
    organisations = select(Organisation.id, Organisation.name).where(
        Organisation.id.in_(list(hosts.values()))
    )
    names = {row.id: row.name for row in db.session.execute(unscoped(organisations, WHY))}
    sessions = sessions_of(cohort.id)
    return KnownSessions(
        sessions=sessions,
        hosts=hosts,
        teachers=_by_name(people),
        names={**names, **{user_id: name for user_id, name, _email in people}},
        closed=_closed(sessions),
        today=clock.today(),
        marks=_marks_per_session(cohort.id),
    )


def _marks_per_session(cohort_id: UUID) -> dict[UUID, int]:
    """How many marks there are in each session of a cohort."""
    statement = (
        select(Attendance.session_id, func.count())
        .join(SessionCohort, SessionCohort.session_id == Attendance.session_id)
        .where(SessionCohort.cohort_id == cohort_id)
        .group_by(Attendance.session_id)
    )
    return {row[0]: row[1] for row in db.session.execute(unscoped(statement, WHY))}


def _teachers(organisation_ids: Sequence[UUID]) -> list[tuple[UUID, str, str]]:
    statement = (
        select(User.id, User.name, User.email)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.organisation_id.in_(organisation_ids),
            Membership.role.in_((Role.TEACHER.value, Role.LEERHOME_COORDINATOR.value)),
            Membership.ended_at.is_(None),
            Membership.invited_as.is_(None),
        )
        .order_by(User.name)
    )
    return [(row.id, row.name, row.email) for row in db.session.execute(unscoped(statement, WHY))]


def _by_name(people: Iterable[tuple[UUID, str, str]]) -> dict[str, UUID]:
    """People by name and e-mail address. Of two with one name nobody is chosen by chance."""
    found: dict[str, set[UUID]] = {}
    for user_id, name, email in people:
        for key in (person_or_email(name), person_or_email(email)):
            found.setdefault(key, set()).add(user_id)
    return {key: ids.pop() for key, ids in found.items() if len(ids) == 1}


def attendance_codes(cohort: Cohort) -> dict[str, str]:
    """The codes of the cohort's school → status."""
    return dict(codes_of(hosts_of(cohort).get("school")))


def known_attendance(cohort: Cohort, parsed: Parsed[AttendanceRow]) -> KnownAttendance:
    """The people with these numbers, who takes part when, the sessions of these days and the marks in them."""
    numbers = [row.number for _number, row in parsed.rows]
    days = [row.on for _number, row in parsed.rows]
    school = hosts_of(cohort).get("school")
    everything = sessions_of(cohort.id, min(days), max(days)) if days else []
    sessions: dict[date, list[Session]] = {}
    for session in everything:
        sessions.setdefault(session.on, []).append(session)
    return KnownAttendance(
        today=clock.today(),
        by_school=_owners(school, cohort.agency_id, numbers) if school else {},
        by_client=_owners(cohort.agency_id, cohort.agency_id, numbers),
        participants=_participants(cohort.id),
        sessions=sessions,
        marks=_marks([s.id for s in everything], cohort.id),
        codes=attendance_codes(cohort),
        closed=_closed(everything),
    )


def _closed(sessions: Sequence[Session]) -> frozenset[UUID]:
    """The sessions whose register is closed today."""
    today = clock.today()
    finished = [s for s in sessions if s.state in ("recorded", "locked")]
    days = lock_days([s.id for s in finished], today) if finished else {}
    return frozenset(
        s.id for s in finished if is_closed(s.state, s.on, s.recorded_at, days.get(s.id, 0), today)
    )


def _participants(cohort_id: UUID) -> dict[UUID, Participant]:
    pauses: dict[UUID, list[Period]] = {}
    paused = (
        select(Pause)
        .join(Enrolment, Enrolment.id == Pause.enrolment_id)
        .where(Enrolment.cohort_id == cohort_id)
    )
    for pause in db.session.execute(unscoped(paused, WHY)).scalars():
        end = pause.ended_on or FAR
        if end >= pause.from_on:
            pauses.setdefault(pause.enrolment_id, []).append(Period(pause.from_on, end))
    statement = select(
        Enrolment.id, Enrolment.candidate_id, Enrolment.state, Enrolment.joined_on, Enrolment.left_on
    ).where(Enrolment.cohort_id == cohort_id)
    return {
        r.candidate_id: Participant(r.id, r.state, r.joined_on, r.left_on, tuple(pauses.get(r.id, ())))
        for r in db.session.execute(unscoped(statement, WHY))
    }


def _marks(session_ids: Sequence[UUID], cohort_id: UUID) -> dict[tuple[UUID, UUID], StoredMark]:
    found: dict[tuple[UUID, UUID], StoredMark] = {}
    # Each id and each "who, when" once in memory: a register of 100,000 marks has a few hundred of them.
    once: dict[Any, Any] = {}
    for ids in chunks(session_ids):
        statement = (
            select(
                Attendance.enrolment_id,
                Attendance.session_id,
                Attendance.status,
                Attendance.minutes,
                Attendance.missed,
                Attendance.version,
                Attendance.recorded_by_id,
                Attendance.recorded_by_name,
                Attendance.recorded_at,
            )
            .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
            .where(Attendance.session_id.in_(ids), Enrolment.cohort_id == cohort_id)
            .execution_options(yield_per=CHUNK)
        )
        for r in db.session.execute(unscoped(statement, WHY)):
            enrolment_id = once.setdefault(r.enrolment_id, r.enrolment_id)
            session_id = once.setdefault(r.session_id, r.session_id)
            stamp = Stamp(r.recorded_by_id, r.recorded_by_name, r.recorded_at)
            stamp = once.setdefault(stamp, stamp)
            found[enrolment_id, session_id] = StoredMark(*r[2:6], stamp)
    return found


def known_intentions(cohort: Cohort) -> KnownIntentions:
    """The employers that the agency manages, and the intentions of this cohort."""
    managed = select(Organisation.id, Organisation.name).where(
        Organisation.managed_by_id == cohort.agency_id,
        Organisation.kind == "employer",
        Organisation.archived_at.is_(None),
    )
    employers = {
        fold(r.name): r.id
        for r in db.session.execute(unscoped(managed.order_by(Organisation.slug.desc()), WHY))
    }
    intentions: dict[UUID, list[JobIntention]] = {}
    statement = select(JobIntention).where(JobIntention.cohort_id == cohort.id).order_by(JobIntention.id)
    for intention in db.session.execute(unscoped(statement, WHY)).scalars():
        intentions.setdefault(intention.employer_id, []).append(intention)
    commitment = definition_by_id(cohort.route_version_id).commitment
    return KnownIntentions(employers, intentions, commitment is None or commitment.places_may_be_unknown)
