"""Promise 27: the server is killed under load; what it acknowledged is there, and nothing is half there."""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from inleer.attendance.models import Attendance
from inleer.attendance.rollups import verify
from inleer.audit import AuditEvent, verify_chain
from inleer.audit.chain import identity
from inleer.config import Settings
from inleer.db import db
from inleer.policy import Actor, Role
from tests.faults.server import Browser, Server
from tests.world import World, browse, build

SAVERS = 4
# Kills of one worker, while the other goes on; then of everything at once.
WORKER_KILLS = 4
WHOLE_KILLS = 2
# Between two kills each saver is heard of this often: else a kill may hit a server that does nothing.
ACKS_BETWEEN = 2
PATIENCE = 30.0
STATUSES = ("present", "ill", "excused", "unexcused")


@dataclass
class Saver(threading.Thread):
    """A teacher who saves the marks of one person in one lesson over and over, and nobody else does."""

    browser: Browser
    session_id: UUID
    enrolment_id: UUID
    stopping: threading.Event
    versions_before: int
    acknowledged: list[str] = field(default_factory=list)
    unknown: int = 0
    cut_off: bool = False
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    __hash__ = threading.Thread.__hash__

    @property
    def register(self) -> str:
        """The address of the lesson."""
        return f"/lessen/{self.session_id}"

    def run(self) -> None:
        """Save until told to stop."""
        number, version = 0, ""
        while not self.stopping.is_set():
            number += 1
            note = f"opgeslagen {number}"
            try:
                if not version:
                    version = self._look(number - 1)
                version = self._save(version, STATUSES[number % len(STATUSES)], note)
            except OSError:
                # It may have been saved or not. Look what is there before going on.
                self.unknown += 1
                version, self.cut_off = "", True
                time.sleep(0.05)

    def _save(self, version: str, status: str, note: str) -> str:
        path = f"{self.register}/cel/{self.enrolment_id}"
        code, page = self.browser.post(path, version=version, status=status, minutes="", note=note)
        if code == 409 and self.cut_off:
            # PostgreSQL carries out a COMMIT whose sender is dead; we looked just before it was done.
            self.cut_off = False
            return ""
        self.cut_off = False
        if code == 503:  # a busy machine: refused, so nothing may be there
            return ""
        if code != 200:
            self.faults.append(f"{code} for {note}")
            return ""
        self.acknowledged.append(note)
        return _value(page, f"version-{self.enrolment_id}")

    def _look(self, number: int) -> str:
        """What is stored now: the last that was acknowledged, or what was cut off since."""
        code, page = self.browser.get(self.register)
        if code != 200:
            raise ConnectionError(str(code))
        stored = _value(page, f"note-{self.enrolment_id}")
        self.check(stored, number)
        return _value(page, f"version-{self.enrolment_id}")

    def check(self, stored: str, number: int | None = None) -> None:
        """Note a fault when an acknowledged save is gone, or something is there that was never sent."""
        last = int(self.acknowledged[-1].split()[1]) if self.acknowledged else 0
        found = int(stored.split()[1]) if stored else 0
        if found < last or (number is not None and found > number):
            self.faults.append(f"stored {stored!r}, acknowledged {last}, sent {number}")


def _value(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found is not None, f"no {name} in the answer"
    return found.group(1)


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=SAVERS, weeks=2)


def cookie_of(app: Flask, actor: Actor) -> str:
    """The cookie of a browser in which this actor is logged in."""
    found = browse(app, actor).get_cookie("__Host-inleer", domain="localhost")
    assert found is not None
    return found.value


