"""Anchors of the audit trail: its head, noted every day outside the database.

The chain of hashes shows a change inside it, but not that its last rows were cut off, nor that all of it was made
anew. A note of the head that lies elsewhere does: copy ``audit-heads.txt`` to another machine.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from inleer.audit import AuditEvent
from inleer.config import Settings
from inleer.db import db
from inleer.policy import Actor

FILE = "audit-heads.txt"


def anchor(_actor: Actor, day: date) -> None:
    """Append a line "day sequence hash" for the present head; a daily job."""
    settings: Settings = current_app.config["INLEER"]
    head = select(AuditEvent.sequence, AuditEvent.hash).order_by(AuditEvent.sequence.desc()).limit(1)
    last = db.session.execute(head).one_or_none()
    if last is None:
        return
    handle = os.open(settings.var_dir / FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="ascii") as file:
        file.write(f"{day.isoformat()} {last.sequence} {last.hash}\n")


def noted(folder: Path) -> Iterator[tuple[str, int, str]]:
    """The notes: day, sequence, hash."""
    path = folder / FILE
    if path.exists():
        for line in path.read_text(encoding="ascii").splitlines():
            day, sequence, digest = line.split()
            yield day, int(sequence), digest


def broken(folder: Path) -> list[str]:
    """Days whose head is no longer in the trail; empty when nothing was cut off or made anew."""
    rows = list(noted(folder))
    wanted = select(AuditEvent.sequence, AuditEvent.hash).where(
        AuditEvent.sequence.in_([row[1] for row in rows])
    )
    stored = {row.sequence: row.hash for row in db.session.execute(wanted)}
    return [day for day, sequence, digest in rows if stored.get(sequence) != digest]
