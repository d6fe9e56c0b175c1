"""Promise 36: up, check, down, up again, on both databases, empty and populated, each plugin on and off."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData, create_engine, text

from inleer.extend import manifests
from inleer.migrate import MigrationError, Owner, all_owners, core_owner, downgrade, migration_engine, upgrade
from inleer.migrate.drift import drift, load_models
from tests import dbserver, rows
from tests.migrations.schema import snapshot

INSTALLED = all_owners(manifests())
CORE = core_owner()
# The core alone, and with each installed plugin that has tables.
COMBINATIONS = [pytest.param((CORE,), id="core")] + [
    pytest.param((CORE, owner), id=owner.name) for owner in INSTALLED if not owner.is_core
]


@pytest.fixture
def connection(bare_database: str):
    engine = migration_engine(bare_database)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def look(url: str) -> dict[str, Any]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = snapshot(connection)
    engine.dispose()
    return found


def differences(url: str, owners: tuple[Owner, ...]) -> list[Any]:
    metadata = load_models(owners)
    # The models of every installed plugin are loaded in this process, also of one that is off in this database.
    loaded = tuple({owner.name: owner for owner in (*INSTALLED, *owners)}.values())
    engine = create_engine(url)
    with engine.connect() as connection:
        found = [change for owner in owners for change in drift(connection, owner, loaded, metadata)]
    engine.dispose()
    return found


@pytest.mark.parametrize("owners", COMBINATIONS)
def test_empty_up_check_down_up(bare_database: str, owners: tuple[Owner, ...]) -> None:
    assert upgrade(bare_database, owners)
    assert differences(bare_database, owners) == []
    first = look(bare_database)
    for owner in reversed(owners):
        downgrade(bare_database, owners, owner.name, "base")
    assert look(bare_database) == {"tables": {}, "triggers": []}
    upgrade(bare_database, owners)
    assert look(bare_database) == first
    assert upgrade(bare_database, owners) == []


@pytest.mark.parametrize("owners", COMBINATIONS)
def test_every_step_down_and_up_again_keeps_all_rows_and_the_schema(
    bare_database: str, owners: tuple[Owner, ...]
) -> None:
    owner = owners[-1]  # the steps of the core itself are the case without a plugin
    revisions = [script.revision for script in owner.script.walk_revisions()][::-1]
    kept: dict[str, Any] = {}
    for number, revision in enumerate(revisions):
        upgrade(bare_database, owners[: owners.index(owner)])
        up_to(bare_database, owner, revision)
        fill(bare_database)
        before, kept = look(bare_database), contents(bare_database)
        assert kept
        if number + 1 < len(revisions):
            up_to(bare_database, owner, revisions[number + 1])
            assert lost(kept, contents(bare_database, new_tables=True)) == []
            downgrade(bare_database, (owner,) if owner.is_core else owners, owner.name, revision)
            assert look(bare_database) == before
            assert lost(kept, contents(bare_database)) == []
    upgrade(bare_database, owners[: owners.index(owner) + 1])
    assert lost(kept, contents(bare_database, new_tables=True)) == []


def up_to(url: str, owner: Owner, revision: str) -> None:
    """One owner to one revision, without the checks on the whole set of owners."""
    from inleer.migrate.connect import exclusive
    from inleer.migrate.run import bring

    engine = migration_engine(url)
    with exclusive(engine) as connection:
        bring(connection, owner, revision)
    engine.dispose()


def fill(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        rows.fill(connection)
    engine.dispose()


def contents(url: str, new_tables: bool = False) -> dict[str, Any]:
    """All rows of all tables; with ``new_tables`` some may be empty, because a migration made them just now."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = rows.dump(connection)
    engine.dispose()
    assert new_tables or all(found.values()), "a table without a row proves nothing"
    return found


