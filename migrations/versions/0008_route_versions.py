"""A published route version never changes, also past the program; and what a cohort's move to another version keeps.

The triggers refuse UPDATE and DELETE on ``route_version``. Batch operations on SQLite rebuild a table and lose its
triggers: a later revision that touches this table makes them again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

POSTGRESQL = """
CREATE OR REPLACE FUNCTION inleer_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a published route version never changes' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER route_version_published BEFORE UPDATE OR DELETE OR TRUNCATE ON route_version
  FOR EACH STATEMENT EXECUTE FUNCTION inleer_published();
"""
SQLITE = """
CREATE TRIGGER route_version_no_{verb} BEFORE {verb} ON route_version
BEGIN SELECT RAISE(ABORT, 'a published route version never changes'); END
"""
# REPLACE deletes the row in its way without firing the trigger on deletes.
SQLITE_REPLACE = """
CREATE TRIGGER route_version_no_replace BEFORE INSERT ON route_version
WHEN EXISTS (SELECT 1 FROM route_version WHERE id = NEW.id OR (key = NEW.key AND version = NEW.version))
BEGIN SELECT RAISE(ABORT, 'a published route version never changes'); END
"""


def upgrade() -> None:
    """Make the table and the triggers."""
    op.create_table(
        "cohort_version_move",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("from_version_id", sa.Uuid(), nullable=False),
        sa.Column("to_version_id", sa.Uuid(), nullable=False),
        sa.Column("phase_map", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_version_move_cohort_id_cohort")
        ),
        sa.ForeignKeyConstraint(
            ["from_version_id"],
            ["route_version.id"],
            name=op.f("fk_cohort_version_move_from_version_id_route_version"),
        ),
        sa.ForeignKeyConstraint(
            ["to_version_id"],
            ["route_version.id"],
            name=op.f("fk_cohort_version_move_to_version_id_route_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort_version_move")),
    )
    op.create_index("ix_cohort_version_move_cohort", "cohort_version_move", ["cohort_id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL)
        return
    for verb in ("update", "delete"):
        op.execute(SQLITE.format(verb=verb))
    op.execute(SQLITE_REPLACE)


def downgrade() -> None:
    """Take both away."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER route_version_published ON route_version; DROP FUNCTION inleer_published()")
    else:
        for verb in ("update", "delete", "replace"):
            op.execute(f"DROP TRIGGER route_version_no_{verb}")
    op.drop_index("ix_cohort_version_move_cohort", table_name="cohort_version_move")
    op.drop_table("cohort_version_move")
