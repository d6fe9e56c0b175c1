"""People to act as: stored organisations, users and memberships."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from inleer import audit, clock
from inleer.accounts.models import Membership, Organisation, User
from inleer.db import db, new_id, unit_of_work
from inleer.policy import ROLE_KINDS, Actor, Role, system_actor, unscoped
from tests.plugin_logs import remember


def make_organisation(
    kind: str = "work_agency", name: str = "", managed_by: UUID | None = None
) -> Organisation:
    """A stored organisation with a slug of its own."""
    with unit_of_work() as session:
        made = Organisation(
            id=new_id(),
            slug="",
            name=name,
            kind=kind,
            managed_by_id=managed_by,
            region="midden" if kind in ("work_agency", "school") else None,
        )
        made.slug = f"{kind.replace('_', '-')}-{made.id.hex[:8]}"
        made.name = name or made.slug
        session.add(made)
        audit.record(system_actor(), "organisation.create", made)
    return made


def make_actor(role: Role, organisation_id: UUID | None = None, name: str = "") -> Actor:
    """A stored user with ``role`` in an organisation (a new one of the role's kind when none is given)."""
    if organisation_id is None:
        kinds = ROLE_KINDS[role]
        organisation_id = make_organisation("work_agency" if "work_agency" in kinds else min(kinds)).id
    found = unscoped(select(Organisation).where(Organisation.id == organisation_id), "test")
    organisation = db.session.execute(found).scalar_one()
    with unit_of_work() as session:
        user_id = new_id()
        user = User(
            id=user_id,
            email=f"{role.value}-{user_id.hex[:8]}@example.nl",
            name=name or f"{role.value} {user_id.hex[:4]}",
            active=True,
            created_at=clock.now(),
        )
        session.add(user)
        session.flush()
        member = Membership(
            id=new_id(),
            user_id=user_id,
            organisation_id=organisation_id,
            role=role.value,
            created_at=clock.now(),
        )
        session.add(member)
        audit.record(system_actor(), "user.create", user, covers=[member])
    remember(user.name)
    return Actor(
        user_id=user_id,
        organisation_id=organisation_id,
        role=role,
        name=user.name,
        organisation_name=organisation.name,
        membership_id=member.id,
        trace_id="test",
    )
