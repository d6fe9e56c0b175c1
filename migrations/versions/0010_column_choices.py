"""Which columns of a list a person chose to see."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "column_choice",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("list", sa.String(length=40), nullable=False),
        sa.Column("columns", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_column_choice_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("user_id", "list", name=op.f("pk_column_choice")),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("column_choice")
