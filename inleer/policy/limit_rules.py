"""Pure rules of how often may be tried (promise 15): a number in any stretch of time, or a wait that grows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import IPv6Address, IPv6Interface, ip_address

#: The length of the network that one household has, in bits.
HOUSEHOLD = 64
HOUR = timedelta(hours=1)
DAY = timedelta(hours=24)
#: Who logged in from an address is known there this long.
KNOWN_FOR = timedelta(days=30)
#: After the last wrong password that is free, how long until the next may be tried; the last one stays.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 15))


def within(moments: Iterable[datetime], window: timedelta, now: datetime) -> list[datetime]:
    """The moments that count at ``now``, the oldest first.

    What lies in the future does not count: a clock that was set back must not keep anybody out.
    """
    return sorted(m for m in moments if now - window < m <= now)


def full_until(moments: Iterable[datetime], most: int, window: timedelta, now: datetime) -> datetime | None:
    """From when one more may be done, at most ``most`` in any ``window``; None when it may be done now."""
    counted = within(moments, window, now)
    return counted[-most] + window if len(counted) >= most else None


def waits_until(moments: Iterable[datetime], most: int, now: datetime) -> datetime | None:
    """From when a password may be tried again; None when now. After ``most`` wrong ones in 24 hours the wait grows to
    a quarter of an hour and no further: an account is never locked."""
    counted = within(moments, DAY, now)
    if len(counted) < most:
        return None
    free_at = counted[-1] + WAITS[min(len(counted) - most, len(WAITS) - 1)]
    return free_at if free_at > now else None


def place_of(address: str) -> str:
    """Where a request came from: an IPv4 address, or the network of an IPv6 address that one household has (/64)."""
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"  # one place for all of them: never more than for a known address
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or IPv6Interface((int(found), HOUSEHOLD)).network)
    return str(found)
