"""Going up and down, for all owners in one transaction: either every owner arrives, or nothing changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import Connection, Engine

from inleer.config import Settings
from inleer.migrate.connect import MigrationError, exclusive, migration_engine
from inleer.migrate.context import current, marked_plugins, run_steps
from inleer.migrate.owners import Owner

Target = Settings | Engine | str
BASE = "base"


def upgrade(target: Target, owners: Sequence[Owner], to: str = "head") -> list[str]:
    """Bring every owner to ``to``, the core first, then the plugins by name; returns "owner: from → to" lines.

    ``target`` is settings, a database URL, or an engine of :func:`migration_engine`. A second call that comes in
    meanwhile waits, and then finds nothing to do. Raises MigrationError, and then nothing changed.
    """
    if not owners:
        return []
    _refuse_unusable(owners)
    with _engine(target) as engine, exclusive(engine) as connection:
        return [line for owner in owners for line in bring(connection, owner, to)]


def downgrade(target: Target, owners: Sequence[Owner], name: str, to: str) -> list[str]:
    """Take one owner back to revision ``to`` ("base": remove all its tables); returns "owner: from → to" lines.

    The core does not go below what a plugin with tables in this database needs. Raises MigrationError.
    """
    owner = next((o for o in owners if o.name == name), None)
    if owner is None:
        raise MigrationError(f"{name} is niet de kern en geen plugin die aan staat en tabellen heeft.")
    if to != BASE and not owner.knows(to):
        raise MigrationError(f"{name} heeft geen revisie {to}. Kies een bestaande revisie, of base.")
    with _engine(target) as engine, exclusive(engine) as connection:
        if owner.is_core and current(connection, owner) is not None:
            _refuse_below_plugins(connection, owners, owner, to)
        return remove(connection, owner, to)


@contextmanager
def _engine(target: Target) -> Iterator[Engine]:
    if isinstance(target, Engine):
        yield target
        return
    engine = migration_engine(target if isinstance(target, str) else target.database_url)
    try:
        yield engine
    finally:
        engine.dispose()


def bring(connection: Connection, owner: Owner, to: str = "head") -> list[str]:
    """Bring one owner up to ``to`` within an open transaction of :func:`exclusive`."""
    before = current(connection, owner)
    if before is not None and not owner.knows(before):
        raise MigrationError(
            f"{owner.name}: de database is gemaakt door een nieuwere versie (revisie {before}). Installeer die versie."
        )
    if before != owner.head:
        _steps(connection, owner, to)
    return _line(owner, before, current(connection, owner))


def remove(connection: Connection, owner: Owner, to: str = BASE) -> list[str]:
    """Take one owner back to ``to`` within an open transaction of :func:`exclusive`."""
    before = current(connection, owner)
    if before is None:
        return []
    _steps(connection, owner, to, down=True)
    after = current(connection, owner)
    if after is None:
        connection.exec_driver_sql(f"DROP TABLE {owner.version_table}")
    return _line(owner, before, after)


def _steps(connection: Connection, owner: Owner, to: str, down: bool = False) -> None:
    script = owner.script

    def steps(revision: Any, _context: MigrationContext) -> Iterable[Any]:
        return script._downgrade_revs(to, revision) if down else script._upgrade_revs(to, revision)

    try:
        run_steps(connection, owner, steps)
    except CommandError as error:
        raise MigrationError(f"{owner.name}: {error}") from error


def _line(owner: Owner, before: str | None, after: str | None) -> list[str]:
    return [] if before == after else [f"{owner.name}: {before or 'leeg'} → {after or 'leeg'}"]


def _refuse_unusable(owners: Sequence[Owner]) -> None:
    """Refuse owners without revisions, with prefixes that overlap, or with an older core than they need."""
    core = owners[0]
    for owner in owners:
        if owner.head is None:
            raise MigrationError(f"{owner.name} heeft geen migraties. Installeer het opnieuw.")
        if owner.needs is not None and not core.knows(owner.needs):
            raise MigrationError(
                f"Plugin {owner.name} heeft revisie {owner.needs} van de kern nodig. Installeer een nieuwere inleer."
            )
        for other in owners:
            if other is not owner and owner.prefix and other.prefix.startswith(owner.prefix):
                raise MigrationError(
                    f"De tabellen van {owner.name} en {other.name} zijn niet uit elkaar te houden."
                )


def _refuse_below_plugins(connection: Connection, owners: Sequence[Owner], core: Owner, to: str) -> None:
    """A plugin's tables refer to the core's; what a plugin that is off needs is unknown, so it keeps the core."""
    needs = {owner.name: owner.needs for owner in owners}
    for name in marked_plugins(connection):
        need = needs.get(name)
        if to != BASE and (need is None or _reaches(core, to, need)):
            continue
        raise MigrationError(
            f"Plugin {name} heeft tabellen die de kern nodig hebben. Zet hem aan en voer eerst uit:"
            f" inleer db downgrade base --owner {name}"
        )


def _reaches(core: Owner, to: str, need: str) -> bool:
    return any(found.revision == need for found in core.script.iterate_revisions(to, BASE))
