"""Promise 60: the audit trail only grows, never forks, and whatever is done to it shows."""

from __future__ import annotations

import threading
import tracemalloc
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from inleer import audit, clock
from inleer.audit import AuditEvent, ReadLog, verify_chain
from inleer.audit.chain import digest
from inleer.config import Settings
from inleer.db import db, new_id, unit_of_work
from inleer.ops import anchors
from inleer.ops.checkup import FAIL, OK
from inleer.ops.doctor import examine
from inleer.policy import system_actor

ROWS = 1000


def events(count: int, details: dict[str, Any] | None = None) -> None:
    with unit_of_work():
        for number in range(count):
            audit.record(system_actor(), "test.did", ("thing", number), details=details)


def read_log() -> None:
    row = {
        "id": new_id(),
        "at": clock.now(),
        "user_id": new_id(),
        "organisation_id": new_id(),
        "role": "coach",
        "endpoint": "x",
        "subject_kind": "candidate",
        "subject_ids": ["1"],
        "trace_id": "t",
    }
    with unit_of_work() as session:
        session.execute(insert(ReadLog), [row])


REFUSED = {
    "sqlite": [
        "UPDATE {table} SET trace_id = 'x'",
        "DELETE FROM {table}",
        "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
        "REPLACE INTO {table} SELECT * FROM {table} LIMIT 1",
    ],
    "postgresql": [
        "UPDATE {table} SET trace_id = 'x'",
        "UPDATE {table} SET trace_id = 'x' WHERE false",
        "DELETE FROM {table}",
        "TRUNCATE {table}",
        "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT ({key}) DO UPDATE SET trace_id = 'x'",
    ],
}


@pytest.mark.parametrize(("table", "key"), [("audit_event", "sequence"), ("read_log", "id")])
def test_the_database_itself_refuses_changes(app: Flask, database: str, table: str, key: str) -> None:
    events(2)
    read_log()
    engine = create_engine(database)
    for statement in REFUSED[engine.dialect.name]:
        with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
            connection.execute(text(statement.format(table=table, key=key)))
    engine.dispose()
    assert verify_chain(db.session()) == []
    assert len(db.session.execute(select(ReadLog.id)).all()) == 1


def test_eight_writers_make_no_fork(app: Flask) -> None:
    start = threading.Barrier(8)
    failed: list[BaseException] = []

    def write() -> None:
        try:
            with app.app_context():
                start.wait()
                for _turn in range(10):
                    events(1)
        except BaseException as error:
            failed.append(error)

    writers = [threading.Thread(target=write) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failed == []
    found = db.session.execute(select(AuditEvent.sequence, AuditEvent.previous_hash)).all()
    assert sorted(row.sequence for row in found) == list(range(1, 81))
    assert len({row.previous_hash for row in found}) == 80, "two rows on the same one: a fork"
    assert verify_chain(db.session()) == []


@pytest.fixture
def long_chain(app: Flask, database: str) -> Iterator[Session]:
    """A trail of a thousand rows, without the triggers: as somebody sees it who has the database in hand."""
    events(ROWS, {"n": 1, "when": "2026-01-05"})
    engine = create_engine(database)
    with engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            for verb in ("update", "delete", "replace"):
                connection.execute(text(f"DROP TRIGGER audit_event_no_{verb}"))
        else:
            connection.execute(text("ALTER TABLE audit_event DISABLE TRIGGER audit_event_append_only"))
    with Session(engine) as session:
        yield session
        session.rollback()
        if len(session.execute(select(AuditEvent.sequence)).all()) == ROWS:
            assert verify_chain(session) == [], "the control: what was tampered with was rolled back"
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE audit_event ENABLE TRIGGER audit_event_append_only"))
    engine.dispose()


COLUMNS = [c.key for c in AuditEvent.__table__.columns if c.key != "sequence"]
CHANGED: dict[str, Any] = {
    "at": lambda v: v.replace(year=v.year + 1),
    "user_id": lambda _v: new_id(),
    "organisation_id": lambda _v: new_id(),
    "details": lambda v: {**v, "n": 2},
}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_one_row_in_a_thousand_that_was_touched_is_found(long_chain: Session, data: st.DataObject) -> None:
    session = long_chain
    number = data.draw(st.integers(1, ROWS))
    kind = data.draw(st.sampled_from(["change", "change and rehash", "delete", "swap", "forge"]))
    one = update(AuditEvent).where(AuditEvent.sequence == number)
    row = session.execute(select(AuditEvent.__table__).where(AuditEvent.sequence == number)).mappings().one()
    if kind == "change":
        column = data.draw(st.sampled_from(COLUMNS))
        change = CHANGED.get(column, lambda v: ("0" if v[:1] != "0" else "1") + v[1:])
        session.execute(one.values({column: change(row[column])}))
    elif kind == "change and rehash":
        forged = {**row, "action": "test.undid"}
        session.execute(one.values(action="test.undid", hash=digest(forged)))
    elif kind == "delete":
        number = min(number, ROWS - 1)
        session.execute(delete(AuditEvent).where(AuditEvent.sequence == number))
    elif kind == "swap":
        other = number % ROWS + 1
        for sequence, temporary in ((number, -1), (other, number), (-1, other)):
            moved = update(AuditEvent).where(AuditEvent.sequence == sequence)
            session.execute(moved.values(sequence=temporary))
    else:
        session.execute(insert(AuditEvent), [{**row, "sequence": ROWS + 1}])
    found = verify_chain(session)
    session.rollback()
    if kind == "change and rehash" and number == ROWS:
        return  # nothing after it: that is what the anchors are for (below)
    assert found, (kind, number)


def test_a_trail_that_was_cut_off_is_found_by_its_anchor(
    app: Flask, settings: Settings, long_chain: Session
) -> None:
    def state() -> str:
        return next(found.state for found in examine(lambda: settings) if found.check == "audit_heads")

    anchors.anchor(system_actor(), date(2026, 1, 5))
    db.session.rollback()
    assert state() == OK
    long_chain.execute(delete(AuditEvent).where(AuditEvent.sequence > ROWS - 10))
    long_chain.commit()
    assert verify_chain(long_chain) == [], "the chain alone does not show it"
    long_chain.rollback()
    assert state() == FAIL


words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=9)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(details=st.dictionaries(words, plain, max_size=4))
def test_whatever_is_recorded_verifies(app: Flask, details: dict[str, Any]) -> None:
    events(1, details)
    assert verify_chain(db.session()) == []
    db.session.rollback()


def test_nothing_is_recorded_when_the_work_rolls_back(app: Flask) -> None:
    def fails() -> None:
        with unit_of_work():
            audit.record(system_actor(), "test.did", ("thing", 1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    events(1)
    assert db.session.execute(select(AuditEvent.sequence)).scalars().all() == [1]


def test_a_long_trail_takes_no_more_memory_than_a_short_one(app: Flask) -> None:
    def grow(to: int) -> int:
        """Make the trail this long, check it, and return the most memory that the check took, in bytes."""
        with unit_of_work():
            for n in range(to):
                audit.record(
                    system_actor(), "test.made", ("test", str(n)), details={"n": n, "text": "x" * 200}
                )
        db.session.remove()
        tracemalloc.start()
        try:
            assert verify_chain(db.session()) == []
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    grow(10)  # whatever is made once is made now
    short = grow(1500)
    assert grow(6000) < 1.5 * short
