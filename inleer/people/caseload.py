"""Writes about caseloads: another coach for one candidate or for many, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from inleer import audit, clock
from inleer.db import db, new_id
from inleer.errors import DomainError, StaleEdit
from inleer.events import coach_changed
from inleer.i18n import _, format_date
from inleer.people.models import Candidate, CoachChange
from inleer.policy import Actor, unscoped


def change_coach(
    actor: Actor, candidate: Candidate, coach_id: UUID, on: date, reason: str, version: int
) -> CoachChange:
    """Give a candidate that was loaded in scope to another coach of the agency, at once; ``on`` is since when.

    The caller offers coaches of the agency only. Raises DomainError for the same coach or an impossible day,
    StaleEdit for an older version.
    """
    if version != candidate.version:
        raise StaleEdit(candidate, version)
    return _change(actor, [candidate], coach_id, on, reason, None)[0]


def hand_over(
    actor: Actor, candidates: Sequence[Candidate], coach_id: UUID, on: date, reason: str
) -> list[CoachChange]:
    """Give several candidates of one coach, loaded in scope, to a colleague: one step, with one way back.

    Returns the changes; they share a batch. Raises DomainError as :func:`check_change` does.
    """
    return _change(actor, candidates, coach_id, on, reason, new_id())


def _change(
    actor: Actor, candidates: Sequence[Candidate], coach_id: UUID, on: date, reason: str, batch: UUID | None
) -> list[CoachChange]:
    check_change(candidates, coach_id, on)
    changes = []
    for candidate in candidates:
        change = CoachChange(
            id=new_id(),
            candidate_id=candidate.id,
            from_id=candidate.coach_id,
            to_id=coach_id,
            on=on,
            reason=reason,
            recorded_on=clock.today(),
            recorded_at=clock.now(),
            by_id=actor.user_id,
            by_name=actor.name,
            batch_id=batch,
        )
        db.session.add(change)
        changes.append(change)
        details = {"from": str(candidate.coach_id or ""), "to": str(coach_id), "on": str(on)}
        if batch is not None:
            details["batch"] = str(batch)
        subject = ("candidate", candidate.id)
        audit.record(actor, "candidate.coach_changed", subject, fields=["coach_id"], details=details)
        candidate.coach_id = coach_id
    db.session.flush()
    coach_changed.fire(actor, [one.id for one in candidates])
    return changes


def check_change(candidates: Sequence[Candidate], coach_id: UUID, on: date) -> None:
    """Refuse nobody, the coach of now, a day ahead, and one before somebody came to the coach of now.

    Raises DomainError.
    """
    if not candidates:
        raise DomainError(_("Kies minstens één kandidaat."), "candidates")
    if any(coach_id == one.coach_id for one in candidates):
        raise DomainError(_("Deze kandidaat heeft deze werkcoach al."), "coach_id")
    if on > clock.today():
        message = _(
            "Deze dag ligt in de toekomst. Regel tot die dag een waarneming, of leg het op die dag vast."
        )
        raise DomainError(message, "on")
    last = last_changes([one.id for one in candidates])
    first = max(
        last[one.id].on if one.id in last else clock.local(one.created_at).date() for one in candidates
    )
    if on < first:
        raise DomainError(_("Kies %(day)s of later.", day=format_date(first, "lang")), "on")


def take_back(actor: Actor, change: CoachChange) -> Candidate:
    """The candidate returns to the coach of before; returns the candidate. The change was loaded in scope.

    Raises DomainError when the candidate went to another coach since.
    """
    returned = _return(actor, [change])
    if not returned:
        raise DomainError(_("Deze kandidaat heeft intussen weer een andere werkcoach."))
    return returned[0]


def take_back_batch(actor: Actor, changes: Sequence[CoachChange]) -> tuple[list[Candidate], int]:
    """Everybody of one hand-over, loaded in scope, returns to the coach of before.

    Returns who returned, and how many stay because they went on to another coach since. Raises DomainError when that
    is everybody.
    """
    returned = _return(actor, changes)
    if not returned:
        raise DomainError(_("Deze kandidaten hebben intussen weer een andere werkcoach."))
    return returned, len(changes) - len(returned)


def _return(actor: Actor, changes: Sequence[CoachChange]) -> list[Candidate]:
    ids = [change.candidate_id for change in changes]
    asked = unscoped(select(Candidate).where(Candidate.id.in_(ids)), "of loaded changes")
    people = {one.id: one for one in db.session.execute(asked).scalars()}
    last, returned = last_changes(ids), []
    for change in changes:
        candidate = people[change.candidate_id]
        if last[candidate.id].id != change.id or candidate.coach_id != change.to_id:
            continue
        details = {"from": str(change.to_id), "to": str(change.from_id or "")}
        if change.batch_id is not None:
            details["batch"] = str(change.batch_id)
        subject = ("candidate", candidate.id)
        audit.record(actor, "candidate.coach_change_undone", subject, fields=["coach_id"], details=details)
        candidate.coach_id = change.from_id
        db.session.delete(change)
        returned.append(candidate)
    db.session.flush()
    coach_changed.fire(actor, [one.id for one in returned])
    return returned


def last_changes(candidate_ids: Sequence[UUID]) -> dict[UUID, CoachChange]:
    """The latest change of coach of each of these candidates, who were loaded in scope."""
    statement = (
        select(CoachChange)
        .where(CoachChange.candidate_id.in_(candidate_ids))
        .order_by(CoachChange.recorded_at)
    )
    changes = db.session.execute(unscoped(statement, "of loaded candidates")).scalars()
    return {change.candidate_id: change for change in changes}
