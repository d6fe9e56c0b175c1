"""Faults of plugins, for all processes together, and until when a plugin that keeps failing is not called."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "plugin_fault",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plugin", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("detail", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.CheckConstraint("kind IN ('fault', 'slow')", name=op.f("ck_plugin_fault_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plugin_fault")),
    )
    op.create_index("ix_plugin_fault_at", "plugin_fault", ["at"])
    op.create_index("ix_plugin_fault_plugin_at", "plugin_fault", ["plugin", "at"])
    op.create_table(
        "plugin_stop",
        sa.Column("plugin", sa.String(length=80), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("plugin", name=op.f("pk_plugin_stop")),
    )


def downgrade() -> None:
    """Take both away."""
    op.drop_table("plugin_stop")
    op.drop_index("ix_plugin_fault_plugin_at", table_name="plugin_fault")
    op.drop_index("ix_plugin_fault_at", table_name="plugin_fault")
    op.drop_table("plugin_fault")
