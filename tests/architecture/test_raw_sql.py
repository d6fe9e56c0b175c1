"""Promises 6 and 59, in the code itself: the guards of scope and audit sit on the session; nothing goes around it.

SQL as text, a connection of its own, and statements on a table instead of a model pass both guards unseen. The
files that need it are listed with what they may use and why; a new one is a decision.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.syntax import called_name, product

AROUND = frozenset({"connection", "raw_connection", "exec_driver_sql"})
OPENED = frozenset({"connect", "begin"})
HARMLESS = frozenset(
    {"name", "columns", "c", "primary_key"}
)  # of a __table__: what it is called, what it has
IMPORTED = frozenset({"text", "literal_column", "create_engine"})
#: Folders of commands for operators and of migrations: not reachable from a page.
OPERATIONS = ("inleer/ops/", "inleer/migrate/", "inleer/cli/")
#: file: what it may use. Each was read: marks, figures and imports are written in bulk for speed, and their audit
#: events are recorded by the same function; none reads a row for a page.
REVIEWED: dict[str, set[str]] = {
    "inleer/accounts/columns.py": {
        "connection",
        "__table__",
    },  # the person's own choice, written in one statement
    "inleer/accounts/notifications.py": {"connection", "__table__"},  # the person's own too
    "inleer/accounts/saved_views.py": {"connection", "__table__"},  # the person's own too
    "inleer/attendance/marks.py": {"connection", "__table__"},
    "inleer/attendance/rollups.py": {"connection", "__table__"},
    "inleer/audit/chain.py": {"connection", "__table__"},  # the trail itself
    "inleer/audit/reads.py": {"connection", "__table__"},  # the read log itself
    "inleer/cohorts/sessions.py": {"connection"},  # the first mark opens a lesson
    "inleer/db/core.py": {"exec_driver_sql"},  # BEGIN
    "inleer/exchange/apply_attendance.py": {"connection", "__table__"},
    "inleer/exchange/ledger.py": {"connection", "__table__"},
    "inleer/exchange/queries_undo.py": {"__table__"},
    "inleer/merging/rows.py": {"__table__"},  # which tables refer to a person, the plugins' too
    "inleer/placements/models.py": {"literal_column", "__table__"},  # the condition of a constraint
    "inleer/reports/frame_parts.py": {"literal_column"},  # a word of our own
    "inleer/reports/timeline.py": {"literal_column"},  # a word of our own
    "inleer/signals/writing.py": {"connection", "__table__"},
    "inleer/testing/contract.py": {
        "connect",
        "connection",
        "__table__",
    },  # reads columns and counts statements
    "inleer/web/admin/plugins.py": {"connection"},  # which plugins have tables
    "plugins/logistiek/inleer_logistiek/models.py": {"text"},  # the condition of an index
    "plugins/zorg/inleer_zorg/models.py": {"text"},  # the condition of an index
}


def around(path: str, tree: ast.Module) -> Iterator[tuple[str, int]]:
    """(what, line) of everything in a file that passes the guards of the session."""
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
        for alias in node.names
        if alias.name in IMPORTED
    }
    asked = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr in HARMLESS}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            of_engine = node.attr in OPENED and called_name(node.value) == "engine"
            as_table = node.attr == "__table__" and id(node) not in asked
            if of_engine or as_table or node.attr in AROUND:
                yield node.attr, node.lineno
        elif isinstance(node, ast.Name) and node.id in imported:
            yield node.id, node.lineno


def unreviewed() -> list[str]:
    """Places that nobody read."""
    return [
        f"{path}:{line} {what}"
        for path, tree in product()
        if not path.startswith(OPERATIONS)
        for what, line in around(path, tree)
        if what not in REVIEWED.get(path, set())
    ]


def test_nothing_goes_around_the_session_unseen() -> None:
    assert unreviewed() == []


def test_nothing_is_listed_that_is_not_used() -> None:
    used = {path: {what for what, _line in around(path, tree)} for path, tree in product()}
    assert {
        path: sorted(what - used.get(path, set()))
        for path, what in REVIEWED.items()
        if what - used.get(path, set())
    } == {}


@pytest.mark.parametrize(
    "planted",
    [
        'from sqlalchemy import text\ndb.session.execute(text("SELECT * FROM candidate"))',
        "rows = db.session.connection().execute(select(Candidate))",
        "rows = select(Candidate.__table__)",
        'db.session.connection().exec_driver_sql("DELETE FROM note")',
        "with db.engine.begin() as c: ...",
    ],
)
def test_a_planted_way_around_is_found(planted: str) -> None:
    assert list(around("planted.py", ast.parse(planted)))
