"""Tries to log in, mails about it, and where people are known: what the limits look at."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "login_trace",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_trace")),
    )
    op.create_index("ix_login_trace_key_at", "login_trace", ["key", "at"])
    op.create_index(op.f("ix_login_trace_at"), "login_trace", ["at"])


def downgrade() -> None:
    """Take it away."""
    op.drop_table("login_trace")
