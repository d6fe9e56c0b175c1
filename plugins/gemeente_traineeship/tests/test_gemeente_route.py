"""The route as its source has it: the dates of the edition of 2022, day for day. No database."""

from __future__ import annotations

from datetime import date

import pytest
from inleer_gemeente.routes import MBO_MAATWERK, WORKPLACES

from inleer.calendars.rules import dutch_calendar
from inleer.extend.checks import DefinitionError
from inleer.extend.types import CommitmentKind, Matching
from inleer.leerroutes.definition import canonical, digest, parse
from inleer.leerroutes.rules import add_months, lay_phases, plan_sessions
from inleer.plugin.templates import months, rotation

D = date.fromisoformat
START = D("2022-08-01")
CALENDAR = dutch_calendar("noord", D("2021-09-01"), D("2025-09-01"))


def test_the_dates_of_the_source_come_out_exactly() -> None:
    laid = {p.key: (p.start, p.end) for p in lay_phases(MBO_MAATWERK, START, CALENDAR)}
    assert laid == {
        "werving": (D("2022-03-01"), D("2022-05-31")),
        "selectie": (D("2022-06-01"), D("2022-06-30")),
        "voorbereiding": (D("2022-07-01"), D("2022-07-31")),
        "introductie": (D("2022-08-01"), D("2022-08-31")),
        "werkplek_1": (D("2022-09-01"), D("2023-03-31")),
        "werkplek_2": (D("2023-04-01"), D("2023-10-31")),
        "werkplek_3": (D("2023-11-01"), D("2024-05-31")),
        "afsluiting": (D("2024-06-01"), D("2024-06-30")),
    }


@pytest.mark.parametrize("start", ["2022-08-01", "2024-02-01", "2023-08-14"])
def test_introduction_and_workplaces_take_22_months(start: str) -> None:
    laid = {p.key: p for p in lay_phases(MBO_MAATWERK, D(start), CALENDAR)}
    assert laid["afsluiting"].start == add_months(D(start), 22)
    assert [laid[key].start for key in WORKPLACES] == [add_months(D(start), n) for n in (1, 8, 15)]


def test_the_group_meets_one_day_a_week_until_the_last_workplace_ends() -> None:
    planned = plan_sessions(MBO_MAATWERK, lay_phases(MBO_MAATWERK, START, CALENDAR), CALENDAR)
    weeks = [session.on.isocalendar()[:2] for session in planned]
    assert len(weeks) == len(set(weeks)) > 60
    assert {session.strand for session in planned} == {"groepsdag"}
    assert planned[0].on >= START
    assert planned[-1].on <= D("2024-05-31")


def test_the_route_is_what_the_source_says() -> None:
    group, commitment = MBO_MAATWERK.group, MBO_MAATWERK.commitment
    assert (group.min, group.target, group.max) == (12, 14, 16)
    assert commitment is not None
    assert (commitment.kind, commitment.timing) == (CommitmentKind.GUARANTEE, Matching.PER_ROUND)
    stored = canonical(MBO_MAATWERK)
    assert parse(stored, digest(stored)) == MBO_MAATWERK


def test_a_rotation_has_at_least_two_rounds() -> None:
    made = rotation("plek", "Plek", rounds=2, each=months(8), strands=(), completion=("proef.regel",))
    assert [(p.key, p.name, p.completion) for p in made] == [
        ("plek_1", "Plek 1", ("proef.regel",)),
        ("plek_2", "Plek 2", ("proef.regel",)),
    ]
    with pytest.raises(DefinitionError, match="minstens twee ronden"):
        rotation("plek", "Plek", rounds=1, each=months(8), strands=())
