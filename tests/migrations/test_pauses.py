"""The database refuses pauses of one enrolment that overlap, also when twenty come at once (promise 31)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine, Table, create_engine, event, func, select
from sqlalchemy.exc import DBAPIError

from tests import rows

DAY = date(2026, 1, 5)


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = create_engine(database)
    if made.dialect.name == "sqlite":

        @event.listens_for(made, "connect")
        def _connect(connection: Any, _record: object) -> None:
            connection.isolation_level = None
            connection.execute("PRAGMA busy_timeout=10000")

        @event.listens_for(made, "begin")
        def _begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    with made.begin() as connection:
        rows.fill(connection, leave=["pause"])
    yield made
    made.dispose()


@pytest.fixture
def pause(engine: Engine) -> Table:
    with engine.connect() as connection:
        return next(table for table in rows.tables_of(connection) if table.name == "pause")


def add(engine: Engine, pause: Table, first: int, last: int, ended: int | None = None) -> None:
    """A pause from day ``first`` up to and including day ``last``."""
    row = rows.row_for(pause)
    row |= {"id": uuid4() if engine.dialect.name == "postgresql" else uuid4().hex}
    row |= {"from_on": DAY + timedelta(first), "until_on": DAY + timedelta(last)}
    row |= {"ended_on": None if ended is None else DAY + timedelta(ended)}
    with engine.begin() as connection:
        connection.execute(pause.insert().values(row))


@pytest.mark.parametrize(("first", "last"), [(5, 9), (0, 5), (9, 20), (6, 8), (0, 20), (7, 7)])
def test_overlapping_pauses_are_refused(engine: Engine, pause: Table, first: int, last: int) -> None:
    add(engine, pause, 5, 9)
    with pytest.raises(DBAPIError, match="overlap"):
        add(engine, pause, first, last)


@pytest.mark.parametrize(("first", "last"), [(0, 4), (10, 12)])
def test_touching_pauses_are_fine(engine: Engine, pause: Table, first: int, last: int) -> None:
    add(engine, pause, 5, 9)
    add(engine, pause, first, last)


def test_a_pause_that_ended_early_leaves_room(engine: Engine, pause: Table) -> None:
    add(engine, pause, 5, 20, ended=8)
    add(engine, pause, 9, 12)
    with pytest.raises(DBAPIError, match="overlap"):
        add(engine, pause, 8, 8)


def test_a_change_may_not_overlap_either(engine: Engine, pause: Table) -> None:
    add(engine, pause, 5, 9)
    add(engine, pause, 10, 12)
    later = pause.update().where(pause.c.from_on == DAY + timedelta(5)).values(until_on=DAY + timedelta(10))
    with pytest.raises(DBAPIError, match="overlap"), engine.begin() as connection:
        connection.execute(later)
    same = pause.update().where(pause.c.from_on == DAY + timedelta(5)).values(until_on=DAY + timedelta(8))
    with engine.begin() as connection:
        connection.execute(same)


def test_of_twenty_at_once_one_remains(engine: Engine, pause: Table) -> None:
    start = threading.Barrier(20)
    outcomes: list[str] = []

    def work(number: int) -> None:
        start.wait()
        try:
            add(engine, pause, number % 5, 9)
            outcomes.append("saved")
        except DBAPIError as error:
            outcomes.append("refused" if "overlap" in str(error) else str(error))

    workers = [threading.Thread(target=work, args=(n,)) for n in range(20)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(outcomes) == ["refused"] * 19 + ["saved"]
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(pause)).scalar_one() == 1
