"""Promise 15, the pure rules: how often in any stretch of time, and how long after a wrong password."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inleer.policy.limit_rules import DAY, HOUR, WAITS, full_until, place_of, waits_until

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def ago(*minutes: float) -> list[datetime]:
    return [NOW - timedelta(minutes=m) for m in minutes]


def test_nothing_yet_is_free():
    assert full_until([], 1, HOUR, NOW) is None
    assert waits_until([], 1, NOW) is None


def test_the_last_place_is_free_and_the_next_waits_for_the_oldest():
    assert full_until(ago(59, 30), 3, HOUR, NOW) is None
    assert full_until(ago(59, 30, 1), 3, HOUR, NOW) == NOW + MINUTE
    assert full_until(ago(59, 58, 30, 1), 3, HOUR, NOW) == NOW + 2 * MINUTE


def test_what_is_exactly_an_hour_old_counts_no_more():
    assert full_until(ago(60), 1, HOUR, NOW) is None
    assert full_until(ago(59.99), 1, HOUR, NOW) is not None


def test_the_future_counts_for_nothing():
    """A clock that was set back keeps nobody out."""
    assert full_until(ago(-1, -5), 1, HOUR, NOW) is None
    assert waits_until(ago(-1, -5), 1, NOW) is None


@pytest.mark.parametrize(("wrong", "wait"), [(3, 1), (4, 2), (5, 4), (6, 8), (7, 15), (8, 15), (60, 15)])
def test_the_wait_grows_to_a_quarter_of_an_hour(wrong: int, wait: int):
    tries = ago(*[0.0] * wrong)
    assert waits_until(tries, 3, NOW) == NOW + timedelta(minutes=wait)
    assert waits_until(tries, 3, NOW + timedelta(minutes=wait)) is None
    assert waits_until(tries, 3, NOW + timedelta(minutes=wait) - timedelta(seconds=1)) is not None


def test_below_the_number_nobody_waits():
    assert waits_until(ago(0, 0), 3, NOW) is None
    assert waits_until([NOW - DAY, *ago(0, 0)], 3, NOW) is None


@given(st.lists(st.integers(0, 3 * 24 * 60)), st.integers(1, 5))
def test_an_account_is_never_locked(minutes: list[int], most: int):
    """Whatever was tried: a quarter of an hour after the last try the next one is free."""
    tries = ago(*minutes)
    until = waits_until(tries, most, NOW)
    assert until is None or NOW < until <= NOW + WAITS[-1]


@given(st.lists(st.integers(0, 180)), st.integers(1, 5))
def test_after_what_is_said_there_is_room(minutes: list[int], most: int):
    tries = ago(*minutes)
    until = full_until(tries, most, HOUR, NOW)
    assert until is None or (NOW < until <= NOW + HOUR and full_until(tries, most, HOUR, until) is None)


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("no address", "unknown"),
    ],
)
def test_a_place_is_an_address_or_the_network_of_a_household(address: str, place: str):
    assert place_of(address) == place
