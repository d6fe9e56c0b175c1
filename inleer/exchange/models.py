"""Imports: what was sent, by whom, what it changed, so that a whole import can be previewed and taken back.

``ImportRow`` and the content, grid and mapping of a run serve only while the file waits; they go when it is saved or
thrown away, and after seven days by themselves (docs/decisions/0100-mending-a-file.md).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inleer.db import Base, Id, Versioned

IMPORT_KINDS = ("candidates", "sessions", "attendance", "intentions")


class ImportRun(Versioned, Base):
    """One import of one file into one cohort. ``state`` is preview, done or undone.

    ``content`` holds the file only while the preview waits for confirmation; it is emptied afterwards, and so is
    ``grid`` (the columns of the file, and its rows with a problem, as texts by place). ``sender_id``: the organisation
    that the file is from. ``mapping``: what its headers mean, where the words themselves did not tell: header (see
    ``headers.words_of``) → key of a column, empty for a column that is left out.
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
    sender_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    mapping: Mapped[dict[str, str] | None] = mapped_column(JSON)
    grid: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class ImportRow(Versioned, Base):
    """What people did to one row of a file that waits: other values (``cells``: place from 0 → text), or left out.

    ``row`` is 1-based as in the sheet.
    """

    __tablename__ = "import_row"
    __table_args__ = (UniqueConstraint("import_id", "row"),)

    id: Mapped[Id]
    import_id: Mapped[UUID] = mapped_column(ForeignKey("import_run.id"))
    row: Mapped[int]
    cells: Mapped[dict[str, str]] = mapped_column(JSON)
    left_out: Mapped[bool]
    changed_at: Mapped[datetime]
    by_id: Mapped[UUID]
    by_name: Mapped[str] = mapped_column(String(200))


class ImportMapping(Versioned, Base):
    """What the headers of one sender mean in files of one kind, as somebody of the agency said (``headers``: see
    ``ImportRun.mapping``). Holds names of columns, no values."""

    __tablename__ = "import_mapping"
    __table_args__ = (
        UniqueConstraint("agency_id", "sender_id", "kind"),
        CheckConstraint(f"kind IN {IMPORT_KINDS!r}", name="kind"),
    )

    id: Mapped[Id]
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    sender_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    headers: Mapped[dict[str, str]] = mapped_column(JSON)
    changed_at: Mapped[datetime]
    by_id: Mapped[UUID]
    by_name: Mapped[str] = mapped_column(String(200))


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
