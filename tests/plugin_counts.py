"""Count the tests that really ran on each database and in the browser; a pytest plugin that works under xdist.

A test counts for a database when its fixture parameter `database` (or `bare_database`) is "sqlite" or "postgresql", and
for the browser when it carries the marker `browser`. Skipped tests do not count. With --all-kinds a run in which one
of the three is 0 fails: a green run must not hide that a database or the browser was missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest

KINDS = ("sqlite", "postgresql", "browser")
PROPERTY = "inleer_kind"
COUNTS = pytest.StashKey[Counter[str]]()


def kinds_of(item: pytest.Item) -> set[str]:
    """Return the kinds that a test counts for."""
    found = {"browser"} if item.get_closest_marker("browser") else set()
    callspec = getattr(item, "callspec", None)
    params = callspec.params.items() if callspec is not None else ()
    return found | {value for name, value in params if name.endswith("database") and value in KINDS}


def closing_line(counts: Counter[str]) -> str:
    """Return the line that ends the run, such as ``inleer-tests: sqlite=120 postgresql=120 browser=18``."""
    return "inleer-tests: " + " ".join(f"{kind}={counts[kind]}" for kind in KINDS)


def missing(counts: Counter[str]) -> list[str]:
    """Return the kinds of which no test ran."""
    return [kind for kind in KINDS if counts[kind] == 0]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --all-kinds."""
    parser.addoption(
        "--all-kinds",
        action="store_true",
        help="fail when no test ran on sqlite, on postgresql or in the browser",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Start counting."""
    config.stash[COUNTS] = Counter()


# Last, so that parametrisation and markers set by other plugins are there.
@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Note the kinds in the test itself: reports carry its properties from the workers to the controller."""
    for item in items:
        item.user_properties.extend((PROPERTY, kind) for kind in sorted(kinds_of(item)))


class Counting:
    """Counts reports in the controlling process."""

    def __init__(self, counts: Counter[str]) -> None:
        """Add to `counts`."""
        self.counts = counts

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a test whose body ran to a verdict."""
        if report.when == "call" and report.outcome != "skipped":
            self.counts.update(str(value) for key, value in report.user_properties if key == PROPERTY)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Listen in the controlling process only: it sees the reports of all workers."""
    if not hasattr(session.config, "workerinput"):
        session.config.pluginmanager.register(Counting(session.config.stash[COUNTS]), "inleer-counts")


# First, so that the exit status is set before the terminal reporter prints its summary.
@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a complete run that left a database or the browser out."""
    config = session.config
    if hasattr(config, "workerinput") or not config.option.all_kinds:
        return
    if missing(config.stash[COUNTS]) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the closing line, and what is missing in red."""
    counts = config.stash[COUNTS]
    terminalreporter.write_line(closing_line(counts))
    if config.option.all_kinds and missing(counts):
        terminalreporter.write_line(
            f"FAILED: no test ran for {', '.join(missing(counts))}", red=True, bold=True
        )
