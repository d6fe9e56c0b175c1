"""Daily jobs: once a day, missed days caught up, one failure does not stop the others."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from inleer import clock
from inleer.jobs import daily
from inleer.policy import Actor, Role

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daily, "_jobs", {})


def test_once_a_day_after_five_and_missed_days_are_caught_up(app: Flask) -> None:
    days: list[date] = []

    def sweep(actor: Actor, day: date) -> None:
        assert actor.role is Role.SYSTEM
        days.append(day)

    daily.register(sweep)
    with clock.frozen(MONDAY):
        daily.run_due()
        daily.run_due()
    assert days == [date(2026, 3, 2)]
    with clock.frozen(MONDAY + timedelta(days=1) - timedelta(hours=6)):  # 4:00 in Amsterdam
        assert daily.run_due() == []
    with clock.frozen(MONDAY + timedelta(days=4)):
        daily.run_due()
    assert days == [date(2026, 3, n) for n in (2, 3, 4, 5, 6)]


def test_a_failing_job_is_tried_again_and_does_not_stop_the_others(app: Flask) -> None:
    days: list[date] = []
    broken = True

    def a_first(_actor: Actor, day: date) -> None:
        if broken:
            raise ValueError
        days.append(day)

    done: list[date] = []

    def b_second(_actor: Actor, day: date) -> None:
        done.append(day)

    daily.register(a_first)
    daily.register(b_second)
    with clock.frozen(MONDAY):
        daily.run_due()
        assert (days, done) == ([], [date(2026, 3, 2)])
        broken = False
        daily.run_due()
    assert (days, done) == ([date(2026, 3, 2)], [date(2026, 3, 2)])


def test_two_workers_do_a_day_once(app: Flask) -> None:
    days: list[date] = []
    both = threading.Barrier(2)

    def sweep(_actor: Actor, day: date) -> None:
        days.append(day)

    daily.register(sweep)

    def work() -> None:
        with app.app_context(), clock.frozen(MONDAY):
            both.wait()
            daily.run_due()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert days == [date(2026, 3, 2)]
