"""Publishing routes: once, never changed, and readable without the plugin."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from inleer_zorg.routes import WIJKLEERBEDRIJF
from sqlalchemy import Connection, delete, func, select, text, update
from sqlalchemy.exc import IntegrityError

from inleer.audit import AuditEvent, in_bulk
from inleer.db import db, unit_of_work
from inleer.errors import DomainError, Forbidden, NotVisible
from inleer.extend import Owned, Registry, load
from inleer.extend.types import RouteDefinition
from inleer.leerroutes.actions import Published, publish
from inleer.leerroutes.definition import DamagedDefinitionError, canonical, digest
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


#: What municipalities published already; another hash under the same version would be refused at their next publish.
PUBLISHED = {
    ("gemeente.mbo_maatwerk", 1): "439ec0553e68bc3b8e6ab849eb6cbc44388aef5be8f0c67fad87fa609600af71",
    ("logistiek.leerbedrijf", 1): "554dd228cb532da29d7730e7269fede414d76705d240fc299774ede917c18f7c",
    ("zorg.wijkleerbedrijf", 1): "99cbc548d8abb8fcc21409ec97db5cc6e378c2ed107c4bbccf2c68b6ee564517",
    ("zorg.wijkleerbedrijf", 2): "d84fc1594a4df9dfffb6c8b25486fa2d46938b319c8476ed3813e6f1556cf36d",
}


def test_no_version_that_was_published_has_another_content() -> None:
    brought = load(["zorg", "logistiek", "gemeente"]).routes
    assert {(o.key, o.value.version): digest(canonical(o.value)) for o in brought} == PUBLISHED


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


PAST_THE_PROGRAM = (
    "UPDATE route_version SET content = content || ' '",
    "UPDATE route_version SET name = 'Anders' WHERE version = 1",
    "DELETE FROM route_version",
    "DELETE FROM route_version WHERE version = 1",
)
REPLACED = (
    "INSERT OR REPLACE INTO route_version SELECT id, key, version, owner, 'Anders', content, sha256, published_at"
    " FROM route_version",
    "INSERT OR REPLACE INTO route_version SELECT upper(id) || '0', key, version, owner, 'Anders', content, sha256,"
    " published_at FROM route_version",
)


REFUSED = [("sqlite", s) for s in (*PAST_THE_PROGRAM, *REPLACED)] + [
    ("postgresql", s) for s in (*PAST_THE_PROGRAM, "TRUNCATE route_version CASCADE")
]


@pytest.mark.parametrize(("database", "statement"), REFUSED, indirect=["database"])
def test_the_database_itself_refuses_a_change(database: str, statement: str) -> None:
    publish_now(FIRST, SECOND)
    with (
        pytest.raises(IntegrityError, match="a published route version never changes"),
        db.engine.begin() as connection,
    ):
        connection.execute(text(statement))
    db.session.expire_all()
    assert [definition_of(row(v)) for v in (1, 2)] == [FIRST, SECOND]
    assert row(1).name == "WijkLeerbedrijf Zorg"


def without_triggers(connection: Connection) -> None:
    """Let the database accept a change, as somebody with its keys could."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
    else:
        connection.execute(text("DROP TRIGGER route_version_no_update"))


def test_content_that_was_altered_behind_our_back_is_noticed() -> None:
    publish_now(FIRST)
    with db.engine.begin() as connection:
        without_triggers(connection)
        connection.execute(text("UPDATE route_version SET content = content || ' '"))
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
