"""A caseload that goes to a colleague as one step; the contact in whose place an employer's colleague was asked."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add the columns."""
    with op.batch_alter_table("coach_change") as table:
        table.add_column(sa.Column("batch_id", sa.Uuid(), nullable=True))
        table.create_index("ix_coach_change_batch", ["batch_id"])
    with op.batch_alter_table("intention_request_item") as table:
        table.add_column(sa.Column("replaced_contact", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Take them away."""
    with op.batch_alter_table("intention_request_item") as table:
        table.drop_column("replaced_contact")
    with op.batch_alter_table("coach_change") as table:
        table.drop_index("ix_coach_change_batch")
        table.drop_column("batch_id")
