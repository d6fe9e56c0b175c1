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
    """Dutch sentences about what stands in the way of working with this database; empty when nothing does.

    First what is wrong per owner, then once what to do about it.
    """
    wrong = [entry for entry in status(connection, owners) if entry.state != "current"]
    remedies = {_REMEDIES[entry.state]: None for entry in wrong}
    if len({entry.state for entry in wrong} & {"empty", "behind"}) == 2:
        remedies.pop(_REMEDIES["empty"])
    return [*(_wrong(entry) for entry in wrong), *remedies]


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


_REMEDIES = {
    "empty": "Voer uit: inleer db upgrade.",
    "behind": "Maak een back-up en voer uit: inleer db upgrade.",
    "unknown": "Installeer die nieuwere versie, of zet een back-up terug.",
}


def sentence_for(entry: OwnerStatus) -> str | None:
    """What is wrong with one owner's tables and what to do about it, in Dutch; None when nothing is."""
    return None if entry.state == "current" else f"{_wrong(entry)} {_REMEDIES[entry.state]}"


def _wrong(entry: OwnerStatus) -> str:
    core = entry.owner == "core"
    whose = "De database is" if core else f"De tabellen van plugin {entry.owner} zijn"
    if entry.state == "empty":
        return f"{whose} nog niet gemaakt."
    age, known = (
        ("ouder dan deze versie", "nodig")
        if entry.state == "behind"
        else ("van een nieuwere versie", "bekend")
    )
    return f"{whose} {age} van inleer (revisie {entry.current}, {known} is {entry.head})."
