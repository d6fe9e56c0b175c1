"""What several tests of pages use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from flask import Flask


@pytest.fixture
def lines(app: Flask) -> Iterator[list[str]]:
    """What is printed, as production would print it."""
    kept: list[str] = []

    def keep(_logger: object, _method: str, event: Any) -> Any:
        kept.append(event)
        raise structlog.DropEvent

    known = structlog.get_config()["processors"]
    renderer = next(i for i, p in enumerate(known) if isinstance(p, structlog.processors.JSONRenderer))
    structlog.configure(processors=[*known[: renderer + 1], keep])
    yield kept
    structlog.configure(processors=known)
