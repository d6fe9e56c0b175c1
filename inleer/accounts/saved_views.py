"""The filters of a list that a person keeps under a name: with the login, read with who is logged in."""

from __future__ import annotations

from typing import cast

from sqlalchemy import Table, delete, func, literal, select

from inleer import audit
from inleer.accounts.models import SavedView
from inleer.db import db
from inleer.db.many import upsert
from inleer.errors import DomainError
from inleer.i18n import _
from inleer.policy import Actor, unscoped

_TABLE = cast(Table, SavedView.__table__)
#: So many of one list a person can keep.
AT_MOST = 12
NAME_LENGTH, QUERY_LENGTH = 40, 1000
# Between the parts of a view and between views; a name holds no such characters.
_PART, _VIEW = "\x1f", "\x1e"
#: All views of a person in one text, for the statement that reads who is logged in.
ALL_OF_ONE = func.aggregate_strings(
    SavedView.list + literal(_PART) + SavedView.name + literal(_PART) + SavedView.query, _VIEW
)


def read(text: str | None) -> dict[str, tuple[tuple[str, str], ...]]:
    """List → (name, query) of each view, by name, from a text of ALL_OF_ONE."""
    found: dict[str, list[tuple[str, str]]] = {}
    for view in text.split(_VIEW) if text else ():
        list_, name, query = view.split(_PART)
        found.setdefault(list_, []).append((name, query))
    return {list_: tuple(sorted(views, key=lambda v: v[0].casefold())) for list_, views in found.items()}


def save_view(actor: Actor, list_: str, name: str, query: str) -> None:
    """Keep ``query`` of a list under a name; one that has this name is replaced. Raises DomainError."""
    name = " ".join(name.split())
    if not name or not name.isprintable() or len(name) > NAME_LENGTH:
        raise DomainError(_("Geef de weergave een naam van hoogstens %(n)s tekens.", n=NAME_LENGTH))
    if not query or len(query) > QUERY_LENGTH:
        raise DomainError(_("Kies eerst een filter of een andere volgorde; daarna kunt u die bewaren."))
    mine = select(SavedView.name).where(SavedView.user_id == actor.user_id, SavedView.list == list_)
    names = set(db.session.execute(unscoped(mine, "the person's own")).scalars())
    if name not in names and len(names) >= AT_MOST:
        raise DomainError(_("U hebt al %(n)s weergaven. Haal er eerst een weg.", n=AT_MOST))
    _record(actor, "saved_view.kept", list_)
    row = {"user_id": actor.user_id, "list": list_, "name": name, "query": query}
    upsert(db.session.connection(), {_TABLE: [row]})


def remove_view(actor: Actor, list_: str, name: str) -> None:
    """Forget a view of the person's own; nothing happens when there is none with this name."""
    mine = _TABLE.c.user_id == actor.user_id, _TABLE.c.list == list_, _TABLE.c.name == name
    _record(actor, "saved_view.removed", list_)
    db.session.connection().execute(delete(_TABLE).where(*mine))


def _record(actor: Actor, action: str, list_: str) -> None:
    # Neither the name nor the filters: both can hold the name of a candidate.
    audit.record(actor, action, (_TABLE.name, f"{actor.user_id}/{list_}"), details={"list": list_})
