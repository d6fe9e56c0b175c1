"""Faults of plugins as they are stored, for all processes together; a daily job forgets them after thirty days."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from inleer.db import Base, Id


class PluginFault(Base):
    """One fault, or one slow call, of a plugin. ``detail`` is the kind of error and its place, never its message."""

    __tablename__ = "plugin_fault"
    __audited__ = False  # a measurement, nobody's act
    __table_args__ = (
        CheckConstraint("kind IN ('fault', 'slow')", name="kind"),
        Index("ix_plugin_fault_plugin_at", "plugin", "at"),
    )

    id: Mapped[Id]
    plugin: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(5))
    detail: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime] = mapped_column(index=True)
    seconds: Mapped[float]


class PluginStop(Base):
    """Until when a plugin that kept failing is not called; the row tells all processes, and that it was reported."""

    __tablename__ = "plugin_stop"
    __audited__ = False  # who stops a plugin records the event (inleer.accounts.plugin_faults)

    plugin: Mapped[str] = mapped_column(String(80), primary_key=True)
    until: Mapped[datetime]
