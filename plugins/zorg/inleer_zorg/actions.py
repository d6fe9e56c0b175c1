"""Writes about help requests and visits. Each checks the permission on the thing itself and leaves an audit event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from inleer.plugin import (
    Actor,
    Cohort,
    DomainError,
    NotVisible,
    StaleEdit,
    _,
    clock,
    db,
    load,
    new_id,
    people_changed,
    record,
    unscoped,
)
from inleer_zorg import lookups, rules
from inleer_zorg.access import MANAGE
from inleer_zorg.models import HelpRequest, Visit
from inleer_zorg.rows import TAKING_PART, TOOK_PART

#: What a user fills in about a help request.
FIELDS: Final = (
    "requester",
    "task",
    "description",
    "area",
    "weekday",
    "starts",
    "agreed_minutes",
    "asked_on",
)


@dataclass(frozen=True, slots=True)
class VisitInput:
    """What a user fills in about a visit: who went, on which day, how many minutes, and a remark."""

    enrolment_id: UUID
    on: date
    minutes: int
    remark: str = ""


def create(
    actor: Actor, cohort_id: UUID, values: Mapping[str, Any], request_id: UUID | None = None
) -> HelpRequest:
    """Add a help request to a cohort. The same one again, while it runs, is the one that is there: a double click.

    Raises DomainError for what may not be written down, NotVisible and Forbidden.
    """
    load(actor, MANAGE, Cohort, cohort_id)
    clean = _clean(values)
    lookups.wait_for_others(Cohort, cohort_id)
    found = lookups.same_request(cohort_id, clean)
    if found is not None:
        return found
    made = HelpRequest(id=request_id or new_id(), cohort_id=cohort_id, **clean)
    db.session.add(made)
    record(actor, "zorg_help_request.created", made, details={"cohort": str(cohort_id), "task": made.task})
    return made


def change(actor: Actor, help_request: HelpRequest, values: Mapping[str, Any], version: int) -> list[str]:
    """Change what was asked or agreed; returns the names of the changed fields. Raises StaleEdit, DomainError."""
    _allowed(actor, help_request, version)
    clean = _clean(values)
    changed = [name for name in FIELDS if getattr(help_request, name) != clean[name]]
    for name in changed:
        setattr(help_request, name, clean[name])
    if changed:
        record(actor, "zorg_help_request.changed", help_request, fields=changed)
        db.session.flush()
    return changed


def assign(actor: Actor, help_request: HelpRequest, enrolment_id: UUID, version: int) -> None:
    """Give a help request to a participant of its cohort. Raises DomainError, StaleEdit."""
    _allowed(actor, help_request, version)
    rules.check_step(help_request.state, "assigned")
    _check_person(help_request, enrolment_id, TAKING_PART)
    _to(actor, help_request, "assigned", enrolment_id)


def set_state(actor: Actor, help_request: HelpRequest, state: str, version: int) -> None:
    """Finish a help request, withdraw it, take it from who has it ("open"), or let it run again ("assigned").

    What was open before it was withdrawn becomes open again. Raises DomainError, StaleEdit.
    """
    _allowed(actor, help_request, version)
    if state == "assigned" and help_request.enrolment_id is None:
        state = "open"
    if state not in rules.STATES or state == help_request.state:
        raise DomainError(_("Deze stap bestaat niet."))
    rules.check_step(help_request.state, state)
    _to(actor, help_request, state, None if state == "open" else help_request.enrolment_id)


def release(actor: Actor, enrolment_ids: Sequence[UUID]) -> int:
    """Give the running help requests of these people, whom the core chose, back; returns how many became open."""
    running = select(HelpRequest).where(
        HelpRequest.enrolment_id.in_(enrolment_ids), HelpRequest.state == "assigned"
    )
    found = db.session.scalars(unscoped(running, "people of whom the core says that they completed a phase"))
    released = found.all()
    for help_request in released:
        _to(actor, help_request, "open", None)
    db.session.flush()
    return len(released)


def _to(actor: Actor, help_request: HelpRequest, state: str, enrolment_id: UUID | None) -> None:
    details = {"from": help_request.state, "to": state, "enrolment": str(enrolment_id or "")}
    help_request.state, help_request.enrolment_id = state, enrolment_id
    record(actor, "zorg_help_request.state_changed", help_request, details=details)
    db.session.flush()


def record_visit(actor: Actor, help_request: HelpRequest, visit: VisitInput) -> tuple[Visit, bool]:
    """Record a visit; returns it and whether it is new: the same one again is the one that is there.

    Raises DomainError for a day or a number of minutes that cannot be, and for another visit by that person that day.
    """
    _allowed(actor, help_request)
    lookups.wait_for_others(HelpRequest, help_request.id)
    remark = rules.check_text(visit.remark, "remark")
    found = lookups.visit_on(help_request.id, visit.enrolment_id, visit.on)
    if found is not None:
        if (found.minutes, found.remark) == (visit.minutes, remark):
            return found, False
        raise DomainError(
            _("Dit bezoek staat er al, met %(n)s minuten. Wijzig dat bezoek.", n=found.minutes), "on"
        )
    if help_request.state == "withdrawn":
        raise DomainError(_("Deze hulpvraag is ingetrokken. Zet hem eerst terug."))
    _check_visit(help_request, visit)
    made = add_visit(actor, help_request, visit, remark)
    record(actor, "zorg_visit.recorded", made, details=_about(help_request, made))
    people_changed(actor, [visit.enrolment_id])
    return made, True


def add_visit(actor: Actor, help_request: HelpRequest, visit: VisitInput, remark: str) -> Visit:
    """Put a visit that was checked in the session, for the caller to record."""
    made = Visit(
        id=new_id(),
        help_request_id=help_request.id,
        enrolment_id=visit.enrolment_id,
        on=visit.on,
        minutes=visit.minutes,
        remark=remark,
        recorded_at=clock.now(),
        recorded_by_id=actor.user_id,
        recorded_by_name=actor.name,
    )
    db.session.add(made)
    return made


def change_visit(
    actor: Actor, help_request: HelpRequest, visit: Visit, values: VisitInput, version: int
) -> None:
    """Change who went, the day, the minutes or the remark. Raises DomainError, StaleEdit."""
    _allowed(actor, help_request)
    _fresh(visit, version)
    if visit.removed_at is not None:
        raise DomainError(_("Dit bezoek is verwijderd. Zet het eerst terug."))
    lookups.wait_for_others(HelpRequest, help_request.id)
    found = lookups.visit_on(help_request.id, values.enrolment_id, values.on)
    if found is not None and found.id != visit.id:
        raise DomainError(_("Op die dag staat al een bezoek van deze deelnemer."), "on")
    remark = rules.check_text(values.remark, "remark")
    _check_visit(help_request, values, visit.id)
    before = {visit.enrolment_id, values.enrolment_id}
    visit.enrolment_id, visit.on, visit.minutes, visit.remark = (
        values.enrolment_id,
        values.on,
        values.minutes,
        remark,
    )
    record(actor, "zorg_visit.changed", visit, details=_about(help_request, visit))
    db.session.flush()
    people_changed(actor, before)


def remove_visit(actor: Actor, help_request: HelpRequest, visit: Visit, version: int) -> None:
    """Take a visit back: it counts nowhere any more, and can be put back. Raises StaleEdit, DomainError."""
    _allowed(actor, help_request)
    _fresh(visit, version)
    if visit.removed_at is not None:
        raise DomainError(_("Dit bezoek is al verwijderd."))
    visit.removed_at = clock.now()
    _settled(actor, help_request, visit, "zorg_visit.removed")


def restore_visit(actor: Actor, help_request: HelpRequest, visit: Visit, version: int) -> None:
    """Put a visit back that was taken back. Raises StaleEdit, and DomainError when it does not fit any more."""
    _allowed(actor, help_request)
    _fresh(visit, version)
    if visit.removed_at is None:
        raise DomainError(_("Dit bezoek is niet verwijderd."))
    lookups.wait_for_others(HelpRequest, help_request.id)
    if lookups.visit_on(help_request.id, visit.enrolment_id, visit.on) is not None:
        raise DomainError(_("Op die dag staat al een ander bezoek van deze deelnemer."))
    _check_visit(help_request, VisitInput(visit.enrolment_id, visit.on, visit.minutes))
    visit.removed_at = None
    _settled(actor, help_request, visit, "zorg_visit.restored")


def _settled(actor: Actor, help_request: HelpRequest, visit: Visit, action: str) -> None:
    record(actor, action, visit, details=_about(help_request, visit))
    db.session.flush()
    people_changed(actor, [visit.enrolment_id])


def _allowed(actor: Actor, help_request: HelpRequest, version: int | None = None) -> None:
    load(actor, MANAGE, HelpRequest, help_request.id)
    if version is not None:
        _fresh(help_request, version)


def _fresh(row: HelpRequest | Visit, version: int) -> None:
    if version != row.version:
        raise StaleEdit(row, version)


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    if set(values) != set(FIELDS):
        raise ValueError(f"not the fields of a help request: {sorted(set(values) ^ set(FIELDS))}")
    if values["asked_on"] > clock.today():
        raise DomainError(_("Deze dag is nog niet geweest."), "asked_on")
    return {
        **values,
        "requester": rules.check_requester(values["requester"]),
        "description": rules.check_text(values["description"], "description"),
        "area": rules.check_text(values["area"], "area"),
    }


def _check_person(help_request: HelpRequest, enrolment_id: UUID, states: tuple[str, ...]) -> None:
    found = lookups.participation(enrolment_id, clock.today())
    if found is None or found.cohort_id != help_request.cohort_id:
        raise NotVisible
    if found.state not in states:
        raise DomainError(_("Deze deelnemer doet niet meer mee. Kies iemand anders."), "enrolment_id")


def _check_visit(help_request: HelpRequest, visit: VisitInput, apart_from: UUID | None = None) -> None:
    found = lookups.participation(visit.enrolment_id, visit.on, apart_from)
    if found is None or found.cohort_id != help_request.cohort_id:
        raise NotVisible
    if found.state not in TOOK_PART:
        raise DomainError(_("Deze deelnemer doet niet mee."), "enrolment_id")
    rules.check_visit_day(visit.on, clock.today(), found.begins, found.joined_on, found.left_on, found.pauses)
    rules.check_minutes(visit.minutes, found.minutes_that_day)


def _about(help_request: HelpRequest, visit: Visit) -> dict[str, Any]:
    return {
        "help_request": str(help_request.id),
        "enrolment": str(visit.enrolment_id),
        "on": str(visit.on),
        "minutes": visit.minutes,
    }
