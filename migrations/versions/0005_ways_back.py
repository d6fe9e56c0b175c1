"""What two ways back need: the first day that a later start replaced, and who was a candidate's coach before.

Steps that were taken earlier have no former first day: those are changed by hand, as before.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column and the table."""
    with op.batch_alter_table("enrolment_event") as batch:
        batch.add_column(sa.Column("joined_before", sa.Date(), nullable=True))
    op.create_table(
        "coach_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=True),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.CheckConstraint("from_id IS NULL OR from_id <> to_id", name=op.f("ck_coach_change_other")),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.id"], name=op.f("fk_coach_change_candidate_id_candidate")
        ),
        sa.ForeignKeyConstraint(
            ["from_id"], ["user_account.id"], name=op.f("fk_coach_change_from_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["to_id"], ["user_account.id"], name=op.f("fk_coach_change_to_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coach_change")),
    )
    op.create_index("ix_coach_change_candidate", "coach_change", ["candidate_id"])


def downgrade() -> None:
    """Take both away."""
    op.drop_index("ix_coach_change_candidate", table_name="coach_change")
    op.drop_table("coach_change")
    with op.batch_alter_table("enrolment_event") as batch:
        batch.drop_column("joined_before")
