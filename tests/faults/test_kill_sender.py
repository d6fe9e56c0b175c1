"""Promise 32: whoever sends the mail is killed fifteen times; no mail is lost, and few leave twice."""

from __future__ import annotations

import email
import email.policy
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from inleer import clock
from inleer.accounts.people import NOTICE_MAIL
from inleer.config import Settings
from inleer.db import db, unit_of_work
from inleer.jobs import outbox
from inleer.jobs.models import Outbox
from inleer.policy import Role
from tests import plugin_logs
from tests.actors import make_actor, make_organisation
from tests.ops.smtp_server import running

MAILS = 300
KILLS = 15
PATIENCE = 60
FROM = "inleer@example.nl"


def queue_mails(number: int) -> set[str]:
    """So many mails wait; returns the ids under which they should arrive."""
    reader = make_actor(Role.COACH, make_organisation("work_agency").id, "Mirjam Coach")
    with unit_of_work():
        payload = {"user_id": str(reader.user_id), "what": "password"}
        made = [outbox.enqueue(NOTICE_MAIL, payload) for _n in range(number)]
    return {f"<{one}@example.nl>" for one in made}


class Sender:
    """Senders in processes of their own that are killed. A context manager."""

    def __init__(self, settings: Settings, port: int) -> None:
        self.log = settings.var_dir / "sender.log"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("INLEER_")}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.sending"],
                env={
                    **kept,
                    "INLEER_DATABASE_URL": settings.database_url,
                    "INLEER_SECRET_KEY": settings.secret_key,
                    "INLEER_VAR_DIR": str(settings.var_dir),
                    "INLEER_SMTP_URL": f"smtp://127.0.0.1:{port}",
                    "INLEER_MAIL_FROM": FROM,
                },
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def start(self) -> int:
        """Start a sender; returns its process id."""
        assert self._process.stdin is not None
        print(file=self._process.stdin, flush=True)
        return self._said()

    def status(self) -> int:
        """Wait for its end; returns its exit status, minus the signal when one ended it."""
        return self._said()

    def _said(self) -> int:
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        assert said, f"it stopped:\n{self.log.read_text()[-3000:]}"
        return int(said)

    def kill_while_it_sends(self, received: list[bytes], chance: random.Random) -> None:
        """Start a sender, wait until mail arrives from it, and kill it somewhere in the next few mails."""
        before, pid = len(received), self.start()
        deadline, enough = time.monotonic() + PATIENCE, chance.randrange(2, 6)
        while len(received) < before + enough:
            assert time.monotonic() < deadline, "the sender sends nothing"
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.02))
        os.kill(pid, signal.SIGKILL)
        assert self.status() == -signal.SIGKILL, "it was done before it was killed"

    def __enter__(self) -> Sender:
        return self

    def __exit__(self, *_error: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(PATIENCE)
        plugin_logs.read_file(self.log)


def ids_of(received: list[bytes]) -> Counter[str]:
    """How often a mail with each Message-ID arrived."""
    read = (email.message_from_bytes(one, policy=email.policy.default) for one in received)
    return Counter(str(one["Message-ID"]) for one in read)


@pytest.mark.timeout(300)
def test_a_sender_that_is_killed_loses_no_mail(app: Flask, settings: Settings) -> None:
    expected = queue_mails(MAILS)
    db.session.remove()
    chance = random.Random(32)
    with running() as (port, received), Sender(settings, port) as sender:
        for _kill in range(KILLS):
            sender.kill_while_it_sends(received, chance)
        sender.start()
        assert sender.status() == 0
        left = claimed_and_waiting()
        assert left <= KILLS, "a kill leaves at most the mail that was just being sent"
        send_after_the_lease(app, settings, port)
    found = ids_of(received)
    assert set(found) == expected, "lost or invented"
    assert found.total() - len(found) <= KILLS
    states = Counter(db.session.execute(select(Outbox.state)).scalars())
    assert states == {"sent": MAILS}


def claimed_and_waiting() -> int:
    """How many mails wait for the end of the lease of a sender that was killed."""
    db.session.rollback()
    return len(db.session.execute(select(Outbox.id).where(Outbox.state == "waiting")).all())


def send_after_the_lease(app: Flask, settings: Settings, port: int) -> None:
    """What a killed sender had in hand leaves ten minutes later."""
    from dataclasses import replace

    app.config["INLEER"] = replace(settings, smtp_url=f"smtp://127.0.0.1:{port}", mail_from=FROM)
    with clock.frozen(clock.now() + outbox.LEASE + timedelta(seconds=1)):
        outbox.drain()


def test_the_count_finds_a_mail_that_was_lost_and_one_that_came_twice() -> None:
    mails = [f"Message-ID: <{UUID(int=n)}@b.nl>\r\n\r\nHallo".encode() for n in (1, 2, 2)]
    found = ids_of(mails)
    assert set(found) != {f"<{UUID(int=n)}@b.nl>" for n in (1, 2, 3)}
    assert found.total() - len(found) == 1
