"""Writes about sessions: from a timetable or from the weekly strands; move, cancel, substitute, finish, lock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from inleer import audit, clock
from inleer.calendars.rules import SchoolCalendar, monday, vacations_known
from inleer.cohorts.ends import await_again, count_at_end
from inleer.cohorts.models import SESSION_KINDS, Cohort, CohortPhase, Enrolment, Session, SessionCohort
from inleer.cohorts.rules import SESSION_STEPS, check_step
from inleer.db import db
from inleer.errors import DomainError, StaleEdit
from inleer.events import (
    attendance_recorded,
    figures_changed,
    session_resumed,
    session_retimed,
    session_settled,
)
from inleer.extend.types import RouteDefinition
from inleer.i18n import _
from inleer.leerroutes.rules import PhaseDates, PlannedSession, plan_sessions
from inleer.policy import Actor, unscoped

# Unexcused hours of these count for the 16-hour rule; practice by setting.
COUNTING_KINDS = frozenset({"introduction", "lesson", "nt2"})


@dataclass(frozen=True)
class NewSession:
    """A session to plan. Moments are aware; ``organisation_id`` is the organiser."""

    title: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    code: str | None = None
    location: str | None = None
    organisation_id: UUID | None = None
    teacher_id: UUID | None = None
    external_uid: str | None = None
    cancelled: bool = False


def session_minutes(starts_at: datetime, ends_at: datetime) -> int:
    """Real minutes between two aware moments. Raises DomainError unless it is 1 minute to 24 hours, on a day of which
    it is known whether it lies in a vacation: absence cannot be judged on other days."""
    minutes = int((ends_at - starts_at).total_seconds() // 60)
    if minutes < 1:
        raise DomainError(_("De eindtijd ligt niet na de begintijd."), "ends_at")
    if minutes > 24 * 60:
        raise DomainError(_("Een bijeenkomst duurt hoogstens 24 uur."), "ends_at")
    day = clock.local(starts_at).date()
    if not vacations_known(day):
        raise DomainError(
            _("Van %(year)s zijn geen schoolvakanties bekend. Kijk het jaar na.", year=day.year), "on"
        )
    return minutes


def plan_session(actor: Actor, cohort_ids: Sequence[UUID], new: NewSession) -> Session:
    """Plan one session for one or more cohorts. Raises DomainError for an impossible time or kind."""
    session = _build(new)
    db.session.add(session)
    db.session.flush()
    db.session.add_all(SessionCohort(cohort_id=c, session_id=session.id) for c in cohort_ids)
    audit.record(
        actor, "session.planned", session, details={"on": str(session.on), "cohorts": len(cohort_ids)}
    )
    return session


def _build(new: NewSession) -> Session:
    if new.kind not in SESSION_KINDS:
        raise DomainError(_("Kies het soort bijeenkomst."), "kind")
    return Session(
        title=new.title,
        code=new.code,
        kind=new.kind,
        on=clock.local(new.starts_at).date(),
        starts_at=new.starts_at,
        ends_at=new.ends_at,
        planned_minutes=session_minutes(new.starts_at, new.ends_at),
        counts=new.kind in COUNTING_KINDS,
        location=new.location,
        organisation_id=new.organisation_id,
        teacher_id=new.teacher_id,
        external_uid=new.external_uid,
        state="cancelled" if new.cancelled else "planned",
    )


def generate_sessions(
    actor: Actor,
    cohort: Cohort,
    definition: RouteDefinition,
    calendar: SchoolCalendar,
    hosts: Mapping[str, UUID],
) -> list[Session]:
    """Plan the sessions of the route's weekly strands; free days are skipped, what is planned already stays.

    A session that was moved within its day or week is planned already, too (:func:`missing`).
    ``hosts`` gives the organisation per host (school, leerhome) of the strands.
    """
    rows = db.session.execute(
        select(CohortPhase).where(CohortPhase.cohort_id == cohort.id).order_by(CohortPhase.position)
    ).scalars()
    phases = [PhaseDates(p.key, p.name, p.kind, p.starts_on, p.ends_on) for p in rows]  # type: ignore[arg-type]
    made = [
        _build(
            NewSession(
                title=planned.title,
                kind=str(planned.kind),
                starts_at=planned.starts_at,
                ends_at=planned.ends_at,
                organisation_id=hosts.get(str(planned.host)),
            )
        )
        for planned in missing(plan_sessions(definition, phases, calendar), sessions_of(cohort.id))
    ]
    db.session.add_all(made)
    db.session.flush()
    db.session.add_all(SessionCohort(cohort_id=cohort.id, session_id=s.id) for s in made)
    audit.record(actor, "cohort.sessions_generated", cohort, details={"count": len(made)}, covers=made)
    return made


def missing(planned: Sequence[PlannedSession], there: Sequence[Session]) -> list[PlannedSession]:
    """What of a plan is not there yet. Pure.

    A session at the same moment stands for what was planned there, whatever its title is now. One that was moved stands
    for the planned one with its title on that day, else in that week; each for one.
    """
    starts = {s.starts_at for s in there}
    left = [p for p in planned if p.starts_at not in starts]
    exact, wanted = {(p.starts_at, p.title) for p in planned}, Counter(p.starts_at for p in planned)
    moved = []
    for session in sorted(there, key=lambda s: (s.starts_at, s.title) not in exact):
        if wanted[session.starts_at] > 0:
            wanted[session.starts_at] -= 1
        else:
            moved.append(session)
    for alike in (_same_day, _same_week):
        for session in list(moved):
            found = next((p for p in left if p.title == session.title and alike(p.on, session.on)), None)
            if found is not None:
                left.remove(found)
                moved.remove(session)
    return left


def _same_day(one: date, other: date) -> bool:
    return one == other


def _same_week(one: date, other: date) -> bool:
    return monday(one) == monday(other)


def change_session(
    actor: Actor, session: Session, values: Mapping[str, Any], version: int | None = None
) -> list[str]:
    """Change title, times, place or teacher; returns the changed fields. A recorded session keeps its times.

    With other times it waits to be recorded again, also when somebody said that nobody would.
    Raises DomainError for impossible times, StaleEdit for an older version.
    """
    if version is not None and version != session.version:
        raise StaleEdit(session, version)
    changed = [k for k, v in values.items() if getattr(session, k) != v]
    if not changed:
        return []
    if session.state in ("recorded", "locked") and {"starts_at", "ends_at"} & set(changed):
        raise DomainError(_("Deze les is klaar: de tijden kunnen niet meer veranderen."), "starts_at")
    for key in changed:
        setattr(session, key, values[key])
    session.on = clock.local(session.starts_at).date()
    session.planned_minutes = session_minutes(session.starts_at, session.ends_at)
    session.counts = session.kind in COUNTING_KINDS
    audit.record(actor, "session.changed", session, fields=changed)
    if {"starts_at", "ends_at"} & set(changed):
        await_again(actor, session)
        session_retimed.fire(actor, [session.id])
    if {"starts_at", "ends_at", "kind", "organisation_id"} & set(changed):
        figures_of(actor, session)
    return changed


def cancel_session(actor: Actor, session: Session, version: int | None = None) -> None:
    """Cancel a session: it counts for nobody, marks stay stored. Raises DomainError, StaleEdit."""
    _step(actor, session, "cancelled", version)


def reinstate_session(actor: Actor, session: Session, version: int | None = None) -> None:
    """Undo a cancellation. The session waits to be recorded again. Raises DomainError, StaleEdit."""
    _step(actor, session, "planned", version)


def open_session(actor: Actor, session: Session) -> None:
    """Marks come in: the session is open. Nothing happens when it is open or recorded already."""
    if session.state != "planned":
        return
    opening = (
        update(Session)
        .where(Session.id == session.id, Session.state == "planned")
        .values(state="open", version=Session.version + 1)
    )
    db.session.flush()
    # In one statement: two people may record the first marks at once, and neither must fail for it.
    if db.session.connection().execute(opening).rowcount:
        audit.record(
            actor, "session.state_changed", ("session", session.id), details={"from": "planned", "to": "open"}
        )
        count_at_end(session)
    db.session.expire(session, ["state", "version"])


def finish_session(actor: Actor, session: Session, version: int | None = None) -> None:
    """The teacher is done: the session counts as recorded. Nothing happens when a colleague was first."""
    if session.state != "recorded" and _held(session).state != "recorded":
        _step(actor, session, "recorded", version)
        session.recorded_at = clock.now()


def reopen_session(actor: Actor, session: Session, version: int | None = None) -> None:
    """Open a recorded session again, as long as it is not locked."""
    _step(actor, session, "open", version)


def lock_session(actor: Actor, session: Session) -> None:
    """Close a recorded session: from now on a correction needs a reason."""
    _step(actor, session, "locked", None)
    session.locked_at = clock.now()


def substitute(actor: Actor, session: Session, teacher_id: UUID | None, version: int | None = None) -> None:
    """Let a colleague take over a session (None: the own teacher again)."""
    if version is not None and version != session.version:
        raise StaleEdit(session, version)
    audit.record(actor, "session.substituted", session, details={"to": str(teacher_id or "")})
    session.substitute_id = teacher_id


def sessions_of(cohort_id: UUID, first: date | None = None, last: date | None = None) -> list[Session]:
    """All sessions of a cohort that was loaded in scope, by time."""
    statement = (
        select(Session)
        .join(SessionCohort, SessionCohort.session_id == Session.id)
        .where(SessionCohort.cohort_id == cohort_id)
        .order_by(Session.starts_at)
    )
    if first is not None:
        statement = statement.where(Session.on >= first)
    if last is not None:
        statement = statement.where(Session.on <= last)
    return list(db.session.execute(unscoped(statement, "sessions of a loaded cohort")).scalars())


def cohorts_of(session_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """Cohort ids per session, for sessions that were loaded in scope."""
    found: dict[UUID, list[UUID]] = {}
    statement = select(SessionCohort).where(SessionCohort.session_id.in_(list(session_ids)))
    for link in db.session.execute(statement).scalars():
        found.setdefault(link.session_id, []).append(link.cohort_id)
    return found


def _held(session: Session) -> Session:
    """The session as it is stored now, held until the end of the transaction.

    Two people may finish at once: the second waits here and sees what the first did.
    """
    db.session.refresh(session, with_for_update={"key_share": True})
    return session


def _step(actor: Actor, session: Session, state: str, version: int | None) -> None:
    if version is not None and version != session.version:
        raise StaleEdit(session, version)
    check_step(SESSION_STEPS, session.state, state)
    audit.record(actor, "session.state_changed", session, details={"from": session.state, "to": state})
    before, early = session.state, _finished_early(session, state)
    session.state = state
    if before == "recorded" and state == "open":
        count_at_end(session)
    if before == "cancelled":
        await_again(actor, session)
        session_resumed.fire(actor, [session.id])
    if state in ("recorded", "cancelled"):
        session_settled.fire(actor, [session.id])
    if early or "cancelled" in (before, state):
        figures_of(actor, session)


def _finished_early(session: Session, state: str) -> bool:
    """Whether its list is finished, or opened again, before its end: from then on it counts, or no longer."""
    return ("recorded" in (session.state, state) and state != "locked") and session.ends_at > clock.now()


def figures_of(actor: Actor, session: Session) -> None:
    """The figures of everybody in the session's cohorts must be made again, those that plugins keep too."""
    db.session.flush()
    cohorts = cohorts_of([session.id]).get(session.id, [])
    statement = unscoped(select(Enrolment.id).where(Enrolment.cohort_id.in_(cohorts)), "figures")
    ids = frozenset(db.session.execute(statement).scalars())
    figures_changed.fire(actor, ids)
    attendance_recorded.fire(actor, ids)
