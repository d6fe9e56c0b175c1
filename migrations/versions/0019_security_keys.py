"""Security keys as second factor, and what a session asked of one."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Make the table; sessions get what a key must sign."""
    op.create_table(
        "security_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("credential_id", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.String(length=2000), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("transports", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_security_key_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_key")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_security_key_credential_id")),
    )
    op.create_index(op.f("ix_security_key_user_id"), "security_key", ["user_id"])
    with op.batch_alter_table("user_session") as batch:
        batch.add_column(sa.Column("key_challenge", sa.String(length=100), nullable=True))
        batch.add_column(sa.Column("key_purpose", sa.String(length=10), nullable=True))
        batch.add_column(sa.Column("key_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take them away: who has a key only sets up a second factor anew."""
    with op.batch_alter_table("user_session") as batch:
        batch.drop_column("key_until")
        batch.drop_column("key_purpose")
        batch.drop_column("key_challenge")
    op.drop_table("security_key")
