"""Migrations: one Alembic version table per owner (the core, each plugin), upgraded together or not at all.

Nothing here runs at start. ``upgrade`` is called by ``inleer db upgrade`` and ``inleer init``; serving code only asks
``schema_problems``.
"""

from inleer.migrate.connect import MigrationError, migration_engine, reading
from inleer.migrate.owners import CORE_OWNER, Owner, all_owners, core_owner, plugin_owner
from inleer.migrate.run import downgrade, upgrade
from inleer.migrate.status import OwnerStatus, SchemaError, check_schema, orphans, schema_problems, status

__all__ = [
    "CORE_OWNER",
    "MigrationError",
    "Owner",
    "OwnerStatus",
    "SchemaError",
    "all_owners",
    "check_schema",
    "core_owner",
    "downgrade",
    "migration_engine",
    "orphans",
    "plugin_owner",
    "reading",
    "schema_problems",
    "status",
    "upgrade",
]
