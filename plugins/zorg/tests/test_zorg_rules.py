"""What may be written down, which steps there are, which days and minutes count."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inleer_zorg import rules

from inleer.calendars.rules import SchoolCalendar
from inleer.plugin import DomainError, school_weeks

D = date.fromisoformat
DAYS = st.dates(D("2025-01-06"), D("2026-12-31"))


@pytest.mark.parametrize(
    "name",
    ["Ahmed", "Mevr. J.", "dhr. P.", "J.M.", "Anne-Marie", "Fam. S.", "İpek", "Mevrouw D'Angelo", "Zoë"],
)
def test_a_first_name_or_initials_will_do(name: str) -> None:
    assert rules.check_requester(f"  {name} ") == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Jan Jansen",
        "Jan van den Berg",
        "Mevr. J. de Vries",
        "J. 12",
        "0612345678",
        "<b>Jan</b>",
        "jan@example.nl",
    ],
)
def test_more_than_that_is_refused(name: str) -> None:
    with pytest.raises(DomainError) as refused:
        rules.check_requester(name)
    assert refused.value.field == "requester"


@pytest.mark.parametrize(
    "text",
    [
        "Mevrouw is dementerend.",
        "Gebruikt medicijnen.",
        "heeft Diabetes",
        "BSN 123456782",
        "Bel 06-12 34 56 78",
        "Woont op 8224 AB",
        "mail: jan@example.nl",
        "depressie",
    ],
)
def test_medical_data_and_contact_details_are_refused(text: str) -> None:
    with pytest.raises(DomainError) as refused:
        rules.check_text(text, "remark")
    assert refused.value.field == "remark"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Samen naar de markt, 2 keer per week om 10.30 uur.",
        "Naar het ziekenhuis rijden",
        "Kaart 4 rondes",
    ],
)
def test_ordinary_sentences_are_fine(text: str) -> None:
    assert rules.check_text(text, "remark") == text


@given(st.text(max_size=200))
def test_every_text_is_refused_or_kept_but_for_spaces(text: str) -> None:
    for check in (rules.check_requester, lambda t: rules.check_text(t, "description")):
        with suppress(DomainError):
            assert check(text) == " ".join(text.split())


@pytest.mark.parametrize(("state", "to"), [(s, t) for s in rules.STATES for t in rules.STATES])
def test_only_the_steps_of_the_table_exist(state: str, to: str) -> None:
    if to in rules.STEPS[state]:
        rules.check_step(state, to)
    else:
        with pytest.raises(DomainError):
            rules.check_step(state, to)


def test_nothing_goes_from_open_to_done() -> None:
    with pytest.raises(DomainError, match="open en kan niet afgerond"):
        rules.check_step("open", "done")


FACTS = {
    "today": D("2026-11-20"),
    "begins": D("2026-09-28"),
    "joined": D("2026-08-31"),
    "left": None,
    "pauses": [(D("2026-11-02"), D("2026-11-06"))],
}


@pytest.mark.parametrize(
    ("on", "changes", "why"),
    [
        ("2026-11-21", {}, "nog niet geweest"),
        ("2026-09-27", {}, "De wijkstage begint"),
        ("2026-11-19", {"begins": None}, "geen wijkstage"),
        ("2026-09-28", {"joined": D("2026-10-05")}, "deed op die dag nog niet mee"),
        ("2026-09-28", {"joined": None}, "deed op die dag nog niet mee"),
        ("2026-11-19", {"left": D("2026-11-18")}, "is gestopt op"),
        ("2026-11-02", {}, "pauze"),
        ("2026-11-06", {}, "pauze"),
        ("2026-11-19", {"pauses": [(D("2026-11-10"), None)]}, "pauze"),
    ],
)
def test_a_day_on_which_nobody_can_have_gone(on: str, changes: dict, why: str) -> None:
    with pytest.raises(DomainError, match=why) as refused:
        rules.check_visit_day(D(on), **{**FACTS, **changes})
    assert refused.value.field == "on"


@pytest.mark.parametrize("on", ["2026-09-28", "2026-11-01", "2026-11-07", "2026-11-20"])
def test_the_edges_of_those_days(on: str) -> None:
    rules.check_visit_day(D(on), **{**FACTS, "left": D("2026-11-20")})


@pytest.mark.parametrize(("minutes", "others"), [(0, 0), (-5, 0), (601, 0), (60, 1381)])
def test_minutes_that_cannot_be(minutes: int, others: int) -> None:
    with pytest.raises(DomainError):
        rules.check_minutes(minutes, others)


@pytest.mark.parametrize(("minutes", "others"), [(1, 0), (600, 840), (60, 1380)])
def test_minutes_at_the_edge(minutes: int, others: int) -> None:
    rules.check_minutes(minutes, others)


@pytest.mark.parametrize(
    ("minutes", "begins", "verdict"),
    [
        (4800, D("2026-09-28"), True),
        (4799, D("2026-09-28"), False),
        (0, D("2026-09-28"), False),
        (4800, D("2026-11-21"), None),
        (4800, None, None),
    ],
)
def test_eighty_hours_are_enough(minutes: int, begins: date | None, verdict: bool | None) -> None:
    found, text = rules.hours_verdict(minutes, begins, D("2026-11-20"))
    assert found is verdict
    assert text


PLAIN = SchoolCalendar(vacations=(), holidays={})


@given(DAYS, st.integers(0, 60))
def test_without_vacations_it_is_quiet_after_three_whole_weeks(last: date, later: int) -> None:
    today = last + timedelta(days=later)
    found = rules.quiet_since(last, school_weeks(PLAIN, last, today), today)
    monday = last + timedelta(days=7 - last.weekday())  # the first Monday after it
    on = monday + timedelta(days=21)
    assert found == (on if today >= on else None)


@given(DAYS, st.integers(0, 90), st.sets(st.integers(0, 12)))
def test_weeks_of_vacation_do_not_exist(last: date, later: int, free: set[int]) -> None:
    today = last + timedelta(days=later)
    monday = last + timedelta(days=7 - last.weekday())
    mondays = [monday + timedelta(days=7 * n) for n in range(15) if n not in free]
    found = rules.quiet_since(last, [m for m in mondays if m <= today], today)
    passed = [m for m in mondays if m + timedelta(days=7) <= today]
    assert (found is None) == (len(passed) < 3)
    assert found is None or found == passed[2] + timedelta(days=7)
