"""Promise 38: a back-up is one moment, sealed, and comes back exactly; one flipped byte is always found."""

from __future__ import annotations

import dataclasses
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, text

from inleer.config import Settings
from inleer.extend import manifests
from inleer.migrate import MigrationError, all_owners, migration_engine, upgrade
from inleer.ops import backup
from inleer.ops.sealed import MAGIC, PIECE, Opening, Sealing, Unreadable
from tests import rows
from tests.fixtures import SECRET

OTHER_SECRET = "another-9876543210-zyxwvutsrqponmlkjihgfedcba"


def settings_for(url: str, folder: Path) -> Settings:
    return Settings(database_url=url, secret_key=SECRET, var_dir=folder)


@pytest.fixture
def filled(database: str, tmp_path: Path) -> Settings:
    engine = create_engine(database)
    with engine.begin() as connection:
        rows.fill(connection)
        special(connection)
    engine.dispose()
    return settings_for(database, tmp_path)


def special(connection: Connection) -> None:
    """Rows that a careless copy would change: odd text, references within a table, numbers in JSON."""
    tables = {table.name: table for table in rows.tables_of(connection)}
    organisation, setting = tables["organisation"], tables["setting"]
    parent = rows.row_for(organisation)
    # each refers to the other: no order of rows would do
    child = {**parent, "id": rows.row_id("child"), "slug": 'x"\\\n\u2028é', "managed_by_id": parent["id"]}
    if isinstance(connection.execute(organisation.select().limit(1)).one().id, str):
        child["id"], child["managed_by_id"] = child["id"].hex, rows.row_id("organisation").hex
    connection.execute(organisation.insert().values(child))
    looped = organisation.update().where(organisation.c.slug == parent["slug"])
    connection.execute(looped.values(managed_by_id=child["id"]))
    values = (16, 16.0, 0.1, "16", "", True, None, [1, {"b": "é", "a": None}], 10**17, -2.5e-7)
    for number, value in enumerate(values):
        row = rows.row_for(setting)
        name = rows.row_id(f"setting{number}")
        row["id"] = name.hex if isinstance(row["id"], str) else name
        connection.execute(setting.insert().values(row | {"key": f"key{number}", "value": value}))


def contents(url: str) -> dict[str, Any]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = rows.dump(connection)
    engine.dispose()
    return found


@pytest.fixture
def target(request: pytest.FixtureRequest, bare_database: str, tmp_path: Path) -> Settings:
    return settings_for(bare_database, tmp_path)


def test_it_verifies_and_comes_back_exactly(filled: Settings, tmp_path: Path) -> None:
    path = tmp_path / "copy"
    made = backup.create(filled, path)
    assert made.rows > 40
    assert set(made.revisions) == {owner.name for owner in all_owners(manifests())}
    assert path.stat().st_mode & 0o777 == 0o600
    assert backup.verify(filled, path) == made
    before = contents(filled.database_url)
    assert backup.restore(filled, path, force=True) == made
    assert contents(filled.database_url) == before


