"""People who were entered twice: joining them with a way back, and pairs that are two people."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Add the column and the tables."""
    with op.batch_alter_table("candidate") as batch:
        batch.add_column(sa.Column("merged_into_id", sa.Uuid(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_candidate_merged_into_id_candidate"), "candidate", ["merged_into_id"], ["id"]
        )
    op.create_table(
        "candidate_merge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("gone_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kept_id"], ["candidate.id"], name=op.f("fk_candidate_merge_kept_id_candidate")
        ),
        sa.ForeignKeyConstraint(
            ["gone_id"], ["candidate.id"], name=op.f("fk_candidate_merge_gone_id_candidate")
        ),
        sa.UniqueConstraint("gone_id", name=op.f("uq_candidate_merge_gone_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate_merge")),
    )
    op.create_index(op.f("ix_candidate_merge_kept_id"), "candidate_merge", ["kept_id"])
    op.create_table(
        "not_the_same",
        sa.Column("low_id", sa.Uuid(), nullable=False),
        sa.Column("high_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["low_id"], ["candidate.id"], name=op.f("fk_not_the_same_low_id_candidate")),
        sa.ForeignKeyConstraint(
            ["high_id"], ["candidate.id"], name=op.f("fk_not_the_same_high_id_candidate")
        ),
        sa.PrimaryKeyConstraint("low_id", "high_id", name=op.f("pk_not_the_same")),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("not_the_same")
    op.drop_table("candidate_merge")
    with op.batch_alter_table("candidate") as batch:
        batch.drop_constraint(op.f("fk_candidate_merged_into_id_candidate"), type_="foreignkey")
        batch.drop_column("merged_into_id")
