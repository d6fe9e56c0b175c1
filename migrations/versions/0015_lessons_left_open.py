"""A session that nobody will record says so: who decided that, and why. Signals that were handled before say it too."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_HANDLED = """
UPDATE session SET
    waived_by_name = (
        SELECT s.handled_by_name FROM signal s
        WHERE s.session_id = session.id AND s.rule = 'core.unrecorded' AND s.state = 'handled'
    ),
    waived_note = (
        SELECT s.handled_note FROM signal s
        WHERE s.session_id = session.id AND s.rule = 'core.unrecorded' AND s.state = 'handled'
    )
WHERE state IN ('planned', 'open')
"""


def upgrade() -> None:
    """Add the columns, and fill them from the signals that were handled."""
    with op.batch_alter_table("session") as batch:
        batch.add_column(sa.Column("waived_by_name", sa.String(length=200), nullable=True))
        batch.add_column(sa.Column("waived_note", sa.String(length=1000), nullable=True))
    op.execute(_HANDLED)


def downgrade() -> None:
    """Take the columns away; the signals keep their notes."""
    with op.batch_alter_table("session") as batch:
        batch.drop_column("waived_note")
        batch.drop_column("waived_by_name")
