"""Reads of certificates. Each is one statement, whatever the number of people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, and_, bindparam, select

from inleer.plugin import Actor, Candidate, Enrolment, clock, fetch, scope, scoped_select
from inleer_logistiek.access import VIEW
from inleer_logistiek.models import Certificate
from inleer_logistiek.rows import TOOK_PART, Held, Holder
from inleer_logistiek.rules import state_of

Condition = ColumnElement[bool]
COHORT: Final[ColumnElement[UUID]] = bindparam("cohort_id", type_=Uuid())
IDS: Final = bindparam("ids", type_=Uuid(), expanding=True)


def holders(actor: Actor, cohort_id: UUID) -> list[Holder]:
    """Everybody who takes or took part in a cohort, as far as the actor may see them, by last name."""
    statement = _in_cohort(scope(actor, Certificate, VIEW), scope(actor, Enrolment))
    return _holders(fetch(actor, statement, cohort_id=cohort_id), clock.today())


def held_by(actor: Actor, enrolment_ids: Sequence[UUID]) -> dict[UUID, Holder]:
    """These people with their certificates, as far as the actor may see both."""
    statement = _of_people(scope(actor, Certificate, VIEW), scope(actor, Enrolment))
    found = _holders(fetch(actor, statement, ids=list(enrolment_ids)), clock.today())
    return {one.enrolment_id: one for one in found}


@lru_cache(maxsize=32)
def _in_cohort(certificates: Condition, enrolments: Condition) -> Select[Any]:
    """Built once per kind of scope; those are the same objects for everybody in a role."""
    statement = _people(and_(Certificate.removed_at.is_(None), certificates))
    return scoped_select(
        statement.where(Enrolment.cohort_id == COHORT, Enrolment.state.in_(TOOK_PART), enrolments)
    )


@lru_cache(maxsize=32)
def _of_people(certificates: Condition, enrolments: Condition) -> Select[Any]:
    """Built once per kind of scope. Holds what was taken back too."""
    return scoped_select(_people(certificates).where(Enrolment.id.in_(IDS), enrolments))


def _people(certificates: Condition) -> Select[Any]:
    columns: tuple[Any, ...] = (
        Enrolment.id.label("enrolment_id"),
        Enrolment.cohort_id,
        Enrolment.state.label("taking_part"),
        Candidate.first_name,
        Candidate.tussenvoegsel,
        Candidate.last_name,
        Certificate,
    )
    return (
        select(*columns)
        .join(Candidate, Candidate.id == Enrolment.candidate_id)
        .outerjoin(Certificate, and_(Certificate.enrolment_id == Enrolment.id, certificates))
        .order_by(
            Candidate.sort_name,
            Enrolment.id,
            Certificate.obtained_on.desc(),
            Certificate.kind,
            Certificate.id,
        )
    )


def _holders(rows: Iterable[Any], today: date) -> list[Holder]:
    found: dict[UUID, Holder] = {}
    for row in rows:
        person = found.get(row.enrolment_id) or Holder(
            enrolment_id=row.enrolment_id,
            cohort_id=row.cohort_id,
            first_name=row.first_name,
            tussenvoegsel=row.tussenvoegsel,
            last_name=row.last_name,
            state=row.taking_part,
        )
        if row.Certificate is not None:
            person = _with(person, row.Certificate, today)
        found[row.enrolment_id] = person
    return list(found.values())


def _with(person: Holder, certificate: Certificate, today: date) -> Holder:
    one = as_held(certificate, today)
    if certificate.removed_at is not None:
        return replace(person, removed=(*person.removed, one))
    return replace(person, held=(*person.held, one))


def as_held(certificate: Certificate, today: date) -> Held:
    """A certificate as the pages show it."""
    return Held(
        id=certificate.id,
        kind=certificate.kind,
        obtained_on=certificate.obtained_on,
        valid_until=certificate.valid_until,
        issuer=certificate.issuer,
        number=certificate.number,
        recorded_by_name=certificate.recorded_by_name,
        version=certificate.version,
        state=state_of(certificate.valid_until, today),
    )
