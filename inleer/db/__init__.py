"""The database: one session, typed models, one unit of work per request or command."""

from inleer.db.core import (
    Base,
    Id,
    JsonValue,
    UtcDateTime,
    Versioned,
    db,
    engine_options,
    is_sqlite,
    new_id,
    rows_changed,
)
from inleer.db.work import add_commit_hook, after_commit, commits_itself, in_write, unit_of_work

__all__ = [
    "Base",
    "Id",
    "JsonValue",
    "UtcDateTime",
    "Versioned",
    "add_commit_hook",
    "after_commit",
    "commits_itself",
    "db",
    "engine_options",
    "in_write",
    "is_sqlite",
    "new_id",
    "rows_changed",
    "unit_of_work",
]
