"""A candidate has a search key: the whole name without capitals and diacritics, for both databases alike."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

_BATCH = 1_000
_STROKES = str.maketrans(
    {"ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ø": "o", "Ø": "o", "ı": "i", "ß": "ss", "æ": "ae"}
)
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'"})
_CANDIDATE = sa.table(
    "candidate",
    sa.column("id", sa.Uuid()),
    sa.column("first_name", sa.String()),
    sa.column("tussenvoegsel", sa.String()),
    sa.column("last_name", sa.String()),
    sa.column("search_key", sa.Text()),
)


def _folded(text: str) -> str:
    """As names were folded when this revision was written (inleer.people.rules.fold)."""
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)).translate(_STROKES)
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).casefold().split())


def upgrade() -> None:
    """Add the column and fill it for everybody who is there."""
    with op.batch_alter_table("candidate") as batch:
        batch.add_column(sa.Column("search_key", sa.Text(), server_default="", nullable=False))
    connection = op.get_bind()
    c = _CANDIDATE.c
    rows = connection.execute(sa.select(c.id, c.first_name, c.tussenvoegsel, c.last_name)).all()
    keys = [{"row": r[0], "key": _folded(" ".join(r[1:]))} for r in rows]
    filling = sa.update(_CANDIDATE).where(c.id == sa.bindparam("row")).values(search_key=sa.bindparam("key"))
    for start in range(0, len(keys), _BATCH):
        connection.execute(filling, keys[start : start + _BATCH])


def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table("candidate") as batch:
        batch.drop_column("search_key")
