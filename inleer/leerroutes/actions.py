"""Publishing routes: what the plugins define becomes rows that never change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from inleer import audit, clock
from inleer.db import db
from inleer.errors import DomainError, Forbidden
from inleer.extend import Registry
from inleer.extend.types import RouteDefinition
from inleer.leerroutes.definition import canonical, digest
from inleer.leerroutes.models import RouteVersion
from inleer.leerroutes.queries import route_version
from inleer.policy import Actor, can

PUBLISH = "route:publish"


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did with one version."""

    key: str
    version: int
    state: Literal["published", "unchanged"]


def publish(actor: Actor, registry: Registry) -> tuple[Published, ...]:
    """Publish every route version of the enabled plugins that is not published yet; running it twice adds
    nothing.

    Raises DomainError when a version was published with other content, Forbidden for anyone but the command
    line.
    """
    decision = can(actor, PUBLISH)
    if not decision.allowed:
        raise Forbidden(decision.reason)
    return tuple(_publish_one(actor, owned.value) for owned in registry.routes)


def _publish_one(actor: Actor, definition: RouteDefinition) -> Published:
    content = canonical(definition)
    sha256 = digest(content)
    row = route_version(definition.key, definition.version)
    if row is None:
        _add(actor, definition, content, sha256)
        return Published(definition.key, definition.version, "published")
    if row.sha256 != sha256:
        raise DomainError(
            f"Route {definition.key} versie {definition.version} is al gepubliceerd met een andere inhoud."
            f" Verhoog de versie naar {definition.version + 1}; lopende lichtingen houden de oude."
        )
    return Published(definition.key, definition.version, "unchanged")


def _add(actor: Actor, definition: RouteDefinition, content: str, sha256: str) -> None:
    row = RouteVersion(
        key=definition.key,
        version=definition.version,
        owner=definition.owner,
        name=definition.name,
        content=content,
        sha256=sha256,
        published_at=clock.now(),
    )
    db.session.add(row)
    audit.record(
        actor,
        "route.publish",
        row,
        details={"key": definition.key, "version": definition.version, "sha256": sha256},
    )
