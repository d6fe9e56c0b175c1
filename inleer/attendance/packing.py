"""Small rows packed into one text per person, so that a statement about people stays one row for each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import JSON, String, func, literal
from sqlalchemy import cast as sql_cast
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


def packed(*columns: Any) -> Any:
    """The columns of all rows as one text, "a/b;c/d"; the values may hold neither "/" nor ";"."""
    text: Any = sql_cast(columns[0], String())
    for column in columns[1:]:
        text = text + literal("/") + sql_cast(column, String())
    return func.aggregate_strings(text, ";")


class Listed(FunctionElement[Any]):
    """The columns of all rows as one list of lists, for values of any kind; None or an empty list without rows."""

    type = JSON()
    inherit_cache = True


@compiles(Listed)
def _listed(element: Listed, compiler: Any, **kw: Any) -> str:
    return f"json_agg(json_build_array({compiler.process(element.clauses, **kw)}))"


@compiles(Listed, "sqlite")
def _listed_sqlite(element: Listed, compiler: Any, **kw: Any) -> str:
    return f"json_group_array(json_array({compiler.process(element.clauses, **kw)}))"


def parts(text: str | None) -> list[Sequence[str]]:
    """The rows that were packed, each as its texts."""
    return [part.split("/") for part in text.split(";")] if text else []


def days(text: str | None) -> list[tuple[date, int, int]]:
    """Packed rows of a day and two numbers, by day."""
    found = [(date.fromisoformat(day), int(one), int(other)) for day, one, other in parts(text)]
    found.sort()
    return found


def first_day(text: str | None) -> date | None:
    """The first day of packed rows that begin with one; without unpacking all of them."""
    return date.fromisoformat(min(part[:10] for part in text.split(";"))) if text else None
