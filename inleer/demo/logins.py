"""Organisations and logins of the demo. All names are made up."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from inleer import audit, clock
from inleer.accounts.models import Membership, Organisation, User
from inleer.accounts.passwords import hash_password
from inleer.accounts.second_factor import new_secret
from inleer.accounts.secrets import encrypt
from inleer.accounts.signing_in import TOTP
from inleer.db import db
from inleer.policy import ROLE_LABELS, Actor, Role, unscoped

# The demo listens on this machine only and holds fictional people; the second factor stays on.
PASSWORD = "kennismaken met de demo"


@dataclass(frozen=True)
class Login:
    """A login of the demo. ``key`` is what `inleer demo totp` takes."""

    key: str
    role: Role
    email: str
    name: str
    organisation: str

    @property
    def label(self) -> str:
        """The role in Dutch."""
        return ROLE_LABELS[self.role]


AGENCY, SCHOOL, LEERHOME = "werkbedrijf", "roc-polderland", "leerhome-de-brug"
EMPLOYERS = {
    "zorggroep-de-waterlinie": ("Zorggroep De Waterlinie", "ouderenzorg"),
    "woonzorg-het-baken": ("Woonzorg Het Baken", "ouderenzorg"),
    "stichting-polderlicht": ("Stichting Polderlicht", "gehandicaptenzorg"),
    "thuiszorg-noordersluis": ("Thuiszorg Noordersluis", "thuiszorg"),
}
LOGINS: tuple[Login, ...] = (
    Login("coach", Role.COACH, "coach@demo.example", "Mirjam de Graaf", AGENCY),
    Login("coach2", Role.COACH, "coach2@demo.example", "Bas Oosterhuis", AGENCY),
    Login("leerhome", Role.LEERHOME_COORDINATOR, "leerhome@demo.example", "Sevgi Yilmaz", LEERHOME),
    Login("docent", Role.TEACHER, "docent@demo.example", "Pieter Smit", SCHOOL),
    Login("docent2", Role.TEACHER, "docent2@demo.example", "Lotte Bruins", SCHOOL),
    Login("programma", Role.PROGRAMME_MANAGER, "programma@demo.example", "Karim El Idrissi", AGENCY),
    Login("beheer", Role.ADMINISTRATOR, "beheer@demo.example", "Ineke Postma", AGENCY),
)
# `inleer demo totp ROLE` also takes the role's own name.
ALIASES = {
    "leerhome_coordinator": "leerhome",
    "teacher": "docent",
    "programme_manager": "programma",
    "administrator": "beheer",
}


def login_named(name: str) -> Login | None:
    """The demo login with this key or role name (also as it is printed), None when there is none."""
    key = ALIASES.get(name, name)
    printed = name.casefold()
    return next((login for login in LOGINS if login.key == key or login.label.casefold() == printed), None)


def organisation_named(slug: str) -> Organisation:
    """An organisation of the demo, by slug."""
    statement = unscoped(select(Organisation).where(Organisation.slug == slug), "demo data")
    return db.session.execute(statement).scalar_one()


def make_organisations(actor: Actor) -> dict[str, UUID]:
    """The agency gets a name; school, leerhome and employers are added. Returns ids by slug."""
    agency = organisation_named(AGENCY)
    agency.name, agency.region = "Werkbedrijf Voorbeeldstad", "midden"
    audit.record(actor, "organisation.changed", agency, fields=["name", "region"])
    rows = {
        SCHOOL: Organisation(slug=SCHOOL, name="ROC Polderland", kind="school", region="midden", brin="99XX"),
        LEERHOME: Organisation(slug=LEERHOME, name="Leerhome De Brug", kind="leerhome"),
        **{
            slug: Organisation(slug=slug, name=name, kind="employer", sector=sector)
            for slug, (name, sector) in EMPLOYERS.items()
        },
    }
    for row in rows.values():
        row.managed_by_id = agency.id
        db.session.add(row)
        audit.record(actor, "organisation.created", row)
    return {AGENCY: agency.id, **{slug: row.id for slug, row in rows.items()}}


def make_logins(actor: Actor, organisations: dict[str, UUID]) -> dict[str, Actor]:
    """A user with password and second factor per login. Returns whom to act as, by key."""
    hashed = hash_password(PASSWORD)
    made = {}
    for login in LOGINS:
        user = User(
            email=login.email,
            name=login.name,
            password_hash=hashed,
            totp_secret=encrypt(TOTP, new_secret()),
            totp_confirmed_at=clock.now(),
            active=True,
            created_at=clock.now(),
        )
        db.session.add(user)
        db.session.flush()
        organisation_id = organisations[login.organisation]
        member = Membership(
            user_id=user.id, organisation_id=organisation_id, role=login.role.value, created_at=clock.now()
        )
        db.session.add(member)
        audit.record(actor, "user.created", user, covers=[])
        audit.record(actor, "membership.created", member)
        made[login.key] = Actor(
            user_id=user.id,
            organisation_id=organisation_id,
            role=login.role,
            name=login.name,
            organisation_name=login.organisation,
            membership_id=member.id,
            trace_id=actor.trace_id,
            origin=actor.origin,
        )
    return made
