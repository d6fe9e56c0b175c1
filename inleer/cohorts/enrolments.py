"""Writes about enrolments: enrol, start late, pause, resume, complete, drop out, move to another edition."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from inleer import audit, clock
from inleer.cohorts import days
from inleer.cohorts.models import Cohort, Enrolment, Pause
from inleer.cohorts.returning import come_back
from inleer.cohorts.rules import ENROLMENT_STEPS, check_dropout, check_step
from inleer.cohorts.steps import cohort_of, fresh, note_step, open_pause
from inleer.db import db
from inleer.errors import DomainError
from inleer.events import enrolment_changed, figures_changed
from inleer.i18n import _
from inleer.policy import Actor, unscoped


def enrol(
    actor: Actor,
    cohort: Cohort,
    candidate_id: UUID,
    joined_on: date | None = None,
    state: str | None = None,
    other_id: UUID | None = None,
) -> Enrolment:
    """Enrol a candidate: active when the start has passed, else selected; joined on the start unless said otherwise.

    ``other_id``: the edition that the candidate moves from. Who was moved away or withdrew comes back as who they
    were. Raises DomainError when the candidate is in this cohort already, or joins before it starts.
    """
    if joined_on is not None and joined_on < cohort.starts_on:
        raise DomainError(_("De instapdatum ligt voor de start van de lichting."), "joined_on")
    joined = joined_on or cohort.starts_on
    state = state or ("active" if joined <= clock.today() else "selected")
    before = select(Enrolment).where(Enrolment.cohort_id == cohort.id, Enrolment.candidate_id == candidate_id)
    known = db.session.scalars(unscoped(before, "unique enrolment")).one_or_none()
    if known is not None:
        return come_back(actor, known, joined, state, other_id)
    enrolment = Enrolment(cohort_id=cohort.id, candidate_id=candidate_id, state=state, joined_on=joined)
    db.session.add(enrolment)
    db.session.flush()
    note_step(actor, enrolment, None, state, joined, other_id=other_id)
    audit.record(
        actor,
        "enrolment.created",
        enrolment,
        details={
            "cohort": str(cohort.id),
            "candidate": str(candidate_id),
            "state": state,
            "joined": str(joined),
        },
    )
    enrolment_changed.fire(actor, [enrolment.id])
    return enrolment


def change_joined(actor: Actor, enrolment: Enrolment, joined_on: date, reason: str, version: int) -> None:
    """The candidate starts on another day. Sessions before it do not count. Raises DomainError, StaleEdit."""
    fresh(enrolment, version)
    if enrolment.state not in ("selected", "active", "paused"):
        raise DomainError(_("Deze deelname is al geëindigd."))
    days.check(days.of_start(enrolment, joined_on))
    audit.record(
        actor,
        "enrolment.joined_changed",
        enrolment,
        details={"from": str(enrolment.joined_on), "to": str(joined_on)},
    )
    state = "active" if joined_on <= clock.today() and enrolment.state == "selected" else enrolment.state
    note_step(actor, enrolment, enrolment.state, state, joined_on, reason, joined_before=enrolment.joined_on)
    enrolment.joined_on, enrolment.state = joined_on, state
    db.session.flush()
    figures_changed.fire(actor, [enrolment.id])
    enrolment_changed.fire(actor, [enrolment.id])


def pause(
    actor: Actor,
    enrolment: Enrolment,
    from_on: date,
    until_on: date,
    owner_id: UUID,
    reason: str,
    version: int,
) -> Pause:
    """Pause an enrolment, from and until a day (both included), with an owner. Raises DomainError, StaleEdit."""
    fresh(enrolment, version)
    check_step(ENROLMENT_STEPS, enrolment.state, "paused")
    days.check(days.of_pause(enrolment, from_on, until_on))
    row = Pause(
        enrolment_id=enrolment.id, from_on=from_on, until_on=until_on, owner_id=owner_id, reason=reason
    )
    db.session.add(row)
    db.session.flush()
    _step(
        actor, enrolment, "paused", from_on, reason, {"until": str(until_on), "owner": str(owner_id)}, [row]
    )
    return row


def prolong(actor: Actor, enrolment: Enrolment, until_on: date, owner_id: UUID, version: int) -> None:
    """The running pause lasts until another day, with somebody who keeps contact. Raises DomainError, StaleEdit."""
    fresh(enrolment, version)
    row = open_pause(enrolment.id)
    if row is None or enrolment.state != "paused":
        raise DomainError(_("Er loopt geen pauze."))
    days.check(days.of_longer_pause(enrolment, until_on))
    details = {"from": str(row.until_on), "to": str(until_on), "owner": str(owner_id)}
    audit.record(actor, "enrolment.pause_prolonged", enrolment, details=details, covers=[row])
    row.until_on, row.owner_id = until_on, owner_id
    db.session.flush()
    enrolment_changed.fire(actor, [enrolment.id])


def resume(actor: Actor, enrolment: Enrolment, on: date, version: int) -> None:
    """The candidate is back from ``on``; the pause ends the day before. Raises DomainError, StaleEdit."""
    fresh(enrolment, version)
    check_step(ENROLMENT_STEPS, enrolment.state, "active")
    days.check(days.of_return(enrolment, on))
    row = open_pause(enrolment.id)
    covers = []
    if row is not None:
        row.ended_on = date.fromordinal(on.toordinal() - 1)
        covers.append(row)
    _step(actor, enrolment, "active", on, "", {}, covers)


def drop_out(
    actor: Actor,
    enrolment: Enrolment,
    left_on: date,
    initiator: str,
    reason: str,
    would_return: str,
    version: int,
    remark: str = "",
) -> None:
    """The candidate stops: last day, who initiated, why, and whether they would return. Never "unknown".

    Raises DomainError for a missing answer or an impossible day, StaleEdit for an older version.
    """
    fresh(enrolment, version)
    check_step(ENROLMENT_STEPS, enrolment.state, "dropped_out")
    check_dropout(initiator, reason, would_return)
    days.check(days.of_end(enrolment, left_on))
    enrolment.left_on = left_on
    enrolment.dropout_initiator, enrolment.dropout_reason = initiator, reason
    enrolment.would_return = would_return
    details = {"initiator": initiator, "reason": reason, "would_return": would_return}
    _step(actor, enrolment, "dropped_out", left_on, remark, details, _closed_pause(enrolment, left_on))


def complete(actor: Actor, enrolment: Enrolment, left_on: date, exit_kind: str, version: int) -> None:
    """The candidate finishes with one of the route's exits. Raises DomainError, StaleEdit."""
    fresh(enrolment, version)
    check_step(ENROLMENT_STEPS, enrolment.state, "completed")
    days.check(days.of_end(enrolment, left_on))
    enrolment.left_on, enrolment.exit_kind = left_on, exit_kind
    _step(actor, enrolment, "completed", left_on, "", {"exit": exit_kind}, _closed_pause(enrolment, left_on))


