"""Organisations: creating, changing, archiving. Writes; flush, never commit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from inleer import audit, clock
from inleer.accounts.models import Organisation
from inleer.db import db, new_id
from inleer.errors import DomainError, Forbidden, StaleEdit
from inleer.i18n import _
from inleer.policy import Actor, Perm, Role, may_ever, unscoped

KIND_LABELS: Mapping[str, str] = {
    "work_agency": "werkbedrijf",
    "employer": "werkgever",
    "school": "school",
    "leerhome": "leerhome",
    "partner": "andere partner",
}
# A work agency is a tenant of its own: it is made on the command line, never by another one.
CREATABLE = ("employer", "school", "leerhome", "partner")
WITH_REGION = ("work_agency", "school", "leerhome")
REGION_LABELS: Mapping[str, str] = {"noord": "noord", "midden": "midden", "zuid": "zuid"}
_BRIN = re.compile(r"[0-9]{2}[A-Z]{2}([0-9]{2})?")
_PHONE = re.compile(r"\+?[0-9][0-9 ()\-/]{5,28}")
FIELDS = ("name", "sector", "region", "brin", "contact_name", "contact_email", "contact_phone")


@dataclass(frozen=True)
class OrganisationData:
    """What the form asks about an organisation. Empty texts are None; ``region`` is noord, midden or zuid."""

    name: str
    sector: str | None = None
    region: str | None = None
    brin: str | None = None
    contact_name: str | None = None
    contact_email: str | None = None
    contact_phone: str | None = None


def create(actor: Actor, kind: str, data: OrganisationData) -> Organisation:
    """Make an organisation that the actor's work agency manages. Raises Forbidden, DomainError.

    The system user also makes work agencies; those are managed by nobody but themselves.
    """
    if not may_ever(actor, Perm.ORGANISATION_MANAGE):
        raise Forbidden("may not make organisations")
    system = actor.role is Role.SYSTEM
    if kind not in CREATABLE and not (system and kind == "work_agency"):
        raise DomainError(_("Kies een soort organisatie uit de lijst."), "kind")
    _check(kind, data)
    made = Organisation(
        id=new_id(),
        slug=_free_slug(data.name),
        kind=kind,
        managed_by_id=None if system else actor.organisation_id,
        **_values(data),
    )
    db.session.add(made)
    audit.record(actor, "organisation.created", made, details={"kind": kind})
    return made


def change(actor: Actor, organisation: Organisation, opened_version: int, data: OrganisationData) -> None:
    """Change an organisation that was loaded in scope. Raises StaleEdit when somebody saved it meanwhile."""
    _take(organisation, opened_version)
    _check(organisation.kind, data)
    values = _values(data)
    changed = [name for name in FIELDS if getattr(organisation, name) != values[name]]
    for name in changed:
        setattr(organisation, name, values[name])
    if changed:
        audit.record(actor, "organisation.changed", organisation, fields=changed)


def archive(actor: Actor, organisation: Organisation) -> None:
    """Put an organisation aside: it is offered nowhere and its people cannot log in with it. Can be undone."""
    if organisation.id == actor.organisation_id:
        raise DomainError(_("De eigen organisatie kan niet worden gearchiveerd."))
    if organisation.archived_at is not None:
        raise DomainError(_("Deze organisatie is al gearchiveerd."))
    organisation.archived_at = clock.now()
    audit.record(actor, "organisation.archived", organisation)


def restore(actor: Actor, organisation: Organisation) -> None:
    """Undo the archiving."""
    if organisation.archived_at is None:
        raise DomainError(_("Deze organisatie is niet gearchiveerd."))
    organisation.archived_at = None
    audit.record(actor, "organisation.restored", organisation)


def slugify(name: str) -> str:
    """A name for the command line: lower case, without accents, words joined by hyphens; "organisatie" if empty."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:70] or "organisatie"


def _take(organisation: Organisation, opened_version: int) -> None:
    """Lock the row and compare: of two savers the second sees what the first one stored."""
    db.session.refresh(organisation, with_for_update=True)
    if organisation.version != opened_version:
        raise StaleEdit(organisation, opened_version)


def _check(kind: str, data: OrganisationData) -> None:
    if not data.name:
        raise DomainError(_("Vul de naam in."), "name")
    if data.region is not None and kind not in WITH_REGION:
        raise DomainError(
            _("Een vakantieregio hoort bij een school, een leerhome of een werkbedrijf."), "region"
        )
    if data.brin is not None and (kind != "school" or not _BRIN.fullmatch(data.brin)):
        raise DomainError(_("Een BRIN hoort bij een school en ziet eruit als 25LN of 25LN00."), "brin")
    if data.contact_phone is not None and not _PHONE.fullmatch(data.contact_phone):
        raise DomainError(_("Vul een telefoonnummer in, zoals 0320 123 456."), "contact_phone")


def _values(data: OrganisationData) -> dict[str, Any]:
    return {name: getattr(data, name) for name in FIELDS}


def _free_slug(name: str) -> str:
    base = slugify(name)
    taken = unscoped(
        select(Organisation.slug).where(Organisation.slug.startswith(base, autoescape=True)), "unique"
    )
    others = set(db.session.execute(taken).scalars())
    return next(s for s in (base, *(f"{base}-{n}" for n in range(2, len(others) + 3))) if s not in others)
