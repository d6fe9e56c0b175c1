"""What people name on the command line (slugs, keys) as rows. The system user sees everything."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from inleer.accounts.models import Organisation
from inleer.accounts.organisations import OrganisationData, create
from inleer.cohorts.models import Cohort
from inleer.db import db
from inleer.errors import DomainError, NotVisible
from inleer.exchange.queries import coaches_of
from inleer.i18n import _
from inleer.leerroutes.models import RouteVersion
from inleer.leerroutes.queries import published_routes, route_version
from inleer.policy import Actor, Perm, load_where, unscoped

DEFAULT_AGENCY = "Werkbedrijf"


def cohort_named(actor: Actor, slug: str) -> Cohort:
    """The cohort with this short name. Raises DomainError when there is none."""
    try:
        return load_where(actor, Perm.COHORT_VIEW, Cohort, Cohort.slug == slug)
    except NotVisible as error:
        raise DomainError(_("Er is geen lichting %(slug)s.", slug=slug), "cohort") from error


def coach_named(agency_id: UUID, email: str) -> UUID:
    """The coach of a work agency with this e-mail address, in any case. Raises DomainError that lists the coaches."""
    coaches = coaches_of(agency_id)
    for user_id, _name, address in coaches:
        if address.casefold() == email.strip().casefold():
            return user_id
    known = ", ".join(address for _id, _name, address in coaches) or "-"
    raise DomainError(
        _("%(email)s is geen werkcoach van dit werkbedrijf. Er zijn: %(known)s.", email=email, known=known),
        "coach",
    )


def agency_named(actor: Actor, slug: str | None) -> Organisation:
    """The work agency with this short name, or the only one; a first one is made when there is none at all.

    Raises DomainError that lists the agencies when the name is unknown or there are several.
    """
    agencies = _organisations("work_agency")
    if slug is None and not agencies:
        return create(actor, "work_agency", OrganisationData(name=DEFAULT_AGENCY))
    found = [a for a in agencies if slug in (None, a.slug)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(a.slug for a in agencies) or "-"
    if slug is None:
        raise DomainError(_("Er zijn meer werkbedrijven. Kies met --agency uit: %(names)s.", names=names))
    raise DomainError(_("Werkbedrijf %(slug)s bestaat niet. Er zijn: %(names)s.", slug=slug, names=names))


def partner_named(kind: str, slug: str) -> Organisation:
    """The school or leerhome with this short name. Raises DomainError that lists those there are."""
    known = _organisations(kind)
    for organisation in known:
        if organisation.slug == slug:
            return organisation
    names = ", ".join(o.slug for o in known) or "-"
    raise DomainError(
        _("Er is geen %(kind)s met de naam %(slug)s. Er zijn: %(names)s.", kind=kind, slug=slug, names=names)
    )


def route_named(actor: Actor, key: str, version: int) -> RouteVersion:
    """A published route version. Raises DomainError that lists the published ones."""
    found = route_version(key, version)
    if found is None:
        names = ", ".join(f"{r.key} {r.version}" for r in published_routes(actor)) or "-"
        raise DomainError(
            _(
                "Route %(key)s versie %(version)s is niet gepubliceerd. Gepubliceerd: %(names)s.",
                key=key,
                version=version,
                names=names,
            )
        )
    return found


def _organisations(kind: str) -> list[Organisation]:
    statement = (
        select(Organisation)
        .where(Organisation.kind == kind, Organisation.archived_at.is_(None))
        .order_by(Organisation.slug)
    )
    return list(db.session.execute(unscoped(statement, "command line")).scalars())
