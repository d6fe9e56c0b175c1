"""Employers are asked by mail: requests, links, mails, what was stated, and what employers ask or propose."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "intention_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("contact_name", sa.String(length=200), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("sender_name", sa.String(length=200), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'closed', 'expired', 'revoked')",
            name=op.f("ck_intention_request_state"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["organisation.id"], name=op.f("fk_intention_request_agency_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_intention_request_cohort_id_cohort")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["organisation.id"], name=op.f("fk_intention_request_employer_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["user_account.id"], name=op.f("fk_intention_request_sender_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intention_request")),
    )
    op.create_index(op.f("ix_intention_request_cohort_id"), "intention_request", ["cohort_id"])
    op.create_index("ix_intention_request_email", "intention_request", ["agency_id", "email"])
    op.create_index(op.f("ix_intention_request_employer_id"), "intention_request", ["employer_id"])
    op.create_index(op.f("ix_intention_request_sender_id"), "intention_request", ["sender_id"])
    op.create_table(
        "intention_request_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("intention_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("asked_version", sa.Integer(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("before", sa.String(length=12), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome IN ('confirmed', 'changed', 'declined', 'telephone', 'replaced', 'ended')",
            name=op.f("ck_intention_request_item_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["intention_id"],
            ["job_intention.id"],
            name=op.f("fk_intention_request_item_intention_id_job_intention"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["intention_request.id"],
            name=op.f("fk_intention_request_item_request_id_intention_request"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intention_request_item")),
    )
    op.create_index(
        op.f("ix_intention_request_item_intention_id"), "intention_request_item", ["intention_id"]
    )
    op.create_index(
        "ix_intention_request_item_one", "intention_request_item", ["request_id", "intention_id"], unique=True
    )
    op.create_table(
        "confirm_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_confirm_token_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["intention_request.id"],
            name=op.f("fk_confirm_token_request_id_intention_request"),
        ),
        sa.UniqueConstraint("token_hash", name=op.f("uq_confirm_token_token_hash")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirm_token")),
    )
    op.create_index(op.f("ix_confirm_token_request_id"), "confirm_token", ["request_id"])
    op.create_table(
        "intention_mail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('request', 'reminder', 'resend', 'reply')",
            name=op.f("ck_intention_mail_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["intention_request.id"],
            name=op.f("fk_intention_mail_request_id_intention_request"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intention_mail")),
    )
    op.create_index("ix_intention_mail_email", "intention_mail", ["email", "queued_at"])
    op.create_index(op.f("ix_intention_mail_message_id"), "intention_mail", ["message_id"])
    op.create_index(op.f("ix_intention_mail_request_id"), "intention_mail", ["request_id"])
    op.create_table(
        "intention_statement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("intention_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stated_by", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["intention_id"],
            ["job_intention.id"],
            name=op.f("fk_intention_statement_intention_id_job_intention"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["intention_request.id"],
            name=op.f("fk_intention_statement_request_id_intention_request"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intention_statement")),
    )
    op.create_index(op.f("ix_intention_statement_intention_id"), "intention_statement", ["intention_id"])
    op.create_index(op.f("ix_intention_statement_request_id"), "intention_statement", ["request_id"])
    op.create_table(
        "intention_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("intention_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("contact_name", sa.String(length=200), nullable=True),
        sa.Column("contact_email", sa.String(length=254), nullable=True),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=4), nullable=False),
        sa.Column("reply", sa.String(length=2000), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handled_by", sa.String(length=200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('question', 'contact')",
            name=op.f("ck_intention_message_kind"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'done', 'left')",
            name=op.f("ck_intention_message_state"),
        ),
        sa.ForeignKeyConstraint(
            ["intention_id"],
            ["job_intention.id"],
            name=op.f("fk_intention_message_intention_id_job_intention"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["intention_request.id"],
            name=op.f("fk_intention_message_request_id_intention_request"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intention_message")),
    )
    op.create_index(op.f("ix_intention_message_intention_id"), "intention_message", ["intention_id"])
    op.create_index(op.f("ix_intention_message_request_id"), "intention_message", ["request_id"])


def downgrade() -> None:
    """Take them away, the last first."""
    op.drop_table("intention_message")
    op.drop_table("intention_statement")
    op.drop_table("intention_mail")
    op.drop_table("confirm_token")
    op.drop_table("intention_request_item")
    op.drop_table("intention_request")
