"""A session remembers the moment of its last bulk fill, so that it can be undone after the page was left."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add the column."""
    with op.batch_alter_table("session") as batch:
        batch.add_column(sa.Column("filled_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table("session") as batch:
        batch.drop_column("filled_at")
