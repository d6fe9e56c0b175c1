"""Dated parameters: numbers of laws and agreements that change on a date, never constants in code."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inleer.db import Base, Id, Versioned


class Setting(Versioned, Base):
    """The value of a parameter from a day on, for one work agency; a school has rules of its own here too."""

    __tablename__ = "setting"
    __table_args__ = (UniqueConstraint("organisation_id", "key", "valid_from"),)

    id: Mapped[Id]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    key: Mapped[str] = mapped_column(String(60))
    valid_from: Mapped[date]
    value: Mapped[Any] = mapped_column(JSON)
