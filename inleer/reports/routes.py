"""How many editions use each route version."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import func, select

from inleer.cohorts.models import Cohort
from inleer.db import db
from inleer.policy import Actor, unscoped


def editions_per_version(actor: Actor) -> Mapping[UUID, int]:
    """Number of editions of the actor's own agency per route version: a count, no names."""
    statement = (
        select(Cohort.route_version_id, func.count(Cohort.id))
        .where(Cohort.agency_id == actor.organisation_id)
        .group_by(Cohort.route_version_id)
    )
    rows = db.session.execute(unscoped(statement, "a count over the actor's own agency")).all()
    return {row[0]: row[1] for row in rows}
