"""Text that does not fit: looked at when a row is written, so that a form, a command and a plugin are refused alike.

SQLite keeps a text of any length, PostgreSQL raises; here both give the same Dutch sentence.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import String, event, inspect
from sqlalchemy.orm import Session

from inleer.db.core import Base
from inleer.errors import DomainError
from inleer.i18n import _

#: Of a column that must hold words, as ``mapped_column(String(200), info=FILLED)``: spaces alone do not count.
FILLED = {"filled": True}
_SHOWN = 30


def check_texts(row: Base) -> None:
    """Raises DomainError, with the name of the column as field, for a text that is too long or that must be there."""
    state = inspect(row)
    for name, longest, filled in _texts(type(row)):
        value = state.dict.get(name)
        if not isinstance(value, str):
            continue
        if longest is not None and len(value) > longest:
            start = value[:_SHOWN].strip()
            raise DomainError(
                _(
                    "Deze tekst is te lang: “%(start)s…”. Gebruik hoogstens %(n)s tekens.",
                    start=start,
                    n=longest,
                ),
                name,
            )
        if filled and not value.strip():
            raise DomainError(_("Vul een naam in: alleen spaties is geen naam."), name)


@cache
def _texts(model: type[Base]) -> tuple[tuple[str, int | None, bool], ...]:
    """Of a model: each text with a longest length, or that must hold words."""
    return tuple(
        (attribute.key, column.type.length, "filled" in column.info)
        for attribute in inspect(model).column_attrs
        for column in attribute.columns[:1]
        if isinstance(column.type, String) and (column.type.length is not None or "filled" in column.info)
    )


def _look(session: Session, _context: object, _instances: object) -> None:
    for row in session.new:
        check_texts(row)
    for row in session.dirty:
        check_texts(row)


def look_at_texts(session: Any) -> None:
    """Look at every row that a session of this factory writes; called once by create_app."""
    if not event.contains(session, "before_flush", _look):
        event.listen(session, "before_flush", _look)
