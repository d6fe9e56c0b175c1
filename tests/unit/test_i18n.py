"""Texts, dates, hours and percentages as a Dutch reader expects them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inleer import i18n
from inleer.i18n import _, ngettext

DAY = date(2026, 11, 17)


def test_text_without_params_keeps_a_bare_percent_sign() -> None:
    assert _("onder 80 % in 4 weken") == "onder 80 % in 4 weken"


def test_text_with_params_is_filled() -> None:
    assert _("%(n)s van 20", n=4) == "4 van 20"


def test_a_missing_param_is_an_error() -> None:
    with pytest.raises(KeyError):
        _("%(naam)s bereikte %(uren)s uur", naam="Łukasz")


def test_a_parameter_is_never_read_as_a_pattern() -> None:
    assert _("Notitie: %(text)s", text="%(secret)s 100 %") == "Notitie: %(secret)s 100 %"


@pytest.mark.parametrize(("n", "text"), [(0, "0 plekken"), (1, "1 plek"), (2, "2 plekken")])
def test_plural(n: int, text: str) -> None:
    assert ngettext("%(n)s plek", "%(n)s plekken", n) == text


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("kort", "17 nov 2026"),
        ("lang", "17 november 2026"),
        ("dag", "di 17 nov"),
        ("dag_lang", "dinsdag 17 november 2026"),
        ("dag_maand", "17 november"),
        ("maand", "november 2026"),
        ("cijfers", "17-11-2026"),
    ],
)
def test_date_styles(style: str, text: str) -> None:
    assert i18n.format_date(DAY, style) == text


def test_a_moment_is_dated_in_amsterdam_and_not_in_utc() -> None:
    late = datetime(2026, 11, 16, 23, 30, tzinfo=UTC)
    assert i18n.format_date(late) == "17 nov 2026"
    assert i18n.format_time(late) == "00:30"
    assert i18n.format_datetime(late) == "17 nov 2026 om 00:30"


def test_summer_time_is_followed() -> None:
    assert i18n.format_time(datetime(2026, 7, 1, 7, 0, tzinfo=UTC)) == "09:00"
    assert (
        i18n.format_period(
            datetime(2026, 11, 17, 8, 0, tzinfo=UTC), datetime(2026, 11, 17, 14, 30, tzinfo=UTC)
        )
        == "09:00–15:30"
    )


def test_a_bare_time_is_already_local() -> None:
    assert i18n.format_time(time(9, 5)) == "09:05"


@pytest.mark.parametrize("call", [i18n.format_date, i18n.format_time, i18n.format_datetime])
def test_a_naive_moment_is_refused(call: object) -> None:
    with pytest.raises(ValueError, match="naive"):
        call(datetime(2026, 11, 17, 9, 0))  # type: ignore[operator]


def test_an_unknown_style_is_refused() -> None:
    with pytest.raises(KeyError):
        i18n.format_date(DAY, "iso")
    with pytest.raises(KeyError):
        i18n.format_hours(60, "iso")


@pytest.mark.parametrize(
    "text",
    [
        i18n.format_date(None),
        i18n.format_time(None),
        i18n.format_datetime(None),
        i18n.format_hours(None),
        i18n.format_percent(None),
        i18n.format_number(None),
    ],
)
def test_none_is_unknown_and_never_zero_or_empty(text: str) -> None:
    assert text == "onbekend"


@pytest.mark.parametrize(
    ("minutes", "style", "text"),
    [
        (1080, "kort", "18\xa0u"),
        (450, "kort", "7,5\xa0u"),
        (440, "kort", "7,33\xa0u"),
        (0, "kort", "0\xa0u"),
        (2880, "getal", "48"),
        (440, "lang", "7 uur en 20 minuten"),
        (61, "lang", "1 uur en 1 minuut"),
        (60, "lang", "1 uur"),
        (5, "lang", "5 minuten"),
        (0, "lang", "0 uur"),
    ],
)
def test_hours(minutes: int, style: str, text: str) -> None:
    assert i18n.format_hours(minutes, style) == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (62, 0, "62\xa0%"),
        (87.5, 0, "88\xa0%"),
        (Decimal("62.25"), 1, "62,3\xa0%"),
        (100.0, 1, "100\xa0%"),
        (0, 0, "0\xa0%"),
    ],
)
def test_percent(value: float | Decimal, decimals: int, text: str) -> None:
    assert i18n.format_percent(value, decimals) == text


def test_numbers_use_dutch_signs() -> None:
    assert i18n.format_number(Decimal("1234567.891"), 2) == "1.234.567,89"


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (0, "vandaag"),
        (-1, "gisteren"),
        (1, "morgen"),
        (-13, "13 dagen geleden"),
        (-14, "2 weken geleden"),
        (-71, "2 maanden geleden"),
        (3, "over 3 dagen"),
        (60, "over 2 maanden"),
    ],
)
def test_relative(days: int, text: str) -> None:
    assert i18n.format_relative(DAY + timedelta(days=days), DAY) == text


@given(
    st.dates(min_value=date(1900, 1, 1), max_value=date(2999, 12, 31)),
    st.sampled_from(sorted(i18n.DATE_PATTERNS)),
)
def test_every_date_has_words_without_a_trailing_dot(day: date, style: str) -> None:
    text = i18n.format_date(day, style)
    assert text and not text.endswith(".")


@given(st.integers(min_value=0, max_value=10**6))
def test_hours_in_words_read_back(minutes: int) -> None:
    words = i18n.format_hours(minutes, "lang").split()
    total = 0
    for number, unit in pairwise(words):
        if number.isdigit():
            total += int(number) * (60 if unit == "uur" else 1)
    assert total == minutes


def test_another_language_without_a_catalogue_reads_dutch() -> None:
    with i18n.speaking("fy"):
        assert i18n.language() == "fy"
        assert _("Vandaag") == "Vandaag"
    assert i18n.language() == "nl"


def test_another_language_formats_its_own_dates() -> None:
    with i18n.speaking("en"):
        assert i18n.format_date(DAY, "lang") == "17 November 2026"
    assert i18n.format_date(DAY, "lang") == "17 november 2026"
