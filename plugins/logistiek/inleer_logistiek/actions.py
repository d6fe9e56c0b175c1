"""Writes about certificates. Each checks the permission on the thing itself and leaves an audit event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

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
)
from inleer_logistiek import lookups, rules
from inleer_logistiek.access import MANAGE
from inleer_logistiek.models import Certificate
from inleer_logistiek.rows import TOOK_PART


@dataclass(frozen=True, slots=True)
class CertificateInput:
    """What a user fills in: the kind, when obtained, until when valid (None: no last day), by whom, which number."""

    kind: str
    obtained_on: date
    valid_until: date | None = None
    issuer: str = ""
    number: str = ""


def add(actor: Actor, cohort_id: UUID, enrolment_id: UUID, values: CertificateInput) -> Certificate:
    """Record a certificate of a participant. The same one again is the one that is there: a double click.

    Raises DomainError for what may not be written down, NotVisible and Forbidden.
    """
    load(actor, MANAGE, Cohort, cohort_id)
    clean = _clean(values)
    person = lookups.participation(enrolment_id)
    if person is None or person.cohort_id != cohort_id:
        raise NotVisible
    if person.state not in TOOK_PART:
        raise DomainError(_("Deze deelnemer doet niet mee."), "enrolment_id")
    found = lookups.same_day(enrolment_id, clean.kind, clean.obtained_on)
    if found is not None:
        if input_of(found) == clean:
            return found
        raise DomainError(_("Dit certificaat van die dag staat er al. Wijzig dat."), "obtained_on")
    made = put(actor, cohort_id, enrolment_id, clean)
    _settled(actor, made, "logistiek_certificate.recorded")
    return made


def put(actor: Actor, cohort_id: UUID, enrolment_id: UUID, values: CertificateInput) -> Certificate:
    """Put a certificate that was checked in the session, for the caller to record."""
    made = Certificate(
        id=new_id(),
        cohort_id=cohort_id,
        enrolment_id=enrolment_id,
        kind=values.kind,
        obtained_on=values.obtained_on,
        valid_until=values.valid_until,
        issuer=values.issuer,
        number=values.number,
        recorded_at=clock.now(),
        recorded_by_id=actor.user_id,
        recorded_by_name=actor.name,
    )
    db.session.add(made)
    return made


def change(actor: Actor, certificate: Certificate, values: CertificateInput, version: int) -> list[str]:
    """Change what was recorded; returns the names of the changed fields. Raises DomainError, StaleEdit."""
    _allowed(actor, certificate, version)
    if certificate.removed_at is not None:
        raise DomainError(_("Dit certificaat is verwijderd. Zet het eerst terug."))
    clean = _clean(values)
    lookups.participation(certificate.enrolment_id)
    found = lookups.same_day(certificate.enrolment_id, clean.kind, clean.obtained_on)
    if found is not None and found.id != certificate.id:
        raise DomainError(_("Dit certificaat van die dag staat er al."), "obtained_on")
    names = [n for n in clean.__slots__ if getattr(certificate, n) != getattr(clean, n)]
    for name in names:
        setattr(certificate, name, getattr(clean, name))
    if names:
        _settled(actor, certificate, "logistiek_certificate.changed", names)
    return names


def remove(actor: Actor, certificate: Certificate, version: int) -> None:
    """Take a certificate back: it counts nowhere any more, and can be put back. Raises StaleEdit, DomainError."""
    _allowed(actor, certificate, version)
    if certificate.removed_at is not None:
        raise DomainError(_("Dit certificaat is al verwijderd."))
    certificate.removed_at = clock.now()
    _settled(actor, certificate, "logistiek_certificate.removed")


def restore(actor: Actor, certificate: Certificate, version: int) -> None:
    """Put a certificate back that was taken back. Raises StaleEdit, and DomainError when there is another by now."""
    _allowed(actor, certificate, version)
    if certificate.removed_at is None:
        raise DomainError(_("Dit certificaat is niet verwijderd."))
    lookups.participation(certificate.enrolment_id)
    if lookups.same_day(certificate.enrolment_id, certificate.kind, certificate.obtained_on) is not None:
        raise DomainError(_("Er staat al een ander certificaat van die dag."))
    certificate.removed_at = None
    _settled(actor, certificate, "logistiek_certificate.restored")


def input_of(certificate: Certificate) -> CertificateInput:
    """What is stored, as a user would have filled it in."""
    return CertificateInput(
        certificate.kind,
        certificate.obtained_on,
        certificate.valid_until,
        certificate.issuer,
        certificate.number,
    )


def _clean(values: CertificateInput) -> CertificateInput:
    if values.kind not in rules.KINDS:
        raise DomainError(_("Kies een soort certificaat."), "kind")
    rules.check_days(values.obtained_on, values.valid_until, clock.today())
    return replace(
        values,
        issuer=rules.check_text(values.issuer, "issuer"),
        number=rules.check_text(values.number, "number"),
    )


def _allowed(actor: Actor, certificate: Certificate, version: int) -> None:
    load(actor, MANAGE, Certificate, certificate.id)
    if version != certificate.version:
        raise StaleEdit(certificate, version)


def _settled(actor: Actor, certificate: Certificate, action: str, fields: Sequence[str] = ()) -> None:
    details: dict[str, Any] = {
        "enrolment": str(certificate.enrolment_id),
        "kind": certificate.kind,
        "obtained_on": str(certificate.obtained_on),
        "valid_until": str(certificate.valid_until or ""),
    }
    record(actor, action, certificate, fields=fields, details=details)
    db.session.flush()
    people_changed(actor, [certificate.enrolment_id])
