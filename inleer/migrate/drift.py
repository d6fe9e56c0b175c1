"""Where the models of an owner differ from its tables in a database."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterator, Sequence
from typing import Any

from alembic.autogenerate import compare_metadata
from sqlalchemy import Connection, MetaData

from inleer.db import Base
from inleer.migrate.context import compare_context
from inleer.migrate.owners import Owner


def load_models(owners: Sequence[Owner]) -> MetaData:
    """The metadata with all models of these owners loaded: ``models`` and ``models_…`` of each package and feature."""
    for owner in owners:
        for name in _model_modules(owner.package):
            if importlib.util.find_spec(name) is not None:
                importlib.import_module(name)
    return Base.metadata


def drift(connection: Connection, owner: Owner, owners: Sequence[Owner], metadata: MetaData) -> list[Any]:
    """What Alembic would change to make the owner's tables equal to its models; empty when they are."""
    return list(compare_metadata(compare_context(connection, owner, owners, metadata), metadata))


def in_words(change: Any) -> str:
    """One change of :func:`drift` in English: which table or column, and how model and migrations differ."""
    if isinstance(change, list):
        return "; ".join(in_words(part) for part in change)
    kind, *rest = change
    action, _sep, thing = kind.partition("_")
    if action == "modify":
        _schema, table, column, _known, old, new = rest
        return f"{table}.{column}: {_modified(thing, old, new)}"
    where = _in_model_only if action == "add" else _in_migrations_only
    if thing == "table":
        return where(f"table {rest[0].name}")
    if thing == "column":
        return where(f"column {rest[1]}.{rest[2].name}")
    return where(
        f"{_THINGS.get(thing, thing)} {rest[0].name or ''} on {rest[0].table.name}".replace("  ", " ")
    )


_THINGS = {"index": "index", "fk": "foreign key", "constraint": "constraint"}


def _in_model_only(what: str) -> str:
    return f"{what} stands in the model, not in the migrations"


def _in_migrations_only(what: str) -> str:
    return f"{what} stands in the migrations, not in the model"


def _modified(thing: str, old: Any, new: Any) -> str:
    if thing == "nullable":
        may, where = ("model", "migrations") if new else ("migrations", "model")
        return f"may be empty in the {may}, not in the {where}"
    return f"{thing} is {new!r} in the model, {old!r} in the migrations"


def _model_modules(package: str) -> Iterator[str]:
    yield f"{package}.models"
    for feature in pkgutil.iter_modules(importlib.import_module(package).__path__, f"{package}."):
        if feature.ispkg:
            yield f"{feature.name}.models"
            inside = pkgutil.iter_modules(importlib.import_module(feature.name).__path__, f"{feature.name}.")
            yield from (module.name for module in inside if module.name.startswith(f"{feature.name}.models_"))
