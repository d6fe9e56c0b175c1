"""Many rows in one parameter: a JSON text of any number of rows, that the database reads as a table.

With a parameter for each value a statement is another one for every number of rows: it is built, sent and parsed anew,
and the driver converts hundreds of values one by one. This one stays the same, so that it is prepared once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Dialect,
    FromClause,
    Insert,
    Table,
    Text,
    bindparam,
    column,
    func,
    select,
    true,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy import type_coerce as as_type
from sqlalchemy.dialects import postgresql, sqlite


def given_rows(dialect: str, columns: Sequence[Column[Any]], parameter: str) -> FromClause:
    """The rows in the JSON of ``parameter`` (made by :func:`as_json`), as a table with these columns."""
    text = bindparam(parameter, type_=Text())
    if dialect == "sqlite":
        rows = func.json_each(text).table_valued("value", name=f"{parameter}_each")
        cells = (func.json_extract(rows.c.value, f"$.{c.key}") for c in columns)
        named = [as_type(cell, c.type).label(c.key) for cell, c in zip(cells, columns, strict=True)]
        return select(*named).select_from(rows).subquery("given")
    types = [column(c.key, c.type) for c in columns]
    return (
        func.json_to_recordset(sql_cast(text, JSON()))
        .table_valued(*types)
        .render_derived(name="given", with_types=True)
    )


def as_json(dialect: Dialect, columns: Sequence[Column[Any]], rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows for :func:`given_rows`, with the values as this database stores them."""
    names = [c.key for c in columns]
    if dialect.name != "sqlite":
        return json.dumps([{name: row[name] for name in names} for row in rows], default=str)
    stored = [(c.key, c.type.dialect_impl(dialect).bind_processor(dialect) or _same) for c in columns]
    return json.dumps([{name: change(row[name]) for name, change in stored} for row in rows])


def upsert(connection: Connection, given: Mapping[Table, Sequence[Mapping[str, Any]]]) -> None:
    """Write rows of these tables, new or over those with the same key; on PostgreSQL all tables in one statement."""
    dialect = connection.dialect
    texts = {t: as_json(dialect, list(t.columns), rows) for t, rows in given.items() if rows}
    groups = [(t,) for t in texts] if dialect.name == "sqlite" else [tuple(texts)][: len(texts)]
    for tables in groups:
        connection.execute(_upserting(tables, dialect.name), {t.name: texts[t] for t in tables})


@lru_cache(maxsize=16)
def _upserting(tables: tuple[Table, ...], dialect: str) -> Insert:
    *others, last = (_upserting_one(table, dialect) for table in tables)
    return last.add_cte(*(one.cte(f"into_{table.name}") for one, table in zip(others, tables, strict=False)))


def _upserting_one(table: Table, dialect: str) -> Insert:
    """The rows are in a parameter named after the table."""
    kind = sqlite.insert if dialect == "sqlite" else postgresql.insert
    given = given_rows(dialect, list(table.columns), table.name)
    keys = [c.key for c in table.primary_key]
    # SQLite needs a condition here: without one it reads ON CONFLICT as that of a join.
    rows = select(*given.c).where(true())
    new = kind(table).from_select([c.key for c in table.columns], rows)
    others = {c.key: new.excluded[c.key] for c in table.columns if c.key not in keys}
    return new.on_conflict_do_update(index_elements=keys, set_=others)


def _same(value: Any) -> Any:
    return value
