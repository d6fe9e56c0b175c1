"""That two people turned out to be one, and that two who are alike are not."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from inleer.db import Base, Id


class CandidateMerge(Base):
    """Two candidates are one: all that was ``gone``'s is ``kept``'s since. The row of ``gone`` stays, and leads on.

    ``moved`` is table → keys of the rows that went along, ``before`` how other rows were (inleer.merging.actions); with
    these the merge is taken back. One that was taken back has no row; the audit trail keeps both.
    """

    __tablename__ = "candidate_merge"
    __audited__ = False  # covered by the event on its candidate

    id: Mapped[Id]
    kept_id: Mapped[UUID] = mapped_column(ForeignKey("candidate.id"), index=True)
    gone_id: Mapped[UUID] = mapped_column(ForeignKey("candidate.id"), unique=True)
    at: Mapped[datetime]
    by_id: Mapped[UUID]
    by_name: Mapped[str] = mapped_column(String(200))
    moved: Mapped[dict[str, Any]]
    before: Mapped[dict[str, Any]]


class NotTheSame(Base):
    """Somebody said that these two, who are alike, are two people. The smaller id comes first."""

    __tablename__ = "not_the_same"
    __audited__ = False  # covered by the event on its candidate

    low_id: Mapped[UUID] = mapped_column(ForeignKey("candidate.id"), primary_key=True)
    high_id: Mapped[UUID] = mapped_column(ForeignKey("candidate.id"), primary_key=True)
    at: Mapped[datetime]
    by_id: Mapped[UUID]
    by_name: Mapped[str] = mapped_column(String(200))
