"""Moving a cohort to another version: the phase map, what it refuses, the dates, and what stands in the way back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inleer.calendars.rules import SchoolCalendar, dutch_calendar
from inleer.cohorts.version_rules import Held, Move, check_possible, plan, refusals, suggest
from inleer.cohorts.version_words import Around, Since, consequences, obstacles
from inleer.errors import DomainError
from inleer.extend.types import Duration, DurationUnit, RouteDefinition
from inleer.leerroutes.rules import PhaseDates, lay_phases
from tests.routes import SECOND, third_version, two_versions

START = date(2021, 9, 6)
DAY = timedelta(days=1)
# Making up routes takes long on a busy machine, which says nothing about them.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
CALENDAR: SchoolCalendar = dutch_calendar("midden", date(2019, 1, 1), date(2025, 12, 31))
AROUND = Around((1, 20), {})


def laid(definition: RouteDefinition) -> tuple[PhaseDates, ...]:
    return lay_phases(definition, START, CALENDAR)


def held_as(definition: RouteDefinition) -> tuple[Held, ...]:
    """A cohort of this version of which nothing was moved or recorded."""
    return tuple(Held(p.key, p.name, p.start, p.end, False) for p in laid(definition))


def planned(
    old: RouteDefinition,
    new: RouteDefinition,
    held: tuple[Held, ...] | None = None,
    phase_map: Mapping[str, str | None] | None = None,
    today: date = START,
) -> Move:
    phases = held_as(old) if held is None else held
    chosen = suggest(phases, new) if phase_map is None else phase_map
    return plan(phases, laid(old), new, laid(new), chosen, today)


@dataclass(frozen=True)
class Case:
    """Any cohort of any version, any phase map to the next one, any day."""

    old: RouteDefinition
    new: RouteDefinition
    held: tuple[Held, ...]
    phase_map: dict[str, str | None]
    today: date

    @property
    def move(self) -> Move:
        return planned(self.old, self.new, self.held, self.phase_map, self.today)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    old, new = draw(two_versions())
    held = []
    for phase in held_as(old):
        shift = draw(st.sampled_from((0, 0, -30, 14)))
        end = phase.ends_on + shift * DAY if phase.ends_on else None
        facts: dict[str, Any] = {
            "completions": draw(st.sampled_from((0, 0, 3))),
            "sessions": draw(st.sampled_from((0, 0, 5))),
        }
        held.append(
            replace(phase, starts_on=phase.starts_on + shift * DAY, ends_on=end, moved=bool(shift), **facts)
        )
    keys = [p.key for p in new.phases]
    phase_map = {p.key: draw(st.sampled_from([None, *keys])) for p in held}
    today = START + draw(st.integers(-200, 700)) * DAY
    return Case(old, new, tuple(held), draw(st.just(phase_map) | st.just(suggest(held, new))), today)


@PATIENT
@given(cases())
def test_the_phases_after_a_move_are_those_of_the_new_version(case: Case) -> None:
    placed = case.move.placed
    assert [(p.key, p.name, p.kind) for p in placed] == [(p.key, p.name, p.kind) for p in case.new.phases]
    assert [p.position for p in placed] == list(range(len(placed)))
    assert all(p.ends_on is None or p.starts_on <= p.ends_on for p in placed)


@PATIENT
@given(cases())
def test_every_phase_stays_or_goes_and_none_is_used_twice(case: Case) -> None:
    stays = [p.old.key for p in case.move.placed if p.old]
    gone = [p.key for p in case.move.gone]
    assert sorted(stays + gone) == sorted(p.key for p in case.held)


@PATIENT
@given(cases())
def test_nothing_recorded_disappears(case: Case) -> None:
    move = case.move
    if not move.refused:
        assert all(p.completions == p.sessions == 0 for p in move.gone)
        assert {p.old.key: p.key for p in move.placed if p.old} == {
            key: to for key, to in case.phase_map.items() if to is not None
        }


@PATIENT
@given(cases())
def test_a_date_that_was_chosen_or_has_passed_stays(case: Case) -> None:
    for phase in case.move.placed:
        if phase.old is None:
            assert not phase.moved
            continue
        over = phase.old.ends_on is not None and phase.old.ends_on < case.today
        if over or phase.old.moved:
            assert not phase.redated, phase
        if phase.old.starts_on <= case.today:
            assert phase.starts_on == phase.old.starts_on
        assert phase.moved == phase.old.moved


@PATIENT
@given(cases())
def test_moving_to_a_version_with_the_same_phases_changes_no_date(case: Case) -> None:
    same = replace(case.old, version=2, summary="Anders beschreven.")
    move = planned(case.old, same, case.held, None, case.today)
    assert move.refused == () and move.gone == ()
    assert not any(p.redated for p in move.placed)


@PATIENT
@given(cases())
def test_the_suggestion_is_refused_only_for_a_phase_whose_key_is_gone(case: Case) -> None:
    there = {p.key for p in case.new.phases}
    refused = {key for key, _text in refusals(case.held, case.new, suggest(case.held, case.new))}
    assert refused == {p.key for p in case.held if p.key not in there and (p.completions or p.sessions)}


# --- one by one -----------------------------------------------------------------------------------

NEW = third_version()


def zorg(**facts: dict[str, Any]) -> tuple[Held, ...]:
    return tuple(replace(p, **facts.get(p.key, {})) for p in held_as(SECOND))


def test_the_suggestion_goes_by_key() -> None:
    found = suggest(zorg(), NEW)
    assert found["wijk"] == "wijk"
    assert found["adl"] is found["selectie"] is None


def test_a_longer_phase_moves_what_follows_and_nothing_before_it() -> None:
    move = planned(SECOND, NEW, phase_map=suggest(zorg(), NEW) | {"adl": "verzorging"})
    placed = {p.key: p for p in move.placed}
    was = {p.key: p for p in held_as(SECOND)}
    assert not placed["introductie"].redated
    assert placed["wijk"].starts_on == was["wijk"].starts_on
    assert was["wijk"].ends_on is not None and placed["wijk"].ends_on is not None
    assert 28 <= (placed["wijk"].ends_on - was["wijk"].ends_on).days <= 31
    assert placed["verzorging"].old == was["adl"] and placed["verzorging"].redated
    assert placed["terugkomen"].old is None
    assert [p.key for p in move.gone] == ["selectie"]
    assert move.loose == ()


def test_a_phase_that_runs_keeps_its_start_and_one_that_is_over_keeps_both_dates() -> None:
    today = next(p.starts_on for p in zorg() if p.key == "wijk") + 10 * DAY
    placed = {p.key: p for p in planned(SECOND, NEW, today=today).placed}
    assert placed["introductie"].why == "is geweest, blijft"
    assert placed["wijk"].why == "is begonnen, alleen het einde verandert"
    assert placed["werk"].why == "zoals de nieuwe versie haar legt"
    assert placed["terugkomen"].why == "zoals de route haar legt"


def test_a_phase_moved_by_hand_stays_and_the_gap_is_said() -> None:
    held = tuple(
        replace(p, starts_on=p.starts_on + 7 * DAY, ends_on=(p.ends_on or START) + 7 * DAY, moved=True)
        if p.key == "introductie"
        else p
        for p in zorg()
    )
    move = planned(SECOND, NEW, held)
    placed = {p.key: p for p in move.placed}
    assert placed["introductie"].why == "met de hand verplaatst, blijft" and placed["introductie"].moved
    assert any("“Intake met taaltoets” en “Introductie Leerhome” ligt dan 7 dagen" in s for s in move.loose)
    assert any("“Introductie Leerhome” en “Jaar 1: praktijk in de wijk” overlappen" in s for s in move.loose)


def test_an_open_phase_gets_an_end_when_the_new_version_has_one() -> None:
    last = replace(SECOND.phases[-1], duration=Duration(unit=DurationUnit.OPEN), checkpoints=())
    opened = replace(SECOND, phases=(*SECOND.phases[:-1], last))
    move = planned(opened, replace(SECOND, version=3))
    assert move.placed[-1].ends_on == held_as(SECOND)[-1].ends_on
    back = planned(SECOND, replace(opened, version=3))
    assert back.placed[-1].ends_on is None


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"completions": 1}, "1 afronding."),
        ({"sessions": 12}, "12 geregistreerde bijeenkomsten."),
        ({"completions": 2, "sessions": 1}, "2 afrondingen en 1 geregistreerde bijeenkomst."),
    ],
)
def test_a_phase_that_holds_something_cannot_disappear(facts: dict[str, int], said: str) -> None:
    move = planned(SECOND, NEW, zorg(adl=facts))
    assert len(move.refused) == 1
    key, sentence = move.refused[0]
    assert key == "adl"
    assert sentence == (
        f"Fase “Jaar 1: praktijk ADL” kan niet verdwijnen; daarin is vastgelegd: {said} Kies welke fase haar vervangt."
    )


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"adl": "wijk"}, "kunnen niet allebei “Jaar 1: praktijk in de wijk” worden."),
        ({"adl": "zee"}, "Versie 3 heeft geen fase “zee”."),
        ({"zee": "wijk"}, "De lichting heeft geen fase “zee”."),
    ],
)
def test_a_phase_map_that_cannot_be_is_refused_in_words(chosen: dict[str, str], said: str) -> None:
    move = planned(SECOND, NEW, phase_map=suggest(zorg(), NEW) | chosen)
    assert [sentence for _key, sentence in move.refused if said in sentence]


@pytest.mark.parametrize(
    ("state", "now", "wanted", "said"),
    [
        ("completed", ("zorg.a", 1), ("zorg.a", 2), "afgesloten"),
        ("cancelled", ("zorg.a", 1), ("zorg.a", 2), "afgesloten"),
        ("running", ("zorg.a", 1), ("zorg.b", 2), "haar eigen route"),
        ("running", ("zorg.a", 2), ("zorg.a", 2), "heeft versie 2 al"),
    ],
)
def test_what_no_phase_map_makes_possible(
    state: str, now: tuple[str, int], wanted: tuple[str, int], said: str
) -> None:
    with pytest.raises(DomainError, match=said):
        check_possible(state, "zorg.a", now, wanted)


def test_a_cohort_may_go_to_an_older_version() -> None:
    check_possible("running", "zorg.a", ("zorg.a", 2), ("zorg.a", 1))
    check_possible("draft", "zorg.a", ("zorg.a", 1), ("zorg.a", 2))


def test_what_follows_is_said() -> None:
    held = zorg(wijk={"completions": 3})
    found = consequences(
        SECOND, NEW, held, planned(SECOND, NEW, held), Around((8, 20), {"baan": 2, "bbl_3": 1})
    )
    assert found == (
        "3 afrondingen blijven staan, met wat de regels toen zeiden.",
        "Wie een fase nog niet heeft afgerond, wordt beoordeeld met de regels van versie 3.",
        "Bijeenkomsten die al gepland zijn, blijven staan. De weekindeling van versie 3 geldt bij het inplannen uit de"
        " route.",
        "Intenties van werkgevers die er al zijn, blijven wat ze zijn. Nieuwe volgen versie 3.",
        "Antwoorden op vragen die versie 3 niet heeft, blijven bewaard, buiten de intake.",
        "2 deelnemers rondden af met een uitkomst die versie 3 niet heeft. Dat blijft zo vastgelegd.",
    )


def test_what_does_not_change_is_not_said() -> None:
    same = replace(SECOND, version=3)
    (only,) = consequences(SECOND, same, zorg(), planned(SECOND, same), AROUND)
    assert only.startswith("Bijeenkomsten die al gepland zijn, blijven staan.")
    smaller = replace(same, group=replace(SECOND.group, target=12))
    assert consequences(SECOND, smaller, zorg(), planned(SECOND, smaller), AROUND)[1:] == (
        "De groepsgrootte van deze lichting blijft 1 tot 20.",
    )


def test_what_stands_in_the_way_back_is_said() -> None:
    assert obstacles(Since("running")) == []
    assert obstacles(Since("completed", ("Werk",), 2, (("Terugkomdagen", 1),), 1, 3)) == [
        "De lichting is afgesloten.",
        "Fase “Werk” is daarna verplaatst.",
        "Daarna zijn 2 fasen van mensen afgerond.",
        "In de nieuwe fase “Terugkomdagen” is 1 bijeenkomst geregistreerd.",
        "Daarna zijn er bijeenkomsten ingepland uit de route.",
        "3 deelnemers rondden af met een uitkomst die alleen de nieuwe versie heeft.",
    ]
