"""The fixtures of the core's tests, and the world of ``zorg_world`` with the clock standing still."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from typing import Any

import pytest
from flask import Flask
from inleer_zorg.models import HelpRequest, Visit
from sqlalchemy import delete, event
from zorg_world import NOW, TODAY, Zorg

from inleer import clock
from inleer.audit import in_bulk
from inleer.db import db, unit_of_work
from tests.world import build

pytest_plugins = ["tests.dbserver", "tests.plugin_counts", "tests.plugin_logs", "tests.fixtures"]


@pytest.fixture
def today(app: Flask) -> Iterator[date]:
    """Everything in the test happens on this day."""
    with clock.frozen(NOW):
        yield TODAY


@pytest.fixture
def zorg(app: Flask, today: date) -> Zorg:
    world = build(app, people=4, weeks=11)
    with unit_of_work() as session:
        for table in (Visit, HelpRequest):  # a test counts its own
            session.execute(in_bulk(delete(table), "test"))
    return Zorg(app, world)


@pytest.fixture
def statements(app: Flask) -> Callable[[], AbstractContextManager[list[str]]]:
    """``with statements() as sent:`` collects the SQL statements that are sent."""

    @contextmanager
    def watch() -> Iterator[list[str]]:
        sent: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith("BEGIN"):
                sent.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return watch