@pytest.fixture
def savers(app: Flask, world: World) -> Iterator[list[Saver]]:
    """Teachers at work: two people, each in two lessons at once."""
    assert world.own.other_teacher is not None
    actors = [world.own.actors[Role.TEACHER], world.own.other_teacher]
    stopping = threading.Event()
    made = [
        Saver(
            Browser(0, cookie_of(app, actors[n % 2])),
            world.own.sessions[n // 2],
            world.own.enrolments[n],
            stopping,
            1 if n // 2 == 0 else 0,  # the world holds marks of the first lesson
        )
        for n in range(SAVERS)
    ]
    db.session.remove()
    yield made
    stopping.set()
    for saver in made:
        if saver.is_alive():
            saver.join(timeout=30)


def wait_for_work(savers: list[Saver]) -> int:
    """Wait until every saver was acknowledged some more; returns how many saves that were. Fails after a while."""
    before = [len(saver.acknowledged) for saver in savers]
    deadline, more = time.monotonic() + PATIENCE, [0]
    while time.monotonic() < deadline:
        more = [len(saver.acknowledged) - b for saver, b in zip(savers, before, strict=True)]
        if min(more) >= ACKS_BETWEEN:
            return sum(more)
        assert not any(saver.faults for saver in savers), [saver.faults for saver in savers]
        assert all(saver.is_alive() for saver in savers), "a saver gave up"
        time.sleep(0.01)
    raise AssertionError(f"saves between two kills: {more}; without load a kill tests nothing")


@pytest.mark.slow
def test_what_was_acknowledged_survives_kill_9(
    app: Flask, settings: Settings, world: World, savers: list[Saver]
) -> None:
    chance, before_kills = random.Random(27), []
    with Server(settings) as server:
        for saver in savers:
            saver.browser.port = server.port
            saver.start()
        for _kill in range(WORKER_KILLS):
            before_kills.append(wait_for_work(savers))
            server.kill_a_worker(chance)
        for _kill in range(WHOLE_KILLS):
            before_kills.append(wait_for_work(savers))
            server.kill()
            server.start()
        wait_for_work(savers)
        savers[0].stopping.set()
        for saver in savers:
            saver.join(timeout=30)
    assert min(before_kills) > 0
    assert [saver.faults for saver in savers] == [[]] * SAVERS
    assert sum(saver.unknown for saver in savers) > 0, "no kill hit a request"
    nothing_is_lost_or_half(world, savers)


def nothing_is_lost_or_half(world: World, savers: list[Saver]) -> None:
    """Every mark is at least the last that was acknowledged, with its history, counts and audit events complete."""
    db.session.rollback()
    for saver in savers:
        mark = db.session.execute(
            select(Attendance).where(
                Attendance.session_id == saver.session_id, Attendance.enrolment_id == saver.enrolment_id
            )
        ).scalar_one()
        saver.check(mark.note or "")
        assert saver.faults == []
        assert mark.status == STATUSES[int((mark.note or "").split()[1]) % len(STATUSES)], "half of a save"
        # The version counts the saves: each has its event, and no event is of a save that is not there.
        assert mark.version - saver.versions_before == _events(mark) >= len(saver.acknowledged)
    assert verify(world.own.candidates) == []
    assert verify_chain(db.session()) == []
    if db.engine.dialect.name == "sqlite":
        assert db.session.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"


def _events(mark: Attendance) -> int:
    counted = select(func.count()).select_from(AuditEvent)
    kind, subject_id = identity(mark)
    return db.session.execute(
        counted.where(AuditEvent.subject_kind == kind, AuditEvent.subject_id == subject_id)
    ).scalar_one()


def test_the_check_notices_a_lost_and_an_invented_save() -> None:
    """The planted faults of the check itself."""

    def found(stored: str, sent: int | None = None) -> bool:
        saver = Saver(Browser(0), UUID(int=1), UUID(int=2), threading.Event(), 0)
        saver.acknowledged = ["opgeslagen 1", "opgeslagen 3"]
        saver.check(stored, sent)
        return bool(saver.faults)

    assert found("opgeslagen 1")
    assert found("")
    assert found("opgeslagen 5", sent=4)
    assert not found("opgeslagen 3", sent=3)
    assert not found("opgeslagen 4", sent=4)  # cut off, and yet saved
