"""Making a new revision, for who maintains the core or a plugin: ``python -m inleer.migrate revision -m "…"``."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from alembic.autogenerate import produce_migrations, render_python_code
from sqlalchemy import MetaData

from inleer.migrate.connect import migration_engine
from inleer.migrate.context import compare_context, render_item
from inleer.migrate.owners import Owner
from inleer.migrate.run import upgrade


def revision(owner: Owner, owners: Sequence[Owner], metadata: MetaData, message: str) -> Path | None:
    """Write the next revision of ``owner`` from the difference between its models and its revisions so far.

    Compares with a scratch SQLite database that has all ``owners``. Returns the file, or None when there is
    nothing to do. Triggers, and checks that changed, are not seen: add those by hand.
    """
    with tempfile.TemporaryDirectory() as folder:
        engine = migration_engine(f"sqlite:///{folder}/scratch.db")
        upgrade(engine, [o for o in owners if o.head is not None])
        with engine.connect() as connection:
            context = compare_context(connection, owner, owners, metadata)
            found = produce_migrations(context, metadata)
            if found.upgrade_ops is None or found.downgrade_ops is None or found.upgrade_ops.is_empty():
                return None
            up, down = (
                render_python_code(
                    part, render_as_batch=True, render_item=render_item, migration_context=context
                )
                for part in (found.upgrade_ops, found.downgrade_ops)
            )
        engine.dispose()
    return _write(owner, message, *(re.sub(r"^# ### .*\n *|\s*# ### end.*", "", part) for part in (up, down)))


def _write(owner: Owner, message: str, up: str, down: str) -> Path:
    script = owner.script
    number = f"{len(list(script.walk_revisions())) + 1:04d}"
    made = script.generate_revision(
        number,
        message,
        head="head",
        version_path=str(owner.versions),
        upgrades=up,
        downgrades=down,
        imports="",
    )
    if made is None:
        raise FileNotFoundError(f"Alembic wrote no revision in {owner.versions}")
    return Path(made.path)
