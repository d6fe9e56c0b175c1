"""Writes about group assignments and who works on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from inleer.plugin import Actor, Cohort, DomainError, StaleEdit, _, clock, db, load, new_id, record
from inleer_gemeente import lookups, rules
from inleer_gemeente.access import MANAGE
from inleer_gemeente.models import Assignment, AssignmentMember

_FIELDS = ("title", "client", "from_on", "until_on")


@dataclass(frozen=True, slots=True)
class AssignmentInput:
    """What a user fills in: what, for whom, from and until a day, and the enrolments that work on it."""

    title: str
    client: str
    from_on: date
    until_on: date
    members: tuple[UUID, ...] = ()


def add(actor: Actor, cohort_id: UUID, values: AssignmentInput) -> Assignment:
    """Add a group assignment. Raises DomainError for what cannot be, NotVisible and Forbidden."""
    load(actor, MANAGE, Cohort, cohort_id)
    texts = _checked(cohort_id, values, set())
    made = Assignment(
        id=new_id(), cohort_id=cohort_id, from_on=values.from_on, until_on=values.until_on, **texts
    )
    db.session.add(made)
    record(actor, "gemeente_assignment.added", made, details={"members": len(values.members)})
    db.session.flush()
    _set_members(made, values.members)
    return made


def change(actor: Actor, assignment: Assignment, values: AssignmentInput, version: int) -> list[str]:
    """Change a group assignment; returns the names of what changed. Raises DomainError, StaleEdit."""
    _allowed(actor, assignment, version)
    before = {m.enrolment_id for m in lookups.members_of(assignment.id)}
    new = {
        **_checked(assignment.cohort_id, values, before),
        "from_on": values.from_on,
        "until_on": values.until_on,
    }
    names = [name for name in _FIELDS if getattr(assignment, name) != new[name]]
    for name in names:
        setattr(assignment, name, new[name])
    if before != set(values.members):
        names.append("members")
        _set_members(assignment, values.members)
    if names:
        record(actor, "gemeente_assignment.changed", assignment, fields=names)
        db.session.flush()
    return names


def remove(actor: Actor, assignment: Assignment, version: int) -> None:
    """Take a group assignment back; it can be put back. Raises DomainError, StaleEdit."""
    _allowed(actor, assignment, version)
    if assignment.removed_at is not None:
        raise DomainError(_("Deze opdracht is al verwijderd."))
    assignment.removed_at = clock.now()
    record(actor, "gemeente_assignment.removed", assignment)
    db.session.flush()


def restore(actor: Actor, assignment: Assignment, version: int) -> None:
    """Put a group assignment back that was taken back. Raises DomainError, StaleEdit."""
    _allowed(actor, assignment, version)
    if assignment.removed_at is None:
        raise DomainError(_("Deze opdracht is niet verwijderd."))
    assignment.removed_at = None
    record(actor, "gemeente_assignment.restored", assignment)
    db.session.flush()


def _checked(cohort_id: UUID, values: AssignmentInput, there: set[UUID]) -> dict[str, str]:
    texts = {name: rules.check_text(getattr(values, name), name) for name in ("title", "client")}
    for name, text in (("title", _("Vul in wat de opdracht is.")), ("client", _("Vul in voor wie het is."))):
        if not texts[name]:
            raise DomainError(text, name)
    if values.until_on < values.from_on:
        raise DomainError(_("De laatste dag ligt voor de eerste dag."), "until_on")
    lookups.check_members(cohort_id, set(values.members) - there)
    return texts


def _set_members(assignment: Assignment, wanted: tuple[UUID, ...]) -> None:
    there = {m.enrolment_id: m for m in lookups.members_of(assignment.id)}
    for key in there.keys() - set(wanted):
        db.session.delete(there[key])
    for key in set(wanted) - there.keys():
        db.session.add(
            AssignmentMember(assignment_id=assignment.id, enrolment_id=key, cohort_id=assignment.cohort_id)
        )
    db.session.flush()


def _allowed(actor: Actor, assignment: Assignment, version: int) -> None:
    load(actor, MANAGE, Assignment, assignment.id)
    if version != assignment.version:
        raise StaleEdit(assignment, version)
