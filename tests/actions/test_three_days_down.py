"""The worker stood still for three days: when it starts again every mail that is due leaves, and each leaves once."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import func, select

from inleer import clock
from inleer.accounts.people import NOTICE_MAIL
from inleer.db import db, new_id, unit_of_work
from inleer.intentions.models_requests import IntentionRequest
from inleer.jobs import daily, outbox
from inleer.jobs.models import DailyRun, Outbox
from inleer.policy import Role, unscoped
from inleer.reports import digest
from inleer.reports.todo import Todo
from tests.actors import make_actor
from tests.employers import Town, asked, mails, make_town

#: A Tuesday morning in Amsterdam.
START = datetime(2026, 11, 17, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def town(app: Flask) -> Town:
    with clock.frozen(START):
        return make_town(start=START.date())


@pytest.fixture
def something_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """One thing waits for everybody, so that there is a reason for a mail of the day."""
    one = Todo("signal", "warn", "Voor Achter", "iets", "regel", None, id=new_id())
    monkeypatch.setattr(digest, "worklist_of", lambda _actor: [one])


def work(moment: datetime) -> None:
    """What `inleer worker` does in its minute at this moment: the day's work, then the mail."""
    with clock.frozen(moment):
        daily.run_due()
        outbox.drain()


def counted(found: list[EmailMessage]) -> Counter[tuple[str, str]]:
    """How many mails by addressee and subject up to its colon or question mark."""
    return Counter((str(m["To"]), str(m["Subject"]).split(":")[0].split("?")[0]) for m in found)


def ids(found: list[EmailMessage]) -> list[str]:
    return [str(m["Message-ID"]) for m in found]


def test_three_days_later_each_mail_that_is_due_leaves_once(
    app: Flask, town: Town, something_to_do: None
) -> None:
    work(START)
    with clock.frozen(START):
        before = mails(app)
        asked(town)
        work(START + timedelta(minutes=1))
        before = mails(app)
    assert counted(before)["hr@baken.example", "Klopt uw toezegging nog"] == 1
    # The worker stops. People go on: a password is changed on each of the three days.
    for n in range(3):
        with clock.frozen(START + n * DAY + timedelta(hours=2)), unit_of_work():
            outbox.enqueue(NOTICE_MAIL, {"user_id": str(town.boss.user_id), "what": "password"})
    again = START + 3 * DAY
    for minutes in range(4):  # it starts again, and goes on
        work(again + timedelta(minutes=minutes))
    with clock.frozen(again):
        new = mails(app)[len(before) :]
    assert len(set(ids(new))) == len(new)
    found = counted(new)
    assert found["hr@baken.example", "Herinnering"] == 1, "of the third day, not one for each day"
    notices = [
        number for (_to, subject), number in found.items() if subject.startswith("Wijziging van uw account")
    ]
    assert notices == [3]
    digests = {to: n for (to, subject), n in found.items() if subject == "Wat vandaag uw aandacht vraagt"}
    assert list(digests.values()) == [1], "to the coach, of today; none of the days that were missed"
    assert found.total() == 1 + 3 + 1
    assert waiting() == 0
    days = Counter(db.session.execute(select(DailyRun.job)).scalars())
    assert set(days.values()) == {4}, "every daily job once for each day"


def test_two_workers_that_start_at_once_send_each_mail_once(
    app: Flask, town: Town, something_to_do: None
) -> None:
    work(START)
    with clock.frozen(START):
        asked(town)
    work(START + timedelta(minutes=1))
    with clock.frozen(START):
        before = len(mails(app))

    def start() -> None:
        with app.app_context():
            work(START + 3 * DAY)
            db.session.remove()

    workers = [threading.Thread(target=start) for _n in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    work(START + 3 * DAY + timedelta(minutes=1))
    with clock.frozen(START + 3 * DAY):
        new = mails(app)[before:]
    assert sorted(counted(new).values()) == [1, 1], counted(new)


def test_a_request_that_ended_meanwhile_is_not_reminded(app: Flask, town: Town) -> None:
    """Three weeks down: no reminder for a day that is past, and the question goes back to who asked."""
    work(START)
    with clock.frozen(START):
        asked(town)
    work(START + timedelta(minutes=1))
    with clock.frozen(START):
        before = len(mails(app))
    work(START + 21 * DAY)
    with clock.frozen(START + 21 * DAY):
        new = counted(mails(app)[before:])
    assert ("hr@baken.example", "Herinnering") not in new
    states = unscoped(select(IntentionRequest.state), "test")
    assert list(db.session.execute(states).scalars()) == ["expired"]


def waiting() -> int:
    """Messages that have still to leave."""
    db.session.rollback()
    return db.session.execute(select(func.count()).where(Outbox.state != "sent")).scalar_one()


def test_a_coach_without_work_or_who_wants_none_gets_no_mail(app: Flask, town: Town) -> None:
    make_actor(Role.COACH, town.agency, "Rustig Coach")
    work(START)
    with clock.frozen(START):
        assert counted(mails(app)) == {}
