"""The outbox: a message leaves after its commit, once as a rule, twice when a worker is killed, never not at all."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from inleer import clock
from inleer.config import Settings
from inleer.db import db, unit_of_work
from inleer.jobs import mail, outbox, stuck
from inleer.jobs.models import Outbox
from inleer.policy import system_actor

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_handlers", {})


def send(kind: str = "test", payload: dict[str, Any] | None = None) -> None:
    with unit_of_work():
        outbox.enqueue(kind, payload or {})


def fail_after_enqueue() -> None:
    with unit_of_work():
        outbox.enqueue("test", {"n": 1})
        raise ZeroDivisionError


def rows() -> list[Outbox]:
    db.session.rollback()
    return list(db.session.execute(select(Outbox).order_by(Outbox.created_at)).scalars())


def test_a_message_leaves_after_the_commit_and_not_after_a_rollback(app: Flask) -> None:
    seen: list[dict[str, Any]] = []
    outbox.register("test", lambda message: seen.append(message.payload))
    with pytest.raises(ZeroDivisionError):
        fail_after_enqueue()
    send(payload={"n": 2})
    assert outbox.drain() == outbox.Drained(sent=1)
    assert seen == [{"n": 2}]
    assert outbox.drain() == outbox.Drained()
    assert [row.state for row in rows()] == ["sent"]


def test_it_needs_a_unit_of_work(app: Flask) -> None:
    with pytest.raises(RuntimeError):
        outbox.enqueue("test", {})


def test_failures_wait_longer_each_time_and_end_as_a_dead_letter_that_can_be_revived(app: Flask) -> None:
    attempts: list[datetime] = []

    def fails(_message: outbox.Message) -> None:
        attempts.append(clock.now())
        raise OSError("jan@example.nl refused")

    outbox.register("test", fails)
    with clock.frozen(START):
        send()
    for minutes in range(60 * 60):  # look every minute for sixty hours
        with clock.frozen(START + timedelta(minutes=minutes)):
            outbox.drain()
    waits = [later - earlier for earlier, later in pairwise(attempts)]
    assert waits == list(outbox.RETRY_AFTER)
    (row,) = rows()
    assert (row.state, row.error) == ("failed", "OSError"), "no address in the error"
    assert outbox.backlog() == {"waiting": 0, "late": 0, "failed": 1}
    outbox.register("test", lambda _message: None)
    with unit_of_work():
        assert stuck.retry_all(system_actor()) == 1
    assert outbox.drain().sent == 1


def test_a_kind_that_nobody_delivers_waits(app: Flask) -> None:
    send("of-a-plugin-that-is-off")
    assert outbox.drain() == outbox.Drained(retried=1)
    assert rows()[0].state == "waiting"


def test_a_killed_worker_loses_nothing(app: Flask) -> None:
    class Killed(BaseException):
        pass

    def dies(_message: outbox.Message) -> None:
        raise Killed

    outbox.register("test", dies)
    with clock.frozen(START):
        send()
        with pytest.raises(Killed):
            outbox.drain()
        outbox.register("test", lambda _message: None)
        assert outbox.drain() == outbox.Drained(), "the lease of the killed worker still runs"
    with clock.frozen(START + outbox.LEASE):
        assert outbox.drain().sent == 1


def test_four_workers_deliver_each_message_once(app: Flask) -> None:
    seen: list[int] = []
    outbox.register("test", lambda message: seen.append(message.payload["n"]))
    for n in range(20):
        send(payload={"n": n})

    def work() -> None:
        with app.app_context():
            outbox.drain()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(seen) == list(range(20))


def test_mail_is_kept_as_a_file_with_a_stable_id_and_the_link_is_nowhere_stored(
    app: Flask, settings: Settings
) -> None:
    minted: list[str] = []

    def compose(payload: dict[str, Any]) -> mail.Mail:
        minted.append(f"https://localhost/uitnodiging/geheim-{len(minted)}")
        return mail.Mail("jan@example.nl", "Uitnodiging voor café", f"Hallo {payload['n']}\n{minted[-1]}\n")

    mail.register("invitation", compose)
    send("invitation", {"n": 1})
    outbox.drain()
    (path,) = sorted((settings.var_dir / "mail").glob("*.eml"))
    (row,) = rows()
    assert path.name == f"{row.id}.eml"
    assert path.stat().st_mode & 0o777 == 0o600
    found = message_from_bytes(path.read_bytes())
    assert found["Message-ID"] == f"<{row.id}@localhost>"
    assert found["To"] == "jan@example.nl"
    assert minted[0] in found.get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert "geheim" not in str(row.payload)


def test_a_second_attempt_has_the_same_message_id(app: Flask, settings: Settings, monkeypatch: Any) -> None:
    sent: list[Any] = []

    def transport(_settings: Settings, message: Any) -> None:
        sent.append(message)
        if len(sent) == 1:
            raise TimeoutError

    monkeypatch.setattr(mail, "deliver", transport)
    mail.register("invitation", lambda _payload: mail.Mail("jan@example.nl", "Hallo", "Hallo"))
    with clock.frozen(START):
        send("invitation")
        assert outbox.drain().retried == 1
    with clock.frozen(START + timedelta(minutes=1)):
        assert outbox.drain().sent == 1
    assert sent[0]["Message-ID"] == sent[1]["Message-ID"]
    assert sent[0]["Date"] == sent[1]["Date"] == "Mon, 02 Mar 2026 09:00:00 +0000"


def test_a_mail_that_is_no_longer_wanted_does_not_leave(app: Flask, settings: Settings) -> None:
    mail.register("invitation", lambda _payload: None)
    send("invitation")
    assert outbox.drain().sent == 1
    assert not (settings.var_dir / "mail").exists()


@pytest.mark.parametrize("to", ["a@b.nl\r\nBcc: c@d.nl", "a@b.nl\nX: y"])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_line_break_in_an_address_is_refused(app: Flask, settings: Settings, to: str) -> None:
    mail.register("invitation", lambda _payload: mail.Mail(to, "Hallo", "Hallo"))
    send("invitation")
    assert outbox.drain().retried == 1
    assert rows()[0].error == "ValueError"


def test_smtp(tmp_path: Path) -> None:
    """Against a small server that speaks just enough SMTP: the mail arrives, a password never travels in clear."""
    from inleer.config import ConfigError
    from tests.ops.smtp_server import running

    message = outbox.Message(id=UUID(int=5), kind="x", payload={}, created_at=START, attempt=1)
    settings = Settings(
        database_url="sqlite://", secret_key="x" * 40, var_dir=tmp_path, mail_from="a <a@b.nl>"
    )
    made = mail.envelope(settings, message, mail.Mail("jan@example.nl", "Hallo", "Beste Jan"))
    with running() as (port, received):
        mail.send_by_smtp(f"smtp://127.0.0.1:{port}", made)
        with pytest.raises(ConfigError):
            mail.send_by_smtp(f"smtp://user:pass@127.0.0.1:{port}", made)
    (arrived,) = received
    assert b"Beste Jan" in arrived
    assert b"Message-ID: <00000000-0000-0000-0000-000000000005@b.nl>" in arrived
