"""Where each owner stands in a database, and whether the application may work with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from inleer.migrate.context import current, marked_plugins
from inleer.migrate.owners import Owner


class SchemaError(Exception):
    """The schema is not what this version of inleer needs; a Dutch sentence says what to do."""


@dataclass(frozen=True)
class OwnerStatus:
    """One owner in one database. ``state`` is current, empty, behind or unknown (made by a newer version)."""

    owner: str
    current: str | None
    head: str | None
    state: str


def status(connection: Connection, owners: Sequence[Owner]) -> list[OwnerStatus]:
    """Where each owner stands."""
    return [_status(connection, owner) for owner in owners]


def orphans(connection: Connection, owners: Sequence[Owner]) -> list[str]:
    """Names of plugins that have tables in this database and are not among ``owners``: off, or not installed."""
    known = {owner.name for owner in owners}
    return [name for name in marked_plugins(connection) if name not in known]


def schema_problems(connection: Connection, owners: Sequence[Owner]) -> list[str]:
    """Dutch sentences about what stands in the way of working with this database; empty when nothing does."""
    return [sentence for entry in status(connection, owners) if (sentence := sentence_for(entry))]


def check_schema(engine: Engine, owners: Sequence[Owner]) -> None:
    """Refuse a database that is not at this version's revisions. Raises SchemaError."""
    with engine.connect() as connection:
        problems = schema_problems(connection, owners)
    if problems:
        raise SchemaError(" ".join(problems))


def _status(connection: Connection, owner: Owner) -> OwnerStatus:
    here, head = current(connection, owner), owner.head
    if here == head:
        state = "current"
    elif here is None:
        state = "empty"
    elif owner.knows(here):
        state = "behind"
    else:
        state = "unknown"
    return OwnerStatus(owner.name, here, head, state)


def sentence_for(entry: OwnerStatus) -> str | None:
    """What is wrong with one owner's tables and what to do about it, in Dutch; None when nothing is."""
    whose = "de database" if entry.owner == "core" else f"de tabellen van plugin {entry.owner}"
    whose = whose[0].upper() + whose[1:]
    verb = "is" if entry.owner == "core" else "zijn"
    match entry.state:
        case "current":
            return None
        case "empty":
            return f"{whose} {verb} nog niet gemaakt. Voer uit: inleer db upgrade."
        case "behind":
            return (
                f"{whose} {verb} ouder dan deze versie van inleer (revisie {entry.current}, nodig is {entry.head})."
                " Maak een back-up en voer uit: inleer db upgrade."
            )
        case _:
            return (
                f"{whose} {verb} van een nieuwere versie van inleer (revisie {entry.current}, bekend is {entry.head})."
                " Installeer die versie, of zet een back-up terug."
            )
