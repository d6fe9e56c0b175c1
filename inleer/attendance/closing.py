"""When a register closes: after that a change is a correction, with a reason. Pure.

A register that somebody finished closes by itself, ``register.lock_days`` days after it was finished. One that
nobody finished stays open, and stays on the worklist. Why: docs/decisions/0062-register-closes-by-date.md.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from inleer import clock


def last_open_day(on: date, recorded_at: datetime | None, lock_days: int) -> date:
    """The last day on which a finished register can be changed without a reason.

    ``on``: the day of the session, which counts when nobody noted when it was finished. ``lock_days``: days.
    """
    finished = clock.local(recorded_at).date() if recorded_at else on
    return max(finished, on) + timedelta(days=lock_days)


def is_closed(state: str, on: date, recorded_at: datetime | None, lock_days: int, today: date) -> bool:
    """Whether a change needs a reason. ``state``: that of the session."""
    if state == "recorded":
        return today > last_open_day(on, recorded_at, lock_days)
    return state == "locked"
