"""Fills a database with the generated data: COPY on PostgreSQL, executemany on SQLite."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from random import Random
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import insert, select

from bench.rows import Maker
from bench.shapes import STARTS, Size, patterns, schedule
from bench.world import Row, World, attendance
from inleer import clock
from inleer.accounts.passwords import hash_password
from inleer.db import Base, db, unit_of_work
from inleer.leerroutes.actions import publish
from inleer.leerroutes.models import RouteVersion
from inleer.policy import system_actor, unscoped

PASSWORD = "vier losse woorden hier"
ROUTE = ("zorg.wijkleerbedrijf", 2)
BATCH = 20_000


def fill(app: Flask, size: Size) -> World:
    """Make the data of one size in an empty, migrated database; returns what was made."""
    with app.app_context():
        with unit_of_work():
            publish(system_actor(), app.extensions["inleer"])
        world = _world(size)
        copy_rows(world)
        db.session.remove()
    return world


def copy_rows(world: World) -> None:
    """Write the rows and their marks, within an application context."""
    if db.engine.dialect.name == "postgresql":
        _copy_all(world)
    else:
        _insert_all(world, attendance(world, clock.now()))


def _world(size: Size) -> World:
    key, version = ROUTE
    statement = select(RouteVersion).where(RouteVersion.key == key, RouteVersion.version == version)
    route = db.session.execute(unscoped(statement, "generated data")).scalar_one()
    rng = Random(str(size.percent))
    plans = [schedule(clock.today(), shift) for shift in range(STARTS)]
    found = [patterns(plan, rng) for plan in plans]
    db.session.commit()
    return Maker(size, plans, found, {"id": route.id, "key": key}, hash_password(PASSWORD)).make()


def _ordered(world: World) -> Iterator[tuple[str, list[Row]]]:
    """The tables, those that others refer to first."""
    for table in Base.metadata.sorted_tables:
        if table.name in world.tables:
            yield table.name, world.tables[table.name]


def _insert_all(world: World, marks: Iterator[Row]) -> None:
    with db.engine.begin() as connection:
        for name, rows in _ordered(world):
            connection.execute(insert(Base.metadata.tables[name]), rows)
        while batch := list(islice(marks, BATCH)):
            connection.execute(insert(Base.metadata.tables["attendance"]), batch)


def _copy_all(world: World) -> None:
    url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as connection:
        # Keys are right by construction; checking them one by one takes most of the time.
        connection.execute("SET LOCAL session_replication_role = replica")
        for name, rows in _ordered(world):
            _copy(connection, name, rows)
        _copy_marks(connection, world)
        connection.commit()
        connection.autocommit = True
        # As a database that has been running for a while: statistics and visibility are there.
        connection.execute("VACUUM ANALYZE")


def _copy_marks(connection: psycopg.Connection[Any], world: World) -> None:
    """The marks as lines of text: there are millions of them."""
    moment, empty = clock.now().isoformat(), "\\N"
    columns = "enrolment_id, session_id, status, minutes, missed, recorded_by_id, recorded_by_name"
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY attendance ({columns}, recorded_at, version) FROM STDIN".encode()) as copy,
    ):
        for enrolment, pattern, sessions, teacher in world.marks:
            head, tail = str(enrolment), f"{teacher}\tDocent\t{moment}\t1\n"
            lines = [
                f"{head}\t{session}\t{status}\t{empty if minutes is None else minutes}\t{missed}\t{tail}"
                for session, (status, minutes, missed) in zip(map(str, sessions), pattern.marks, strict=True)
            ]
            copy.write("".join(lines))


def _copy(connection: psycopg.Connection[Any], name: str, rows: Iterable[Row]) -> None:
    with connection.cursor() as cursor:
        found = iter(rows)
        first = next(found, None)
        if first is None:
            return
        names = list(first)
        columns = ", ".join(f'"{n}"' for n in names)
        with cursor.copy(f'COPY "{name}" ({columns}) FROM STDIN') as copy:
            copy.write_row(_values(first, names))
            for row in found:
                copy.write_row(_values(row, names))


def _values(row: Row, names: list[str]) -> list[Any]:
    return [json.dumps(v) if isinstance(v := row.get(n), dict) else v for n in names]
