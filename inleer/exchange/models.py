"""Imports: what was sent, by whom, what it changed, so that a whole import can be previewed and taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from inleer.db import Base, Id, Versioned

IMPORT_KINDS = ("candidates", "sessions", "attendance", "intentions")


class ImportRun(Versioned, Base):
    """One import of one file into one cohort. ``state`` is preview, done or undone.

    ``content`` holds the file only while the preview waits for confirmation; it is emptied afterwards.
    """

    __tablename__ = "import_run"
    __table_args__ = (
        CheckConstraint(f"kind IN {IMPORT_KINDS!r}", name="kind"),
        CheckConstraint("state IN ('preview', 'done', 'undone')", name="state"),
    )

    id: Mapped[Id]
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    filename: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime]
    by_id: Mapped[UUID]
    by_name: Mapped[str] = mapped_column(String(200))
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    undone_at: Mapped[datetime | None]


class ImportItem(Base):
    """One row that an import created or changed, with what it was before."""

    __tablename__ = "import_item"
    __audited__ = False  # covered by the event on its import

    id: Mapped[Id]
    import_id: Mapped[UUID] = mapped_column(ForeignKey("import_run.id"), index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(80), index=True)
    change: Mapped[str] = mapped_column(String(8))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    version: Mapped[int | None]
