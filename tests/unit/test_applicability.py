"""What reaching 16 hours means for a person."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from inleer.attendance.rules import (
    AGE_LIMITS,
    Applicability,
    age_limit_on,
    age_on,
    applicability,
)

START = date(2021, 3, 1)  # a Monday


@pytest.mark.parametrize(
    ("born", "qualification", "on", "kind"),
    [
        ("2003-01-06", "no", "2021-01-05", "mandatory"),  # 18 tomorrow
        ("2003-01-05", "no", "2021-01-05", "local"),  # 18 today
        ("1998-11-14", "unknown", "2021-01-05", "local"),  # 22
        ("1998-01-05", "no", "2021-01-05", "not_applicable"),  # 23 today, the limit then
        ("1998-01-06", "no", "2021-01-05", "local"),
        ("1999-06-01", "no", "2026-05-31", "local"),  # 26, the limit is 27 now
        ("1999-06-01", "no", "2026-06-01", "not_applicable"),
        ("2002-06-01", "no", "2025-12-31", "not_applicable"),  # 23, a day before the law changed
        ("2002-06-01", "no", "2026-01-01", "local"),
        ("2005-01-01", "yes", "2021-01-05", "not_applicable"),  # 16, with a basic qualification
        ("1960-01-01", "unknown", "2021-01-05", "not_applicable"),
    ],
)
def test_what_reaching_16_hours_means(born: str, qualification: str, on: str, kind: str) -> None:
    day = date.fromisoformat(on)
    result = applicability(date.fromisoformat(born), qualification, day, age_limit_on(day))  # type: ignore[arg-type]
    assert result.kind == kind
    assert result.qualification_unknown == (qualification == "unknown")
    assert result.text_nl.endswith(".")


def test_the_screen_says_when_the_qualification_is_unknown() -> None:
    unknown = applicability(date(2004, 1, 1), "unknown", START, 23)
    assert unknown.qualification_unknown
    assert "is onbekend" in unknown.text_nl
    known = applicability(date(2004, 1, 1), "no", START, 23)
    assert known.kind is unknown.kind is Applicability.MANDATORY
    assert "zonder startkwalificatie" in known.text_nl
    assert "Doorstroompunt" in applicability(date(2000, 1, 1), "no", START, 23).text_nl


def test_without_a_date_of_birth_it_cannot_be_said() -> None:
    assert applicability(None, "unknown", START, 23).kind is Applicability.UNKNOWN
    assert applicability(None, "yes", START, 23).kind is Applicability.NOT_APPLICABLE


def test_wrong_questions_about_a_person_are_refused() -> None:
    with pytest.raises(ValueError, match="toekomst"):
        applicability(START + timedelta(1), "no", START, 23)
    with pytest.raises(ValueError, match="unknown qualification"):
        applicability(START, "misschien", START, 23)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no age limit"):
        age_limit_on(date(1990, 1, 1), [(date(2000, 1, 1), 23)])


def test_the_age_limit_is_a_dated_setting() -> None:
    assert [age_limit_on(day) for day in (date(2020, 6, 1), date(2025, 12, 31), date(2026, 1, 1))] == [
        23,
        23,
        27,
    ]
    assert age_limit_on(date(2030, 1, 1), [*AGE_LIMITS, (date(2028, 1, 1), 30)]) == 30


def test_a_leap_day_birthday_counts_from_the_first_of_march() -> None:
    assert age_on(date(2004, 2, 29), date(2022, 2, 28)) == 17
    assert age_on(date(2004, 2, 29), date(2022, 3, 1)) == 18
    assert age_on(date(2004, 2, 29), date(2024, 2, 29)) == 20
