"""A mark misses no more than a day: sessions last at most 1440 minutes, and no mark loses more than its session.

That it is no more than the session of the mark itself is held by the action: a check sees one row.
"""

from alembic import op

revision = "0004"
down_revision = "0003"

NAME = "ck_attendance_missed"


def upgrade() -> None:
    """Bound the minutes from above too."""
    _replace("missed >= 0 AND missed <= 1440")


def downgrade() -> None:
    """Bound them from below only."""
    _replace("missed >= 0")


def _replace(condition: str) -> None:
    with op.batch_alter_table("attendance") as batch:
        batch.drop_constraint(op.f(NAME), type_="check")
        batch.create_check_constraint(op.f(NAME), condition)
