"""What follows from the core's events: places that are taken or free again, jobs that are guaranteed, group days that
were attended.

Each looks at what is true now, so it does not matter when it runs twice or late.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from inleer.plugin import (
    Actor,
    Enrolment,
    JobIntention,
    Placement,
    clock,
    db,
    meetings_attended,
    record,
    unscoped,
)
from inleer_gemeente.models import GroupDays, Guarantee, Stay, Workplace
from inleer_gemeente.rules import TAKING_PART, same_function

_ASKED: Final = "people whom the core chose"
_CHOSEN: Final = "a cohort that the core chose"


def keep_places(actor: Actor, cohort_id: UUID, enrolment_ids: Sequence[UUID]) -> int:
    """Take the places that these people's placements use, and free what they do not use any more; how many changed.

    Whoever left keeps the places where they have been, and frees those that were planned.
    """
    wanted = _wanted(cohort_id, enrolment_ids)
    stored = select(Stay).where(Stay.enrolment_id.in_(enrolment_ids))
    there = {stay.placement_id: stay for stay in db.session.scalars(unscoped(stored, _ASKED))}
    changed = 0
    for key, stay in there.items():
        if key not in wanted:
            changed += 1
            record(actor, "gemeente_stay.freed", stay, details={"workplace": str(stay.workplace_id)})
            db.session.delete(stay)
    for key, values in wanted.items():
        if key not in there:
            there[key] = Stay(placement_id=key, cohort_id=cohort_id, **values)
            db.session.add(there[key])
        elif all(getattr(there[key], name) == value for name, value in values.items()):
            continue
        else:
            for name, value in values.items():
                setattr(there[key], name, value)
        changed += 1
        record(actor, "gemeente_stay.taken", there[key], details={"workplace": str(values["workplace_id"])})
    db.session.flush()
    return changed


def _wanted(cohort_id: UUID, enrolment_ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """For each placement that takes a place: whose, which, from and until when."""
    statement = (
        select(Placement, Enrolment.state, Enrolment.left_on)
        .join(Enrolment, Enrolment.id == Placement.enrolment_id)
        .where(Placement.enrolment_id.in_(enrolment_ids), Placement.kind == "rotation")
        .order_by(Placement.from_on)
    )
    rows = db.session.execute(unscoped(statement, _ASKED)).all()
    if not rows:
        return {}
    workplaces = _held_workplaces(cohort_id)
    return {
        placement.id: {
            "workplace_id": found.id,
            "enrolment_id": placement.enrolment_id,
            "phase_key": placement.phase_key,
            "state": placement.state,
            "from_on": placement.from_on,
            "until_on": placement.last_on,
        }
        for placement, state, left_on in rows
        if _counts(placement, state, left_on) and (found := workplace_of(placement, workplaces)) is not None
    }


def _held_workplaces(cohort_id: UUID) -> Sequence[Workplace]:
    """The workplaces of a cohort, once nobody else takes a place there.

    Of two who agree at once the second counts what the first took (``figures.crowds``). All of them in one order: a
    directorate has several, and nobody waits for who waits for them. Not the strongest lock: a stay refers to one.
    """
    places = (
        select(Workplace)
        .where(Workplace.cohort_id == cohort_id, Workplace.removed_at.is_(None))
        .order_by(Workplace.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(unscoped(places, _ASKED)).all()


def _counts(placement: Placement, state: str, left_on: Any) -> bool:
    if placement.last_on < placement.from_on:
        return False
    return state in TAKING_PART or placement.state in ("running", "completed", "ended_early")


def workplace_of(placement: Placement, workplaces: Iterable[Workplace]) -> Workplace | None:
    """The workplace that a placement is at: the same partner, directorate and function, open on its first day."""
    for one in workplaces:
        if (
            one.host_id == placement.host_id
            and same_function(one.function, placement.function)
            and same_function(one.directorate, placement.department or "")
            and one.from_on <= placement.from_on <= one.until_on
        ):
            return one
    return None


def keep_guarantee(cohort_id: UUID) -> None:
    """Count again for how many people a job afterwards is guaranteed; the day is kept while the number stays."""
    statement = select(func.coalesce(func.sum(JobIntention.positions), 0)).where(
        JobIntention.cohort_id == cohort_id,
        JobIntention.kind == "guarantee",
        JobIntention.state == "confirmed",
    )
    # Locked first: of two employers who answer at once the second count sees the first answer.
    kept = select(Guarantee).where(Guarantee.cohort_id == cohort_id).with_for_update()
    row = db.session.scalar(unscoped(kept, _CHOSEN))
    places = db.session.scalar(unscoped(statement, _CHOSEN)) or 0
    if row is None:
        db.session.add(Guarantee(cohort_id=cohort_id, places=places, since_on=clock.today()))
    elif row.places != places:
        row.places, row.since_on = places, clock.today()
    db.session.flush()


def keep_group_days(cohort_id: UUID, enrolment_ids: Sequence[UUID]) -> None:
    """Count again on how many group days these people were there."""
    found = meetings_attended(enrolment_ids, "intervision")
    statement = select(GroupDays).where(GroupDays.enrolment_id.in_(enrolment_ids))
    there = {row.enrolment_id: row for row in db.session.scalars(unscoped(statement, _ASKED))}
    for one in enrolment_ids:
        attended, held = found.get(one, (0, 0))
        row = there.get(one)
        if row is None:
            db.session.add(GroupDays(enrolment_id=one, cohort_id=cohort_id, attended=attended, held=held))
        elif (row.attended, row.held) != (attended, held):
            row.attended, row.held = attended, held
    db.session.flush()
