"""The table of guarantees comes with what employers promised before it was there. Both databases."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, MetaData, create_engine, select, update

from inleer.extend import manifests
from inleer.migrate import all_owners, core_owner, downgrade, upgrade
from tests import rows
from tests.migrations.test_promise_36 import up_to

CORE = core_owner()
GEMEENTE = next(owner for owner in all_owners(manifests()) if owner.name == "gemeente")
OWNERS = (CORE, GEMEENTE)


def copies(connection: Connection, table: str, *changes: dict[str, Any]) -> None:
    """Rows like the one that is there, each with another id and these values."""
    found = {t.name: t for t in rows.tables_of(connection)}[table]
    like = connection.execute(select(found)).mappings().first()
    assert like is not None
    for values in changes:
        key = values.get("id", uuid4())
        connection.execute(
            found.insert().values({**like, "id": _stored(found, key), **_plain(found, values)})
        )


def _stored(table: Any, key: UUID) -> Any:
    return key.hex if type(table.c.id.type).__name__ == "CHAR" else key


def _plain(table: Any, values: dict[str, Any]) -> dict[str, Any]:
    return {name: _stored(table, v) if isinstance(v, UUID) else v for name, v in values.items()}


def kept(url: str) -> dict[str, tuple[int, date]]:
    """What the table says, by the slug of the cohort."""
    engine = create_engine(url)
    with engine.connect() as connection:
        metadata = MetaData()
        metadata.reflect(connection, only=["gemeente_guarantee", "cohort"])
        one, cohort = metadata.tables["gemeente_guarantee"], metadata.tables["cohort"]
        statement = select(cohort.c.slug, one.c.places, one.c.since_on).join(
            cohort, cohort.c.id == one.c.cohort_id
        )
        found = {row.slug: (row.places, row.since_on) for row in connection.execute(statement)}
    engine.dispose()
    return found


def test_earlier_guarantees_are_counted_and_only_of_this_route(bare_database: str) -> None:
    upgrade(bare_database, (CORE,))
    up_to(bare_database, GEMEENTE, "0001")
    own, none, foreign = uuid4(), uuid4(), uuid4()
    yes = {"kind": "guarantee", "state": "confirmed"}
    engine = create_engine(bare_database)
    with engine.begin() as connection:
        rows.fill(connection)
        tables = {table.name: table for table in rows.tables_of(connection)}
        connection.execute(update(tables["cohort"]).values(route_key="zorg.x"))
        copies(
            connection,
            "cohort",
            {"id": own, "slug": "own", "route_key": "gemeente.x"},
            {"id": none, "slug": "none", "route_key": "gemeente.x"},
            {"id": foreign, "slug": "foreign", "route_key": "zorg.x"},
        )
        copies(
            connection,
            "job_intention",
            {**yes, "cohort_id": own, "positions": 3, "confirmed_on": date(2026, 1, 5)},
            {**yes, "cohort_id": own, "positions": 2, "confirmed_on": date(2026, 2, 6)},
            {**yes, "cohort_id": own, "positions": 9, "kind": "intention", "confirmed_on": date(2026, 3, 7)},
            {"cohort_id": own, "kind": "guarantee", "state": "draft", "positions": 4, "confirmed_on": None},
            {**yes, "cohort_id": foreign, "positions": 5, "confirmed_on": date(2026, 1, 5)},
        )
    engine.dispose()
    for _again in range(2):
        upgrade(bare_database, OWNERS)
        assert kept(bare_database) == {"own": (5, date(2026, 2, 6))}
        downgrade(bare_database, OWNERS, "gemeente", "0001")
