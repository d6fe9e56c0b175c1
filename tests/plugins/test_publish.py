"""Publishing routes: once, never changed, and readable without the plugin."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from inleer_zorg.routes import WIJKLEERBEDRIJF
from sqlalchemy import delete, func, select, text, update

from inleer.audit import AuditEvent, in_bulk
from inleer.db import db, unit_of_work
from inleer.errors import DomainError, Forbidden, NotVisible
from inleer.extend import Owned, Registry
from inleer.extend.types import RouteDefinition
from inleer.leerroutes.actions import Published, publish
from inleer.leerroutes.definition import DamagedDefinitionError
from inleer.leerroutes.models import PublishedRouteChanged, RouteVersion
from inleer.leerroutes.queries import (
    definition_by_id,
    definition_of,
    published_route,
    published_routes,
    route_version,
)
from inleer.policy import Role, system_actor
from tests.actors import make_actor

KEY = "zorg.wijkleerbedrijf"
FIRST, SECOND = WIJKLEERBEDRIJF
pytestmark = pytest.mark.usefixtures("app")


def with_routes(*definitions: RouteDefinition) -> Registry:
    return Registry(routes=tuple(Owned(d.owner, d) for d in definitions))


def publish_now(*definitions: RouteDefinition) -> tuple[Published, ...]:
    with unit_of_work():
        return publish(system_actor(), with_routes(*definitions))


def row(version: int) -> RouteVersion:
    found = route_version(KEY, version)
    assert found is not None
    return found


def test_publishing_twice_adds_nothing() -> None:
    assert [p.state for p in publish_now(FIRST, SECOND)] == ["published", "published"]
    assert [p.state for p in publish_now(FIRST, SECOND)] == ["unchanged", "unchanged"]
    assert db.session.scalar(select(func.count()).select_from(RouteVersion)) == 2
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "route.publish")).all()
    assert [(e.details["key"], e.details["version"]) for e in events] == [(KEY, 1), (KEY, 2)]


def test_what_was_published_reads_back_equal() -> None:
    publish_now(FIRST, SECOND)
    assert definition_of(row(2)) == SECOND
    assert definition_by_id(row(1).id) == FIRST
    with pytest.raises(NotVisible):
        definition_by_id(uuid4())


def test_other_content_under_the_same_version_is_refused_and_nothing_is_saved() -> None:
    publish_now(FIRST)
    changed = replace(FIRST, summary="Iets anders.")
    with pytest.raises(DomainError, match="Verhoog de versie naar 2; lopende lichtingen houden de oude"):
        publish_now(replace(SECOND, version=3), changed)
    assert route_version(KEY, 3) is None
    assert definition_of(row(1)) == FIRST
    assert [p.state for p in publish_now(replace(changed, version=2))] == ["published"]


def test_a_version_outlives_its_plugin() -> None:
    publish_now(FIRST)
    assert publish_now() == ()
    assert definition_of(row(1)) == FIRST


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
def test_only_the_command_line_publishes(role: Role) -> None:
    actor = make_actor(role)
    with pytest.raises(Forbidden), unit_of_work():
        publish(actor, with_routes(FIRST))
    assert route_version(KEY, 1) is None


def test_a_published_row_cannot_be_changed() -> None:
    publish_now(FIRST)
    with pytest.raises(PublishedRouteChanged), unit_of_work():
        row(1).name = "Anders"
    with pytest.raises(PublishedRouteChanged), unit_of_work() as session:
        session.delete(row(1))
    with pytest.raises(PublishedRouteChanged), unit_of_work() as session:
        session.execute(in_bulk(update(RouteVersion).values(name="Anders"), "test"))
    with pytest.raises(PublishedRouteChanged), unit_of_work() as session:
        session.execute(in_bulk(delete(RouteVersion), "test"))
    db.session.expire_all()
    assert row(1).name == "WijkLeerbedrijf Zorg"


def test_content_that_was_altered_behind_our_back_is_noticed() -> None:
    publish_now(FIRST)
    with unit_of_work() as session:
        session.execute(text("UPDATE route_version SET content = content || ' '"))
    db.session.expire_all()
    with pytest.raises(DamagedDefinitionError, match="veranderd na publicatie"):
        definition_of(row(1))


def test_the_catalogue_shows_the_newest_version_first() -> None:
    publish_now(FIRST, SECOND)
    coach = make_actor(Role.COACH)
    assert [(r.version, r.is_newest) for r in published_routes(coach)] == [(2, True), (1, False)]
    assert published_route(coach, KEY).version == 2
    assert published_route(coach, KEY, 1).definition == FIRST
    with pytest.raises(NotVisible):
        published_route(coach, KEY, 3)


def test_the_catalogue_is_not_for_everyone() -> None:
    with pytest.raises(Forbidden):
        published_routes(make_actor(Role.EMPLOYER))