def lost(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [table for table, content in before.items() if len(after.get(table, ())) < len(content)]


@pytest.mark.parametrize("owner", INSTALLED, ids=lambda owner: owner.name)
def test_models_are_equal_to_head(bare_database: str, owner: Owner, tmp_path: Path) -> None:
    """Stronger than Alembic's comparison: also checks, names of constraints, lengths and defaults."""
    metadata = load_models(INSTALLED)
    upgrade(bare_database, INSTALLED)
    migrated = look(bare_database)["tables"]
    if bare_database.startswith("sqlite"):
        made = f"sqlite:///{tmp_path / 'made.db'}"
    else:
        made = dbserver.create_database("made")
    engine = create_engine(made)
    metadata.create_all(engine)
    engine.dispose()
    created = look(made)["tables"]
    if not bare_database.startswith("sqlite"):
        dbserver.drop_database(made)
    prefixes = tuple(other.prefix for other in INSTALLED if other.prefix)

    def ours(tables: dict[str, Any]) -> dict[str, Any]:
        mine = (
            (lambda n: not n.startswith(prefixes))
            if owner.is_core
            else (lambda n: n.startswith(owner.prefix))
        )
        return {name: table for name, table in tables.items() if mine(name)}

    assert ours(migrated)
    assert ours(migrated) == ours(created)


# --- a plugin that is off -----------------------------------------------------------------------------------------

OTHER = """
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table(
        "other_visit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("organisation_id", sa.Uuid, sa.ForeignKey("organisation.id", ondelete="CASCADE"), nullable=False),
    )


def downgrade():
    op.drop_table("other_visit")
"""
REBUILD = """
import sqlalchemy as sa
from alembic import op

revision = "{number}"
down_revision = "{before}"


def upgrade():
    with op.batch_alter_table("organisation") as batch:
        batch.alter_column("name", existing_type=sa.String(200), type_=sa.String(300), existing_nullable=False)


def downgrade():
    with op.batch_alter_table("organisation") as batch:
        batch.alter_column("name", existing_type=sa.String(300), type_=sa.String(200), existing_nullable=False)
"""


@pytest.fixture
def other(tmp_path: Path) -> Owner:
    """A plugin with a table that refers to the core's, deleting by cascade."""
    versions = tmp_path / "other" / "versions"
    versions.mkdir(parents=True)
    (versions / "0001_visits.py").write_text(OTHER)
    return Owner("other", "other_", versions, "tests", needs="0001")


@pytest.fixture
def next_core(tmp_path: Path) -> Owner:
    """The core with one revision more, that rebuilds a table to which others refer."""
    versions = tmp_path / "next" / "versions"
    shutil.copytree(CORE.versions, versions)
    text_ = REBUILD.format(number="9999", before=CORE.head)
    (versions / "9999_rebuild.py").write_text(text_)
    return dataclasses.replace(CORE, versions=versions)


def test_a_core_migration_keeps_the_rows_of_a_plugin_that_is_off(
    bare_database: str, other: Owner, next_core: Owner
) -> None:
    upgrade(bare_database, (CORE, other))
    fill(bare_database)
    kept = contents(bare_database)
    assert kept["other_visit"]
    upgrade(bare_database, (next_core,))
    assert lost(kept, contents(bare_database)) == []
    downgrade(bare_database, (next_core,), "core", str(CORE.head))
    assert contents(bare_database) == kept
    assert differences(bare_database, (CORE,)) == [], "the tables of a plugin that is off are not the core's"


def test_the_core_is_not_removed_from_under_a_plugin(bare_database: str, other: Owner) -> None:
    upgrade(bare_database, (CORE, other))
    for owners in ((CORE,), (CORE, other)):
        with pytest.raises(MigrationError, match="Plugin other"):
            downgrade(bare_database, owners, "core", "base")
    downgrade(bare_database, (CORE, other), "other", "base")
    downgrade(bare_database, (CORE,), "core", "base")
    assert look(bare_database)["tables"] == {}


def test_off_and_on_again_keeps_the_rows(bare_database: str, other: Owner) -> None:
    upgrade(bare_database, (CORE, other))
    fill(bare_database)
    kept = contents(bare_database)
    assert upgrade(bare_database, (CORE,)) == []
    assert upgrade(bare_database, (CORE, other)) == []
    assert contents(bare_database) == kept


@pytest.mark.parametrize("owner", [o for o in INSTALLED if not o.is_core], ids=lambda owner: owner.name)
def test_the_core_moves_under_each_installed_plugin_on_and_off(bare_database: str, owner: Owner) -> None:
    """From the oldest core that the plugin takes to the newest and back: its rows stay, whether it is on or off."""
    revisions = [script.revision for script in CORE.script.walk_revisions()][::-1]
    oldest = owner.needs or revisions[0]
    up_to(bare_database, CORE, oldest)
    up_to(bare_database, owner, str(owner.head))
    fill(bare_database)
    kept = contents(bare_database)
    assert any(name.startswith(owner.prefix) for name in kept)
    for owners in ((CORE,), (CORE, owner)):
        upgrade(bare_database, owners)
        assert lost(kept, contents(bare_database, new_tables=True)) == []
        downgrade(bare_database, owners, "core", oldest)
        assert contents(bare_database) == kept
    upgrade(bare_database, (CORE, owner))
    assert differences(bare_database, (CORE, owner)) == []


def test_a_migration_that_loses_rows_of_a_plugin_that_is_off_is_found(
    bare_database: str, other: Owner, tmp_path: Path
) -> None:
    """The planted fault: the core empties a table to which a plugin that is off refers by cascade."""
    versions = tmp_path / "losing" / "versions"
    shutil.copytree(CORE.versions, versions)
    losing = FAILS.format(before=CORE.head, statement="DELETE FROM other_visit")
    (versions / "9999_losing.py").write_text(losing)
    upgrade(bare_database, (CORE, other))
    fill(bare_database)
    kept = contents(bare_database)
    upgrade(bare_database, (dataclasses.replace(CORE, versions=versions),))
    assert lost(kept, contents(bare_database, new_tables=True)) == ["other_visit"]


def test_a_plugin_that_needs_a_newer_core_is_refused(bare_database: str, other: Owner) -> None:
    newer = dataclasses.replace(other, needs="7777")
    with pytest.raises(MigrationError, match="7777"):
        upgrade(bare_database, (CORE, newer))
    assert look(bare_database)["tables"] == {}


def test_autogenerate_of_one_owner_never_proposes_another_owners_tables(
    bare_database: str, other: Owner
) -> None:
    upgrade(bare_database, (CORE, other))
    engine = create_engine(bare_database)
    with engine.connect() as connection:
        visits = MetaData()
        visits.reflect(connection, only=["other_visit"])
        owners = (*INSTALLED, other)
        assert drift(connection, CORE, owners, load_models(INSTALLED)) == []
        assert drift(connection, other, owners, visits) == []
        planted = MetaData()
        assert drift(connection, other, owners, planted), "the planted difference must be found"
    engine.dispose()


# --- all or nothing -----------------------------------------------------------------------------------------------

FAILS = """
from alembic import op

revision = "9999"
down_revision = "{before}"


def upgrade():
    op.execute("UPDATE organisation SET name = 'half'")
    op.execute("{statement}")


def downgrade():
    pass
"""


@pytest.mark.parametrize("statement", ["SELECT * FROM nowhere", "DELETE FROM user_account"])
def test_a_failing_migration_changes_nothing(bare_database: str, tmp_path: Path, statement: str) -> None:
    """The second statement leaves rows that refer to nothing: SQLite only sees that in the check at the end."""
    upgrade(bare_database, (CORE,))
    fill(bare_database)
    kept, schema = contents(bare_database), look(bare_database)
    versions = tmp_path / "broken" / "versions"
    shutil.copytree(CORE.versions, versions)
    (versions / "9999_broken.py").write_text(FAILS.format(before=CORE.head, statement=statement))
    broken = dataclasses.replace(CORE, versions=versions)
    with pytest.raises(Exception, match=r"nowhere|verwijzen|foreign key"):
        upgrade(bare_database, (broken,))
    assert contents(bare_database) == kept
    assert look(bare_database) == schema


def test_the_schema_of_a_newer_version_is_left_alone(bare_database: str, connection: Connection) -> None:
    upgrade(bare_database, (CORE,))
    engine = create_engine(bare_database)
    with engine.begin() as writing:
        writing.execute(text("UPDATE alembic_version SET version_num = 'future'"))
    engine.dispose()
    with pytest.raises(MigrationError, match="nieuwere versie"):
        upgrade(bare_database, (CORE,))
