"""How models and migrations differ, in words: what a plugin's author reads when the contract fails."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, String, Table, create_engine

from inleer.migrate.drift import in_words


def table(*columns: Column[int] | Column[str] | Index) -> Table:
    return Table("proef_thing", MetaData(), Column("id", Integer, primary_key=True), *columns)


DIFFERENT = {
    "nothing": (table(), table(), []),
    "empty in the model": (
        table(Column("name", String(9), nullable=False)),
        table(Column("name", String(9))),
        ["proef_thing.name: may be empty in the model, not in the migrations"],
    ),
    "empty in the migrations": (
        table(Column("name", String(9))),
        table(Column("name", String(9), nullable=False)),
        ["proef_thing.name: may be empty in the migrations, not in the model"],
    ),
    "another type": (
        table(Column("name", String(9))),
        table(Column("name", String(20))),
        ["proef_thing.name: type is String(length=20) in the model, VARCHAR(length=9) in the migrations"],
    ),
    "a column too few": (
        table(),
        table(Column("name", String(9))),
        ["column proef_thing.name stands in the model, not in the migrations"],
    ),
    "a column too many": (
        table(Column("name", String(9))),
        table(),
        ["column proef_thing.name stands in the migrations, not in the model"],
    ),
    "an index too few": (
        table(Column("name", String(9))),
        table(Column("name", String(9)), Index("ix_proef", "name")),
        ["index ix_proef on proef_thing stands in the model, not in the migrations"],
    ),
    "a foreign key too few": (
        table(Column("other", Integer)),
        table(Column("other", Integer, ForeignKey("proef_thing.id"))),
        ["foreign key on proef_thing stands in the model, not in the migrations"],
    ),
}


@pytest.mark.parametrize("name", DIFFERENT)
def test_a_difference_in_words(name: str) -> None:
    made, wanted, words = DIFFERENT[name]
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        made.metadata.create_all(connection)
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert [in_words(change) for change in compare_metadata(context, wanted.metadata)] == words
    engine.dispose()


def test_a_table_too_few() -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        (change,) = compare_metadata(MigrationContext.configure(connection), table().metadata)
    engine.dispose()
    assert in_words(change) == "table proef_thing stands in the model, not in the migrations"