def move(
    actor: Actor,
    enrolment: Enrolment,
    target: Cohort,
    last_day: date,
    first_day: date,
    reason: str,
    version: int,
) -> Enrolment:
    """Move the candidate to another edition of the same agency; not a dropout. Returns the new enrolment.

    Raises DomainError when the editions are the same, of different agencies, or the days overlap; StaleEdit.
    """
    fresh(enrolment, version)
    check_step(ENROLMENT_STEPS, enrolment.state, "moved")
    source = cohort_of(enrolment)
    if target.id == source.id or target.agency_id != source.agency_id:
        raise DomainError(_("Kies een andere lichting."), "cohort_id")
    if target.state not in ("draft", "recruiting", "running"):
        raise DomainError(_("Die lichting neemt niemand meer op."), "cohort_id")
    days.check(days.of_move(enrolment, target, last_day, first_day))
    enrolment.left_on, enrolment.moved_to_id = last_day, target.id
    details = {"to_cohort": str(target.id)}
    _step(actor, enrolment, "moved", last_day, reason, details, _closed_pause(enrolment, last_day))
    arrived = enrol(actor, target, enrolment.candidate_id, first_day, other_id=source.id)
    figures_changed.fire(actor, [arrived.id])
    return arrived


def step(actor: Actor, enrolment: Enrolment, state: str, on: date, reason: str, version: int) -> None:
    """A step before the start (invite, intake, select, wait, reject, withdraw, activate). Raises DomainError."""
    fresh(enrolment, version)
    check_step(ENROLMENT_STEPS, enrolment.state, state)
    _step(actor, enrolment, state, on, reason, {}, [])


def _closed_pause(enrolment: Enrolment, left_on: date) -> list[Pause]:
    row = open_pause(enrolment.id)
    if row is None:
        return []
    # Until the last day, also when that lies past the planned end: nobody came back in between.
    row.ended_on = max(left_on, row.from_on)
    return [row]


def _step(
    actor: Actor,
    enrolment: Enrolment,
    state: str,
    on: date,
    reason: str,
    details: dict[str, str],
    covers: list[Pause],
) -> None:
    other = enrolment.moved_to_id if state == "moved" else None
    note_step(actor, enrolment, enrolment.state, state, on, reason, other_id=other)
    audit.record(
        actor,
        "enrolment.state_changed",
        enrolment,
        details={"from": enrolment.state, "to": state, "on": str(on), **details},
        covers=covers,
    )
    enrolment.state = state
    db.session.flush()
    figures_changed.fire(actor, [enrolment.id])
    enrolment_changed.fire(actor, [enrolment.id])
