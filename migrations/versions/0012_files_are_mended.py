"""Files are mended before they are saved: rows as people mended them, and what the headers of a sender mean."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make the two tables, and the columns of a run."""
    with op.batch_alter_table("import_run") as batch:
        batch.add_column(sa.Column("sender_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("mapping", sa.JSON(), nullable=True))
        batch.add_column(sa.Column("grid", sa.JSON(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_import_run_sender_id_organisation"), "organisation", ["sender_id"], ["id"]
        )
    op.create_table(
        "import_row",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("left_out", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import_run.id"], name=op.f("fk_import_row_import_id_import_run")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
        sa.UniqueConstraint("import_id", "row", name=op.f("uq_import_row_import_id_row")),
    )
    op.create_table(
        "import_mapping",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('candidates', 'sessions', 'attendance', 'intentions')",
            name=op.f("ck_import_mapping_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["organisation.id"], name=op.f("fk_import_mapping_agency_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["organisation.id"], name=op.f("fk_import_mapping_sender_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_mapping")),
        sa.UniqueConstraint(
            "agency_id", "sender_id", "kind", name=op.f("uq_import_mapping_agency_id_sender_id_kind")
        ),
    )
    op.create_index(op.f("ix_import_mapping_sender_id"), "import_mapping", ["sender_id"])


def downgrade() -> None:
    """Take them away."""
    op.drop_index(op.f("ix_import_mapping_sender_id"), table_name="import_mapping")
    op.drop_table("import_mapping")
    op.drop_table("import_row")
    with op.batch_alter_table("import_run") as batch:
        batch.drop_constraint(op.f("fk_import_run_sender_id_organisation"), type_="foreignkey")
        batch.drop_column("grid")
        batch.drop_column("mapping")
        batch.drop_column("sender_id")
