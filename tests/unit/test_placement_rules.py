"""Placements of one person: when they are in each other's way (corpus 30), the days of the week, dates and steps."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inleer.errors import DomainError
from inleer.placements.rules import (
    STATE_WORDS,
    STEPS,
    Span,
    check_completed,
    check_ending,
    check_plan,
    check_start,
    check_step,
    days_of,
    days_sum,
    fell_through,
    first_overlap,
    overlap,
    state_word,
    weekdays_text,
)

DAY = date(2026, 2, 2)
WORKING = days_sum(range(5))
MONDAY, TUESDAY = days_sum([0]), days_sum([1])


def span(first: int, last: int, weekdays: int = WORKING) -> Span:
    """From day ``first`` up to and including day ``last``."""
    return Span(DAY + timedelta(first), DAY + timedelta(last), weekdays)


spans = st.builds(span, st.integers(0, 40), st.integers(-1, 40), st.integers(1, 127)).filter(
    lambda s: s.last_on >= s.from_on - timedelta(1)
)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (span(10, 20), True),  # the same twice
        (span(5, 15), True),  # overlapping
        (span(12, 13), True),  # nested
        (span(0, 30), True),  # around it
        (span(20, 30), True),  # touching: its last day is the other's first
        (span(21, 30), False),  # the day after: a transfer
        (span(0, 9), False),
        (span(10, 20, days_sum([5, 6])), False),  # the weekend
        (span(10, 20, days_sum([4, 5])), True),  # one weekday in common
        (span(15, 14), False),  # never began
    ],
)
def test_corpus_of_overlaps(other: Span, expected: bool) -> None:
    assert overlap(span(10, 20), other) is expected
    assert overlap(other, span(10, 20)) is expected


def held(one: Span) -> set[tuple[date, int]]:
    """Every (day, weekday) pair that a span holds: the rule without arithmetic on dates."""
    days = (one.last_on - one.from_on).days + 1
    return {(one.from_on + timedelta(n), w) for n in range(days) for w in range(7) if one.weekdays >> w & 1}


@given(spans, spans)
def test_overlap_is_what_both_hold(one: Span, other: Span) -> None:
    assert overlap(one, other) == bool(held(one) & held(other))
    assert overlap(one, other) == overlap(other, one)


@given(spans, st.lists(spans, max_size=6))
def test_the_first_in_the_way(new: Span, others: list[Span]) -> None:
    found = first_overlap(new, others)
    hits = [o for o in others if overlap(new, o)]
    assert (found in hits and all(found.from_on <= o.from_on for o in hits)) if found else not hits


@given(st.sets(st.integers(0, 6)))
def test_days_and_their_number_are_the_same_thing(days: set[int]) -> None:
    assert set(days_of(days_sum(days))) == days


def test_a_day_outside_the_week_is_refused() -> None:
    with pytest.raises(ValueError, match="7"):
        days_sum([7])


@pytest.mark.parametrize(
    ("days", "text"),
    [
        ([0], "ma"),
        ([0, 1], "ma en di"),
        ([0, 2, 4], "ma, wo en vr"),
        (range(4), "ma t/m do"),
        ([4, 5, 6], "vr t/m zo"),
        ([0, 1, 2, 4], "ma, di, wo en vr"),
    ],
)
def test_days_in_words(days: list[int], text: str) -> None:
    assert weekdays_text(days_sum(days)) == text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "stage"}, "kind"),
        ({"until_on": DAY - timedelta(1)}, "until_on"),
        ({"until_on": DAY + timedelta(3 * 366)}, "until_on"),
        ({"weekdays": 0}, "weekdays"),
        ({"weekdays": 128}, "weekdays"),
        ({"weekdays": -1}, "weekdays"),
        ({"hours": 0}, "hours"),
        ({"hours": 41}, "hours"),
        ({"weekdays": MONDAY, "hours": 25}, "hours"),
    ],
)
def test_impossible_plans_name_their_field(change: dict[str, object], field: str) -> None:
    plan = {"kind": "rotation", "from_on": DAY, "until_on": DAY, "weekdays": WORKING, "hours": 32} | change
    with pytest.raises(DomainError) as refused:
        check_plan(**plan)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_the_edges_of_a_plan_are_possible() -> None:
    check_plan("adl", DAY, DAY, MONDAY, 24)
    check_plan("rotation", DAY, DAY + timedelta(3 * 366 - 1), WORKING, 40)


def test_only_these_steps_exist() -> None:
    allowed = {
        ("proposed", "agreed"),
        ("proposed", "ended_early"),
        ("agreed", "running"),
        ("agreed", "ended_early"),
        ("running", "completed"),
        ("running", "ended_early"),
    }
    for old in STATE_WORDS:
        for new in STATE_WORDS:
            if (old, new) in allowed:
                check_step(old, new)
            else:
                with pytest.raises(DomainError, match="Wel mogelijk"):
                    check_step(old, new)
    assert set(STEPS) == set(STATE_WORDS)


def test_nothing_is_recorded_ahead_of_its_day() -> None:
    check_start(DAY, DAY)
    check_completed(DAY, DAY)
    with pytest.raises(DomainError):
        check_start(DAY + timedelta(1), DAY)
    with pytest.raises(DomainError):
        check_completed(DAY + timedelta(1), DAY)


@pytest.mark.parametrize(
    ("ended", "by", "reason", "field"),
    [
        (5, "nobody", "ziek", "by"),
        (5, "employer", " ", "reason"),
        (-2, "employer", "geen plek", "ended_on"),
        (7, "employer", "geen plek", "ended_on"),  # tomorrow
        (20, "employer", "geen plek", "ended_on"),  # the planned last day
    ],
)
def test_an_early_end_says_who_why_and_a_possible_day(ended: int, by: str, reason: str, field: str) -> None:
    with pytest.raises(DomainError) as refused:
        check_ending(
            DAY,
            DAY + timedelta(20),
            DAY + timedelta(ended),
            by,
            reason,
            DAY + timedelta(6 if ended < 20 else 30),
        )
    assert refused.value.field == field


def test_what_never_began_can_be_said_ahead() -> None:
    check_ending(DAY, DAY, DAY - timedelta(1), "employer", "geen plek", DAY - timedelta(30))
    check_ending(DAY, DAY + timedelta(20), DAY, "candidate", "past niet", DAY)


@pytest.mark.parametrize("state", STATE_WORDS)
def test_what_is_over_and_never_began_is_not_called_agreed(state: str) -> None:
    waits = state in ("proposed", "agreed")
    assert fell_through(state, DAY, DAY + timedelta(days=1)) is waits
    assert not fell_through(state, DAY, DAY), "its last day is today"
    said = state_word(state, DAY, DAY + timedelta(days=1))
    assert said == ("voorbij, begin niet vastgelegd" if waits else STATE_WORDS[state])
    assert state_word(state, DAY, DAY) == STATE_WORDS[state]
