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
from inleer.extend.demo import DemoEdition
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
#: An employer of one of the editions, of which somebody has a login.
EMPLOYER = "woonzorg-het-baken"
LEERHOME_NAME = "Leerhome De Brug"
LOGINS: tuple[Login, ...] = (
    Login("coach", Role.COACH, "coach@demo.example", "Mirjam de Graaf", AGENCY),
    Login("coach2", Role.COACH, "coach2@demo.example", "Bas Oosterhuis", AGENCY),
    Login("leerhome", Role.LEERHOME_COORDINATOR, "leerhome@demo.example", "Sevgi Yilmaz", LEERHOME),
    Login("docent", Role.TEACHER, "docent@demo.example", "Pieter Smit", SCHOOL),
    Login("docent2", Role.TEACHER, "docent2@demo.example", "Lotte Bruins", SCHOOL),
    Login("programma", Role.PROGRAMME_MANAGER, "programma@demo.example", "Karim El Idrissi", AGENCY),
    Login("werkgever", Role.EMPLOYER, "werkgever@demo.example", "Rob van Dam", EMPLOYER),
    Login("beheer", Role.ADMINISTRATOR, "beheer@demo.example", "Ineke Postma", AGENCY),
)
# `inleer demo totp ROLE` also takes the role's own name.
ALIASES = {
    "leerhome_coordinator": "leerhome",
    "teacher": "docent",
    "programme_manager": "programma",
    "administrator": "beheer",
    "employer": "werkgever",
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
    """The agency gets a name; school, leerhome and one employer are added. Returns ids by slug."""
    agency = organisation_named(AGENCY)
    agency.name, agency.region = "Werkbedrijf Voorbeeldstad", "midden"
    audit.record(actor, "organisation.changed", agency, fields=["name", "region"])
    rows = {
        SCHOOL: Organisation(slug=SCHOOL, name="ROC Polderland", kind="school", region="midden", brin="99XX"),
        LEERHOME: Organisation(slug=LEERHOME, name=LEERHOME_NAME, kind="leerhome"),
        EMPLOYER: Organisation(
            slug=EMPLOYER, name="Woonzorg Het Baken", kind="employer", sector="ouderenzorg"
        ),
    }
    return {AGENCY: agency.id, **_add(actor, agency.id, rows)}


def add_organisations(actor: Actor, agency_id: UUID, edition: DemoEdition) -> dict[str, UUID]:
    """The employers of an edition, as far as they are not there yet. Returns ids by slug."""
    rows = {
        e.slug: Organisation(slug=e.slug, name=e.name, kind="employer", sector=e.sector)
        for e in edition.employers
        if not _exists(e.slug)
    }
    _add(actor, agency_id, rows)
    return {e.slug: organisation_named(e.slug).id for e in edition.employers}


def _exists(slug: str) -> bool:
    statement = unscoped(select(Organisation.id).where(Organisation.slug == slug), "demo data")
    return db.session.execute(statement).first() is not None


def _add(actor: Actor, agency_id: UUID, rows: dict[str, Organisation]) -> dict[str, UUID]:
    for row in rows.values():
        row.managed_by_id = agency_id
        db.session.add(row)
        audit.record(actor, "organisation.created", row)
    return {slug: row.id for slug, row in rows.items()}


@dataclass(frozen=True)
class Team:
    """Who acts in an edition. The agency's coaches share the people."""

    manager: Actor
    coach: Actor
    other_coach: Actor
    teacher: Actor
    coordinator: Actor

    def coach_of(self, place: int) -> Actor:
        """The coach of the person in this place of the list: every fifth is the other's."""
        return self.other_coach if place % 5 == 4 else self.coach


def team_of(edition: DemoEdition, people: dict[str, Actor]) -> Team:
    """The logins that do the work of an edition."""
    second = edition.second_team
    return Team(
        manager=people["programma"],
        coach=people["coach2" if second else "coach"],
        other_coach=people["coach2"],
        teacher=people["docent2" if second else "docent"],
        coordinator=people["leerhome"],
    )


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
