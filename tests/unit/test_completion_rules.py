"""When a phase counts as completed: only what a rule plainly says, in words that are kept."""

from __future__ import annotations

from datetime import date

import pytest

from inleer.cohorts import completion_rules as rules
from inleer.cohorts.completion_rules import (
    FULFILLED,
    NOT_FULFILLED,
    UNAVAILABLE,
    UNKNOWN,
    VERDICT_WORDS,
    Judged,
)
from inleer.errors import DomainError
from inleer.extend.types import Verdict

TODAY = date(2026, 11, 17)
BEGINS = date(2026, 10, 1)


def said(*states: str) -> list[Judged]:
    return [Judged(f"proef.regel{n}", f"Regel {n}", state, "Omdat.") for n, state in enumerate(states)]


@pytest.mark.parametrize(
    ("answer", "state"), [(True, FULFILLED), (False, NOT_FULFILLED), (None, UNKNOWN), (1, NOT_FULFILLED)]
)
def test_only_a_plain_true_is_fulfilled(answer: bool | None, state: str) -> None:
    found = rules.judged("proef.regel", "Regel", Verdict(answer, "80 van 80 uur."))
    assert found == Judged("proef.regel", "Regel", state, "80 van 80 uur.")


@pytest.mark.parametrize("state", sorted(set(VERDICT_WORDS) - {FULFILLED}))
def test_one_rule_that_is_not_fulfilled_decides(state: str) -> None:
    assert not rules.is_fulfilled(said(FULFILLED, state))
    assert rules.worst(said(FULFILLED, state, FULFILLED)) == state


def test_all_rules_or_none_at_all() -> None:
    assert rules.is_fulfilled(said(FULFILLED, FULFILLED))
    assert rules.is_fulfilled([])
    assert rules.worst([]) == FULFILLED
    assert rules.worst(said(UNKNOWN, NOT_FULFILLED, UNAVAILABLE)) == UNAVAILABLE


def test_a_missing_and_a_failing_rule_say_whose_it_is() -> None:
    for found in (rules.missing("zorg.uren"), rules.failed("zorg.uren", "Uren")):
        assert found.state == UNAVAILABLE
        assert "“zorg”" in found.text and found.text.endswith(".")
        assert not rules.is_fulfilled([found])


def test_what_is_kept_comes_back_as_it_was() -> None:
    verdicts = (*said(FULFILLED, NOT_FULFILLED), rules.missing("zorg.uren"))
    assert rules.from_store(rules.to_store(verdicts)) == verdicts
    assert rules.sentences(said(NOT_FULFILLED)) == "Regel 0: niet voldaan. Omdat."


@pytest.mark.parametrize("state", VERDICT_WORDS)
def test_a_binding_rule_refuses_unless_it_is_plainly_fulfilled(state: str) -> None:
    verdicts = rules.with_binding(said(FULFILLED, state), ["proef.regel1"])
    assert [one.binding for one in verdicts] == [False, True]
    assert [one.refuses for one in verdicts] == [False, state != FULFILLED]
    people = [("Aylin Acar", verdicts), ("Bo Bos", rules.with_binding(said(FULFILLED, FULFILLED), []))]
    if state == FULFILLED:
        rules.check_binding(people)
        return
    with pytest.raises(DomainError) as refused:
        rules.check_binding(people)
    assert refused.value.field == "people"
    assert refused.value.message == (
        f"“Regel 1” is {VERDICT_WORDS[state][0]} bij Aylin Acar. Zolang een bindende regel niet is voldaan, kan"
        " deze fase niet worden afgerond, ook niet met een reden."
    )


def test_a_rule_that_does_not_bind_refuses_nobody() -> None:
    rules.check_binding([("Aylin Acar", said(NOT_FULFILLED, UNAVAILABLE, UNKNOWN))])


def test_whether_a_rule_was_binding_is_kept_with_the_verdict() -> None:
    verdicts = rules.with_binding(said(FULFILLED, FULFILLED), ["proef.regel0"])
    kept = rules.to_store(verdicts)
    assert rules.from_store(kept) == verdicts
    assert ["binding" in one for one in kept.values()] == [True, False]


def test_a_reason_is_needed_only_when_the_rules_do_not_carry_it() -> None:
    assert rules.check_reason(True, "  ") == ""
    assert rules.check_reason(False, " Deed al  zorgwerk. ") == "Deed al zorgwerk."
    for reason, fulfilled in ((" \n ", False), ("x" * 501, False), ("x" * 501, True)):
        with pytest.raises(DomainError) as refused:
            rules.check_reason(fulfilled, reason)
        assert refused.value.field == "reason"


@pytest.mark.parametrize(
    ("on", "state", "left", "words"),
    [
        (date(2026, 11, 18), "active", None, "nog niet geweest"),
        (date(2026, 9, 30), "active", None, "begint pas op 1 oktober 2026"),
        (TODAY, "dropped_out", date(2026, 11, 1), "laatste dag van deze deelname was 1 november 2026"),
    ],
)
def test_impossible_days(on: date, state: str, left: date | None, words: str) -> None:
    with pytest.raises(DomainError, match=words) as refused:
        rules.check_day(on, TODAY, BEGINS, state, left)
    assert refused.value.field == "on"


@pytest.mark.parametrize("state", rules.NEVER_STARTED)
def test_who_never_started_completes_nothing(state: str) -> None:
    with pytest.raises(DomainError, match="niet begonnen"):
        rules.check_day(TODAY, TODAY, BEGINS, state, None)


@pytest.mark.parametrize(
    ("on", "state", "left"),
    [
        (TODAY, "active", None),
        (BEGINS, "paused", None),
        (TODAY, "completed", TODAY),
        (BEGINS, "moved", TODAY),
    ],
)
def test_possible_days(on: date, state: str, left: date | None) -> None:
    rules.check_day(on, TODAY, BEGINS, state, left)


def test_the_day_that_is_proposed() -> None:
    assert rules.likely_day(TODAY, BEGINS, False) == BEGINS
    for ruled in (False, True):
        assert rules.likely_day(TODAY, TODAY, ruled) == TODAY
        assert rules.likely_day(TODAY, None, ruled) == TODAY
        assert rules.likely_day(TODAY, date(2027, 1, 1), ruled) == TODAY


def test_rules_speak_of_today_so_a_phase_that_is_over_is_not_proposed_as_done_in_time() -> None:
    assert rules.likely_day(TODAY, BEGINS, True) == TODAY
