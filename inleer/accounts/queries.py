"""Reads for the administrator's pages: organisations, people and their roles. Frozen rows, one statement a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from inleer import clock
from inleer.accounts.models import Membership, Organisation, User, UserSession
from inleer.accounts.sessions import HAS_KEY, IDLE
from inleer.jobs import bounces
from inleer.jobs.models import MailBounce
from inleer.policy import Actor, Perm, Role, fetch, visible

T = TypeVar("T")
PER_PAGE = 50


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list: its rows, its number from 1, and how many there are in all."""

    rows: tuple[T, ...]
    number: int
    total: int
    per_page: int = PER_PAGE

    @property
    def pages(self) -> int:
        """How many pages there are; 1 for an empty list."""
        return max(1, -(-self.total // self.per_page))


@dataclass(frozen=True)
class OrganisationRow:
    """An organisation in a list. ``people`` counts its roles that are not ended."""

    id: UUID
    name: str
    kind: str
    sector: str | None
    region: str | None
    archived_at: datetime | None
    people: int


@dataclass(frozen=True)
class OrganisationFilter:
    """What the list shows. ``sort``: name, kind, people; ``archived``: those instead of the others."""

    text: str = ""
    kind: str = ""
    archived: bool = False
    sort: str = "name"
    descending: bool = False
    page: int = 1


def organisations(actor: Actor, asked: OrganisationFilter) -> Page[OrganisationRow]:
    """The organisations that the actor manages, filtered and in order."""
    people = _count_people()
    found = visible(actor, Organisation, Perm.ORGANISATION_MANAGE).where(
        Organisation.archived_at.is_not(None) if asked.archived else Organisation.archived_at.is_(None)
    )
    if asked.text:
        found = found.where(
            _contains(asked.text, Organisation.name, Organisation.sector, Organisation.contact_name)
        )
    if asked.kind:
        found = found.where(Organisation.kind == asked.kind)
    columns: Select[*tuple[Any, ...]] = found.with_only_columns(
        Organisation.id,
        Organisation.name,
        Organisation.kind,
        Organisation.sector,
        Organisation.region,
        Organisation.archived_at,
        people.label("people"),
    )
    keys = {"name": func.lower(Organisation.name), "kind": Organisation.kind, "people": people}
    order = keys.get(asked.sort, keys["name"])
    columns = columns.order_by(
        order.desc() if asked.descending else order.asc(), keys["name"], Organisation.id
    )
    return _page(actor, columns, asked.page, OrganisationRow)


@dataclass(frozen=True)
class PersonRow:
    """A role of a person in a list. ``state``: active, invited, off (login switched off) or ended."""

    id: UUID
    user_id: UUID
    name: str
    email: str
    role: Role
    organisation_id: UUID
    organisation: str
    state: str
    second_factor: bool
    last_seen: datetime | None
    ended_at: datetime | None
    created_at: datetime


@dataclass(frozen=True)
class PeopleFilter:
    """What the list shows. ``sort``: name, role, organisation, seen; ``state`` "" is all but the ended ones."""

    text: str = ""
    role: str = ""
    organisation: UUID | None = None
    state: str = ""
    sort: str = "name"
    descending: bool = False
    page: int = 1


# The name that the inviter typed, until the person accepted: it must not tell who has an account already.
SHOWN_NAME = func.coalesce(Membership.invited_as, User.name)
STATE = case(
    (Membership.ended_at.is_not(None), "ended"),
    (Membership.invited_as.is_not(None), "invited"),
    (User.active.is_(False), "off"),
    else_="active",
)
STATES = ("active", "invited", "off", "ended")


def people(actor: Actor, asked: PeopleFilter) -> Page[PersonRow]:
    """The roles that the actor manages, filtered and in order."""
    seen = _last_seen()
    state = STATE.__eq__(asked.state) if asked.state else STATE.__ne__("ended")
    found = _person_rows(actor, seen).where(state)
    if asked.text:
        found = found.where(_contains(asked.text, SHOWN_NAME, User.email))
    if asked.role:
        found = found.where(Membership.role == asked.role)
    if asked.organisation:
        found = found.where(Membership.organisation_id == asked.organisation)
    name = func.lower(SHOWN_NAME)
    keys = {
        "name": name,
        "role": Membership.role,
        "organisation": func.lower(Organisation.name),
        "seen": seen,
    }
    order = keys.get(asked.sort, name)
    found = found.order_by(order.desc() if asked.descending else order.asc(), name, Membership.id)
    return _page(actor, found, asked.page, _person)


def person(actor: Actor, membership_id: UUID) -> PersonRow:
    """One role with its person; the caller loaded the membership in scope."""
    return _person(
        **fetch(actor, _person_rows(actor, _last_seen()).where(Membership.id == membership_id))
        .one()
        ._asdict()
    )


def people_without_mail(actor: Actor, most: int) -> list[PersonRow]:
    """The roles that the actor manages of people to whom no mail goes because it came back, at most so many."""
    shut = select(MailBounce.email).where(bounces.is_shut())
    found = _person_rows(actor, _last_seen()).where(User.email.in_(shut), STATE != "ended")
    rows = fetch(actor, found.order_by(func.lower(SHOWN_NAME), Membership.id).limit(most))
    return [_person(**row._asdict()) for row in rows]


def manageable_organisations(actor: Actor) -> list[tuple[UUID, str, str]]:
    """Id, name and kind of the organisations in which the actor can invite people, by name."""
    found = visible(actor, Organisation, Perm.USER_MANAGE).where(Organisation.archived_at.is_(None))
    columns = found.with_only_columns(Organisation.id, Organisation.name, Organisation.kind)
    return [(r.id, r.name, r.kind) for r in fetch(actor, columns.order_by(func.lower(Organisation.name)))]


def open_session_count(actor: Actor, membership_id: UUID) -> int:
    """How many sessions work under a role now."""
    now = clock.now()
    count = select(func.count()).where(
        UserSession.membership_id == membership_id,
        UserSession.ended_at.is_(None),
        UserSession.expires_at > now,
        UserSession.last_seen_at > now - IDLE,
    )
    return int(fetch(actor, count).scalar_one())


def _person_rows(actor: Actor, seen: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    return (
        visible(actor, Membership, Perm.USER_MANAGE)
        .join(User, User.id == Membership.user_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .with_only_columns(
            Membership.id,
            Membership.user_id,
            SHOWN_NAME.label("name"),
            User.email,
            Membership.role,
            Membership.organisation_id,
            Organisation.name.label("organisation"),
            STATE.label("state"),
            and_(or_(User.totp_secret.is_not(None), HAS_KEY), Membership.invited_as.is_(None)).label(
                "second_factor"
            ),
            seen.label("last_seen"),
            Membership.ended_at,
            Membership.created_at,
        )
    )


def _person(**columns: Any) -> PersonRow:
    return PersonRow(
        **{**columns, "role": Role(columns["role"]), "second_factor": bool(columns["second_factor"])}
    )


def _count_people() -> ColumnElement[int]:
    return (
        select(func.count())
        .where(Membership.organisation_id == Organisation.id, Membership.ended_at.is_(None))
        .correlate(Organisation)
        .scalar_subquery()
    )


def _last_seen() -> ColumnElement[Any]:
    return (
        select(func.max(UserSession.last_seen_at))
        .where(UserSession.membership_id == Membership.id)
        .correlate(Membership)
        .scalar_subquery()
    )


def _contains(text: str, *columns: Any) -> ColumnElement[bool]:
    """Whether a column contains the text as it is: % and _ mean themselves."""
    return or_(*(column.icontains(text, autoescape=True) for column in columns))


def _page(actor: Actor, statement: Select[*tuple[Any, ...]], number: int, make: Any) -> Page[Any]:
    bare = statement.order_by(None).with_only_columns(func.count(), maintain_column_froms=True)
    total = int(fetch(actor, bare).scalar_one())
    number = min(max(number, 1), max(1, -(-total // PER_PAGE)))
    rows = fetch(actor, statement.limit(PER_PAGE).offset((number - 1) * PER_PAGE))
    return Page(tuple(make(**row._asdict()) for row in rows), number, total)
