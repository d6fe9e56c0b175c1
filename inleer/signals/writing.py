"""Writing many changed signals at once: a group whose warnings are over is one statement, not one for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from sqlalchemy import Table, bindparam, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError

from inleer.db import db
from inleer.signals.models import Signal

_COLUMNS = ("state", "tone", "text", "facts")
_TABLE = cast(Table, Signal.__table__)
_CHANGE = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("signal_id"), _TABLE.c.version == bindparam("was"))
    .values(version=bindparam("was") + 1, **{name: bindparam(f"new_{name}") for name in _COLUMNS})
)


def write_changed(signals: Sequence[Signal]) -> None:
    """Write the state, tone, text and facts of signals that were changed here, and mark them as stored.

    Each must have been recorded in the audit trail. Raises StaleDataError when somebody else changed one meanwhile.
    """
    if not signals:
        return
    rows = [
        {"signal_id": s.id, "was": s.version, **{f"new_{name}": getattr(s, name) for name in _COLUMNS}}
        for s in sorted(signals, key=lambda s: s.id)
    ]
    with db.session.no_autoflush:
        if db.session.connection().execute(_CHANGE, rows).rowcount != len(rows):
            raise StaleDataError("a signal was changed by somebody else")
    for signal in signals:
        for name in _COLUMNS:
            set_committed_value(signal, name, getattr(signal, name))
        set_committed_value(signal, "version", signal.version + 1)
