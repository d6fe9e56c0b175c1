"""What relations mean for organisations and memberships; who writes this feature's mails."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import aliased

from inleer.accounts import mails
from inleer.accounts.models import Membership, Organisation
from inleer.policy import ACTOR_ORG, Perm, relation, scoped_model


def register() -> None:
    """Register the relations and mails of this feature; called once by create_app."""
    mails.register()
    kept = aliased(Organisation)
    managed = select(kept.id).where(kept.managed_by_id == ACTOR_ORG).scalar_subquery()
    scoped_model(Organisation, Perm.ORGANISATION_LIST)
    relation(Organisation, "own", lambda: Organisation.id == ACTOR_ORG)
    relation(Organisation, "managed", lambda: Organisation.managed_by_id == ACTOR_ORG)
    scoped_model(Membership, Perm.USER_MANAGE)
    relation(Membership, "own", lambda: Membership.organisation_id == ACTOR_ORG)
    relation(Membership, "managed", lambda: Membership.organisation_id.in_(managed))
