"""The worker: every minute it empties the outbox and looks whether the day's work is still to be done.

Huey gives the clock, the threads and the signals. Its own queue stays in memory: what must survive lies in the
database (outbox, daily runs), in the same transaction as its cause, so there is no second queue that can disagree.
"""

from __future__ import annotations

from typing import Any

import structlog
from flask import Flask
from huey import MemoryHuey, crontab

from inleer.jobs import daily, outbox

_log = structlog.get_logger()


def make_huey(app: Flask) -> Any:
    """The periodic tasks of this app, as a Huey instance."""
    huey = MemoryHuey("inleer", results=False)

    @huey.periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator]
    def empty_outbox() -> None:
        with app.app_context():
            done = outbox.drain()
        if done != outbox.Drained():
            _log.info("outbox_drained", sent=done.sent, retried=done.retried, failed=done.failed)

    @huey.periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator]
    def do_days_work() -> None:
        with app.app_context():
            for job, day in daily.run_due():
                _log.info("daily_job_done", job=job, day=day.isoformat())

    return huey


def run(app: Flask) -> None:
    """Work until SIGTERM or SIGINT; what is being delivered is finished first."""
    # Two threads: a mail server that does not answer must not hold up the day's work.
    options = {"workers": 2, "graceful_signal": "TERM", "shutdown_timeout": 60}
    make_huey(app).create_consumer(**options).run()


def run_once(app: Flask) -> outbox.Drained:
    """One round now, without a clock: for cron, and for tests."""
    with app.app_context():
        daily.run_due()
        return outbox.drain()
