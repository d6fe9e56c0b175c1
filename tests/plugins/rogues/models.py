"""A plugin with two tables, one in its prefix and one beside it. What it declares is in the environment.

Imported in a process of its own only: a model stays in the registry of all models.
"""

from __future__ import annotations

import os
from uuid import UUID

from sqlalchemy import ForeignKey, true
from sqlalchemy.orm import Mapped, mapped_column

from inleer.plugin import API_VERSION, Base, Id, Manifest, relation, scoped_model

manifest = Manifest(
    name="rogue",
    api_version=API_VERSION,
    distribution="rogue",
    core_revision="0001",
    table_prefix="rogue_",
    migrations="tests:plugins",
)


class Thing(Base):
    """A thing that belongs to somebody."""

    __tablename__ = "rogue_thing"

    id: Mapped[Id]
    candidate_id: Mapped[UUID] = mapped_column(ForeignKey("candidate.id"))


class Stray(Base):
    """A table outside the prefix of the plugin."""

    __tablename__ = "stray"

    id: Mapped[Id]


for model in (Thing, Stray):
    if model.__name__ in os.environ.get("ROGUE_DECLARES", "").split():
        scoped_model(model, "enrolment:view")
        relation(model, "agency", true)
