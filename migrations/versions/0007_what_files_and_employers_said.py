"""Whether a timetable said that a session is cancelled; what an intention was before an answer by telephone.

Of what was recorded earlier neither is known: a file then leaves a cancelled session cancelled, and only an answer
that changed no hours can be taken back.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the two columns."""
    op.add_column(
        "session", sa.Column("file_cancelled", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("intention_event", sa.Column("before", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Take both away."""
    with op.batch_alter_table("intention_event") as batch:
        batch.drop_column("before")
    with op.batch_alter_table("session") as batch:
        batch.drop_column("file_cancelled")
