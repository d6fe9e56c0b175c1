"""What generating makes: rows by table, who is logged in, and which addresses are asked for while measuring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from bench.shapes import Pattern, Schedule, Size
from inleer import clock

Row = dict[str, Any]


@dataclass
class Person:
    """Somebody who is logged in: ``token`` is that of an open session."""

    user_id: UUID
    membership_id: UUID
    organisation_id: UUID
    email: str
    token: str


@dataclass
class Made:
    """What was made and who may see it: the addresses that are asked for while measuring."""

    boards: list[tuple[str, UUID]] = field(default_factory=list)
    registers: list[tuple[str, UUID]] = field(default_factory=list)
    saves: list[tuple[str, UUID]] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    files: list[tuple[str, UUID]] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)


@dataclass
class World:
    """Rows by table, enrolments with their pattern and sessions (for the marks), and what to ask for."""

    tables: dict[str, list[Row]]
    marks: list[tuple[UUID, Pattern, list[UUID], UUID]]
    made: Made


class Base:
    """Makes rows; holds the source of chance and what several tables share."""

    def __init__(
        self, size: Size, plans: list[Schedule], patterns: list[list[Pattern]], route: Row, secret: str
    ):
        """``route``: the published version that every cohort follows; ``secret``: the hash of everybody's password."""
        self.size, self.plans, self.patterns, self.route, self.secret = size, plans, patterns, route, secret
        self.rng = Random(str(size.percent))
        self.now = clock.now()
        self.today = clock.today()
        self.world = World({}, [], Made())

    def id(self) -> UUID:
        """The next identifier."""
        return UUID(int=self.rng.getrandbits(128), version=4)

    def add(self, table: str, **values: Any) -> UUID:
        """One row, with an id of its own and, where the table has one, version 1."""
        row = {"id": self.id(), **values}
        self.world.tables.setdefault(table, []).append(row)
        found: UUID = row["id"]
        return found


def attendance(world: World, at: datetime) -> Iterator[Row]:
    """The marks, one row per enrolment and past session."""
    for enrolment, pattern, sessions, teacher in world.marks:
        for session, (status, minutes, missed) in zip(sessions, pattern.marks, strict=True):
            yield {
                "enrolment_id": enrolment,
                "session_id": session,
                "status": status,
                "minutes": minutes,
                "missed": missed,
                "recorded_by_id": teacher,
                "recorded_by_name": "Docent",
                "recorded_at": at,
                "version": 1,
            }
