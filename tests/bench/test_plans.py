"""No page reads all marks: with 144,000 of them, PostgreSQL plans no sequential scan of attendance."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, text

from bench import asking
from bench.database import connect
from bench.extra import request_inside
from bench.generate import fill
from bench.shapes import Size
from inleer.db import db

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
SIZE = Size(0.6)
LOOKS = "SELECT count(*) FROM attendance WHERE missed = 5"


@contextmanager
def explained(found: list[tuple[str, Any]]) -> Iterator[None]:
    """Plan each statement that reads or writes attendance just before it runs: with its own values, and for any.

    The last is how it runs when it is sent often: then PostgreSQL makes one plan for all values.
    """

    def plan(
        _connection: Any, cursor: Any, statement: str, parameters: Any, _context: Any, many: bool
    ) -> None:
        if "attendance" in statement and not many:
            with cursor.connection.cursor() as beside:
                beside.execute(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
                plans = beside.fetchone()[0]
                found.append((statement, plans if isinstance(plans, list) else json.loads(plans)))
                found.append((statement, _for_any(beside, statement)))

    event.listen(db.engine, "before_cursor_execute", plan)
    try:
        yield
    finally:
        event.remove(db.engine, "before_cursor_execute", plan)


def _for_any(cursor: Any, statement: str) -> Any:
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", statement)))
    numbered = re.sub(r"%\((\w+)\)s", lambda found: f"${names.index(found[1]) + 1}", statement)
    values = f"({', '.join(['NULL'] * len(names))})" if names else ""
    cursor.execute(f"PREPARE looked_at AS {numbered.replace('%%', '%')}".encode())
    cursor.execute(f"EXPLAIN (FORMAT JSON) EXECUTE looked_at{values}".encode())
    plans = cursor.fetchone()[0]
    cursor.execute(b"DEALLOCATE looked_at")
    return plans


def scans(plan: Any) -> set[str]:
    """The tables that a plan reads from begin to end."""
    if isinstance(plan, list):
        return set().union(*(scans(part) for part in plan))
    if not isinstance(plan, dict):
        return set()
    own = {plan["Relation Name"]} if plan.get("Node Type") == "Seq Scan" else set()
    return own.union(*(scans(part) for part in plan.values()))


def test_no_page_scans_all_marks(app: Flask, database: str) -> None:
    made = fill(app, SIZE).made
    assert db.session.execute(text("SELECT count(*) FROM attendance")).scalar_one() >= 50_000
    db.session.commit()
    jar = asking.Jar(app)
    seen = set()
    for page in asking.PAGES:
        ask = asking.product(page, made, jar)[0]
        with connect(database) as connection:
            asking.refresh([ask], connection)
        found: list[tuple[str, Any]] = []
        with explained(found):
            request_inside(app, ask)
        seen |= {page} if found else set()
        for statement, plan in found:
            assert "attendance" not in scans(plan), f"{page} scans attendance:\n{statement}"
    assert {"P2 GET", "P2 POST"} <= seen  # the others read roll-ups
    found = []
    with explained(found):
        db.session.execute(text(LOOKS)).all()
    assert ["attendance" in scans(plan) for _statement, plan in found] == [True, True], (
        "a planted scan is not found"
    )


def test_what_is_sent_often_is_planned_once(app: Flask, database: str) -> None:
    made = fill(app, Size(0.1)).made
    jar = asking.Jar(app)
    for page in ("P1", "P2 GET", "P3", "P5"):
        for _time in range(8):
            request_inside(app, asking.product(page, made, jar)[0])
    counts = text("SELECT count(*), sum(generic_plans), sum(custom_plans) FROM pg_prepared_statements")
    prepared, once, anew = db.session.execute(counts).one()
    assert prepared > 15
    assert once >= 2 * prepared
    assert anew == 0
