"""Coming back into an edition that somebody left, and taking a move to another edition back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select

from inleer import audit, clock
from inleer.cohorts.models import Cohort, Enrolment, EnrolmentEvent, Pause, Session, SessionCohort
from inleer.cohorts.steps import note_step, steps_of, take_back
from inleer.db import db
from inleer.errors import DomainError
from inleer.events import enrolment_changed, figures_changed
from inleer.i18n import _
from inleer.policy import Actor, Perm, fetch, system_actor, unscoped, visible

DAY = timedelta(days=1)
WHY = "the enrolments of a candidate who was loaded in scope"


def come_back(
    actor: Actor, enrolment: Enrolment, joined: date, state: str, other_id: UUID | None = None
) -> Enrolment:
    """Somebody who was moved away, or withdrew, takes part in the same edition again from a day on.

    Who took part before keeps the first day; the days in between are a pause. ``other_id``: the edition that the
    person moved from. Raises DomainError for who still takes part, was refused, or ended here.
    """
    if enrolment.state not in ("moved", "withdrawn"):
        raise DomainError(_("Deze kandidaat doet al mee aan deze lichting."), "candidate_id")
    covers: list[Pause] = []
    left, old = enrolment.left_on, enrolment.state
    before = None if enrolment.taken_back else old  # who never began comes for the first time
    if old == "withdrawn":
        enrolment.joined_on = joined
    elif left is not None and joined > left + DAY and actor.user_id is not None:
        away = Pause(
            enrolment_id=enrolment.id,
            from_on=left + DAY,
            until_on=joined - DAY,
            ended_on=joined - DAY,
            owner_id=actor.user_id,
            reason=_("In een andere lichting."),
        )
        db.session.add(away)
        db.session.flush()
        covers.append(away)
    enrolment.left_on = enrolment.moved_to_id = None
    enrolment.taken_back = False
    note_step(actor, enrolment, before, state, joined, other_id=other_id)
    details = {"from": old, "to": state, "on": str(joined)}
    audit.record(actor, "enrolment.returned", enrolment, details=details, covers=covers)
    _now(actor, enrolment, state)
    return enrolment


def arrival_of(steps: Sequence[EnrolmentEvent]) -> EnrolmentEvent | None:
    """The last step (of ``steps``, the latest first) when it is the arrival from another edition; else None.

    That the first day came afterwards is no step that somebody made.
    """
    made = _made(steps)
    return made[0] if made and is_arrival(made[0]) else None


def _made(steps: Sequence[EnrolmentEvent]) -> list[EnrolmentEvent]:
    """The steps that somebody made: not those that the calendar made on the first day."""
    system = system_actor().user_id
    return [
        s for s in steps if not (s.by_id == system and (s.from_state, s.to_state) == ("selected", "active"))
    ]


def is_arrival(step: EnrolmentEvent) -> bool:
    """Whether somebody came from another edition with this step."""
    return step.other_id is not None and step.to_state != "moved"


def left_for(actor: Actor, arrived: Enrolment, arrival: EnrolmentEvent) -> Enrolment | None:
    """The enrolment that was left for this one; None when it went on since, or the actor may not change it."""
    statement = visible(actor, Enrolment, Perm.ENROLMENT_CHANGE).where(
        Enrolment.candidate_id == arrived.candidate_id,
        Enrolment.cohort_id == arrival.other_id,
        Enrolment.state == "moved",
        Enrolment.moved_to_id == arrived.cohort_id,
    )
    return fetch(actor, statement).scalars().one_or_none()


def take_back_arrival(actor: Actor, left: Enrolment) -> None:
    """A move to another edition is taken back there: the person never began. What it was here the caller restores.

    Who had been in that edition before is again who they were there: moved on, or withdrawn. Raises DomainError when
    sessions of the other edition have been since, or somebody made a step there after the arrival.
    """
    arrived = _arrived(left)
    steps = steps_of(arrived.id) if arrived is not None else []
    arrival = next((s for s in steps if is_arrival(s) or s.from_state is None), None)
    gone_on = arrival is None or bool(_made(steps[: steps.index(arrival)]))
    if arrived is None or arrival is None or gone_on or arrived.state not in ("selected", "active"):
        raise DomainError(
            _("In de andere lichting is intussen iets veranderd. Verplaats de kandidaat van daaruit.")
        )
    if _sessions_since(arrived, max(arrival.on, arrived.joined_on or arrival.on)):
        raise DomainError(
            _(
                "In de andere lichting zijn al bijeenkomsten geweest. Verplaats de kandidaat van daaruit terug"
                " met “Andere lichting”."
            )
        )
    undone = steps[: steps.index(arrival) + 1]
    remain = steps[len(undone) :]
    before = arrival.from_state or "withdrawn"
    covers = _gone_again(left, arrived, arrival, remain) if before == "moved" else []
    arrived.taken_back = not remain
    details = {"from": arrived.state, "to": before, "on": str(clock.today())}
    audit.record(actor, "enrolment.move_undone", arrived, details=details, covers=covers)
    for step in undone:
        take_back(actor, step)
    _now(actor, arrived, before)


def _arrived(left: Enrolment) -> Enrolment | None:
    statement = select(Enrolment).where(
        Enrolment.candidate_id == left.candidate_id, Enrolment.cohort_id == left.moved_to_id
    )
    return db.session.scalars(unscoped(statement, WHY)).one_or_none()


def _gone_again(
    left: Enrolment, arrived: Enrolment, arrival: EnrolmentEvent, remain: Sequence[EnrolmentEvent]
) -> list[Pause]:
    """The last day and the destination of a former move return; the pause of the days away goes."""
    went = next((s for s in remain if s.to_state == "moved"), None)
    arrived.left_on = went.on if went is not None else arrival.on - DAY
    arrived.moved_to_id = (went.other_id if went is not None else None) or left.cohort_id
    away = select(Pause).where(
        Pause.enrolment_id == arrived.id,
        Pause.from_on == arrived.left_on + DAY,
        Pause.ended_on == arrival.on - DAY,
    )
    found = list(db.session.scalars(away))
    for pause in found:
        db.session.delete(pause)
    return found


def _sessions_since(arrived: Enrolment, on: date) -> int:
    count = (
        select(func.count(Session.id))
        .join(SessionCohort, SessionCohort.session_id == Session.id)
        .join(Cohort, Cohort.id == SessionCohort.cohort_id)
        .where(
            Cohort.id == arrived.cohort_id,
            Session.on >= on,
            Session.starts_at <= clock.now(),
            Session.state != "cancelled",
        )
    )
    return int(db.session.execute(unscoped(count, WHY)).scalar_one())


def _now(actor: Actor, enrolment: Enrolment, state: str) -> None:
    enrolment.state = state
    db.session.flush()
    figures_changed.fire(actor, [enrolment.id])
    enrolment_changed.fire(actor, [enrolment.id])
