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
    """The metadata with all models of these owners loaded: each package's ``models``, and those of its features."""
    for owner in owners:
        for name in _model_modules(owner.package):
            if importlib.util.find_spec(name) is not None:
                importlib.import_module(name)
    return Base.metadata


def drift(connection: Connection, owner: Owner, owners: Sequence[Owner], metadata: MetaData) -> list[Any]:
    """What Alembic would change to make the owner's tables equal to its models; empty when they are."""
    return list(compare_metadata(compare_context(connection, owner, owners, metadata), metadata))


def _model_modules(package: str) -> Iterator[str]:
    yield f"{package}.models"
    for module in pkgutil.iter_modules(importlib.import_module(package).__path__, f"{package}."):
        if module.ispkg:
            yield f"{module.name}.models"
