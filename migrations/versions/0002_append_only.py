"""Triggers: the audit trail and the read log only grow, and pauses of one enrolment do not overlap.

Batch operations on SQLite rebuild a table and lose its triggers: a later revision that touches one of these tables
makes them again.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

# Tables and their keys.
LOGS = {"audit_event": "sequence", "read_log": "id"}

POSTGRESQL = """
CREATE OR REPLACE FUNCTION inleer_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE OR REPLACE FUNCTION inleer_pause_overlap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- The lock on the enrolment makes two concurrent pauses wait for each other: the second one sees the first.
  PERFORM 1 FROM enrolment WHERE id = NEW.enrolment_id FOR UPDATE;
  IF EXISTS (
    SELECT 1 FROM pause p WHERE p.enrolment_id = NEW.enrolment_id AND p.id <> NEW.id
      AND p.from_on <= coalesce(NEW.ended_on, NEW.until_on) AND NEW.from_on <= coalesce(p.ended_on, p.until_on)
  ) THEN
    RAISE EXCEPTION 'pauses of one enrolment overlap' USING ERRCODE = 'exclusion_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER pause_no_overlap BEFORE INSERT OR UPDATE ON pause
  FOR EACH ROW EXECUTE FUNCTION inleer_pause_overlap();
"""
POSTGRESQL_LOG = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION inleer_append_only();
"""
SQLITE_LOG = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
# REPLACE deletes the row in its way without firing the trigger on deletes.
SQLITE_REPLACE = """
CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
SQLITE_PAUSE = """
CREATE TRIGGER pause_no_overlap_{verb} BEFORE {verb} ON pause
WHEN EXISTS (
  SELECT 1 FROM pause p WHERE p.enrolment_id = NEW.enrolment_id AND p.id <> NEW.id
    AND p.from_on <= coalesce(NEW.ended_on, NEW.until_on) AND NEW.from_on <= coalesce(p.ended_on, p.until_on)
)
BEGIN SELECT RAISE(ABORT, 'pauses of one enrolment overlap'); END
"""


def upgrade() -> None:
    """Make the triggers."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL)
        for table in LOGS:
            op.execute(POSTGRESQL_LOG.format(table=table))
        return
    for table, key in LOGS.items():
        for verb in ("update", "delete"):
            op.execute(SQLITE_LOG.format(table=table, verb=verb))
        op.execute(SQLITE_REPLACE.format(table=table, key=key))
    for verb in ("insert", "update"):
        op.execute(SQLITE_PAUSE.format(verb=verb))


def downgrade() -> None:
    """Remove the triggers."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER pause_no_overlap ON pause; DROP FUNCTION inleer_pause_overlap()")
        for table in LOGS:
            op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        op.execute("DROP FUNCTION inleer_append_only()")
        return
    for table in LOGS:
        for verb in ("update", "delete", "replace"):
            op.execute(f"DROP TRIGGER {table}_no_{verb}")
    for verb in ("insert", "update"):
        op.execute(f"DROP TRIGGER pause_no_overlap_{verb}")
