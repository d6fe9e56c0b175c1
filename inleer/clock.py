"""The one clock. Moments are aware UTC datetimes; days are dates in Europe/Amsterdam."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

#: How far the clocks of two machines may differ. What was made later than this from now comes from a clock that was
#: wrong since or before: it counts for nothing, rather than for longer than it should.
SKEW = timedelta(minutes=5)

_frozen: ContextVar[datetime | None] = ContextVar("inleer_clock", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def today() -> date:
    """The present day in Europe/Amsterdam."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """The same moment on an Amsterdam clock. Raises ValueError for a naive datetime."""
    if moment.tzinfo is None:
        raise ValueError("naive datetime")
    return moment.astimezone(AMSTERDAM)


def at(day: date, clock_time: time) -> datetime:
    """The moment (UTC) at which Amsterdam clocks show ``clock_time`` on ``day``."""
    return datetime.combine(day, clock_time, AMSTERDAM).astimezone(UTC)


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Stand still at ``moment`` (aware): for tests, demo data and catching up on missed days."""
    if moment.tzinfo is None:
        raise ValueError("naive datetime")
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