def test_a_backup_of_one_database_goes_into_any_other(
    filled: Settings, target: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "copy"
    made = backup.create(filled, path)
    backup.restore(target, path)
    again = backup.create(target, tmp_path / "again")
    assert (again.tables, again.revisions, again.chain) == (made.tables, made.revisions, made.chain)


def test_the_schema_works_after_a_restore(filled: Settings, target: Settings, tmp_path: Path) -> None:
    """Keys and triggers are there again: a row without its parent is refused, the audit trail cannot be changed."""
    from tests.migrations.test_promise_36 import look

    backup.create(filled, tmp_path / "copy")
    backup.restore(target, tmp_path / "copy")
    same_kind = filled.is_sqlite == target.is_sqlite
    if same_kind:
        assert look(target.database_url) == look(filled.database_url)
    engine = create_engine(target.database_url)
    with pytest.raises(Exception, match="append-only"), engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_event"))
    engine.dispose()


def test_a_database_with_anything_in_it_is_not_overwritten(filled: Settings, tmp_path: Path) -> None:
    backup.create(filled, tmp_path / "copy")
    before = contents(filled.database_url)
    with pytest.raises(MigrationError, match="niet leeg"):
        backup.restore(filled, tmp_path / "copy")
    assert contents(filled.database_url) == before


def test_a_damaged_file_changes_nothing_even_with_force(filled: Settings, tmp_path: Path) -> None:
    path = tmp_path / "copy"
    backup.create(filled, path)
    content = bytearray(path.read_bytes())
    content[-20] ^= 1
    path.write_bytes(content)
    before = contents(filled.database_url)
    with pytest.raises(Unreadable):
        backup.restore(filled, path, force=True)
    assert contents(filled.database_url) == before


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_one_flipped_bit_is_found_wherever_it_is(filled: Settings, tmp_path: Path) -> None:
    path = tmp_path / "copy"
    backup.create(filled, path)
    whole = path.read_bytes()
    places = {*range(60), *range(0, len(whole), max(1, len(whole) // 200)), len(whole) - 1}
    for place in sorted(places):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << (place % 8)
        path.write_bytes(damaged)
        with pytest.raises(Unreadable):
            list(backup._lines(filled, path))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_another_key_opens_nothing_and_a_former_key_does(filled: Settings, tmp_path: Path) -> None:
    path = tmp_path / "copy"
    backup.create(filled, path)
    rotated = dataclasses.replace(filled, secret_key=OTHER_SECRET)
    with pytest.raises(Unreadable, match="andere INLEER_SECRET_KEY"):
        backup.verify(rotated, path)
    backup.verify(dataclasses.replace(rotated, secret_key_fallbacks=(SECRET,)), path)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nothing_can_be_read_in_the_file(filled: Settings, tmp_path: Path) -> None:
    engine = create_engine(filled.database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE candidate SET last_name = 'Kanariepiet'"))
    engine.dispose()
    backup.create(filled, tmp_path / "copy")
    content = (tmp_path / "copy").read_bytes()
    assert content.startswith(MAGIC)
    assert b"Kanariepiet" not in content
    assert b"candidate" not in content
    assert any("Kanariepiet" in line for line in backup._lines(filled, tmp_path / "copy")), "the control"


def test_it_is_one_moment_while_others_write(filled: Settings, tmp_path: Path) -> None:
    """Each writer changes two tables in one transaction: a copy never has one change without the other."""
    stop = threading.Event()
    engine = create_engine(filled.database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE candidate SET last_name = '0'"))
        connection.execute(text("UPDATE organisation SET name = '0'"))

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with engine.begin() as connection:
                connection.execute(text(f"UPDATE candidate SET last_name = '{number}'"))
                connection.execute(text(f"UPDATE organisation SET name = '{number}'"))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            path = tmp_path / f"copy{number}"
            backup.create(filled, path)
            found = {line for line in backup._lines(filled, path) if line.startswith("[")}
            seen = backup_values(backup._lines(filled, path))
            assert found
            assert len(seen) == 1, seen
    finally:
        stop.set()
        writer.join()
        engine.dispose()


def backup_values(lines: Iterator[str]) -> set[str]:
    """The values that the writers put in both tables."""
    import json

    seen: set[str] = set()
    wanted: int | None = None
    for line in lines:
        content = json.loads(line)
        if isinstance(content, dict):
            column = {"candidate": "last_name", "organisation": "name"}.get(content.get("table", ""))
            wanted = content["columns"].index(column) if column else None
        elif wanted is not None:
            seen.add(content[wanted])
    return seen


def test_a_half_written_backup_leaves_nothing(
    filled: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(backup, "_chain", fails)
    with pytest.raises(OSError, match="disk full"):
        backup.create(filled, tmp_path / "copy")
    assert not list(tmp_path.glob("copy*"))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_older_backup_is_brought_up_to_date(database: str, tmp_path: Path) -> None:
    """A back-up made at the first revision is restored, and then has this version's tables."""
    old = settings_for(f"sqlite:///{tmp_path / 'old.db'}", tmp_path)
    engine = migration_engine(old.database_url)
    upgrade(engine, all_owners(), to="0001")
    engine.dispose()
    made = backup.create(old, tmp_path / "copy")
    assert made.revisions == {"core": "0001"}
    new = settings_for(f"sqlite:///{tmp_path / 'new.db'}", tmp_path)
    backup.restore(new, tmp_path / "copy")
    assert backup.create(new, tmp_path / "again").revisions["core"] == all_owners()[0].head


def test_old_backups_go(tmp_path: Path) -> None:
    for name, days in (("old", 40), ("young", 30)):
        path = tmp_path / f"inleer-{name}{backup.SUFFIX}"
        path.write_bytes(b"")
        then = path.stat().st_mtime - days * 86_400
        os.utime(path, (then, then))
    (tmp_path / "else.txt").write_bytes(b"")
    assert [path.name for path in backup.prune(tmp_path, 35)] == [f"inleer-old{backup.SUFFIX}"]
    assert len(list(tmp_path.iterdir())) == 2


# --- the seal -----------------------------------------------------------------------------------------------------


def seal(content: bytes, path: Path) -> None:
    with path.open("wb") as file:
        sealing = Sealing(file, SECRET)
        sealing.write(content)
        sealing.close()


def unseal(path: Path) -> bytes:
    with path.open("rb") as file:
        return Opening(file, [SECRET]).read()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 5])
def test_any_size_comes_back(tmp_path: Path, size: int) -> None:
    content = os.urandom(size)
    seal(content, tmp_path / "file")
    assert unseal(tmp_path / "file") == content


HEADER = len(MAGIC) + 16 + 7


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_tampering_is_found(tmp_path: Path, data: st.DataObject) -> None:
    """Cut, flip, drop, repeat or swap pieces: never content, always Unreadable."""
    path = tmp_path / "file"
    seal(os.urandom(PIECE * 2 + 100), path)
    whole = path.read_bytes()
    pieces = [whole[HEADER + n * (PIECE + 16) :][: PIECE + 16] for n in range(3)]
    kind = data.draw(st.sampled_from(["cut", "flip", "order", "append"]))
    if kind == "cut":
        changed = whole[: data.draw(st.integers(0, len(whole) - 1))]
    elif kind == "flip":
        place = data.draw(st.integers(0, len(whole) - 1))
        changed = (
            whole[:place] + bytes([whole[place] ^ (1 << data.draw(st.integers(0, 7)))]) + whole[place + 1 :]
        )
    elif kind == "order":
        order = data.draw(st.lists(st.integers(0, 2), max_size=4).filter(lambda o: o != [0, 1, 2]))
        changed = whole[:HEADER] + b"".join(pieces[n] for n in order)
    else:
        changed = whole + data.draw(st.binary(min_size=1, max_size=40))
    path.write_bytes(changed)
    with pytest.raises(Unreadable):
        unseal(path)
