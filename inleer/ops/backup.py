"""Back-ups: one moment of all tables, encrypted, with a manifest; checked by really restoring it.

Inside the seal (:mod:`inleer.ops.sealed`) is gzip with lines of JSON: a header (version, revisions), per table a line
with its name and columns followed by its rows, and the manifest. Both databases use the same format, so a back-up of
one can be restored into the other.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from sqlalchemy import Connection, inspect, text

from inleer import __version__, clock
from inleer.config import Settings
from inleer.extend import manifests
from inleer.migrate import MigrationError, Owner, all_owners, migration_engine, reading, status, upgrade
from inleer.ops.restoring import fill
from inleer.ops.sealed import Opening, Sealing, Unreadable
from inleer.ops.tables import Sum, lines, ordered, read_tables

SUFFIX = ".inleer-backup"


@dataclass(frozen=True)
class Manifest:
    """What a back-up holds: owner → revision, table → rows and sha256, and the head of the audit chain."""

    created_at: str
    version: str
    revisions: dict[str, str]
    tables: dict[str, dict[str, Any]]
    chain: dict[str, Any]

    @property
    def rows(self) -> int:
        """Number of rows in all tables."""
        return sum(int(table["rows"]) for table in self.tables.values())


def create(settings: Settings, path: Path) -> Manifest:
    """Write a back-up of this moment to ``path`` (0600, complete or not at all).

    Raises MigrationError when there is no database or the file exists already.
    """
    if path.exists():
        raise MigrationError(f"{path} bestaat al. Kies een andere naam.")
    part = path.with_name(path.name + ".part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            with reading(settings.database_url) as connection, _writing(file, settings.secret_key) as out:
                manifest = _write(connection, out)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return manifest


def verify(settings: Settings, path: Path) -> Manifest:
    """Restore a back-up into a scratch database, take its manifest anew, compare.

    Raises Unreadable when the file is damaged or what comes out of it is not what went in.
    """
    # Under var/, where only we can look: for a moment everything lies there unencrypted.
    with tempfile.TemporaryDirectory(prefix="verify-", dir=settings.var_dir) as folder:
        scratch = f"sqlite:///{folder}/scratch.db"
        promised = _restore(settings, path, scratch, finish=False)
        with reading(scratch) as connection:
            found = _manifest_of(connection, promised.created_at, promised.version)
    if found != promised:
        wrong = [name for name, table in promised.tables.items() if found.tables.get(name) != table]
        raise Unreadable(f"Deze back-up komt niet terug zoals hij was: {', '.join(wrong) or 'auditspoor'}.")
    return promised


def restore(settings: Settings, path: Path, force: bool = False) -> Manifest:
    """Put a back-up in this database, and bring it to this version's revisions.

    Everything succeeds or nothing changes. Raises MigrationError when the database holds anything and ``force`` is
    not given, Unreadable when the file is damaged.
    """
    if not force and not is_empty(settings.database_url):
        raise MigrationError(
            "Deze database is niet leeg. Kies een lege database, of vervang alles wat erin staat met --force."
        )
    return _restore(settings, path, settings.database_url, finish=True)


def is_empty(url: str) -> bool:
    """Whether a database has no tables, or does not exist yet."""
    try:
        with reading(url) as connection:
            return not inspect(connection).get_table_names()
    except MigrationError:
        return True


def default_path(settings: Settings) -> Path:
    """var/backups/inleer-MOMENT with the moment in UTC; makes the folder."""
    folder = settings.var_dir / "backups"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"inleer-{clock.now():%Y%m%dT%H%M%SZ}{SUFFIX}"


def prune(folder: Path, keep_days: int) -> list[Path]:
    """Delete our back-ups in ``folder`` that are older than so many days; returns them."""
    oldest = clock.now().timestamp() - keep_days * 86_400
    old = [path for path in sorted(folder.glob(f"*{SUFFIX}")) if path.stat().st_mtime < oldest]
    for path in old:
        path.unlink()
    return old


def _restore(settings: Settings, path: Path, url: str, finish: bool) -> Manifest:
    """Check the whole file first, then fill: a damaged file changes nothing, not even with --force."""
    owners = all_owners(manifests())
    for _line in _lines(settings, path):
        pass
    engine = migration_engine(url)
    try:
        promised = Manifest(**fill(engine, owners, _lines(settings, path)))
        if finish:
            upgrade(engine, owners)
    finally:
        engine.dispose()
    return promised


class _writing:  # noqa: N801 - reads as a function
    """Text that is compressed and sealed on its way to a file."""

    def __init__(self, file: BinaryIO, secret: str) -> None:
        self.sealing = Sealing(file, secret)
        self.zipped = gzip.GzipFile(fileobj=self.sealing, mode="wb", compresslevel=6, mtime=0)
        self.text = io.TextIOWrapper(self.zipped, encoding="utf-8", newline="\n")

    def __enter__(self) -> TextIO:
        return self.text

    def __exit__(self, kind: object, *_rest: object) -> None:
        if kind is None:  # after an error the file stays without its last piece, and unreadable
            self.text.close()
            self.sealing.close()


def _lines(settings: Settings, path: Path) -> Iterator[str]:
    """The lines of a back-up, each piece checked before it is used."""
    keys = (settings.secret_key, *settings.secret_key_fallbacks)
    try:
        with (
            path.open("rb") as file,
            gzip.GzipFile(fileobj=io.BufferedReader(Opening(file, keys))) as unzipped,
        ):
            yield from io.TextIOWrapper(unzipped, encoding="utf-8", newline="\n")
    except (EOFError, gzip.BadGzipFile, zlib.error, UnicodeDecodeError) as error:
        raise Unreadable("Deze back-up is beschadigd of niet compleet.") from error
    except FileNotFoundError as error:
        raise Unreadable(f"{path} bestaat niet.") from error


def _write(connection: Connection, out: TextIO) -> Manifest:
    revisions = _revisions(connection, all_owners(manifests()))
    created_at = clock.now().isoformat(timespec="seconds")
    _line(out, {"format": 1, "created_at": created_at, "version": __version__, "revisions": revisions})
    sums = {}
    for table in read_tables(connection):
        _line(out, {"table": table.name, "columns": [column.name for column in ordered(table)]})
        sums[table.name] = Sum()
        for row in lines(connection, table):
            sums[table.name].add(row)
            out.write(row + "\n")
    tables = {name: found.as_dict() for name, found in sums.items()}
    manifest = Manifest(created_at, __version__, revisions, tables, _chain(connection))
    _line(out, {"manifest": vars(manifest)})
    return manifest


def _manifest_of(connection: Connection, created_at: str, version: str) -> Manifest:
    tables = {}
    for table in read_tables(connection):
        found = Sum()
        for row in lines(connection, table):
            found.add(row)
        tables[table.name] = found.as_dict()
    revisions = _revisions(connection, all_owners(manifests()))
    return Manifest(created_at, version, revisions, tables, _chain(connection))


def _revisions(connection: Connection, owners: Sequence[Owner]) -> dict[str, str]:
    found = {entry.owner: entry.current for entry in status(connection, owners)}
    return {owner: revision for owner, revision in found.items() if revision is not None}


def _chain(connection: Connection) -> dict[str, Any]:
    """The head of the audit chain: to compare with the head that was noted elsewhere."""
    last = connection.execute(
        text("SELECT sequence, hash FROM audit_event ORDER BY sequence DESC LIMIT 1")
    ).first()
    return {"sequence": last.sequence, "hash": last.hash} if last else {"sequence": 0, "hash": ""}


def _line(out: TextIO, content: dict[str, Any]) -> None:
    out.write(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n")
