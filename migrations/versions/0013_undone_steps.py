"""A step that was taken back stays in the history, with who did that; a move knows its other edition.

Moves of before are joined to their other edition where that is still written down: at the enrolment that was left. It
holds the last destination alone, so of more moves of one enrolment only the last is joined.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_LAST = """ AND NOT EXISTS (
    SELECT 1 FROM enrolment_event later WHERE later.enrolment_id = enrolment_event.enrolment_id AND {same}
    AND (later.at > enrolment_event.at OR (later.at = enrolment_event.at AND later.id > enrolment_event.id))
)
"""
_ARRIVED = (
    "{0}to_state IN ('selected', 'active')"
    " AND ({0}from_state IS NULL OR {0}from_state IN ('moved', 'withdrawn'))"
)
_WENT = """
UPDATE enrolment_event SET other_id = (
    SELECT e.moved_to_id FROM enrolment e WHERE e.id = enrolment_event.enrolment_id
) WHERE to_state = 'moved'
""" + _LAST.format(same="later.to_state = 'moved'")
_CAME = (
    """
UPDATE enrolment_event SET other_id = (
    SELECT old.cohort_id FROM enrolment old
    JOIN enrolment new ON new.candidate_id = old.candidate_id AND new.cohort_id = old.moved_to_id
    WHERE new.id = enrolment_event.enrolment_id AND old.state = 'moved'
    ORDER BY old.left_on DESC LIMIT 1
) WHERE """
    + _ARRIVED.format("")
    + _LAST.format(same=_ARRIVED.format("later."))
)


def upgrade() -> None:
    """Add the columns, and fill in the other edition of moves."""
    with op.batch_alter_table("enrolment_event") as batch:
        batch.add_column(sa.Column("other_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("undone_by_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("undone_by_name", sa.String(length=200), nullable=True))
        batch.create_foreign_key(op.f("fk_enrolment_event_other_id_cohort"), "cohort", ["other_id"], ["id"])
    with op.batch_alter_table("enrolment") as batch:
        batch.add_column(sa.Column("taken_back", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(_WENT)
    op.execute(_CAME)


def downgrade() -> None:
    """Take the columns away. Steps that were taken back stay; that they were is then in the audit trail alone."""
    with op.batch_alter_table("enrolment") as batch:
        batch.drop_column("taken_back")
    with op.batch_alter_table("enrolment_event") as batch:
        batch.drop_constraint(op.f("fk_enrolment_event_other_id_cohort"), type_="foreignkey")
        batch.drop_column("undone_by_name")
        batch.drop_column("undone_by_id")
        batch.drop_column("undone_at")
        batch.drop_column("other_id")
