"""Which columns of a list a person chose to see: remembered with the login, read with who is logged in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from sqlalchemy import Table, delete

from inleer import audit
from inleer.accounts.models import ColumnChoice
from inleer.db import db
from inleer.db.many import upsert
from inleer.policy import Actor

_TABLE = cast(Table, ColumnChoice.__table__)


def choose_columns(actor: Actor, name: str, columns: Sequence[str]) -> None:
    """Remember the columns of a list for this person, in every role and on every device; none: the usual ones again.

    ``name`` is the key of the list, ``columns`` keys of its columns: words without spaces or signs. Written in one
    statement, so that of two windows the later one counts.
    """
    key = {"user_id": actor.user_id, "list": name}
    details = {"list": name, "columns": list(columns)}
    audit.record(actor, "columns.chosen", (_TABLE.name, f"{actor.user_id}/{name}"), details=details)
    connection = db.session.connection()
    if columns:
        upsert(connection, {_TABLE: [{**key, "columns": " ".join(columns)}]})
    else:
        mine = _TABLE.c.user_id == actor.user_id, _TABLE.c.list == name
        connection.execute(delete(_TABLE).where(*mine))
