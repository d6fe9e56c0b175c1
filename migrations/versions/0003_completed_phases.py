"""What a completed phase keeps: its name then, when and by whom it was recorded, the reason when no rule carried it.

No release wrote this table. Rows that another program put there get what can be known: their day as the moment, and
the sentence that their reason is not known where the rules do not carry them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

FILL = """
UPDATE phase_completion SET phase_name = phase_key, fulfilled = {false}, reason = 'onbekend', batch_id = id,
  recorded_at = {moment}, recorded_by_name = 'onbekend'
"""


def upgrade() -> None:
    """Add the columns, fill them, then ask for them."""
    with op.batch_alter_table("phase_completion") as batch:
        batch.add_column(sa.Column("phase_name", sa.String(length=200), nullable=True))
        batch.add_column(sa.Column("fulfilled", sa.Boolean(), nullable=True))
        batch.add_column(sa.Column("reason", sa.String(length=500), nullable=True))
        batch.add_column(sa.Column("batch_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("recorded_by_name", sa.String(length=200), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(FILL.format(false="false", moment="completed_on + time '12:00' AT TIME ZONE 'UTC'"))
    else:
        op.execute(FILL.format(false="0", moment="completed_on || ' 12:00:00.000000'"))
    with op.batch_alter_table("phase_completion") as batch:
        batch.alter_column("phase_name", existing_type=sa.String(length=200), nullable=False)
        batch.alter_column("fulfilled", existing_type=sa.Boolean(), nullable=False)
        batch.alter_column("reason", existing_type=sa.String(length=500), nullable=False)
        batch.alter_column("batch_id", existing_type=sa.Uuid(), nullable=False)
        batch.alter_column("recorded_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch.alter_column("recorded_by_name", existing_type=sa.String(length=200), nullable=False)
        batch.create_check_constraint(op.f("ck_phase_completion_reason"), "fulfilled OR reason <> ''")
        batch.create_index("ix_phase_completion_batch", ["batch_id"], unique=False)


def downgrade() -> None:
    """Take the columns away."""
    with op.batch_alter_table("phase_completion") as batch:
        batch.drop_index("ix_phase_completion_batch")
        batch.drop_constraint(op.f("ck_phase_completion_reason"), type_="check")
        for name in ("recorded_by_name", "recorded_at", "batch_id", "reason", "fulfilled", "phase_name"):
            batch.drop_column(name)
