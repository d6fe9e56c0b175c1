"""0013 joins a move of before to its other edition only where that is still known: the last move of an enrolment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Table, create_engine, select

from inleer.migrate import core_owner
from tests import rows
from tests.migrations.test_promise_36 import up_to

AT = datetime(2026, 3, 2, 9)
#: Somebody went from X to Y, back to X, and on to Z. By edition: where its enrolment leads, and its steps with the
#: other edition that is still written down.
PATH: dict[str, tuple[str | None, list[tuple[str | None, str, str | None]]]] = {
    "x": (
        "z",
        [
            (None, "active", None),
            ("active", "moved", None),  # to Y: the enrolment knows Z
            ("moved", "active", "y"),
            ("active", "moved", "z"),
        ],
    ),
    "y": ("x", [(None, "active", None), ("active", "moved", "x")]),  # from X, which knows Z
    "z": (None, [(None, "active", "x")]),
}


def table(connection: Connection, name: str) -> Table:
    return next(one for one in rows.tables_of(connection) if one.name == name)


def key(connection: Connection) -> Any:
    """A new id, as this database keeps it."""
    return uuid4() if connection.dialect.name == "postgresql" else uuid4().hex


def make(connection: Connection) -> dict[Any, Any]:
    """The path as 0012 holds it. Returns for each step the other edition that it should get."""
    cohort, enrolment, event = (table(connection, n) for n in ("cohort", "enrolment", "enrolment_event"))
    editions = {name: key(connection) for name in PATH}
    for name, edition_id in editions.items():
        connection.execute(cohort.insert().values({**rows.row_for(cohort), "id": edition_id, "slug": name}))
    wanted = {}
    for name, (leads, steps) in PATH.items():
        one = {"id": key(connection), "cohort_id": editions[name], "moved_to_id": leads and editions[leads]}
        state = {"state": "moved" if leads else "active"}
        connection.execute(enrolment.insert().values({**rows.row_for(enrolment), **one, **state}))
        for number, (old, new, other) in enumerate(steps):
            step = {"id": key(connection), "enrolment_id": one["id"], "from_state": old, "to_state": new}
            when = {"at": AT + timedelta(days=number)}
            connection.execute(event.insert().values({**rows.row_for(event), **step, **when}))
            wanted[step["id"]] = other and editions[other]
    return wanted


def test_only_the_last_move_is_joined(bare_database: str) -> None:
    up_to(bare_database, core_owner(), "0012")
    engine = create_engine(bare_database)
    with engine.begin() as connection:
        rows.fill(connection)
        wanted = make(connection)
    up_to(bare_database, core_owner(), "0013")
    with engine.connect() as connection:
        event = table(connection, "enrolment_event")
        found = {row.id: row.other_id for row in connection.execute(select(event.c.id, event.c.other_id))}
    engine.dispose()
    assert {one: found[one] for one in wanted} == wanted
