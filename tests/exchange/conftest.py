"""Each test gets a running edition on both databases, and a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.exchange.editions import LESSONS, PEOPLE, Edition, frozen, make_edition


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with frozen():
        yield


@pytest.fixture
def edition(app: Flask) -> Edition:
    """An edition without people or sessions."""
    return make_edition(app)


@pytest.fixture
def filled(edition: Edition) -> Edition:
    """An edition with three people and four sessions."""
    edition.take_in("candidates", PEOPLE)
    edition.take_in("sessions", LESSONS)
    return edition
