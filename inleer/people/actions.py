"""Writes about candidates: the person, the numbers, the caseload, cover and intake answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from inleer import audit, clock
from inleer.db import db
from inleer.errors import DomainError, Forbidden, StaleEdit
from inleer.i18n import _
from inleer.people.models import Candidate, Cover, FieldValue, Identifier
from inleer.people.rules import check_birth_date, sort_name
from inleer.policy import Actor, Perm, can

PERSONAL = (
    "first_name",
    "tussenvoegsel",
    "last_name",
    "birth_date",
    "postcode",
    "phone",
    "email",
    "language_level",
    "driving_licence",
    "benefit",
    "children",
    "startkwalificatie",
)


def create_candidate(
    actor: Actor,
    agency_id: UUID,
    values: Mapping[str, Any],
    client_number: str | None = None,
    coach_id: UUID | None = None,
) -> Candidate:
    """Create a candidate of an agency. ``values`` are keys of PERSONAL. Raises DomainError without any name."""
    _check(values)
    candidate = Candidate(agency_id=agency_id, coach_id=coach_id, created_at=clock.now(), sort_name="")
    _assign(candidate, values)
    if not candidate.last_name:
        raise DomainError(_("Vul een achternaam in."), "last_name")
    db.session.add(candidate)
    audit.record(
        actor, "candidate.created", candidate, fields=[k for k, v in values.items() if v is not None]
    )
    if client_number:
        set_number(actor, candidate, agency_id, client_number)
    return candidate


def update_candidate(
    actor: Actor, candidate: Candidate, values: Mapping[str, Any], version: int | None = None
) -> list[str]:
    """Change personal details; returns the names of the changed fields. Raises StaleEdit for an older version."""
    _check(values)
    if version is not None and version != candidate.version:
        raise StaleEdit(candidate, version)
    changed = [k for k, v in values.items() if getattr(candidate, k) != v]
    if changed:
        _assign(candidate, {k: values[k] for k in changed})
        audit.record(actor, "candidate.changed", candidate, fields=changed)
    return changed


def _check(values: Mapping[str, Any]) -> None:
    unknown = set(values) - set(PERSONAL)
    if unknown:
        raise ValueError(f"not personal details: {sorted(unknown)}")
    if values.get("birth_date") is not None:
        check_birth_date(values["birth_date"], clock.today())


def _assign(candidate: Candidate, values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        setattr(candidate, key, value)
    candidate.sort_name = sort_name(candidate.last_name or "", candidate.first_name or "")


def set_number(actor: Actor, candidate: Candidate, organisation_id: UUID, number: str) -> Identifier:
    """Give the candidate a number at an organisation. Raises DomainError when it belongs to someone else."""
    found = db.session.execute(
        select(Identifier).where(Identifier.organisation_id == organisation_id, Identifier.number == number)
    ).scalar_one_or_none()
    if found is not None:
        if found.candidate_id != candidate.id:
            raise DomainError(_("Nummer %(number)s is al van iemand anders.", number=number), "number")
        return found
    db.session.flush()
    identifier = Identifier(candidate_id=candidate.id, organisation_id=organisation_id, number=number)
    db.session.add(identifier)
    audit.record(actor, "candidate.number_set", candidate, details={"organisation": str(organisation_id)})
    return identifier


def assign_coach(actor: Actor, candidate: Candidate, coach_id: UUID | None) -> None:
    """Put the candidate in a coach's caseload (None: nobody's)."""
    if candidate.coach_id == coach_id:
        return
    before = candidate.coach_id
    candidate.coach_id = coach_id
    audit.record(
        actor,
        "candidate.coach_assigned",
        candidate,
        details={"from": str(before or ""), "to": str(coach_id or "")},
    )


def arrange_cover(actor: Actor, coach_id: UUID, substitute_id: UUID, from_on: date, until_on: date) -> Cover:
    """Let a colleague stand in for a coach of the same agency, from and until a day (both included).

    Raises DomainError for impossible dates or when both are the same person.
    """
    _require(actor, Perm.COVER_ARRANGE)
    for problem in cover_problems(str(coach_id), str(substitute_id), from_on, until_on):
        raise problem
    cover = Cover(
        agency_id=actor.organisation_id,
        coach_id=coach_id,
        substitute_id=substitute_id,
        from_on=from_on,
        until_on=until_on,
    )
    db.session.add(cover)
    audit.record(
        actor,
        "cover.arranged",
        cover,
        details={
            "coach": str(coach_id),
            "substitute": str(substitute_id),
            "from": str(from_on),
            "until": str(until_on),
        },
    )
    return cover


def cover_problems(
    coach_id: str | None, substitute_id: str | None, from_on: date | None, until_on: date | None
) -> list[DomainError]:
    """All that is wrong with what is filled in of a cover; what is not filled in has no problem here."""
    found = []
    if coach_id and coach_id == substitute_id:
        found.append(DomainError(_("Kies een collega, niet uzelf."), "substitute_id"))
    if from_on is not None and until_on is not None and until_on < from_on:
        found.append(DomainError(_("De laatste dag ligt voor de eerste dag."), "until_on"))
    elif until_on is not None and until_on < clock.today():
        found.append(DomainError(_("Deze periode is al voorbij."), "until_on"))
    return found


def end_cover(actor: Actor, cover: Cover) -> None:
    """End a cover now; one that has not begun yet disappears."""
    today = clock.today()
    audit.record(actor, "cover.ended", cover, details={"until": str(today)})
    if cover.from_on >= today:
        db.session.delete(cover)
    else:
        cover.until_on = min(cover.until_on, today.fromordinal(today.toordinal() - 1))


def save_answers(
    actor: Actor, candidate: Candidate, group_key: str, answers: Mapping[str, Any], version: int | None
) -> FieldValue:
    """Save the answers to one field group of the intake. Raises StaleEdit when someone saved in the meantime."""
    found = answers_of(candidate.id, group_key)
    if found is not None and version != found.version:
        raise StaleEdit(found, version or 0)
    if found is None:
        found = FieldValue(candidate_id=candidate.id, group_key=group_key)
        db.session.add(found)
    found.answers = dict(answers)
    found.answered_on = clock.today()
    found.answered_by_id = actor.user_id
    audit.record(
        actor, "candidate.answers_saved", found, fields=sorted(answers), details={"group": group_key}
    )
    return found


def answers_of(candidate_id: UUID, group_key: str) -> FieldValue | None:
    """The stored answers of a candidate that was loaded in scope."""
    return db.session.execute(
        select(FieldValue).where(FieldValue.candidate_id == candidate_id, FieldValue.group_key == group_key)
    ).scalar_one_or_none()


def _require(actor: Actor, perm: str) -> None:
    decision = can(actor, perm)
    if not decision.allowed:
        raise Forbidden(decision.reason)
