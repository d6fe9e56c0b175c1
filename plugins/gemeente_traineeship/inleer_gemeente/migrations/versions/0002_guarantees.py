"""For how many trainees a job afterwards is guaranteed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_COUNT = """
INSERT INTO gemeente_guarantee (cohort_id, places, since_on)
SELECT cohort.id, SUM(CASE WHEN job_intention.state = 'confirmed' THEN job_intention.positions ELSE 0 END),
       COALESCE(MAX(job_intention.confirmed_on), CURRENT_DATE)
FROM job_intention JOIN cohort ON cohort.id = job_intention.cohort_id
WHERE job_intention.kind = 'guarantee' AND job_intention.positions IS NOT NULL AND cohort.route_key LIKE 'gemeente.%'
GROUP BY cohort.id
"""


def upgrade() -> None:
    """Go forward: with what employers guaranteed before."""
    op.create_table(
        "gemeente_guarantee",
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.CheckConstraint("places >= 0", name=op.f("ck_gemeente_guarantee_places")),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_gemeente_guarantee_cohort_id_cohort")
        ),
        sa.PrimaryKeyConstraint("cohort_id", name=op.f("pk_gemeente_guarantee")),
    )
    op.execute(_COUNT)


def downgrade() -> None:
    """Go back."""
    op.drop_table("gemeente_guarantee")
