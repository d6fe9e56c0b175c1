"""Reads of route versions. They belong to no tenant: everyone with route:view sees them all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from inleer.db import db
from inleer.errors import Forbidden, NotVisible
from inleer.extend.types import RouteDefinition
from inleer.leerroutes.definition import parse
from inleer.leerroutes.models import RouteVersion
from inleer.policy import Actor, Perm, can

_ALL = select(RouteVersion).order_by(RouteVersion.key, RouteVersion.version.desc())


@dataclass(frozen=True, slots=True)
class PublishedRoute:
    """A published version with its definition, as the catalogue and the new-cohort form show it."""

    id: UUID
    key: str
    version: int
    owner: str
    name: str
    published_at: datetime
    definition: RouteDefinition
    is_newest: bool


def published_routes(actor: Actor) -> tuple[PublishedRoute, ...]:
    """All published versions, by key, the newest first. Raises Forbidden without route:view."""
    _check(actor)
    rows = db.session.execute(_ALL).scalars().all()
    newest = {row.key: row.version for row in reversed(rows)}
    return tuple(_shown(row, newest[row.key] == row.version) for row in rows)


def published_route(actor: Actor, key: str, version: int | None = None) -> PublishedRoute:
    """One version (None: the newest). Raises NotVisible when it is not published, Forbidden without
    route:view."""
    found = [r for r in published_routes(actor) if r.key == key and version in (None, r.version)]
    if not found:
        raise NotVisible
    return found[0]


def route_version(key: str, version: int) -> RouteVersion | None:
    """The row of a published version, or None."""
    return db.session.execute(_ALL.where(RouteVersion.key == key, RouteVersion.version == version)).scalar()


def definition_of(row: RouteVersion) -> RouteDefinition:
    """The definition as it was published. Raises DamagedDefinitionError when the stored content was
    altered."""
    return parse(row.content, row.sha256)


def definition_by_id(route_version_id: UUID) -> RouteDefinition:
    """The definition that a cohort points at. Raises NotVisible for an unknown id."""
    row = db.session.get(RouteVersion, route_version_id)
    if row is None:
        raise NotVisible
    return definition_of(row)


def partners_by_version(route_version_ids: Iterable[UUID]) -> Mapping[UUID, tuple[str, ...]]:
    """Which kinds of partner editions on these route versions cannot do without (RouteDefinition.partners)."""
    rows = db.session.execute(
        select(RouteVersion).where(RouteVersion.id.in_(set(route_version_ids)))
    ).scalars()
    return {row.id: definition_of(row).partners for row in rows}


def _check(actor: Actor) -> None:
    decision = can(actor, Perm.ROUTE_VIEW)
    if not decision.allowed:
        raise Forbidden(decision.reason)


def _shown(row: RouteVersion, is_newest: bool) -> PublishedRoute:
    return PublishedRoute(
        id=row.id,
        key=row.key,
        version=row.version,
        owner=row.owner,
        name=row.name,
        published_at=row.published_at,
        definition=definition_of(row),
        is_newest=is_newest,
    )
