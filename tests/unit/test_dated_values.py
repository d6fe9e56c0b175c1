"""The settings of a day: those of the last change, and the same as when each day is looked up by itself."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from inleer.parameters import dated_texts
from inleer.parameters.catalogue import BY_KEY

KEY = "warning.no_shows"
OWN = (("2026-11-05", 4), ("2026-11-02", 3), ("2027-01-01", 5))


def test_each_day_has_the_value_of_the_last_change() -> None:
    found = dated_texts([(KEY, day, str(value)) for day, value in OWN])
    official = dict(BY_KEY[KEY].official)
    for number in range(100):
        on = date(2026, 10, 25) + timedelta(days=number)
        values = {**official, **{date.fromisoformat(day): value for day, value in OWN}}
        assert found(on)[KEY] == values[max(day for day in values if day <= on)]
        assert set(found(on)) == set(BY_KEY)
    assert found(date(2026, 11, 1))[KEY] == official[min(official)]
    assert [found(date(2026, 11, day))[KEY] for day in (2, 4, 5, 30)] == [3, 3, 4, 4]


def test_before_the_first_official_day_there_is_no_value() -> None:
    with pytest.raises(ValueError, match="empty"):
        dated_texts([])(date(1999, 12, 31))
