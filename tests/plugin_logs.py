"""Promise 61, over the whole suite: a test fails when a log line of its run holds a name, an address or a token.

A pytest plugin. Everything the application would log in production (level INFO and up, of structlog and of the
standard library) is read, also what testing keeps from the screen; and what servers write that tests start as
processes of their own, handed over with ``read_text`` and ``read_file`` (tests/architecture/test_logs.py sees to it
that they are). Forbidden are e-mail addresses, tokens and secrets by their shape, and the names that the tests gave to
people, told by ``remember``.
"""

from __future__ import annotations

import logging
import re
from collections import deque
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Any

import pytest
import structlog

#: Names of people in the world of the tests; others are remembered while a test runs.
CANARIES = ("KANARIEA", "KANARIEB", "vier losse woorden hier")
SHAPES = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.-]*\w"  # an address
    r"|(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Z])(?=[\w-]*[a-z])[\w-]{43}(?![\w-])"  # a token of 256 bits
    r"|\bAchter\d|gAAAAA[\w-]{20}"  # a candidate of the world; a text encrypted by us
)
SHORTEST = 6
# Servers that tests start for themselves, and libraries of the tests: not part of the product.
NOT_OURS = ("mail.", "aiosmtpd", "asyncio", "hypothesis", "faker", "playwright", "xdist", "concurrent")
_names: deque[str] = deque(maxlen=400)
_found: list[str] = []
_seen = {"lines": 0}


def remember(name: str) -> None:
    """Forbid this name in log lines from now on; short ones would stand in ordinary words."""
    if len(name) >= SHORTEST:
        _names.append(name)


def problems(text: str, names: Iterable[str] = ()) -> list[str]:
    """What in a log line may not be there; ``names`` beside those that are always forbidden."""
    found = [name for name in (*CANARIES, *_names, *names) if name in text]
    return found + [match.group() for match in SHAPES.finditer(text)]


def look(text: str, names: Iterable[str] = ()) -> None:
    """Read one line; what is wrong with it is told by the test that runs."""
    _seen["lines"] += 1
    _found.extend(f"{word!r} in: {text}" for word in problems(text, names))


def read_text(text: str, names: Iterable[str] = ()) -> str:
    """Read what a process wrote that a test started, and give it back."""
    for line in text.splitlines():
        look(line, names)
    return text


def read_file(path: Path, start: int = 0, names: Iterable[str] = ()) -> int:
    """Read the log of a process that a test started, from this byte on; returns where it ends now."""
    with path.open("rb") as log:
        log.seek(start)
        written = log.read()
    read_text(written.decode(errors="replace"), names)
    return start + len(written)


def take_found() -> list[str]:
    """What was found and not told yet; it is not told any more. For tests that plant a fault."""
    found = list(_found)
    _found.clear()
    return found


class Reader(logging.Handler):
    """Reads what goes through the standard library's logging, with its traceback."""

    def emit(self, record: logging.LogRecord) -> None:
        """Look at one record."""
        if record.levelno >= logging.INFO and not record.name.startswith(NOT_OURS):
            look(logging.Formatter().format(record))


def _read(_logger: object, method: str, event: Any) -> Any:
    """The last processor before the line is printed: reads it, and prints warnings only."""
    if getattr(logging, method.upper(), logging.ERROR) >= logging.INFO:
        look(str(event))
    if method in ("debug", "info"):
        raise structlog.DropEvent
    return event


def _listen_to_structlog() -> None:
    from inleer.web import logs

    plain = logs.configure

    def configure(settings: Any) -> None:
        plain(settings)
        if settings.testing:
            known = structlog.get_config()["processors"]
            structlog.configure(
                processors=[*known, _read], wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG)
            )

    logs.configure = configure


def pytest_configure(config: pytest.Config) -> None:
    """Read everything from the first test on."""
    logging.getLogger().addHandler(Reader())
    _listen_to_structlog()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail the part of a test (its making, its body, its end) in which something was logged."""
    report = yield
    if _found:
        told = "a log line holds personal data or a secret:\n" + "\n".join(dict.fromkeys(_found))
        _found.clear()
        if report.passed:
            report.outcome, report.longrepr = "failed", told
        else:
            report.sections.append(("personal data in the log", told))
    return report


def lines_read() -> int:
    """How many lines were read so far in this process."""
    return _seen["lines"]
