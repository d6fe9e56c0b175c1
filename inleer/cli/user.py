"""``inleer user``: the first administrator, and anybody else while nobody can log in yet."""

from __future__ import annotations

import click
from sqlalchemy import select

from inleer.accounts import people
from inleer.accounts.models import Organisation
from inleer.cli.acting import acting, for_agency
from inleer.cli.base import Cli, pass_cli
from inleer.cli.lookups import agency_named
from inleer.db import db
from inleer.errors import DomainError
from inleer.i18n import _
from inleer.policy import ROLE_KINDS, ROLE_LABELS, Actor, Role, unscoped

ROLES = [role.value for role in people.INVITABLE]


@click.group()
def user() -> None:
    """Mensen en hun rollen."""


@user.command()
@click.argument("email")
@click.option("--role", required=True, type=click.Choice(ROLES), help="wat iemand doet")
@click.option("--organisation", help="korte naam van de organisatie; hoeft niet als er maar een past")
@click.option("--name", required=True, help="naam van de persoon, zoals collega's die zien")
@pass_cli
def invite(cli: Cli, email: str, role: str, organisation: str | None, name: str) -> None:
    """Nodig EMAIL uit en toon de link om een account te maken; er gaat ook een mail."""
    wanted = Role(role)
    if "@" not in email.strip("@"):
        raise click.BadParameter(_("Dit is geen e-mailadres."), param_hint="EMAIL")
    if not name.strip():
        raise click.BadParameter(_("Vul de naam in."), param_hint="--name")
    with acting(cli) as system:
        place = _organisation(system, organisation, wanted)
        actor = for_agency(system, place.managed_by_id or place.id)
        member = people.invite(
            actor,
            name=name.strip(),
            email=email,
            role=wanted,
            organisation_id=place.id,
        )
        link = people.invitation_link(member)
        who = {"email": email, "role": ROLE_LABELS[wanted], "organisation": place.name}
    click.echo(_("%(email)s is uitgenodigd als %(role)s bij %(organisation)s. De link werkt 7 dagen:", **who))
    click.echo(link)


def _organisation(actor: Actor, slug: str | None, role: Role) -> Organisation:
    """The organisation with this short name, or the only one that fits the role. Raises DomainError."""
    kinds = ROLE_KINDS[role]
    if slug is None and "work_agency" in kinds:
        return agency_named(actor, None)
    known = select(Organisation).where(Organisation.kind.in_(kinds), Organisation.archived_at.is_(None))
    fitting = list(db.session.execute(unscoped(known.order_by(Organisation.slug), "command line")).scalars())
    found = [o for o in fitting if slug in (None, o.slug)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(o.slug for o in fitting) or "-"
    raise DomainError(
        _("Kies met --organisation een organisatie die bij de rol past: %(names)s.", names=names)
    )
