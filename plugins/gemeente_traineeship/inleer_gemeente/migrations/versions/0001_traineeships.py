"""Workplaces, group assignments, trainees."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "gemeente_assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("client", sa.String(length=120), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_gemeente_assignment_dates")),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_gemeente_assignment_cohort_id_cohort")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gemeente_assignment")),
    )
    with op.batch_alter_table("gemeente_assignment", schema=None) as batch_op:
        batch_op.create_index("ix_gemeente_assignment_cohort", ["cohort_id"], unique=False)

    op.create_table(
        "gemeente_workplace",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("host_id", sa.Uuid(), nullable=False),
        sa.Column("directorate", sa.String(length=120), nullable=False),
        sa.Column("function", sa.String(length=120), nullable=False),
        sa.Column("profile", sa.String(length=20), nullable=False),
        sa.Column("supervisor_name", sa.String(length=120), nullable=False),
        sa.Column("supervisor_trained_on", sa.Date(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "profile IN ('services', 'support', 'space', 'social')",
            name=op.f("ck_gemeente_workplace_profile"),
        ),
        sa.CheckConstraint("places BETWEEN 1 AND 20", name=op.f("ck_gemeente_workplace_places")),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_gemeente_workplace_dates")),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_gemeente_workplace_cohort_id_cohort")
        ),
        sa.ForeignKeyConstraint(
            ["host_id"], ["organisation.id"], name=op.f("fk_gemeente_workplace_host_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gemeente_workplace")),
    )
    with op.batch_alter_table("gemeente_workplace", schema=None) as batch_op:
        batch_op.create_index("ix_gemeente_workplace_cohort", ["cohort_id"], unique=False)

    op.create_table(
        "gemeente_assignment_member",
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["gemeente_assignment.id"],
            name=op.f("fk_gemeente_assignment_member_assignment_id_gemeente_assignment"),
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_gemeente_assignment_member_cohort_id_cohort")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment.id"],
            name=op.f("fk_gemeente_assignment_member_enrolment_id_enrolment"),
        ),
        sa.PrimaryKeyConstraint("assignment_id", "enrolment_id", name=op.f("pk_gemeente_assignment_member")),
    )
    with op.batch_alter_table("gemeente_assignment_member", schema=None) as batch_op:
        batch_op.create_index("ix_gemeente_assignment_member_enrolment", ["enrolment_id"], unique=False)

    op.create_table(
        "gemeente_group_days",
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("attended", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.CheckConstraint("attended >= 0 AND attended <= held", name=op.f("ck_gemeente_group_days_days")),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_gemeente_group_days_cohort_id_cohort")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_gemeente_group_days_enrolment_id_enrolment")
        ),
        sa.PrimaryKeyConstraint("enrolment_id", name=op.f("pk_gemeente_group_days")),
    )
    op.create_table(
        "gemeente_trainee",
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("profile", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "profile IN ('services', 'support', 'space', 'social')", name=op.f("ck_gemeente_trainee_profile")
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_gemeente_trainee_cohort_id_cohort")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_gemeente_trainee_enrolment_id_enrolment")
        ),
        sa.PrimaryKeyConstraint("enrolment_id", name=op.f("pk_gemeente_trainee")),
    )
    with op.batch_alter_table("gemeente_trainee", schema=None) as batch_op:
        batch_op.create_index("ix_gemeente_trainee_cohort", ["cohort_id"], unique=False)

    op.create_table(
        "gemeente_stay",
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("workplace_id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("phase_key", sa.String(length=80), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_gemeente_stay_cohort_id_cohort")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_gemeente_stay_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["placement.id"],
            name=op.f("fk_gemeente_stay_placement_id_placement"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workplace_id"],
            ["gemeente_workplace.id"],
            name=op.f("fk_gemeente_stay_workplace_id_gemeente_workplace"),
        ),
        sa.PrimaryKeyConstraint("placement_id", name=op.f("pk_gemeente_stay")),
    )
    with op.batch_alter_table("gemeente_stay", schema=None) as batch_op:
        batch_op.create_index("ix_gemeente_stay_enrolment", ["enrolment_id"], unique=False)
        batch_op.create_index("ix_gemeente_stay_workplace", ["workplace_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("gemeente_stay", schema=None) as batch_op:
        batch_op.drop_index("ix_gemeente_stay_workplace")
        batch_op.drop_index("ix_gemeente_stay_enrolment")

    op.drop_table("gemeente_stay")
    with op.batch_alter_table("gemeente_trainee", schema=None) as batch_op:
        batch_op.drop_index("ix_gemeente_trainee_cohort")

    op.drop_table("gemeente_trainee")
    op.drop_table("gemeente_group_days")
    with op.batch_alter_table("gemeente_assignment_member", schema=None) as batch_op:
        batch_op.drop_index("ix_gemeente_assignment_member_enrolment")

    op.drop_table("gemeente_assignment_member")
    with op.batch_alter_table("gemeente_workplace", schema=None) as batch_op:
        batch_op.drop_index("ix_gemeente_workplace_cohort")

    op.drop_table("gemeente_workplace")
    with op.batch_alter_table("gemeente_assignment", schema=None) as batch_op:
        batch_op.drop_index("ix_gemeente_assignment_cohort")

    op.drop_table("gemeente_assignment")
