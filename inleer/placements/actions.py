"""Writes of placements: propose, agree, start, complete, change, end early; each with its way back."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from inleer import audit, clock
from inleer.cohorts.models import Enrolment
from inleer.db import db
from inleer.errors import DomainError, StaleEdit
from inleer.events import placement_changed
from inleer.i18n import _
from inleer.placements.checks import (
    check_agreed,
    check_free,
    check_partner,
    check_phase,
    enrolment_of,
    last_event,
)
from inleer.placements.models import Placement, PlacementEvent
from inleer.placements.rules import (
    Span,
    check_completed,
    check_ending,
    check_plan,
    check_start,
    check_step,
)
from inleer.policy import Actor

#: In these states of an enrolment somebody can be placed, and a plan can still change.
PLACEABLE = ("selected", "active", "paused")
OPEN = ("proposed", "agreed", "running")
_DATES = ("from_on", "until_on", "ended_on")
_IDS = ("host_id", "contract_partner_id")


@dataclass(frozen=True)
class Plan:
    """What is planned: where, from and until a day (both included), on which weekdays (``days_sum``), hours a week.

    ``function`` is what the person will do there; ``phase_key`` one of the cohort's phases, or None.
    """

    kind: str
    host_id: UUID
    function: str
    from_on: date
    until_on: date
    weekdays: int
    hours: int
    phase_key: str | None = None
    contract_partner_id: UUID | None = None
    department: str | None = None
    supervisor_name: str | None = None

    @property
    def last_on(self) -> date:
        """The last day, as planned."""
        return self.until_on


def propose(actor: Actor, enrolment: Enrolment, plan: Plan, agreed: bool = False) -> Placement:
    """Propose a placement of an enrolment that was loaded in scope; ``agreed`` when all sides said yes already.

    Raises DomainError for an impossible plan, a host that takes no part, days on which the person is elsewhere, or
    what a rule of the route keeps from being agreed.
    """
    if enrolment.state not in PLACEABLE:
        raise DomainError(_("Deze deelname is nog niet begonnen of al geëindigd."))
    _check(enrolment, plan, None)
    state = "agreed" if agreed else "proposed"
    values = {f.name: getattr(plan, f.name) for f in fields(plan)}
    placement = Placement(
        enrolment_id=enrolment.id,
        candidate_id=enrolment.candidate_id,
        cohort_id=enrolment.cohort_id,
        state=state,
        **values,
    )
    db.session.add(placement)
    details = {"enrolment": str(enrolment.id), "kind": plan.kind, "host": str(plan.host_id), "state": state}
    db.session.flush()
    _note(actor, placement, None, {})
    audit.record(actor, "placement.proposed", placement, details=details)
    _tell(actor, placement)
    if agreed:
        check_agreed(enrolment)
    return placement


def change(actor: Actor, placement: Placement, plan: Plan, version: int) -> list[str]:
    """Change the plan; returns the changed fields. Raises DomainError as :func:`propose`, StaleEdit."""
    _fresh(placement, version)
    if placement.state not in OPEN:
        raise DomainError(_("Deze plaatsing is al geëindigd. Draai eerst het einde terug."))
    enrolment = enrolment_of(placement)
    _check(enrolment, plan, placement.id)
    new = {f.name: getattr(plan, f.name) for f in fields(plan)}
    before = {
        name: getattr(placement, name) for name, value in new.items() if getattr(placement, name) != value
    }
    if before:
        for name in before:
            setattr(placement, name, new[name])
        _note(actor, placement, placement.state, before)
        audit.record(actor, "placement.changed", placement, fields=sorted(before))
        _tell(actor, placement)
        if placement.state == "agreed":
            check_agreed(enrolment)
    return sorted(before)


def step(actor: Actor, placement: Placement, state: str, version: int) -> None:
    """Agree, start or complete. Raises DomainError for a step that does not exist, comes too early, or is an agreement
    that a rule of the route refuses; StaleEdit."""
    _fresh(placement, version)
    if state == "ended_early":
        raise ValueError("an early end needs who and why: end_early")
    check_step(placement.state, state)
    if state == "running":
        check_start(placement.from_on, clock.today())
    if state == "completed":
        check_completed(placement.until_on, clock.today())
    _to(actor, placement, state, {})
    if state == "agreed":
        check_agreed(enrolment_of(placement))


def end_early(
    actor: Actor, placement: Placement, ended_on: date | None, by: str, reason: str, version: int
) -> None:
    """End before the planned last day: the real one (None: it never began), who took the initiative, and why.

    Raises DomainError for a missing answer or an impossible day, StaleEdit.
    """
    _fresh(placement, version)
    check_step(placement.state, "ended_early")
    if ended_on is None:
        ended_on = placement.from_on - timedelta(days=1)
    check_ending(placement.from_on, placement.until_on, ended_on, by, reason, clock.today())
    before = {"ended_on": None, "ended_by": None, "ended_reason": ""}
    placement.ended_on, placement.ended_by, placement.ended_reason = ended_on, by, reason.strip()
    _to(actor, placement, "ended_early", before, {"by": by, "on": str(ended_on)})


def undo(actor: Actor, placement: Placement, version: int) -> bool:
    """Take back the last step: what it replaced returns. False when that was the proposal, which is gone then.

    Raises DomainError when the person is elsewhere on those days by now, StaleEdit.
    """
    _fresh(placement, version)
    last = last_event(placement.id)
    details = {"from": placement.state, "to": last.from_state}
    audit.record(actor, "placement.undone", placement, fields=sorted(last.before), details=details)
    db.session.delete(last)
    db.session.flush()
    if last.from_state is None:
        db.session.delete(placement)
        _tell(actor, placement)
        return False
    before = {name: _restored(name, value) for name, value in last.before.items()}
    check_free(placement.candidate_id, _span(placement, before), placement.id)
    for name, value in before.items():
        setattr(placement, name, value)
    placement.state = last.from_state
    _tell(actor, placement)
    return True


def _check(enrolment: Enrolment, plan: Plan, but: UUID | None) -> None:
    check_plan(plan.kind, plan.from_on, plan.until_on, plan.weekdays, plan.hours)
    if not plan.function.strip():
        raise DomainError(_("Vul een functie of werkplek in."), "function")
    if enrolment.joined_on is not None and plan.from_on < enrolment.joined_on:
        raise DomainError(_("De eerste dag ligt voor de instapdatum van deze deelname."), "from_on")
    check_partner(enrolment, plan, plan.host_id, "host_id")
    if plan.contract_partner_id is not None:
        check_partner(enrolment, plan, plan.contract_partner_id, "contract_partner_id")
    if plan.phase_key is not None:
        check_phase(enrolment, plan.phase_key)
    check_free(enrolment.candidate_id, plan, but)


def _to(
    actor: Actor,
    placement: Placement,
    state: str,
    before: dict[str, Any],
    details: dict[str, str] | None = None,
) -> None:
    old, placement.state = placement.state, state
    _note(actor, placement, old, before)
    details = {"from": old, "to": state, **(details or {})}
    audit.record(actor, "placement.state_changed", placement, details=details)
    _tell(actor, placement)


def _note(actor: Actor, placement: Placement, old: str | None, before: dict[str, Any]) -> None:
    db.session.add(
        PlacementEvent(
            placement_id=placement.id,
            number=1 if old is None else last_event(placement.id).number + 1,
            at=clock.now(),
            on=clock.today(),
            from_state=old,
            to_state=placement.state,
            before={name: _stored(value) for name, value in before.items()},
            by_id=actor.user_id,
            by_name=actor.name,
        )
    )


def _tell(actor: Actor, placement: Placement) -> None:
    db.session.flush()
    placement_changed.fire(actor, [placement.enrolment_id])


def _fresh(placement: Placement, version: int) -> None:
    if version != placement.version:
        raise StaleEdit(placement, version)


def _span(placement: Placement, before: dict[str, Any]) -> Span:
    """The days of a placement once these values are back."""
    ended, until, first, days = (
        before.get(name, getattr(placement, name)) for name in ("ended_on", "until_on", "from_on", "weekdays")
    )
    return Span(first, ended or until, days)


def _stored(value: Any) -> Any:
    """A value as JSON keeps it; numbers, texts and nothing stay as they are."""
    return str(value) if isinstance(value, (date, UUID)) else value


def _restored(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _DATES:
        return date.fromisoformat(value)
    return UUID(value) if name in _IDS else value
