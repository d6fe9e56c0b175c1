"""The fixtures of the core's tests, and the world of ``logistiek_world`` with the clock standing still."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from typing import Any

import pytest
from flask import Flask
from logistiek_world import NOW, TODAY, Logistiek
from sqlalchemy import event

from inleer import clock
from inleer.db import db
from tests.world import build

pytest_plugins = ["tests.dbserver", "tests.plugin_counts", "tests.plugin_logs", "tests.fixtures"]


@pytest.fixture
def today(app: Flask) -> Iterator[date]:
    """Everything in the test happens on this day."""
    with clock.frozen(NOW):
        yield TODAY


@pytest.fixture
def logistiek(app: Flask, today: date) -> Logistiek:
    return Logistiek(app, build(app, people=2, weeks=11))


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
