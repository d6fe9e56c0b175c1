"""Help requests of residents, and visits to them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "zorg_help_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("requester", sa.String(length=40), nullable=False),
        sa.Column("task", sa.String(length=20), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("starts", sa.Time(), nullable=True),
        sa.Column("agreed_minutes", sa.Integer(), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state <> 'open' OR enrolment_id IS NULL", name=op.f("ck_zorg_help_request_open")),
        sa.CheckConstraint(
            "state IN ('open', 'assigned', 'done', 'withdrawn')", name=op.f("ck_zorg_help_request_state")
        ),
        sa.CheckConstraint(
            "state NOT IN ('assigned', 'done') OR enrolment_id IS NOT NULL",
            name=op.f("ck_zorg_help_request_assigned"),
        ),
        sa.CheckConstraint(
            "task IN ('groceries', 'company', 'housekeeping', 'cooking', 'walking', 'odd_job', 'escort', 'digital')",
            name=op.f("ck_zorg_help_request_task"),
        ),
        sa.CheckConstraint(
            "agreed_minutes IS NULL OR agreed_minutes BETWEEN 1 AND 600",
            name=op.f("ck_zorg_help_request_agreed_minutes"),
        ),
        sa.CheckConstraint(
            "weekday IS NULL OR weekday BETWEEN 0 AND 6", name=op.f("ck_zorg_help_request_weekday")
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_zorg_help_request_cohort_id_cohort")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_zorg_help_request_enrolment_id_enrolment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zorg_help_request")),
    )
    with op.batch_alter_table("zorg_help_request", schema=None) as batch_op:
        batch_op.create_index("ix_zorg_help_request_cohort_state", ["cohort_id", "state"], unique=False)
        batch_op.create_index("ix_zorg_help_request_enrolment", ["enrolment_id"], unique=False)

    op.create_table(
        "zorg_visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("help_request_id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("remark", sa.String(length=300), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_by_name", sa.String(length=200), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 1 AND 1440", name=op.f("ck_zorg_visit_minutes")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_zorg_visit_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(
            ["help_request_id"],
            ["zorg_help_request.id"],
            name=op.f("fk_zorg_visit_help_request_id_zorg_help_request"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zorg_visit")),
    )
    with op.batch_alter_table("zorg_visit", schema=None) as batch_op:
        batch_op.create_index("ix_zorg_visit_enrolment_on", ["enrolment_id", "on"], unique=False)
        batch_op.create_index(
            "uq_zorg_visit_request_enrolment_on",
            ["help_request_id", "enrolment_id", "on"],
            unique=True,
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("zorg_visit", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_zorg_visit_request_enrolment_on",
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )
        batch_op.drop_index("ix_zorg_visit_enrolment_on")

    op.drop_table("zorg_visit")
    with op.batch_alter_table("zorg_help_request", schema=None) as batch_op:
        batch_op.drop_index("ix_zorg_help_request_enrolment")
        batch_op.drop_index("ix_zorg_help_request_cohort_state")

    op.drop_table("zorg_help_request")
