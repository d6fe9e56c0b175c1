"""Certificates of participants."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "logistiek_certificate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("obtained_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("issuer", sa.String(length=80), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_by_name", sa.String(length=200), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('forklift', 'reachtruck', 'ept', 'vca', 'code95')",
            name=op.f("ck_logistiek_certificate_kind"),
        ),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= obtained_on",
            name=op.f("ck_logistiek_certificate_valid_until"),
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_logistiek_certificate_cohort_id_cohort")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_logistiek_certificate_enrolment_id_enrolment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_logistiek_certificate")),
    )
    with op.batch_alter_table("logistiek_certificate", schema=None) as batch_op:
        batch_op.create_index("ix_logistiek_certificate_cohort", ["cohort_id"], unique=False)
        batch_op.create_index(
            "uq_logistiek_certificate_enrolment_kind_obtained",
            ["enrolment_id", "kind", "obtained_on"],
            unique=True,
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("logistiek_certificate", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_logistiek_certificate_enrolment_kind_obtained",
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )
        batch_op.drop_index("ix_logistiek_certificate_cohort")

    op.drop_table("logistiek_certificate")
