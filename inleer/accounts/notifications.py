"""Which mails a person can do without, and what each chose. Mails that one cannot do without are not in the list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from sqlalchemy import Table, select

from inleer import audit
from inleer.accounts.models import NotificationChoice
from inleer.db import db
from inleer.db.many import upsert
from inleer.policy import Actor, Role

_TABLE = cast(Table, NotificationChoice.__table__)
DIGEST, PLUGIN_STOPPED = "digest", "plugin_stopped"


@dataclass(frozen=True)
class Notice:
    """A mail that one can do without. Everybody in these roles gets it until he says no."""

    key: str
    name: str
    what: str
    roles: frozenset[Role]


NOTICES = (
    Notice(
        DIGEST,
        "Overzicht van de dag",
        "Elke werkdag om vijf uur, als er iets te doen is: aantallen, zonder namen.",
        frozenset({Role.COACH, Role.LEERHOME_COORDINATOR}),
    ),
    Notice(
        PLUGIN_STOPPED,
        "Plugin stilgezet",
        "Als een plugin vaak fout gaat en inleer hem een tijd niet aanroept.",
        frozenset({Role.ADMINISTRATOR}),
    ),
)


def notices_for(roles: Iterable[Role]) -> list[Notice]:
    """What somebody with these roles can choose."""
    mine = set(roles)
    return [notice for notice in NOTICES if notice.roles & mine]


def choices_of(user_id: UUID) -> dict[str, bool]:
    """What a person wants, by key; what was never chosen is wanted."""
    rows = db.session.execute(
        select(NotificationChoice.notice, NotificationChoice.wanted).where(
            NotificationChoice.user_id == user_id
        )
    )
    return {notice.key: True for notice in NOTICES} | {row.notice: row.wanted for row in rows}


def choose(actor: Actor, wanted: Mapping[str, bool]) -> None:
    """Keep what this person wants, in every role. Of two windows the later one counts."""
    audit.record(actor, "notifications.chosen", (_TABLE.name, actor.user_id), details=dict(wanted))
    rows = [{"user_id": actor.user_id, "notice": key, "wanted": value} for key, value in wanted.items()]
    upsert(db.session.connection(), {_TABLE: rows})
