"""What must happen once a day; days on which the worker did not run are caught up, and no day is done twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from inleer import clock
from inleer.db import db, unit_of_work
from inleer.jobs.models import DailyRun
from inleer.policy import Actor, system_actor

Job = Callable[[Actor, date], object]
# The day's work starts at this hour on Amsterdam clocks: after midnight's changes, before anybody is at work.
START_HOUR = 5
DAY = timedelta(days=1)

_jobs: dict[str, Job] = {}
_log = structlog.get_logger()


def register(job: Job) -> Job:
    """Run ``job(actor, day)`` once for each day, in a unit of work of its own, as the system user.

    Its module and name identify it: renaming it makes it start anew, today. Usable as a decorator.
    """
    _jobs[f"{job.__module__}.{job.__qualname__}"] = job
    return job


def registered() -> tuple[str, ...]:
    """Names of the daily jobs."""
    return tuple(sorted(_jobs))


def run_due() -> list[tuple[str, date]]:
    """Run what has not been done up to and including today; returns what was done. Call it in an app context.

    A job that fails is logged and tried again at the next call, from the same day on; others go on.
    """
    last_day = clock.today() if clock.local(clock.now()).hour >= START_HOUR else clock.today() - DAY
    return [(name, day) for name in registered() for day in _catch_up(name, last_day)]


def last_runs() -> dict[str, date]:
    """The last day that each job was done for."""
    rows = db.session.execute(select(DailyRun.job, func.max(DailyRun.day)).group_by(DailyRun.job)).all()
    return {row[0]: row[1] for row in rows}


def _catch_up(name: str, last_day: date) -> list[date]:
    done = last_runs().get(name)
    day = last_day if done is None else done + DAY
    finished = []
    while day <= last_day:
        try:
            if not _run(name, day):
                break
        except Exception:
            _log.exception("daily_job_failed", job=name, day=day.isoformat())
            break
        finished.append(day)
        day += DAY
    return finished


def _run(name: str, day: date) -> bool:
    """Whether the job was done; not when another worker is doing this day."""
    try:
        with unit_of_work() as session:
            session.add(DailyRun(job=name, day=day, done_at=clock.now()))
            session.flush()  # the second worker waits here for the first, and then finds its row
            _jobs[name](system_actor("worker"), day)
    except IntegrityError as error:
        if "daily_run" in str(error.orig):
            return False
        raise
    return True
