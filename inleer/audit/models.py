"""The audit trail: an append-only, hash-chained table of changes, and an unchained log of dossiers opened."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from inleer.db import Base, Id


class AuditEvent(Base):
    """One change: when, who (and in which role, for whom), from where, what, on which thing, with which outcome.

    ``details`` holds ids, codes and field names, never values of personal data. ``hash`` covers the row and
    ``previous_hash``; triggers in both databases refuse UPDATE and DELETE.
    """

    __tablename__ = "audit_event"
    __audited__ = False  # it is the trail itself
    __table_args__ = (Index("ix_audit_event_subject", "subject_kind", "subject_id"),)

    sequence: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime] = mapped_column(index=True)
    user_id: Mapped[UUID]
    organisation_id: Mapped[UUID] = mapped_column(index=True)
    role: Mapped[str] = mapped_column(String(40))
    origin: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(80), index=True)
    subject_kind: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[str] = mapped_column(String(80))
    outcome: Mapped[str] = mapped_column(String(20))
    details: Mapped[dict[str, Any]]
    trace_id: Mapped[str] = mapped_column(String(40))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class ReadLog(Base):
    """That dossiers were shown: one row per page, with the ids of all people on it. Not chained, append-only."""

    __tablename__ = "read_log"
    __audited__ = False

    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(index=True)
    user_id: Mapped[UUID] = mapped_column(index=True)
    organisation_id: Mapped[UUID]
    role: Mapped[str] = mapped_column(String(40))
    endpoint: Mapped[str] = mapped_column(String(120))
    subject_kind: Mapped[str] = mapped_column(String(60))
    subject_ids: Mapped[list[str]]
    trace_id: Mapped[str] = mapped_column(String(40))
