"""Published route versions. A row never changes: cohorts point at it and keep its rules."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column

from inleer.db import Base, Id


class PublishedRouteChanged(RuntimeError):
    """A programming error: code tried to change or delete a published route version."""


class RouteVersion(Base):
    """One published version of a route. ``content`` is canonical JSON, ``sha256`` its hash in hexadecimal.

    ``content`` is text and not a JSON column: the bytes must stay those that were hashed.
    """

    __tablename__ = "route_version"
    __table_args__ = (
        UniqueConstraint("key", "version"),
        CheckConstraint("version > 0", name="version"),
    )

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    owner: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    content: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime]


@event.listens_for(RouteVersion, "before_update")
@event.listens_for(RouteVersion, "before_delete")
def _refuse(_mapper: Any, _connection: Any, row: RouteVersion) -> None:
    raise PublishedRouteChanged(f"{row.key} version {row.version} is published")


@event.listens_for(Session, "do_orm_execute")
def _refuse_bulk(state: ORMExecuteState) -> None:
    """UPDATE and DELETE statements pass by the row events above."""
    if (state.is_update or state.is_delete) and any(m.class_ is RouteVersion for m in state.all_mappers):
        raise PublishedRouteChanged("a statement would change published route versions")
